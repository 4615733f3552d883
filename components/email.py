"""The guide's SendGrid stage: a subuser of its own for Engage, its settings, its domain, and its key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

import pulumi
import pulumi_random
from annotated_types import Ge, MinLen
from pydantic import AfterValidator, ConfigDict, StringConstraints

from components import screens
from components.domain import Domain, DomainArgs, Region
from components.manual import ManualStep
from providers.connection import camel_case
from providers.sendgrid.api_key import ApiKey
from providers.sendgrid.click_tracking import ClickTracking
from providers.sendgrid.dedicated_ip import DedicatedIp
from providers.sendgrid.event_webhook import ENGAGE_URL, EventWebhook
from providers.sendgrid.google_analytics_tracking import GoogleAnalyticsTracking
from providers.sendgrid.ip_pool import IpPool, PoolName
from providers.sendgrid.ip_warmup import IpWarmup
from providers.sendgrid.open_tracking import OpenTracking
from providers.sendgrid.subscription_tracking import SubscriptionTracking
from providers.sendgrid.subuser import Subuser
from providers.shapes import EmailAddress, Ipv4, WebhookUrl

PREFIX = "twilio_engage_app_"


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
    ips                  the dedicated IPs of the account that the subuser sends from
    region               where mail is sent from; a subuser of the EU needs IPs of the EU
    domain               the sender's domain; without it, authentication is left to a person
    events_url           where the events go; the default is Engage's for workspaces in the US
    sign_events          SendGrid signs what it sends there
    utm_source           adds Google Analytics' utm_ parameters with this source to links
    pool                 name of an IP pool in the subuser, with all of its IPs, as later revisions of the guide have it
    warmup               off until the stack is ready to send, then automated, or manual
    accept_delays        lets an automated warm-up begin without another warm IP, as on a new account
    key_generation       raise it to rotate the key; the one before works until `revoke_previous_key` is set
    revoke_previous_key  revokes the keys of before, once the new one has been entered
    keep_subuser         `destroy` leaves the subuser, and what is in it, and the next `up` finds it again
    adopt_subuser        takes over a subuser of that name that was made otherwise
    """

    __pydantic_config__ = ConfigDict(alias_generator=camel_case, extra="forbid")

    subuser: Annotated[str, StringConstraints(max_length=64, pattern=r"^\w+$"), AfterValidator(_prefixed)]
    address: EmailAddress
    ips: Annotated[list[Ipv4], MinLen(1)]
    region: Region = "global"
    domain: DomainArgs | None = None
    events_url: WebhookUrl = ENGAGE_URL["us"]
    sign_events: bool = False
    utm_source: Annotated[str, StringConstraints(min_length=1)] | None = None
    pool: PoolName | None = None
    warmup: Literal["off", "automated", "manual"] = "off"
    accept_delays: bool = False
    key_generation: Annotated[int, Ge(1)] = 1
    revoke_previous_key: bool = False
    keep_subuser: bool = True
    adopt_subuser: bool = False


class Email(pulumi.ComponentResource):
    """A subuser with its IPs, tracking, events, domain and a full-access key, in the guide's order.

    settings      what Segment's screen asks for
    dns_records   the records that the domain needs, by what they are for
    pending       why something is not done yet, by what it is
    """

    def __init__(self, name: str, args: EmailArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("twilio-engage:index:Email", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        # What lives in a kept subuser is kept with it: restoring a setting there would change who is not leaving.
        keep = pulumi.ResourceOptions(parent=self, retain_on_delete=args.keep_subuser)

        password = pulumi_random.RandomPassword(
            f"{name}-password", length=32, special=False, min_lower=1, min_numeric=1, opts=child
        )
        # Kept whatever becomes of the subuser, as there is no way to give one back but SendGrid's support.
        ips = [DedicatedIp(f"{name}-ip-{ip}", ip=ip, opts=pulumi.ResourceOptions(parent=self)) for ip in args.ips]
        subuser = Subuser(
            f"{name}-subuser",
            username=args.subuser,
            email=args.address,
            password=password.result,
            ips=[ip.id for ip in ips],
            region=args.region,
            adopt=args.subuser if args.adopt_subuser else None,
            opts=keep,
        )
        self.dns_records: dict[str, Any] = {}
        self.pending: dict[str, Any] = {}
        self.zone_file: pulumi.Output[str] | None = None
        self.manual_steps: list[ManualStep] = []
        if args.domain is None:
            self.manual_steps.append(_AUTHENTICATE)
        else:
            domain = Domain(
                f"{name}-domain",
                args.domain,
                subuser=subuser.id,
                ips=[ip.id for ip in ips],
                region=args.region,
                keep=args.keep_subuser,
                opts=child,
            )
            self.dns_records, self.pending, self.zone_file = domain.dns_records, domain.pending, domain.zone_file
            self.manual_steps += domain.manual_steps

        # "Check all event types": some of them need tracking to be on.
        tracking = [
            SubscriptionTracking(f"{name}-unsubscribe", subuser=subuser.id, opts=keep),
            ClickTracking(f"{name}-clicks", subuser=subuser.id, opts=keep),
            OpenTracking(f"{name}-opens", subuser=subuser.id, opts=keep),
        ]
        EventWebhook(
            f"{name}-events",
            subuser=subuser.id,
            url=args.events_url,
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
                ips=[ip.id for ip in ips],
                subuser=subuser.id,
                subuser_key=key.api_key,
                opts=keep,
            )
        for address, ip in zip(args.ips, ips, strict=True):
            IpWarmup(
                f"{name}-warmup-{address}", ip=ip.id, mode=args.warmup, accept_delays=args.accept_delays, opts=child
            )
        self.settings = {
            "subuser_name": subuser.id,
            "subuser_api_key_id": key.api_key_id,
            "subuser_api_key": key.api_key,
        }
        self.pending["previous_keys"] = key.warnings
        self.manual_steps += [screens.EMAIL.step, *([] if args.warmup != "off" else [_WARM_UP])]
        self.register_outputs({})


_AUTHENTICATE = ManualStep(
    what="Authenticate the domain, brand its links, and set up reverse DNS; or set email.domain, and run again",
    where="https://app.sendgrid.com/settings/sender_auth",
    why="email.domain is not set",
)
_WARM_UP = ManualStep(
    what="When you are ready to send, set email.warmup to automated (or manual), and run again",
    where="the stack's settings",
    why="a warm-up runs for six weeks from its start, whether mail is sent or not",
)
