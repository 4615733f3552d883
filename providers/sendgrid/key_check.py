"""https://www.twilio.com/docs/sendgrid/api-reference/how-to-use-the-sendgrid-v3-api/authentication"""

from __future__ import annotations

import http.client
import json
from typing import Annotated, Any, Final

from pydantic import StringConstraints

from providers.connection import Connection
from providers.declaration import Values
from providers.key_check import REASONS_DOC, STATUS_DOC, STRICT_DOC, TIMEOUT, VERIFIED_DOC, KeyChecks
from providers.resource import Field, ListField, Resource, optional, output, required
from providers.sendgrid.client import GLOBAL
from providers.sendgrid.own_key import SubuserKey

PREFIX: Final = "twilio_engage_app_"
"""Of the names that Segment takes: https://segment.com/docs/engage/onboarding/"""

_KEYS: Final = "https://app.sendgrid.com/settings/api_keys of the subuser"

_ANSWERS: Final = {
    401: f"the key is wrong or was revoked, or is a moment old -> run `up` again, or make a new one at {_KEYS}",
    403: "the key may not read mail settings, which Segment's Verify does, or the subuser is disabled -> give the key"
    " full access, and look at https://app.sendgrid.com/settings/subusers",
    429: "too many requests -> run `up` again in a minute",
    451: "the subuser lives in the EU, and Segment's Verify asks the global host -> hand over a subuser of the region"
    " `global`",
}


def _reasons(connection: Connection, values: Values) -> list[str]:
    """As Segment's Verify: the key reads the mail settings. Then, whose key it is, which Verify does not ask.

    github.com/segmentio/action-destinations, engage/sendgrid testAuthentication; always at the global host.
    """
    username, key = values["username"], values["api_key"]
    reasons = []
    if not username.startswith(PREFIX):
        reasons.append(f"username: does not begin with {PREFIX} -> Segment takes no other: make a subuser that does")
    if key.split(".")[1] != values["api_key_id"]:
        reasons.append(
            "api_key_id: is of another key, as it is the middle part of its own -> hand over both of one key"
        )
    status, _ = _get(connection, key, "mail_settings")
    if status != 200:
        return [*reasons, _refused("mail_settings", status)]
    status, scopes = _get(connection, key, "scopes")
    if status != 200:
        reasons.append(_refused("scopes", status))
    elif "mail.send" not in scopes.get("scopes", ()):
        reasons.append("api_key: may not send mail -> give it full access, as Segment asks for")
    status, user = _get(connection, key, "user", "username")
    # Without the scope to tell its user, there is still what no subuser's key has.
    parents = status == 403 and any(scope.startswith("subusers.") for scope in scopes.get("scopes", ()))
    if status not in (200, 403):
        reasons.append(_refused("user/username", status))
    elif parents or (status == 200 and user.get("username") != username):
        reasons.append(f"api_key: is not a key of the subuser {username} -> make one within it: {_KEYS}")
    return reasons


def _refused(what: str, status: int | None) -> str:
    said = "gave no answer" if status is None else f"answered {status}"
    todo = "look at https://status.sendgrid.com, and run `up` again"
    return f"api_key: SendGrid {said} to GET /v3/{what}: " + _ANSWERS.get(status or 0, f"it is not known why -> {todo}")


def _get(connection: Connection, key: str, *path: str) -> tuple[int | None, dict[str, Any]]:
    """Status and body, by SendGrid's package; no status where nothing came. Its errors carry headers and bodies, and
    go no further."""
    from python_http_client.exceptions import HTTPError
    from sendgrid.sendgrid import SendGridAPIClient

    untyped: Any = SendGridAPIClient
    # One client a call: what one call sets stays in the package's headers for the next.
    call = untyped(key, host=connection.url(GLOBAL)).client
    for part in path:
        call = call._(part)
    try:
        reply = call.get(timeout=TIMEOUT)
        body = json.loads(reply.body)
        return reply.status_code, body if isinstance(body, dict) else {}
    except HTTPError as refused:
        return refused.status_code, {}
    except (OSError, http.client.HTTPException, ValueError):
        return None, {}


class KeyCheck(Resource, module="sendgrid"):
    """Tries what Segment's settings screen asks for, as its Verify does: the subuser's key reads its mail settings.

    The official `sendgrid` package makes the calls. It also looks whose key it is, that it may send, and whether id and
    name belong to it. Nothing is made or changed; a key that does not work is `pending` and fails nothing.
    https://www.twilio.com/docs/sendgrid/api-reference/api-keys
    """

    username: Field[str] = required("The subuser whose key it is.", sent="never", replaces=True)
    api_key_id: Field[Annotated[str, StringConstraints(min_length=1)]] = required(
        "The key's id: `api_key_id` of an ApiKey.", sent="never"
    )
    api_key: Field[SubuserKey] = required("The key itself: `api_key` of an ApiKey.", sent="never", secret=True)
    strict: Field[bool] = optional(STRICT_DOC, default=False, sent="never")
    verified: Field[bool] = output(VERIFIED_DOC)
    status: Field[str] = output(STATUS_DOC)
    reasons: ListField[str] = output(REASONS_DOC)

    lifecycle = KeyChecks("username", _reasons)
