"""Settings are right, or everything that is wrong with them is said at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml
from pulumi.runtime import config as runtime_config

from emulator import credentials
from emulator.made_up import console_keys
from stacks import settings

EMAIL = {"subuser": "twilio_engage_app_acme_dev", "address": "engage@example.com"}
ACCOUNT = {"ips": ["192.0.2.10"]}


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, value in credentials.items():
        monkeypatch.setenv(variable, value)
    pulumi.runtime.settings.configure(
        pulumi.runtime.Settings(organization="organization", project="twilio-engage", stack="dev")
    )


def read(secret: tuple[str, ...] = (), **values: Any) -> settings.Settings:
    """As the engine hands configuration to a program: strings, and the names of those that are secret."""
    texts = {f"twilio-engage:{k}": v if isinstance(v, str) else json.dumps(v) for k, v in values.items()}
    runtime_config.set_all_config(texts, [f"twilio-engage:{name}" for name in secret])
    return settings.read()


def problems(**values: Any) -> list[str]:
    with pytest.raises(settings.SettingsError) as raised:
        read(**values)
    return [line.removeprefix("  - ") for line in str(raised.value).splitlines()[1:]]


def test_a_part_that_is_left_out_is_not_made() -> None:
    engage = read(account=ACCOUNT, email=EMAIL).engage
    assert (engage.sms, engage.segment) == (None, None)
    assert engage.email is not None
    assert (engage.email.subuser, engage.email.keep_subuser) == ("twilio_engage_app_acme_dev", True)


def test_every_problem_is_said_at_once_with_its_path() -> None:
    found = problems(
        emial={},
        endpoint="localhost",
        account={"warmup": "on", "brand": {"brandType": "LARGE", "color": "red"}},
        production="maybe",
        email={
            "subuser": "acme",
            "keyGeneration": 0,
            "colour": "blue",
            "domain": {"name": "not a domain", "nameservers": ["dns.example.com"]},
        },
        sms={"serviceName": "x" * 50, "inboundWebhookUrl": "http://example.com", "numbers": {"main": {"areaCode": 1}}},
        segment={"space": "dev", "sourceSlug": "Not a slug"},
    )
    assert [problem.partition(":")[0] for problem in found] == [
        "endpoint",
        "emial",
        "account.warmup",
        "account.brand",
        "email.subuser",
        "email.address",
        "email.domain.nameservers.0",
        "email.domain.name",
        "email.keyGeneration",
        "email.colour",
        "sms.serviceName",
        "sms.inboundWebhookUrl",
        "sms.numbers.main",
        "segment.sourceSlug",
        "production",
    ]


def test_a_part_that_is_no_map_is_named() -> None:
    assert problems(email="engage@example.com") == [
        "email: is one value where several settings are expected -> indent them below it"
    ]


def test_a_heading_with_nothing_below_it_is_named() -> None:
    assert "sms: is empty -> fill it in, or remove it with its heading" in problems(sms="")


def test_a_part_with_a_secret_value_is_refused_as_it_would_be_shown_in_clear() -> None:
    with pytest.raises(settings.SettingsError, match="sms: has a secret value, which would be shown in clear"):
        read(("sms",), sms={"serviceName": "hunter2"})


@pytest.mark.parametrize("endpoint", ["http://gateway.example.com", "localhost", "https://user:pass@example.com"])
def test_credentials_go_to_no_endpoint_in_clear(endpoint: str) -> None:
    (problem,) = problems(account=ACCOUNT, email=EMAIL, endpoint=endpoint)
    assert problem.startswith("endpoint: ")
    assert "user:pass" not in problem


def test_nothing_set_is_a_problem() -> None:
    assert problems() == ["nothing is set -> set at least one of account, email, sms, segment"]


@pytest.mark.parametrize(
    ("part", "needed"),
    [
        ({"account": ACCOUNT, "email": EMAIL}, {"SENDGRID_API_KEY"}),
        ({"sms": {"serviceName": "x"}}, {"TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"}),
        ({"segment": {"space": "dev", "sourceSlug": "x"}}, {"SEGMENT_PUBLIC_API_TOKEN"}),
    ],
)
def test_a_part_needs_the_credentials_of_its_vendor_and_no_others(
    monkeypatch: pytest.MonkeyPatch, part: dict[str, Any], needed: set[str]
) -> None:
    for variable in credentials:
        monkeypatch.delenv(variable)
    assert {problem.partition(" ")[0] for problem in problems(**part)} == needed


def test_a_malformed_credential_is_named_and_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENDGRID_API_KEY", credentials["SENDGRID_API_KEY"] + "\n")
    (problem,) = problems(account=ACCOUNT, email=EMAIL)
    assert problem.startswith("SENDGRID_API_KEY begins or ends with white space")
    assert credentials["SENDGRID_API_KEY"] not in problem


def test_a_stored_credential_is_handed_on_as_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SENDGRID_API_KEY")
    key = credentials["SENDGRID_API_KEY"]
    monkeypatch.setattr(pulumi.Config, "require_secret", lambda _, name: f"secret {name}")
    stored: dict[str, Any] = read(("sendgridApiKey",), account=ACCOUNT, email=EMAIL, sendgridApiKey=key).credentials
    assert stored == {"SENDGRID_API_KEY": "secret sendgridApiKey"}


def test_a_credential_stored_in_clear_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SENDGRID_API_KEY")
    (problem,) = problems(account=ACCOUNT, email=EMAIL, sendgridApiKey=credentials["SENDGRID_API_KEY"])
    assert problem.startswith("sendgridApiKey: is stored in clear -> pulumi config set --secret")
    assert credentials["SENDGRID_API_KEY"] not in problem


@pytest.mark.parametrize("stack", ["dev", "staging", "prod"])
def test_the_committed_stacks_of_real_accounts_ask_to_be_filled_in(stack: str) -> None:
    file = Path(settings.__file__).parent / f"Pulumi.{stack}.yaml"
    values = yaml.safe_load(file.read_text())["config"]
    found = problems(**{key.removeprefix("twilio-engage:"): value for key, value in values.items()})
    assert [problem.partition(":")[0] for problem in found] == [
        "account.ips.0",
        "email.subuser",
        "email.address",
        "segment.space",
    ]


def test_a_placeholder_anywhere_is_a_problem_and_the_only_one_of_its_setting() -> None:
    assert problems(
        email={**EMAIL, "subuser": "twilio_engage_app_<company>", "ips": ["<an IP>"]}, sms={"serviceName": "<name>"}
    ) == [
        f"{path}: has a placeholder -> replace what is in angle brackets"
        for path in ("email.subuser", "email.ips.0", "sms.serviceName")
    ]


def test_one_host_cannot_have_the_records_of_both_domain_and_links() -> None:
    (problem,) = problems(email={**EMAIL, "domain": {"name": "example.com", "subdomain": "links"}})
    assert problem.startswith("email.domain: linkSubdomain must differ from subdomain")


def test_parts_that_do_not_fit_together_are_a_problem() -> None:
    assert problems(email=EMAIL) == [
        "email needs the account's IPs: set account.ips, or accountStack where another has them"
    ]


def test_settings_that_are_one_value_are_read_as_what_they_are() -> None:
    engage = read(accountStack="acme/twilio-engage/account", production="true", email=EMAIL).engage
    assert (engage.account_stack, engage.production) == ("acme/twilio-engage/account", True)


def test_the_workspaces_region_is_an_option_of_the_connection() -> None:
    assert read(segment={"space": "dev", "sourceSlug": "x"}).workspace_region == "us"
    european = read(segment={"space": "dev", "sourceSlug": "x"}, segmentRegion="eu")
    assert (european.workspace_region, european.options) == ("eu", {"segmentRegion": "eu"})
    (problem,) = problems(segment={"space": "dev", "sourceSlug": "x"}, segmentRegion="europe")
    assert problem.startswith("segmentRegion: must be us or eu")


def test_the_inputs_of_a_resource_are_checked_as_the_resource_checks_them() -> None:
    found = problems(sms={"serviceName": "Engage", "campaign": {"description": "short", "colour": "red"}})
    (problem,) = found
    for said in ("sms.campaign: ", "colour: is no setting", "description: ", "messageFlow: is required"):
        assert said in problem


def test_the_inputs_of_a_resource_come_as_its_constructor_takes_them() -> None:
    sms = read(sms={"serviceName": "Engage", "numbers": {"main": {"areaCode": 415, "voiceEnabled": True}}}).engage.sms
    assert sms is not None
    assert sms.numbers == {"main": {"area_code": 415, "voice_enabled": True}}


def test_texting_settings_of_the_account_take_twilios_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TWILIO_AUTH_TOKEN")
    assert [problem.split()[0] for problem in problems(account={"countries": ["US"]})] == ["TWILIO_AUTH_TOKEN"]
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", credentials["TWILIO_AUTH_TOKEN"])
    assert read(account={"countries": ["US"]}).vendors == {"sendgrid", "twilio"}


def test_a_key_that_exists_is_asked_for_and_handed_on_as_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    sms = {"serviceName": "Engage", "key": "existing"}
    assert [problem.split()[0] for problem in problems(sms=sms)] == [
        "ENGAGE_TWILIO_KEY_SID",
        "ENGAGE_TWILIO_KEY_SECRET",
    ]
    sid, secret = console_keys["main"]
    monkeypatch.setenv("ENGAGE_TWILIO_KEY_SID", sid)
    monkeypatch.setenv("ENGAGE_TWILIO_KEY_SECRET", secret + " ")
    (problem,) = problems(sms=sms)
    assert problem.startswith("ENGAGE_TWILIO_KEY_SECRET begins or ends with white space")
    assert secret not in problem
    monkeypatch.setenv("ENGAGE_TWILIO_KEY_SECRET", secret)
    assert read(sms=sms).existing_key is not None
    assert read(sms={"serviceName": "Engage"}).existing_key is None
    (problem,) = problems(sms=sms, engageTwilioKeySecret=secret)
    assert problem.startswith("engageTwilioKeySecret: is stored in clear")


def test_a_stack_is_no_account_stack_of_its_own() -> None:
    """It would read what it gave before, and delete it in the same run."""
    itself = "organization/twilio-engage/dev"
    (problem,) = problems(accountStack=itself, email=EMAIL)
    assert problem.startswith("accountStack: is this stack itself -> ")
    assert read(accountStack="organization/twilio-engage/account", email=EMAIL).engage.account_stack


@pytest.mark.parametrize("short", ["account", "twilio-engage/account", "a/b/"])
def test_an_account_stack_is_named_in_full(short: str) -> None:
    (problem,) = problems(accountStack=short, email=EMAIL)
    assert problem == "accountStack: must be organisation/project/stack, as in organization/twilio-engage/account"


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"email": {**EMAIL, "domain": "example.com"}, "account": ACCOUNT}, "email.domain"),
        ({"sms": ["Engage"]}, "sms"),
    ],
)
def test_one_value_in_place_of_a_part_is_said_in_the_words_of_settings(values: dict[str, Any], path: str) -> None:
    assert problems(**values) == [f"{path}: is one value where several settings are expected -> indent them below it"]


def test_a_name_as_messages_of_resources_spell_it_is_no_setting_and_how_they_are_spelled_is_said() -> None:
    sms = {"serviceName": "Engage", "key_generation": 2, "numbers": {"main": {"allow_replacement": True}}}
    todo = "is no setting -> settings are spelled without underscores, as keyGeneration"
    assert sorted(problems(sms=sms, account_stack="organization/twilio-engage/account")) == [
        f"account_stack: {todo}",
        f"sms.key_generation: {todo}",
        f"sms.numbers.main: allow_replacement: {todo}",
    ]
