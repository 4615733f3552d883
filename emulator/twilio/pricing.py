"""What numbers cost a month. github.com/twilio/twilio-oai twilio_pricing_v1.json,
https://www.twilio.com/docs/phone-numbers/pricing

Prices are strings, as in the document's example. The amounts are made up.
"""

from typing import Any

from flask import Blueprint

from emulator.context import url, vendor_path
from emulator.store import Store
from emulator.twilio.access import authorize
from emulator.twilio.errors import not_found
from emulator.twilio.state import NAME, records

bp = Blueprint("pricing", __name__)
HOST = "pricing.twilio.com"
PATH = "/v1/PhoneNumbers/Countries"

_PRICES = {
    "US": ("United States", {"local": "1.15", "toll free": "2.15"}),
    "CA": ("Canada", {"local": "1.15", "toll free": "2.15"}),
    "GB": ("United Kingdom", {"local": "1.15", "toll free": "2.15", "mobile": "1.15"}),
    "DE": ("Germany", {"local": "1.15", "mobile": "15.00"}),
}


def prices(store: Store) -> None:
    for country, (name, of_types) in _PRICES.items():
        store.collection(NAME, "prices")[country] = {"country": name, "prices": dict(of_types)}


@bp.get(f"{PATH}/<country>")
def fetch(country: str) -> dict[str, Any]:
    authorize()
    row = records("prices").get(country)
    if row is None:
        raise not_found(vendor_path())
    of_types = [
        {"number_type": kind, "base_price": price, "current_price": price} for kind, price in row["prices"].items()
    ]
    return {
        "country": row["country"],
        "iso_country": country,
        "phone_number_prices": of_types,
        "price_unit": "USD",
        "url": url(HOST, f"{PATH}/{country}"),
    }
