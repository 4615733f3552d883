"""What regulations and policies ask for. github.com/twilio/twilio-oai twilio_numbers_v2.json, twilio_trusthub_v1.json

Their shape is that of the documents' examples. Which fields and documents each asks for is made up: "Regulations can
and do change" (https://www.twilio.com/docs/phone-numbers/regulatory/api). How a policy asks for a customer profile is
not documented. The SIDs of three policies are those that Twilio has:
https://www.twilio.com/docs/messaging/compliance/a2p-10dlc/onboarding-isv-api
"""

from typing import Any

from emulator.made_up import sid
from emulator.store import Record

SECONDARY = "RNdfbf3fae0e1107f8aded0e7cead80bf5"
STARTER = "RN806dd6cd175f314e1f96a9727ee271f4"
A2P = "RNb0d4771c2c98518d916a3d4cd70a8f8b"
VOICE = sid("RN", "a trust product for calls")
PRIMARY = sid("RN", "primary customer profile")

_PEOPLE = {"individual": ["first_name", "last_name"], "business": ["business_name", "business_registration_number"]}


def _end_user(type_: str, name: str, fields: list[str], requirement: str | None = None) -> Record:
    detailed = [
        {"machine_name": field, "friendly_name": field.replace("_", " ").title(), "description": ""} for field in fields
    ]
    return {
        "name": name,
        "type": type_,
        "requirement_name": requirement or type_,
        "url": f"/EndUserTypes/{type_}",
        "fields": fields,
        "detailed_fields": detailed,
    }


def _document(requirement: str, name: str, *accepted: tuple[str, str, list[str]]) -> Record:
    return {
        "name": name,
        "type": "document",
        "requirement_name": requirement,
        "description": name,
        "accepted_documents": [
            {"name": what, "type": type_, "url": f"/SupportingDocumentTypes/{type_}", "fields": fields}
            for type_, what, fields in accepted
        ],
    }


def _regulation(country: str, name: str, number_type: str, who: str, documents: list[Record]) -> Record:
    return {
        "sid": sid("RN", country, number_type, who),
        "friendly_name": f"{name}: {number_type.title()} - {who.title()}",
        "iso_country": country,
        "number_type": number_type,
        "end_user_type": who,
        "requirements": {
            "end_user": [_end_user(who, who.title(), _PEOPLE[who], f"{who}_info")],
            "supporting_document": [documents],
        },
    }


def regulations() -> dict[str, Record]:
    address = _document("proof_of_address", "Address", ("address", "Address Validation", ["address_sids"]))
    register = _document(
        "business_name_info",
        "Business Name",
        ("commercial_registrar_excerpt", "Excerpt from the commercial register", ["business_name"]),
        ("utility_bill", "Utility bill", ["business_name"]),
    )
    rows = [
        _regulation("DE", "Germany", "local", "business", [address]),
        _regulation("DE", "Germany", "local", "individual", [address]),
        _regulation("FR", "France", "local", "business", [register, address]),
        _regulation("FR", "France", "local", "individual", [address]),
        _regulation("FR", "France", "mobile", "business", [register, address]),
        _regulation("AU", "Australia", "local", "individual", [address]),
        _regulation("AU", "Australia", "local", "business", [address]),
    ]
    return {row["sid"]: row for row in rows}


def _policy(policy_sid: str, name: str, end_users: list[Record], *, profiles: Any, documents: list[Record]) -> Record:
    return {
        "sid": policy_sid,
        "friendly_name": name,
        "requirements": {
            "end_user": end_users,
            "supporting_trust_products": [],
            "supporting_document": [documents],
            "supporting_customer_profiles": profiles,
        },
    }


def policies() -> dict[str, Record]:
    business = _end_user(
        "customer_profile_business_information",
        "Business Information",
        ["business_name", "business_type", "business_registration_number", "website_url"],
    )
    representative = _end_user(
        "authorized_representative_1", "Authorized Representative 1", ["first_name", "last_name", "email"]
    )
    address = _document(
        "customer_profile_address",
        "Physical Business Address",
        ("customer_profile_address", "Physical Business Address", ["address_sids"]),
    )
    primary = [{"name": "Primary Customer Profile", "type": "primary_customer_profile", "status": "twilio-approved"}]
    profile = [{"name": "Customer Profile", "type": "customer_profile", "status": None}]
    messaging = _end_user(
        "us_a2p_messaging_profile_information", "US A2P Messaging Profile Information", ["company_type"]
    )
    rows = [
        _policy(PRIMARY, "Primary Customer Profile of type Business", [business], profiles=[], documents=[address]),
        _policy(
            SECONDARY,
            "Secondary Customer Profile of type Business",
            [business, representative],
            profiles=primary,
            documents=[address],
        ),
        _policy(STARTER, "Starter Customer Profile", [representative], profiles=primary, documents=[address]),
        _policy(A2P, "A2P Messaging: Local - Business", [messaging], profiles=profile, documents=[]),
        _policy(VOICE, "Calls: Local - Business", [], profiles=profile, documents=[]),
    ]
    return {row["sid"]: row for row in rows}
