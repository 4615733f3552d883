"""Every field of every resource: what changes in place does, and what makes a new object does it in the right order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from emulator import Emulator
from emulator.exchange import LogEntry
from providers.declaration import all_declarations
from tests.engine.specimens import API_KEY, REPLACEMENTS, SOURCE, SUBUSER, TRACKING, UPDATES, example, prepare, subuser
from tests.engine.support import Project

Small = Callable[[Mapping[str, Any]], Project]


def test_every_field_that_can_change_has_an_example() -> None:
    changing = {
        declaration.token: {
            name for name, spec in declaration.inputs.items() if not spec.write_once and spec.kind != "marker"
        }
        for declaration in all_declarations()
    }
    replacing = {
        declaration.token: {name for name, spec in declaration.inputs.items() if spec.replaces}
        for declaration in all_declarations()
    }
    assert {token: set(fields) for token, fields in REPLACEMENTS.items()} == replacing
    assert {token: set(fields) | replacing[token] for token, fields in UPDATES.items()} == changing


def _each_field(moment: int) -> dict[str, Any]:
    """One resource for each field that changes in place, each in a subuser of its own where it can have one."""
    resources = {}
    for token, fields in UPDATES.items():
        for field, values in fields.items():
            name = f"{token.partition(':')[2]}-{field}"
            inputs = {field: values[moment]}
            if token == SUBUSER:
                inputs["username"] = name
            elif token in (API_KEY, TRACKING):
                resources[f"home-{name}"] = subuser(name)
                inputs["subuser"] = {"ref": f"home-{name}.username"}
            elif field == "fallback_url":
                inputs["inbound_request_url"] = "https://example.com/in"
            resources[name] = example(token, **inputs)
    return resources


def test_a_field_that_can_change_in_place_does_so_with_one_request(small: Small, emulator: Emulator) -> None:
    prepare(emulator)
    project = small(_each_field(0))
    assert (up := project.up()).ok, up.output
    fields = {f"{token.partition(':')[2]}-{field}" for token, fields in UPDATES.items() for field in fields}

    project.declare(_each_field(1))
    expected = dict.fromkeys(fields, "update")
    assert project.preview().changes == expected
    up = project.up()
    assert up.ok, up.output
    assert up.changes == expected
    assert len(up.writes) == len(fields)
    assert {write.partition(" ")[0] for write in up.writes} <= {"POST", "PUT", "PATCH"}

    found = project.preview_refresh()
    assert found.changes == {}, "what was sent is not what the vendors have"


@pytest.fixture
def homes(emulator: Emulator) -> dict[str, Any]:
    prepare(emulator)
    return {"old_home": subuser("engage_old"), "new_home": subuser("engage_new")}


def _replaced(small: Small, homes: dict[str, Any], token: str, field: str, **inputs: Any) -> list[LogEntry]:
    """Preview and make the replacement; the requests that wrote."""
    before, after = REPLACEMENTS[token][field]
    project = small({**homes, "it": example(token, **inputs, **{field: before})})
    assert (up := project.up()).ok, up.output
    project.declare({**homes, "it": example(token, **inputs, **{field: after})})
    assert project.preview().changes == {"it": "replace"}
    up = project.up()
    assert up.ok, up.output
    assert up.changes == {"it": "replace"}
    return [entry for entry in up.requests if entry.method != "GET"]


def test_a_rotated_key_is_made_before_the_old_one_is_revoked(
    small: Small, homes: dict[str, Any], emulator: Emulator
) -> None:
    keys = emulator.state.collection("sendgrid", "api_keys")
    made, revoked = _replaced(small, homes, API_KEY, "generation", subuser={"ref": "old_home.username"})
    assert (made.method, revoked.method) == ("POST", "DELETE")
    (left,) = [key for key in keys.values() if key["owner"] == "engage_old"]
    assert left["api_key_id"] not in revoked.path


def test_a_key_that_moves_is_made_in_its_new_account_before_the_old_one_loses_it(
    small: Small, homes: dict[str, Any]
) -> None:
    made, revoked = _replaced(small, homes, API_KEY, "subuser")
    assert (made.method, made.headers["On-Behalf-Of"]) == ("POST", "engage_new")
    assert (revoked.method, revoked.headers["On-Behalf-Of"]) == ("DELETE", "engage_old")


def test_a_setting_that_moves_is_first_restored_where_it_was(small: Small, homes: dict[str, Any]) -> None:
    restored, made = _replaced(small, homes, TRACKING, "subuser")
    assert (restored.headers["On-Behalf-Of"], restored.body["enabled"]) == ("engage_old", False)
    assert (made.headers["On-Behalf-Of"], made.body["enabled"]) == ("engage_new", True)


def test_a_source_of_another_kind_is_a_new_source(small: Small, homes: dict[str, Any], emulator: Emulator) -> None:
    _replaced(small, {}, SOURCE, "metadata_id")
    (source,) = emulator.state.collection("segment", "sources").values()
    assert source["metadataId"] == REPLACEMENTS[SOURCE]["metadata_id"][1]


def test_a_subuser_by_another_name_is_a_second_one_and_the_first_is_kept(small: Small, emulator: Emulator) -> None:
    (made,) = _replaced(small, {}, SUBUSER, "username", allow_replacement=True)
    assert (made.method, made.path) == ("POST", "/v3/subusers")
    assert set(emulator.state.collection("sendgrid", "subusers")) == {"engage_before", "engage_after"}


def test_a_subusers_other_address_is_refused_as_the_username_is_taken(small: Small, emulator: Emulator) -> None:
    before, after = REPLACEMENTS[SUBUSER]["email"]
    project = small({"it": subuser("engage_test", email=before)})
    assert (up := project.up()).ok, up.output
    project.declare({"it": subuser("engage_test", email=after)})
    refused = project.preview()
    assert not refused.ok
    assert any("email: cannot change on an existing Subuser" in error for error in refused.errors)
