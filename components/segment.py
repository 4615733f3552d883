"""The guide's Segment stage: a source, and the identifiers that a person adds."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
from pydantic import ConfigDict

from components.manual import ManualStep
from providers.connection import camel_case
from providers.segment.source import Slug, Source

HTTP_API = "iUM16Md8P2"
"""The catalog's id of the HTTP API source."""


@dataclass(frozen=True, kw_only=True)
class SegmentArgs:
    """Settings of the Segment part.

    source_slug   of the source of events, in the workspace that the token belongs to
    source_name   as the list of sources shows it
    source_kind   an id of Segment's catalog of sources
    adopt_source  the id of an existing source to take over
    """

    __pydantic_config__ = ConfigDict(alias_generator=camel_case, extra="forbid")

    source_slug: Slug
    source_name: str | None = None
    source_kind: str = HTTP_API
    adopt_source: str | None = None


class Segment(pulumi.ComponentResource):
    """A source of events."""

    def __init__(self, name: str, args: SegmentArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("twilio-engage:index:Segment", name, None, opts)
        source = Source(
            f"{name}-source",
            slug=args.source_slug,
            metadata_id=args.source_kind,
            name=args.source_name,
            adopt=args.adopt_source,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.settings = {"source_id": source.id, "source_slug": source.full_slug, "write_keys": source.write_keys}
        self.manual_steps = [
            ManualStep(
                what="Add `phone` (and `email`, if it is not listed) as custom identifiers",
                where="Segment > Unify > Unify settings > Identity resolution > Add identifier > Custom identifiers",
                why="Segment has no API for identifiers; one can never be renamed or deleted",
            ),
        ]
        self.register_outputs({})
