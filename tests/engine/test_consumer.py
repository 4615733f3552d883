"""Another stack reads what this one gives, by a StackReference."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import Any

import pytest
import yaml

from components.engage import SECRET
from emulator import Emulator
from emulator.made_up import console_keys
from tests.engine.command import Command
from tests.engine.support import PASSPHRASE, PROJECT, Project, full_project

PROGRAM = f"""
import pulumi

engage = pulumi.StackReference("organization/{PROJECT}/test")
secret, public = engage.get_output("engage_settings"), engage.get_output("public_settings")
pulumi.export("subuser_api_key", secret["email"]["subuser_api_key"])
pulumi.export("write_keys", secret["segment"]["write_keys"])
pulumi.export("public_settings", public)
pulumi.export("subuser_name", public["email"]["subuser_name"])
pulumi.export("status", engage.get_output("status"))
"""


@dataclass(frozen=True)
class Read:
    given: dict[str, Any]
    shown: dict[str, Any]
    in_clear: dict[str, Any]


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory, command: Command, shared_emulator: Emulator) -> Read:
    directory = tmp_path_factory.mktemp("consumer")
    project = full_project(directory / "project", command, shared_emulator)
    sid, secret = console_keys["main"]
    project.configure(sms={"key": "existing"})
    project.environment |= {"ENGAGE_TWILIO_KEY_SID": sid, "ENGAGE_TWILIO_KEY_SECRET": secret}
    assert (up := project.up()).ok, up.output
    consumer = Project(directory / "other", command, shared_emulator, stack="consumer")
    (consumer.directory / "__main__.py").write_text(PROGRAM)
    runtime = {"name": "python", "options": {"virtualenv": sys.prefix}}
    document = {"name": "consumer", "runtime": runtime, "stackConfigDir": "stacks"}
    (consumer.directory / "Pulumi.yaml").write_text(yaml.safe_dump(document))
    consumer.configure()
    # Nothing of the vendors, and the same back end.
    consumer.environment.clear()
    consumer.environment |= {
        "PULUMI_BACKEND_URL": project.environment["PULUMI_BACKEND_URL"],
        "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
    }
    assert (up := consumer.up()).ok, up.output
    assert up.requests == []
    return Read(project.outputs(), json.loads(consumer.cli("stack", "output", "--json")), consumer.outputs())


def test_another_stack_reads_the_settings_as_they_are(read: Read) -> None:
    settings = read.given["engage_settings"]
    assert settings["email"]["subuser_api_key"].startswith("SG.")
    assert read.in_clear["subuser_api_key"] == settings["email"]["subuser_api_key"]
    assert read.in_clear["write_keys"] == settings["segment"]["write_keys"]


def test_what_is_a_secret_here_is_one_there(read: Read) -> None:
    assert (read.shown["subuser_api_key"], read.shown["write_keys"]) == ("[secret]", "[secret]")


def test_no_secret_hides_what_is_none(read: Read) -> None:
    public = read.shown["public_settings"]
    assert public == read.given["public_settings"]
    for part, settings in read.given["engage_settings"].items():
        assert public[part] == {name: value for name, value in settings.items() if name not in SECRET}
    assert "[secret]" not in json.dumps(public)
    assert read.shown["subuser_name"] == public["email"]["subuser_name"]


def test_the_secrets_are_in_no_output_that_is_public(read: Read) -> None:
    settings = read.given["engage_settings"]
    secrets = [settings["email"]["subuser_api_key"], settings["sms"]["api_key_secret"]]
    assert not any(secret in json.dumps(read.shown) for secret in [*secrets, *settings["segment"]["write_keys"]])


def test_the_status_of_each_step_is_no_secret(read: Read) -> None:
    assert read.shown["status"] == read.given["status"]
    assert read.shown["status"]["subuser"] == {"state": "done", "reasons": []}
