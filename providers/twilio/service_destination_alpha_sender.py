"""https://www.twilio.com/docs/messaging/api/destination-alphasender-resource"""

from __future__ import annotations

from providers.declaration import Values
from providers.lifecycle import Reply
from providers.resource import Field, ListField, Resource, optional, output, required
from providers.twilio.sender_pool import ALPHA_SENDER, AlphaSender
from providers.twilio.service_alpha_sender import AlphaSenders
from providers.twilio.shapes import IsoCountry, ServiceSid


class _DestinationAlphaSenders(AlphaSenders):
    def id_of(self, inputs: Values) -> str:
        country = inputs["iso_country_code"]
        return f"{super().id_of(inputs)}/{country}" if country else super().id_of(inputs)

    def told(self, id_: str) -> Values:
        service_sid, alpha_sender, country = [*id_.split("/"), "", ""][:3]
        return {"service_sid": service_sid, self.sender: alpha_sender, "iso_country_code": country or None}

    def is_it(self, row: Reply, values: Values) -> bool:
        # "For Default Alpha Senders that work across countries, this value will be an empty string"
        return super().is_it(row, values) and (row["iso_country_code"] or None) == values["iso_country_code"]


class ServiceDestinationAlphaSender(Resource, module="twilio"):
    """A name in place of a number as the sender of messages to one country; nobody can answer to it.

    Without a country, it is for all that have none of their own. What a `ServiceAlphaSender` says of accounts and
    countries holds here too. Its id is `<service_sid>/<alpha_sender>`, and `/<iso_country_code>` behind it.
    https://www.twilio.com/docs/messaging/api/destination-alphasender-resource
    """

    service_sid: Field[ServiceSid] = required("The id of a `MessagingService`.", sent="never", replaces=True)
    alpha_sender: Field[AlphaSender] = required(ALPHA_SENDER, replaces=True)
    iso_country_code: Field[IsoCountry | None] = optional(
        "The country, as two capital letters of ISO 3166.", default=None, replaces=True
    )
    sid: Field[str] = output("Its SID, `AI…`.")
    capabilities: ListField[str] = output("What it can do: SMS.")

    lifecycle = _DestinationAlphaSenders("DestinationAlphaSenders", sender="alpha_sender")
