"""https://www.twilio.com/docs/messaging/api/alphasender-resource"""

from __future__ import annotations

from providers.declaration import Values
from providers.errors import OwnershipError
from providers.lifecycle import Reply
from providers.resource import Field, ListField, Resource, output, required
from providers.twilio.client import Twilio
from providers.twilio.messaging_service import CONSOLE
from providers.twilio.sender_pool import ALPHA_SENDER, AlphaSender, SenderPool
from providers.twilio.shapes import ServiceSid


class AlphaSenders(SenderPool):
    """Known by their text: the SID is made when one is added."""

    def sid(self, client: Twilio, values: Values) -> str | None:
        row = self.find(client, values)
        return str(row["sid"]) if row else None

    def find(self, client: Twilio, values: Values) -> Reply | None:
        rows = client.pages(self.pool_path(values["service_sid"]), "alpha_senders")
        return next((row for row in rows if self.is_it(row, values)), None)

    def is_it(self, row: Reply, values: Values) -> bool:
        return bool(row["alpha_sender"] == values["alpha_sender"])


class _OneAlphaSender(AlphaSenders):
    def make(self, client: Twilio, inputs: Values) -> Reply:
        """One at a time: "Each Messaging Service may only have one alpha sender associated with it."

        https://www.twilio.com/docs/messaging/api/alphasender-resource
        """
        other = next(iter(client.pages(self.pool_path(inputs["service_sid"]), "alpha_senders")), None)
        if other is not None:
            raise OwnershipError(
                f"alpha_sender: the service has another one, {other['sid']}, and can have one only -> take that out, at"
                f" {CONSOLE}, or declare a ServiceDestinationAlphaSender for each country"
            )
        return super().make(client, inputs)


class ServiceAlphaSender(Resource, module="twilio"):
    """A name in place of a number as the sender, in the countries that allow it; nobody can answer to it.

    A service has one at the most. The account must have been allowed to use alphanumeric sender IDs, and some countries
    want each to be registered: https://help.twilio.com/articles/223133767. Its id is `<service_sid>/<alpha_sender>`.
    https://www.twilio.com/docs/messaging/api/alphasender-resource
    """

    service_sid: Field[ServiceSid] = required("The id of a `MessagingService`.", sent="never", replaces=True)
    alpha_sender: Field[AlphaSender] = required(ALPHA_SENDER, replaces=True)
    sid: Field[str] = output("Its SID, `AI…`.")
    capabilities: ListField[str] = output("What it can do: SMS.")

    lifecycle = _OneAlphaSender("AlphaSenders", sender="alpha_sender")
