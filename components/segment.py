"""The guide's Segment stage: the space with its identifiers, a source, and what is fed without a person."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

import pulumi
from annotated_types import Ge
from pydantic import ConfigDict, StringConstraints

from components.email import Email
from components.sms import Sms
from components.status import Status, StepStatus, in_settings
from providers.connection import camel_case
from providers.segment.catalog import HTTP_API, SENDGRID, TWILIO_MESSAGING
from providers.segment.destination import Destination
from providers.segment.identifier_check import IdentifierCheck, IdentifierKey, ProfileReference
from providers.segment.source import Slug, Source
from providers.segment.source_labels import SourceLabels
from providers.segment.space_lookup import SpaceLookup
from providers.segment.tracking_plan import TrackingPlan
from providers.segment.tracking_plan_source import TrackingPlanSource
from providers.sendgrid.api_key import ApiKey as SendGridKey
from providers.twilio.api_key import ApiKey as TwilioKey

Text = Annotated[str, StringConstraints(min_length=1)]
Feed = Literal["sendgrid", "twilio"]

ENDPOINTS = {"global": "https://api.sendgrid.com", "eu": "https://api.eu.sendgrid.com"}
"""Of the destination SendGrid, by the subuser's region."""


@dataclass(frozen=True, kw_only=True)
class SegmentArgs:
    """Settings of the Segment part: leave it out for an environment without a space.

    space              slug, id or name of the environment's space; an id is used without being looked up, which the
                       API of spaces, in alpha, is not needed for
    workspace          slug of the workspace, for what a person writes to Segment
    source_slug        of the source of events, in the workspace that the token belongs to
    source_name        as the list of sources shows it
    source_kind        an id of Segment's catalog of sources
    allow_replacement  lets another `source_kind` make a new source, and delete the old one
    adopt_source       the id of an existing source to take over
    labels             of the source, by their keys
    tracking_plan      name of a plan, with the traits email and phone, that the source is connected to
    destinations       what is fed by code: SendGrid and Twilio Messaging get keys of their own, of email and sms
    key_generation     raise it to rotate the destinations' keys: the new ones reach them before the old are revoked
    identifiers        that the space must have; nothing but a person can add one
    profiles           profiles to prove them by, as email:someone@example.com: takes SEGMENT_PROFILE_API_TOKEN
    audience_previews  spends an audience preview on each that is not proven otherwise; a space has 700 a month
    check_generation   raise it to have all of them looked for again
    strict             fails while one is not proven
    """

    __pydantic_config__ = ConfigDict(alias_generator=camel_case, extra="forbid")

    space: Text
    workspace: Text | None = None
    source_slug: Slug
    source_name: str | None = None
    source_kind: str = HTTP_API
    allow_replacement: bool = False
    adopt_source: str | None = None
    labels: dict[Text, Text] = field(default_factory=dict)
    tracking_plan: Text | None = None
    destinations: list[Feed] = field(default_factory=list)
    key_generation: Annotated[int, Ge(1)] = 1
    identifiers: list[IdentifierKey] = field(default_factory=lambda: ["email", "phone"])
    profiles: list[ProfileReference] | None = None
    audience_previews: bool = True
    check_generation: Annotated[int, Ge(1)] = 1
    strict: bool = False

    @property
    def has_space_id(self) -> bool:
        """Is the space named by its id? As in https://profiles.segment.com/v1/spaces/spa_…: it needs no look-up."""
        return self.space.startswith("spa_")


class Segment(pulumi.ComponentResource):
    """A space and its identifiers, a source, and the destinations that are fed.

    settings          what refers to Segment: ids, slugs, region; the source's write keys
    pending           why something is not done yet, by what it is
    status            how far the guide's steps are
    identifier_steps  what a person must do on the screen of identifiers
    """

    def __init__(
        self,
        name: str,
        args: SegmentArgs,
        *,
        email: Email | None,
        sms: Sms | None,
        region: Literal["us", "eu"] = "us",
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("twilio-engage:index:Segment", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        space_id: pulumi.Input[str] = args.space
        if not args.has_space_id:
            space_id = SpaceLookup(f"{name}-space", space=args.space, opts=child).id
        identifiers = IdentifierCheck(
            f"{name}-identifiers",
            space_id=space_id,
            identifiers=args.identifiers,
            profiles=args.profiles,
            audience_previews=args.audience_previews,
            generation=args.check_generation,
            strict=args.strict,
            opts=child,
        )
        self.identifier_steps = identifiers.manual_steps
        source = Source(
            f"{name}-source",
            slug=args.source_slug,
            metadata_id=args.source_kind,
            name=args.source_name,
            allow_replacement=args.allow_replacement,
            adopt=args.adopt_source,
            opts=child,
        )
        if args.labels:
            labels = [{"key": key, "value": value} for key, value in args.labels.items()]
            SourceLabels(f"{name}-labels", source_id=source.id, labels=labels, opts=child)
        if args.tracking_plan is not None:
            plan = TrackingPlan(f"{name}-tracking-plan", name=args.tracking_plan, opts=child)
            TrackingPlanSource(
                f"{name}-tracking-plan-source", tracking_plan_id=plan.id, source_id=source.id, opts=child
            )
        fed: dict[str, pulumi.Output[str]] = {}
        if email is not None and "sendgrid" in args.destinations:
            fed["sendgrid"] = self._feed_sendgrid(name, args, source, email)
        if sms is not None and "twilio" in args.destinations:
            fed["twilio"] = self._feed_twilio(name, args, source, sms)
        self.settings: dict[str, Any] = {
            "region": region,
            "workspace": args.workspace,
            "workspace_id": source.workspace_id,
            "space": args.space,
            "space_id": space_id,
            "source_id": source.id,
            "source_slug": source.full_slug,
            "write_keys": source.write_keys,
            "destinations": fed,
        }
        reasons = in_settings(identifiers.reasons, "raise generation", "raise segment.checkGeneration")
        self.pending: dict[str, pulumi.Output[Any]] = {"identifiers": reasons}
        self.status: dict[str, Status] = {"identifiers": _proven(identifiers.proven, reasons)}
        self.register_outputs({})

    # The keys of destinations have their generation in their name: the engine makes the new one first, then brings the
    # destination to it, and deletes the old one last. No person needs the time in between.

    def _feed_sendgrid(self, name: str, args: SegmentArgs, source: Source, email: Email) -> pulumi.Output[str]:
        """Full access within the subuser, which the screen asks for too: what a subuser may give of the scopes that the
        destination's page lists is not documented."""
        child = pulumi.ResourceOptions(parent=self)
        key = SendGridKey(
            f"{name}-sendgrid-key-{args.key_generation}",
            name="Segment destination",
            subuser=email.subuser.id,
            opts=child,
        )
        destination = Destination(
            f"{name}-sendgrid",
            source_id=source.id,
            metadata_id=SENDGRID,
            name="SendGrid",
            settings={"endpoint": ENDPOINTS[email.region]},
            secret_settings={"sendGridApiKey": key.api_key},
            opts=child,
        )
        return destination.id

    def _feed_twilio(self, name: str, args: SegmentArgs, source: Source, sms: Sms) -> pulumi.Output[str]:
        child = pulumi.ResourceOptions(parent=self)
        key = TwilioKey(
            f"{name}-twilio-key-{args.key_generation}",
            friendly_name="Segment destination",
            opts=child,
        )
        destination = Destination(
            f"{name}-twilio",
            source_id=source.id,
            metadata_id=TWILIO_MESSAGING,
            name="Twilio Messaging",
            settings={"accountSID": sms.account_sid, "apiKeySID": key.api_key_sid},
            secret_settings={"apiKeySecret": key.api_key_secret},
            opts=child,
        )
        return destination.id


def _proven(proven: pulumi.Output[Any], reasons: pulumi.Output[Any]) -> Status:
    """What is not proven is a person's to add, whether or not the next `up` looks again."""
    known = pulumi.Output.all(proven, reasons)
    return known.apply(lambda both: StepStatus(state="verified" if both[0] else "manual", reasons=both[1] or []))
