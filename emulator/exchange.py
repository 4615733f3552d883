"""What went over the wire: in full for a conformance check, and without secrets for the request log."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

REDACTED = "[redacted]"
# Values under these names are secrets at one vendor or another, whatever they look like.
_SECRET_NAMES = re.compile(
    r"password|secret|(auth|authorization|session|access)_?token$|api_?key$|writekey|_sha256$|^authorization$",
    re.IGNORECASE,
)
_SENDGRID_KEY = re.compile(r"SG\.[\w-]{22}\.[\w-]{43}")
_HEADERS_OF_INTEREST = ("Authorization", "Accept", "Content-Type", "On-Behalf-Of", "User-Agent")


@dataclass(frozen=True)
class RawRequest:
    """A request as it came, secrets included: given to an observer, never kept."""

    method: str
    host: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class RawResponse:
    """The reply as it went. `emulated` is false for what no vendor said: 501s and injected faults."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    emulated: bool


@dataclass(frozen=True)
class LogEntry:
    """One exchange as a person may read it: secrets are gone, the note tells what happened."""

    at: str
    method: str
    host: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any
    status: int
    reply: Any
    milliseconds: float
    note: str

    def __str__(self) -> str:
        subuser = self.headers.get("On-Behalf-Of")
        behalf = f" on behalf of {subuser}" if subuser else ""
        note = f" {self.note}" if self.note else ""
        return f"{self.method} {self.host}{self.path}{behalf} -> {self.status}{note} ({self.milliseconds:.0f} ms)"


def redact(value: Any) -> Any:
    """The same value without secrets, at any depth."""
    if isinstance(value, dict):
        return {k: REDACTED if _SECRET_NAMES.search(str(k)) and v else redact(v) for k, v in value.items()}
    if isinstance(value, list):
        return [redact(item) for item in value]
    if isinstance(value, str):
        return _SENDGRID_KEY.sub(REDACTED, value)
    return value


def readable(body: bytes, content_type: str) -> Any:
    """A body as data if it is JSON or a form, else as text; secrets are gone."""
    text = body.decode("utf-8", "replace")
    if "json" in content_type:
        try:
            return redact(json.loads(text))
        except ValueError:
            return redact(text)
    if "x-www-form-urlencoded" in content_type:
        return redact(dict(parse_qsl(text, keep_blank_values=True)))
    return redact(text)


def log_entry(request: RawRequest, response: RawResponse, *, at: str, milliseconds: float, note: str) -> LogEntry:
    content_type = request.headers.get("Content-Type", "")
    reply = readable(response.body, response.headers.get("Content-Type", ""))
    headers = {name: request.headers[name] for name in _HEADERS_OF_INTEREST if name in request.headers}
    if "Authorization" in headers:
        headers["Authorization"] = f"{headers['Authorization'].partition(' ')[0]} {REDACTED}"
    return LogEntry(
        at=at,
        method=request.method,
        host=request.host,
        path=request.path,
        query=redact(dict(request.query)),
        headers=headers,
        body=readable(request.body, content_type) if request.body else None,
        status=response.status,
        reply=reply,
        milliseconds=milliseconds,
        note=note or (_complaint(reply) if response.status >= 400 else ""),
    )


def _complaint(reply: Any) -> str:
    """What the vendor's error body says, in any of the vendors' shapes."""
    if isinstance(reply, dict) and isinstance(reply.get("errors"), list):
        return "; ".join(str(e.get("message", "")) for e in reply["errors"] if isinstance(e, dict))
    if isinstance(reply, dict) and "message" in reply:
        return str(reply["message"])
    return ""
