"""https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource"""

from __future__ import annotations

from typing import Final

from providers.twilio.client import Twilio

PATH: Final = "/2010-04-01/Accounts/{AccountSid}/IncomingPhoneNumbers.json"


def sid_of(client: Twilio, id_: str) -> str | None:
    """The SID of the number that has this id; None while it waits to be bought.

    The id of one that had to wait is the owner's tag, which stands behind its friendly name once it is bought.
    """
    if id_.startswith("PN"):
        return id_
    rows = client.pages(PATH, "incoming_phone_numbers")
    return next((row["sid"] for row in rows if str(row["friendly_name"]).endswith(f" [{id_}]")), None)
