"""The workspace at Segment: its token, and whether its region fits the rest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from components.engage import EngageArgs
from providers.errors import EngageError, VendorError
from providers.segment.client import PROFILE_TOKEN, REGION, Segment
from providers.segment.space_lookup import find_space
from providers.sendgrid.event_webhook import ENGAGE_URL
from stacks.preflight.findings import Checks, Finding, ok, problem, refused, unknown, warning


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


def space(client: Segment, args: EngageArgs) -> Iterator[Finding]:
    """Is it there? A workspace without the feature may refuse in any way: the refusal's hint names the feature.

    `up` takes an id as it is, without asking for it.
    """
    if args.segment is None:
        return
    try:
        found = find_space(client, args.segment.space)
    except VendorError as failed:
        by_id = args.segment.has_space_id
        yield (unknown if by_id else refused)("Segment space", failed)
    except EngageError as failed:
        yield refused("Segment space", failed)
    else:
        yield ok("Segment space", f"{found['name']} ({found['slug']}, {found['id']})")


def profile_token(client: Segment, args: EngageArgs) -> Iterator[Finding]:
    """Only a person makes one, and only profiles take it."""
    if args.segment is None or not args.segment.profiles:
        return
    if said := PROFILE_TOKEN.problem(client.connection):
        found, _, where = said.partition(": ")
        yield warning("Segment profile token", found, f"{where}; without it, segment.profiles prove nothing")
    else:
        yield ok("Segment profile token", "is set; whether it is this space's shows when it is used")


CHECKS: Final = Checks(first=token, others=(regions, space, profile_token))
