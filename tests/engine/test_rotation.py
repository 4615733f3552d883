"""The keys of Segment's destinations are rotated by one `up`, in the order in which nothing is ever without a key."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from emulator import Emulator
from tests.engine.command import Command
from tests.engine.runs import Run
from tests.engine.support import Project, full_project

SENDGRID, TWILIO = "engage-segment-sendgrid", "engage-segment-twilio"


@dataclass(frozen=True)
class Key:
    """A key as its consumer has it: what names it, and the secret."""

    id: str
    secret: str


def _key(resources: dict[str, Any], destination: str, generation: int) -> Key:
    outputs = resources[f"{destination}-key-{generation}"]["outputs"]
    names = ("api_key_id", "api_key") if destination == SENDGRID else ("api_key_sid", "api_key_secret")
    id_, secret = (outputs[name] for name in names)
    return Key(id_, json.loads(secret["plaintext"]))


@dataclass(frozen=True)
class Rotated:
    project: Project
    run: Run
    old: dict[str, Key]
    new: dict[str, Key]


@pytest.fixture(scope="module")
def rotated(tmp_path_factory: pytest.TempPathFactory, command: Command, shared_emulator: Emulator) -> Rotated:
    project = full_project(tmp_path_factory.mktemp("rotation") / "project", command, shared_emulator)
    assert (up := project.bring_up()).ok, up.output
    before = project.resources(show_secrets=True)
    project.configure(segment={"keyGeneration": 2})
    run = project.up()
    assert run.ok, run.output
    after = project.resources(show_secrets=True)
    return Rotated(
        project,
        run,
        {each: _key(before, each, 1) for each in (SENDGRID, TWILIO)},
        {each: _key(after, each, 2) for each in (SENDGRID, TWILIO)},
    )


@pytest.mark.parametrize("destination", [SENDGRID, TWILIO])
def test_the_new_key_is_made_then_given_to_the_destination_and_the_old_one_is_revoked_last(
    rotated: Rotated, destination: str
) -> None:
    old, new = rotated.old[destination], rotated.new[destination]
    id_ = rotated.project.resources()[destination]["id"]
    made, updated, revoked = (
        [number for number, entry in enumerate(rotated.run.requests) if found(entry)]
        for found in (
            lambda entry: entry.method == "POST" and new.id in json.dumps(entry.reply),
            lambda entry: entry.method == "PATCH" and entry.path.endswith(f"/destinations/{id_}"),
            lambda entry: entry.method == "DELETE" and old.id in entry.path,
        )
    )
    assert (len(made), len(updated), len(revoked)) == (1, 1, 1)
    assert made < updated < revoked
    assert rotated.run.requests[updated[0]].status == 200


@pytest.mark.parametrize(("destination", "setting"), [(SENDGRID, "sendGridApiKey"), (TWILIO, "apiKeySecret")])
def test_the_destination_has_the_new_key(rotated: Rotated, destination: str, setting: str) -> None:
    project, new = rotated.project, rotated.new[destination]
    at_segment = project.emulator.state.collection("segment", "destinations")[project.resources()[destination]["id"]]
    assert at_segment["secrets_sha256"] == {setting: hashlib.sha256(new.secret.encode()).hexdigest()}
    if destination == TWILIO:
        assert at_segment["settings"]["apiKeySID"] == new.id


@pytest.mark.parametrize(("which", "status"), [("old", 401), ("new", 200)])
def test_the_old_keys_are_refused_and_the_new_ones_work(rotated: Rotated, which: str, status: int) -> None:
    keys: dict[str, Key] = getattr(rotated, which)
    url = rotated.project.emulator.url
    bearer = {"Authorization": f"Bearer {keys[SENDGRID].secret}"}
    mail = requests.get(f"{url}/api.sendgrid.com/v3/mail_settings", headers=bearer, timeout=5)
    basic = (keys[TWILIO].id, keys[TWILIO].secret)
    services = requests.get(f"{url}/messaging.twilio.com/v1/Services", auth=basic, timeout=5)
    assert (mail.status_code, services.status_code) == (status, status)


def test_a_rotation_of_the_destinations_leaves_the_screens_keys_and_needs_nobody(rotated: Rotated) -> None:
    assert {name for name in rotated.run.changes if name.endswith("-key")} == set()
    assert rotated.project.pending().keys() <= {"engage-segment-identifiers"}
    assert (again := rotated.project.up()).ok, again.output
    assert again.writes == []
