"""How the engine's events are judged; tests/engine/test_drift.py has the engine make them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tools import drift

URN = (
    "urn:pulumi:prod::twilio-engage::twilio-engage:index:EngageStack$pulumi-python:dynamic/sendgrid:Thing::engage-thing"
)
PENDING = {"outputs": {"status": "pending", "reasons": ["a record is missing"]}}
VALID = {"outputs": {"status": "valid", "reasons": []}}


def looked(
    tmp_path: Path, op: str, old: dict[str, Any], new: dict[str, Any] | None, *, ended: bool = True
) -> drift.Found:
    step = {"op": op, "urn": URN, "type": "pulumi-python:dynamic/sendgrid:Thing", "old": old, "new": new}
    events = [{"preludeEvent": {"config": {}}}, {"resOutputsEvent": {"metadata": step}}]
    log = tmp_path / "events"
    log.write_text("\n".join(map(json.dumps, [*events, *([{"summaryEvent": {}}] if ended else [])])))
    return drift.judged(log)


@pytest.mark.parametrize(
    ("op", "old", "new", "said"),
    [
        ("delete", {"inputs": {"name": "a"}}, None, "is gone"),
        ("update", {"inputs": {"name": "a"}}, {"inputs": {"name": "b"}}, '`name` was "a", is "b"'),
        ("update", {"inputs": {"name": "a"}}, {"inputs": {}}, '`name` was "a", is null'),
        ("update", VALID, PENDING, "is pending again: a record is missing"),
        ("update", {"outputs": {"key": 1}}, {"outputs": {"key": 2}}, "`key` was 1, is 2"),
        ("update", {"inputs": {}}, {"inputs": {}}, "would be changed: update"),
        ("replace", VALID, VALID, "would be changed: replace"),
        # Whatever waits may be changed behind the stack's back as well.
        (
            "update",
            {**PENDING, "inputs": {"name": "a"}},
            {**PENDING, "inputs": {"name": "b"}},
            '`name` was "a", is "b"',
        ),
    ],
)
def test_what_is_drift(tmp_path: Path, op: str, old: dict[str, Any], new: dict[str, Any] | None, said: str) -> None:
    found = looked(tmp_path, op, old, new)
    (line,) = found.drift
    assert line.startswith("engage-thing (sendgrid:Thing)")
    assert line.endswith(said)
    assert (found.waiting, found.ready) == ([], [])


@pytest.mark.parametrize(
    ("op", "old", "new", "waiting", "ready"),
    [
        ("same", VALID, VALID, [], []),
        ("refresh", VALID, VALID, [], []),
        ("update", PENDING, PENDING, ["engage-thing"], []),
        ("update", PENDING, VALID, [], ["engage-thing"]),
        # `__provider` is how the state refers to the code, and nothing of the vendor's.
        (
            "update",
            {**PENDING, "inputs": {"__provider": "a"}},
            {**PENDING, "inputs": {"__provider": "b"}},
            ["engage-thing"],
            [],
        ),
    ],
)
def test_what_is_none(
    tmp_path: Path, op: str, old: dict[str, Any], new: dict[str, Any], waiting: list[str], ready: list[str]
) -> None:
    found = looked(tmp_path, op, old, new)
    assert (found.drift, found.waiting, found.ready) == ([], waiting, ready)


def test_a_long_value_is_cut(tmp_path: Path) -> None:
    (line,) = looked(tmp_path, "update", {"inputs": {"name": "a"}}, {"inputs": {"name": "b" * 9999}}).drift
    assert len(line) < 250


def test_an_engine_that_breaks_off_or_says_nothing_has_found_nothing_out(tmp_path: Path) -> None:
    with pytest.raises(drift.IncompleteError):
        looked(tmp_path, "same", VALID, VALID, ended=False)
    with pytest.raises(drift.IncompleteError):
        drift.judged(tmp_path / "missing")
    (tmp_path / "cut").write_text('{"summaryEvent": {}}\n{"resOutputsEv')
    with pytest.raises(drift.IncompleteError):
        drift.judged(tmp_path / "cut")


def test_the_report_says_what_there_is_and_what_to_do() -> None:
    assert drift.Found().report("prod") == "prod: no drift"
    report = drift.Found(["a (sendgrid:Thing) is gone"], ["b"], ["c", "d"]).report("prod")
    assert report.splitlines() == [
        "prod: drift",
        "- a (sendgrid:Thing) is gone",
        "",
        "Still pending: b",
        "",
        "Ready for the next `up`: c, d",
        "",
        "`make refresh STACK=prod`, and then `make up STACK=prod`, puts it back. To keep it as it is now, say so in the"
        " settings.",
    ]
