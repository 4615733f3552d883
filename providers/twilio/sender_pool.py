"""What all senders in the pool of a messaging service have in common.

https://www.twilio.com/docs/messaging/services#sender-pool
"""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import AfterValidator, StringConstraints

from providers.declaration import Values
from providers.errors import NotFound, OwnershipError, VendorError
from providers.lifecycle import Awaiting, Reply
from providers.twilio.client import Twilio
from providers.twilio.messaging_service import CONSOLE, SERVICES

# https://www.twilio.com/docs/api/errors/21710 and the like
_IN_THIS: Final = "21710"
_NOT_IN_THIS: Final = "21711"
_IN_ANOTHER: Final = "21712"


def _alpha_sender(value: str) -> str:
    # The characters are those of the API reference, the letter is asked for by the glossary:
    # https://www.twilio.com/docs/glossary/what-alphanumeric-sender-id
    if not any(character.isalpha() for character in value):
        raise ValueError("must have a letter")
    return value


AlphaSender = Annotated[
    str, StringConstraints(max_length=11, pattern=r"^[A-Za-z0-9 \-+_&]+$"), AfterValidator(_alpha_sender)
]
ALPHA_SENDER: Final = "Up to 11 of A-Z, a-z, 0-9, space, `-`, `+`, `_` and `&`, with a letter among them."


class SenderPool(Awaiting[Twilio]):
    """One kind of sender: in the pool or not, with nothing to change.

    A replacement takes the old one out first, as a number can be in one service only, and a service have one alpha
    sender only. What is in the pool already is taken as added.

    pool    the last part of its path
    sender  the input that names the sender
    """

    delete_first = True

    def __init__(self, pool: str, *, sender: str) -> None:
        super().__init__(done="added")
        self.pool, self.sender = pool, sender

    def id_of(self, inputs: Values) -> str:
        return f"{inputs['service_sid']}/{inputs[self.sender]}"

    def told(self, id_: str) -> Values:
        service_sid, _, sender = id_.partition("/")
        return {"service_sid": service_sid, self.sender: sender}

    def awaits(self, client: Twilio, inputs: Values) -> list[str]:
        return []

    def sid(self, client: Twilio, values: Values) -> str | None:
        """By what the pool knows the sender; None if there is none."""
        return str(values[self.sender])

    def pool_path(self, service_sid: str) -> str:
        return f"{SERVICES}/{service_sid}/{self.pool}"

    def find(self, client: Twilio, values: Values) -> Reply | None:
        sid = self.sid(client, values)
        return self._in(client, values["service_sid"], sid) if sid else None

    def _in(self, client: Twilio, service_sid: str, sid: str) -> Reply | None:
        try:
            reply: Reply = client.get(f"{self.pool_path(service_sid)}/{sid}")
        except VendorError as refused:
            if _says_absent(refused):
                return None
            raise
        return reply

    def make(self, client: Twilio, inputs: Values) -> Reply:
        path = self.pool_path(inputs["service_sid"])
        try:
            reply: Reply = client.send("POST", path, body=self.body(client, "create", inputs))
        except VendorError as refused:
            if refused.code == _IN_THIS and (found := self.find(client, inputs)):
                return found
            if refused.code == _IN_ANOTHER:
                raise OwnershipError(self._whose(client, inputs)) from None
            raise
        return reply

    def _whose(self, client: Twilio, inputs: Values) -> str:
        """Twilio says that another service has the sender, and not which: https://www.twilio.com/docs/api/errors/21712"""
        sid = self.sid(client, inputs) or ""
        services = client.pages(SERVICES, "services")
        other = next((service for service in services if self._in(client, service["sid"], sid)), None)
        name = f"the messaging service {other['sid']} ({other['friendly_name']})" if other else "a messaging service"
        return (
            f"{self.sender}: is in the pool of {name}, where it was left, and can be in one only -> take it out there,"
            f" at {CONSOLE}, or declare that service_sid"
        )

    def remove(self, client: Twilio, values: Values) -> list[str] | None:
        if sid := self.sid(client, values):
            try:
                client.send("DELETE", f"{self.pool_path(values['service_sid'])}/{sid}")
            except VendorError as refused:
                if not _says_absent(refused):
                    raise
        return None


def _says_absent(refused: VendorError) -> bool:
    return isinstance(refused, NotFound) or refused.code == _NOT_IN_THIS
