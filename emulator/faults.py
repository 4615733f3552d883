"""Failures on request: what a client must survive, injected at the exact call where it hurts."""

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator


def _regex(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from error
    return text


class Fault(BaseModel):
    """One failure: which calls it meets (all of `vendor`, `method`, `path`), when, and what it does to them."""

    model_config = ConfigDict(extra="forbid", strict=True)

    vendor: Literal["sendgrid", "twilio", "segment"] | None = None
    method: str | None = None
    path: Annotated[str, AfterValidator(_regex)] = Field(default="", description="regular expression, anywhere in it")
    after: int = Field(default=0, ge=0, description="calls that match and still go through, before the first failure")
    times: int = Field(default=1, ge=1, description="how many calls fail")

    status: int | None = Field(default=None, ge=400, le=599)
    html: bool = Field(default=False, description="with status: an HTML page, as a proxy in front would send")
    body: Any = Field(default=None, description="with status: this body instead of the vendor's")
    headers: dict[str, str] = Field(default_factory=dict, description="with status: in place of the vendor's")
    reset_in: float = Field(default=1.0, ge=0, description="with status 429: seconds until the limit is lifted")
    drop: Literal["before", "after"] | None = Field(
        default=None, description="the connection breaks: before anything was done, or after, the reply lost"
    )
    latency_ms: int = Field(default=0, ge=0, le=60_000)

    seen: int = Field(default=0, exclude=True)

    @model_validator(mode="after")
    def _does_something(self) -> Self:
        if self.status and self.drop:
            raise ValueError("status and drop exclude each other")
        if not (self.status or self.drop or self.latency_ms):
            raise ValueError("a fault needs status, drop or latency_ms")
        return self

    def meets(self, vendor: str, method: str, path: str) -> bool:
        return (
            self.vendor in (None, vendor)
            and (self.method or method).upper() == method
            and re.search(self.path, path) is not None
        )

    @property
    def spent(self) -> bool:
        return self.seen >= self.after + self.times

    def __str__(self) -> str:
        effects = (
            f"status {self.status}" if self.status else "",
            f"connection dropped {self.drop} the change" if self.drop else "",
            f"{self.latency_ms} ms late" if self.latency_ms else "",
        )
        return "fault: " + ", ".join(filter(None, effects))


class FaultError(ValueError):
    """The description of a fault is wrong; the message lists every reason."""


class Faults:
    """The faults that wait for their calls, in the order in which they were asked for."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def __iter__(self) -> Iterator[Fault]:
        return iter(tuple(self._waiting))

    def add(self, **fields: Any) -> Fault:
        try:
            fault = Fault.model_validate({k: v for k, v in fields.items() if k != "seen"})
        except ValidationError as error:
            reasons = [f"{'.'.join(map(str, e['loc'])) or 'fault'}: {e['msg']}" for e in error.errors()]
            raise FaultError("; ".join(reasons)) from error
        self._waiting.append(fault)
        return fault

    def clear(self) -> None:
        self._waiting.clear()

    def take(self, vendor: str, method: str, path: str) -> Fault | None:
        """The first fault that is due at this call; those before it that the call meets have counted it."""
        for fault in self._waiting:
            if fault.meets(vendor, method, path):
                fault.seen += 1
                if fault.seen > fault.after:
                    self._waiting = [waiting for waiting in self._waiting if not waiting.spent]
                    return fault
        return None
