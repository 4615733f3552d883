"""Looks, before anything is made, whether the accounts are as the settings need them: reads only, and in parallel.

It runs in the program, at the start of `preview` and `up`: the engine's own check of a resource may not call anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from typing import Final

import pulumi

from components.engage import EngageArgs
from providers.client import BaseClient
from providers.connection import Connection
from providers.errors import EngageError, VendorError
from providers.vendors import CLIENTS
from stacks.preflight import route53, segment, sendgrid, twilio
from stacks.preflight.findings import Check, Checks, Finding, refused, table, unknown, warning

_CHECKS: Final[Mapping[str, Checks]] = {
    "sendgrid": sendgrid.CHECKS,
    "twilio": twilio.CHECKS,
    "segment": segment.CHECKS,
    "route53": route53.CHECKS,
}
"""By the vendor's module."""

_THREADS: Final = 16

MODES: Final = ("off", "warn", "enforce")
"""What becomes of a problem: nothing is asked, it is shown, or nothing is made."""


def run(connection: Connection, args: EngageArgs, vendors: set[str], mode: str) -> None:
    """Look, and show what was found. Raises RunError where that is a problem and the mode is enforce."""
    if mode != "off":
        report(look(connection, args, vendors), mode)


def look(connection: Connection, args: EngageArgs, vendors: set[str]) -> list[Finding]:
    """What was found at these vendors; a vendor whose first check is a problem is asked no more.

    No vendor waits for another one, and no check for another but the first.
    """
    asked = {module: checks for module, checks in _CHECKS.items() if module in vendors}
    # What Pulumi knows of the stack is known to this thread alone.
    further = {module: [*checks.others, *checks.each(args)] for module, checks in asked.items()}
    with ThreadPoolExecutor(_THREADS) as pool:

        def ask(module: str, check: Check, failed: Callable[[str, EngageError], Finding]) -> Future[list[Finding]]:
            return pool.submit(_run, check, CLIENTS[module](connection), args, failed)

        first = {ask(module, checks.first, refused): module for module, checks in asked.items()}
        futures = {module: [future] for future, module in first.items()}
        for done in as_completed(first):
            module = first[done]
            if not any(finding.outcome == "problem" for finding in done.result()):
                futures[module] += [ask(module, check, _failed) for check in further[module]]
        return [finding for of_one in futures.values() for future in of_one for finding in future.result()]


def _run(
    check: Check, client: BaseClient, args: EngageArgs, failed: Callable[[str, EngageError], Finding]
) -> list[Finding]:
    """What a check finds. A call that fails is a finding too, and no reason to stop the others."""
    name = f"{client.vendor} {check.__name__.replace('_', ' ')}"
    findings: list[Finding] = []
    try:
        for finding in check(client, args):
            findings.append(finding)
    except EngageError as error:
        findings.append(failed(name, error))
    except (LookupError, TypeError, ValueError) as error:
        # A look that is no part of what `up` does must not keep anybody from it.
        found = f"is not known: the reply is not as documented ({type(error).__name__})"
        findings.append(warning(name, found, "look at the vendor's console, and report it to this project"))
    return findings


def _failed(name: str, error: EngageError) -> Finding:
    """A key that may not read what is looked at here may still be up to all that `up` does."""
    return (unknown if isinstance(error, VendorError) and error.status == 403 else refused)(name, error)


def report(findings: list[Finding], mode: str) -> None:
    """Show what was found. Raises RunError where a problem is found and `mode` is enforce."""
    problems = sum(each.outcome == "problem" for each in findings)
    warnings = sum(each.outcome == "warning" for each in findings)
    said = f"preflight: {len(findings)} findings, problems: {problems}, warnings: {warnings}\n{table(findings)}"
    if problems and mode == "enforce":
        raise pulumi.RunError(f"{said}\nnothing was changed -> correct this, or set preflight to warn")
    (pulumi.log.warn if problems or warnings else pulumi.log.info)(said)
