"""Segment's Public API, Profile API and Tracking API: this is the list of what is emulated of them."""

from emulator.segment import (
    audiences,
    catalog,
    destinations,
    labels,
    profiles,
    regulations,
    sources,
    spaces,
    subscriptions,
    tracking,
    tracking_plans,
    workspaces,
)
from emulator.segment.access import HOSTS
from emulator.segment.errors import failure
from emulator.segment.state import NAME, seed
from emulator.vendors import Vendor

_RESOURCES = (
    *(audiences, catalog, destinations, labels, regulations, sources, spaces, subscriptions, tracking_plans),
    workspaces,
)

VENDOR = Vendor(
    name=NAME,
    resources={
        **{resource.bp: tuple(HOSTS) for resource in _RESOURCES},
        **{other.bp: tuple(other.HOSTS) for other in (profiles, tracking)},
    },
    seed=seed,
    failure=failure,
)
