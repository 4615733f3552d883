"""What EngageStack declares: types, names, parents and options are in users' state and outputs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import pulumi
import pytest
from pulumi.runtime import mocks

from components.account import AccountArgs, ReverseDnsArgs
from components.domain import DomainArgs
from components.email import EmailArgs
from components.engage import EngageArgs, EngageStack
from components.screens import SCREENS
from components.segment import SegmentArgs
from components.sms import SmsArgs
from providers.twilio.api_key import POWERS

ADDRESS = "192.0.2.10"
DOMAIN = DomainArgs(name="example.com")
ACCOUNT = AccountArgs(ips=[ADDRESS])
EMAIL = EmailArgs(subuser="twilio_engage_app_acme_dev", address="engage@example.com", domain=DOMAIN)
SMS = SmsArgs(
    service_name="Engage", inbound_webhook_url="https://example.com/inbound", numbers={"main": {"area_code": 415}}
)
SEGMENT = SegmentArgs(space="dev", source_slug="engage")


class Recorder(pulumi.runtime.Mocks):
    """Answers as a provider does in `up`, with an id made of the name."""

    def __init__(self, vendor: dict[str, Any]) -> None:
        self.vendor = vendor

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        if args.typ == "pulumi:pulumi:StackReference":
            return args.name, {"name": args.name, **self.resource_of_stack()}
        host = {"type": "cname", "host": f"{args.name}.example.com", "value": "u1.example.net", "purpose": "A test."}
        vendor = {
            **{"result": "made-up-password-1", "dns_records": [host] * 3, "reasons": [], "valid": True},
            **{"manual_steps": [], "proven": True, "warnings": [], "api_key_sid": "SK1", "api_key_secret": "made-up"},
            **{"account_sid": "AC1", "powers": "all", "verified": True, "api_key": "made-up", "api_key_id": "id"},
        }
        return f"{args.name}-id", {**vendor, **self.vendor, **args.inputs}

    def resource_of_stack(self) -> dict[str, Any]:
        domain = {"domain_id": "domain-of-the-account", "domain_valid": True, "link_id": "2", "link_valid": True}
        return {
            "outputs": {"account": {"ips": [ADDRESS], "domain": domain, "brand": "brand-of-the-account"}},
            "secretOutputNames": [],
        }

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        return {}, None


class Monitor(mocks.MockMonitor):
    """Keeps what was registered, with its options: mocks are not shown these."""

    def __init__(self) -> None:
        self.vendor: dict[str, Any] = {}
        super().__init__(Recorder(self.vendor))
        self.registered: dict[str, Any] = {}

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - gRPC's name
        self.registered[request.name] = request
        return super().RegisterResource(request)


@pytest.fixture
def monitor() -> Monitor:
    monitor = Monitor()
    mocks.set_mocks(
        monitor.mocks, project="twilio-engage", stack="test", preview=False, monitor=monitor, organization="acme"
    )
    return monitor


def declare(args: EngageArgs, **options: Any) -> EngageStack:
    made: list[EngageStack] = []

    @pulumi.runtime.test
    def program() -> None:
        made.append(EngageStack("engage", args, **options))

    program()
    return made[0]


def resolved(value: Any) -> Any:
    """An output's value, as it is after `up`."""
    found: list[Any] = []

    @pulumi.runtime.test
    def wait() -> pulumi.Output[None]:
        return pulumi.Output.from_input(value).apply(found.append)

    wait()
    return found[0]


def test_the_whole_stack_is_declared_in_the_guides_order(monitor: Monitor) -> None:
    declare(EngageArgs(account=ACCOUNT, email=EMAIL, sms=SMS, segment=SEGMENT))
    declared = {name: request.type for name, request in monitor.registered.items() if request.parent}
    assert declared == {
        "engage": "twilio-engage:index:EngageStack",
        "engage-account": "twilio-engage:index:AccountStack",
        "engage-account-ip-192.0.2.10": "pulumi-python:dynamic/sendgrid:DedicatedIp",
        "engage-account-reverse-192.0.2.10": "pulumi-python:dynamic/sendgrid:ReverseDns",
        "engage-account-reverse-192.0.2.10-validation": "pulumi-python:dynamic/sendgrid:ReverseDnsValidation",
        "engage-account-warmup-192.0.2.10": "pulumi-python:dynamic/sendgrid:IpWarmup",
        "engage-email": "twilio-engage:index:Email",
        "engage-email-password": "random:index/randomPassword:RandomPassword",
        "engage-email-subuser": "pulumi-python:dynamic/sendgrid:Subuser",
        "engage-email-domain": "twilio-engage:index:Domain",
        "engage-email-domain-authentication": "pulumi-python:dynamic/sendgrid:AuthenticatedDomain",
        "engage-email-domain-authentication-validation": "pulumi-python:dynamic/sendgrid:DomainValidation",
        "engage-email-domain-link": "pulumi-python:dynamic/sendgrid:BrandedLink",
        "engage-email-domain-link-validation": "pulumi-python:dynamic/sendgrid:LinkValidation",
        "engage-email-domain-dmarc": "pulumi-python:dynamic/dns:DmarcCheck",
        "engage-email-unsubscribe": "pulumi-python:dynamic/sendgrid:SubscriptionTracking",
        "engage-email-clicks": "pulumi-python:dynamic/sendgrid:ClickTracking",
        "engage-email-opens": "pulumi-python:dynamic/sendgrid:OpenTracking",
        "engage-email-events": "pulumi-python:dynamic/sendgrid:EventWebhook",
        "engage-email-key": "pulumi-python:dynamic/sendgrid:ApiKey",
        "engage-email-key-check": "pulumi-python:dynamic/sendgrid:KeyCheck",
        "engage-sms": "twilio-engage:index:Sms",
        "engage-sms-number-main": "pulumi-python:dynamic/twilio:PhoneNumber",
        "engage-sms-service": "pulumi-python:dynamic/twilio:MessagingService",
        "engage-sms-sender-main": "pulumi-python:dynamic/twilio:ServicePhoneNumber",
        "engage-sms-key": "pulumi-python:dynamic/twilio:ApiKey",
        "engage-sms-key-check": "pulumi-python:dynamic/twilio:KeyCheck",
        "engage-segment": "twilio-engage:index:Segment",
        "engage-segment-space": "pulumi-python:dynamic/segment:SpaceLookup",
        "engage-segment-identifiers": "pulumi-python:dynamic/segment:IdentifierCheck",
        "engage-segment-source": "pulumi-python:dynamic/segment:Source",
    }


@pytest.mark.parametrize(
    ("part", "prefix"),
    [
        ({"account": ACCOUNT}, "engage-account"),
        ({"email": EMAIL, "account_stack": "acme/engage/account"}, "engage-email"),
        ({"sms": SMS}, "engage-sms"),
        ({"segment": SEGMENT}, "engage-segment"),
    ],
)
def test_a_part_works_alone(monitor: Monitor, part: dict[str, Any], prefix: str) -> None:
    engage = declare(EngageArgs(**part))
    assert set(engage.engage_settings) == set(part) & {"email", "sms", "segment"}
    assert {name for name in monitor.registered if name.startswith("engage-") and not name.startswith(prefix)} == set()


KEPT_WITH_THE_SUBUSER = {
    "engage-email-subuser",
    "engage-email-domain-authentication",
    "engage-email-domain-link",
    "engage-email-unsubscribe",
    "engage-email-clicks",
    "engage-email-opens",
    "engage-email-events",
}
KEPT_ANYHOW = {"engage-account-ip-192.0.2.10", "engage-account-reverse-192.0.2.10"}


@pytest.mark.parametrize("keep", [True, False])
def test_the_subuser_and_what_lives_in_it_are_kept_unless_told_otherwise(monitor: Monitor, keep: bool) -> None:
    declare(EngageArgs(account=ACCOUNT, email=replace(EMAIL, keep_subuser=keep)))
    kept = {name for name, request in monitor.registered.items() if request.retainOnDelete}
    assert kept == KEPT_ANYHOW | (KEPT_WITH_THE_SUBUSER if keep else set())


def test_a_domain_of_the_parent_is_lent_to_the_subuser(monitor: Monitor) -> None:
    lent = replace(EMAIL, domain=None, lent_domain=True)
    declare(EngageArgs(account=replace(ACCOUNT, domain=DOMAIN), email=lent))
    assert "subuser" not in monitor.registered["engage-account-domain-authentication"].object
    association = monitor.registered["engage-email-domain-association"].object
    assert association["username"] == "engage-email-subuser-id"
    assert association["domain_id"] == "engage-account-domain-authentication-id"
    assert "engage-email-link-association" in monitor.registered


def test_an_environment_builds_on_the_account_that_another_stack_has(monitor: Monitor) -> None:
    lent = replace(EMAIL, domain=None, lent_domain=True)
    engage = declare(EngageArgs(account_stack="acme/engage/account", email=lent))
    assert "engage-account" not in monitor.registered
    assert monitor.registered["engage-email-subuser"].object["ips"] == [ADDRESS]
    assert monitor.registered["engage-email-domain-association"].object["domain_id"] == "domain-of-the-account"
    assert engage.account is None
    assert set(engage.dns_records) == set()


def test_an_environment_may_send_from_some_of_the_accounts_addresses(monitor: Monitor) -> None:
    account = replace(ACCOUNT, ips=[ADDRESS, "192.0.2.11"])
    declare(EngageArgs(account=account, email=replace(EMAIL, ips=[ADDRESS])))
    assert monitor.registered["engage-email-subuser"].object["ips"] == [ADDRESS]


def test_addresses_are_named_after_the_domain_that_they_send_for_or_as_they_are_told(monitor: Monitor) -> None:
    reverse = ReverseDnsArgs(domain="example.net", subdomain="mail", route53_zone="example.net")
    engage = declare(EngageArgs(account=replace(ACCOUNT, reverse_dns=reverse)))
    assert monitor.registered["engage-account-reverse-192.0.2.10"].object["domain"] == "example.net"
    assert "engage-account-reverse-192.0.2.10-record-1" in monitor.registered
    assert not any("reverseDns" in step["what"] for step in resolved(engage.manual_steps))


def test_addresses_without_a_domain_are_named_by_a_person(monitor: Monitor) -> None:
    engage = declare(EngageArgs(account=ACCOUNT))
    assert any("account.reverseDns" in step["what"] for step in resolved(engage.manual_steps))


def test_production_protects_what_costs_money_or_reputation(monitor: Monitor) -> None:
    declare(EngageArgs(account=ACCOUNT, email=EMAIL, production=True))
    assert {name for name, request in monitor.registered.items() if request.protect} == {
        "engage-account-ip-192.0.2.10",
        "engage-account-reverse-192.0.2.10",
        "engage-email-subuser",
        "engage-email-domain-authentication",
        "engage-email-domain-link",
    }


@pytest.mark.parametrize(
    ("args", "problem"),
    [
        ({"email": EMAIL}, "account.ips"),
        ({"account": ACCOUNT, "account_stack": "acme/engage/account"}, "set one of them"),
        ({"account": ACCOUNT, "email": replace(EMAIL, domain=None, lent_domain=True)}, "account.domain"),
        ({"account": replace(ACCOUNT, domain=DOMAIN), "email": EMAIL}, "set one of them"),
        ({"account": ACCOUNT, "email": replace(EMAIL, ips=["192.0.2.99"])}, "192.0.2.99"),
    ],
)
def test_parts_that_do_not_fit_together_are_refused(args: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        EngageArgs(**args)


def test_route_53_gets_every_record_and_the_validations_wait_for_them(monitor: Monitor) -> None:
    engage = declare(
        EngageArgs(account=ACCOUNT, email=replace(EMAIL, domain=replace(DOMAIN, route53_zone="example.com")))
    )
    records = {name: request for name, request in monitor.registered.items() if "-record-" in name}
    assert len(records) == 3 + 2 + 1
    assert all(request.object["type"] == "CNAME" and request.retainOnDelete for request in records.values())
    waits = monitor.registered["engage-email-domain-authentication-validation"].dependencies
    assert {urn for urn in waits if "-record-" in urn} == {urn for urn in waits if "authentication-record-" in urn}
    assert len([urn for urn in waits if "-record-" in urn]) == 3
    assert not any("dns_records" in step["what"] for step in resolved(engage.manual_steps))


def test_without_route_53_a_person_adds_the_records_until_they_are_all_found(monitor: Monitor) -> None:
    monitor.vendor["reasons"] = ["em.example.com: is not in DNS"]
    steps = resolved(declare(EngageArgs(account=ACCOUNT, email=EMAIL)).manual_steps)
    assert len([step for step in steps if "dns_records" in step["what"]]) == 1
    monitor.vendor["reasons"] = []
    steps = resolved(declare(EngageArgs(account=ACCOUNT, email=EMAIL)).manual_steps)
    assert not any("dns_records" in step["what"] for step in steps)


def test_the_records_are_known_by_what_they_are_for_already_in_a_preview(monitor: Monitor) -> None:
    engage = declare(EngageArgs(account=ACCOUNT, email=EMAIL))
    assert set(engage.dns_records) == {"domain", "links", f"reverse_dns_{ADDRESS}", "dmarc"}
    assert set(engage.pending) == {
        "domain",
        "links",
        f"reverse_dns_{ADDRESS}",
        "dmarc",
        "previous_keys",
        "sendgrid_key",
    }


def test_a_pool_is_made_with_the_subusers_own_key_and_kept_with_it(monitor: Monitor) -> None:
    declare(EngageArgs(account=ACCOUNT, email=replace(EMAIL, pool="engage", utm_source="engage")))
    pool, analytics = (monitor.registered[f"engage-email-{name}"] for name in ("pool", "analytics"))
    assert pool.object["subuser"] == "engage-email-subuser-id"
    assert "subuser_key" in pool.object
    assert pool.retainOnDelete
    assert analytics.object["utm_source"] == "engage"


def test_the_webhook_waits_for_the_tracking_that_its_events_need(monitor: Monitor) -> None:
    declare(EngageArgs(account=ACCOUNT, email=EMAIL))
    waits = " ".join(monitor.registered["engage-email-events"].dependencies)
    assert all(f"engage-email-{tracking}" in waits for tracking in ("unsubscribe", "clicks", "opens"))


def test_a_warm_up_that_is_off_is_a_manual_step(monitor: Monitor) -> None:
    assert any("account.warmup" in step["what"] for step in resolved(declare(EngageArgs(account=ACCOUNT)).manual_steps))
    warming = replace(ACCOUNT, warmup="automated", accept_delays=True)
    assert not any(
        "account.warmup" in step["what"] for step in resolved(declare(EngageArgs(account=warming)).manual_steps)
    )


def test_names_are_not_random_so_that_down_and_up_find_the_same(monitor: Monitor) -> None:
    declare(EngageArgs(account=ACCOUNT, email=EMAIL, sms=SMS, segment=SEGMENT))
    assert monitor.registered["engage-email-subuser"].object["username"] == EMAIL.subuser
    assert monitor.registered["engage-sms-service"].object["marker"] == "acme/twilio-engage/test/engage-sms-service"


def test_secrets_born_in_create_are_secret_outputs(monitor: Monitor) -> None:
    declare(EngageArgs(account=ACCOUNT, email=EMAIL, segment=SEGMENT))
    assert monitor.registered["engage-email-key"].additionalSecretOutputs == ["api_key"]
    assert monitor.registered["engage-email-subuser"].additionalSecretOutputs == ["password"]
    assert monitor.registered["engage-segment-source"].additionalSecretOutputs == ["write_keys"]


def test_the_outputs_have_stable_names(monitor: Monitor) -> None:
    engage = declare(EngageArgs(account=ACCOUNT, email=EMAIL, sms=SMS, segment=SEGMENT))
    assert {part: set(values) for part, values in engage.engage_settings.items()} == {
        "email": {"subuser_name", "subuser_api_key_id", "subuser_api_key", "verified"},
        "sms": {
            *("account_sid", "api_key_sid", "api_key_secret", "api_key_powers", "verified"),
            *("messaging_service_sid", "messaging_service", "numbers"),
        },
        "segment": {
            *("region", "workspace", "workspace_id", "space", "space_id"),
            *("source_id", "source_slug", "write_keys", "destinations"),
        },
    }
    assert set(engage.account or ()) == {"ips"}


def test_every_field_of_a_screen_is_an_output(monitor: Monitor) -> None:
    settings = declare(EngageArgs(account=ACCOUNT, email=EMAIL, sms=SMS)).engage_settings
    for screen in SCREENS:
        assert set(screen.fields) <= set(settings[screen.part])


def test_a_missing_inbound_webhook_is_a_manual_step(monitor: Monitor) -> None:
    steps = resolved(declare(EngageArgs(sms=SmsArgs(service_name="Engage"))).manual_steps)
    assert any("inboundWebhookUrl" in step["what"] for step in steps)
    assert not any("inboundWebhookUrl" in step["what"] for step in resolved(declare(EngageArgs(sms=SMS)).manual_steps))


def test_what_exists_is_taken_over_where_it_is_named(monitor: Monitor) -> None:
    sms, segment = replace(SMS, adopt_service="MG1"), replace(SEGMENT, adopt_source="src1")
    declare(EngageArgs(account=ACCOUNT, email=replace(EMAIL, adopt_subuser=True), sms=sms, segment=segment))
    adopted = {
        name: request.object["adopt"] for name, request in monitor.registered.items() if "adopt" in request.object
    }
    assert adopted == {
        "engage-email-subuser": EMAIL.subuser,
        "engage-sms-service": "MG1",
        "engage-segment-source": "src1",
    }


def test_every_manual_step_says_what_where_and_why(monitor: Monitor) -> None:
    steps = resolved(resolved(declare(EngageArgs(account=ACCOUNT, email=EMAIL, sms=SMS, segment=SEGMENT)).manual_steps))
    assert steps
    for step in steps:
        assert all(step[key].strip() for key in ("what", "where", "why"))


@pytest.mark.parametrize(("region", "host"), [("us", "api.engage.segment.com"), ("eu", "api.euw1.engage.segment.com")])
def test_events_go_to_engage_in_the_region_of_the_workspace(
    monitor: Monitor, region: Literal["us", "eu"], host: str
) -> None:
    declare(EngageArgs(account=ACCOUNT, email=EMAIL), workspace_region=region)
    assert host in monitor.registered["engage-email-events"].object["url"]


def test_reasons_name_settings_and_no_fields_of_resources(monitor: Monitor) -> None:
    """Who has settings alone cannot set a field."""
    monitor.vendor["warnings"] = ["key 1 still works -> enter the new one, and then set revoke_previous"]
    monitor.vendor["reasons"] = ["phone: unproven -> add it, and raise generation"]
    monitor.vendor["powers"] = POWERS["standard"]
    engage = declare(EngageArgs(account=ACCOUNT, email=EMAIL, sms=SMS, segment=SEGMENT))
    (email,), (sms,) = (resolved(engage.pending[name]) for name in ("previous_keys", "previous_twilio_keys"))
    assert (email.split()[-1], sms.split()[-1]) == ("email.revokePreviousKey", "sms.revokePreviousKey")
    for reasons in (resolved(engage.pending["identifiers"]), resolved(engage.status["identifiers"])["reasons"]):
        assert reasons == ["phone: unproven -> add it, and raise segment.checkGeneration"]
    assert resolved(engage.engage_settings["sms"]["api_key_powers"]).endswith(": set sms.key to existing.")
