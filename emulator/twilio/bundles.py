"""Regulatory bundles. github.com/twilio/twilio-oai twilio_numbers_v2.json

Only reading one: what is there is put there by whoever needs it.
"""

from typing import Any

from flask import Blueprint

from emulator.context import url, vendor_path
from emulator.twilio.access import authorize
from emulator.twilio.errors import not_found
from emulator.twilio.state import now, records

bp = Blueprint("bundles", __name__)
HOST = "numbers.twilio.com"
PATH = "/v2/RegulatoryCompliance/Bundles"


@bp.get(f"{PATH}/<bundle_sid>")
def fetch(bundle_sid: str) -> dict[str, Any]:
    caller = authorize()
    row = records("bundles").get(bundle_sid)
    if row is None or row["account_sid"] != caller.account_sid:
        raise not_found(vendor_path())
    own = f"{PATH}/{bundle_sid}"
    links = {"evaluations": "Evaluations", "item_assignments": "ItemAssignments", "bundle_copies": "Copies"}
    return {
        "sid": bundle_sid,
        "account_sid": row["account_sid"],
        "regulation_sid": row.get("regulation_sid"),
        "friendly_name": row.get("friendly_name"),
        "status": row["status"],
        "valid_until": None,
        "email": row.get("email"),
        "status_callback": None,
        "date_created": row.get("date_created", now()),
        "date_updated": row.get("date_updated", now()),
        "url": url(HOST, own),
        "links": {name: url(HOST, f"{own}/{part}") for name, part in links.items()},
    }
