"""The guide's sender authentication: a domain and links in its name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import pulumi
from pydantic import ConfigDict

from components.manual import ManualStep, Until
from components.records import DnsArgs
from components.status import Status, waiting
from providers.connection import camel_case
from providers.dns.dmarc_check import DmarcCheck
from providers.dns.records import Hostname
from providers.sendgrid.authenticated_domain import AuthenticatedDomain
from providers.sendgrid.branded_link import BrandedLink
from providers.sendgrid.validation import DomainValidation, LinkValidation
from providers.shapes import DomainName, Subdomain

Region = Literal["global", "eu"]


@dataclass(frozen=True, kw_only=True)
class DomainArgs(DnsArgs):
    """Settings of the sender's domain.

    name           what stands behind the @ of the sender's addresses
    subdomain      where bounces go, and what the addresses' own names are below
    link_subdomain begins the host of tracked links; another than `subdomain`
    link_cdn       the CDN that serves the links over HTTPS, once they are valid: under a domain with HSTS, links are
                   broken without one
    """

    __pydantic_config__ = ConfigDict(alias_generator=camel_case, extra="forbid")

    name: DomainName
    subdomain: Subdomain = "em"
    link_subdomain: Subdomain = "links"
    link_cdn: Hostname | None = None

    def __post_init__(self) -> None:
        if self.subdomain == self.link_subdomain:
            raise ValueError("linkSubdomain must differ from subdomain, as one host cannot have both records")


class Domain(pulumi.ComponentResource):
    """An authenticated domain and branded links, with their records and validations.

    shared       what a `DomainAssociation` and a `LinkAssociation` ask for
    dns_records  the records, by what they are for: each a list of {type, host, value, purpose}
    pending      why something is not valid yet, by what it is
    status       how far the guide's steps are
    """

    def __init__(
        self,
        name: str,
        args: DomainArgs,
        *,
        subuser: pulumi.Output[str] | None,
        region: Region,
        keep: bool,
        protect: bool = False,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Owned by `subuser`, or by the parent account."""
        super().__init__("twilio-engage:index:Domain", name, None, opts)
        kept = pulumi.ResourceOptions(parent=self, retain_on_delete=keep, protect=protect)
        asked: dict[str, Any] = {"nameservers": args.nameservers}

        domain = AuthenticatedDomain(
            f"{name}-authentication",
            domain=args.name,
            subdomain=args.subdomain,
            subuser=subuser,
            region=region,
            opts=kept,
        )
        domain_validation = DomainValidation(
            f"{name}-authentication-validation",
            domain_id=domain.id,
            subuser=subuser,
            dns_records=domain.dns_records,
            **asked,
            opts=args.write(f"{name}-authentication", domain.dns_records, 3, kept),
        )
        link = BrandedLink(
            f"{name}-link",
            domain=args.name,
            subdomain=args.link_subdomain,
            subuser=subuser,
            region=region,
            default=True,
            opts=kept,
        )
        link_validation = LinkValidation(
            f"{name}-link-validation",
            link_id=link.id,
            subuser=subuser,
            dns_records=link.dns_records,
            cdn_target=args.link_cdn,
            **asked,
            opts=args.write(f"{name}-link", link.dns_records, 2, kept),
        )
        last = pulumi.ResourceOptions(parent=self, depends_on=[domain_validation])
        dmarc = DmarcCheck(f"{name}-dmarc", domain=args.name, **asked, opts=last)
        self.dns_records: dict[str, pulumi.Output[Any]] = {
            "domain": domain.dns_records,
            "links": link.dns_records,
            "dmarc": dmarc.proposed.apply(lambda record: [record] if record else []),
        }
        self.pending: dict[str, pulumi.Output[Any]] = {
            "domain": domain_validation.reasons,
            "links": link_validation.reasons,
            "dmarc": dmarc.reasons,
        }
        self.status: dict[str, Status] = {
            "domain_authentication": waiting(domain_validation.reasons, "verified"),
            "link_branding": waiting(link_validation.reasons, "verified"),
        }
        self.shared: dict[str, Any] = {
            "domain_id": domain.id,
            "domain_valid": domain_validation.valid,
            "link_id": link.id,
            "link_valid": link_validation.valid,
        }
        self.manual_steps: list[ManualStep | Until] = [*args.steps(*self.pending.values())]
        self.register_outputs({})
