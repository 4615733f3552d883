"""Twilio's APIs: this is the list of what is emulated of them."""

from emulator.twilio import accounts, addresses, brands, campaigns, services, tollfree, trusthub
from emulator.twilio.errors import failure
from emulator.twilio.state import NAME, seed
from emulator.vendors import Vendor

_RESOURCES = (accounts, addresses, services, trusthub, brands, campaigns, tollfree)

VENDOR = Vendor(
    name=NAME,
    resources={resource.bp: (resource.HOST,) for resource in _RESOURCES},
    seed=seed,
    failure=failure,
)
