"""Segment's Public API: https://docs.segmentapis.com"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import requests

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
PAGE_SIZE: Final = 200

_HINTS: Final[Mapping[int, str]] = {
    401: "SEGMENT_PUBLIC_API_TOKEN is wrong, was revoked, or is of a workspace in the other region",
    403: "the token's role may not do this: a Workspace Owner makes one with access level Owner",
    429: "too many requests: run the same command again in a minute",
}


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
            # Without it, an operation may answer in a newer, unstable version of itself.
            request.headers["Accept"] = MEDIA_TYPE
            return request

        return authenticate

    def wire_name(self, field: str) -> str:
        return camel_case(field)

    def encode(self, body: Body) -> dict[str, Any]:
        return {"json": body, "headers": {"Content-Type": MEDIA_TYPE}}

    def decode(self, body: Body) -> Body:
        return body.get("data", body) if isinstance(body, dict) else body

    def failure(self, status: int, body: Body) -> Failure:
        errors = body.get("errors") if isinstance(body, dict) else None
        errors = [error for error in errors or [] if isinstance(error, dict)]
        said = [f"{e['field']}: {e.get('message')}" if e.get("field") else str(e.get("message")) for e in errors]
        code = next((str(error["type"]) for error in errors if error.get("type")), None)
        return Failure("; ".join(said) or "without a message", code, _HINTS.get(status))

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
