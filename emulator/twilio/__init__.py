"""Twilio's APIs: this is the list of what is emulated of them."""

from emulator.twilio import (
    accounts,
    addresses,
    brands,
    bundles,
    campaigns,
    geo_permissions,
    iam_keys,
    keys,
    phone_numbers,
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
    phone_numbers,
    senders,
    short_codes,
)

VENDOR = Vendor(
    name=NAME,
    resources={resource.bp: (resource.HOST,) for resource in _RESOURCES},
    seed=seed,
    failure=failure,
)
