"""Looks, before anything is made, whether the accounts are as the settings need them: reads only, and in parallel.

It runs in the program, at the start of `preview` and `up`: the engine's own check of a resource may not call anybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import pulumi

from components.engage import EngageArgs
from providers.client import BaseClient
from providers.connection import Connection
from providers.errors import EngageError
from providers.vendors import CLIENTS
from stacks.preflight import route53, segment, sendgrid
from stacks.preflight.findings import Check, Checks, Finding, problem, table

_CHECKS: Final[Mapping[str, Checks]] = {
    "sendgrid": sendgrid.CHECKS,
    "segment": segment.CHECKS,
    "route53": route53.CHECKS,
}
"""By the vendor's module."""

_THREADS: Final = 8

MODES: Final = ("off", "warn", "enforce")
"""What becomes of a problem: nothing is asked, it is shown, or nothing is made."""


def run(connection: Connection, args: EngageArgs, vendors: set[str], mode: str) -> None:
    """Look, and show what was found. Raises RunError where that is a problem and the mode is enforce."""
    if mode != "off":
        report(look(connection, args, vendors), mode)


def look(connection: Connection, args: EngageArgs, vendors: set[str]) -> list[Finding]:
    """What was found at these vendors; a vendor whose first check is a problem is asked no more."""
    asked = {module: checks for module, checks in _CHECKS.items() if module in vendors}
    clients = {module: CLIENTS[module](connection) for module in asked}
    with ThreadPoolExecutor(_THREADS) as pool:
        first = pool.map(lambda module: _run(asked[module].first, clients[module], args), asked)
        found = dict(zip(asked, first, strict=True))
        able = [module for module in asked if not any(each.outcome == "problem" for each in found[module])]
        others = [(module, check) for module in able for check in asked[module].others]
        more = pool.map(lambda one: _run(one[1], clients[one[0]], args), others)
        return [each for findings in (*found.values(), *more) for each in findings]


def _run(check: Check, client: BaseClient, args: EngageArgs) -> list[Finding]:
    """What a check finds. A call that fails is a finding too, and no reason to stop the others."""
    findings: list[Finding] = []
    try:
        for finding in check(client, args):
            findings.append(finding)
    except EngageError as failed:
        said, _, todo = str(failed).partition(" -> ")
        name = f"{client.vendor} {check.__name__.replace('_', ' ')}"
        findings.append(problem(name, said, todo or "see the vendor's console"))
    return findings


def report(findings: list[Finding], mode: str) -> None:
    """Show what was found. Raises RunError where a problem is found and `mode` is enforce."""
    problems = sum(each.outcome == "problem" for each in findings)
    warnings = sum(each.outcome == "warning" for each in findings)
    said = f"preflight: {len(findings)} findings, problems: {problems}, warnings: {warnings}\n{table(findings)}"
    if problems and mode == "enforce":
        raise pulumi.RunError(f"{said}\nnothing was changed -> correct this, or set preflight to warn")
    (pulumi.log.warn if problems or warnings else pulumi.log.info)(said)
