"""The preflight in a preview and in up, on the real engine."""

from __future__ import annotations

from emulator import Emulator
from tests.engine.support import Project


def test_a_preview_shows_one_table_and_only_reads(project: Project, emulator: Emulator) -> None:
    emulator.state.alter("sendgrid", "accounts", "engage_parent", type="free")
    project.configure(preflight="warn")
    preview = project.preview()
    assert preview.ok, preview.output
    assert preview.output.count("problem  SendGrid plan") == 1
    assert "-> subusers and dedicated IPs need a Pro plan" in preview.output
    assert preview.requests
    assert preview.writes == []
    for secret in set(emulator.credentials.values()) - {emulator.credentials["TWILIO_ACCOUNT_SID"]}:
        assert secret not in preview.output


def test_enforced_nothing_is_made_while_there_is_a_problem(project: Project, emulator: Emulator) -> None:
    emulator.state.alter("sendgrid", "accounts", "engage_parent", type="free")
    project.configure(preflight="enforce")
    up = project.up()
    assert not up.ok
    assert up.writes == []
    assert any("nothing was changed" in error for error in up.errors), up.output
    assert "Traceback" not in up.output
    emulator.state.alter("sendgrid", "accounts", "engage_parent", type="paid")
    up = project.up()
    assert up.ok, up.output
    assert "warning  SendGrid IP 192.0.2.10" in up.output
