"""An edit in a stack's settings changes exactly that."""

from __future__ import annotations

import re
from typing import Any

import pytest

from emulator import Emulator
from tests.engine.command import Command
from tests.engine.support import Project, full_project

EDITS: dict[str, tuple[dict[str, Any], str, dict[str, str]]] = {
    "sms.inboundWebhookUrl": (
        {"sms": {"inboundWebhookUrl": "https://example.com/other"}},
        "engage-sms-service",
        {"InboundRequestUrl": "https://example.com/other"},
    ),
    "sms.serviceName": (
        {"sms": {"serviceName": "Renamed"}},
        "engage-sms-service",
        {"FriendlyName": r"Renamed \[[0-9a-f]{12}\]"},
    ),
    "segment.sourceName": (
        {"segment": {"sourceName": "Renamed"}},
        "engage-segment-source",
        {"name": "Renamed"},
    ),
}
"""The edit, the one resource that it changes, and what is sent: fields as regular expressions."""


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory, command: Command, shared_emulator: Emulator) -> Project:
    project = full_project(tmp_path_factory.mktemp("settings") / "project", command, shared_emulator)
    assert (run := project.bring_up()).ok, run.output
    return project


@pytest.mark.parametrize("setting", EDITS)
def test_an_edited_setting_updates_one_resource_with_one_request(up: Project, setting: str) -> None:
    edit, resource, sent = EDITS[setting]
    up.configure(**edit)
    assert up.preview().changes == {resource: "update"}
    done = up.up()
    assert done.changes == {resource: "update"}
    (write,) = [entry for entry in done.requests if entry.method != "GET"]
    assert all(re.fullmatch(pattern, write.body[field]) for field, pattern in sent.items()), write.body


def test_an_updated_parent_previews_no_change_of_its_children(up: Project) -> None:
    """Its outputs are unknown in the preview of an update: children refer to its id, or to one of its inputs."""
    up.emulator.state.alter("sendgrid", "subusers", "twilio_engage_app_example_local", disabled=True)
    assert up.refresh().changes == {"engage-email-subuser": "update"}
    assert up.preview().changes == {"engage-email-subuser": "update"}
