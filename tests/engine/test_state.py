"""What is in users' state does not change: names, provider strings, and what a release made."""

from __future__ import annotations

import base64
import json
import pickletools
import shutil
from pathlib import Path

import pytest
import yaml
from pulumi.automation import Deployment

from providers.declaration import all_declarations
from tests.engine import record
from tests.engine.command import Command
from tests.engine.conftest import Standing, judged
from tests.engine.support import PROJECT, STACK, full_project


def _pins(name: str) -> list[str]:
    return (record.GOLDEN / name).read_text().splitlines()


def test_the_resources_have_the_names_that_users_states_have(standing: Standing) -> None:
    """A new resource adds a line; no line ever changes."""
    found = (resource["urn"] for resource in standing.project.resources().values())
    assert record.normal_urns(found, STACK) == record.urns()


def test_provider_strings_are_those_that_users_states_have(standing: Standing) -> None:
    """A new resource adds a line; no line ever changes. Not every resource is one that EngageStack makes."""
    found = {
        f"{resource['type'].removeprefix('pulumi-python:dynamic/')} {resource[side]['__provider']}"
        for resource in standing.project.resources().values()
        for side in ("inputs", "outputs")
        if resource["type"].startswith("pulumi-python:dynamic")
    }
    assert found
    assert found <= set(_pins("providers.txt"))


@pytest.mark.parametrize("pin", _pins("providers.txt"))
def test_a_provider_string_is_a_function_and_a_token_and_nothing_else(pin: str) -> None:
    token, _, string = pin.partition(" ")
    words = [argument for _, argument, _ in pickletools.genops(base64.b64decode(string)) if isinstance(argument, str)]
    assert words == ["providers.dynamic", "load", token]


def test_every_resource_has_a_pin() -> None:
    assert [pin.partition(" ")[0] for pin in _pins("providers.txt")] == [d.token for d in all_declarations()]


@pytest.mark.parametrize("version", record.versions())
def test_what_a_release_made_needs_no_change(tmp_path: Path, command: Command, version: str) -> None:
    """Neither in the state nor, by a refresh, at the vendors. Recorded by record.py."""
    state = tmp_path / "emulator.json"
    shutil.copyfile(record.emulator_state(version), state)
    with judged(state) as emulator:
        project = full_project(tmp_path / "project", command, emulator, record.STACK)
        kept = yaml.safe_load(record.settings(version).read_text())
        project.configure(**dict.fromkeys(("email", "sms", "segment")))
        project.configure(**{**kept, "endpoint": emulator.url})
        project.ask(emulator.nameserver)
        text = record.checkpoint(version).read_text()
        text = text.replace(record.ENDPOINT, emulator.url).replace(record.NAMESERVER, emulator.nameserver)
        project.stack.import_stack(Deployment(**json.loads(text)))
        made = project.resources().keys() - {f"{PROJECT}-{record.STACK}"}
        assert made, "the checkpoint is empty"

        run = project.preview(refresh=True)
        assert run.ok, run.output
        assert {name: run.ops[name] for name in made} == dict.fromkeys(made, "same")
