"""Accounts. github.com/twilio/twilio-oai twilio_api_v2010.json"""

from typing import Any

from flask import Blueprint

from emulator.made_up import credentials
from emulator.twilio.access import authorize
from emulator.twilio.errors import not_found, unauthorized
from emulator.twilio.state import records, rfc_2822

bp = Blueprint("accounts", __name__)
HOST = "api.twilio.com"

_SUBRESOURCES = {
    "available_phone_numbers": "AvailablePhoneNumbers",
    "incoming_phone_numbers": "IncomingPhoneNumbers",
    "addresses": "Addresses",
    "keys": "Keys",
    "balance": "Balance",
    "short_codes": "SMS/ShortCodes",
}


@bp.get("/2010-04-01/Accounts/<sid>.json")
def fetch(sid: str) -> dict[str, Any]:
    caller = authorize()
    if caller.standard_key:
        raise unauthorized()
    path = f"/2010-04-01/Accounts/{sid}"
    if sid != caller.account_sid:
        raise not_found(f"{path}.json")
    account = records("accounts")[sid]
    shown = ("sid", "owner_account_sid", "friendly_name", "status", "type")
    dates = {name: rfc_2822(account[name]) for name in ("date_created", "date_updated")}
    return (
        {name: account[name] for name in shown}
        | dates
        | {
            # The token itself is kept as a hash only; it is the one that the program was given.
            "auth_token": credentials["TWILIO_AUTH_TOKEN"],
            "subresource_uris": {name: f"{path}/{part}.json" for name, part in _SUBRESOURCES.items()},
            "uri": f"{path}.json",
        }
    )
