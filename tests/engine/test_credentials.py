"""Credentials: stored encrypted, and only if their owner stores them; the environment comes first."""

from __future__ import annotations

import hashlib
import json

import pytest
from pulumi.automation import ConfigValue

from emulator import Emulator
from providers.connection import camel_case
from tests.engine.specimens import SOURCE, example
from tests.engine.support import PROJECT, Project, Small

WRONG = "SG.wrongwrongwrongwrongwr.wrongwrongwrongwrongwrongwrongwrongwrongwro"


def _store(project: Project, **values: str) -> None:
    """Credentials, by environment variable."""
    config = {f"{PROJECT}:{camel_case(name)}": ConfigValue(value, secret=True) for name, value in values.items()}
    project.workspace.set_all_config(project.name, config)


@pytest.fixture
def email_only(project: Project) -> Project:
    project.configure(sms=None, segment=None)
    assert project.stack
    return project


def test_stored_credentials_are_used_and_lie_encrypted_in_the_state(project: Project, emulator: Emulator) -> None:
    assert project.stack
    _store(project, **{variable: project.environment.pop(variable) for variable in emulator.credentials})
    up = project.up()
    assert up.ok, up.output
    state = project.export()
    for variable, secret in emulator.credentials.items():
        assert secret not in up.output
        if variable != "TWILIO_ACCOUNT_SID":  # identifies the account, and is an output
            assert secret not in state
    provider = project.resources()["provider engage"]["inputs"]
    stored = {f"engage:{camel_case(variable)}" for variable in emulator.credentials}
    assert provider.keys() == {"engage:endpoint", *stored}, "other settings do not belong into the state"
    assert all("ciphertext" in provider[name] for name in stored)


def test_the_environment_comes_before_what_is_stored(email_only: Project, emulator: Emulator) -> None:
    _store(email_only, SENDGRID_API_KEY=WRONG)
    up = email_only.up()
    assert up.ok, up.output
    assert {entry.status for entry in up.requests} <= {200, 201, 204}

    # Rotated: destroy runs no program, and has what was stored at the last up, which is out of date by now.
    keys = emulator.state.collection("sendgrid", "api_keys")
    (parent,) = [key for key in keys.values() if key["owner"] == "engage_parent"]
    rotated = ".".join(("SG", "r" * 22, "r" * 43))
    keys["r" * 22] = {**parent, "api_key_id": "r" * 22, "key_sha256": hashlib.sha256(rotated.encode()).hexdigest()}
    del keys[parent["api_key_id"]]
    email_only.environment["SENDGRID_API_KEY"] = rotated
    destroyed = email_only.destroy()
    assert destroyed.ok, destroyed.output
    assert destroyed.changes["engage-email-key"] == "delete"
    assert [key["owner"] for key in keys.values()] == ["engage_parent"]
    assert json.loads(email_only.export())["deployment"].get("resources", []) == []


def test_the_credentials_of_another_account_do_not_make_objects_seem_gone(small: Small, emulator: Emulator) -> None:
    """The token is of another workspace now, in which there is no such source."""
    project = small({"source": example(SOURCE)})
    assert (up := project.up()).ok, up.output
    before = project.resources()["source"]["id"]
    workspaces = emulator.state.collection("segment", "workspaces")
    for workspace in workspaces.values():
        workspace["id"] = "another"
    emulator.state.collection("segment", "sources").clear()
    for run in (project.refresh(), project.destroy()):
        assert not run.ok
        assert any("was made in the Segment account " in error and "those of another" in error for error in run.errors)
        assert run.writes == []
    assert project.resources()["source"]["id"] == before
