"""https://www.twilio.com/docs/iam/api-keys/keys-in-console"""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator

from providers.declaration import Values
from providers.errors import CredentialError
from providers.lifecycle import Lifecycle, State
from providers.resource import Field, Resource, output, owner, required
from providers.twilio.api_key import POWERS, refuse_other_regions
from providers.twilio.client import API_KEY, API_SECRET, KEYS_PAGE, US1, Twilio


def _shaped(value: str, pattern: str, shape: str) -> str:
    if not re.fullmatch(pattern, value):
        raise ValueError(f"does not look right, it should be {shape}")
    return value


def _sid(value: str) -> str:
    if value.startswith("AC"):
        raise ValueError("is the SID of an account, where that of an API key is needed: it begins with SK")
    return _shaped(value, API_KEY.pattern, API_KEY.shape)


def _secret(value: str) -> str:
    if re.fullmatch(API_KEY.pattern, value):
        raise ValueError("is the SID of a key and not its secret, which the Console shows once, when the key is made")
    return _shaped(value, API_SECRET.pattern, API_SECRET.shape)


class _ExistingApiKeys(Lifecycle[Twilio]):
    """Nothing is made, changed or deleted: the key is called with, and what it may do is told."""

    def create(self, client: Twilio, inputs: Values) -> State:
        return State(inputs["api_key_sid"], self._accepted(client, inputs))

    def read(self, client: Twilio, id_: str, values: Values) -> State | None:
        """A key that no longer works is gone: the next `up` then says what to do about it."""
        told = self._told(client, values)
        return State(id_, told) if told else None

    def update(self, client: Twilio, id_: str, olds: Values, news: Values) -> Values:
        return {**olds, **self._accepted(client, news)}

    def delete(self, client: Twilio, id_: str, values: Values) -> None:
        return

    def _accepted(self, client: Twilio, inputs: Values) -> Values:
        refuse_other_regions(client)
        if told := self._told(client, inputs):
            return told
        raise CredentialError(
            "api_key_sid and api_key_secret: Twilio does not accept them for the account of TWILIO_ACCOUNT_SID: the"
            " secret is another key's, or the key was revoked, or is of another account or subaccount or of another"
            f" region than {US1} -> correct them, or make a new key at {KEYS_PAGE} (region United States)"
        )

    def _told(self, client: Twilio, values: Values) -> Values | None:
        """The values with what the key may do; None where it is not accepted."""
        kind = client.with_key(values["api_key_sid"], values["api_key_secret"]).key_kind()
        return {**values, "kind": kind, "powers": POWERS[kind]} if kind else None


class ExistingApiKey(Resource, module="twilio"):
    """A key that was made in the Console, as every Main key is; later revisions of Segment's guide ask for one.

    It has the outputs that an ApiKey has, and is neither changed nor revoked. Its id is the SID of the first key that
    was given. What it may do is inferred from what Twilio lets it do, as no reply names a key's kind.
    https://www.twilio.com/docs/iam/api-keys/keys-in-console
    """

    api_key_sid: Field[Annotated[str, AfterValidator(_sid)]] = required("The key's SID, which is no secret.")
    api_key_secret: Field[Annotated[str, AfterValidator(_secret)]] = required(
        "Its secret, which the Console shows once, when the key is made.", secret=True
    )
    marker: Field[str] = owner()
    kind: Field[str] = output("`main`, `standard` or `restricted`, inferred from what Twilio lets it do.")
    powers: Field[str] = output("What a key of this kind may do.")

    lifecycle = _ExistingApiKeys()
