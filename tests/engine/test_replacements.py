"""A field of which a change makes a new object: previewed as that, and made and removed in the right order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from emulator import Emulator
from emulator.exchange import LogEntry
from tests.engine.command import Command
from tests.engine.runs import Run
from tests.engine.specimens import API_KEY, PLACE, SENDER, SERVICE, SOURCE, SUBUSER, TRACKING, example, subuser
from tests.engine.support import Project, Small, small_project
from tests.support import twilio_objects

OLD, NEW = "engage_old", "engage_new"
RENAMED = ("engage_before", "engage_after")
HOMES = {
    "old_home": subuser(OLD),
    "new_home": subuser(NEW),
    "old_service": example(SERVICE),
    "new_service": example(SERVICE),
}
MOVED = ({"ref": "old_home.username"}, {"ref": "new_home.username"})
FIELDS: dict[str, tuple[str, str, tuple[Any, Any], dict[str, Any]]] = {
    "moved": (API_KEY, "subuser", MOVED, {}),
    "setting": (TRACKING, "subuser", MOVED, {}),
    "renamed": (SUBUSER, "username", RENAMED, {"allow_replacement": True}),
    "abroad": (PLACE, "iso_country", ("DE", "AT"), {}),
    "sender": (SENDER, "service_sid", ({"ref": "old_service.id"}, {"ref": "new_service.id"}), {}),
    "kind": (SOURCE, "metadata_id", ("iUM16Md8P2", "IqDTy1TpoU"), {"allow_replacement": True}),
}
"""By resource: its kind, the field, its value before and after, and what else it is given."""


def _resources(moment: int) -> dict[str, Any]:
    return HOMES | {
        name: example(token, **more, **{field: values[moment]}) for name, (token, field, values, more) in FIELDS.items()
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
    twilio_objects.short_code(shared_emulator)
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
    """Each in the account where it belongs."""
    writes = [(entry.method, entry.headers["On-Behalf-Of"]) for entry in story.writes("api_keys")]
    assert writes == [("POST", NEW), ("DELETE", OLD)]


def test_a_setting_that_moves_is_first_restored_where_it_was(story: Story) -> None:
    writes = [(e.headers["On-Behalf-Of"], e.body["enabled"]) for e in story.writes("tracking_settings")]
    assert writes == [(OLD, False), (NEW, True)]


def test_a_sender_leaves_one_pool_before_it_joins_another(story: Story) -> None:
    writes = [(entry.method, entry.path.split("/")[3]) for entry in story.writes("/ShortCodes")]
    assert writes == [("DELETE", story.ids["old_service"]), ("POST", story.ids["new_service"])]


def test_a_subuser_by_another_name_is_a_second_one_and_the_first_is_kept(story: Story) -> None:
    assert [entry.method for entry in story.writes("subusers")] == ["POST"]
    assert set(RENAMED) <= set(story.project.emulator.state.collection("sendgrid", "subusers"))


def test_an_address_in_another_country_is_made_before_the_old_one_is_removed(story: Story) -> None:
    assert [entry.method for entry in story.writes("Addresses")] == ["POST", "DELETE"]
    (address,) = story.project.emulator.state.collection("twilio", "addresses").values()
    assert address["iso_country"] == "AT"


def test_a_source_of_another_kind_is_a_new_source(story: Story) -> None:
    assert [entry.method for entry in story.writes("sources") if entry.method != "PATCH"] == ["POST", "DELETE"]
    (source,) = story.project.emulator.state.collection("segment", "sources").values()
    assert source["metadataId"] == "IqDTy1TpoU"


@pytest.mark.parametrize(
    ("token", "field", "values"), [(SUBUSER, "username", RENAMED), (SOURCE, "metadata_id", FIELDS["kind"][2])]
)
def test_a_replacement_that_costs_something_is_refused_unless_it_is_allowed(
    small: Small, token: str, field: str, values: tuple[str, str]
) -> None:
    before, after = values
    project = small({"it": example(token, **{field: before})})
    assert (up := project.up()).ok, up.output
    project.declare({"it": example(token, **{field: after})})
    refused = project.preview()
    assert not refused.ok
    assert any(f"{field}: cannot change on an existing" in error for error in refused.errors)


def test_a_rotated_key_is_the_same_resource_and_the_one_before_works_until_it_is_revoked(
    small: Small, emulator: Emulator
) -> None:
    def resources(**inputs: Any) -> dict[str, Any]:
        return {"home": subuser(OLD), "key": example(API_KEY, subuser={"ref": "home.id"}, **inputs)}

    def there() -> list[str]:
        return [id_ for id_, key in emulator.state.collection("sendgrid", "api_keys").items() if key["owner"] == OLD]

    project = small(resources())
    assert (up := project.up()).ok, up.output
    (first,) = there()
    project.declare(resources(generation=2))
    rotated = project.up()
    assert rotated.changes == {"key": "update"}
    assert f"key {first}, from before, still works" in rotated.output
    key = project.resources()["key"]
    assert (key["id"], key["outputs"]["previous_api_key_ids"]) == (first, [first])
    second = key["outputs"]["api_key_id"]
    assert sorted(there()) == sorted([first, second])

    project.declare(resources(generation=2, revoke_previous=True))
    assert project.up().changes == {"key": "update"}
    assert there() == [second]
    assert project.destroy().ok
    assert there() == []
