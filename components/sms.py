"""The guide's Twilio stage: a messaging service for Engage."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
from pydantic import ConfigDict

from components.manual import ManualStep
from providers.connection import camel_case
from providers.shapes import WebhookUrl
from providers.twilio.messaging_service import FriendlyName, MessagingService


@dataclass(frozen=True, kw_only=True)
class SmsArgs:
    """Settings of the SMS part.

    service_name         of the messaging service, as Segment's list shows it
    inbound_webhook_url  copied from Segment's screen; without it, answers such as STOP reach nobody
    adopt_service        the SID of an existing messaging service to take over
    """

    __pydantic_config__ = ConfigDict(alias_generator=camel_case, extra="forbid")

    service_name: FriendlyName
    inbound_webhook_url: WebhookUrl | None = None
    adopt_service: str | None = None


class Sms(pulumi.ComponentResource):
    """A messaging service to market with."""

    def __init__(self, name: str, args: SmsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("twilio-engage:index:Sms", name, None, opts)
        service = MessagingService(
            f"{name}-service",
            friendly_name=args.service_name,
            use_case="marketing",
            inbound_request_url=args.inbound_webhook_url,
            adopt=args.adopt_service,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.settings = {
            "account_sid": service.account_sid,
            "messaging_service_sid": service.id,
            "messaging_service": service.display_name,
        }
        self.manual_steps = [
            ManualStep(
                what="Buy a number, register it where the law asks for it, and add it to the messaging service",
                where="https://console.twilio.com/us1/develop/phone-numbers/manage/search",
                why="this version does not do these steps yet",
            ),
            ManualStep(
                what="Make an API key (Standard, US1), enter it with engage_settings.sms, Verify, choose the service",
                where="Segment > Engage > Engage settings > Channels > SMS Service with Twilio > Get Started",
                why="Segment has no API for this screen, and this version makes no Twilio key yet",
            ),
        ]
        if args.inbound_webhook_url is None:
            self.manual_steps.append(
                ManualStep(
                    what="Copy the webhook URL, set it as sms.inboundWebhookUrl, and run again",
                    where="Segment > Engage > Engage settings > Channels > SMS Service with Twilio",
                    why="Segment shows it on this screen alone; without it, answers such as STOP reach nobody",
                )
            )
        self.register_outputs({})
