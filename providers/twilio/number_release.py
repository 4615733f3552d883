"""What comes before a number is given back, as giving it back undoes neither."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from providers.errors import EngageError, NotFound
from providers.twilio.client import Twilio
from providers.twilio.collection_2010 import path_2010

INTERVAL: Final = 15.0
PATIENCE: Final = 300.0
"""Seconds between two looks at an emergency address that is being unregistered, and for all of them: public code that
does the same waits for minutes."""


def leave_pool(client: Twilio, sid: str) -> None:
    """Out of the sender pool that has it. Nothing says which one does, so every service is asked.

    https://www.twilio.com/docs/messaging/api/phonenumber-resource
    """
    for service in client.pages("/v1/Services", "services"):
        sender = f"/v1/Services/{service['sid']}/PhoneNumbers/{sid}"
        try:
            client.get(sender)
        except NotFound:
            continue
        client.send("DELETE", sender)


def unregister(client: Twilio, sid: str, *, sleep: Callable[[float], None], clock: Callable[[], float]) -> None:
    """No emergency address any more, as it must be before another one, too.

    https://www.twilio.com/docs/voice/sip/api/emergency-calling-api
    """
    path = path_2010("IncomingPhoneNumbers", sid)
    number = client.get(path)
    if number["emergency_address_sid"]:
        number = client.send("POST", path, body={"EmergencyAddressSid": ""}, idempotent=True)
    deadline = clock() + PATIENCE
    while (status := number["emergency_address_status"]) not in (None, "unregistered", "registration-failure"):
        if status == "unregistration-failure" or clock() >= deadline:
            raise EngageError(
                f"{sid} is not without its emergency address yet ({status}), so it was left as it is -> run the same"
                " command again in some minutes; if it stays so, ask https://help.twilio.com"
            )
        sleep(INTERVAL)
        number = client.get(path)
