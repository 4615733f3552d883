"""An edit in a stack's settings changes exactly that."""

from __future__ import annotations

import pytest

from emulator import Emulator
from tests.engine.support import Command, Project, full_project

EDITS = {
    "sms.inboundWebhookUrl": (
        {"sms": {"inboundWebhookUrl": "https://example.com/other"}},
        ("engage-sms-service", "POST", {"InboundRequestUrl": "https://example.com/other"}),
    ),
    "sms.serviceName": (
        {"sms": {"serviceName": "Renamed"}},
        ("engage-sms-service", "POST", {}),
    ),
    "segment.sourceName": (
        {"segment": {"sourceName": "Renamed"}},
        ("engage-segment-source", "PATCH", {"name": "Renamed"}),
    ),
}


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory, command: Command, shared_emulator: Emulator) -> Project:
    project = full_project(tmp_path_factory.mktemp("settings") / "project", command, shared_emulator)
    assert (run := project.up()).ok, run.output
    return project


@pytest.mark.parametrize("setting", EDITS)
def test_an_edited_setting_updates_one_resource_with_one_request(up: Project, setting: str) -> None:
    edit, (resource, method, sent) = EDITS[setting]
    up.configure(**edit)
    assert up.preview().changes == {resource: "update"}
    done = up.up()
    assert done.changes == {resource: "update"}
    (write,) = [entry for entry in done.requests if entry.method != "GET"]
    assert write.method == method
    assert sent.items() <= write.body.items()


def test_an_updated_parent_previews_no_change_of_its_children(up: Project) -> None:
    """Its outputs are unknown in the preview of an update: children refer to its id, or to one of its inputs."""
    up.emulator.state.alter("sendgrid", "subusers", "twilio_engage_app_example_local", disabled=True)
    assert up.refresh().changes == {"engage-email-subuser": "update"}
    assert up.preview().changes == {"engage-email-subuser": "update"}
