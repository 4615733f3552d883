"""Every field of every resource that can change in place does."""

from __future__ import annotations

from typing import Any

from emulator import Emulator
from providers.declaration import all_declarations
from tests.engine.specimens import API_KEY, REPLACEMENTS, SUBUSER, TRACKING, UPDATES, example, prepare, subuser
from tests.engine.support import Small


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
