"""Twilio's APIs: this is the list of what is emulated of them."""

from emulator.store import Store
from emulator.twilio import (
    accounts,
    addresses,
    available_phone_numbers,
    bundles,
    phone_numbers,
    pricing,
    regulations,
    senders,
    services,
)
from emulator.twilio.errors import failure
from emulator.twilio.state import NAME, seed
from emulator.vendors import Vendor

_RESOURCES = (
    accounts,
    addresses,
    services,
    available_phone_numbers,
    phone_numbers,
    pricing,
    regulations,
    bundles,
    senders,
)


def _seed(store: Store) -> None:
    """The account, and what Twilio has to offer it."""
    seed(store)
    for catalogue in (available_phone_numbers.stock, pricing.prices, regulations.seeded):
        catalogue(store)


VENDOR = Vendor(
    name=NAME,
    resources={resource.bp: (resource.HOST,) for resource in _RESOURCES},
    seed=_seed,
    failure=failure,
)
