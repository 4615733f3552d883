"""The vendors that are emulated. A new resource is one file, listed in its vendor's `__init__.py`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Blueprint

from emulator.errors import VendorError
from emulator.store import Store


@dataclass(frozen=True)
class Vendor:
    """What the frame must know about a vendor; everything else is in the vendor's own package."""

    name: str
    resources: Mapping[Blueprint, tuple[str, ...]]
    """Each resource's routes, and the hosts at which they answer."""
    seed: Callable[[Store], None]
    """Makes the account that exists before anything was configured."""
    failure: Callable[[int, float], VendorError]
    """The vendor's reply for (status, seconds until a rate limit is lifted), for injected faults."""
    headers: Callable[[], Mapping[str, str]] = dict
    """Headers of every reply."""

    @property
    def hosts(self) -> frozenset[str]:
        return frozenset(host for hosts in self.resources.values() for host in hosts)


def all_vendors() -> tuple[Vendor, ...]:
    # Imported here because the vendors import the class above.
    from emulator import segment, sendgrid, twilio

    return (sendgrid.VENDOR, twilio.VENDOR, segment.VENDOR)
