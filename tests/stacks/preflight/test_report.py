"""How findings are shown, and what becomes of a problem."""

from __future__ import annotations

from time import perf_counter
from types import SimpleNamespace
from typing import Any

import pulumi
import pytest
import tenacity

from components.engage import EngageArgs
from providers.client import Client
from providers.connection import Connection
from stacks import preflight
from stacks.preflight.findings import ok, problem, table, warning
from tests.stacks.preflight.conftest import Preflight, account, email, segment, sms

FINDINGS = [ok("plan", "paid"), warning("access", "closed", "open it"), problem("key", "wrong", "make one")]


def test_the_worst_comes_first_each_in_one_line_with_what_to_do() -> None:
    assert table([*FINDINGS, problem("ip", "said\n  so", "ask")]).splitlines() == [
        "  problem  key     wrong -> make one",
        "  problem  ip      said so -> ask",
        "  warning  access  closed -> open it",
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


def test_what_a_key_may_not_look_at_is_not_known_and_no_problem(look: Preflight) -> None:
    look.emulator.fault(path="/v3/access_settings/whitelist", status=403)
    finding = look("sendgrid")["SendGrid access list"]
    assert (finding.outcome, finding.found[:12]) == ("warning", "is not known")
    look.emulator.fault(path="/v3/access_settings/whitelist", status=400)
    assert look("sendgrid")["SendGrid access list"].outcome == "problem"


def test_a_reply_that_nobody_documented_is_no_problem(look: Preflight, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Client.get

    def get(self: Client, path: str, **query: Any) -> Any:
        return {} if path == "/v3/access_settings/whitelist" else whole(self, path, **query)

    monkeypatch.setattr(Client, "get", get)
    finding = look("sendgrid")["SendGrid access list"]
    assert (finding.outcome, "KeyError" in finding.found) == ("warning", True)


def test_no_call_waits_for_another_vendors_or_for_another_check(look: Preflight) -> None:
    """All vendors but Route 53, which speaks another protocol: 200 ms a call, as over an ocean."""
    numbers: dict[str, dict[str, Any]] = {
        "main": {},
        "second": {"area_code": 212},
        "free": {"number_type": "toll_free"},
    }
    args = EngageArgs(account=account(), email=email(), sms=sms(numbers), segment=segment())
    look.emulator.fault(latency_ms=200, times=1000)
    began = perf_counter()
    look("sendgrid", "twilio", "segment", args=args)
    took = perf_counter() - began
    calls = [entry.milliseconds / 1000 for entry in look.emulator.requests]
    said = f"{len(calls)} calls of {sum(calls):.2f} s took {took:.2f} s: {sum(calls) / took:.1f} times as fast"
    assert took < sum(calls) / 2.5, said
