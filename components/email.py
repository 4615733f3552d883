"""The guide's SendGrid stage: a subuser of its own for Engage, its settings, its domain, and its key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

import pulumi
import pulumi_random
from annotated_types import Ge, MinLen
from pydantic import AfterValidator, ConfigDict, StringConstraints

from components import screens
from components.account import Shared
from components.domain import Domain, DomainArgs, Region
from components.manual import ManualStep, Until
from components.status import DONE, Status, in_settings, manual, waiting
from providers.connection import camel_case
from providers.sendgrid.api_key import ApiKey
from providers.sendgrid.click_tracking import ClickTracking
from providers.sendgrid.domain_association import DomainAssociation
from providers.sendgrid.event_webhook import ENGAGE_URL, EventWebhook
from providers.sendgrid.google_analytics_tracking import GoogleAnalyticsTracking
from providers.sendgrid.ip_pool import IpPool, PoolName
from providers.sendgrid.key_check import PREFIX, KeyCheck
from providers.sendgrid.link_association import LinkAssociation
from providers.sendgrid.open_tracking import OpenTracking
from providers.sendgrid.subscription_tracking import SubscriptionTracking
from providers.sendgrid.subuser import Subuser
from providers.shapes import EmailAddress, Ipv4, WebhookUrl


def _prefixed(value: str) -> str:
    # Segment's screen refuses any other: https://segment.com/docs/engage/onboarding/
    if not value.startswith(PREFIX) or value == PREFIX:
        raise ValueError(f"must begin with {PREFIX} and go on, as Segment asks for that prefix")
    return value


@dataclass(frozen=True, kw_only=True)
class EmailArgs:
    """Settings of the email part.

    subuser              username, unique in all of SendGrid, as in twilio_engage_app_acme_prod
    address              where SendGrid writes to about the subuser
    ips                  which of the account's dedicated IPs the subuser sends from; without it, all of them
    region               where mail is sent from; a subuser of the EU needs IPs of the EU
    domain               the sender's domain, which the subuser owns
    lent_domain          sends from the account's domain instead, which the parent owns
    events_url           where the events go; without it, to Engage, in the region of the workspace
    sign_events          SendGrid signs what it sends there
    utm_source           adds Google Analytics' utm_ parameters with this source to links
    pool                 name of an IP pool in the subuser, with all of its IPs, as later revisions of the guide have it
    key_generation       raise it to rotate the key; the one before works until `revoke_previous_key` is set
    revoke_previous_key  revokes the keys of before, once the new one has been entered
    keep_subuser         `destroy` leaves the subuser, and what is in it, and the next `up` finds it again
    allow_replacement    lets another name or region make a second subuser, and another domain new objects
    adopt_subuser        takes over a subuser of that name that was made otherwise
    """

    __pydantic_config__ = ConfigDict(alias_generator=camel_case, extra="forbid")

    subuser: Annotated[str, StringConstraints(max_length=64, pattern=r"^\w+$"), AfterValidator(_prefixed)]
    address: EmailAddress
    ips: Annotated[list[Ipv4], MinLen(1)] | None = None
    region: Region = "global"
    domain: DomainArgs | None = None
    lent_domain: bool = False
    events_url: WebhookUrl | None = None
    sign_events: bool = False
    utm_source: Annotated[str, StringConstraints(min_length=1)] | None = None
    pool: PoolName | None = None
    key_generation: Annotated[int, Ge(1)] = 1
    revoke_previous_key: bool = False
    keep_subuser: bool = True
    allow_replacement: bool = False
    adopt_subuser: bool = False

    def __post_init__(self) -> None:
        if self.domain and self.lent_domain:
            raise ValueError("domain is the subuser's own, and lentDomain the parent's: set one of them")


class Email(pulumi.ComponentResource):
    """A subuser with its IPs, tracking, events, domain and a full-access key, in the guide's order.

    subuser       the subuser; region: where it lives
    settings      what Segment's screen asks for
    dns_records   the records that the domain needs, by what they are for
    pending       why something is not done yet, by what it is
    status        how far the guide's steps are
    """

    def __init__(
        self,
        name: str,
        args: EmailArgs,
        *,
        account: Shared,
        workspace_region: Literal["us", "eu"] = "us",
        protect: bool = False,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """`account` is `AccountStack.shared`, of this stack or of another."""
        super().__init__("twilio-engage:index:Email", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        # What lives in a kept subuser is kept with it: restoring a setting there would change who is not leaving.
        keep = pulumi.ResourceOptions(parent=self, retain_on_delete=args.keep_subuser)

        password = pulumi_random.RandomPassword(
            f"{name}-password", length=32, special=False, min_lower=1, min_numeric=1, opts=child
        )
        ips: Any = args.ips or account["ips"]
        subuser = Subuser(
            f"{name}-subuser",
            username=args.subuser,
            email=args.address,
            password=password.result,
            ips=ips,
            region=args.region,
            allow_replacement=args.allow_replacement,
            adopt=args.subuser if args.adopt_subuser else None,
            opts=pulumi.ResourceOptions.merge(keep, pulumi.ResourceOptions(protect=protect)),
        )
        self.dns_records: dict[str, Any] = {}
        self.pending: dict[str, Any] = {}
        self.status: dict[str, Status] = {"subuser": DONE}
        self.manual_steps: list[ManualStep | Until] = []
        if args.domain is not None:
            domain = Domain(
                f"{name}-domain",
                args.domain,
                subuser=subuser.id,
                region=args.region,
                keep=args.keep_subuser,
                protect=protect,
                allow_replacement=args.allow_replacement,
                opts=child,
            )
            self.dns_records, self.pending = domain.dns_records, domain.pending
            self.status |= domain.status
            self.manual_steps += domain.manual_steps
        elif args.lent_domain:
            lent = account["domain"]
            domain_association = DomainAssociation(
                f"{name}-domain-association",
                domain_id=lent["domain_id"],
                username=subuser.id,
                domain_valid=lent["domain_valid"],
                opts=child,
            )
            link_association = LinkAssociation(
                f"{name}-link-association",
                link_id=lent["link_id"],
                username=subuser.id,
                link_valid=lent["link_valid"],
                opts=child,
            )
            self.pending |= {
                "domain_association": domain_association.reasons,
                "link_association": link_association.reasons,
            }
            self.status |= {
                "domain_authentication": waiting(domain_association.reasons, "verified"),
                "link_branding": waiting(link_association.reasons, "verified"),
            }
        else:
            self.manual_steps.append(_AUTHENTICATE)
            by_hand = manual(_AUTHENTICATE["what"])
            self.status |= {"domain_authentication": by_hand, "link_branding": by_hand}

        # "Check all event types": some of them need tracking to be on.
        tracking = [
            SubscriptionTracking(f"{name}-unsubscribe", subuser=subuser.id, opts=keep),
            ClickTracking(f"{name}-clicks", subuser=subuser.id, opts=keep),
            OpenTracking(f"{name}-opens", subuser=subuser.id, opts=keep),
        ]
        EventWebhook(
            f"{name}-events",
            subuser=subuser.id,
            url=args.events_url or ENGAGE_URL[workspace_region],
            signed=args.sign_events,
            opts=pulumi.ResourceOptions.merge(keep, pulumi.ResourceOptions(depends_on=tracking)),
        )
        key = ApiKey(
            f"{name}-key",
            name=args.subuser,
            subuser=subuser.id,
            generation=args.key_generation,
            revoke_previous=args.revoke_previous_key,
            opts=child,
        )
        if args.utm_source is not None:
            GoogleAnalyticsTracking(f"{name}-analytics", subuser=subuser.id, utm_source=args.utm_source, opts=keep)
        if args.pool is not None:
            # SendGrid has no on-behalf-of for pools: the call is made with the subuser's own key.
            IpPool(
                f"{name}-pool",
                name=args.pool,
                ips=ips,
                subuser=subuser.id,
                subuser_key=key.api_key,
                opts=keep,
            )
        check = KeyCheck(
            f"{name}-key-check",
            username=subuser.id,
            api_key_id=key.api_key_id,
            api_key=key.api_key,
            opts=child,
        )
        self.subuser, self.region = subuser, args.region
        self.settings: dict[str, Any] = {
            "subuser_name": subuser.id,
            "subuser_api_key_id": key.api_key_id,
            "subuser_api_key": key.api_key,
            "verified": check.verified,
        }
        self.status |= {
            "subscription_tracking": DONE,
            "event_webhook": DONE,
            "sendgrid_api_key": waiting(check.reasons, "verified"),
            "segment_email_screen": manual(screens.EMAIL.step["what"]),
        }
        self.pending |= {
            "previous_keys": in_settings(key.warnings, "revoke_previous", "email.revokePreviousKey"),
            "sendgrid_key": check.reasons,
        }
        self.manual_steps.append(screens.EMAIL.step)
        self.register_outputs({})


_AUTHENTICATE = ManualStep(
    what="Authenticate the domain and brand its links; or set email.domain or email.lentDomain, and run again",
    where="https://app.sendgrid.com/settings/sender_auth",
    why="neither email.domain nor email.lentDomain is set",
)
