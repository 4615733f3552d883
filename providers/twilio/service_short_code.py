"""https://www.twilio.com/docs/messaging/api/services-shortcode-resource"""

from __future__ import annotations

from providers.resource import Field, ListField, Resource, output, required
from providers.twilio.sender_pool import SenderPool
from providers.twilio.shapes import ServiceSid, ShortCodeSid


class ServiceShortCode(Resource, module="twilio"):
    """A short code in the sender pool of a messaging service, of which it can be in one only.

    Deleting it takes the short code out of the pool and leaves it in the account. Its id is
    `<service_sid>/<short_code_sid>`.
    https://www.twilio.com/docs/messaging/api/services-shortcode-resource
    """

    service_sid: Field[ServiceSid] = required("The id of a `MessagingService`.", sent="never", replaces=True)
    short_code_sid: Field[ShortCodeSid] = required("The short code's SID, as in `ShortCode.id`.", replaces=True)
    short_code: Field[str] = output("The short code itself.")
    country_code: Field[str] = output("Its country.")
    capabilities: ListField[str] = output("What it can do: SMS, MMS.")

    lifecycle = SenderPool("ShortCodes", sender="short_code_sid")
