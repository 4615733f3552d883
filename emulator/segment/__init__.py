"""Segment's Public API: this is the list of what is emulated of it."""

from emulator.segment import catalog, destinations, labels, sources, spaces, subscriptions, tracking_plans, workspaces
from emulator.segment.access import HOSTS
from emulator.segment.errors import failure
from emulator.segment.state import NAME, seed
from emulator.vendors import Vendor

_RESOURCES = (catalog, sources, workspaces, destinations, subscriptions, labels, spaces, tracking_plans)

VENDOR = Vendor(
    name=NAME,
    resources={resource.bp: tuple(HOSTS) for resource in _RESOURCES},
    seed=seed,
    failure=failure,
)
