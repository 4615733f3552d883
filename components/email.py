"""The guide's SendGrid stage: a subuser of its own for Engage, its settings, and its key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import pulumi
import pulumi_random
from annotated_types import Ge, MinLen
from pydantic import AfterValidator, ConfigDict, StringConstraints

from components.manual import ManualStep
from providers.connection import camel_case
from providers.sendgrid.api_key import ApiKey
from providers.sendgrid.subscription_tracking import SubscriptionTracking
from providers.sendgrid.subuser import Subuser
from providers.shapes import EmailAddress, Ipv4

PREFIX = "twilio_engage_app_"


def _prefixed(value: str) -> str:
    # Segment's screen refuses any other: https://segment.com/docs/engage/onboarding/
    if not value.startswith(PREFIX) or value == PREFIX:
        raise ValueError(f"must begin with {PREFIX} and go on, as Segment asks for that prefix")
    return value


@dataclass(frozen=True, kw_only=True)
class EmailArgs:
    """Settings of the email part.

    subuser         username, unique in all of SendGrid, as in twilio_engage_app_acme_prod
    address         where SendGrid writes to about the subuser
    ips             the dedicated IPs of the account that the subuser sends from
    key_generation  raise it to rotate the key
    keep_subuser    `destroy` leaves the subuser and its settings as they are, and the next `up` finds them again
    """

    __pydantic_config__ = ConfigDict(alias_generator=camel_case, extra="forbid")

    subuser: Annotated[str, StringConstraints(max_length=64, pattern=r"^\w+$"), AfterValidator(_prefixed)]
    address: EmailAddress
    ips: Annotated[list[Ipv4], MinLen(1)]
    key_generation: Annotated[int, Ge(1)] = 1
    keep_subuser: bool = True


class Email(pulumi.ComponentResource):
    """A subuser with subscription tracking and a full-access key."""

    def __init__(self, name: str, args: EmailArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("twilio-engage:index:Email", name, None, opts)
        password = pulumi_random.RandomPassword(
            f"{name}-password",
            length=32,
            special=False,
            min_lower=1,
            min_numeric=1,
            opts=pulumi.ResourceOptions(parent=self),
        )
        # What lives in a kept subuser is kept with it: restoring a setting there would change who is not leaving.
        keep = pulumi.ResourceOptions(parent=self, retain_on_delete=args.keep_subuser)
        subuser = Subuser(
            f"{name}-subuser",
            username=args.subuser,
            email=args.address,
            password=password.result,
            ips=args.ips,
            opts=keep,
        )
        SubscriptionTracking(f"{name}-unsubscribe", subuser=subuser.id, opts=keep)
        key = ApiKey(
            f"{name}-key",
            name=args.subuser,
            subuser=subuser.id,
            generation=args.key_generation,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.settings = {
            "subuser_name": subuser.id,
            "subuser_api_key_id": key.api_key_id,
            "subuser_api_key": key.api_key,
        }
        self.manual_steps = [
            ManualStep(
                what="Authenticate the domain, brand links, set up reverse DNS and the event webhook, warm the IP up",
                where="https://app.sendgrid.com/settings/sender_auth",
                why="this version does not do these steps yet",
            ),
            ManualStep(
                what="Enter engage_settings.email and choose Verify",
                where="Segment > Engage > Engage settings > Channels > Email Service with SendGrid > Get Started",
                why="Segment has no API for this screen",
            ),
        ]
        self.register_outputs({})
