"""SendGrid's v3 API: https://www.twilio.com/docs/sendgrid/api-reference"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from typing import Any, Final, Self

import requests

from providers.client import Auth, Body, Client, Failure
from providers.connection import Connection, Credential
from providers.errors import NotFound, VendorError

API_KEY: Final = Credential(
    "SENDGRID_API_KEY",
    r"SG\.[\w-]+\.[\w-]+",
    "'SG.', an id, a dot and a secret",
    "https://app.sendgrid.com/settings/api_keys (of the parent account, with full access)",
)

PAGE: Final = 100

_HINTS: Final[Mapping[int, str]] = {
    401: "SENDGRID_API_KEY is wrong or was revoked, or lacks a scope for this: make one with full access in the parent"
    " account at https://app.sendgrid.com/settings/api_keys",
    403: "the key lacks a scope, or the plan lacks this feature (subusers need Pro), or IP access management at"
    " https://app.sendgrid.com/settings/access does not list this machine, or too many bad requests have blocked it for"
    " a while",
    404: "it is gone, or belongs to another account: run `pulumi refresh`, or correct the id or `subuser`",
    413: "the request is too large",
    451: "the subuser is pinned to another region: its calls go to api.eu.sendgrid.com",
    429: "too many requests: run the same command again in a minute",
}
# https://www.twilio.com/docs/sendgrid/api-reference/how-to-use-the-sendgrid-v3-api/responses

_SAID: Final[tuple[tuple[str, str], ...]] = (
    ("username exists", "usernames are unique in all of SendGrid: choose another one"),
    ("unable to validate ips", "every address in `ips` must be a dedicated IP of this account"),
    ("no ips remaining", "buy a dedicated IP at https://app.sendgrid.com/settings/ip_addresses"),
)


class SendGrid(Client):
    """Calls as the parent account or, through `on-behalf-of`, as one of its subusers.

    Each of the two is an object of its own, so that the header of one call cannot leak into another.
    """

    vendor = "SendGrid"
    credentials = (API_KEY,)

    def __init__(self, connection: Connection, subuser: str | None = None) -> None:
        super().__init__(connection)
        self.subuser = subuser

    def host(self) -> str:
        return "api.sendgrid.com"

    def scoped(self, props: Mapping[str, Any]) -> Self:
        """A resource with a `subuser` lives in that subuser's account."""
        subuser = props.get("subuser")
        return type(self)(self.connection, subuser) if subuser and subuser != self.subuser else self

    def auth(self) -> Auth:
        key = API_KEY.read(self.connection)

        def authenticate(request: requests.PreparedRequest) -> requests.PreparedRequest:
            request.headers["Authorization"] = f"Bearer {key}"
            if self.subuser:
                # The username without a prefix; the account of a reseller's customer would be `account-id …`.
                # https://www.twilio.com/docs/sendgrid/api-reference/how-to-use-the-sendgrid-v3-api/on-behalf-of-subuser
                request.headers["on-behalf-of"] = self.subuser
            return request

        return authenticate

    def send(self, method: str, path: str, **options: Any) -> Body:
        """As `Client.send`; what belonged to a subuser that is gone is gone (NotFound).

        Which of 401, 403 and 404 an `on-behalf-of` call gets for a deleted subuser is not documented, and a banned one
        answers 403 and still exists: so the parent's list of subusers decides.
        """
        try:
            return super().send(method, path, **options)
        except VendorError as error:
            if self.subuser is None or error.status not in (401, 403) or self._subuser_exists(self.subuser):
                raise
            raise NotFound(
                vendor=self.vendor,
                method=method,
                path=path,
                status=404,
                message=f"subuser {self.subuser} does not exist",
                hint="declare the subuser, or correct `subuser`",
            ) from None

    def _subuser_exists(self, username: str) -> bool:
        return SendGrid(self.connection).find_subuser(username) is not None

    def find_subuser(self, username: str) -> dict[str, Any] | None:
        """This subuser's row in the parent's list, or None. `username` only filters there, so it is compared here."""
        rows = self.pages("/v3/subusers", "", username=username)
        return next((row for row in rows if row["username"] == username), None)

    def failure(self, status: int, body: Body) -> Failure:
        errors = body.get("errors") if isinstance(body, dict) else None
        said = [_sentence(error) for error in errors or [] if isinstance(error, dict)]
        if isinstance(body, dict) and isinstance(body.get("error"), str):  # only IP pools answer so
            said.append(body["error"])
        message = "; ".join(said) or "without a message"
        specific = (hint for part, hint in _SAID if part in message.lower())
        return Failure(message, hint=next(specific, _HINTS.get(status)))

    def wait_asked(self, response: requests.Response) -> float | None:
        """X-RateLimit-Reset is a time in epoch seconds, not a number of seconds to wait."""
        reset = response.headers.get("X-RateLimit-Reset", "")
        return max(0.0, float(reset) - time.time()) if re.fullmatch(r"\d+(\.\d+)?", reset) else None

    def pages(self, path: str, key: str, **query: Any) -> Iterator[dict[str, Any]]:
        """Two of SendGrid's dialects: with a `key` the whole list comes at once, without one by limit and offset."""
        if key:
            yield from self.get(path, **query)[key]
            return
        offset = 0
        while True:
            rows = self.get(path, **query, limit=PAGE, offset=offset)
            yield from rows
            if len(rows) < PAGE:
                return
            offset += PAGE


def _sentence(error: Mapping[str, Any]) -> str:
    # IP access to webhooks: `field` is null, absent, or the text "null" (tsg_scopes_v3.json).
    field = error.get("field")
    message = str(error.get("message", "without a message"))
    return f"{field}: {message}" if field and field != "null" else message
