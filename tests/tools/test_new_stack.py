"""A new stack has the shape of another one's settings, and nothing by which it could take over that one's objects."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # the package has no types
import pytest
import yaml

from tools import new_stack, schema

FILLED_IN = """
config:
  aws:region: eu-central-1
  twilio-engage:production: true
  twilio-engage:segmentRegion: eu
  twilio-engage:accountStack: acme/twilio-engage/shared
  twilio-engage:preflight: enforce
  twilio-engage:endpoint: https://gateway.example.com
  twilio-engage:sendgridApiKey:
    secure: v1:abc
  twilio-engage:email:
    subuser: twilio_engage_app_acme_dev
    address: engage-dev@example.com
    ips: [192.0.2.10, 192.0.2.11]
    region: eu
    keyGeneration: 3
    keepSubuser: false
    domain:
      name: dev.example.com
      linkCdn: cdn.example.com
  twilio-engage:sms:
    serviceName: <company> dev
    adoptService: MG0123456789abcdef0123456789abcdef
encryptionsalt: v1:abc=
secretsprovider: awskms://alias/dev
encryptedkey: abc
"""


@pytest.fixture
def stacks(tmp_path: Path) -> Path:
    for file in new_stack.STACKS.glob("Pulumi.*.yaml"):
        shutil.copy2(file, tmp_path)
    (tmp_path / "Pulumi.dev.yaml").write_text(FILLED_IN)
    return tmp_path


def placeholders(document: dict[str, Any]) -> list[str]:
    errors = jsonschema.Draft7Validator(schema.schema()).iter_errors(document)
    return sorted({".".join(map(str, error.absolute_path)).rpartition(":")[2] for error in errors})


def test_choices_are_taken_over_and_names_are_not(stacks: Path) -> None:
    document = yaml.safe_load(new_stack.write("qa", "dev", stacks).read_text())
    assert document == {
        "config": {
            "aws:region": "eu-central-1",
            "twilio-engage:production": True,
            "twilio-engage:segmentRegion": "eu",
            "twilio-engage:accountStack": "acme/twilio-engage/shared",
            "twilio-engage:preflight": "enforce",
            "twilio-engage:email": {
                "subuser": "<dev has twilio_engage_app_acme_dev>",
                "address": "<dev has engage-dev@example.com>",
                "ips": ["<dev has 192.0.2.10>", "<dev has 192.0.2.11>"],
                "region": "eu",
                "keyGeneration": 3,
                "keepSubuser": False,
                "domain": {"name": "<dev has dev.example.com>", "linkCdn": "<dev has cdn.example.com>"},
            },
            "twilio-engage:sms": {
                "serviceName": "<company> qa",
                "adoptService": "<dev has MG0123456789abcdef0123456789abcdef>",
            },
        }
    }


def test_every_placeholder_is_refused_until_it_is_replaced(stacks: Path) -> None:
    file = new_stack.write("qa", "dev", stacks)
    assert placeholders(yaml.safe_load(file.read_text())) == [
        "email.address",
        "email.domain.linkCdn",
        "email.domain.name",
        "email.ips.0",
        "email.ips.1",
        "email.subuser",
        "sms.adoptService",
        "sms.serviceName",
    ]


@pytest.mark.parametrize("source", ["local", "staging", "prod"])
def test_any_stack_is_one_to_begin_with(stacks: Path, source: str) -> None:
    file = new_stack.write("qa", source, stacks)
    text = file.read_text()
    assert text.startswith(f"{schema.MODELINE}\n# Settings of the stack qa, after those of {source}.")
    assert max(map(len, text.splitlines())) <= 120
    begun = yaml.safe_load(text)["config"]
    given = yaml.safe_load((stacks / f"Pulumi.{source}.yaml").read_text())["config"]
    assert begun.keys() == given.keys() - {"twilio-engage:endpoint"}
    assert {"email.subuser", "sms.serviceName", "segment.sourceSlug"} <= set(placeholders({"config": begun}))


@pytest.mark.parametrize("name", ["", "Qa", "qa.eu", "acme/qa", "../qa", "-qa", "q a", "q" * 41])
def test_a_name_that_no_stack_can_have_is_refused(stacks: Path, name: str) -> None:
    before = sorted(stacks.iterdir())
    with pytest.raises(new_stack.NewStackError, match="cannot be the name of a stack"):
        new_stack.write(name, "dev", stacks)
    assert sorted(stacks.iterdir()) == before


@pytest.mark.parametrize("source", ["", "nobody", "../dev"])
def test_a_stack_to_begin_with_must_be_there(stacks: Path, source: str) -> None:
    with pytest.raises(new_stack.NewStackError, match="FROM one of dev, local, prod, staging"):
        new_stack.write("qa", source, stacks)


def test_nothing_is_overwritten(stacks: Path) -> None:
    with pytest.raises(new_stack.NewStackError, match=r"stacks/Pulumi\.dev\.yaml exists"):
        new_stack.write("dev", "prod", stacks)
    assert (stacks / "Pulumi.dev.yaml").read_text() == FILLED_IN


def test_the_command_says_what_is_next_or_what_is_wrong(
    stacks: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(new_stack.write, "__defaults__", (stacks,))
    assert new_stack.main(["qa", "dev"]) == 0
    assert "make pulumi STACK=qa ARGS='stack init qa'" in capsys.readouterr().out
    assert new_stack.main(["qa", "dev"]) == 1
    assert "error: stacks/Pulumi.qa.yaml exists" in capsys.readouterr().err
