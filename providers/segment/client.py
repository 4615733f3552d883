"""Segment's Public API: https://docs.segmentapis.com"""

from __future__ import annotations

import re
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import requests
import tenacity

from providers.client import Auth, Body, Client, Failure
from providers.connection import Credential, Option, camel_case

TOKEN: Final = Credential(
    "SEGMENT_PUBLIC_API_TOKEN",
    r"[\w.~+/=-]{16,}",
    "at least 16 letters, digits and -._~+/=",
    "Segment > Settings > Workspace settings > Access Management > Tokens (made by a Workspace Owner)",
)

PROFILE_TOKEN: Final = Credential(
    "SEGMENT_PROFILE_API_TOKEN",
    r"[\w.~+/=-]{16,}",
    "at least 16 letters, digits and -._~+/=",
    "Segment > Unify > Unify settings > API access, of the space (shown once; it reads all customer data)",
    optional=True,
)
"""Of the Profile API: one a space, made by a person. https://www.twilio.com/docs/segment/unify/profile-api"""

REGION: Final = Option(
    "segmentRegion", "us|eu", "us or eu, where the workspace was made: a workspace never moves", default="us"
)

MEDIA_TYPE: Final = "application/vnd.segment.v1+json"
ALPHA: Final = "application/vnd.segment.v1alpha+json"
PAGE_SIZE: Final = 200

_SUBSCRIPTIONS: Final = re.compile(r"/destinations/[^/]+/subscriptions(/|$)")
_SPACES: Final = re.compile(r"/spaces(/[^/]+)?$")

_ALPHA_ONLY: Final = (_SUBSCRIPTIONS, _SPACES)
"""Paths of operations that exist in no stable version; all others are asked for as v1."""

_HINTS: Final[Mapping[int, str]] = {
    401: "SEGMENT_PUBLIC_API_TOKEN is wrong, was revoked, or is of a workspace in the other region",
    403: "the token's role may not do this: a Workspace Owner makes one with access level Owner",
    406: "Segment no longer has this operation in the version that is asked for -> update this project",
    422: "compare the values that it names with https://docs.segmentapis.com",
    429: "too many requests: run the same command again in a minute",
}

_FEATURES: Final = (
    (_SPACES, "Spaces (of Unify or Engage; without it, name the space by its id, spa_…, which needs no look-up)"),
    (_SUBSCRIPTIONS, "Destination Subscriptions"),
    (re.compile(r"/tracking-plans(/|$)"), "Protocols (tracking plans)"),
)
"""What a workspace must have for these paths; which status refuses a workspace that lacks it is not documented."""


class Pace:
    """Lets few calls through in a span of time, of all threads of this process: who is early waits for a turn."""

    def __init__(self, calls: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds, self._clock = seconds, clock
        self._turns: deque[float] = deque(maxlen=calls)
        self._lock = threading.Lock()

    def take(self) -> float:
        """Takes the next turn; returns the seconds until it comes."""
        with self._lock:
            now = self._clock()
            full = len(self._turns) == self._turns.maxlen
            turn = max(now, self._turns[0] + self._seconds) if full else now
            self._turns.append(turn)
        return turn - now


subscription_writes = Pace(5, 60)
"""Each of creating, updating and removing a subscription may be done five times a minute:
https://docs.segmentapis.com/tag/Destinations#operation/createDestinationSubscription
Here, they share one pace, which leaves room for a colleague's call."""


class Segment(Client):
    """Calls as the workspace that the token belongs to. Replies come in an envelope, `data` or `errors`."""

    vendor = "Segment"
    credentials = (TOKEN, PROFILE_TOKEN)
    options = (REGION,)

    def host(self, path: str = "/") -> str:
        return "eu1.api.segmentapis.com" if REGION.read(self.connection) == "eu" else "api.segmentapis.com"

    def ask_account(self) -> str:
        """The workspace that the token belongs to."""
        return str(self.get("/")["workspace"]["id"])

    def auth(self) -> Auth:
        token = TOKEN.read(self.connection)

        def authenticate(request: requests.PreparedRequest) -> requests.PreparedRequest:
            request.headers["Authorization"] = f"Bearer {token}"
            return request

        return authenticate

    def headers(self, path: str, *, body: bool) -> Mapping[str, str]:
        """Which version is called. Without it, an operation may answer in a newer, unstable version of itself."""
        version = ALPHA if any(only.match(path) for only in _ALPHA_ONLY) else MEDIA_TYPE
        return {"Accept": version, **({"Content-Type": version} if body else {})}

    def take_turn(self, method: str, path: str) -> None:
        if method != "GET" and _SUBSCRIPTIONS.match(path) and (seconds := subscription_writes.take()):
            tenacity.nap.sleep(seconds)  # as between attempts, so that tests replace both at once

    def wire_name(self, field: str) -> str:
        return camel_case(field)

    def decode(self, body: Body) -> Body:
        return body.get("data", body) if isinstance(body, dict) else body

    def failure(self, status: int, body: Body) -> Failure:
        errors = body.get("errors") if isinstance(body, dict) else None
        errors = [error for error in errors or [] if isinstance(error, dict)]
        said = [f"{e['field']}: {e.get('message')}" if e.get("field") else str(e.get("message")) for e in errors]
        code = next((str(error["type"]) for error in errors if error.get("type")), None)
        return Failure("; ".join(said) or "without a message", code, _HINTS.get(status))

    def hint(self, path: str, status: int) -> str | None:
        """A refused call of an operation that not every workspace has may be about that, whatever it says."""
        feature = next((name for paths, name in _FEATURES if paths.match(path)), None)
        if feature is None or status not in (403, 404, 422):
            return None
        usual = _HINTS.get(status, "look in Segment whether it is there")
        return f"{usual}; or ask Segment's customer success manager to enable the feature {feature} for the workspace"

    def wait_asked(self, response: requests.Response) -> float | None:
        """Milliseconds, in the body of a 429; X-RateLimit-Reset is a date, and no Retry-After is documented."""
        try:
            errors = response.json()["errors"]
            return float(errors[0]["data"]["msBeforeNext"]) / 1000
        except (requests.JSONDecodeError, KeyError, IndexError, TypeError, ValueError):
            return None

    def pages(self, path: str, key: str, **query: Any) -> Iterator[dict[str, Any]]:
        """By an opaque cursor in `pagination`, a deepObject of the query (openapi.yaml, listSources)."""
        cursor: dict[str, Any] = {}
        while True:
            page = self.get(path, **query, **{"pagination[count]": PAGE_SIZE}, **cursor)
            yield from page[key]
            following = page.get("pagination", {}).get("next")
            if not following:
                return
            cursor = {"pagination[cursor]": following}
