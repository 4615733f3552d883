"""What destroy leaves, and how the next up finds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from emulator import Emulator
from tests.engine.command import Command
from tests.engine.runs import Run
from tests.engine.support import Project, full_project

USERNAME = "twilio_engage_app_example_local"


@dataclass
class Story:
    """Up, destroy, up; what the state had before and after, and what the vendors had in between."""

    up: Run
    before: dict[str, dict[str, Any]]
    previewed: Run
    destroyed: Run
    left: dict[str, list[str]]
    setting: dict[str, Any]
    again: Run
    after: dict[str, dict[str, Any]]


def _left(emulator: Emulator) -> dict[str, list[str]]:
    vendors = emulator.state.vendors
    return {
        "subusers": list(vendors["sendgrid"]["subusers"]),
        "keys": [k["name"] for k in vendors["sendgrid"]["api_keys"].values() if k["owner"] == USERNAME],
        "settings": list(vendors["sendgrid"]["tracking_settings"]),
        "services": list(vendors["twilio"]["services"]),
        "sources": list(vendors["segment"]["sources"]),
    }


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory, command: Command, shared_emulator: Emulator) -> Story:
    project = full_project(tmp_path_factory.mktemp("destroy") / "project", command, shared_emulator)
    up, before, previewed, destroyed = project.up(), project.resources(), project.preview_destroy(), project.destroy()
    left = _left(shared_emulator)
    setting = shared_emulator.state.collection("sendgrid", "tracking_settings")[f"{USERNAME}:subscription"]
    return Story(up, before, previewed, destroyed, left, dict(setting["values"]), project.up(), project.resources())


def test_the_preview_says_what_is_kept(story: Story) -> None:
    retained = {line.split()[2] for line in story.previewed.output.splitlines() if line.endswith("delete[retain]")}
    assert retained == {name for name, resource in story.before.items() if resource.get("retainOnDelete")}
    assert retained >= {"engage-email-subuser", "engage-email-unsubscribe"}
    assert story.previewed.requests == []


def test_what_is_kept_stays_as_it_was_and_nothing_else_does(story: Story) -> None:
    assert story.destroyed.ok, story.destroyed.output
    settings = story.left.pop("settings")
    assert f"{USERNAME}:subscription" in settings
    assert all(setting.startswith(f"{USERNAME}:") for setting in settings)
    assert story.left == {"subusers": [USERNAME], "keys": [], "services": [], "sources": []}
    assert story.setting["enabled"] is True


def test_the_next_up_finds_what_was_kept_and_makes_the_rest_anew(story: Story) -> None:
    assert story.again.ok, story.again.output
    assert story.again.changes == story.up.changes
    assert "POST /v3/subusers" in story.up.writes
    assert "POST /v3/subusers" not in story.again.writes
    assert {"POST /v3/api_keys", "POST /v1/Services", "POST /sources"} <= set(story.again.writes)


def test_the_password_of_a_subuser_that_was_found_is_not_claimed_to_be_known(story: Story) -> None:
    before, after = (state["engage-email-subuser"]["outputs"].get("password") for state in (story.before, story.after))
    assert "ciphertext" in before
    assert after is None


def test_a_subuser_that_is_not_kept_is_removed_with_all_that_it_has(project: Project, emulator: Emulator) -> None:
    project.configure(email={"keepSubuser": False})
    assert (run := project.up()).ok, run.output
    destroyed = project.destroy()
    assert destroyed.ok, destroyed.output
    assert not any(_left(emulator).values())
