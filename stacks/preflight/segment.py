"""The workspace at Segment: its token, and whether its region fits the rest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from components.engage import EngageArgs
from providers.errors import EngageError
from providers.segment.client import PROFILE_TOKEN, REGION, Segment
from providers.segment.space_lookup import find_space
from providers.sendgrid.event_webhook import ENGAGE_URL
from stacks.preflight import wanted
from stacks.preflight.findings import Checks, Finding, ok, problem, refused, warning


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
    """Is it there? A workspace without the feature may refuse in any way: the refusal's hint names the feature."""
    asked = wanted.space(args)
    if asked is None:
        return
    try:
        found = find_space(client, asked)
    except EngageError as failed:
        yield refused("Segment space", failed)
    else:
        yield ok("Segment space", f"{found['name']} ({found['slug']}, {found['id']})")


def profile_token(client: Segment, args: EngageArgs) -> Iterator[Finding]:
    """Only a person makes one, and only some ways to prove the identifiers take it."""
    if not wanted.profile_api(args):
        return
    if said := PROFILE_TOKEN.problem(client.connection):
        found, _, where = said.partition(": ")
        todo = f"{where}; without it, audience previews alone can prove the space's identifiers"
        yield warning("Segment profile token", found, todo)
    else:
        yield ok("Segment profile token", "is set; whether it is this space's shows when it is used")


CHECKS: Final = Checks(first=token, others=(regions, space, profile_token))
