"""What a preflight finds, and how it is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from components.engage import EngageArgs
from providers.client import BaseClient
from providers.errors import EngageError

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


def _none(_args: EngageArgs) -> Iterable[Check]:
    return ()


@dataclass(frozen=True)
class Checks:
    """One vendor's.

    first   says whether the others can be asked at all
    others  are asked at once
    each    more of those, one for everything of its kind that the settings name
    """

    first: Check
    others: Sequence[Check] = ()
    each: Callable[[EngageArgs], Iterable[Check]] = _none


def ok(check: str, found: str) -> Finding:
    return Finding("ok", check, found)


def warning(check: str, found: str, todo: str) -> Finding:
    return Finding("warning", check, found, todo)


def problem(check: str, found: str, todo: str) -> Finding:
    return Finding("problem", check, found, todo)


def refused(check: str, failed: EngageError) -> Finding:
    """The problem that a call met: its message says what to do behind the arrow."""
    return problem(check, *_parted(failed))


def unknown(check: str, failed: EngageError) -> Finding:
    """What could not be looked at, which may be well all the same."""
    found, todo = _parted(failed)
    return warning(check, f"is not known: {found}", todo)


def _parted(failed: EngageError) -> tuple[str, str]:
    found, _, todo = str(failed).partition(" -> ")
    return found, todo or "see the vendor's console"


_ORDER = {"problem": 0, "warning": 1, "ok": 2}


def table(findings: Sequence[Finding]) -> str:
    """The findings for reading and for grep, the worst first: one line each, with what to do behind the arrow."""
    width = max((len(finding.check) for finding in findings), default=0)
    return "\n".join(
        f"  {finding.outcome:<8} {finding.check:<{width}}  {_in_one_line(finding)}"
        for finding in sorted(findings, key=lambda each: _ORDER[each.outcome])
    )


def _in_one_line(finding: Finding) -> str:
    said = f"{finding.found} -> {finding.todo}" if finding.todo else finding.found
    return " ".join(said.split())
