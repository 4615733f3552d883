"""Numbers of the account, as they are listed. github.com/twilio/twilio-oai twilio_api_v2010.json"""

from typing import Any

from flask import Blueprint

from emulator.store import Record
from emulator.twilio.access import Page, own, page_2010, query
from emulator.twilio.state import records, rfc_2822

bp = Blueprint("phone_numbers", __name__)
HOST = "api.twilio.com"
PATH = "/2010-04-01/Accounts/<account_sid>/IncomingPhoneNumbers"

_SHOWN = ("sid", "account_sid", "phone_number", "friendly_name", "capabilities", "address_requirements", "bundle_sid")
_METHODS = ("sms_method", "sms_fallback_method", "voice_method", "voice_fallback_method", "status_callback_method")
_NULL = (
    *("address_sid", "identity_sid", "emergency_address_sid", "trunk_sid", "sms_application_sid"),
    *("voice_application_sid", "sms_url", "sms_fallback_url", "voice_url", "voice_fallback_url", "status_callback"),
)


def _view(number: Record) -> dict[str, Any]:
    return {
        **dict.fromkeys(_NULL),
        **dict.fromkeys(_METHODS, "POST"),
        **{name: number[name] for name in _SHOWN},
        "type": number["type"],
        "api_version": "2010-04-01",
        "beta": False,
        "origin": "twilio",
        "status": "in-use",
        "voice_receive_mode": "voice",
        "voice_caller_id_lookup": False,
        "emergency_status": "Inactive",
        "emergency_address_status": "unregistered",
        "date_created": rfc_2822(number["date_created"]),
        "date_updated": rfc_2822(number["date_updated"]),
        "uri": f"/2010-04-01/Accounts/{number['account_sid']}/IncomingPhoneNumbers/{number['sid']}.json",
    }


@bp.get(f"{PATH}.json")
def listing(account_sid: str) -> dict[str, Any]:
    own(account_sid)
    return page_2010(query(Page), "incoming_phone_numbers", map(_view, records("incoming_phone_numbers").values()))
