"""The numbers of a messaging service's sender pool. github.com/twilio/twilio-oai twilio_messaging_v1.json

Only reading one and taking it out: what is there is put there by whoever needs it.
"""

from typing import Any

from flask import Blueprint

from emulator.context import store, url, vendor_path
from emulator.store import Record
from emulator.twilio.access import authorize
from emulator.twilio.errors import not_found
from emulator.twilio.state import NAME, now, records

bp = Blueprint("senders", __name__)
HOST = "messaging.twilio.com"
PATH = "/v1/Services/<service_sid>/PhoneNumbers/<phone_number_sid>"


def _sender(service_sid: str, phone_number_sid: str) -> Record:
    caller = authorize()
    row = records("service_senders").get(phone_number_sid)
    if row is None or (row["service_sid"], row["account_sid"]) != (service_sid, caller.account_sid):
        raise not_found(vendor_path())
    return row


@bp.get(PATH)
def fetch(service_sid: str, phone_number_sid: str) -> dict[str, Any]:
    row = _sender(service_sid, phone_number_sid)
    return {
        "sid": phone_number_sid,
        "account_sid": row["account_sid"],
        "service_sid": service_sid,
        "date_created": now(),
        "date_updated": now(),
        "phone_number": row["phone_number"],
        "country_code": "US",
        "capabilities": ["SMS", "MMS", "Voice"],
        "url": url(HOST, vendor_path()),
    }


@bp.delete(PATH)
def delete(service_sid: str, phone_number_sid: str) -> tuple[str, int]:
    _sender(service_sid, phone_number_sid)
    store().remove(NAME, "service_senders", phone_number_sid)
    return "", 204
