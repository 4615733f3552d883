"""The schema of the settings is what editors judge by: it says what the program says."""

from __future__ import annotations

import json
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # the package has no types
import pulumi
import pytest
import yaml
from pulumi.runtime import config as runtime_config

from emulator import credentials
from stacks import settings
from tools import schema
from tools.local import CHECKOUT

PROJECT = "twilio-engage:"
ACCOUNT = {"ips": ["192.0.2.10"], "warmup": "manual"}
EMAIL = {"subuser": "twilio_engage_app_acme", "address": "engage@example.com", "ips": ["192.0.2.10"]}
DOMAIN = {"name": "example.com", "nameservers": ["192.0.2.53"]}
SEGMENT = {"space": "dev", "sourceSlug": "engage"}
SHARED = "acme/twilio-engage/account"
FINE: dict[str, dict[str, Any]] = {
    "all parts": {
        "account": ACCOUNT,
        "email": EMAIL,
        "sms": {"serviceName": "Engage"},
        "segment": SEGMENT,
    },
    "a part in a part": {"accountStack": SHARED, "email": {**EMAIL, "domain": DOMAIN, "keyGeneration": 2}},
    "an option and a mark": {"segment": SEGMENT, "segmentRegion": "eu", "production": True},
    "a mark as pulumi config set writes it": {"segment": SEGMENT, "production": "true"},
}
WRONG: dict[str, dict[str, Any]] = {
    "nothing": {},
    "no such setting": {"emial": EMAIL},
    "no such setting of a part": {"sms": {"serviceName": "Engage", "colour": "blue"}},
    "a setting is missing": {"email": {"subuser": "twilio_engage_app_acme"}},
    "a heading alone": {"sms": ""},
    "one value for a part": {"sms": "Engage"},
    "an empty list": {"accountStack": SHARED, "email": {**EMAIL, "ips": []}},
    "no such choice": {"account": {**ACCOUNT, "warmup": "quickly"}},
    "below the bound": {"accountStack": SHARED, "email": {**EMAIL, "keyGeneration": 0}},
    "too long": {"sms": {"serviceName": "x" * 65}},
    "malformed": {"segment": {**SEGMENT, "sourceSlug": "Not a slug"}},
    "a placeholder": {"sms": {"serviceName": "<name>"}},
    "a placeholder in what may be left out": {"account": {**ACCOUNT, "domain": {**DOMAIN, "linkCdn": "<CDN>"}}},
    "a placeholder in a list": {"account": {"ips": ["<an IP>"]}},
    "a placeholder for a stack": {"accountStack": "<stack>", "email": EMAIL},
    "no such mode": {"sms": {"serviceName": "Engage"}, "preflight": "perhaps"},
    "no such option": {"segment": SEGMENT, "segmentRegion": "mars"},
    "a mark that may mean anything": {"sms": {"serviceName": "Engage"}, "production": "maybe"},
    "a credential in clear": {"sms": {"serviceName": "Engage"}, "sendgridApiKey": credentials["SENDGRID_API_KEY"]},
}


def in_editor(config: dict[str, Any]) -> bool:
    """Would an editor find nothing wrong with it?"""
    document = {"config": {PROJECT + name: value for name, value in config.items()}}
    return bool(jsonschema.Draft7Validator(schema.schema()).is_valid(document))


def in_program(config: dict[str, Any]) -> bool:
    texts = {PROJECT + k: v if isinstance(v, str) else json.dumps(v) for k, v in config.items()}
    runtime_config.set_all_config(texts, [])
    try:
        settings.read()
    except settings.SettingsError:
        return False
    return True


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, value in credentials.items():
        monkeypatch.setenv(variable, value)
    pulumi.runtime.settings.configure(pulumi.runtime.Settings(project="twilio-engage", stack="dev"))


def test_it_is_up_to_date() -> None:
    assert schema.FILE.read_text() == schema.document(), "make docs"


def test_it_is_a_schema_itself() -> None:
    jsonschema.Draft7Validator.check_schema(schema.schema())


@pytest.mark.parametrize("case", FINE)
def test_what_the_program_takes_an_editor_takes(case: str) -> None:
    assert (in_editor(FINE[case]), in_program(FINE[case])) == (True, True)


@pytest.mark.parametrize("case", WRONG)
def test_what_the_program_refuses_an_editor_underlines(case: str) -> None:
    assert (in_editor(WRONG[case]), in_program(WRONG[case])) == (False, False)


def test_a_stored_credential_is_encrypted() -> None:
    assert in_editor({"sms": {"serviceName": "Engage"}, "twilioAuthToken": {"secure": "v1:abc"}})
    assert not in_editor({"sms": {"serviceName": "Engage"}, "twilioAuthToken": {"secret": "v1:abc"}})


def test_the_key_that_exists_may_be_stored_as_credentials_are() -> None:
    key = {"engageTwilioKeySid": {"secure": "v1:abc"}, "engageTwilioKeySecret": {"secure": "v1:def"}}
    assert in_editor({"sms": {"serviceName": "Engage", "key": "existing"}, **key})


def test_settings_of_other_packages_are_theirs() -> None:
    document = {"config": {"twilio-engage:sms": {"serviceName": "Engage"}, "aws:region": "us-east-1"}}
    assert jsonschema.Draft7Validator(schema.schema()).is_valid(document)


def test_every_setting_is_described() -> None:
    """By a line `name   text` in the docstring of its part."""
    whole = schema.schema()
    parts = {"": whole["properties"]["config"], **whole["definitions"]}
    undescribed = {
        f"{part}.{name}"
        for part, shape in parts.items()
        for name, field in shape.get("properties", {}).items()
        if not field.get("description")
    }
    assert undescribed == set()
    assert whole["definitions"]["DomainArgs"]["properties"]["linkCdn"]["description"].endswith("broken without one")


@pytest.mark.parametrize("stack", ["local", "dev", "staging", "prod"])
def test_the_committed_settings_name_it_and_only_placeholders_are_wrong_with_them(stack: str) -> None:
    file = CHECKOUT / "stacks" / f"Pulumi.{stack}.yaml"
    text = file.read_text()
    assert text.startswith(f"{schema.MODELINE}\n")
    wrong = jsonschema.Draft7Validator(schema.schema()).iter_errors(yaml.safe_load(text))
    found = [".".join(map(str, error.absolute_path)) for error in wrong]
    paths = ["account.ips.0", "email.address", "email.subuser", "segment.space"] if stack != "local" else []
    assert sorted(set(found)) == [f"config.{PROJECT}{path}" for path in paths]
