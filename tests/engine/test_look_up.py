"""A stack that only reads: `Resource.get` finds what exists and leaves it alone."""

from __future__ import annotations

from pathlib import Path

from emulator import Emulator
from tests.engine.command import Command
from tests.engine.specimens import API_KEY, SERVICE, SUBUSER, example, subuser
from tests.engine.support import Small, small_project
from tests.providers.cases import CASES


def test_what_exists_is_read_and_never_changed_or_deleted(
    small: Small, emulator: Emulator, command: Command, tmp_path: Path
) -> None:
    home = CASES[SUBUSER].inputs["username"]
    key = example(API_KEY, subuser={"ref": "home.id"})
    project = small({"home": subuser(home), "service": example(SERVICE), "key": key})
    assert (up := project.up()).ok, up.output
    ids = {name: resource["id"] for name, resource in project.resources().items() if name in ("service", "key")}

    looked_up = {
        "read service": {"type": SERVICE, "get": ids["service"], "inputs": {}},
        "read key": {"type": API_KEY, "get": ids["key"], "inputs": {"subuser": home}},
    }
    reader = small_project(tmp_path / "reader", command, emulator, looked_up)
    up = reader.up()
    assert up.ok, up.output
    assert up.writes == []
    outputs = reader.outputs()
    assert outputs["read service"]["use_case"] == "marketing"
    assert outputs["read service"]["display_name"] == outputs["read service"]["friendly_name"]
    assert outputs["read key"]["scopes"] == ["mail.send"]
    assert outputs["read key"].get("api_key") is None, "the vendor shows it once"
    assert reader.preview().changes == {}

    destroyed = reader.destroy()
    assert destroyed.ok, destroyed.output
    assert destroyed.writes == []
    assert project.refresh().changes == {}


def test_what_does_not_exist_is_an_error(small: Small) -> None:
    project = small({"service": {"type": SERVICE, "get": "MG" + "0" * 32, "inputs": {}}})
    up = project.up()
    assert not up.ok
    assert any(f"there is no MessagingService MG{'0' * 32} to look up -> " in error for error in up.errors), up.output
