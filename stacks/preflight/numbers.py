"""The numbers that the settings ask for: there already, or what would be bought, and at which price."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from components.engage import EngageArgs
from providers.declaration import Values
from providers.errors import EngageError
from providers.resource import marker_of
from providers.twilio.client import Twilio
from providers.twilio.number_search import NORTH_AMERICA, awaited, candidates, price_of
from providers.twilio.phone_number import PhoneNumber
from providers.twilio.pricing import NOT_PRICED
from stacks.preflight import wanted
from stacks.preflight.findings import Check, Finding, ok, problem, refused, warning

NAME: Final = "engage-sms-number-{}"
"""The resource that a number is: its owner's tag is made of it."""


def checks(args: EngageArgs) -> Iterator[Check]:
    """One for each number."""
    for name, number in wanted.numbers(args).items():
        yield _check(f"Twilio number {name}", _inputs(name, number))


def _inputs(name: str, number: wanted.Number) -> Values:
    """What its resource is declared with."""
    return {
        "friendly_name": name,
        "phone_number": number.phone_number,
        "iso_country": number.country,
        "number_type": number.type,
        "area_code": number.area_code,
        "contains": number.contains,
        "in_region": number.region,
        "in_locality": number.locality,
        "sms_enabled": number.sms,
        "mms_enabled": number.mms,
        "voice_enabled": number.voice,
        "address_sid": number.address_sid,
        "bundle_sid": number.bundle_sid,
        "max_monthly_price": number.max_monthly_price,
        "adopt": number.adopt,
        "marker": marker_of(NAME.format(name)),
    }


def _check(name: str, inputs: Values) -> Check:
    def number(client: Twilio, _args: EngageArgs) -> Iterator[Finding]:
        checked = PhoneNumber.lifecycle.check({}, inputs)
        if checked.failures:
            yield problem(name, "cannot be declared so", "; ".join(checked.failures))
            return
        try:
            yield _found(client, name, checked.inputs)
        except EngageError as failed:
            yield refused(name, failed)

    return number


def _found(client: Twilio, name: str, inputs: Values) -> Finding:
    """As the resource's `create`, in its order, but for the purchase. Raises EngageError where that would."""
    if inputs["adopt"]:
        row = PhoneNumber.lifecycle.named(client, inputs)
        return ok(name, f"is {row['phone_number']}, which the account has, and which is taken over")
    if (left := PhoneNumber.lifecycle.find(client, inputs)) is not None:
        return ok(name, f"is {left['phone_number']}, which the account has, and which is this stack's")
    if reasons := awaited(client, inputs):
        found, _, todo = reasons[0].partition(" -> ")
        return warning(name, f"would be pending: {found}", todo)
    best = candidates(client, inputs)[0]
    price = price_of(client, best, inputs) or "at a price that Twilio does not tell"
    return ok(name, f"would buy {best}, as {best.number}, {price}; {NOT_PRICED}")


def registrations(_client: Twilio, args: EngageArgs) -> Iterator[Finding]:
    """What carriers block while it is not registered: a fact of the settings, for which nobody is asked."""
    for name, number in wanted.numbers(args).items():
        code = _BLOCKED.get(number.type)
        if code and number.country in NORTH_AMERICA and not wanted.registered(args, number):
            yield warning(f"Twilio number {name} registration", *code)


_BLOCKED: Final = {
    "local": (
        "the settings have no campaign, and texts to the US from an unregistered number are blocked (30034)",
        "register brand and campaign, which takes weeks, unless it is done in the Console:"
        " https://www.twilio.com/docs/api/errors/30034",
    ),
    "toll_free": (
        "the settings have no verification, and texts from an unverified number are blocked (30032)",
        "have it verified, which takes days, unless it is done in the Console:"
        " https://www.twilio.com/docs/api/errors/30032",
    ),
}
"""By the type of number: what happens, and what to do."""
