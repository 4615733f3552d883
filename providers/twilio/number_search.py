"""What is found out before a number is bought: which there are, what the law asks for, and what they cost.

https://www.twilio.com/docs/phone-numbers/api/availablephonenumber-resource
https://www.twilio.com/docs/phone-numbers/regulatory/api/regulations
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from providers.declaration import Values, tag
from providers.errors import Ambiguous, EngageError, NotFound, VendorError
from providers.twilio.client import Twilio
from providers.twilio.collection_2010 import path_2010
from providers.twilio.pricing import NumberType, Price, monthly_price

WANTED: Final = ("sms_enabled", "mms_enabled", "voice_enabled")
CRITERIA: Final = (
    *("area_code", "contains", "in_region", "in_locality", "in_postal_code", *WANTED),
    *("exclude_all_address_required", "exclude_local_address_required", "exclude_foreign_address_required", "beta"),
)
"""The fields that narrow a search down."""

NORTH_AMERICA: Final = ("US", "CA")
PAGE_SIZE: Final = 50
_BUNDLES: Final = {
    "draft": "submit it for review",
    "twilio-rejected": "correct what Twilio's e-mail names and submit it again",
}
"""What to do about a bundle of this status."""

_TYPES: Final[dict[NumberType, str]] = {"local": "Local", "toll_free": "TollFree", "mobile": "Mobile"}


@dataclass(frozen=True)
class Candidate:
    """A number that can be bought; of one that Twilio does not list, nothing else is known."""

    number: str
    iso_country: str | None = None
    number_type: NumberType | None = None
    address_requirements: str = "none"
    capabilities: frozenset[str] = frozenset()
    listed: bool = True

    def __str__(self) -> str:
        return f"a {self.iso_country} {str(self.number_type).replace('_', '-')} number" if self.listed else "a number"


def candidates(client: Twilio, inputs: Values, address_country: str | None = None) -> list[Candidate]:
    """What could be bought, the best first. Raises EngageError where nothing can, before anything is bought.

    `address_country` is that of an address which is not made yet.
    """
    number = inputs["phone_number"]
    found = [_listed(client, number, inputs)] if number else _search(client, inputs)
    country = address_country
    if country is None and any(candidate.address_requirements != "none" for candidate in found):
        country = _country_of_address(client, inputs)
    allowed = [candidate for candidate in found if _satisfied(candidate, country)]
    if not allowed:
        raise EngageError(_address_needed(found[0], given=country is not None))
    _bundle_given(client, allowed[0], inputs)
    return allowed


def _query(client: Twilio, inputs: Values) -> dict[str, Any]:
    """A flag that is false is left out, as it would not mean "without": github.com/twilio/twilio-node/issues/344."""
    given = {name: inputs[name] for name in CRITERIA if inputs[name] is not None}
    sent = {name: value for name, value in given.items() if value is not False or name == "beta"}
    return {client.wire_name(name): str(v).lower() if isinstance(v, bool) else v for name, v in sent.items()}


def _available(client: Twilio, country: str, number_type: NumberType, **query: Any) -> Iterator[Candidate]:
    path = path_2010("AvailablePhoneNumbers", country, _TYPES[number_type])
    for row in client.get(path, **query, PageSize=PAGE_SIZE)["available_phone_numbers"]:
        # Keys are upper case in reality: https://github.com/twilio/twilio-node/issues/833
        capabilities = frozenset(name.lower() for name, able in row["capabilities"].items() if able)
        yield Candidate(row["phone_number"], country, number_type, row["address_requirements"], capabilities)


def _search(client: Twilio, inputs: Values) -> list[Candidate]:
    """In an order of the owner's own: two who search at once reach for different numbers, one who tries again for the
    same."""
    country, number_type = inputs["iso_country"], inputs["number_type"]
    try:
        found = list(_available(client, country, number_type, **_query(client, inputs)))
    except NotFound:
        raise EngageError(
            f"number_type: Twilio offers no {number_type} numbers in {country}, so none was bought -> choose another"
            " number_type or iso_country"
        ) from None
    if not found:
        narrowing = ", ".join(name for name in CRITERIA if inputs[name] not in (None, False))
        raise EngageError(
            f"no {number_type} number of {country} fits, so none was bought -> loosen or remove one of {narrowing}, or"
            " choose another number_type"
        )
    return sorted(found, key=lambda candidate: tag(inputs["marker"], candidate.number))


def _listed(client: Twilio, number: str, inputs: Values) -> Candidate:
    """This very number, of whatever type it is."""
    for number_type in sorted(_TYPES, key=lambda each: each != inputs["number_type"]):
        try:
            rows = list(_available(client, inputs["iso_country"], number_type, Contains=number.removeprefix("+")))
        except NotFound:  # a type that this country does not have
            continue
        for row in rows:
            if row.number == number:
                _able(row, inputs)
                return row
    return Candidate(number, listed=False)


def _able(candidate: Candidate, inputs: Values) -> None:
    for name in WANTED:
        what = name.partition("_")[0]
        if inputs[name] and what not in candidate.capabilities:
            raise EngageError(
                f"phone_number: Twilio says that it has no {what.upper()}, so it was not bought -> choose another, or"
                f" set {name} to false to buy it all the same"
            )


def _country_of_address(client: Twilio, inputs: Values) -> str | None:
    if inputs["address_sid"] is None:
        return None
    try:
        country: str = client.get(path_2010("Addresses", inputs["address_sid"]))["iso_country"]
    except NotFound:
        raise EngageError("address_sid: the account has no such address -> pass the id of a twilio.Address") from None
    return country


def _satisfied(candidate: Candidate, country: str | None) -> bool:
    """Is this address, by its country, what the number asks for?"""
    if candidate.address_requirements == "none":
        return True
    same = country == candidate.iso_country
    return country is not None and {"local": same, "foreign": not same}.get(candidate.address_requirements, True)


def _address_needed(candidate: Candidate, *, given: bool) -> str:
    where = {"local": "in that country", "foreign": "outside of that country"}
    where_to = where.get(candidate.address_requirements, "anywhere")
    return (
        f"address_sid: {candidate} needs an address {where_to}, and {'this one is elsewhere' if given else 'has none'},"
        " so none was bought -> declare a twilio.Address there and pass its id, or set exclude_all_address_required"
    )


def _bundle_given(client: Twilio, candidate: Candidate, inputs: Values) -> None:
    """Whoever buys where identities are regulated needs a bundle: "most phone numbers outside the US and Canada".

    https://www.twilio.com/en-us/changelog/regulated-number-bundle-provisioning-requirement
    """
    if inputs["bundle_sid"] or not candidate.listed or candidate.iso_country in NORTH_AMERICA:
        return
    rules = client.pages(
        "/v2/RegulatoryCompliance/Regulations",
        "results",
        IsoCountry=candidate.iso_country,
        NumberType=str(candidate.number_type).replace("_", "-"),
    )
    if names := [rule["friendly_name"] for rule in rules if any((rule["requirements"] or {}).values())]:
        raise EngageError(
            f"bundle_sid: {candidate} needs an approved regulatory bundle ({', '.join(names)}), so none was bought ->"
            " declare a twilio.RegulatoryBundle and pass its id"
        )


def price_of(client: Twilio, candidate: Candidate, inputs: Values) -> Price | None:
    """Raises EngageError where it is more than may be paid, or cannot be told although there is a limit."""
    most, price = inputs["max_monthly_price"], None
    if candidate.iso_country and candidate.number_type:
        try:
            price = monthly_price(client, candidate.iso_country, candidate.number_type)
        except (VendorError, Ambiguous):
            if most is not None:
                raise
    if most is not None and price is None:
        raise EngageError(
            f"max_monthly_price: Twilio does not tell what {candidate} costs, so none was bought -> set iso_country and"
            " number_type to those of the number, or remove max_monthly_price"
        )
    if most is not None and price is not None and price.current_price > most:
        raise EngageError(
            f"max_monthly_price: {candidate} costs {price}, so none was bought -> raise it, or choose another"
            " number_type"
        )
    return price


def awaited(client: Twilio, inputs: Values) -> list[str]:
    """What the bundle is waiting for, or nothing once it is approved. https://www.twilio.com/docs/errors/21649"""
    if inputs["bundle_sid"] is None:
        return []
    try:
        status = client.get(f"/v2/RegulatoryCompliance/Bundles/{inputs['bundle_sid']}")["status"]
    except NotFound:
        raise EngageError(
            "bundle_sid: the account has no such bundle -> pass the id of a twilio.RegulatoryBundle"
        ) from None
    if status == "twilio-approved":
        return []
    to_do = _BUNDLES.get(status, "wait for Twilio's review, and run the same command again")
    return [f"bundle_sid: the bundle is {status}, and no number is bought before it is approved -> {to_do}"]
