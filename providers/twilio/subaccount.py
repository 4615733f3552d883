"""https://www.twilio.com/docs/iam/api/subaccounts"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

from providers.declaration import Values
from providers.errors import NotFound
from providers.lifecycle import Collection, Reply
from providers.resource import Field, Resource, optional, output, owner, required
from providers.twilio.client import Twilio
from providers.twilio.shapes import TAG, FriendlyName

CLOSED: Final = "closed"


class _Subaccounts(Collection[Twilio]):
    """A closed one is gone, though Twilio lists it for another 30 days: nothing opens it again."""

    def object_path(self, id_: str) -> str:
        return f"{self.path.removesuffix('.json')}/{id_}.json"

    def rows(self, client: Twilio) -> Iterator[Reply]:
        """The account itself is in its own list too."""
        rows = client.pages(self.path, self.items)
        return (row for row in rows if row["status"] != CLOSED and row["sid"] != row["owner_account_sid"])

    def fetch(self, client: Twilio, id_: str, values: Values) -> Reply:
        reply = super().fetch(client, id_, values)
        if reply["status"] == CLOSED:
            raise NotFound(
                vendor=client.vendor, method="GET", path=self.object_path(id_), status=404, message="it is closed"
            )
        return reply

    def remove(self, client: Twilio, id_: str, values: Values) -> list[str] | None:
        self.fetch(client, id_, values)
        if values.get("close_on_destroy"):
            client.send("POST", self.object_path(id_), body={"Status": CLOSED}, idempotent=True)
            return None
        return [
            f"subaccount {id_} still exists, with its numbers and what they cost, as closing cannot be undone -> to"
            " close it, adopt it again with close_on_destroy, or close it in the Console"
        ]


class Subaccount(Resource, module="twilio", kept=True):
    """An account within the account, with numbers, keys and a token of its own, on the same bill. Its id is its SID.

    Friendly names are not unique: the owner's tag behind it tells this one apart, so that it is found again after a
    lost reply. What is made in it takes its own SID and token: the parent's token is accepted for it by the oldest of
    Twilio's APIs alone. To make one takes the auth token or a Main key of the parent account, and no trial account.
    Closing it cannot be undone, and releases all its numbers: it is only closed with `close_on_destroy`.
    https://www.twilio.com/docs/iam/api/subaccounts
    """

    friendly_name: Field[FriendlyName] = required(
        "Shown in the Console, followed by the owner's tag; 64 characters together.", tagged=TAG
    )
    status: Field[Literal["active", "suspended"]] = optional(
        "Suspended, it can neither send nor receive; it keeps its numbers, and they their price.",
        default="active",
        sent="update",
    )
    close_on_destroy: Field[bool] = optional(
        "Closes it for good when it is deleted, which also takes `retain_on_delete=False`; else it is kept.",
        default=False,
        sent="never",
    )
    adopt: Field[str | None] = optional(
        "SID of an existing subaccount to take over.", default=None, sent="never", write_once=True
    )
    marker: Field[str] = owner()
    account_sid: Field[str] = output("Its own SID: TWILIO_ACCOUNT_SID for what is made in it.", wire="Sid")
    auth_token: Field[str] = output("Its own token: TWILIO_AUTH_TOKEN for what is made in it.", secret=True)
    owner_account_sid: Field[str] = output("The account that it belongs to.")
    type: Field[str] = output("Trial or Full, as its parent.")
    date_created: Field[str] = output("When it was made.")
    display_name: Field[str] = output("Its friendly name as every list shows it, with the tag.", wire="FriendlyName")

    lifecycle = _Subaccounts("/2010-04-01/Accounts.json", id_key="sid", items="accounts", update="POST")
