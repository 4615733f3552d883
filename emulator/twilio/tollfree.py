"""Verifications of toll-free numbers. github.com/twilio/twilio-oai twilio_messaging_v1.json

People decide on them: alter `status`, `rejection_reasons`, `edit_allowed` and `edit_expiration` of a record, or say in
`verdicts` what they decide at once. What a second request for a number is answered is not documented: here, it is
refused as long as there is one.
"""

from typing import Annotated, Any, Literal

from flask import Blueprint
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic.alias_generators import to_pascal

from emulator.context import store, url
from emulator.made_up import sid
from emulator.store import Record
from emulator.twilio.access import FormBool, Page, authorize, form, owned, page, query
from emulator.twilio.errors import error, invalid
from emulator.twilio.state import now, records, verdict

bp = Blueprint("tollfree", __name__)
HOST = "messaging.twilio.com"
PATH = "/v1/Tollfree/Verifications"
COLLECTION = "tollfree_verifications"

# https://www.twilio.com/docs/messaging/compliance/toll-free/api-onboarding
TOLL_FREE = ("+1800", "+1888", "+1877", "+1866", "+1855", "+1844", "+1833")

Category = Literal[
    "TWO_FACTOR_AUTHENTICATION",
    "ACCOUNT_NOTIFICATIONS",
    "CUSTOMER_CARE",
    "CHARITY_NONPROFIT",
    "DELIVERY_NOTIFICATIONS",
    "FRAUD_ALERT_MESSAGING",
    "EVENTS",
    "HIGHER_EDUCATION",
    "K12",
    "MARKETING",
    "POLLING_AND_VOTING_NON_POLITICAL",
    "POLITICAL_ELECTION_CAMPAIGNS",
    "PUBLIC_SERVICE_ANNOUNCEMENT",
    "SECURITY_ALERT",
]
OptInType = Literal["VERBAL", "WEB_FORM", "PAPER_FORM", "VIA_TEXT", "MOBILE_QR_CODE", "IMPORT", "IMPORT_PLEASE_REPLACE"]
BusinessType = Literal["PRIVATE_PROFIT", "PUBLIC_PROFIT", "SOLE_PROPRIETOR", "NON_PROFIT", "GOVERNMENT"]
Authority = Literal[
    "EIN",
    "CBN",
    "CRN",
    "PROVINCIAL_NUMBER",
    "VAT",
    "ACN",
    "ABN",
    "BRN",
    "SIREN",
    "SIRET",
    "NZBN",
    "USt-IdNr",
    "CIF",
    "NIF",
    "CNPJ",
    "UID",
    "NEQ",
    "OTHER",
]
Text = Annotated[str, Field(min_length=1)]
Phone = Annotated[str, Field(pattern=r"^\+[1-9]\d{6,14}$")]
Country = Annotated[str, Field(pattern="^[A-Z]{2}$")]


class Stated(BaseModel):
    """What is said of the business and its messages."""

    model_config = ConfigDict(alias_generator=to_pascal, populate_by_name=True)

    business_name: Text
    business_website: Text
    notification_email: Text
    use_case_categories: list[Category] = Field(min_length=1)
    use_case_summary: Text
    production_message_sample: Text
    opt_in_image_urls: list[Text] = Field(min_length=1)
    opt_in_type: OptInType
    message_volume: Text
    business_street_address: str | None = None
    business_street_address2: str | None = None
    business_city: str | None = None
    business_state_province_region: str | None = None
    business_postal_code: str | None = None
    business_country: Country | None = None
    additional_information: str | None = None
    business_contact_first_name: str | None = None
    business_contact_last_name: str | None = None
    business_contact_email: str | None = None
    business_contact_phone: Phone | None = None
    business_registration_number: str | None = None
    business_registration_authority: Authority | None = None
    business_registration_country: Country | None = None
    business_type: BusinessType | None = None
    business_registration_phone_number: Phone | None = None
    doing_business_as: str | None = None
    opt_in_confirmation_message: str | None = None
    help_message_sample: str | None = None
    privacy_policy_url: str | None = None
    terms_and_conditions_url: str | None = None
    age_gated_content: FormBool | None = None
    opt_in_keywords: list[str] | None = None
    vetting_provider: Literal["CAMPAIGN_VERIFY"] | None = None
    vetting_id: str | None = Field(default=None, max_length=500)

    @model_validator(mode="after")
    def _registered(self) -> "Stated":
        """What the document says of BusinessType, "Required field", and of the other three, "Required for all business
        types except SOLE_PROPRIETOR"."""
        number, authority = self.business_registration_number, self.business_registration_authority
        if self.business_type is None:
            raise ValueError("BusinessType is required")
        if self.business_type != "SOLE_PROPRIETOR" and not (
            number and authority and self.business_registration_country
        ):
            raise ValueError("the business registration's number, authority and country are required")
        return self


class New(Stated):
    tollfree_phone_number_sid: str = Field(pattern="^PN[0-9a-fA-F]{32}$")
    customer_profile_sid: str | None = Field(default=None, pattern="^BU[0-9a-fA-F]{32}$")
    external_reference_id: str | None = None


class Edit(Stated):
    edit_reason: str | None = None


class Filter(Page):
    model_config = ConfigDict(alias_generator=to_pascal, populate_by_name=True)

    tollfree_phone_number_sid: str | None = None
    status: Literal["PENDING_REVIEW", "IN_REVIEW", "TWILIO_APPROVED", "TWILIO_REJECTED"] | None = None
    external_reference_id: str | None = None


def _view(row: Record) -> dict[str, Any]:
    return row | {"resource_links": {}, "url": url(HOST, f"{PATH}/{row['sid']}")}


def _submitted(row: Record) -> None:
    undecided = dict.fromkeys(
        ("rejection_reason", "error_code", "edit_expiration", "edit_allowed", "rejection_reasons")
    )
    row |= {"status": "PENDING_REVIEW", **undecided, "date_updated": now()} | verdict(COLLECTION)


@bp.post(PATH)
def create() -> tuple[dict[str, Any], int]:
    caller = authorize()
    try:
        fields = New.model_validate(form(New)).model_dump()
    except ValidationError as cause:
        raise invalid(cause) from cause
    number = records("incoming_phone_numbers").get(fields["tollfree_phone_number_sid"])
    if number is None or number["account_sid"] != caller.account_sid:
        raise error(400, 21421, "PhoneNumber is invalid")  # https://www.twilio.com/docs/api/errors/21421
    if not number["phone_number"].startswith(TOLL_FREE):
        raise error(400, 20001, "TollfreePhoneNumberSid is not of a toll-free number")  # the code is not documented
    if any(row["tollfree_phone_number_sid"] == number["sid"] for row in records(COLLECTION).values()):
        raise error(409, 20409, "A verification of this number exists")  # not documented
    row: Record = {
        "sid": sid("HH", store().number("tollfree_verification")),
        "account_sid": caller.account_sid,
        "tollfree_phone_number": number["phone_number"],
        "trust_product_sid": None,
        "regulated_item_sid": None,
        "vetting_id_expiration": None,
        "date_created": now(),
    } | fields
    _submitted(row)
    records(COLLECTION)[row["sid"]] = row
    return _view(row), 201


@bp.get(PATH)
def listing() -> dict[str, Any]:
    caller, asked = authorize(), query(Filter)
    wanted = asked.model_dump(exclude_none=True, exclude={"size", "number", "token"})
    wanted |= {"account_sid": caller.account_sid}
    rows = [row for row in records(COLLECTION).values() if row.items() >= wanted.items()]
    return page("verifications", map(_view, rows), asked)


@bp.get(f"{PATH}/<verification_sid>")
def fetch(verification_sid: str) -> dict[str, Any]:
    return _view(owned(COLLECTION, verification_sid))


@bp.post(f"{PATH}/<verification_sid>")
def update(verification_sid: str) -> tuple[dict[str, Any], int]:
    """Submits it again, with what is changed. "If the response includes "edit_allowed": true, you can resubmit"; what
    is answered otherwise is not documented: https://www.twilio.com/docs/messaging/compliance/toll-free/api-onboarding"""
    row = owned(COLLECTION, verification_sid)
    current = {to_pascal(name): row[name] for name in Stated.model_fields if row[name] is not None}
    try:
        fields = Edit.model_validate(current | form(Edit)).model_dump(exclude={"edit_reason"})
    except ValidationError as cause:
        raise invalid(cause) from cause
    if row["status"] != "TWILIO_REJECTED" or not row["edit_allowed"]:
        raise error(409, 20409, "The verification cannot be edited")
    row |= fields
    _submitted(row)
    return _view(row), 202


@bp.delete(f"{PATH}/<verification_sid>")
def delete(verification_sid: str) -> tuple[str, int]:
    owned(COLLECTION, verification_sid)
    del records(COLLECTION)[verification_sid]
    return "", 204
