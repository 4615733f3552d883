"""The hosted zones that records are written to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from components.engage import EngageArgs
from components.records import DnsArgs
from providers.dns.client import Dns
from providers.dns.records import plain
from providers.route53.client import Route53
from stacks.preflight.findings import Checks, Finding, ok, problem, warning


def zones(args: EngageArgs) -> dict[str, DnsArgs]:
    """What is written to Route 53, by the zone."""
    candidates = (
        args.email and args.email.domain,
        args.account and args.account.domain,
        args.account and args.account.reverse_dns,
    )
    return {dns.route53_zone: dns for dns in candidates if dns and dns.route53_zone}


def zone(client: Route53, args: EngageArgs) -> Iterator[Finding]:
    """Is the zone there, may it be written to, and does the world ask it?"""
    for name, dns in zones(args).items():
        check = f"Route 53 zone {name}"
        zone_id = client.zone_id(name)
        nameservers = client.apex(zone_id)
        if not client.may_write(zone_id, nameservers.host):
            todo = "allow route53:ChangeResourceRecordSets on it, or leave route53Zone out and add the records by hand"
            yield problem(check, "may be read, and not written to", todo)
            continue
        answer = Dns(client.connection).lookup(dns.nameservers)(nameservers.host, "NS")
        theirs, ours = set(map(plain, answer.values)), set(map(plain, nameservers.values))
        if answer.outcome == "no answer":
            yield warning(check, f"may be written to; DNS gave no answer about it ({answer.detail})", "run again")
        elif theirs & ours:
            yield ok(check, "may be written to, and is what DNS asks")
        else:
            yield problem(
                check,
                f"may be written to, but DNS asks {', '.join(sorted(theirs)) or 'nobody'} instead",
                f"set the domain's nameservers at its registrar to {', '.join(sorted(ours))}, or name the right zone",
            )


CHECKS: Final = Checks(first=zone)
