"""What came of one run of the engine, read from its events."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from pulumi.automation.events import EngineEvent, StepEventMetadata

from emulator.exchange import LogEntry

FAILED: Final = "failed"
_ROOT: Final = "pulumi:pulumi:Stack"
_PROVIDER: Final = "pulumi:providers:"
_SUMMARIES: Final = ("update failed", "preview failed", "an unhandled error occurred: program exited")
"""What the engine adds when something else was said already."""


def name_of(urn: str) -> str:
    """A resource's name; a provider's has `provider` before it, as a component may bear the same."""
    kind, _, name = urn.rpartition("::")
    return f"provider {name}" if _PROVIDER in kind else name


@dataclass
class Run:
    """One run of the engine: what it did to which resource, what it said, what the vendors got meanwhile."""

    refreshing: bool = False
    ok: bool = True
    steps: list[tuple[str, str]] = field(default_factory=list)
    """(resource, operation) in the engine's order; the stack itself is left out."""
    errors: list[str] = field(default_factory=list)
    """What was said, each message once."""
    output: str = ""
    """All that was printed."""
    requests: list[LogEntry] = field(default_factory=list)

    @cached_property
    def ops(self) -> dict[str, str]:
        """The operation on each resource; the parts of a replacement together are `replace`."""
        return {name: "replace" if "replace" in op else op for name, op in self.steps}

    @property
    def changes(self) -> dict[str, str]:
        return {name: op for name, op in self.ops.items() if op not in ("same", "read")}

    @property
    def writes(self) -> list[str]:
        """The requests that may change something, as `POST /v3/subusers`."""
        return [f"{entry.method} {entry.path}" for entry in self.requests if entry.method != "GET"]

    def record(self, event: EngineEvent) -> None:
        if said := event.diagnostic_event:
            if said.severity == "error" and not said.message.startswith(_SUMMARIES):
                self.errors.append(said.message.strip())
        elif failed := event.res_op_failed_event:
            self._step(failed.metadata, FAILED)
        # What a refresh finds is known when it is through with a resource; every other step says it beforehand.
        elif (before := event.resource_pre_event) and not self.refreshing:
            self._step(before.metadata, before.metadata.op.value)
        elif (after := event.res_outputs_event) and self.refreshing:
            self._step(after.metadata, after.metadata.op.value)

    def _step(self, metadata: StepEventMetadata, op: str) -> None:
        if metadata.type != _ROOT:
            self.steps.append((name_of(metadata.urn), op))
