"""What can go wrong between a resource and its vendor, each with what to do next."""

from __future__ import annotations


class EngageError(Exception):
    """A failure that a person can act on: its text is one readable message, without a secret in it."""


class CredentialError(EngageError):
    """A credential is missing or malformed. Raised before anything is sent."""


class OwnershipError(EngageError):
    """Something of that name exists and is not provably this resource's. Nothing was changed."""


class Unreachable(EngageError):
    """No connection was made, so nothing was sent."""


class Ambiguous(EngageError):
    """The reply was lost, or the vendor failed half-way: the change may or may not have been made."""

    def __init__(self, *, vendor: str, method: str, path: str, reason: str) -> None:
        super().__init__(
            f"{vendor} gave no good reply to {method} {path} ({reason}), so it is not known whether it took effect"
            " -> run the same command again: what an earlier run made is looked for first and not made twice"
        )


class VendorError(EngageError):
    """A vendor refused a call.

    `status` is the HTTP status, `code` the vendor's own error code (Twilio's numbers, Segment's types), `message` the
    vendor's words, `hint` what to do next.
    """

    def __init__(
        self,
        *,
        vendor: str,
        method: str,
        path: str,
        status: int,
        message: str,
        code: str | None = None,
        request_id: str | None = None,
        hint: str | None = None,
    ) -> None:
        self.status, self.code, self.message, self.hint = status, code, message, hint
        number = f"{status}, code {code}" if code else f"{status}"
        text = f"{vendor} refused {method} {path} ({number}): {message}"
        text += f" -> {hint}" if hint else ""
        text += f" [request id {request_id}]" if request_id else ""
        super().__init__(text)


class NotFound(VendorError):
    """The object does not exist (any more)."""
