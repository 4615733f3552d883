"""Campaigns of A2P 10DLC. github.com/twilio/twilio-oai twilio_messaging_v1.json

A service has one, and all have the same SID: it is QE2c6890da8086d771620e9b13fadeba0b in every example of the document,
and Twilio's own guide deletes "with the US A2P identifier" of that value
(https://www.twilio.com/docs/messaging/compliance/a2p-10dlc/create-mock-us-a2p-10dlc-brands-and-campaigns). So records
are kept by the SID of the service. People decide on them: alter `campaign_status` and `errors` of a record, or say in
`verdicts` what they decide at once.
"""

from typing import Annotated, Any

from flask import Blueprint, request
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_pascal

from emulator.context import store, url
from emulator.made_up import token
from emulator.store import Record
from emulator.twilio.access import FormBool, Page, form, owned, page, query
from emulator.twilio.brands import COLLECTION as BRANDS
from emulator.twilio.errors import error, invalid, not_found
from emulator.twilio.state import NAME, now, records, verdict

bp = Blueprint("campaigns", __name__)
HOST = "messaging.twilio.com"
PATH = "/v1/Services/<service_sid>/Compliance/Usa2p"
COLLECTION = "campaigns"
SID = "QE2c6890da8086d771620e9b13fadeba0b"

SOLE_PROPRIETOR = "SOLE_PROPRIETOR"
# As the document's example of this list has them.
USE_CASES = {
    "2FA": "Two-Factor authentication (2FA)",
    "ACCOUNT_NOTIFICATION": "Account Notification",
    "AGENTS_FRANCHISES": "Agents and Franchises",
    "CHARITY": "Charity",
    "PROXY": "Proxy",
    "CUSTOMER_CARE": "Customer Care",
    "DELIVERY_NOTIFICATION": "Delivery Notification",
    "EMERGENCY": "Emergency",
    "FRAUD_ALERT": "Fraud Alert Messaging",
    "HIGHER_EDUCATION": "Higher Education",
    "K12_EDUCATION": "K-12 Education",
    "LOW_VOLUME": "Low Volume Mixed",
    "MARKETING": "Marketing",
    "MIXED": "Mixed",
    "POLITICAL": "Political",
    "POLLING_VOTING": "Polling and voting",
    "PUBLIC_SERVICE_ANNOUNCEMENT": "Public Service Announcement",
    "SECURITY_ALERT": "Security Alert",
    "SOCIAL": "Social",
    "SWEEPSTAKE": "Sweepstake",
}
_POST_APPROVAL = ("AGENTS_FRANCHISES", "EMERGENCY", "K12_EDUCATION", "PROXY")

# Which use cases of services and campaigns go together is not documented. Here, these belong to one alone.
_BELONGS = {"2FA": "verification", "POLLING_VOTING": "poll", "MARKETING": "marketing"}

Sample = Annotated[str, Field(min_length=20, max_length=1024)]
Reply = Annotated[str, Field(min_length=20, max_length=320)]
Keyword = Annotated[str, Field(pattern="^[0-9A-Za-z]{1,255}$")]


class Change(BaseModel):
    """What an update knows; it must have all but the two URLs."""

    model_config = ConfigDict(alias_generator=to_pascal, populate_by_name=True)

    description: str = Field(min_length=40, max_length=4096)
    message_flow: str = Field(min_length=40, max_length=2048)
    message_samples: list[Sample] = Field(min_length=2, max_length=5)
    has_embedded_links: FormBool
    has_embedded_phone: FormBool
    age_gated: FormBool
    direct_lending: FormBool
    privacy_policy_url: str | None = None
    terms_and_conditions_url: str | None = None


class New(Change):
    """The defaults of the messages and keywords are those of the document's example `createWithDefaults`."""

    brand_registration_sid: str = Field(pattern="^BN[0-9a-fA-F]{32}$")
    us_app_to_person_usecase: str
    age_gated: FormBool = False
    direct_lending: FormBool = False
    subscriber_opt_in: FormBool = False
    opt_in_message: Reply | None = None
    opt_out_message: Reply = (
        "You have successfully been unsubscribed. You will not receive any more messages from this number. Reply START"
        " to resubscribe."
    )
    help_message: Reply = "Reply STOP to unsubscribe. Msg&Data Rates May Apply."
    opt_in_keywords: list[Keyword] = Field(default_factory=list)
    opt_out_keywords: list[Keyword] = ["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"]
    help_keywords: list[Keyword] = ["HELP", "INFO"]


def _view(campaign: Record) -> dict[str, Any]:
    """The two URLs are shown to those who ask for a later version: the document has both shapes, and a header for the
    version without its values."""
    hidden = {"owner"}
    if not request.headers.get("X-Twilio-Api-Version"):
        hidden |= {"privacy_policy_url", "terms_and_conditions_url"}
    return {name: value for name, value in campaign.items() if name not in hidden} | {
        "url": url(HOST, f"/v1/Services/{campaign['messaging_service_sid']}/Compliance/Usa2p/{SID}")
    }


def _campaign(service_sid: str, sid: str) -> Record:
    owned("services", service_sid)
    campaign = records(COLLECTION).get(service_sid)
    if campaign is None or sid != SID:
        raise not_found(f"/Services/{service_sid}/Compliance/Usa2p/{sid}")
    return campaign


def _submitted(campaign: Record) -> None:
    campaign |= {"campaign_status": "PENDING", "errors": [], "date_updated": now()} | verdict(COLLECTION)


def _eligible(brand: Record) -> list[str]:
    """What a brand may register. "SOLE_PROPRIETOR campaign use cases can only be created by SOLE_PROPRIETOR Brands";
    here, those have no other, which is not documented."""
    return [SOLE_PROPRIETOR] if brand["brand_type"] == SOLE_PROPRIETOR else list(USE_CASES)


def _brand(service: Record, brand_sid: str) -> Record:
    brand = records(BRANDS).get(brand_sid)
    if brand is None or brand["account_sid"] != service["account_sid"] or brand["status"] != "APPROVED":
        # https://www.twilio.com/docs/api/errors/21717
        raise error(400, 21717, "Brand Registration SID is not registered or is not valid for the given use case")
    return brand


@bp.post(PATH)
def create(service_sid: str) -> tuple[dict[str, Any], int]:
    service = owned("services", service_sid)
    try:
        fields = New.model_validate(form(New)).model_dump()
    except ValidationError as cause:
        raise invalid(cause) from cause
    use_case = fields["us_app_to_person_usecase"]
    if use_case not in (*USE_CASES, SOLE_PROPRIETOR):
        raise error(400, 21720, "A2P use case is invalid")
    brand = _brand(service, fields["brand_registration_sid"])
    if use_case not in _eligible(brand):
        raise error(400, 21717, "Brand Registration SID is not registered or is not valid for the given use case")
    owner, declared = _BELONGS.get(use_case), service["usecase"]
    if owner and declared in _BELONGS.values() and declared != owner:
        # https://www.twilio.com/docs/api/errors/21719
        raise error(400, 21719, "Incompatible Messaging Service/A2P Use Cases")
    taken = [row for row in records(COLLECTION).values() if row["brand_registration_sid"] == brand["sid"]]
    if service_sid in records(COLLECTION) or (use_case == SOLE_PROPRIETOR and taken):
        # "There can only be one SOLE_PROPRIETOR campaign created per SOLE_PROPRIETOR brand". No code is documented.
        raise error(409, 20409, "A campaign exists already")
    campaign: Record = {
        "sid": SID,
        "account_sid": service["account_sid"],
        "messaging_service_sid": service_sid,
        "owner": service_sid,
        "campaign_id": "C" + token(6, service_sid).upper(),
        "is_externally_registered": False,
        "rate_limits": None,
        "mock": brand["mock"],
        "date_created": now(),
    } | fields
    _submitted(campaign)
    records(COLLECTION)[service_sid] = campaign
    return _view(campaign), 201


@bp.get(PATH)
def listing(service_sid: str) -> dict[str, Any]:
    owned("services", service_sid)
    campaign = records(COLLECTION).get(service_sid)
    return page("compliance", [_view(campaign)] if campaign else [])


class OfBrand(Page):
    """Not a list in pages, but its query is read like theirs."""

    brand_registration_sid: str | None = Field(default=None, alias="BrandRegistrationSid")


@bp.get(f"{PATH}/Usecases")
def use_cases(service_sid: str) -> dict[str, Any]:
    service = owned("services", service_sid)
    brand_sid = query(OfBrand).brand_registration_sid
    eligible = _eligible(_brand(service, brand_sid)) if brand_sid else list(USE_CASES)
    shown = [(code, USE_CASES.get(code, "Sole Proprietor")) for code in eligible]
    return {
        "us_app_to_person_usecases": [
            {"code": code, "name": name, "description": name, "post_approval_required": code in _POST_APPROVAL}
            for code, name in shown
        ]
    }


@bp.get(f"{PATH}/<sid>")
def fetch(service_sid: str, sid: str) -> dict[str, Any]:
    return _view(_campaign(service_sid, sid))


@bp.post(f"{PATH}/<sid>")
def update(service_sid: str, sid: str) -> dict[str, Any]:
    """Submits it again. "It is now possible to edit a FAILED Campaign" is all that is documented: no other can be here.

    https://www.twilio.com/docs/messaging/compliance/a2p-10dlc/troubleshooting-a2p-brands/troubleshooting-and-rectifying-a2p-campaigns-1
    """
    campaign = _campaign(service_sid, sid)
    try:
        fields = Change.model_validate(form(Change)).model_dump(exclude_unset=True)
    except ValidationError as cause:
        raise invalid(cause) from cause
    if campaign["campaign_status"] != "FAILED":
        raise error(409, 20409, "The campaign cannot be updated in its status")
    campaign |= fields
    _submitted(campaign)
    return _view(campaign)


@bp.delete(f"{PATH}/<sid>")
def delete(service_sid: str, sid: str) -> tuple[str, int]:
    _campaign(service_sid, sid)
    store().remove(NAME, COLLECTION, service_sid)
    return "", 204
