"""What the resources of DNS call through: there is no account and no credential."""

from __future__ import annotations

from collections.abc import Sequence

from providers.client import BaseClient
from providers.dns.lookup import Lookup


class Dns(BaseClient):
    """Anybody's DNS, read."""

    vendor = "DNS"

    def lookup(self, nameservers: Sequence[str] | None) -> Lookup:
        return Lookup(nameservers)
