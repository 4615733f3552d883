"""A key that is handed over, tried as whoever gets it will use it: by the vendor's own package, and not by our clients.

What our clients get wrong in the same way twice would not be seen by them. The packages set no time-outs, repeat
nothing, and are imported only when a key is tried.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import tenacity

from providers.client import BaseClient
from providers.connection import Connection
from providers.declaration import Values
from providers.errors import EngageError
from providers.lifecycle import PENDING, Lifecycle, State

VERIFIED: Final = "verified"

ATTEMPTS: Final = 3
INTERVAL: Final = 2
"""Seconds between attempts: a new key may not be known everywhere at once."""

TIMEOUT: Final = 30
"""Seconds that a call may take."""

STRICT_DOC: Final = "Fails while the key does not work."
VERIFIED_DOC: Final = "Does the key work, and belong where it should?"
STATUS_DOC: Final = "`verified`, or `pending`: then every `up` tries it again."
REASONS_DOC: Final = "Why it does not, and what to do."


class KeyChecks(Lifecycle[BaseClient]):
    """Looks only. A key that does not work is pending, and fails `up` only if that is asked for.

    identity  the field by whose value it is known
    reasons   why this key is no use, each with what to do; empty if it is good. It calls the vendor's package, and
              gives no key and nothing that was answered away
    """

    def __init__(self, identity: str, reasons: Callable[[Connection, Values], list[str]]) -> None:
        self.identity, self.reasons = identity, reasons

    def create(self, client: BaseClient, inputs: Values) -> State:
        return State(inputs[self.identity], self._tried(client, inputs))

    def read(self, client: BaseClient, id_: str, values: Values) -> State | None:
        return State(id_, {**values, **_outcome(self.reasons(client.connection, values))})

    def update(self, client: BaseClient, id_: str, olds: Values, news: Values) -> Values:
        return {**olds, **self._tried(client, news)}

    def delete(self, client: BaseClient, id_: str, values: Values) -> None:
        """Nothing was made."""

    def _tried(self, client: BaseClient, inputs: Values) -> Values:
        reasons: list[str] = tenacity.Retrying(
            retry=tenacity.retry_if_result(bool),
            wait=tenacity.wait_fixed(INTERVAL),
            stop=tenacity.stop_after_attempt(ATTEMPTS),
            retry_error_callback=lambda state: state.outcome.result() if state.outcome else [],
        )(self.reasons, client.connection, inputs)
        if reasons and inputs["strict"]:
            raise EngageError("\n  ".join(["strict: the key does not work", *reasons]))
        return {**inputs, **_outcome(reasons)}


def _outcome(reasons: list[str]) -> Values:
    return {"verified": not reasons, "status": PENDING if reasons else VERIFIED, "reasons": reasons}
