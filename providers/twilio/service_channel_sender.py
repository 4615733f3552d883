"""https://www.twilio.com/docs/messaging/api/messaging-service-channelsender-resource"""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from providers.resource import Field, Resource, output, required
from providers.twilio.sender_pool import SenderPool
from providers.twilio.shapes import ServiceSid


class ServiceChannelSender(Resource, module="twilio"):
    """A sender of another channel, such as WhatsApp, RCS or Messenger, in the pool of a messaging service.

    The sender itself is made in the Console, as WhatsApp's wants a person to log in to Meta:
    https://console.twilio.com/us1/develop/sms/senders/whatsapp-senders. Deleting this takes it out of the pool and
    leaves it in the account. Its id is `<service_sid>/<channel_sender_sid>`.
    https://www.twilio.com/docs/messaging/api/messaging-service-channelsender-resource
    """

    service_sid: Field[ServiceSid] = required("The id of a `MessagingService`.", sent="never", replaces=True)
    channel_sender_sid: Field[Annotated[str, StringConstraints(pattern="^XE[0-9a-fA-F]{32}$")]] = required(
        "The channel sender's SID, `XE…`.", wire="Sid", replaces=True
    )
    sender: Field[str] = output("What it sends as, like `whatsapp:+15555550100`.")
    sender_type: Field[str] = output("Its channel.")
    country_code: Field[str | None] = output("Its country.")

    lifecycle = SenderPool("ChannelSenders", sender="channel_sender_sid")
