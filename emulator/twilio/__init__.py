"""Twilio's APIs: this is the list of what is emulated of them."""

from emulator.store import Store
from emulator.twilio import (
    accounts,
    addresses,
    available_phone_numbers,
    brands,
    bundles,
    campaigns,
    geo_permissions,
    iam_keys,
    keys,
    phone_numbers,
    pricing,
    regulations,
    senders,
    services,
    short_codes,
    tollfree,
    trusthub,
)
from emulator.twilio.errors import failure
from emulator.twilio.state import NAME, seed
from emulator.vendors import Vendor

_RESOURCES = (
    accounts,
    addresses,
    services,
    bundles,
    trusthub,
    iam_keys,
    keys,
    geo_permissions,
    brands,
    campaigns,
    tollfree,
    available_phone_numbers,
    phone_numbers,
    pricing,
    regulations,
    senders,
    short_codes,
)


def _seed(store: Store) -> None:
    """The account, and what Twilio has to offer it."""
    seed(store)
    for catalogue in (available_phone_numbers.stock, pricing.prices):
        catalogue(store)


VENDOR = Vendor(
    name=NAME,
    resources={resource.bp: (resource.HOST,) for resource in _RESOURCES},
    seed=_seed,
    failure=failure,
)
