"""The vendors: the one list of their clients, and of what these are given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from providers.client import BaseClient
from providers.connection import Credential, Option
from providers.dns.client import Dns
from providers.route53.client import Route53
from providers.segment.client import Segment
from providers.sendgrid.client import SendGrid
from providers.twilio.client import Twilio

CLIENTS: Final[Mapping[str, type[BaseClient]]] = {
    "sendgrid": SendGrid,
    "twilio": Twilio,
    "segment": Segment,
    "dns": Dns,
    "route53": Route53,
}
"""By the module of a declaration, which is also the name of the vendor's package."""

CREDENTIALS: Final[tuple[Credential, ...]] = tuple(
    credential for client in CLIENTS.values() for credential in client.credentials
)

OPTIONS: Final[tuple[Option, ...]] = tuple(option for client in CLIENTS.values() for option in client.options)
