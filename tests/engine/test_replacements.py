"""A field of which a change makes a new object: previewed as that, and made and removed in the right order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from emulator import Emulator
from emulator.exchange import LogEntry
from tests.engine.runs import Run
from tests.engine.specimens import (
    API_KEY,
    PLACE,
    REPLACEMENTS,
    SERVICE,
    SOURCE,
    SUBUSER,
    TRACKING,
    example,
    subuser,
)
from tests.engine.support import Command, Project, Small, small_project

OLD, NEW = "engage_old", "engage_new"
PARENT = "engage_parent"
HOMES = {"old_home": subuser(OLD), "new_home": subuser(NEW)}
FIELDS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "rotated": (API_KEY, "generation", {"subuser": {"ref": "old_home.username"}}),
    "moved": (API_KEY, "subuser", {}),
    "setting": (TRACKING, "subuser", {}),
    "renamed": (SUBUSER, "username", {"allow_replacement": True}),
}


def _resources(moment: int) -> dict[str, Any]:
    return HOMES | {
        name: example(token, **more, **{field: REPLACEMENTS[token][field][moment]})
        for name, (token, field, more) in FIELDS.items()
    }


@dataclass
class Story:
    """Up, then every one of these fields changed."""

    project: Project
    first: Run
    ids: dict[str, str]
    """Before the change."""
    previewed: Run
    up: Run

    def writes(self, kind: str) -> list[LogEntry]:
        """What the replacements wrote, in its order, to paths with this in them."""
        return [entry for entry in self.up.requests if entry.method != "GET" and kind in entry.path]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory, command: Command, shared_emulator: Emulator) -> Story:
    directory = tmp_path_factory.mktemp("replacements") / "project"
    project = small_project(directory, command, shared_emulator, _resources(0))
    first = project.up()
    ids = {name: resource["id"] for name, resource in project.resources().items() if "id" in resource}
    project.declare(_resources(1))
    return Story(project, first, ids, project.preview(), project.up())


def test_it_previews_as_a_replacement(story: Story) -> None:
    assert story.first.ok, story.first.output
    assert story.previewed.changes == dict.fromkeys(FIELDS, "replace")
    assert story.up.ok, story.up.output
    assert story.up.changes == story.previewed.changes


def test_a_key_is_made_before_the_one_that_it_replaces_is_revoked(story: Story) -> None:
    """And in the account where it belongs, if that is the change."""
    made, revoked = story.writes("api_keys")[:2], story.writes("api_keys")[2:]
    assert sorted((entry.method, entry.headers["On-Behalf-Of"]) for entry in made) == [("POST", NEW), ("POST", OLD)]
    assert {(entry.method, entry.path, entry.headers["On-Behalf-Of"]) for entry in revoked} == {
        ("DELETE", f"/v3/api_keys/{story.ids[name]}", OLD) for name in ("rotated", "moved")
    }


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


def test_a_replacement_that_cannot_succeed_is_refused_by_the_preview(story: Story) -> None:
    """The username stays taken by the subuser with the former address, whatever is allowed."""
    resources = _resources(1)
    resources["renamed"]["inputs"]["email"] = REPLACEMENTS[SUBUSER]["email"][1]
    story.project.declare(resources)
    refused = story.project.preview()
    assert not refused.ok
    assert any("email" in error for error in refused.errors)


def test_what_is_replaced_by_hand_exists_once_and_is_new(small: Small, emulator: Emulator) -> None:
    """As `pulumi up --replace URN` does: nothing of the new object tells it from the old one's."""
    collections = {"key": ("sendgrid", "api_keys"), "service": ("twilio", "services"), "source": ("segment", "sources")}
    project = small(
        {
            "home": subuser(OLD),
            "key": example(API_KEY, subuser={"ref": "home.id"}),
            "service": example(SERVICE),
            "source": example(SOURCE),
        }
    )
    assert (up := project.up()).ok, up.output
    before = project.resources()
    replaced = project.up(replace=[before[name]["urn"] for name in collections])
    assert replaced.ok, replaced.output
    assert replaced.changes == dict.fromkeys(collections, "replace")
    after = project.resources()
    for name, collection in collections.items():
        ours = [id_ for id_, record in emulator.state.collection(*collection).items() if record.get("owner") != PARENT]
        assert ours == [after[name]["id"]]
        assert ours != [before[name]["id"]]


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
