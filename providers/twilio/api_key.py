"""https://www.twilio.com/docs/iam/api-keys/key-resource-v1"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import StringConstraints

from providers.declaration import FieldSpec, Values
from providers.errors import CredentialError
from providers.lifecycle import Reply, rule
from providers.resource import Field, ListField, Resource, optional, output, owner, required
from providers.rotation import Generation, Rotating, generation, revoke_previous
from providers.twilio.client import US1, KeyKind, Twilio
from providers.twilio.shapes import TAG, FriendlyName

MOST_PERMISSIONS: Final = 100
"""https://www.twilio.com/docs/iam/api-keys/restricted-api-keys"""

Permission = Annotated[str, StringConstraints(pattern=r"^/twilio(/[\w.*-]+){3,}$")]

POWERS: Final[Mapping[KeyKind, str]] = {
    "main": "Everything that the auth token may do, accounts and API keys included.",
    "standard": "Everything but accounts and API keys. Where Segment asks for a Main key, which only the Console makes:"
    " ExistingApiKey.",
    "restricted": "What its policy allows and nothing else, and in the region us1 alone.",
}
"""What a key of each kind may do: https://www.twilio.com/docs/iam/api-keys/keys-in-console"""


def refuse_other_regions(client: Twilio) -> None:
    """Raises CredentialError where a key would be of a region in which Engage does not look for it."""
    if client.region != US1:
        raise CredentialError(
            f"Engage takes API keys of the region {US1} alone, and a key is of one region -> set twilioRegion to {US1},"
            " or remove it and twilioEdge"
        )


class _ApiKeys(Rotating[Twilio]):
    @rule("key_type", "policy")
    def _policy_of_a_restricted_key(self, key_type: str, policy: list[str] | None) -> str | None:
        if key_type == "standard":
            return "policy: only a restricted key has one -> set key_type to restricted" if policy is not None else None
        if not policy or len(policy) > MOST_PERMISSIONS:
            return f"policy: a restricted key has 1 to {MOST_PERMISSIONS} permissions -> name what the key may do"
        return None

    def takes_a_new_key(self, olds: Values, news: Values) -> str | None:
        if news["key_type"] in ("standard", "restricted") and news["key_type"] != (olds.get("key_type") or "standard"):
            return "key_type: a key stays what it was made as, so this takes a new key -> raise generation as well"
        return None

    def rows(self, client: Twilio) -> Iterator[Reply]:
        return client.pages(self.path, self.items, AccountSid=client.account())

    def make(self, client: Twilio, inputs: Values, known: list[str]) -> Reply:
        refuse_other_regions(client)
        return super().make(client, inputs, known)

    def body(
        self, client: Twilio, verb: str, values: Mapping[str, Any], olds: Mapping[str, Any] | None = None
    ) -> Values:
        """A type is sent for a restricted key alone; a policy is an object."""
        body = super().body(client, verb, values, olds)
        if "Policy" in body:
            body["Policy"] = {"allow": body["Policy"]}
        if verb == "create":
            body["AccountSid"] = client.account()
            if body["KeyType"] == "standard":
                del body["KeyType"]
        return body

    def plain(self, reply: Reply) -> Reply:
        return {"powers": POWERS["restricted" if reply["policy"] else "standard"], **reply} if "sid" in reply else reply

    def reply_value(self, client: Twilio, reply: Reply, spec: FieldSpec, values: Mapping[str, Any]) -> Any:
        value = super().reply_value(client, reply, spec, values)
        return value["allow"] if spec.name == "policy" and value else value


class ApiKey(Resource, module="twilio"):
    """A key of the account, with which Segment sends messages. Its id is the SID of its first key.

    It is of the region US1, where Engage looks for it. To make one takes the auth token or a Main key. Rotation: raise
    `generation`, and a new key is made; enter it where the old one is used, which works until `revoke_previous` is set.
    Deleting the resource revokes both. https://www.twilio.com/docs/iam/api-keys/key-resource-v1
    """

    friendly_name: Field[FriendlyName] = required(
        "What the list of keys shows, followed by the owner's tag; 64 characters together.", tagged=TAG
    )
    key_type: Field[Literal["standard", "restricted"]] = optional(
        "May it do everything but manage accounts and keys, or only what `policy` names?",
        default="standard",
        sent="create",
    )
    policy: ListField[Permission] = optional(
        "What a restricted key may do, as in `/twilio/messaging/messages/create`.", default=None, unordered=True
    )
    generation: Field[Generation] = generation()
    revoke_previous: Field[bool] = revoke_previous()
    marker: Field[str] = owner()
    api_key_sid: Field[str] = output("The SID of the key in use: the user name, which is no secret.", wire="Sid")
    api_key_secret: Field[str] = output("Its secret, shown by Twilio this once.", wire="Secret", secret=True)
    powers: Field[str] = output("What it may do.")
    previous_api_key_sids: ListField[str] = output("Keys from before a rotation that still work.")
    warnings: ListField[str] = output("Keys that still work and are to be replaced, each with what to do.")

    lifecycle = _ApiKeys(
        "/v1/Keys",
        id_key="sid",
        items="keys",
        update="POST",
        current="api_key_sid",
        secret="api_key_secret",  # noqa: S106 - the name of an output
        previous="previous_api_key_sids",
    )
