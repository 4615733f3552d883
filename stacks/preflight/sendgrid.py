"""The parent account at SendGrid: its key, plan, addresses and subusers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from components.engage import EngageArgs
from providers.sendgrid.client import SendGrid
from providers.sendgrid.event_webhook import EventWebhook
from stacks.preflight.findings import Checks, Finding, ok, problem, warning

SUBUSERS: Final = 15
"""How many a Pro plan has, unless SendGrid's support raises it: https://sendgrid.com/en-us/pricing"""

NEEDED: Final = {
    "account": ("ips.read", "ips.warmup.create", "whitelabel.create"),
    "email": (
        "subusers.create",
        "api_keys.create",
        "ips.read",
        "tracking_settings.click.update",
        "user.webhooks.event.settings.update",
    ),
}
"""Scopes that tell whether a key is up to a part: one of each group that the part calls.
https://www.twilio.com/docs/sendgrid/api-reference/api-key-permissions"""

_PLANS: Final = (
    "subusers and dedicated IPs need a Pro plan: https://app.sendgrid.com/account/billing,"
    " https://www.twilio.com/docs/sendgrid/ui/account-and-settings/upgrading-your-plan"
)
PRO_WEBHOOKS: Final = 5
"""Event webhooks of a Pro plan; Essentials has 2, says SendGrid's support."""

_KEYS: Final = "https://app.sendgrid.com/settings/api_keys"


def key(client: SendGrid, args: EngageArgs) -> Iterator[Finding]:
    """Whose key it is, and what it may do."""
    scopes = set(client.get("/v3/scopes")["scopes"])
    needed = {scope for part, of_part in NEEDED.items() if getattr(args, part) for scope in of_part}
    if args.email and args.email.domain:
        needed.add("whitelabel.create")
    missing = sorted(needed - scopes)
    if not missing:
        yield ok("SendGrid key", "has what is needed of the parent account")
    elif "subusers.create" in missing:
        yield problem(
            "SendGrid key",
            f"may not make subusers (lacks {', '.join(missing)})",
            "it is a subuser's, or restricted, or the plan has no subusers: take a key with full access of the parent"
            f" account, {_KEYS}, on a Pro plan",
        )
    else:
        yield problem("SendGrid key", f"lacks {', '.join(missing)}", f"take one with full access: {_KEYS}")


def plan(client: SendGrid, _args: EngageArgs) -> Iterator[Finding]:
    """Of plans that are paid for, only the number of event webhooks tells which one it is."""
    account = client.get("/v3/user/account")
    said = f"{account['type']}, reputation {account['reputation']:g}"
    if account["type"] != "paid":
        yield problem("SendGrid plan", said, _PLANS)
        return
    allowed = client.get(f"{EventWebhook.lifecycle.path}/all")["max_allowed"]
    said += f", event webhooks: {allowed}"
    if allowed < PRO_WEBHOOKS:
        found = f"{said}, where Pro has {PRO_WEBHOOKS}: it may be a smaller plan"
        yield warning("SendGrid plan", found, _PLANS)
    else:
        yield ok("SendGrid plan", said)


def subuser(client: SendGrid, args: EngageArgs) -> Iterator[Finding]:
    """Is the name free or ours, and is there room for one more?"""
    if args.email is None:
        return
    name = args.email.subuser
    rows = list(client.pages("/v3/subusers", "", include_region="true", region="all"))
    own = next((row for row in rows if row["username"] == name), None)
    if own is None:
        room = f"{len(rows)} of the account's subusers are there"
        if len(rows) < SUBUSERS:
            yield ok("SendGrid subuser", f"will be made; {room}. Only making it shows whether the name is free")
        else:
            yield warning(
                "SendGrid subuser",
                room,
                f"a Pro plan has {SUBUSERS} unless raised: ask https://support.sendgrid.com, or delete one",
            )
    elif own["email"] != args.email.address and not args.email.adopt_subuser:
        yield problem(
            "SendGrid subuser",
            f"{name} exists with another e-mail address",
            "set email.adoptSubuser to take it over, or choose another email.subuser",
        )
    elif own["disabled"]:
        yield warning("SendGrid subuser", f"{name} is disabled, and `up` enables it", "find out who did that, and why")
    else:
        yield ok("SendGrid subuser", f"{name} exists, and is this stack's or taken over")


def addresses(client: SendGrid, args: EngageArgs) -> Iterator[Finding]:
    """Are the dedicated IPs there, and warm?"""
    wanted = (args.account.ips if args.account else None) or (args.email and args.email.ips) or []
    rows = {row["ip"]: row for row in client.pages("/v3/ips", "")}
    for ip in wanted:
        row = rows.get(ip)
        if row is None:
            yield problem(
                f"SendGrid IP {ip}",
                "the account has no such dedicated IP",
                "correct account.ips, or buy one: https://app.sendgrid.com/settings/ip_addresses",
            )
        elif row["warmup"]:
            yield ok(f"SendGrid IP {ip}", f"is warming up since {row['start_date']}")
        elif row["start_date"] is None:
            yield warning(
                f"SendGrid IP {ip}",
                "was never warmed up",
                "set account.warmup once you are ready to send, as mail of a cold address is refused",
            )
        else:
            yield ok(f"SendGrid IP {ip}", "is warm")


def access_list(client: SendGrid, _args: EngageArgs) -> Iterator[Finding]:
    """The first entry closes the account to all other addresses: those of Segment, too."""
    entries = len(client.get("/v3/access_settings/whitelist")["result"])
    if entries:
        yield warning(
            "SendGrid IP access",
            f"only {entries} addresses may call the API",
            "Segment's must be among them, and those that this runs on: https://app.sendgrid.com/settings/access",
        )
    else:
        yield ok("SendGrid IP access", "is open to every address")


CHECKS: Final = Checks(first=key, others=(plan, subuser, addresses, access_list))
