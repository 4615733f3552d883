"""The workspace at Segment: its token, and whether its region fits the rest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from components.engage import EngageArgs
from providers.segment.client import REGION, Segment
from providers.sendgrid.event_webhook import ENGAGE_URL
from stacks.preflight.findings import Checks, Finding, ok, problem, warning


def token(client: Segment, _args: EngageArgs) -> Iterator[Finding]:
    """Whose token it is. In the other region it opens nothing, which the refusal's hint says."""
    workspace = client.get("/")["workspace"]
    yield ok("Segment token", f"of the workspace {workspace['slug']}, in {REGION.read(client.connection)}")


def regions(client: Segment, args: EngageArgs) -> Iterator[Finding]:
    """A workspace never moves, and what is sent to the other region's hosts is refused or lost."""
    region = REGION.read(client.connection)
    elsewhere = [name for name, url in ENGAGE_URL.items() if args.email and url == args.email.events_url]
    if elsewhere and region not in elsewhere:
        yield problem(
            "events URL",
            f"is Engage's in {elsewhere[0]}, and the workspace is in {region}",
            "leave email.eventsUrl out, or set it to that of the workspace's region",
        )
    if args.email and region == "eu" and args.email.region == "global":
        yield warning(
            "mail region",
            "the workspace is in the EU, and mail is sent from outside of it",
            "set email.region to eu, with IPs of that region, if data is to stay there",
        )


CHECKS: Final = Checks(first=token, others=(regions,))
