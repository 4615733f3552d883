"""https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource"""

from __future__ import annotations

from typing import Final

from providers.twilio.client import Twilio

PATH: Final = "/2010-04-01/Accounts/{AccountSid}/IncomingPhoneNumbers.json"


def sid_of(client: Twilio, id_: str) -> str | None:
    """The SID `PN…` of a number's id, which is the owner's tag where it had to wait; None while it is not bought."""
    if id_.startswith("PN"):
        return id_
    rows = client.pages(PATH, "incoming_phone_numbers")
    return next((str(row["sid"]) for row in rows if str(row["friendly_name"]).endswith(f" [{id_}]")), None)
