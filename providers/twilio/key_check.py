"""https://www.twilio.com/docs/iam/api-keys"""

from __future__ import annotations

from typing import Annotated, Any, Final
from urllib.parse import urlsplit

import requests
from pydantic import StringConstraints

from providers.connection import Connection
from providers.declaration import Values
from providers.key_check import REASONS_DOC, STATUS_DOC, STRICT_DOC, TIMEOUT, VERIFIED_DOC, KeyChecks
from providers.resource import Field, ListField, Resource, optional, output, required
from providers.twilio.shapes import AccountSid, ApiKeySid, ServiceSid

PAGE_SIZE: Final = 1000

_ANSWERS: Final = {
    401: "the key's SID and secret do not belong together, or it was deleted, is of another region than US1, or is a"
    " moment old -> run `up` again, or make a new one at https://console.twilio.com (Account > API keys & tokens)",
    403: "the key may not read messaging services -> hand over a Standard or a Main key",
    404: "the key's account has no such messaging service -> hand over a key of the account that has it",
    429: "too many requests -> run `up` again in a minute",
}


def _reasons(connection: Connection, values: Values) -> list[str]:
    """As Segment's screen: the key opens the account, and the service is among those to choose from."""
    status, found = _ask(connection, values)
    if status != 200:
        said = "gave no answer" if status is None else f"answered {status}"
        todo = "it is not known why -> look at https://status.twilio.com, and run `up` again"
        return [f"api_key_sid: Twilio {said}: {_ANSWERS.get(status or 0, todo)}"]
    if found["account_sid"] != values["account_sid"]:
        return ["account_sid: the key is of another account -> hand over the account and a key of the same one"]
    if not found["listed"]:
        return ["service_sid: is not in the account's list of messaging services -> run `up` again"]
    return []


def _ask(connection: Connection, values: Values) -> tuple[int | None, dict[str, Any]]:
    """The service as Twilio's package finds it. Its errors carry addresses and bodies, and go no further."""
    from twilio.base.exceptions import TwilioException
    from twilio.http.http_client import TwilioHttpClient
    from twilio.rest import Client

    class Reached(TwilioHttpClient):
        """With a time-out, and behind `endpoint`, where the links of its pages lead too."""

        def request(self, method: str, url: str, *args: Any, **options: Any) -> Any:  # type: ignore[override]  # their bases disagree
            parts = urlsplit(url)
            if parts.netloc.endswith(".twilio.com"):
                query = f"?{parts.query}" if parts.query else ""
                url = f"{connection.url(parts.netloc)}{parts.path}{query}"
            return super().request(method, url, *args, **options)

    untyped: Any = Client
    transport = Reached(timeout=TIMEOUT)
    try:
        client = untyped(
            values["api_key_sid"],
            values["api_key_secret"],
            values["account_sid"],
            http_client=transport,
            # Else TWILIO_REGION and TWILIO_EDGE of the environment would choose another host.
            environment={"TWILIO_REGION": ""},
        )
        services = client.messaging.v1.services
        service = services(values["service_sid"]).fetch()
        listed = any(each.sid == service.sid for each in services.stream(page_size=PAGE_SIZE))
        return 200, {"account_sid": service.account_sid, "listed": listed}
    except TwilioException as refused:
        return _status(refused), {}
    except (requests.RequestException, ValueError):
        return None, {}
    finally:
        if transport.session:
            transport.session.close()


def _status(refused: Exception) -> int | None:
    """A failing list has no status of its own, only the response it met."""
    response = next((each for each in refused.args if hasattr(each, "status_code")), None)
    status: int | None = getattr(refused, "status", getattr(response, "status_code", None))
    return status


class KeyCheck(Resource, module="twilio"):
    """Tries what Segment's settings screen asks for: the key opens the account and finds its messaging service.

    The official `twilio` package makes the calls. Nothing is made or changed; a key that does not work is `pending` and
    fails nothing.
    https://www.twilio.com/docs/iam/api-keys
    """

    account_sid: Field[AccountSid] = required("The account.", sent="never")
    api_key_sid: Field[ApiKeySid] = required("The key's SID.", sent="never")
    api_key_secret: Field[Annotated[str, StringConstraints(min_length=1)]] = required(
        "The key's secret.", sent="never", secret=True
    )
    service_sid: Field[ServiceSid] = required(
        "The messaging service that the key must find.", sent="never", replaces=True
    )
    strict: Field[bool] = optional(STRICT_DOC, default=False, sent="never")
    verified: Field[bool] = output(VERIFIED_DOC)
    status: Field[str] = output(STATUS_DOC)
    reasons: ListField[str] = output(REASONS_DOC)

    lifecycle = KeyChecks("service_sid", _reasons)
