"""The whole of the guide as one component."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pulumi
from pydantic import ConfigDict

from components.email import Email, EmailArgs
from components.manual import ManualStep
from components.segment import Segment, SegmentArgs
from components.sms import Sms, SmsArgs
from providers.connection import camel_case


@dataclass(frozen=True, kw_only=True)
class EngageArgs:
    """Settings of a whole environment; a part that is left out is not made."""

    __pydantic_config__ = ConfigDict(alias_generator=camel_case, extra="forbid")

    email: EmailArgs | None = None
    sms: SmsArgs | None = None
    segment: SegmentArgs | None = None


class EngageStack(pulumi.ComponentResource):
    """Everything that Twilio Engage needs, in the guide's order.

    engage_settings  what Segment's settings screen asks for, by part; secrets are secret
    dns_records      the records that the sender's domain needs, by what they are for
    zone_file        the same as a fragment of a BIND zone file
    pending          what is not done yet, by what it is: a list of reasons each, empty where all is well
    manual_steps     what is left for a person: a list of `ManualStep`
    """

    def __init__(self, name: str, args: EngageArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("twilio-engage:index:EngageStack", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        email = Email(f"{name}-email", args.email, child) if args.email else None
        sms = Sms(f"{name}-sms", args.sms, child) if args.sms else None
        segment = Segment(f"{name}-segment", args.segment, child) if args.segment else None
        # Plain dicts: an Output around them would hide everything behind the one secret within.
        parts = {"email": email, "sms": sms, "segment": segment}
        self.engage_settings: dict[str, Any] = {key: part.settings for key, part in parts.items() if part}
        self.manual_steps: list[ManualStep] = [step for part in parts.values() if part for step in part.manual_steps]
        self.dns_records: dict[str, Any] = email.dns_records if email else {}
        self.zone_file = email.zone_file if email else None
        self.pending: dict[str, Any] = email.pending if email else {}
        self.register_outputs({})
