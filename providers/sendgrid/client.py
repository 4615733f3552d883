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

GLOBAL: Final = "api.sendgrid.com"
EU: Final = "api.eu.sendgrid.com"
PAGE: Final = 100

_REVIEW: Final = (
    "look for SendGrid's e-mail about the account's review or its bills and answer that, and see"
    " https://support.sendgrid.com/hc/en-us/articles/360041790293-Account-Under-Review"
)

_BEFORE: Final = (
    "if it was right before, a colleague who shares the login may have revoked it, or the account is banned or"
    f" terminated, as after bills that were not paid: {_REVIEW}; if the account is new, it begins with the link in the"
    " e-mail that confirms its address: https://www.twilio.com/docs/sendgrid/ui/account-and-settings/log-in-issues"
)

_HINTS: Final[Mapping[int, str]] = {
    400: "correct the field that is named; if none is, a reseller's account or a small plan may not have this feature",
    401: "SENDGRID_API_KEY is wrong or was revoked, or lacks a scope for this: make one with full access in the parent"
    f" account at https://app.sendgrid.com/settings/api_keys; {_BEFORE}",
    403: "the key lacks a scope, or the plan lacks this feature (subusers need Pro), or IP access management at"
    " https://app.sendgrid.com/settings/access does not list this machine, or too many bad requests have blocked it for"
    " a while, or the subuser is disabled or banned (see https://app.sendgrid.com/settings/subusers); if none of these,"
    f" the account may be under review: {_REVIEW}",
    404: "it is gone, or belongs to another account: run refresh and then the same command again, or correct the id or"
    " `subuser`",
    405: "this version asks for what SendGrid does not have (any more): update it",
    406: "this version asks for what SendGrid does not have (any more): update it",
    413: "the request is too large: shorten the texts or lists in it",
    415: "this version asks for what SendGrid does not have (any more): update it",
    429: "too many requests: run the same command again in a minute",
    451: "the account is pinned to another region, and this host is not its own: a subuser's region is looked up by the"
    " parent's key, so check that this is the key of its parent",
}
"""By status: sources are
https://www.twilio.com/docs/sendgrid/api-reference/how-to-use-the-sendgrid-v3-api/responses and
https://support.sendgrid.com/hc/en-us/articles/18322114821403-4XX-API-Errors-and-Troubleshooting-Suggestions"""

_OWN_KEY: Final = (
    "the subuser's own key in `subuser_key` was revoked, or lacks a scope: raise `generation` of its ApiKey and run"
    " `up` without a refresh"
)

_SAID: Final[tuple[tuple[str, str], ...]] = (
    # tsg_subusers_v3.json, tsg_ips_v3.json
    ("username exists", "usernames are unique in all of SendGrid: choose another one"),
    (
        "unable to validate ips",
        "every address in `ips` must be a dedicated IP of this account, of the subuser's region",
    ),
    (
        "no ips remaining",
        "one IP a month can be bought without SendGrid's support: wait, or see https://app.sendgrid.com/settings/ip_addresses",
    ),
    ("ip: not found", "the account has no such dedicated IP: see https://app.sendgrid.com/settings/ip_addresses"),
    ("unable to verify ip ownership", "the account has no such dedicated IP"),
    (
        "unable to verify ips assignability",
        "a pool takes only IPs that its account may send from: assign them to the subuser (`Subuser.ips`), or to the"
        " parent (`DedicatedIp.parent_assigned`), and give each a reverse DNS record",
    ),
    ("name: already exists", "a pool of this name exists in this account: choose another name, or set adopt to its id"),
    (
        "at least one ip that is not in warmup",
        "give these subusers a second IP that is warm, or do not warm this one up",
    ),
    ("validated before", "publish the DNS records that its `dns_records` has, and run `up` again once they are seen"),
    ("must be different from", "choose another subdomain for the links than the authenticated domain has"),
    ("does not belong to this account", "every address must be a dedicated IP of this account"),
    ("up to five", "a subuser has five associated domains at the most: take one away first"),
    ("dont have permission to access this resource", "subusers need a Pro plan, which has 15 unless support raises it"),
    # tsg_webhooks_v3.json
    ("please provide a unique url", "set adopt to the id of that webhook to take it over, or choose another url"),
    (
        "maximum number of webhooks",
        "delete or adopt one at https://app.sendgrid.com/settings/mail_settings/webhook_settings, or take a larger plan"
        " (Free has 1, Essentials 2, Pro 5)",
    ),
    ("based on your current billing plan", "take a larger plan, or delete webhooks until the plan's limit is kept"),
    ("is not a valid url", "correct `url`"),
    # tsg_ip_address_management_v3.json
    ("missing required scope", "make a SENDGRID_API_KEY with full access in the parent account"),
    # github.com/anna-money/terraform-provider-sendgrid
    (
        "unassignable scopes",
        "correct `scopes`: SENDGRID_API_KEY can only give what it has, and a subuser has less than its parent",
    ),
    # The article on 4XX errors, see above.
    (
        "authorization grant is invalid",
        f"SENDGRID_API_KEY is wrong or was revoked: make one in the parent account; {_BEFORE}",
    ),
    ("maximum credits exceeded", "the plan's credits are used up: wait until they are reset, or take a larger plan"),
    ("authenticated user is not authorized", "make a SENDGRID_API_KEY with full access in the parent account"),
    # github.com/sendgrid/docs issue 5464
    ("not whitelisted", "add this machine's address at https://app.sendgrid.com/settings/access"),
    # The states of the article on accounts under review; nobody has documented the words of a refusal.
    *((state, _REVIEW) for state in ("banned", "suspended", "deactivated", "terminated", "under review", "frozen")),
)
"""By the vendor's words, which say more than the status."""

_NOT_THERE: Final = re.compile(r"(ip|pool|poolid): not found")
"""How the newer API of IPs, and no other, says 404 in a 400 (tsg_ip_address_management_v3.json)."""

_regions: Final[dict[tuple[str, str], str]] = {}
"""Of every subuser that this process has called, by the parent's base URL and the username."""


class SendGrid(Client):
    """Calls as the parent account or as one of its subusers: through `on-behalf-of`, or with the subuser's own key.

    Each of them is an object of its own, so that the header of one call cannot leak into another.
    """

    vendor = "SendGrid"
    credentials = (API_KEY,)

    def __init__(self, connection: Connection, subuser: str | None = None, own_key: str | None = None) -> None:
        super().__init__(connection)
        self.subuser, self._own_key = subuser, own_key

    def host(self, path: str = "/") -> str:
        """Where the account of this client answers. The parent's own calls, about objects of the EU too, go to the
        global host: https://www.twilio.com/docs/sendgrid/api-reference/subusers-api/how-to-create-a-eu-regional-subuser-with-the-twilio-sendgrid-api
        """
        return EU if self._region() == "eu" else GLOBAL

    def _region(self) -> str:
        """The region of the subuser, asked of its parent once a process. What is not known yet is not remembered."""
        if self.subuser is None:
            return "global"
        region = _regions.get(self._place)
        if region is None:
            row = SendGrid(self.connection).find_subuser(self.subuser)
            if row is None or "region" not in row:
                return "global"
            region = _regions[self._place] = row["region"]
        return region

    def _has_moved(self) -> bool:
        """Is the region another than it was? So it is after a subuser was replaced by one of the same name."""
        before = _regions.pop(self._place, "global")
        return self._region() != before

    @property
    def _place(self) -> tuple[str, str]:
        return self.connection.url(GLOBAL), self.subuser or ""

    def ask_account(self) -> str | None:
        """The parent's number. A key without the scope user.username.read cannot tell."""
        try:
            return str(SendGrid(self.connection).get("/v3/user/username")["user_id"])
        except VendorError as error:
            if error.status == 403:
                return None
            raise

    def scoped(self, props: Mapping[str, Any]) -> Self:
        """A resource with a `subuser` lives in that subuser's account; see `own_key.py` for `subuser_key`."""
        subuser = props.get("subuser")
        if not subuser or subuser == self.subuser:
            return self
        return type(self)(self.connection, subuser, props.get("subuser_key"))

    def auth(self) -> Auth:
        key = self._own_key or API_KEY.read(self.connection)

        def authenticate(request: requests.PreparedRequest) -> requests.PreparedRequest:
            request.headers["Authorization"] = f"Bearer {key}"
            if self.subuser and not self._own_key:
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
            if error.status == 451 and self._has_moved():
                # A refusal for the region was not processed, so anything may be sent again.
                return super().send(method, path, **options)
            if error.status == 400 and path.startswith("/v3/send_ips/") and _NOT_THERE.fullmatch(error.message):
                message, hint = error.message, error.hint
            elif self.subuser and error.status in (401, 403) and not self._subuser_exists(self.subuser):
                message, hint = f"subuser {self.subuser} does not exist", "declare the subuser, or correct `subuser`"
            else:
                raise
            raise NotFound(
                vendor=self.vendor, method=method, path=path, status=404, message=message, hint=hint
            ) from None

    def _subuser_exists(self, username: str) -> bool:
        return SendGrid(self.connection).find_subuser(username) is not None

    def find_subuser(self, username: str) -> dict[str, Any] | None:
        """This subuser's row in the parent's list, or None. `username` only filters there, so it is compared here."""
        rows = self.pages("/v3/subusers", "", username=username, include_region="true", region="all")
        return next((row for row in rows if row["username"] == username), None)

    def find_ip(self, address: str) -> dict[str, Any] | None:
        """This IP's row in the parent's list, or None."""
        rows = self.pages("/v3/ips", "", ip=address)
        return next((row for row in rows if row["ip"] == address), None)

    def failure(self, status: int, body: Body) -> Failure:
        errors = body.get("errors") if isinstance(body, dict) else None
        said = [_sentence(error) for error in errors or [] if isinstance(error, dict)]
        if isinstance(body, dict) and isinstance(body.get("error"), str):  # only IP pools answer so
            said.append(body["error"])
        message = "; ".join(said) or "without a message"
        specific = (hint for part, hint in _SAID if part in message.lower())
        general = _OWN_KEY if self._own_key and status == 401 else _HINTS.get(status)
        return Failure(message, hint=next(specific, general))

    def wait_asked(self, response: requests.Response) -> float | None:
        """X-RateLimit-Reset is a time in epoch seconds, not a number of seconds to wait."""
        reset = response.headers.get("X-RateLimit-Reset", "")
        return max(0.0, float(reset) - time.time()) if re.fullmatch(r"\d+(\.\d+)?", reset) else None

    def pages(self, path: str, key: str, **query: Any) -> Iterator[dict[str, Any]]:
        """Three of SendGrid's dialects: with a `key` the list comes at once, or with the key of its next page, as IPs
        do; without one it comes by limit and offset."""
        while key:
            page = self.get(path, **query)
            yield from page[key]
            after = page.get("_metadata", {}).get("next_params", {}).get("after_key")
            if after is None:
                return
            query = {**query, "after_key": after}
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
    # A webhook's URL may carry a token, and its refusals quote it.
    message = re.sub(r"https?://[^\s'\"]+", "[url]", str(error.get("message", "without a message")))
    if error.get("id"):  # of the webhook that has the URL already (tsg_webhooks_v3.json)
        message += f" (id {error['id']})"
    return f"{field}: {message}" if field and field != "null" else message
