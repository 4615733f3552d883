"""The preflight in a preview and in up, on the real engine."""

from __future__ import annotations

import re

from emulator import Emulator
from tests.engine.support import Project


def test_a_preview_shows_one_table_and_only_reads(project: Project, emulator: Emulator) -> None:
    emulator.state.alter("sendgrid", "accounts", "engage_parent", type="free")
    emulator.state.alter("twilio", "accounts", emulator.credentials["TWILIO_ACCOUNT_SID"], type="Trial")
    project.configure(preflight="warn")
    preview = project.preview()
    assert preview.ok, preview.output
    lines = [line.strip() for line in preview.output.splitlines()]
    (plan,) = [line for line in lines if line.startswith("problem  SendGrid plan")]
    assert " -> subusers and dedicated IPs need a Pro plan" in plan
    (trial,) = [line for line in lines if line.startswith("problem  Twilio account")]
    assert "Trial, active -> a trial texts only to numbers" in trial
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


def test_the_number_that_a_preview_names_is_bought_and_found_again(project: Project, emulator: Emulator) -> None:
    project.configure(preflight="warn")
    said = re.search(r"Twilio number main .* would buy a US local number, as (\+\d+), 1.15", project.preview().output)
    assert said is not None
    assert project.up().ok
    (bought,) = emulator.state.collection("twilio", "incoming_phone_numbers").values()
    assert bought["phone_number"] == said[1]
    found = f"is {said[1]}, which the account has, and which is this stack's"
    assert found in project.preview().output, "its owner's tag is made of another name"
