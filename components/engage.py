"""The whole of the guide as one component."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pulumi
from pydantic import ConfigDict

from components.account import AccountArgs, AccountStack, names_of
from components.email import Email, EmailArgs
from components.manual import ManualStep
from components.segment import Segment, SegmentArgs
from components.sms import Sms, SmsArgs
from providers.connection import camel_case
from providers.dns.zone import bind_zone


@dataclass(frozen=True, kw_only=True)
class EngageArgs:
    """Settings of a whole environment; a part that is left out is not made.

    account        what the accounts have once, made by this stack
    account_stack  organisation/project/stack that makes it, where several environments share it
    email          the SendGrid part
    sms            the Twilio part
    segment        the Segment part
    production     protects what costs money or reputation from being deleted or replaced
    """

    __pydantic_config__ = ConfigDict(alias_generator=camel_case, extra="forbid")

    account: AccountArgs | None = None
    account_stack: str | None = None
    email: EmailArgs | None = None
    sms: SmsArgs | None = None
    segment: SegmentArgs | None = None
    production: bool = False

    def __post_init__(self) -> None:
        if self.account and self.account_stack:
            raise ValueError("account is made here, and accountStack made elsewhere: set one of them")
        if self.email and not (self.account or self.account_stack):
            raise ValueError("email needs the account's IPs: set account.ips, or accountStack where another has them")
        if self.email and self.account:
            if self.email.lent_domain and not self.account.domain:
                raise ValueError("email.lentDomain needs the domain that is lent: set account.domain")
            if self.email.domain and self.account.domain:
                raise ValueError("email.domain and account.domain are in one stack: set one of them")
            if unknown := set(self.email.ips or ()) - set(self.account.ips):
                raise ValueError(f"email.ips has {', '.join(sorted(unknown))}, which account.ips has not")


class EngageStack(pulumi.ComponentResource):
    """Everything that Twilio Engage needs, in the guide's order.

    engage_settings  what Segment's settings screen asks for, by part; secrets are secret
    account          what other environments on the same accounts build on; None where this stack has it from another
    dns_records      the records that the sender's domain needs, by what they are for
    zone_file        the same as a fragment of a BIND zone file
    pending          what is not done yet, by what it is: a list of reasons each, empty where all is well
    manual_steps     what is left for a person: a list of `ManualStep`
    """

    def __init__(
        self,
        name: str,
        args: EngageArgs,
        opts: pulumi.ResourceOptions | None = None,
        *,
        workspace_region: Literal["us", "eu"] = "us",
    ) -> None:
        super().__init__("twilio-engage:index:EngageStack", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        own_domain = args.email.domain if args.email else None
        account = (
            AccountStack(f"{name}-account", args.account, child, protect=args.production, names=names_of(own_domain))
            if args.account
            else None
        )
        email = (
            Email(
                f"{name}-email",
                args.email,
                account=account.shared if account else _shared(args.account_stack or "", child),
                workspace_region=workspace_region,
                protect=args.production,
                opts=child,
            )
            if args.email
            else None
        )
        sms = Sms(f"{name}-sms", args.sms, child) if args.sms else None
        segment = Segment(f"{name}-segment", args.segment, child) if args.segment else None
        # Plain dicts: an Output around them would hide everything behind the one secret within.
        screens: dict[str, Any] = {"email": email, "sms": sms, "segment": segment}
        self.engage_settings: dict[str, Any] = {key: part.settings for key, part in screens.items() if part}
        self.account: Mapping[str, Any] | None = account.shared if account else None
        parts = [part for part in (account, email, sms, segment) if part]
        steps = [step for part in parts for step in part.manual_steps]
        self.manual_steps: list[ManualStep] = [step for number, step in enumerate(steps) if step not in steps[:number]]
        asked = [part for part in (account, email) if part]
        self.dns_records: dict[str, Any] = {key: records for part in asked for key, records in part.dns_records.items()}
        self.pending: dict[str, Any] = {key: reasons for part in asked for key, reasons in part.pending.items()}
        self.zone_file = _zone(self.dns_records, _origin(args))
        self.register_outputs({})


def _shared(stack: str, opts: pulumi.ResourceOptions) -> pulumi.Output[Any]:
    """What the stack that has the account gives to others."""
    reference = pulumi.StackReference(stack, opts=opts)

    def given(shared: Any) -> Any:
        if not shared:
            raise pulumi.RunError(f"accountStack: {stack} has no output `account` -> set its account.ips, and up it")
        return shared

    return reference.get_output("account").apply(given)


def _origin(args: EngageArgs) -> str | None:
    """The domain whose zone has the records."""
    domain = (args.email and args.email.domain) or (args.account and args.account.domain)
    if domain:
        return domain.name
    return args.account.reverse_dns.domain if args.account and args.account.reverse_dns else None


def _zone(dns_records: Mapping[str, Any], origin: str | None) -> pulumi.Output[str] | None:
    if origin is None or not dns_records:
        return None
    return pulumi.Output.all(*dns_records.values()).apply(
        lambda lists: bind_zone([record for records in lists for record in records], origin)
    )
