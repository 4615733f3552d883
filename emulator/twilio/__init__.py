"""Twilio's APIs: this is the list of what is emulated of them."""

from emulator.twilio import accounts, addresses, campaigns, phone_numbers, senders, services, short_codes
from emulator.twilio.errors import failure
from emulator.twilio.state import NAME, seed
from emulator.vendors import Vendor

_RESOURCES = (accounts, addresses, services, campaigns, phone_numbers, senders, short_codes)

VENDOR = Vendor(
    name=NAME,
    resources={resource.bp: (resource.HOST,) for resource in _RESOURCES},
    seed=seed,
    failure=failure,
)
