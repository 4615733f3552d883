"""Brands of A2P 10DLC. github.com/twilio/twilio-oai twilio_messaging_v1.json

People and registries decide on them: alter `status`, `identity_status` and `errors` of a record, or say in `verdicts`
what they decide at once. Not documented is what a second brand of the same profiles is answered: here, it is made, and
paid for.
"""

from typing import Annotated, Any, Literal

from flask import Blueprint, request
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_pascal

from emulator.context import store, url, violation
from emulator.made_up import sid, token
from emulator.store import Record
from emulator.twilio.access import FormBool, authorize, form, owned, page
from emulator.twilio.errors import error, invalid
from emulator.twilio.state import now, records, verdict

bp = Blueprint("brands", __name__)
HOST = "messaging.twilio.com"
PATH = "/v1/a2p/BrandRegistrations"
COLLECTION = "brand_registrations"

UPDATES = 3
"""https://www.twilio.com/docs/messaging/compliance/a2p-10dlc/troubleshooting-a2p-brands/troubleshooting-and-rectifying-a2p-standardlvs-brands"""

_UNKNOWN_BUNDLE = {
    "error_code": 30793,
    "description": "There was an error while processing the provided customer and a2p information.",
    "url": "https://www.twilio.com/docs/api/errors/30793",
    "fields": [],
}

BundleSid = Annotated[str, Field(pattern="^BU[0-9a-fA-F]{32}$")]


class New(BaseModel):
    """The document has a default for Mock alone; the others are chosen here."""

    model_config = ConfigDict(alias_generator=to_pascal, populate_by_name=True)

    customer_profile_bundle_sid: BundleSid
    a2p_profile_bundle_sid: BundleSid = Field(alias="A2PProfileBundleSid")
    brand_type: Literal["STANDARD", "SOLE_PROPRIETOR"] = "STANDARD"
    mock: FormBool = False
    skip_automatic_sec_vet: FormBool = False


def _view(brand: Record) -> dict[str, Any]:
    own = url(HOST, f"{PATH}/{brand['sid']}")
    shown = {name: value for name, value in brand.items() if name != "updates"}
    return shown | {
        # "DEPRECATED"
        "failure_reason": None,
        "brand_feedback": None,
        "url": own,
        "links": {"brand_vettings": f"{own}/Vettings", "brand_registration_otps": f"{own}/SmsOtp"},
    }


def _submitted(brand: Record) -> None:
    """Under review, unless the profiles that it is made of are not there: https://www.twilio.com/docs/api/errors/30793"""
    known = {**records("customer_profiles"), **records("trust_products")}
    if {brand["customer_profile_bundle_sid"], brand["a2p_profile_bundle_sid"]} <= known.keys():
        # When the registry's id is given is not documented beyond "after successful registration".
        brand |= {"status": "PENDING", "errors": [], "tcr_id": "B" + token(6, brand["sid"]).upper()}
        brand |= verdict(COLLECTION)
    else:
        brand |= {"status": "FAILED", "errors": [_UNKNOWN_BUNDLE], "tcr_id": None}
    brand["date_updated"] = now()


@bp.post(PATH)
def create() -> tuple[dict[str, Any], int]:
    caller = authorize()
    try:
        fields = New.model_validate(form(New)).model_dump()
    except ValidationError as cause:
        raise invalid(cause) from cause
    brand_sid = sid("BN", store().number("brand"))
    brand: Record = {
        "sid": brand_sid,
        "account_sid": caller.account_sid,
        "date_created": now(),
        "identity_status": "UNVERIFIED",
        "brand_score": None,
        "russell_3000": None,
        "government_entity": None,
        "tax_exempt_status": None,
        "updates": 0,
    } | fields
    _submitted(brand)
    records(COLLECTION)[brand_sid] = brand
    return _view(brand), 201


@bp.get(PATH)
def listing() -> dict[str, Any]:
    caller = authorize()
    return page(
        "data", [_view(row) for row in records(COLLECTION).values() if row["account_sid"] == caller.account_sid]
    )


@bp.get(f"{PATH}/<brand_sid>")
def fetch(brand_sid: str) -> dict[str, Any]:
    return _view(owned(COLLECTION, brand_sid))


@bp.post(f"{PATH}/<brand_sid>")
def update(brand_sid: str) -> tuple[dict[str, Any], int]:
    """Submits it again, as the profiles now are."""
    brand = owned(COLLECTION, brand_sid)
    if request.get_data():
        violation("this request has no body")
    if brand["status"] != "FAILED" or brand["tcr_id"] is None:
        # https://www.twilio.com/docs/api/errors/21725; that `tcr_id` must not be null says the guide of UPDATES.
        raise error(400, 21725, "Brand can only be updated when in FAILED state. Contact support for help.")
    if brand["updates"] >= UPDATES:
        raise error(400, 21724, "Maximum number of brand update requests reached on this brand.")
    brand["updates"] += 1
    _submitted(brand)
    return _view(brand), 202
