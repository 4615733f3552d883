"""https://www.twilio.com/docs/sendgrid/api-reference/api-keys"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from annotated_types import Ge
from pydantic import StringConstraints

from providers.declaration import FieldSpec, Values
from providers.lifecycle import Collection, Difference, Reply
from providers.resource import Field, ListField, Resource, optional, output, owner, required
from providers.sendgrid.client import SendGrid

AUTOMATIC = ("2fa_", "sender_verification_")
"""Beginnings of the scopes that SendGrid adds by itself."""


class _ApiKeys(Collection[SendGrid]):
    """Shown once, so what a lost reply left behind cannot be adopted: it is removed."""

    def find(self, client: SendGrid, inputs: Values) -> Reply | None:
        return None

    def post(self, client: SendGrid, inputs: Values) -> Reply:
        """Make the key, then remove any other of the same tag: an earlier attempt's, whose secret nobody has."""
        reply = super().post(client, inputs)
        for orphan in self.tagged(client, inputs):
            if orphan["api_key_id"] != reply["api_key_id"]:
                self.remove(client, orphan["api_key_id"], inputs)
        return reply

    def patch(self, client: SendGrid, id_: str, olds: Values, news: Values) -> Reply | None:
        """PATCH changes the name alone; PUT needs both, and at least one scope."""
        body = self.body(client, "update", news)
        client.send("PUT" if "scopes" in body else "PATCH", self.object_path(id_), body=body)
        return None

    def diff(self, olds: Values, news: Values) -> Difference:
        """Full access is the absence of scopes, and PUT cannot take them away: that takes a new key."""
        difference = super().diff(olds, news)
        to_full_access = "scopes" in difference.changed and news.get("scopes") is None
        return Difference(difference.changed, [*difference.replaces, *(["scopes"] if to_full_access else [])])

    def plain(self, reply: Reply) -> Reply:
        """Flat in reality, within a `result` in tsg_api_keys_v3.json: both are read."""
        result = reply.get("result")
        return result[0] if isinstance(result, list) and result else reply

    def reply_value(self, client: SendGrid, reply: Reply, spec: FieldSpec, values: Mapping[str, Any]) -> Any:
        value = super().reply_value(client, reply, spec, values)
        return [scope for scope in value if not scope.startswith(AUTOMATIC)] if spec.name == "scopes" else value


class ApiKey(Resource, module="sendgrid"):
    """A key of the account or, with `subuser`, of that subuser, in which case it dies with it.

    Its id is the API key id. Rotation: raise `generation`; the new key is made before the old one is revoked.
    https://www.twilio.com/docs/sendgrid/api-reference/api-keys/create-api-keys
    """

    name: Field[Annotated[str, StringConstraints(min_length=1, max_length=80)]] = required(
        "What the list of keys shows, followed by the owner's tag.", tagged=" [{}]"
    )
    subuser: Field[str | None] = optional(
        "Username of the subuser to whom the key belongs.", default=None, sent="never", replaces=True
    )
    scopes: ListField[str] = optional(
        "What the key may do; left out, it may do everything.", default=None, unordered=True
    )
    generation: Field[Annotated[int, Ge(1)]] = optional(
        "Raise it to rotate the key.", default=1, sent="never", replaces=True
    )
    marker: Field[str] = owner()
    api_key_id: Field[str] = output("The part of the key that is no secret.")
    api_key: Field[str] = output("The key itself, shown by SendGrid this once.", secret=True)

    lifecycle = _ApiKeys("/v3/api_keys", id_key="api_key_id")
