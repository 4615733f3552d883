"""What Twilio, a registry or the carriers review before it may be used: brands, campaigns, toll-free verifications."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from providers.declaration import Values
from providers.errors import EngageError, OwnershipError
from providers.lifecycle import PENDING, WARNINGS, Awaiting, Reply
from providers.twilio.client import Twilio

APPROVED: Final = "approved"
REJECTED: Final = "rejected"
SUPPORT: Final = "ask Twilio's support, https://help.twilio.com"

STATUS: Final = "`approved`, `rejected`, or `pending`: then every `up` looks again, or tries again."
REASONS: Final = "What is waited for or was rejected, and what to do."
WARNED: Final = "The reasons of a rejection."
EDIT_ALLOWED: Final = "May it be corrected and submitted again? Null until it is submitted."


def said(errors: Iterable[Any] | None) -> list[str]:
    """Why something was rejected: `{error_code, description, fields, url}` of brands and campaigns, `{code, reason}` of
    toll-free verifications."""
    return [_sentence(error) if isinstance(error, Mapping) else str(error) for error in errors or ()]


def _sentence(error: Mapping[str, Any]) -> str:
    code = error.get("error_code") or error.get("code")
    text = error.get("description") or error.get("reason") or "without a description"
    fields = f" ({', '.join(map(str, error['fields']))})" if error.get("fields") else ""
    return f"{text}{fields}" + (f" [https://www.twilio.com/docs/errors/{code}]" if code else "")


class Reviewed(Awaiting[Twilio]):
    """Made once what it needs is approved, then reviewed itself; corrected only where Twilio takes corrections.

    A correction is sent where inputs change and never otherwise, as each has it reviewed again, which may cost money.
    While it is under review, changed inputs wait: the state keeps what Twilio has, so that each preview shows them.

    The declaration has outputs `sid`, `status`, `reasons`, `warnings` and `edit_allowed`.
    """

    def __init__(self, path: str, *, unchangeable: str) -> None:
        """`unchangeable` says what to do about a change that Twilio does not take."""
        super().__init__(done=APPROVED)
        self.path, self.unchangeable = path, unchangeable

    def editable(self, reply: Reply) -> bool:
        """Does Twilio take corrections now?"""
        raise NotImplementedError

    def edit(self, client: Twilio, reply: Reply, olds: Values, news: Values) -> Reply:
        """Correct it and submit it again. Not repeated after a lost reply: the next `up` looks what became of it."""
        edited: Reply = client.send("POST", self.edit_path(reply), body=self.body(client, "update", news, olds))
        return edited

    def edit_path(self, reply: Reply) -> str:
        return f"{self.path}/{reply['sid']}"

    def revise(self, client: Twilio, reply: Reply, olds: Values, news: Values) -> Values:
        made = self.is_made(olds)
        there = self.drifted(client, reply, news)
        if not made and (fields := self.diff(there, news).replaces):
            raise OwnershipError(
                f"a {self.declaration.name} exists there, and its {', '.join(fields)} cannot be changed to what is"
                " asked for -> ask for what it has"
            )
        before = olds if made else there
        changed = [name for name in self._changes(client, reply, before, news) if name in self.declaration.inputs]
        if not changed:
            return self._made(client, reply, {**olds, **news})
        if self.editable(reply):
            return self._made(client, self.edit(client, reply, before, news), {**olds, **news})
        fields_ = ", ".join(changed)
        status, reasons = self.verdict(reply)
        if status != PENDING:
            raise EngageError(
                f"{fields_}: cannot change on a {self.declaration.name} that is {status} -> {self.unchangeable}"
            )
        waiting = f"{fields_}: not sent, as it is under review -> wait for the result, or change it back"
        kept = self._made(client, reply, {**olds, **news, **{name: before.get(name) for name in changed}})
        return {**kept, "reasons": [waiting, *reasons]}

    def _changes(self, client: Twilio, reply: Reply, before: Values, news: Values) -> list[str]:
        """The inputs that changed and that the vendor does not have yet, as far as it shows them: after a lost reply,
        it may. It is not told of the owner, so a renamed one is nothing to be reviewed."""
        visible = {name: spec for name, spec in self.declaration.inputs.items() if not spec.secret}
        shown = dict(self._read(client, reply, visible, news))
        differing = self.diff({**news, **shown}, news).changed
        changed = [name for name in self.diff(before, news).changed if name != "marker"]
        return [name for name in changed if name not in shown or name in differing]

    def _made(self, client: Twilio, reply: Reply, values: Values) -> Values:
        made = super()._made(client, reply, values)
        warnings = made["reasons"] if made["status"] == REJECTED else []
        return {**made, "edit_allowed": self.editable(reply), WARNINGS: warnings}
