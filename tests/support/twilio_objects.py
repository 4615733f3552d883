"""What is in a Twilio account before anything is declared: numbers, a short code, a WhatsApp sender, a campaign."""

from __future__ import annotations

from typing import Any

from emulator import Emulator
from emulator.made_up import sid
from emulator.twilio.campaigns import SID

DATES = {"date_created": "2026-01-02T03:04:05Z", "date_updated": "2026-01-02T03:04:05Z"}
NUMBER, OTHER_NUMBER = sid("PN", "one"), sid("PN", "two")
SHORT_CODE, OTHER_SHORT_CODE = sid("SC", "one"), sid("SC", "two")
CHANNEL_SENDER, OTHER_CHANNEL_SENDER = sid("XE", "one"), sid("XE", "two")
SERVICE = sid("MG", 1)
"""The SID of the first messaging service that is made."""


def _put(emulator: Emulator, collection: str, key: str, **fields: Any) -> str:
    own = {"sid": key, "account_sid": emulator.credentials["TWILIO_ACCOUNT_SID"], **DATES}
    emulator.state.collection("twilio", collection)[key] = own | fields
    return key


def number(emulator: Emulator, number_sid: str = NUMBER, phone_number: str = "+15555550100", **fields: Any) -> str:
    usual = {
        "phone_number": phone_number,
        "friendly_name": phone_number,
        "capabilities": {"voice": True, "sms": True, "mms": True, "fax": False},
        "address_requirements": "none",
        "bundle_sid": None,
        "type": "local",
    }
    return _put(emulator, "incoming_phone_numbers", number_sid, **usual | fields)


def short_code(emulator: Emulator, short_code_sid: str = SHORT_CODE, digits: str = "55501", **fields: Any) -> str:
    return _put(emulator, "short_codes", short_code_sid, **{"short_code": digits} | fields)


def channel_sender(emulator: Emulator, sender_sid: str = CHANNEL_SENDER) -> str:
    kind = {"sender": "whatsapp:+15555550100", "sender_type": "WhatsApp", "country_code": "US"}
    return _put(emulator, "channel_senders", sender_sid, **kind)


def campaign(emulator: Emulator, service_sid: str, status: str = "VERIFIED") -> str:
    """The key of its record: it is kept by its service's SID, as all have the same SID themselves."""
    texts = ("description", "message_flow", "opt_in_message", "opt_out_message", "help_message")
    flags = ("has_embedded_links", "has_embedded_phone", "subscriber_opt_in", "age_gated", "direct_lending")
    return _put(
        emulator,
        "campaigns",
        service_sid,
        sid=SID,
        owner=service_sid,
        messaging_service_sid=service_sid,
        campaign_status=status,
        brand_registration_sid=sid("BN", 1),
        us_app_to_person_usecase="MARKETING",
        campaign_id="CEXAMPLE",
        message_samples=["Our spring sale is on.", "Our summer sale is on."],
        rate_limits={},
        errors=[],
        **dict.fromkeys(texts, "Made up."),
        **dict.fromkeys((*flags, "is_externally_registered", "mock"), False),
        **{f"{kind}_keywords": [kind.upper()] for kind in ("opt_in", "opt_out", "help")},
    )
