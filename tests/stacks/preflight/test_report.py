"""How findings are shown, and what becomes of a problem."""

from __future__ import annotations

from types import SimpleNamespace

import pulumi
import pytest
import tenacity

from components.engage import EngageArgs
from providers.connection import Connection
from stacks import preflight
from stacks.preflight.findings import ok, problem, table, warning
from tests.stacks.preflight.conftest import Preflight, account

FINDINGS = [ok("plan", "paid"), warning("access", "closed", "open it"), problem("key", "wrong", "make one")]


def test_the_worst_comes_first_with_what_to_do_below_it() -> None:
    assert table(FINDINGS).splitlines() == [
        "  problem  key     wrong",
        "                   -> make one",
        "  warning  access  closed",
        "                   -> open it",
        "  ok       plan    paid",
    ]


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    said: list[tuple[str, str]] = []
    for level in ("info", "warn"):
        monkeypatch.setattr(pulumi.log, level, lambda text, level=level: said.append((level, text)))
    return said


def test_a_problem_is_shown_and_stops_nothing_unless_that_is_asked_for(said: list[tuple[str, str]]) -> None:
    preflight.report(FINDINGS, "warn")
    ((level, text),) = said
    assert (level, text.splitlines()[0]) == ("warn", "preflight: 3 findings, problems: 1, warnings: 1")
    with pytest.raises(pulumi.RunError, match=r"problems: 1(.|\n)*-> make one(.|\n)*nothing was changed"):
        preflight.report(FINDINGS, "enforce")
    preflight.report(FINDINGS[:2], "enforce")


def test_all_well_is_said_without_alarm(said: list[tuple[str, str]]) -> None:
    preflight.report(FINDINGS[:1], "enforce")
    assert said[0][0] == "info"


def test_off_asks_nobody(look: Preflight) -> None:
    look("segment")
    before = len(look.emulator.requests)
    connection = Connection({"endpoint": look.emulator.url})
    preflight.run(connection, EngageArgs(), {"sendgrid", "segment"}, "off")
    assert len(look.emulator.requests) == before


def test_a_vendor_that_cannot_be_reached_is_one_problem(look: Preflight, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tenacity.nap, "time", SimpleNamespace(sleep=lambda _: None))
    connection = Connection({"endpoint": "http://127.0.0.1:1"})
    (finding,) = preflight.look(connection, EngageArgs(account=account()), {"sendgrid"})
    assert (finding.outcome, finding.check) == ("problem", "SendGrid key")
    assert "cannot be reached" in finding.found
    assert "HTTPS_PROXY" in finding.todo
