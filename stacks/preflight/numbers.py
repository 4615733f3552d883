"""The numbers that the settings ask for: there already, or what would be bought, and at which price."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from components.engage import EngageArgs
from components.sms import SmsArgs
from providers.declaration import Values
from providers.errors import EngageError
from providers.resource import marker_of
from providers.twilio.client import Twilio
from providers.twilio.number_search import NORTH_AMERICA, awaited, candidates, price_of
from providers.twilio.phone_number import PhoneNumber
from providers.twilio.pricing import NOT_PRICED
from stacks.preflight.findings import Check, Finding, ok, refused, warning

NAME: Final = "engage-sms-number-{}"
"""The resource that a number is: its owner's tag is made of it."""


def declared(args: EngageArgs) -> dict[str, Values]:
    """Of each number, the inputs of its resource with their defaults, but for the marker: settings have been through
    its check."""
    numbers = args.sms.numbers if args.sms else {}
    return {name: PhoneNumber.lifecycle.check({}, {"friendly_name": name, **n}).inputs for name, n in numbers.items()}


def checks(args: EngageArgs) -> Iterator[Check]:
    """One for each number."""
    for name, inputs in declared(args).items():
        if args.sms:
            owned = {**inputs, "marker": marker_of(NAME.format(name))}
            yield _check(f"Twilio number {name}", owned, _country_of_address(args.sms, inputs))


def _country_of_address(sms: SmsArgs, inputs: Values) -> str | None:
    """Of that which this stack has made by then."""
    return sms.address["iso_country"] if sms.address and inputs["address_sid"] is None else None


def _check(name: str, inputs: Values, address_country: str | None) -> Check:
    def number(client: Twilio, _args: EngageArgs) -> Iterator[Finding]:
        try:
            yield _found(client, name, inputs, address_country)
        except EngageError as failed:
            yield refused(name, failed)

    return number


def _found(client: Twilio, name: str, inputs: Values, address_country: str | None) -> Finding:
    """As the resource's `create`, in its order, but for the purchase. Raises EngageError where that would."""
    if inputs["adopt"]:
        row = PhoneNumber.lifecycle.named(client, inputs)
        return ok(name, f"is {row['phone_number']}, which the account has, and which is taken over")
    if (left := PhoneNumber.lifecycle.find(client, inputs)) is not None:
        return ok(name, f"is {left['phone_number']}, which the account has, and which is this stack's")
    if reasons := awaited(client, inputs):
        found, _, todo = reasons[0].partition(" -> ")
        return warning(name, f"would be pending: {found}", todo)
    best = candidates(client, inputs, address_country)[0]
    price = price_of(client, best, inputs) or "at a price that Twilio does not tell"
    return ok(name, f"would buy {best}, as {best.number}, {price}; {NOT_PRICED}")


def registrations(_client: Twilio, args: EngageArgs) -> Iterator[Finding]:
    """What carriers block while it is not registered: a fact of the settings, for which nobody is asked."""
    if args.sms is None:
        return
    if args.sms.sends_unregistered:
        yield warning(
            "Twilio campaign",
            "none is set, and carriers block texts to the US from a local number without one (30034)",
            "set account.brand (or sms.brand) and sms.campaign, unless it is registered in the Console:"
            " https://www.twilio.com/docs/api/errors/30034",
        )
    for name, inputs in declared(args).items():
        american = inputs["iso_country"] in NORTH_AMERICA
        if inputs["number_type"] == "toll_free" and american and name not in args.sms.verifications:
            yield warning(
                f"Twilio verification {name}",
                "none is set, and texts from a toll-free number that is not verified are blocked (30032)",
                f"set sms.verifications.{name}, unless it is verified in the Console:"
                " https://www.twilio.com/docs/api/errors/30032",
            )
