"""https://www.twilio.com/docs/sendgrid/api-reference/api-keys"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Final

from annotated_types import Ge
from pydantic import StringConstraints

from providers.declaration import FieldSpec, Values, has_unknown
from providers.errors import Ambiguous, NotFound, VendorError
from providers.lifecycle import Checked, Collection, Reply, rule
from providers.resource import Field, ListField, Resource, optional, output, owner, required
from providers.sendgrid.client import SendGrid

AUTOMATIC: Final = ("2fa_", "sender_verification_")
"""Beginnings of the scopes that SendGrid adds by itself."""

LIMIT: Final = 100
"""https://www.twilio.com/docs/sendgrid/api-reference/api-keys/create-api-keys"""


class _ApiKeys(Collection[SendGrid]):
    """Shown once, so what a lost reply left behind cannot be adopted: it is removed, and made again.

    A rotation is an update: a replacement would have the engine revoke the old key as soon as the new one is made. The
    key that works when an update begins still works when it ends.
    """

    @rule("scopes")
    def _scopes_or_none(self, scopes: list[str] | None) -> str | None:
        # What an empty list gives is not documented, and might be full access.
        return "scopes: is empty -> name at least one, or leave it out for full access" if scopes == [] else None

    def check(self, olds: Values, news: Values) -> Checked:
        checked = super().check(olds, news)
        problem = _problem(olds, checked.inputs) if olds and not checked.failures else None
        return Checked(checked.inputs, [problem]) if problem else checked

    def find(self, client: SendGrid, inputs: Values) -> Reply | None:
        return None

    def post(self, client: SendGrid, inputs: Values) -> Reply:
        made = self._make(client, inputs, [])
        if inputs["revoke_previous"]:
            self._revoke(client, made["previous_api_key_ids"])
            made |= _previous([])
        return made

    def _make(self, client: SendGrid, inputs: Values, known: list[str]) -> Reply:
        """Make a key beside those that bear the tag already: they are told, and left alone until `revoke_previous`.

        They may be in use: of before a rotation, or known to a state that was lost or is another backend's. Only what a
        lost reply has left since is nobody's.
        """
        before = self._ids(client, inputs)
        try:
            made = self._post(client, inputs)
        except Ambiguous:
            self._revoke(client, [key_id for key_id in self._ids(client, inputs) if key_id not in before])
            made = self._post(client, inputs)
        return {**made, **_previous(list(dict.fromkeys([*known, *before])))}

    def _ids(self, client: SendGrid, inputs: Values) -> list[str]:
        return [row["api_key_id"] for row in self.tagged(client, inputs)]

    def _post(self, client: SendGrid, inputs: Values) -> Reply:
        try:
            return super().post(client, inputs)
        except VendorError as refused:
            raise self._too_many(client, refused) from None

    def _too_many(self, client: SendGrid, refused: VendorError) -> VendorError:
        """The status says that something is forbidden, and nobody has documented the words."""
        if refused.status != 403 or sum(1 for _ in client.pages(self.path, self.items)) < LIMIT:
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

    def _revoke(self, client: SendGrid, key_ids: Iterable[str]) -> None:
        for key_id in key_ids:
            try:
                client.send("DELETE", self.object_path(key_id))
            except NotFound:
                continue

    def patch(self, client: SendGrid, id_: str, olds: Values, news: Values) -> Reply | None:
        """PATCH changes the name alone; PUT needs both, and at least one scope."""
        current, known = olds["api_key_id"], olds.get("previous_api_key_ids") or []
        changed = self.diff(olds, news).changed
        if news["revoke_previous"]:
            self._revoke(client, known)
            known = []
        if "generation" in changed:
            return self._make(client, news, [*known, current])
        if {"name", "scopes"} & set(changed):
            body = self.body(client, "update", news)
            client.send("PUT" if "scopes" in body else "PATCH", self.object_path(current), body=body)
        return _previous(known)

    def fetch(self, client: SendGrid, id_: str, values: Values) -> Reply:
        """The id is the first key's; a state of before the first rotation may not have the present one's."""
        reply = self.plain(super().fetch(client, values.get("api_key_id") or id_, values))
        known = values.get("previous_api_key_ids") or []
        there = {row["api_key_id"] for row in client.pages(self.path, self.items)} if known else set()
        return {**reply, **_previous([key_id for key_id in known if key_id in there])}

    def remove(self, client: SendGrid, id_: str, values: Values) -> None:
        self._revoke(client, [*(values.get("previous_api_key_ids") or []), values.get("api_key_id") or id_])

    def plain(self, reply: Reply) -> Reply:
        """Flat in reality, within a `result` in tsg_api_keys_v3.json: both are read."""
        result = reply.get("result")
        return result[0] if isinstance(result, list) and result else reply

    def reply_value(self, client: SendGrid, reply: Reply, spec: FieldSpec, values: Mapping[str, Any]) -> Any:
        value = super().reply_value(client, reply, spec, values)
        return [scope for scope in value if not scope.startswith(AUTOMATIC)] if spec.name == "scopes" else value


def _problem(olds: Values, news: Values) -> str | None:
    """What a change of an existing key would do that nobody can mean."""
    before, after = olds.get("generation") or 1, news["generation"]
    if has_unknown([before, after]):
        return None
    if after < before:
        return f"generation: is below {before}, which was the last one -> raise it above {before} to rotate the key"
    if after > before and news["revoke_previous"] is True:
        return (
            "revoke_previous: is still set from an earlier rotation, and the next run would revoke the key in use ->"
            " set it to false, rotate, put the new key in place of the old one, and then set it again"
        )
    if after == before and olds.get("scopes") is not None and news["scopes"] is None:
        # PUT needs at least one scope, and full access is the absence of scopes.
        return "scopes: a key with scopes cannot get full access, which takes a new key -> raise generation as well"
    return None


def _previous(key_ids: list[str]) -> Values:
    warnings = [
        f"key {key_id}, from before, still works -> enter the outputs api_key_id and api_key wherever it is used, and"
        " then set revoke_previous"
        for key_id in key_ids
    ]
    return {"previous_api_key_ids": key_ids, "warnings": warnings}


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
    generation: Field[Annotated[int, Ge(1)]] = optional(
        "Raise it to rotate the key. The one before stays valid.", default=1, sent="never"
    )
    revoke_previous: Field[bool] = optional(
        "Revokes the keys from before the last rotation. Set it when the new one is in use, and not while rotating.",
        default=False,
        sent="never",
    )
    marker: Field[str] = owner()
    api_key_id: Field[str] = output("The part of the key that is no secret.")
    api_key: Field[str] = output("The key itself, shown by SendGrid this once.", secret=True)
    previous_api_key_ids: ListField[str] = output("Keys from before a rotation that still work.")
    warnings: ListField[str] = output("Keys that still work and are to be replaced, each with what to do.")

    lifecycle = _ApiKeys("/v3/api_keys", id_key="api_key_id")
