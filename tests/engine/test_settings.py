"""An edit in a stack's settings changes exactly that, and its preview says so: of every setting there is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, get_args, get_type_hints

import pytest
import yaml

from components.engage import EngageArgs
from emulator import Emulator
from emulator.made_up import console_keys
from providers.connection import camel_case
from tests.engine.command import Command
from tests.engine.support import PROJECT, Project, full_project

IP = "192.0.2.10"
OTHER_IP = "192.0.2.11"
DOMAIN = {"name": "example.org", "subdomain": "mail", "linkSubdomain": "go", "linkCdn": "cdn.example.net"}
LENT = {"account.domain": DOMAIN, "email.domain": None, "email.lentDomain": True, "account.allowReplacement": True}
BRAND = {"customerProfileBundleSid": "BU" + "1" * 32, "a2pProfileBundleSid": "BU" + "2" * 32}
SHORT_CODE, SENDER = "SC" + "1" * 32, "XE" + "1" * 32
ADDRESS = {
    **{"customerName": "Example", "street": "1 Main St", "city": "Berlin", "region": "Berlin"},
    **{"postalCode": "10115", "isoCountry": "DE"},
}
CAMPAIGN = {
    "description": "Offers of a made-up shop to people who asked for them in the shop.",
    "messageFlow": "People tick a box in the shop's form that says what they will be sent, and how often.",
    "messageSamples": ["Example: today everything costs less. STOP ends it.", "Example: new things in. STOP ends it."],
    "hasEmbeddedLinks": True,
    "hasEmbeddedPhone": False,
    "privacyPolicyUrl": "https://example.com/privacy",
    "termsAndConditionsUrl": "https://example.com/terms",
}
VERIFICATION = {
    **{"businessName": "Example", "businessWebsite": "https://example.com", "notificationEmail": "a@example.com"},
    **{"useCaseCategories": ["MARKETING"], "useCaseSummary": "Offers", "productionMessageSample": "Offer"},
    **{"optInImageUrls": ["https://example.com/a.png"], "optInType": "WEB_FORM", "messageVolume": "10"},
    **{"businessType": "SOLE_PROPRIETOR"},
}
DOMAIN_OBJECTS = ("authentication", "authentication-validation", "link", "link-validation", "dmarc")

Edit = dict[str, Any]
Changes = dict[str, str]


def each(prefix: str, names: tuple[str, ...], op: str) -> Changes:
    return {f"{prefix}{name}": op for name in names}


REVERSED = {f"engage-account-reverse-{IP}": "replace", f"engage-account-reverse-{IP}-validation": "replace"}
BORROWED: Changes = {
    **each("engage-account-domain", ("", *(f"-{name}" for name in DOMAIN_OBJECTS)), "create"),
    **each("engage-email-domain", ("", *(f"-{name}" for name in DOMAIN_OBJECTS)), "delete"),
    **each("engage-email-", ("domain-association", "link-association"), "create"),
    **REVERSED,
}
"""The account's domain in place of the subuser's."""

DOMAIN_RENEWED = each("engage-email-domain-", ("authentication", "authentication-validation"), "replace")
LINK_RENEWED = each("engage-email-domain-", ("link", "link-validation"), "replace")
SUBUSER_RENEWED = {
    **each("engage-email-", ("subuser", "unsubscribe", "clicks", "opens", "analytics", "events", "key"), "replace"),
    **{"engage-email-key-check": "replace", "engage-segment-sendgrid-key-1": "replace"},
    **{"engage-segment-sendgrid": "update"},
    **DOMAIN_RENEWED,
    **LINK_RENEWED,
}
KEY_TRIED = {"engage-email-key": "update", "engage-email-key-check": "update"}
SMS_KEY_TRIED = {"engage-sms-key": "update", "engage-sms-key-check": "update"}
IDENTIFIERS = {"engage-segment-identifiers": "update"}
SERVICE = {"engage-sms-service": "update"}
SOURCE = {"engage-segment-source": "update"}
NOTHING: Changes = {}

EFFECTS: dict[str, tuple[Edit, Changes]] = {
    "account.ips": (
        {"account.ips": [IP, OTHER_IP]},
        {
            "engage-email-subuser": "update",
            **each("engage-account-", (f"ip-{OTHER_IP}", f"reverse-{OTHER_IP}", f"warmup-{OTHER_IP}"), "create"),
            f"engage-account-reverse-{OTHER_IP}-validation": "create",
        },
    ),
    "account.region": ({**LENT, "account.region": "eu"}, BORROWED),
    "account.reverseDns": (
        {
            "account.ips": [IP],  # as they are: not together with others
            "account.reverseDns": {"domain": "example.net", "subdomain": "o", "route53Zone": "example.net"},
            "account.allowReplacement": True,
        },
        {**REVERSED, f"engage-account-reverse-{IP}-record-1": "create"},
    ),
    "account.domain": (LENT, BORROWED),
    "account.warmup": ({"account.warmup": "manual"}, {f"engage-account-warmup-{IP}": "update"}),
    "account.acceptDelays": ({"account.acceptDelays": True}, NOTHING),
    "account.allowReplacement": ({"account.allowReplacement": True}, NOTHING),
    "account.brand": ({"account.brand": BRAND}, {"engage-account-brand": "create"}),
    "account.countries": ({"account.countries": ["US"]}, {"engage-account-countries": "create"}),
    "email.subuser": (
        {"email.subuser": "twilio_engage_app_other", "email.allowReplacement": True},
        SUBUSER_RENEWED,
    ),
    "email.address": ({"email.address": "other@example.com"}, {"engage-email-subuser": "update"}),
    "email.ips": (
        {"account.ips": [IP, OTHER_IP], "email.ips": [IP]},
        {
            **each("engage-account-", (f"ip-{OTHER_IP}", f"reverse-{OTHER_IP}", f"warmup-{OTHER_IP}"), "create"),
            f"engage-account-reverse-{OTHER_IP}-validation": "create",
        },
    ),
    "email.region": ({"email.region": "eu", "email.allowReplacement": True}, SUBUSER_RENEWED),
    "email.domain.name": (
        {"email.domain.name": "example.org", "email.allowReplacement": True, "account.allowReplacement": True},
        {**DOMAIN_RENEWED, **LINK_RENEWED, **REVERSED, "engage-email-domain-dmarc": "replace"},
    ),
    "email.domain.subdomain": (
        {"email.domain.subdomain": "mail", "email.allowReplacement": True, "account.allowReplacement": True},
        {**DOMAIN_RENEWED, **REVERSED},
    ),
    "email.domain.linkSubdomain": (
        {"email.domain.linkSubdomain": "go", "email.allowReplacement": True},
        LINK_RENEWED,
    ),
    "email.domain.linkCdn": (
        {"email.domain.linkCdn": "cdn.example.net"},
        {"engage-email-domain-link-validation": "update"},
    ),
    "email.domain.route53Zone": (
        {"email.domain.route53Zone": "example.com"},
        {
            **each("engage-email-domain-authentication-record-", ("1", "2", "3"), "create"),
            **each("engage-email-domain-link-record-", ("1", "2"), "create"),
            f"engage-account-reverse-{IP}-record-1": "create",
        },
    ),
    "email.domain.nameservers": ({"email.domain.nameservers": ["192.0.2.53"]}, NOTHING),
    "email.lentDomain": (LENT, BORROWED),
    "email.eventsUrl": ({"email.eventsUrl": "https://example.com/events"}, {"engage-email-events": "update"}),
    "email.signEvents": ({"email.signEvents": True}, {"engage-email-events": "update"}),
    "email.utmSource": ({"email.utmSource": "other"}, {"engage-email-analytics": "update"}),
    "email.pool": ({"email.pool": "engage"}, {"engage-email-pool": "create"}),
    "email.keyGeneration": ({"email.keyGeneration": 2}, KEY_TRIED),
    "email.revokePreviousKey": ({"email.revokePreviousKey": True}, KEY_TRIED),
    "email.keepSubuser": ({"email.keepSubuser": False}, NOTHING),
    "email.allowReplacement": ({"email.allowReplacement": True}, NOTHING),
    "email.adoptSubuser": ({"email.adoptSubuser": True}, NOTHING),
    "sms.serviceName": ({"sms.serviceName": "Renamed"}, SERVICE),
    "sms.inboundWebhookUrl": ({"sms.inboundWebhookUrl": "https://example.com/other"}, SERVICE),
    "sms.adoptService": ({"sms.adoptService": "MG" + "1" * 32}, NOTHING),
    "sms.numbers": (
        {"sms.numbers": {"main": {"areaCode": 212}, "free": {"numberType": "toll_free"}}},
        {"engage-sms-number-free": "create", "engage-sms-sender-free": "create"},
    ),
    "sms.address": (
        {"sms.address": ADDRESS},
        {"engage-sms-address": "create", "engage-sms-number-main": "update"},
    ),
    "sms.verifications": (
        {"sms.verifications": {"main": VERIFICATION}},
        {"engage-sms-verification-main": "create"},
    ),
    "sms.shortCodes": ({"sms.shortCodes": [SHORT_CODE]}, {f"engage-sms-sender-{SHORT_CODE}": "create"}),
    "sms.alphaSender": ({"sms.alphaSender": "Example"}, {"engage-sms-alpha-sender": "create"}),
    "sms.channelSenders": ({"sms.channelSenders": [SENDER]}, {f"engage-sms-sender-{SENDER}": "create"}),
    "sms.campaign": (
        {"sms.campaign": CAMPAIGN, "account.brand": BRAND},
        {"engage-sms-campaign": "create", "engage-account-brand": "create"},
    ),
    "sms.brand": (
        {"sms.campaign": CAMPAIGN, "sms.brand": "BN" + "1" * 32},
        {"engage-sms-campaign": "create"},
    ),
    "sms.key": (
        {"sms.key": "existing"},
        {"engage-sms-existing-key": "create", "engage-sms-key": "delete", "engage-sms-key-check": "update"},
    ),
    "sms.keyGeneration": ({"sms.keyGeneration": 2}, SMS_KEY_TRIED),
    "sms.revokePreviousKey": ({"sms.revokePreviousKey": True}, SMS_KEY_TRIED),
    "segment.space": (
        {"segment.space": "prod"},
        {"engage-segment-space": "replace", "engage-segment-identifiers": "replace"},
    ),
    "segment.workspace": ({"segment.workspace": "acme"}, NOTHING),
    "segment.sourceSlug": ({"segment.sourceSlug": "other"}, SOURCE),
    "segment.sourceName": ({"segment.sourceName": "Other"}, SOURCE),
    "segment.sourceKind": (
        {"segment.sourceKind": "IqDTy1TpoU", "segment.allowReplacement": True},
        {
            **each("engage-segment-", ("source", "sendgrid", "twilio", "tracking-plan-source"), "replace"),
        },
    ),
    "segment.allowReplacement": ({"segment.allowReplacement": True}, NOTHING),
    "segment.adoptSource": ({"segment.adoptSource": "other"}, NOTHING),
    "segment.labels": ({"segment.labels": {"environment": "dev"}}, {"engage-segment-labels": "create"}),
    "segment.trackingPlan": ({"segment.trackingPlan": "Other"}, {"engage-segment-tracking-plan": "update"}),
    "segment.destinations": (
        {"segment.destinations": ["twilio"]},
        {"engage-segment-sendgrid": "delete", "engage-segment-sendgrid-key-1": "delete"},
    ),
    "segment.keyGeneration": (
        {"segment.keyGeneration": 2},
        {
            **each("engage-segment-", ("sendgrid-key-2", "twilio-key-2"), "create"),
            **each("engage-segment-", ("sendgrid", "twilio"), "update"),
            **each("engage-segment-", ("sendgrid-key-1", "twilio-key-1"), "delete"),
        },
    ),
    "segment.identifiers": ({"segment.identifiers": ["email"]}, IDENTIFIERS),
    "segment.profiles": ({"segment.profiles": ["email:somebody@example.com"]}, IDENTIFIERS),
    "segment.audiencePreviews": ({"segment.audiencePreviews": False}, IDENTIFIERS),
    "segment.checkGeneration": ({"segment.checkGeneration": 2}, IDENTIFIERS),
    "segment.strict": ({"segment.strict": True}, IDENTIFIERS),
    "production": ({"production": True}, NOTHING),
}
"""What a preview shows of a change of this setting, alone or with what it needs. Protection, what is kept, and what is
used only when an object is made, change nothing that is there."""

ELSEWHERE = {
    "accountStack": "test_account.py",
    "account.reverseDns": "its settings are those of email.domain",
    "account.domain": "its settings are those of email.domain",
}


def settings(args: type = EngageArgs, prefix: str = "") -> Iterator[str]:
    """Every setting, by its path."""
    hints = get_type_hints(args)
    for each_field in fields(args):
        path = f"{prefix}{camel_case(each_field.name)}"
        inner = [kind for kind in (hints[each_field.name], *get_args(hints[each_field.name])) if is_dataclass(kind)]
        if inner and path not in ELSEWHERE:
            assert isinstance(inner[0], type)
            yield from settings(inner[0], f"{path}.")
        else:
            yield path


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory, command: Command, shared_emulator: Emulator) -> Project:
    project = full_project(tmp_path_factory.mktemp("settings") / "project", command, shared_emulator)
    sid, secret = console_keys["main"]
    project.environment |= {"ENGAGE_TWILIO_KEY_SID": sid, "ENGAGE_TWILIO_KEY_SECRET": secret}
    assert (run := project.bring_up()).ok, run.output
    return project


@pytest.fixture
def edited(up: Project) -> Iterator[Any]:
    """Applies edits by path; None removes a setting. They are undone afterwards."""
    file = up.directory / "stacks" / f"Pulumi.{up.name}.yaml"
    before = file.read_text()

    def edit(edits: Edit) -> Project:
        document = yaml.safe_load(before)
        for path, value in edits.items():
            first, *rest = path.split(".")
            place, keys = document["config"], [f"{PROJECT}:{first}", *rest]
            for key in keys[:-1]:
                place = place[key]
            if value is None:
                del place[keys[-1]]
            else:
                place[keys[-1]] = value
        file.write_text(yaml.safe_dump(document))
        return up

    yield edit
    file.write_text(before)


def test_every_setting_has_its_effect_here() -> None:
    assert set(EFFECTS) | {"accountStack"} == set(settings())


@dataclass
class Round:
    """Settings that are edited together, as neither they nor what they change has anything in common."""

    names: list[str] = field(default_factory=list)
    edits: Edit = field(default_factory=dict)
    changes: Changes = field(default_factory=dict)

    def takes(self, edits: Edit, changes: Changes) -> bool:
        paths = [f"{path}." for path in edits]
        apart = not any(one.startswith(other) or other.startswith(one) for one in paths for other in self._paths)
        return apart and not changes.keys() & self.changes.keys()

    @property
    def _paths(self) -> list[str]:
        return [f"{path}." for path in self.edits]


def rounds() -> list[Round]:
    """All settings, in a few previews."""
    made: list[Round] = []
    for name, (edits, changes) in EFFECTS.items():
        fitting = next((each for each in made if each.takes(edits, changes)), None)
        if fitting is None:
            made.append(fitting := Round())
        fitting.names.append(name)
        fitting.edits |= edits
        fitting.changes |= changes
    return made


@pytest.mark.parametrize("together", rounds(), ids=lambda each: each.names[0])
def test_a_preview_shows_what_settings_change_and_nothing_else(edited: Any, together: Round) -> None:
    preview = edited(together.edits).preview()
    assert preview.ok, preview.output
    assert preview.changes == together.changes
    assert preview.requests == []


SENT: dict[str, tuple[Edit, dict[str, str]]] = {
    "engage-sms-service": (
        {"sms.inboundWebhookUrl": "https://example.com/other", "sms.serviceName": "Renamed"},
        {"InboundRequestUrl": "https://example.com/other", "FriendlyName": r"Renamed \[[0-9a-f]{12}\]"},
    ),
    "engage-segment-source": ({"segment.sourceName": "Renamed"}, {"name": "Renamed"}),
    "engage-email-analytics": ({"email.utmSource": "renamed"}, {"utm_source": "renamed"}),
}
"""By the resource that changes: the edits, and what is sent: fields as regular expressions."""


def test_edited_settings_update_each_resource_with_one_request(edited: Any) -> None:
    done = edited({path: value for edits, _ in SENT.values() for path, value in edits.items()}).up()
    assert done.changes == dict.fromkeys(SENT, "update")
    writes = [entry.body for entry in done.requests if entry.method != "GET"]
    assert len(writes) == len(SENT)
    for _, sent in SENT.values():
        assert any(
            all(re.fullmatch(pattern, str(body.get(field))) for field, pattern in sent.items()) for body in writes
        )
    assert edited({}).up().changes == done.changes


def test_an_updated_parent_previews_no_change_of_its_children(up: Project) -> None:
    """Its outputs are unknown in the preview of an update: children refer to its id, or to one of its inputs."""
    up.emulator.state.alter("sendgrid", "subusers", "twilio_engage_app_example_local", email="x@example.com")
    assert up.refresh().changes == {"engage-email-subuser": "update"}
    assert up.preview().changes == {"engage-email-subuser": "update"}
