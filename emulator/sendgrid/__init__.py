"""SendGrid's v3 API: this is the list of what is emulated of it."""

from emulator.sendgrid import (
    account,
    api_keys,
    domains,
    errors,
    event_webhooks,
    ip_pools,
    ip_warmup,
    ips,
    links,
    reverse_dns,
    send_ips,
    subusers,
    tracking,
    validation,
)
from emulator.sendgrid.access import HOSTS
from emulator.sendgrid.state import NAME, seed
from emulator.vendors import Vendor

_RESOURCES = (
    account,
    api_keys,
    domains,
    event_webhooks,
    ip_pools,
    ip_warmup,
    ips,
    links,
    reverse_dns,
    send_ips,
    subusers,
    tracking,
    validation,
)

VENDOR = Vendor(
    name=NAME,
    resources={resource.bp: tuple(HOSTS) for resource in _RESOURCES},
    seed=seed,
    failure=errors.failure,
    headers=errors.rate_limit_headers,
)
