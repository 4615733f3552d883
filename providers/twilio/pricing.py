"""What a phone number costs a month. https://www.twilio.com/docs/phone-numbers/pricing"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from providers.errors import NotFound
from providers.twilio.client import Twilio

NumberType = Literal["local", "toll_free", "mobile"]

NOT_PRICED: Final = "fees that have no API, as those of A2P 10DLC registration and of carriers, are not in this"


@dataclass(frozen=True)
class Price:
    """current_price  a month, with this account's discounts, in `unit`, which is a currency like USD"""

    current_price: float
    unit: str

    def __str__(self) -> str:
        return f"{self.current_price:.2f} {self.unit} a month"


def monthly_price(client: Twilio, iso_country: str, number_type: NumberType) -> Price | None:
    """What a number of this country and type costs, or None where Twilio names no price for one."""
    try:
        reply = client.get(f"/v1/PhoneNumbers/Countries/{iso_country}")
    except NotFound:
        return None
    kind = number_type.replace("_", " ")
    prices = [row["current_price"] for row in reply["phone_number_prices"] or () if row["number_type"] == kind]
    return Price(float(prices[0]), reply["price_unit"].upper()) if prices else None
