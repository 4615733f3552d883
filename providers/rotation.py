"""Keys that a vendor shows once and a person enters elsewhere: how they are made, rotated and revoked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, TypeVar

from annotated_types import Ge

from providers.client import Client
from providers.declaration import Values, has_unknown
from providers.errors import Ambiguous, NotFound
from providers.lifecycle import Checked, Collection, Reply
from providers.resource import optional

C = TypeVar("C", bound=Client)

Generation = Annotated[int, Ge(1)]


def generation() -> Any:
    """The field `generation`."""
    return optional("Raise it to rotate the key. The one before stays valid.", default=1, sent="never")


def revoke_previous() -> Any:
    """The field `revoke_previous`."""
    return optional(
        "Revokes the keys from before the last rotation. Set it when the new one is in use, and not while rotating.",
        default=False,
        sent="never",
    )


class Rotating(Collection[C]):
    """Shown once, so what a lost reply left behind cannot be adopted: it is removed, and made again.

    A rotation is an update: a replacement would have the engine revoke the old key as soon as the new one is made. The
    key that works when an update begins still works when it ends. The declaration has the fields above, a tagged name,
    an output `warnings`, and the three outputs that are named here:

    current   the id of the key in use
    secret    the key itself
    previous  the ids of the keys from before it that still work
    """

    def __init__(self, path: str, *, current: str, secret: str, previous: str, **options: str) -> None:
        super().__init__(path, **options)
        self.current, self.secret, self.previous = current, secret, previous

    # The steps a resource may need to override:

    def issue(self, client: C, inputs: Values) -> Reply:
        """Make one key."""
        return super().post(client, inputs)

    def change(self, client: C, key_id: str, news: Values) -> None:
        """Bring the key in use to the new inputs."""
        body = self.body(client, "update", news)
        client.send(self.update_method, self.object_path(key_id), body=body, idempotent=True)

    def takes_a_new_key(self, olds: Values, news: Values) -> str | None:
        """What cannot change on the key in use, and what to do; None where everything can."""
        return None

    # The lifecycle:

    def check(self, olds: Values, news: Values) -> Checked:
        checked = super().check(olds, news)
        problem = self._problem(olds, checked.inputs) if olds and not checked.failures else None
        return Checked(checked.inputs, [problem]) if problem else checked

    def _problem(self, olds: Values, news: Values) -> str | None:
        """What a change of an existing key would do that nobody can mean."""
        before, after = olds.get("generation") or 1, news["generation"]
        if has_unknown([before, after]):
            return None
        if after < before:
            return f"generation: is below {before}, which was the last one -> raise it above {before} to rotate the key"
        if after > before and news["revoke_previous"] is True:
            return (
                "revoke_previous: is still set from an earlier rotation, and the next run would revoke the key in use"
                " -> set it to false, rotate, put the new key in place of the old one, and then set it again"
            )
        return self.takes_a_new_key(olds, news) if after == before else None

    def find(self, client: C, inputs: Values) -> Reply | None:
        return None

    def post(self, client: C, inputs: Values) -> Reply:
        made = self.make(client, inputs, [])
        if inputs["revoke_previous"]:
            self._revoke(client, made[self.previous])
            made |= self._previous([])
        return made

    def make(self, client: C, inputs: Values, known: list[str]) -> Reply:
        """Make a key beside those that bear the tag already: they are told, and left alone until `revoke_previous`.

        They may be in use: of before a rotation, or known to a state that was lost or is another backend's. Only what a
        lost reply has left since is nobody's.
        """
        before = self._ids(client, inputs)
        try:
            made = self.issue(client, inputs)
        except Ambiguous:
            self._revoke(client, [key_id for key_id in self._ids(client, inputs) if key_id not in before])
            made = self.issue(client, inputs)
        return {**made, **self._previous(list(dict.fromkeys([*known, *before])))}

    def _ids(self, client: C, inputs: Values) -> list[str]:
        return [row[self.id_key] for row in self.tagged(client, inputs)]

    def _revoke(self, client: C, key_ids: Iterable[str]) -> None:
        for key_id in key_ids:
            try:
                client.send("DELETE", self.object_path(key_id))
            except NotFound:
                continue

    def _previous(self, key_ids: list[str]) -> Values:
        warnings = [
            f"key {key_id}, from before, still works -> enter the outputs {self.current} and {self.secret} wherever it"
            " is used, and then set revoke_previous"
            for key_id in key_ids
        ]
        return {self.previous: key_ids, "warnings": warnings}

    def patch(self, client: C, id_: str, olds: Values, news: Values) -> Reply | None:
        current, known = olds[self.current], olds.get(self.previous) or []
        changed = set(self.diff(olds, news).changed)
        if news["revoke_previous"]:
            self._revoke(client, known)
            known = []
        if "generation" in changed:
            return self.make(client, news, [*known, current])
        if changed - {"revoke_previous"}:
            self.change(client, current, news)
        return self._previous(known)

    def fetch(self, client: C, id_: str, values: Values) -> Reply:
        """The id is the first key's; a state of before the first rotation may not have the present one's."""
        reply = self.plain(super().fetch(client, values.get(self.current) or id_, values))
        known = values.get(self.previous) or []
        there = {row[self.id_key] for row in self.rows(client)} if known else set()
        return {**reply, **self._previous([key_id for key_id in known if key_id in there])}

    def remove(self, client: C, id_: str, values: Values) -> None:
        self._revoke(client, [*(values.get(self.previous) or []), values.get(self.current) or id_])
