"""The guide's Twilio stage: numbers, a messaging service with its senders, their registration, and a key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Final, Literal

import pulumi
from annotated_types import Ge
from pydantic import ConfigDict, StringConstraints

from components import screens
from components.inputs import InputsOf
from components.manual import ManualStep
from components.status import DONE, Status, in_settings, manual, waiting, waiting_for_all
from providers.connection import Credential, camel_case
from providers.shapes import WebhookUrl
from providers.twilio.address import Address
from providers.twilio.api_key import ApiKey
from providers.twilio.campaign import Campaign
from providers.twilio.existing_api_key import ExistingApiKey
from providers.twilio.key_check import KeyCheck
from providers.twilio.messaging_service import MessagingService
from providers.twilio.phone_number import PhoneNumber
from providers.twilio.service_alpha_sender import ServiceAlphaSender
from providers.twilio.service_channel_sender import ServiceChannelSender
from providers.twilio.service_phone_number import ServicePhoneNumber
from providers.twilio.service_short_code import ServiceShortCode
from providers.twilio.shapes import FriendlyName
from providers.twilio.toll_free_verification import TollFreeVerification

EXISTING_KEY: Final = (
    Credential(
        "ENGAGE_TWILIO_KEY_SID",
        "SK[0-9a-fA-F]{32}",
        "'SK' and 32 hexadecimal digits",
        "https://console.twilio.com (Account > API keys & tokens: the key that is for Segment, in US1)",
    ),
    Credential(
        "ENGAGE_TWILIO_KEY_SECRET",
        "[0-9a-zA-Z]{32}",
        "32 letters and digits",
        "https://console.twilio.com (shown once, when the key is made; where it was lost, make another key)",
    ),
)
"""A key that a person made in the Console, and that is handed over to Segment in place of one that is made here."""

NAME: Final = "Engage"
"""What the Console shows of all but the service, before the owner's tag. Not the service's name: a key that is renamed
previews as one that changes, and with it whatever has its secret."""

Name = Annotated[str, StringConstraints(pattern="^[a-z0-9-]{1,16}$")]


@dataclass(frozen=True, kw_only=True)
class SmsArgs:
    """Settings of the SMS part.

    service_name         of the messaging service, as Segment's list shows it
    inbound_webhook_url  copied from Segment's screen; without it, answers such as STOP reach nobody
    adopt_service        the SID of an existing messaging service to take over
    numbers              phone numbers that it sends from, by a name of your choice: the inputs of PhoneNumber
    address              where you are, for numbers of countries that want to know: the inputs of Address
    verifications        of toll-free numbers, by their names: the inputs of TollFreeVerification
    short_codes          SIDs of short codes that it sends from
    alpha_sender         a text that it sends as, in countries that allow it
    channel_senders      SIDs of senders of other channels, such as WhatsApp
    campaign             registers it for A2P 10DLC, which US local numbers need: the inputs of Campaign
    brand                SID of the brand that the campaign is of; without it, the account's
    key                  standard makes a key for Segment; existing takes one that the Console made, as a Main key is
    key_generation       raise it to rotate the key; the one before works until `revoke_previous_key` is set
    revoke_previous_key  revokes the keys of before, once the new one has been entered
    """

    __pydantic_config__ = ConfigDict(alias_generator=camel_case, extra="forbid")

    service_name: FriendlyName
    inbound_webhook_url: WebhookUrl | None = None
    adopt_service: str | None = None
    numbers: dict[Name, Annotated[dict[str, Any], InputsOf(PhoneNumber, "friendly_name")]] = field(default_factory=dict)
    address: Annotated[dict[str, Any], InputsOf(Address, "friendly_name")] | None = None
    verifications: dict[Name, Annotated[dict[str, Any], InputsOf(TollFreeVerification, "phone_number_sid")]] = field(
        default_factory=dict
    )
    short_codes: list[Annotated[str, StringConstraints(pattern="^SC[0-9a-fA-F]{32}$")]] = field(default_factory=list)
    alpha_sender: str | None = None
    channel_senders: list[Annotated[str, StringConstraints(pattern="^XE[0-9a-fA-F]{32}$")]] = field(
        default_factory=list
    )
    campaign: Annotated[dict[str, Any], InputsOf(Campaign, "service_sid", "brand")] | None = None
    brand: Annotated[str, StringConstraints(pattern="^BN[0-9a-fA-F]{32}$")] | None = None
    key: Literal["standard", "existing"] = "standard"
    key_generation: Annotated[int, Ge(1)] = 1
    revoke_previous_key: bool = False

    def __post_init__(self) -> None:
        if unknown := sorted(self.verifications.keys() - self.numbers.keys()):
            raise ValueError(f"verifications has {', '.join(unknown)}, which numbers has not")

    @property
    def sends_unregistered(self) -> bool:
        """Would carriers in the US block what its local numbers send, as no campaign is registered?"""
        local = [number for number in self.numbers.values() if number.get("number_type", "local") == "local"]
        return self.campaign is None and any(number.get("iso_country", "US") == "US" for number in local)


class Sms(pulumi.ComponentResource):
    """A messaging service to market with, its senders, and a key for Segment, in the guide's order.

    service   the messaging service
    settings  what Segment's screen asks for
    pending   why something is not done yet, by what it is
    status    how far the guide's steps are
    """

    def __init__(
        self,
        name: str,
        args: SmsArgs,
        *,
        account_sid: str | None = None,
        brand: pulumi.Input[str] | None = None,
        existing_key: tuple[pulumi.Input[str], pulumi.Input[str]] | None = None,
        protect: bool = False,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """`account_sid` is that of the credentials: given plainly, it is known in every preview. `brand` is that of the
        account; `existing_key` is SID and secret of the key to hand over, if it is there."""
        super().__init__("twilio-engage:index:Sms", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        kept = pulumi.ResourceOptions(parent=self, protect=protect)

        address = Address(f"{name}-address", friendly_name=NAME, **args.address, opts=child) if args.address else None
        numbers = {each: self._number(name, each, args, address, protect) for each in args.numbers}
        verifications = {
            each: TollFreeVerification(
                f"{name}-verification-{each}", phone_number_sid=numbers[each].id, **inputs, opts=kept
            )
            for each, inputs in args.verifications.items()
        }
        service = MessagingService(
            f"{name}-service",
            friendly_name=args.service_name,
            use_case="marketing",
            inbound_request_url=args.inbound_webhook_url,
            adopt=args.adopt_service,
            opts=child,
        )
        self.service = service
        self.account_sid: pulumi.Input[str] = account_sid or service.account_sid
        members = {
            each: ServicePhoneNumber(
                f"{name}-sender-{each}", service_sid=service.id, phone_number_sid=number.id, opts=child
            )
            for each, number in numbers.items()
        }
        sending = {
            **{f"number_{each}": number.reasons for each, number in numbers.items()},
            **{f"sender_{each}": member.reasons for each, member in members.items()},
        }
        registering = {f"verification_{each}": made.reasons for each, made in verifications.items()}
        for short_code in args.short_codes:
            ServiceShortCode(
                f"{name}-sender-{short_code}", service_sid=service.id, short_code_sid=short_code, opts=child
            )
        if args.alpha_sender is not None:
            ServiceAlphaSender(
                f"{name}-alpha-sender", service_sid=service.id, alpha_sender=args.alpha_sender, opts=child
            )
        for sender in args.channel_senders:
            ServiceChannelSender(
                f"{name}-sender-{sender}", service_sid=service.id, channel_sender_sid=sender, opts=child
            )
        if args.campaign is not None:
            # Once there are senders: carriers register the numbers that a service has with its campaign.
            after = pulumi.ResourceOptions.merge(kept, pulumi.ResourceOptions(depends_on=list(members.values())))
            campaign = Campaign(
                f"{name}-campaign", service_sid=service.id, brand=args.brand or brand or "", **args.campaign, opts=after
            )
            registering["campaign"] = campaign.reasons
        self.pending: dict[str, pulumi.Output[Any]] = {**sending, **registering}
        key: ApiKey | ExistingApiKey
        if existing_key is None:
            key = ApiKey(
                f"{name}-key",
                friendly_name=NAME,
                generation=args.key_generation,
                revoke_previous=args.revoke_previous_key,
                opts=child,
            )
            self.pending["previous_twilio_keys"] = in_settings(key.warnings, "revoke_previous", "sms.revokePreviousKey")
        else:
            key_sid, secret = existing_key
            key = ExistingApiKey(f"{name}-existing-key", api_key_sid=key_sid, api_key_secret=secret, opts=child)
        check = KeyCheck(
            f"{name}-key-check",
            account_sid=self.account_sid,
            api_key_sid=key.api_key_sid,
            api_key_secret=key.api_key_secret,
            service_sid=service.id,
            opts=child,
        )
        self.pending["twilio_key"] = check.reasons
        self.settings: dict[str, Any] = {
            "account_sid": self.account_sid,
            "api_key_sid": key.api_key_sid,
            "api_key_secret": key.api_key_secret,
            "api_key_powers": in_settings(key.powers, "ExistingApiKey", "set sms.key to existing"),
            "messaging_service_sid": service.id,
            "messaging_service": service.display_name,
            "numbers": {each: number.number for each, number in numbers.items()},
            "verified": check.verified,
        }
        registration: dict[str, Status] = {}
        if registering:
            registration["registration"] = waiting_for_all(list(registering.values()), "verified")
        elif args.sends_unregistered:
            registration["registration"] = manual(_REGISTER["what"])
        self.status: dict[str, Status] = {
            "twilio_account": manual(_PAY["what"]),
            "phone_number": waiting_for_all(list(sending.values())) if sending else manual(_SENDERS["what"]),
            **registration,
            "messaging_service": DONE,
            "inbound_webhook": DONE if args.inbound_webhook_url else manual(_INBOUND["what"]),
            "twilio_api_key": waiting(check.reasons, "verified"),
            "segment_sms_screen": manual(screens.SMS.step["what"]),
        }
        self.manual_steps = _steps(args)
        self.register_outputs({})

    def _number(self, name: str, each: str, args: SmsArgs, address: Address | None, protect: bool) -> PhoneNumber:
        inputs: Mapping[str, Any] = {"address_sid": address.id if address else None, **args.numbers[each]}
        released = bool(inputs.get("release_on_destroy"))
        return PhoneNumber(
            f"{name}-number-{each}",
            friendly_name=f"{NAME} {each}",
            **inputs,
            opts=pulumi.ResourceOptions(parent=self, protect=protect, retain_on_delete=not released),
        )


def _steps(args: SmsArgs) -> list[ManualStep]:
    senders = (args.numbers, args.short_codes, args.alpha_sender, args.channel_senders)
    return [
        _PAY,
        *([] if any(senders) else [_SENDERS]),
        *([_REGISTER] if args.sends_unregistered else []),
        screens.SMS.step,
        *([] if args.inbound_webhook_url else [_INBOUND]),
    ]


_PAY = ManualStep(
    what="Upgrade the Twilio account to a paid one, if it is a trial",
    where="https://console.twilio.com/billing",
    why="no API pays; a trial account has one number and texts verified recipients alone",
)
_SENDERS = ManualStep(
    what="Name what it sends from: sms.numbers, sms.shortCodes, sms.alphaSender or sms.channelSenders; then run again",
    where="the stack's settings",
    why="a messaging service without a sender sends nothing",
)
_REGISTER = ManualStep(
    what="Register brand and campaign for A2P 10DLC: set account.brand (or sms.brand) and sms.campaign, and run again;"
    " the primary customer profile, which the brand needs, is made in the Console",
    where="https://console.twilio.com/us1/develop/sms/regulatory-compliance/a2p-onboarding",
    why="US carriers block what unregistered local numbers send: https://www.twilio.com/docs/api/errors/30034",
)
_INBOUND = ManualStep(
    what="Copy the webhook URL, set it as sms.inboundWebhookUrl, and run again",
    where=screens.SMS.where.removesuffix(" > Get Started"),
    why="Segment shows it on this screen alone; without it, answers such as STOP reach nobody",
)
