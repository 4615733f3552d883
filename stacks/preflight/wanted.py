"""What a preflight reads of the settings for SMS and Segment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from components.engage import EngageArgs
from providers.twilio.pricing import NumberType


class Number(Protocol):
    """A number that the settings ask for, as `twilio.PhoneNumber` takes it: the very one, or criteria."""

    @property
    def phone_number(self) -> str | None: ...
    @property
    def country(self) -> str: ...
    @property
    def type(self) -> NumberType: ...
    @property
    def area_code(self) -> int | None: ...
    @property
    def contains(self) -> str | None: ...
    @property
    def region(self) -> str | None: ...
    @property
    def locality(self) -> str | None: ...
    @property
    def sms(self) -> bool: ...
    @property
    def mms(self) -> bool: ...
    @property
    def voice(self) -> bool: ...
    @property
    def address_sid(self) -> str | None: ...
    @property
    def bundle_sid(self) -> str | None: ...
    @property
    def max_monthly_price(self) -> float | None: ...
    @property
    def adopt(self) -> str | None: ...


def numbers(args: EngageArgs) -> Mapping[str, Number]:
    return getattr(args.sms, "numbers", None) or {}


def registered(args: EngageArgs, number: Number) -> bool:
    """Do the settings register it with the carriers? What a number of that type needs, or nothing."""
    if number.type == "toll_free":
        return getattr(number, "verification", None) is not None
    return getattr(args.sms, "campaign", None) is not None


def space(args: EngageArgs) -> str | None:
    return getattr(args.segment, "space", None)


def profile_api(args: EngageArgs) -> bool:
    """Are identifiers to be proven by what the Profile API shows?"""
    checks: Any = args.segment
    return bool(getattr(checks, "profiles", None) or getattr(checks, "canary", False))
