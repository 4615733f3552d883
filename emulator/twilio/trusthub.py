"""Customer profiles and trust products, to be read. github.com/twilio/twilio-oai twilio_trusthub_v1.json"""

from typing import Any

from flask import Blueprint

from emulator.context import url
from emulator.twilio.access import authorize
from emulator.twilio.errors import not_found
from emulator.twilio.state import now, records

bp = Blueprint("trusthub", __name__)
HOST = "trusthub.twilio.com"

_PARTS = ("entity_assignments", "evaluations", "channel_endpoint_assignment")


def _view(collection: str, path: str, sid: str) -> dict[str, Any]:
    caller = authorize()
    row = records(collection).get(sid)
    if row is None or row["account_sid"] != caller.account_sid:
        raise not_found(f"{path}/{sid}")
    defaults = {
        "policy_sid": None,
        "friendly_name": None,
        "valid_until": None,
        "email": None,
        "status_callback": None,
        "errors": None,
        "date_created": now(),
        "date_updated": now(),
        "url": url(HOST, f"{path}/{sid}"),
        "links": {f"{collection}_{part}": url(HOST, f"{path}/{sid}/{part}") for part in _PARTS},
    }
    return defaults | row


@bp.get("/v1/CustomerProfiles/<sid>")
def customer_profile(sid: str) -> dict[str, Any]:
    return _view("customer_profiles", "/v1/CustomerProfiles", sid)


@bp.get("/v1/TrustProducts/<sid>")
def trust_product(sid: str) -> dict[str, Any]:
    return _view("trust_products", "/v1/TrustProducts", sid)
