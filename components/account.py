"""What the accounts have once, however many environments use them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, Protocol

import pulumi
from pydantic import ConfigDict

from components.domain import Domain, DomainArgs, Region
from components.inputs import InputsOf
from components.manual import ManualStep, Until
from components.records import DnsArgs
from components.status import DONE, Status, manual, waiting, waiting_for_all
from providers.connection import camel_case
from providers.sendgrid.dedicated_ip import DedicatedIp
from providers.sendgrid.ip_warmup import IpWarmup
from providers.sendgrid.reverse_dns import ReverseDns
from providers.sendgrid.validation import ReverseDnsValidation
from providers.shapes import DomainName, Ipv4, Subdomain
from providers.twilio.brand_registration import BrandRegistration
from providers.twilio.messaging_geo_permissions import MessagingGeoPermissions
from providers.twilio.shapes import IsoCountry


@dataclass(frozen=True, kw_only=True)
class ReverseDnsArgs(DnsArgs):
    """Settings of the addresses' own names.

    domain     what they end with; a sender's domain
    subdomain  what stands before that, as in o1.em.example.com
    """

    __pydantic_config__ = ConfigDict(alias_generator=camel_case, extra="forbid")

    domain: DomainName
    subdomain: Subdomain = "em"


@dataclass(frozen=True, kw_only=True)
class AccountArgs:
    """Settings of what the accounts have once.

    ips                the dedicated IPs of the account that subusers send from
    region             where these are
    reverse_dns        the addresses' names; without it, those of the domain
    domain             a sender's domain that the parent authenticates and lends to the subusers, as in later revisions
                       of the guide; as in that of 2022, the subuser has its own, `email.domain`
    warmup             off until the stack is ready to send, then automated, or manual
    accept_delays      lets an automated warm-up begin without another warm IP, as on a new account
    allow_replacement  lets another region, or another name of `domain` or `reverse_dns`, make new objects
    brand              registers the business for A2P 10DLC, once for all campaigns: the inputs of BrandRegistration
    countries          that may be texted, of those that the Console does not reserve for itself
    """

    __pydantic_config__ = ConfigDict(alias_generator=camel_case, extra="forbid")

    ips: list[Ipv4] = field(default_factory=list)
    region: Region = "global"
    reverse_dns: ReverseDnsArgs | None = None
    domain: DomainArgs | None = None
    warmup: Literal["off", "automated", "manual"] = "off"
    accept_delays: bool = False
    allow_replacement: bool = False
    brand: Annotated[dict[str, Any], InputsOf(BrandRegistration)] | None = None
    countries: list[IsoCountry] = field(default_factory=list)


class Shared(Protocol):
    """What environments build on, by name: of this stack or of another."""

    def __getitem__(self, name: str, /) -> Any: ...


class AccountStack(pulumi.ComponentResource):
    """IPs with their names and warm-up, and the domain that is lent.

    shared       what the environments build on: `ips`, and `domain` as in `Domain.shared`
    dns_records  the records, by what they are for
    pending      why something is not done yet, by what it is
    status       how far the guide's steps are
    """

    def __init__(
        self,
        name: str,
        args: AccountArgs,
        opts: pulumi.ResourceOptions | None = None,
        *,
        protect: bool = False,
        fallback: ReverseDnsArgs | None = None,
    ) -> None:
        """`fallback` is what reverse DNS is where there is neither a setting for it nor a domain here."""
        super().__init__("twilio-engage:index:AccountStack", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        # Kept whatever becomes of the subusers: there is no way to give an IP back but SendGrid's support, and mail
        # from an address without a name is refused.
        kept = pulumi.ResourceOptions(parent=self, retain_on_delete=True, protect=protect)

        ips = [DedicatedIp(f"{name}-ip-{ip}", ip=ip, opts=kept) for ip in args.ips]
        self.shared: dict[str, Any] = {"ips": [ip.id for ip in ips]}
        self.dns_records: dict[str, pulumi.Output[Any]] = {}
        self.pending: dict[str, pulumi.Output[Any]] = {}
        self.status: dict[str, Status] = {}
        self.manual_steps: list[ManualStep | Until] = []
        if args.domain is not None:
            domain = Domain(
                f"{name}-domain",
                args.domain,
                subuser=None,
                region=args.region,
                keep=True,
                protect=protect,
                allow_replacement=args.allow_replacement,
                opts=child,
            )
            self.shared["domain"] = domain.shared
            self.dns_records |= domain.dns_records
            self.pending |= domain.pending
            self.status |= domain.status
            self.manual_steps += domain.manual_steps
        reverse = args.reverse_dns or names_of(args.domain) or fallback
        for address, ip in zip(args.ips, ips, strict=True):
            if reverse is not None:
                self._add_reverse(f"{name}-reverse-{address}", address, ip, reverse, kept, args.allow_replacement)
            IpWarmup(
                f"{name}-warmup-{address}", ip=ip.id, mode=args.warmup, accept_delays=args.accept_delays, opts=child
            )
        if args.ips:
            names = [reasons for what, reasons in self.pending.items() if what.startswith("reverse_dns_")]
            self.manual_steps += [
                _PLAN,
                *(reverse.steps(*names) if reverse else [_NAME_ADDRESSES]),
                *([_WARM_UP] if args.warmup == "off" else []),
            ]
            self.status["dedicated_ip"] = DONE
            self.status["reverse_dns"] = (
                waiting_for_all(names, "verified") if names else manual(_NAME_ADDRESSES["what"])
            )
            self.status["ip_warmup"] = manual(_WARM_UP["what"]) if args.warmup == "off" else DONE
        if args.brand is not None:
            brand = BrandRegistration(f"{name}-brand", **args.brand, opts=kept)
            self.shared["brand"] = brand.id
            self.pending["brand"] = brand.reasons
            self.status["a2p_brand"] = waiting(brand.reasons, "verified")
        if args.countries:
            allowed = MessagingGeoPermissions(
                f"{name}-countries", countries=dict.fromkeys(args.countries, True), opts=child
            )
            self.pending["countries"] = allowed.warnings
            self.status["countries"] = waiting(allowed.warnings)
        self.register_outputs({})

    def _add_reverse(
        self,
        name: str,
        address: str,
        ip: DedicatedIp,
        args: ReverseDnsArgs,
        kept: pulumi.ResourceOptions,
        allow_replacement: bool,
    ) -> None:
        """One address's own name."""
        reverse = ReverseDns(
            name,
            ip=ip.id,
            domain=args.domain,
            subdomain=args.subdomain,
            allow_replacement=allow_replacement,
            opts=kept,
        )
        validation = ReverseDnsValidation(
            f"{name}-validation",
            reverse_dns_id=reverse.id,
            dns_records=reverse.dns_records,
            nameservers=args.nameservers,
            opts=args.write(name, reverse.dns_records, 1, kept),
        )
        self.dns_records[f"reverse_dns_{address}"] = reverse.dns_records
        self.pending[f"reverse_dns_{address}"] = validation.reasons


def names_of(domain: DomainArgs | None) -> ReverseDnsArgs | None:
    """The names of addresses that send for this domain."""
    if domain is None:
        return None
    return ReverseDnsArgs(
        domain=domain.name,
        subdomain=domain.subdomain,
        route53_zone=domain.route53_zone,
        nameservers=domain.nameservers,
    )


_NAME_ADDRESSES = ManualStep(
    what="Set up reverse DNS for the addresses; or set account.reverseDns, and run again",
    where="https://app.sendgrid.com/settings/sender_auth",
    why="there is no domain here to name them after",
)
_PLAN = ManualStep(
    what="Take a Pro plan at SendGrid, if the account has a smaller one",
    where="https://app.sendgrid.com/account/billing",
    why="subusers and dedicated IPs need it, and no API pays:"
    " https://www.twilio.com/docs/sendgrid/ui/account-and-settings/upgrading-your-plan",
)
_WARM_UP = ManualStep(
    what="When you are ready to send, set account.warmup to automated (or manual), and run again",
    where="the stack's settings",
    why="a warm-up runs for six weeks from its start, whether mail is sent or not",
)
