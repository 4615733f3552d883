"""What a preflight finds, and how it is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from components.engage import EngageArgs
from providers.client import BaseClient

Outcome = Literal["ok", "warning", "problem"]


@dataclass(frozen=True)
class Finding:
    """What one check found.

    outcome  a problem makes `up` fail, or what it makes useless; a warning is worth a thought
    check    what was looked at
    found    what is there
    todo     what to do about it; empty where all is well
    """

    outcome: Outcome
    check: str
    found: str
    todo: str = ""


C = TypeVar("C", bound=BaseClient)
Check = Callable[[Any, EngageArgs], Iterable[Finding]]
"""Asks a vendor, by its client, what these settings need of it. Reads only."""


@dataclass(frozen=True)
class Checks:
    """One vendor's: the first one says whether the others can be asked at all."""

    first: Check
    others: Sequence[Check] = ()


def ok(check: str, found: str) -> Finding:
    return Finding("ok", check, found)


def warning(check: str, found: str, todo: str) -> Finding:
    return Finding("warning", check, found, todo)


def problem(check: str, found: str, todo: str) -> Finding:
    return Finding("problem", check, found, todo)


_ORDER = {"problem": 0, "warning": 1, "ok": 2}


def table(findings: Sequence[Finding]) -> str:
    """The findings for reading, the worst first: a line each, and what to do below it."""
    lines = []
    width = max((len(finding.check) for finding in findings), default=0)
    for finding in sorted(findings, key=lambda each: _ORDER[each.outcome]):
        lines.append(f"  {finding.outcome:<8} {finding.check:<{width}}  {finding.found}")
        if finding.todo:
            lines.append(f"  {'':<8} {'':<{width}}  -> {finding.todo}")
    return "\n".join(lines)
