"""https://www.twilio.com/docs/messaging/api/short-code-resource"""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import StringConstraints

from providers.declaration import Values
from providers.errors import NotFound, OwnershipError
from providers.lifecycle import Difference, Singleton, State, rule
from providers.resource import Field, MapField, Resource, optional, output
from providers.shapes import HttpMethod, WebhookUrl
from providers.twilio.client import Twilio
from providers.twilio.shapes import ShortCodeSid

PATH: Final = "/2010-04-01/Accounts/{AccountSid}/SMS/ShortCodes"
APPLY: Final = "https://www.twilio.com/console/sms/short-codes"


class _ShortCodes(Singleton[Twilio]):
    """An account may have several: which one is meant is found out in create, and stands in `sid`."""

    @rule("short_code_sid", "short_code")
    def _one_of_both(self, sid: str | None, digits: str | None) -> str | None:
        if (sid is None) == (digits is None):
            return "short_code_sid: give either this or short_code"
        return None

    def diff(self, olds: Values, news: Values) -> Difference:
        """The same short code by its other name is no other one."""
        difference = super().diff(olds, news)
        named = (news.get("short_code_sid"), olds.get("sid")), (news.get("short_code"), olds.get("digits"))
        same = all(new is None or new == old for new, old in named)
        return Difference(difference.changed, [] if same else difference.replaces)

    def id_of(self, inputs: Values) -> str:
        return str(inputs["sid"])

    def told(self, id_: str) -> Values:
        return {"sid": id_}

    def path_of(self, values: Values) -> str:
        return f"{self.path}/{values['sid']}.json"

    def create(self, client: Twilio, inputs: Values) -> State:
        try:
            return super().create(client, {**inputs, "sid": inputs["short_code_sid"] or self._sid(client, inputs)})
        except NotFound:
            raise _missing("short_code_sid") from None

    def _sid(self, client: Twilio, inputs: Values) -> str:
        """The filter takes part of a short code for the whole, so what it finds is compared."""
        digits = inputs["short_code"]
        for row in client.pages(f"{self.path}.json", "short_codes", ShortCode=digits):
            if row["short_code"] == digits:
                return str(row["sid"])
        raise _missing("short_code")


def _missing(field: str) -> OwnershipError:
    return OwnershipError(
        f"{field}: this account has no such short code -> correct it, or apply for one at {APPLY}: Twilio provides it"
        " after weeks, and no API does"
    )


class ShortCode(Resource, module="twilio"):
    """The settings of a short code that the account has, under the SID or the digits; a field left out stays as it is.

    Short codes are applied for with Twilio, and neither made nor given back here. What the settings replaced is
    remembered, and restored on delete. In a messaging service's pool, the service's webhook is called in place of
    `sms_url`. Its id is its SID, `SC…`.
    https://www.twilio.com/docs/messaging/api/short-code-resource
    """

    short_code_sid: Field[ShortCodeSid | None] = optional(
        "Its SID; or give short_code.", default=None, sent="never", replaces=True
    )
    short_code: Field[Annotated[str, StringConstraints(pattern="^[0-9]{3,8}$")] | None] = optional(
        "Its digits, by which it is looked up; or give short_code_sid.", default=None, sent="never", replaces=True
    )
    friendly_name: Field[Annotated[str, StringConstraints(min_length=1, max_length=64)] | None] = optional(
        "Shown in the Console.", default=None
    )
    sms_url: Field[WebhookUrl | None] = optional(
        "Called with every message that it receives.", default=None, cleared=""
    )
    sms_method: Field[HttpMethod | None] = optional("How it is called.", default=None)
    sms_fallback_url: Field[WebhookUrl | None] = optional("Called where sms_url fails.", default=None, cleared="")
    sms_fallback_method: Field[HttpMethod | None] = optional("How that is called.", default=None)
    sid: Field[str] = output("Its SID.")
    digits: Field[str] = output("Its digits.", wire="ShortCode")
    account_sid: Field[str] = output("The account that it belongs to.")
    previous: MapField[str] = output("What each managed field was before.")

    lifecycle = _ShortCodes(PATH, update="POST")
