"""What a refresh of a stack would find: the events of the engine, judged for `make drift`.

`pulumi refresh --preview-only --expect-no-changes` fails of each resource that is pending, as such a one shows a change
until it is through, by design. Here, waiting is no drift; what is gone, changed, or has become pending again is.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from providers.lifecycle import PENDING

ENVIRONMENT: Final = {"PULUMI_DEBUG_COMMANDS": "true"}
"""Without it, there is no `--event-log`, by which Pulumi's automation API hears what happens."""

_AT_REST: Final = ("same", "refresh")
_LIMIT: Final = 120
"""Of characters of a value that are shown. The engine has masked what is secret."""


def command(log: Path) -> list[str]:
    """What `pulumi` is to do: look, write its events into `log`, and change nothing."""
    return ["refresh", "--preview-only", "--non-interactive", "--event-log", str(log)]


class IncompleteError(Exception):
    """The engine did not say how the refresh ended, so that nothing can be said of drift."""

    def __init__(self) -> None:
        super().__init__("Pulumi has not said what it found -> use the version that `python -m tools.engine` gets")


@dataclass
class Found:
    """drift    what differs from the state, a line per resource
    waiting  what is not through yet
    ready    what has come through since the last `up`, which takes note of it
    """

    drift: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    ready: list[str] = field(default_factory=list)

    def report(self, stack: str) -> str:
        """For a person, and for the summary of a CI job (Markdown)."""
        lines = [f"{stack}: drift" if self.drift else f"{stack}: no drift", *(f"- {line}" for line in self.drift)]
        for title, names in (("Still pending", self.waiting), ("Ready for the next `up`", self.ready)):
            lines += [f"\n{title}: {', '.join(names)}"] if names else []
        if self.drift:
            lines.append(
                f"\n`make refresh STACK={stack}`, and then `make up STACK={stack}`, puts it back. To keep it as it is"
                " now, say so in the settings."
            )
        return "\n".join(lines)


def judged(log: Path) -> Found:
    """What the events say, a JSON object a line. Raises IncompleteError."""
    try:
        events = [json.loads(line) for line in log.read_text().splitlines()]
    except (FileNotFoundError, ValueError):
        raise IncompleteError from None
    if not any("summaryEvent" in event for event in events):
        raise IncompleteError
    found = Found()
    for event in events:
        if after := event.get("resOutputsEvent"):
            _judge(after["metadata"], found)
    return found


def _judge(step: Mapping[str, Any], found: Found) -> None:
    name = step["urn"].rpartition("::")[2]
    old, new = step.get("old") or {}, step.get("new") or {}
    if step["op"] in _AT_REST:
        return
    if step["op"] == "delete":
        found.drift.append(f"{name} ({_kind(step)}) is gone")
        return
    was, now = (_outputs(state).get("status") == PENDING for state in (old, new))
    changes = list(_changes(old.get("inputs"), new.get("inputs")))
    if not changes and now and not was:
        changes = [f"is {PENDING} again: {'; '.join(_outputs(new).get('reasons') or ())}"]
    if changes or not (was or now):
        changes = changes or list(_changes(_outputs(old), _outputs(new))) or [f"would be changed: {step['op']}"]
        found.drift.append(f"{name} ({_kind(step)}): {'; '.join(changes)}")
    else:
        (found.waiting if now else found.ready).append(name)


def _kind(step: Mapping[str, Any]) -> str:
    return str(step["type"]).rpartition("/")[2]


def _outputs(state: Mapping[str, Any]) -> Mapping[str, Any]:
    return state.get("outputs") or {}


def _changes(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> Iterator[str]:
    before, after = old or {}, new or {}
    for name in sorted({*before, *after} - {"__provider"}):
        if before.get(name) != after.get(name):
            yield f"`{name}` was {_shown(before.get(name))}, is {_shown(after.get(name))}"


def _shown(value: Any) -> str:
    text = json.dumps(value)
    return f"{text[:_LIMIT]}…" if len(text) > _LIMIT else text
