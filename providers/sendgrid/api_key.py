"""https://www.twilio.com/docs/sendgrid/api-reference/api-keys"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import StringConstraints

from providers.declaration import FieldSpec, Values
from providers.errors import VendorError
from providers.lifecycle import Reply, rule
from providers.resource import Field, ListField, Resource, optional, output, owner, required
from providers.rotation import Generation, Rotating, generation, revoke_previous
from providers.sendgrid.client import SendGrid

AUTOMATIC: Final = ("2fa_", "sender_verification_")
"""Beginnings of the scopes that SendGrid adds by itself."""

LIMIT: Final = 100
"""https://www.twilio.com/docs/sendgrid/api-reference/api-keys/create-api-keys"""


class _ApiKeys(Rotating[SendGrid]):
    @rule("scopes")
    def _scopes_or_none(self, scopes: list[str] | None) -> str | None:
        # What an empty list gives is not documented, and might be full access.
        return "scopes: is empty -> name at least one, or leave it out for full access" if scopes == [] else None

    def takes_a_new_key(self, olds: Values, news: Values) -> str | None:
        if olds.get("scopes") is not None and news["scopes"] is None:
            # PUT needs at least one scope, and full access is the absence of scopes.
            return "scopes: a key with scopes cannot get full access, which takes a new key -> raise generation as well"
        return None

    def issue(self, client: SendGrid, inputs: Values) -> Reply:
        try:
            return super().issue(client, inputs)
        except VendorError as refused:
            raise self._too_many(client, refused) from None

    def _too_many(self, client: SendGrid, refused: VendorError) -> VendorError:
        """The status says that something is forbidden, and nobody has documented the words."""
        if refused.status != 403 or sum(1 for _ in self.rows(client)) < LIMIT:
            return refused
        return VendorError(
            vendor=client.vendor,
            method="POST",
            path=self.path,
            status=403,
            message=refused.message,
            hint=f"the account has {LIMIT} API keys, which is the limit: revoke what nobody uses at"
            " https://app.sendgrid.com/settings/api_keys (a rotation needs room for one more)",
        )

    def change(self, client: SendGrid, key_id: str, news: Values) -> None:
        """PATCH changes the name alone; PUT needs both, and at least one scope."""
        body = self.body(client, "update", news)
        client.send("PUT" if "scopes" in body else "PATCH", self.object_path(key_id), body=body)

    def plain(self, reply: Reply) -> Reply:
        """Flat in reality, within a `result` in tsg_api_keys_v3.json: both are read."""
        result = reply.get("result")
        return result[0] if isinstance(result, list) and result else reply

    def reply_value(self, client: SendGrid, reply: Reply, spec: FieldSpec, values: Mapping[str, Any]) -> Any:
        value = super().reply_value(client, reply, spec, values)
        return [scope for scope in value if not scope.startswith(AUTOMATIC)] if spec.name == "scopes" else value


class ApiKey(Resource, module="sendgrid"):
    """A key of the account or, with `subuser`, of that subuser, in which case it dies with it.

    Its id is that of its first key. Rotation: raise `generation`, and a new key is made; enter it where the old one is
    used, which works until `revoke_previous` is set. Deleting the resource revokes both.
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
    generation: Field[Generation] = generation()
    revoke_previous: Field[bool] = revoke_previous()
    marker: Field[str] = owner()
    api_key_id: Field[str] = output("The part of the key that is no secret.")
    api_key: Field[str] = output("The key itself, shown by SendGrid this once.", secret=True)
    previous_api_key_ids: ListField[str] = output("Keys from before a rotation that still work.")
    warnings: ListField[str] = output("Keys that still work and are to be replaced, each with what to do.")

    lifecycle = _ApiKeys(
        "/v3/api_keys",
        id_key="api_key_id",
        current="api_key_id",
        secret="api_key",  # noqa: S106 - the name of an output
        previous="previous_api_key_ids",
    )
