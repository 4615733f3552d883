"""The guide's sender authentication: a domain, links and addresses in its name, and the DNS records that these need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Literal

import pulumi
from pydantic import ConfigDict

from components.manual import ManualStep
from providers.connection import camel_case
from providers.dns.dmarc_check import DmarcCheck
from providers.dns.lookup import Nameserver
from providers.dns.records import Hostname
from providers.dns.zone import bind_zone
from providers.route53.record import Record
from providers.sendgrid.authenticated_domain import AuthenticatedDomain
from providers.sendgrid.branded_link import BrandedLink
from providers.sendgrid.domain_association import DomainAssociation
from providers.sendgrid.link_association import LinkAssociation
from providers.sendgrid.reverse_dns import ReverseDns
from providers.sendgrid.validation import DomainValidation, LinkValidation, ReverseDnsValidation
from providers.shapes import DomainName, Subdomain

Region = Literal["global", "eu"]


@dataclass(frozen=True, kw_only=True)
class DomainArgs:
    """Settings of the sender's domain.

    name           what stands behind the @ of the sender's addresses
    subdomain      where bounces go, and what the addresses' own names are below
    link_subdomain begins the host of tracked links; another than `subdomain`
    link_cdn       the CDN that serves the links over HTTPS, once they are valid: under a domain with HSTS, links are
                   broken without one
    owner          who holds it: the subuser, as in the guide of 2022, or the parent, which lends it, as in later ones
    route53_zone   the hosted zone that the records are written to; without it, a person adds them
    nameservers    resolvers to ask for the records; without them, this machine's
    """

    __pydantic_config__ = ConfigDict(alias_generator=camel_case, extra="forbid")

    name: DomainName
    subdomain: Subdomain = "em"
    link_subdomain: Subdomain = "links"
    link_cdn: Hostname | None = None
    owner: Literal["subuser", "parent"] = "subuser"
    route53_zone: str | None = None
    nameservers: list[Nameserver] | None = None

    def __post_init__(self) -> None:
        if self.subdomain == self.link_subdomain:
            raise ValueError("linkSubdomain must differ from subdomain, as one host cannot have both records")


class Domain(pulumi.ComponentResource):
    """An authenticated domain, branded links and reverse DNS, with their records and validations.

    dns_records  the records, by what they are for: each a list of {type, host, value, purpose}
    pending      why something is not valid yet, by what it is
    """

    def __init__(
        self,
        name: str,
        args: DomainArgs,
        *,
        subuser: pulumi.Output[str],
        ips: Sequence[pulumi.Output[str]],
        region: Region,
        keep: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("twilio-engage:index:Domain", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        kept = pulumi.ResourceOptions(parent=self, retain_on_delete=keep)
        owner = subuser if args.owner == "subuser" else None
        asked: dict[str, Any] = {"nameservers": args.nameservers}

        domain = AuthenticatedDomain(
            f"{name}-authentication",
            domain=args.name,
            subdomain=args.subdomain,
            subuser=owner,
            region=region,
            opts=kept,
        )
        domain_validation = DomainValidation(
            f"{name}-authentication-validation",
            domain_id=domain.id,
            subuser=owner,
            dns_records=domain.dns_records,
            **asked,
            opts=self._after(self._write(args, f"{name}-authentication", domain.dns_records, 3, kept)),
        )
        link = BrandedLink(
            f"{name}-link",
            domain=args.name,
            subdomain=args.link_subdomain,
            subuser=owner,
            region=region,
            default=True,
            opts=kept,
        )
        link_validation = LinkValidation(
            f"{name}-link-validation",
            link_id=link.id,
            subuser=owner,
            dns_records=link.dns_records,
            cdn_target=args.link_cdn,
            **asked,
            opts=self._after(self._write(args, f"{name}-link", link.dns_records, 2, kept)),
        )
        self.dns_records: dict[str, pulumi.Output[Any]] = {"domain": domain.dns_records, "links": link.dns_records}
        self.pending: dict[str, pulumi.Output[Any]] = {
            "domain": domain_validation.reasons,
            "links": link_validation.reasons,
        }
        if args.owner == "parent":
            lent = DomainAssociation(
                f"{name}-association",
                domain_id=domain.id,
                username=subuser,
                domain_valid=domain_validation.valid,
                opts=child,
            )
            linked = LinkAssociation(
                f"{name}-link-association",
                link_id=link.id,
                username=subuser,
                link_valid=link_validation.valid,
                opts=child,
            )
            self.pending |= {"domain_association": lent.reasons, "link_association": linked.reasons}
        for number, ip in enumerate(ips, start=1):
            # Kept whatever becomes of the subuser: mail from an address without a name is refused.
            own_name = pulumi.ResourceOptions(parent=self)
            reverse = ReverseDns(
                f"{name}-reverse-{number}", ip=ip, domain=args.name, subdomain=args.subdomain, opts=own_name
            )
            validation = ReverseDnsValidation(
                f"{name}-reverse-{number}-validation",
                reverse_dns_id=reverse.id,
                dns_records=reverse.dns_records,
                **asked,
                opts=self._after(
                    self._write(
                        args,
                        f"{name}-reverse-{number}",
                        reverse.dns_records,
                        1,
                        pulumi.ResourceOptions(parent=self, retain_on_delete=True),
                    )
                ),
            )
            self.dns_records[f"reverse_dns_{number}"] = reverse.dns_records
            self.pending[f"reverse_dns_{number}"] = validation.reasons
        last = pulumi.ResourceOptions(parent=self, depends_on=[domain_validation])
        dmarc = DmarcCheck(f"{name}-dmarc", domain=args.name, **asked, opts=last)
        self.dns_records["dmarc"] = dmarc.proposed.apply(lambda record: [record] if record else [])
        self.pending["dmarc"] = dmarc.reasons
        self.zone_file = pulumi.Output.all(*self.dns_records.values()).apply(
            lambda lists: bind_zone([record for records in lists for record in records], args.name)
        )
        self.manual_steps = [] if args.route53_zone else [_ADD_RECORDS]
        self.register_outputs({})

    def _write(
        self,
        args: DomainArgs,
        name: str,
        records: pulumi.Output[list[dict[str, str]]],
        count: int,
        opts: pulumi.ResourceOptions,
    ) -> list[Record]:
        """The records in Route 53, kept as long as what they belong to; their number must be known in a preview."""
        if args.route53_zone is None:
            return []
        wanted = [records.apply(itemgetter(number)) for number in range(count)]
        return [
            Record(
                f"{name}-record-{number}",
                zone=args.route53_zone,
                type=record.apply(lambda found: found["type"].upper()),
                host=record.apply(itemgetter("host")),
                value=record.apply(itemgetter("value")),
                opts=opts,
            )
            for number, record in enumerate(wanted, start=1)
        ]

    def _after(self, records: list[Record]) -> pulumi.ResourceOptions:
        """A validation looks for the records, so it waits for those that are written here."""
        return pulumi.ResourceOptions(parent=self, depends_on=records)


_ADD_RECORDS = ManualStep(
    what="Add the records of the output dns_records (or zone_file) to DNS, without a proxy before them; then run again",
    where="the domain's DNS host",
    why="without route53Zone, DNS is not ours to write",
)
