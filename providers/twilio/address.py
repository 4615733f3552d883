"""https://www.twilio.com/docs/usage/api/address"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import AfterValidator, StringConstraints

from providers.declaration import FieldSpec, Values, tag
from providers.lifecycle import Reply, rule
from providers.resource import Field, MapField, Resource, optional, output, owner, required
from providers.twilio.client import Twilio
from providers.twilio.collection_2010 import Collection2010, path_2010
from providers.twilio.shapes import TAG, FriendlyName, IsoCountry

CORRECTED: Final = ("street", "street_secondary", "city", "region", "postal_code")
"""What Twilio may write otherwise than it was sent."""

EMERGENCY_LENGTH: Final = 32
TAG_LENGTH: Final = len(TAG.format(tag("")))


def _customer_name(value: str) -> str:
    # twilio_api_v2010.json: "a maximum length of 16 4-byte characters, or 21 3-byte characters".
    if len(value.encode()) > 64:
        raise ValueError("must have at most 64 bytes in UTF-8")
    return value


Text = Annotated[str, StringConstraints(min_length=1)]


class _Addresses(Collection2010):
    """What Twilio makes of an address is kept beside what was declared, so that its corrections are no drift.

    "If the address submitted is not an exact match but is similar to a valid address, we'll create the Address using
    the valid address we found": https://www.twilio.com/docs/usage/api/address
    """

    @rule("emergency_enabled", "friendly_name", "customer_name")
    def _short_for_emergencies(self, enabled: bool | None, friendly_name: str, customer_name: str) -> str | None:
        # https://support.twilio.com/hc/en-us/articles/360007534873
        for name, value, most in (
            ("friendly_name", friendly_name, EMERGENCY_LENGTH - TAG_LENGTH),
            ("customer_name", customer_name, EMERGENCY_LENGTH),
        ):
            if enabled and len(value) > most:
                return f"{name}: is too long for an emergency address -> shorten it to {most} characters"
        return None

    def plain(self, reply: Reply) -> Reply:
        return {"stored": {name: reply[name] for name in CORRECTED if reply[name] is not None}, **reply}

    def post(self, client: Twilio, inputs: Values) -> Reply:
        """What was just sent and corrected is as declared: without this, it would be sent a second time."""
        return {**self.plain(super().post(client, inputs)), **{name: inputs[name] for name in CORRECTED}}

    def reply_value(self, client: Twilio, reply: Reply, spec: FieldSpec, values: Mapping[str, Any]) -> Any:
        """What is declared, as long as Twilio has what it made of it; what Twilio has, once somebody changed that."""
        value = super().reply_value(client, reply, spec, values)
        stored = values.get("stored")
        return values[spec.name] if stored and spec.name in CORRECTED and stored.get(spec.name) == value else value

    def remove(self, client: Twilio, id_: str, values: Values) -> list[str] | None:
        """Numbers outlive the stack, and the law of their country wants to know where their user is.

        https://www.twilio.com/docs/usage/api/address#retrieve-a-list-of-dependent-phone-numbers
        """
        rows = client.pages(path_2010(self.name, id_, "DependentPhoneNumbers"), "dependent_phone_numbers")
        if not (numbers := ", ".join(row["phone_number"] for row in rows)):
            return super().remove(client, id_, values)
        return [
            f"{id_} stays, as it is the address of {numbers} -> leave it: the next `up` finds it again by its tag; or"
            " release these numbers, or give them another address, and delete it then"
        ]


class Address(Resource, module="twilio"):
    """Where you or your customer are, which some countries want to be told before a number is bought there.

    Its id is its SID, `AD…`. Friendly names are not unique: the owner's tag behind it tells this one apart, so that it
    is found again after a lost reply. Some countries' addresses are looked up, and stored as they were found:
    that is no drift, and `stored` shows it. Once linked to a verified document, it cannot be changed any more.
    https://www.twilio.com/docs/usage/api/address
    """

    friendly_name: Field[FriendlyName] = required(
        "Shown in the Console, followed by the owner's tag; 64 characters together, 32 for emergency calling.",
        tagged=TAG,
    )
    customer_name: Field[Annotated[Text, AfterValidator(_customer_name)]] = required("Whose address it is.")
    street: Field[Text] = required("Number and street.")
    street_secondary: Field[Text | None] = optional("Suite, floor or the like.", default=None, cleared="")
    city: Field[Text] = required("The city.")
    region: Field[Text] = required("State or region; in the United States its two letters.")
    postal_code: Field[Text] = required("The postal code.")
    iso_country: Field[IsoCountry] = required(
        "The country, as two capital letters of ISO 3166.", sent="create", replaces=True
    )
    emergency_enabled: Field[bool | None] = optional("May it be used for emergency calling?", default=None)
    auto_correct_address: Field[bool] = optional(
        "Takes a similar address that was found instead of refusing this one.", default=True
    )
    adopt: Field[str | None] = optional(
        "SID of an existing address to take over.", default=None, sent="never", write_once=True
    )
    delete_adopted: Field[bool] = optional(
        "Lets one that was taken over be deleted like any other.", default=False, sent="never"
    )
    marker: Field[str] = owner()
    account_sid: Field[str] = output("The account that it belongs to.")
    validated: Field[bool] = output("Was it looked up and found? False also where the country does not ask for that.")
    verified: Field[bool] = output("Was it verified? False also where the country does not ask for that.")
    stored: MapField[str] = output("The parts of the address as Twilio has them, corrected where they were.")

    lifecycle = _Addresses("Addresses", "addresses")
