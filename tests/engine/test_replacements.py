"""A field of which a change makes a new object: previewed as that, and made and removed in the right order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from emulator import Emulator
from emulator.exchange import LogEntry
from tests.engine.runs import Run
from tests.engine.specimens import API_KEY, PLACE, REPLACEMENTS, SOURCE, SUBUSER, TRACKING, example, subuser
from tests.engine.support import Command, Project, Small, small_project

OLD, NEW = "engage_old", "engage_new"
HOMES = {"old_home": subuser(OLD), "new_home": subuser(NEW)}
FIELDS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "rotated": (API_KEY, "generation", {"subuser": {"ref": "old_home.username"}}),
    "moved": (API_KEY, "subuser", {}),
    "setting": (TRACKING, "subuser", {}),
    "renamed": (SUBUSER, "username", {"allow_replacement": True}),
}


def _resources(moment: int, *names: str) -> dict[str, Any]:
    chosen = {name: FIELDS[name] for name in names or FIELDS}
    return HOMES | {
        name: example(token, **more, **{field: REPLACEMENTS[token][field][moment]})
        for name, (token, field, more) in chosen.items()
    }


@dataclass
class Story:
    """Up, then every one of these fields changed."""

    project: Project
    first: Run
    previewed: Run
    up: Run

    def writes(self, name: str) -> list[LogEntry]:
        """What the replacement of one key or setting sent, in its order: told by the paths of its two objects."""
        return [entry for entry in self.up.requests if entry.method != "GET" and name in entry.path]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory, command: Command, shared_emulator: Emulator) -> Story:
    directory = tmp_path_factory.mktemp("replacements") / "project"
    project = small_project(directory, command, shared_emulator, _resources(0))
    first = project.up()
    project.declare(_resources(1))
    return Story(project, first, project.preview(), project.up())


def test_it_previews_as_a_replacement(story: Story) -> None:
    assert story.first.ok, story.first.output
    assert story.previewed.changes == dict.fromkeys(FIELDS, "replace")
    assert story.up.ok, story.up.output
    assert story.up.changes == story.previewed.changes


def test_a_rotated_key_is_made_before_the_old_one_is_revoked(story: Story) -> None:
    made, revoked = [entry for entry in story.writes("api_keys") if entry.headers["On-Behalf-Of"] == OLD][:2]
    assert (made.method, revoked.method) == ("POST", "DELETE")


def test_a_key_that_moves_is_made_in_its_new_account_and_revoked_in_its_old_one(story: Story) -> None:
    writes = [(entry.method, entry.headers["On-Behalf-Of"]) for entry in story.writes("api_keys")]
    assert sorted(writes) == [("DELETE", OLD), ("DELETE", OLD), ("POST", NEW), ("POST", OLD)]
    assert [method for method, _ in writes[:2]] == ["POST", "POST"]


def test_a_setting_that_moves_is_first_restored_where_it_was(story: Story) -> None:
    writes = [(e.headers["On-Behalf-Of"], e.body["enabled"]) for e in story.writes("tracking_settings")]
    assert writes == [(OLD, False), (NEW, True)]


def test_a_subuser_by_another_name_is_a_second_one_and_the_first_is_kept(story: Story) -> None:
    assert [entry.method for entry in story.writes("subusers")] == ["POST"]
    subusers = story.project.emulator.state.collection("sendgrid", "subusers")
    assert set(REPLACEMENTS[SUBUSER]["username"]) <= set(subusers)


def test_a_replacement_that_costs_a_subuser_is_refused_unless_it_is_allowed(small: Small) -> None:
    before, after = REPLACEMENTS[SUBUSER]["email"]
    project = small({"it": subuser("engage_test", email=before)})
    assert (up := project.up()).ok, up.output
    project.declare({"it": subuser("engage_test", email=after)})
    refused = project.preview()
    assert not refused.ok
    assert any("email: cannot change on an existing Subuser" in error for error in refused.errors)


def test_a_source_of_another_kind_is_a_new_source(small: Small, emulator: Emulator) -> None:
    before, after = REPLACEMENTS[SOURCE]["metadata_id"]
    project = small({"it": example(SOURCE, metadata_id=before)})
    assert (up := project.up()).ok, up.output
    project.declare({"it": example(SOURCE, metadata_id=after)})
    assert project.preview().changes == {"it": "replace"}
    up = project.up()
    assert up.ok, up.errors
    (source,) = emulator.state.collection("segment", "sources").values()
    assert source["metadataId"] == after


def test_an_address_in_another_country_is_made_before_the_old_one_is_removed(small: Small, emulator: Emulator) -> None:
    before, after = REPLACEMENTS[PLACE]["iso_country"]
    project = small({"it": example(PLACE, iso_country=before)})
    assert (up := project.up()).ok, up.output
    project.declare({"it": example(PLACE, iso_country=after)})
    assert project.preview().changes == {"it": "replace"}
    up = project.up()
    assert up.ok, up.errors
    assert [write.partition(" ")[0] for write in up.writes] == ["POST", "DELETE"]
    (address,) = emulator.state.collection("twilio", "addresses").values()
    assert address["iso_country"] == after
