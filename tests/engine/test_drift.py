"""What is changed or removed behind the stack's back is found by a refresh, and made good by the next up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from emulator import Emulator
from emulator.store import Store
from tests.engine.command import Command
from tests.engine.support import Project, full_project
from tools.drift import Found

USERNAME = "twilio_engage_app_example_local"
ALL = {
    "engage-email-subuser",
    "engage-email-unsubscribe",
    "engage-email-key",
    "engage-sms-service",
    "engage-segment-source",
}


IN_OTHERS = {
    "engage-sms-sender-main",
    "engage-segment-sendgrid",
    "engage-segment-twilio",
    "engage-segment-tracking-plan-source",
}
"""What is gone with the service and the source."""

TRIED = {"engage-email-key-check", "engage-sms-key-check"}
"""What tries the keys that are handed over."""


@dataclass
class Story:
    """The project, brought up in two steps, and what the search for drift said when the records were not there yet.

    Every test leaves it as it was, which is what it proves.
    """

    project: Project
    waiting: Found


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory, command: Command, shared_emulator: Emulator) -> Story:
    project = full_project(tmp_path_factory.mktemp("drift") / "project", command, shared_emulator)
    assert (run := project.up()).ok, run.output
    waiting = project.look_for_drift()
    project.publish()
    assert (run := project.up()).ok, run.output
    return Story(project, waiting)


@pytest.fixture
def up(story: Story) -> Project:
    return story.project


def named(lines: list[str]) -> set[str]:
    return {line.partition(" ")[0] for line in lines}


def test_waiting_is_no_drift(story: Story) -> None:
    assert (story.waiting.drift, story.waiting.ready) == ([], [])
    assert {"engage-email-domain-authentication-validation", "engage-email-domain-dmarc"} <= set(story.waiting.waiting)


def test_what_was_through_and_is_not_any_more_is_drift(up: Project) -> None:
    (domain,) = up.emulator.state.collection("sendgrid", "domains").values()
    assert up.look_for_drift().drift == []
    domain["valid"] = False
    (line,) = up.look_for_drift().drift
    domain["valid"] = True
    assert line.startswith(
        "engage-email-domain-authentication-validation (sendgrid:DomainValidation): is pending again: "
    )


def _objects(store: Store) -> dict[str, dict[str, Any]]:
    """What the vendors have of each resource, by its name."""
    sendgrid, twilio, segment = store.vendors["sendgrid"], store.vendors["twilio"], store.vendors["segment"]
    (key,) = [key for key in sendgrid["api_keys"].values() if key["name"].startswith(USERNAME)]
    (service,) = twilio["services"].values()
    (source,) = segment["sources"].values()
    return {
        "engage-email-subuser": sendgrid["subusers"][USERNAME],
        "engage-email-unsubscribe": sendgrid["tracking_settings"][f"{USERNAME}:subscription"]["values"],
        "engage-email-key": key,
        "engage-sms-service": service,
        "engage-segment-source": source,
    }


def test_what_is_changed_elsewhere_is_found_and_put_back(up: Project) -> None:
    objects = _objects(up.emulator.state)
    altered: dict[str, dict[str, Any]] = {
        "engage-email-subuser": {"email": "somebody@example.com"},
        "engage-email-unsubscribe": {"enabled": False},
        "engage-email-key": {"name": "somebody's"},
        "engage-sms-service": {"inbound_request_url": "https://elsewhere.example.com/"},
        "engage-segment-source": {"enabled": False, "name": "Somebody's"},
    }
    assert altered.keys() == ALL
    before = {name: {key: objects[name][key] for key in changes} for name, changes in altered.items()}
    for name, changes in altered.items():
        objects[name].update(changes)

    before_it = len(up.emulator.requests)
    found = up.look_for_drift().drift
    assert named(found) == ALL
    assert (
        "engage-sms-service (twilio:MessagingService): `inbound_request_url` was"
        ' "https://example.com/segment/inbound", is "https://elsewhere.example.com/"'
    ) in found
    assert {entry.method for entry in up.emulator.requests[before_it:]} == {"GET"}

    assert up.refresh().changes == dict.fromkeys(ALL, "update")
    restored = up.up()
    assert restored.ok, restored.output
    assert restored.changes == dict.fromkeys(ALL, "update")
    objects = _objects(up.emulator.state)
    assert {name: {key: objects[name][key] for key in changes} for name, changes in altered.items()} == before


def test_what_is_removed_elsewhere_is_found_and_made_again(up: Project) -> None:
    """A subuser takes its keys and its settings with it; nobody can send from a service that is gone, or feed from a
    source."""
    objects = _objects(up.emulator.state)
    store = up.emulator.state
    store.remove("sendgrid", "subusers", USERNAME)
    store.remove("twilio", "services", objects["engage-sms-service"]["sid"])
    store.remove("segment", "sources", objects["engage-segment-source"]["id"])

    of_subuser = {name for name, it in up.resources().items() if it.get("inputs", {}).get("subuser") == USERNAME}
    assert of_subuser >= {"engage-email-unsubscribe", "engage-email-key"}
    found = up.look_for_drift().drift
    gone = ALL | of_subuser | IN_OTHERS
    assert named([line for line in found if line.endswith(") is gone")]) == gone
    assert named([line for line in found if "is pending again" in line]) == TRIED
    assert named(found) == gone | TRIED
    assert up.refresh().changes == {**dict.fromkeys(gone, "delete"), **dict.fromkeys(TRIED, "update")}
    again = up.up()
    assert again.ok, again.output
    made_again = {**dict.fromkeys(gone, "create"), "engage-email-key-check": "update"}
    assert again.changes == {**made_again, "engage-sms-key-check": "replace"}
    assert (settled := up.bring_up()).ok, settled.output
    assert _objects(store)["engage-email-unsubscribe"]["enabled"] is True


def test_a_key_that_is_revoked_elsewhere_is_found_and_made_again(up: Project) -> None:
    keys = up.emulator.state.collection("sendgrid", "api_keys")
    (revoked,) = [name for name, key in keys.items() if key["name"].startswith(USERNAME)]
    del keys[revoked]
    assert up.refresh().changes == {"engage-email-key": "delete", "engage-email-key-check": "update"}
    again = up.up()
    assert again.changes == {"engage-email-key": "create", "engage-email-key-check": "update"}
    assert again.writes == ["POST /v3/api_keys"]
