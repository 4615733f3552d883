"""What registrations at Twilio need and only others can give: approved profiles, a number, and reviewers who decide."""

from __future__ import annotations

from typing import Any, Final

from emulator import Emulator
from emulator.made_up import sid

CUSTOMER_PROFILE: Final = sid("BU", "customer profile")
OTHER_CUSTOMER_PROFILE: Final = sid("BU", "another customer profile")
TRUST_PRODUCT: Final = sid("BU", "trust product")
OTHER_TRUST_PRODUCT: Final = sid("BU", "another trust product")
NUMBER: Final = sid("PN", "toll-free")
OTHER_NUMBER: Final = sid("PN", "another toll-free")
SERVICE: Final = sid("MG", 1)
"""The first messaging service that is made in an emulator."""
BRAND_ID: Final = f"{CUSTOMER_PROFILE}/{TRUST_PRODUCT}"

REJECTED: Final = {"error_code": 30886, "description": "Invalid Campaign Description", "fields": ["DESCRIPTION"]}


def _number(account: str, number_sid: str, phone_number: str) -> dict[str, Any]:
    capabilities = {"voice": True, "sms": True, "mms": True, "fax": False}
    return {
        "sid": number_sid,
        "account_sid": account,
        "phone_number": phone_number,
        "friendly_name": "Toll-free",
        "capabilities": capabilities,
        "address_requirements": "none",
        "bundle_sid": None,
        "type": "tollfree",
    }


def make(emulator: Emulator) -> None:
    """With reviewers who approve whatever is submitted, at once."""
    account = emulator.credentials["TWILIO_ACCOUNT_SID"]
    for collection, sids in (
        ("customer_profiles", (CUSTOMER_PROFILE, OTHER_CUSTOMER_PROFILE)),
        ("trust_products", (TRUST_PRODUCT, OTHER_TRUST_PRODUCT)),
    ):
        for each in sids:
            row = {"sid": each, "account_sid": account, "status": "twilio-approved"}
            emulator.state.collection("twilio", collection)[each] = row
    for number_sid, phone_number in ((NUMBER, "+18005550100"), (OTHER_NUMBER, "+18885550101")):
        row = _number(account, number_sid, phone_number)
        emulator.state.collection("twilio", "incoming_phone_numbers")[number_sid] = row
    decide(emulator, "brand_registrations", status="APPROVED", identity_status="VERIFIED")
    decide(emulator, "campaigns", campaign_status="VERIFIED")
    decide(emulator, "tollfree_verifications", status="TWILIO_APPROVED")


def decide(emulator: Emulator, collection: str, **verdict: Any) -> None:
    """What is submitted from now on is decided at once; without a verdict, it waits."""
    emulator.state.collection("twilio", "verdicts")[collection] = verdict


def fail_campaign(emulator: Emulator, id_: str, **more: Any) -> None:
    emulator.state.alter("twilio", "campaigns", id_, campaign_status="FAILED", errors=[REJECTED], **more)


def reject_verification(emulator: Emulator, _: str = "", **more: Any) -> None:
    (row,) = emulator.state.collection("twilio", "tollfree_verifications").values()
    row.update(
        status="TWILIO_REJECTED",
        rejection_reasons=[{"code": 30841, "reason": "Opt-in not sufficient: Language Unclear"}],
        edit_allowed=True,
        edit_expiration="2026-12-01T00:00:00Z",
    )
    row.update(more)
