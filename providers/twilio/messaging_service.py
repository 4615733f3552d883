"""https://www.twilio.com/docs/messaging/api/service-resource"""

from __future__ import annotations

from typing import Annotated, Final, Literal

from annotated_types import Interval

from providers.declaration import Values
from providers.lifecycle import Collection, rule
from providers.resource import Field, Resource, optional, output, owner, required
from providers.shapes import HttpMethod, WebhookUrl
from providers.twilio.client import Twilio
from providers.twilio.shapes import TAG, FriendlyName

SERVICES: Final = "/v1/Services"
CONSOLE: Final = "https://console.twilio.com/us1/develop/sms/services"

UseCase = Literal["notifications", "marketing", "verification", "discussion", "poll", "undeclared"]


def holds_campaign(client: Twilio, service_sid: str) -> bool:
    """Is an A2P 10DLC campaign registered for this service, or on its way? Raises NotFound where the service is gone.

    Both are asked: what the flag says of a campaign in review is not documented, nor whether the list has one that was
    registered elsewhere.
    """
    if client.get(f"{SERVICES}/{service_sid}")["us_app_to_person_registered"]:
        return True
    return any(True for _ in client.pages(f"{SERVICES}/{service_sid}/Compliance/Usa2p", "compliance"))


class _MessagingServices(Collection[Twilio]):
    @rule("fallback_url", "inbound_request_url")
    def _fallback_of_something(self, fallback_url: str | None, inbound_request_url: str | None) -> str | None:
        # https://www.twilio.com/docs/api/errors/21405
        if fallback_url and not inbound_request_url:
            return "fallback_url: is of no use without inbound_request_url -> set both or neither"
        return None

    @rule("use_inbound_webhook_on_number", "inbound_request_url")
    def _one_inbound_webhook(self, on_number: bool, inbound_request_url: str | None) -> str | None:
        if on_number and inbound_request_url:
            return (
                "inbound_request_url: has no effect while use_inbound_webhook_on_number is true, as each number's own"
                " webhook is called -> set one of them"
            )
        return None

    def remove(self, client: Twilio, id_: str, values: Values) -> list[str] | None:
        """A campaign needs it: numbers in a deleted service's pool would send no more, and a deleted campaign stops all
        A2P traffic until another is approved: https://www.twilio.com/docs/api/errors/30930"""
        if not holds_campaign(client, id_):
            return super().remove(client, id_, values)
        return [
            f"{id_} stays, as it holds an A2P campaign, whose approval would be lost -> leave it: the next `up` finds"
            f" it again by its tag; or delete the campaign first, and then the service, at {CONSOLE}"
        ]


class MessagingService(Resource, module="twilio"):
    """A pool of senders with one set of rules and webhooks. Its id is its SID, `MG…`.

    Friendly names are not unique: the owner's tag behind it tells this one apart, so that it is found again after a
    lost reply. Without `inbound_request_url`, inbound messages are neither delivered nor logged.

    Deleting it empties its pool; numbers stay in the account. It is not deleted while it holds an A2P campaign, and the
    next `up` finds it again. One that was taken over with `adopt` stays too, without the tag.
    https://www.twilio.com/docs/messaging/api/service-resource
    """

    friendly_name: Field[FriendlyName] = required(
        "Shown in the Console, followed by the owner's tag; 64 characters together.", tagged=TAG
    )
    use_case: Field[UseCase] = optional(
        "What it is used for; marketing is the Console's 'Market my services'.", default="marketing", wire="Usecase"
    )
    inbound_request_url: Field[WebhookUrl | None] = optional(
        "Called with every message that one of its senders receives.", default=None, cleared=""
    )
    inbound_method: Field[HttpMethod] = optional("How it is called.", default="POST")
    fallback_url: Field[WebhookUrl | None] = optional(
        "Called where inbound_request_url fails.", default=None, cleared=""
    )
    fallback_method: Field[HttpMethod] = optional("How that is called.", default="POST")
    status_callback: Field[WebhookUrl | None] = optional(
        "Called with every change of a message's delivery status.", default=None, cleared=""
    )
    use_inbound_webhook_on_number: Field[bool] = optional(
        "Calls each number's own webhook instead of inbound_request_url.", default=False
    )
    sticky_sender: Field[bool | None] = optional("Keeps a recipient on the same number.", default=None)
    mms_converter: Field[bool | None] = optional("Sends a link where MMS is not possible.", default=None)
    smart_encoding: Field[bool | None] = optional("Replaces characters that make a message longer.", default=None)
    area_code_geomatch: Field[bool | None] = optional("Prefers a number of the recipient's area code.", default=None)
    validity_period: Field[Annotated[int, Interval(ge=1, le=36000)] | None] = optional(
        "Seconds for which a message may wait to be sent.", default=None
    )
    adopt: Field[str | None] = optional(
        "SID of an existing service to take over.", default=None, sent="never", write_once=True
    )
    delete_adopted: Field[bool] = optional(
        "Lets one that was taken over be deleted like any other.", default=False, sent="never"
    )
    marker: Field[str] = owner()
    account_sid: Field[str] = output("The account that it belongs to.")
    display_name: Field[str] = output("Its friendly name as every list shows it, with the tag.", wire="FriendlyName")
    us_app_to_person_registered: Field[bool] = output("Is an A2P 10DLC campaign registered for it?")

    lifecycle = _MessagingServices(SERVICES, id_key="sid", items="services", update="POST")
