"""https://www.twilio.com/docs/messaging/api/phonenumber-resource"""

from __future__ import annotations

from providers.declaration import Values
from providers.lifecycle import Reply
from providers.resource import Field, ListField, Resource, optional, output, required
from providers.twilio.client import Twilio
from providers.twilio.messaging_service import CONSOLE, holds_campaign
from providers.twilio.phone_number import sid_of
from providers.twilio.sender_pool import SenderPool
from providers.twilio.shapes import PhoneNumberId, ServiceSid


class _PhoneNumbers(SenderPool):
    def sid(self, client: Twilio, values: Values) -> str | None:
        return sid_of(client, values["phone_number_sid"])

    def awaits(self, client: Twilio, inputs: Values) -> list[str]:
        if self.sid(client, inputs):
            return []
        return [
            f"the number {inputs['phone_number_sid']} is not bought yet -> do what its PhoneNumber waits for, then run"
            " `up` again"
        ]

    def make(self, client: Twilio, inputs: Values) -> Reply:
        return super().make(client, {**inputs, "phone_number_sid": self.sid(client, inputs)})

    def remove(self, client: Twilio, values: Values) -> list[str] | None:
        """It stays with a campaign: "Refrain from removing/re-adding numbers from your registered Campaign/Messaging
        Service", as each change has to reach all carriers, with downtime meanwhile.

        https://support.twilio.com/hc/en-us/articles/19622397178139-A2P-10DLC-Number-Registration-Best-Practices
        """
        service_sid = values["service_sid"]
        if values.get("remove_from_campaign") or not holds_campaign(client, service_sid):
            return super().remove(client, values)
        return [
            f"{self.sid(client, values)} stays in the pool of the messaging service {service_sid}, which holds an A2P"
            " campaign: outside of it, the carriers' registration of the number ends -> take it out at"
            f" {CONSOLE}, or set remove_from_campaign and run `up` before you remove it here"
        ]


class ServicePhoneNumber(Resource, module="twilio"):
    """A phone number in the sender pool of a messaging service, of which it can be in one only.

    It is pending until the number is bought: nothing is sent, and the next `up` tries again. Deleting it takes the
    number out of the pool and leaves it in the account; while the service holds an A2P campaign, it stays in the pool.
    Its id is `<service_sid>/<phone_number_sid>`.
    https://www.twilio.com/docs/messaging/api/phonenumber-resource
    """

    service_sid: Field[ServiceSid] = required("The id of a `MessagingService`.", sent="never", replaces=True)
    phone_number_sid: Field[PhoneNumberId] = required(
        "The id of a `PhoneNumber`, or the SID of a number that the account has.", replaces=True
    )
    remove_from_campaign: Field[bool] = optional(
        "Takes it out of the pool on delete even while the service holds an A2P campaign, which ends the number's"
        " registration with the carriers.",
        default=False,
        sent="never",
    )
    status: Field[str] = output("pending or added.")
    reasons: ListField[str] = output("What is waited for, and what to do.")
    sid: Field[str | None] = output("The number's SID, `PN…`; null while pending.")
    phone_number: Field[str | None] = output("The number in E.164; null while pending.")
    country_code: Field[str | None] = output("Its country; null while pending.")
    capabilities: ListField[str] = output("What it can do: SMS, MMS, Voice; null while pending.")

    lifecycle = _PhoneNumbers("PhoneNumbers", sender="phone_number_sid")
