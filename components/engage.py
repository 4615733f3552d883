"""The whole of the guide as one component."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

import pulumi
from pydantic import AfterValidator, ConfigDict

from components.account import AccountArgs, AccountStack, Shared, names_of
from components.email import Email, EmailArgs
from components.manual import ManualStep, Until, left
from components.segment import Segment, SegmentArgs
from components.sms import Sms, SmsArgs
from components.status import Status
from providers.connection import camel_case
from providers.dns.zone import bind_zone


def _in_full(value: str) -> str:
    if not re.fullmatch("[^/]+/[^/]+/[^/]+", value):
        raise ValueError("must be organisation/project/stack, as in organization/twilio-engage/account")
    return value


@dataclass(frozen=True, kw_only=True)
class EngageArgs:
    """Settings of a whole environment; a part that is left out is not made.

    account        what the accounts have once, made by this stack
    account_stack  organisation/project/stack that has what the accounts have once, where environments share it
    email          the SendGrid part
    sms            the Twilio part
    segment        the Segment part
    production     protects what costs money or reputation from being deleted or replaced
    """

    __pydantic_config__ = ConfigDict(alias_generator=camel_case, extra="forbid")

    account: AccountArgs | None = None
    account_stack: Annotated[str, AfterValidator(_in_full)] | None = None
    email: EmailArgs | None = None
    sms: SmsArgs | None = None
    segment: SegmentArgs | None = None
    production: bool = False

    def __post_init__(self) -> None:
        """Raises ValueError with everything that does not fit together."""
        if problems := list(self._misfits()):
            raise ValueError("; ".join(problems))

    def _misfits(self) -> Iterator[str]:
        account, email, sms, elsewhere = self.account, self.email, self.sms, self.account_stack
        if account and elsewhere:
            yield "account is made here, and accountStack made elsewhere: set one of them"
        if email and not ((account and account.ips) or elsewhere):
            yield "email needs the account's IPs: set account.ips, or accountStack where another has them"
        if email and account:
            if email.lent_domain and not account.domain:
                yield "email.lentDomain needs the domain that is lent: set account.domain"
            if email.domain and account.domain:
                yield "email.domain and account.domain are in one stack: set one of them"
            if unknown := set(email.ips or ()) - set(account.ips):
                yield f"email.ips has {', '.join(sorted(unknown))}, which account.ips has not"
        if sms and sms.campaign and not (sms.brand or (account and account.brand) or elsewhere):
            yield "sms.campaign needs a brand: set account.brand, sms.brand, or accountStack where another has it"
        for feed in self.segment.destinations if self.segment else ():
            if not (email if feed == "sendgrid" else sms):
                yield f"segment.destinations has {feed}, for which the part {FED_BY[feed]} is needed"


FED_BY = {"sendgrid": "email", "twilio": "sms"}

SECRET: Final = {"subuser_api_key", "api_key_secret", "write_keys"}
"""The names in `engage_settings` whose values are."""


class EngageStack(pulumi.ComponentResource):
    """Everything that Twilio Engage needs, in the guide's order.

    engage_settings  what Segment's settings screen asks for, by part; secrets are secret
    public_settings  the same without the secrets: through a StackReference, one of them makes all of its output secret
    account          what other environments on the same accounts build on; None where this stack has it from another
    dns_records      the records that the sender's domain needs, by what they are for
    zone_file        the same as a fragment of a BIND zone file
    pending          what is not done yet, by what it is: a list of reasons each, empty where all is well
    status           how far each step of the guide is: a `StepStatus` each
    manual_steps     what is left for a person: a list of `ManualStep`
    """

    def __init__(
        self,
        name: str,
        args: EngageArgs,
        opts: pulumi.ResourceOptions | None = None,
        *,
        workspace_region: Literal["us", "eu"] = "us",
        twilio_account_sid: str | None = None,
        existing_key: tuple[pulumi.Input[str], pulumi.Input[str]] | None = None,
    ) -> None:
        """`twilio_account_sid` is that of the credentials, where it is known; `existing_key` is SID and secret of the
        Twilio key to hand over, where sms.key says that it exists."""
        super().__init__("twilio-engage:index:EngageStack", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        protect = args.production
        account = email = sms = segment = None
        shared: Shared = {}
        if args.account is not None:
            names = names_of(args.email.domain) if args.email else None
            account = AccountStack(f"{name}-account", args.account, child, protect=protect, fallback=names)
            shared = account.shared
        elif args.account_stack is not None:
            shared = _Elsewhere(args.account_stack, child)
        if args.email is not None:
            email = Email(
                f"{name}-email",
                args.email,
                account=shared,
                workspace_region=workspace_region,
                protect=protect,
                opts=child,
            )
        if args.sms is not None:
            brand = shared["brand"] if args.sms.campaign and not args.sms.brand else None
            sms = Sms(
                f"{name}-sms",
                args.sms,
                account_sid=twilio_account_sid,
                brand=brand,
                existing_key=existing_key,
                protect=protect,
                opts=child,
            )
        if args.segment is not None:
            segment = Segment(
                f"{name}-segment", args.segment, email=email, sms=sms, region=workspace_region, opts=child
            )
        # Plain dicts: an Output around them would hide everything behind the one secret within.
        named: dict[str, Any] = {"email": email, "sms": sms, "segment": segment}
        self.engage_settings: dict[str, Any] = {key: part.settings for key, part in named.items() if part}
        self.public_settings: dict[str, Any] = {
            key: {name: value for name, value in of_part.items() if name not in SECRET}
            for key, of_part in self.engage_settings.items()
        }
        self.account: Mapping[str, Any] | None = account.shared if account else None
        parts = [part for part in (account, email, sms, segment) if part]
        self.pending: dict[str, Any] = {key: reasons for part in parts for key, reasons in part.pending.items()}
        self.status: dict[str, Status] = {key: state for part in parts for key, state in part.status.items()}
        asked = [part for part in (account, email) if part]
        self.dns_records: dict[str, Any] = {key: records for part in asked for key, records in part.dns_records.items()}
        self.zone_file = _zone(self.dns_records, _origin(args))
        steps: list[ManualStep | Until] = [step for part in (account, email, sms) if part for step in part.manual_steps]
        if args.account and args.account.ips and args.account.warmup != "off":
            steps.append(_tell_engage(args.account, args.segment))
        self.manual_steps = left(steps)
        if segment is not None:
            # First in the guide: an identifier counts for events after it was added.
            both = pulumi.Output.all(segment.identifier_steps, self.manual_steps)
            self.manual_steps = both.apply(lambda lists: [step for each in lists for step in each or ()])
        self.register_outputs({})


class _Elsewhere:
    """What the stack that has the account gives to others: `AccountStack.shared`, read through its outputs."""

    def __init__(self, stack: str, opts: pulumi.ResourceOptions) -> None:
        self.stack, self.account = stack, pulumi.StackReference(stack, opts=opts).get_output("account")

    def __getitem__(self, name: str) -> pulumi.Output[Any]:
        def given(shared: Any) -> Any:
            if not (shared or {}).get(name):
                raise pulumi.RunError(
                    f"accountStack: the output `account` of {self.stack} has no {name} -> set account.{name} there, and"
                    " bring it up first"
                )
            return shared[name]

        return self.account.apply(given)


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


def _tell_engage(account: AccountArgs, segment: SegmentArgs | None) -> ManualStep:
    """The guide of 2022 asks for it; later revisions have taken it out again."""
    workspace = (segment and segment.workspace) or "<workspace slug>"
    space = segment.space if segment else "<space>"
    return ManualStep(
        what="Tell the Engage team: 'IP warm-up is on."
        f" Workspace: {workspace}. Space: {space}. Dedicated IP: {', '.join(account.ips)}.'",
        where="an e-mail to friends@segment.com, or Segment > Help > Contact support",
        why="the guide asks for this message once the warm-up is on",
    )
