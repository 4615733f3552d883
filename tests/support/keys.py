"""The keys that are handed over to Segment, in the emulator, with what they open."""

from __future__ import annotations

from emulator import Emulator, credentials
from emulator.made_up import sendgrid_key, sha256, sid, token
from emulator.sendgrid.scopes import SUBUSER_FULL_ACCESS
from tests.support.sendgrid_objects import OWNER
from tests.support.twilio_objects import DATES

SUBUSER = OWNER
SENDGRID_KEY = sendgrid_key("handed over")
SENDGRID_KEY_ID = SENDGRID_KEY.split(".")[1]
ACCOUNT_SID = credentials["TWILIO_ACCOUNT_SID"]
OTHER_ACCOUNT_SID = sid("AC", "another")
TWILIO_KEY_SID = sid("SK", "handed over")
OTHER_KEY_SID = sid("SK", "another")
TWILIO_KEY_SECRET = token(32, "handed over")
SERVICE_SID = sid("MG", "handed over")


def make(emulator: Emulator) -> None:
    emulator.state.collection("sendgrid", "subusers")[SUBUSER] = {
        "id": 10_000_001,
        "username": SUBUSER,
        "email": "engage@example.com",
        "disabled": False,
        "region": "global",
        "ips": [],
    }
    give(emulator)
    service(emulator, SERVICE_SID)


def give(emulator: Emulator) -> None:
    """The keys alone: to be used once what they open is there."""
    give_sendgrid_key(emulator, SENDGRID_KEY, SUBUSER, sorted(SUBUSER_FULL_ACCESS))
    emulator.state.collection("twilio", "keys")[TWILIO_KEY_SID] = {
        "sid": TWILIO_KEY_SID,
        "account_sid": ACCOUNT_SID,
        "friendly_name": "Engage",
        "type": "standard",
        "policy": None,
        "secret_sha256": sha256(TWILIO_KEY_SECRET),
        **DATES,
    }


def give_sendgrid_key(emulator: Emulator, key: str, owner: str, scopes: list[str]) -> None:
    key_id = key.split(".")[1]
    emulator.state.collection("sendgrid", "api_keys")[key_id] = {
        "api_key_id": key_id,
        "name": "engage",
        "scopes": scopes,
        "owner": owner,
        "key_sha256": sha256(key),
    }


def service(emulator: Emulator, service_sid: str, account_sid: str = ACCOUNT_SID) -> None:
    emulator.state.collection("twilio", "services")[service_sid] = {
        "sid": service_sid,
        "account_sid": account_sid,
        "friendly_name": "Engage",
        "inbound_request_url": None,
        "inbound_method": "POST",
        "fallback_url": None,
        "fallback_method": "POST",
        "status_callback": None,
        "sticky_sender": True,
        "mms_converter": True,
        "smart_encoding": True,
        "scan_message_content": "inherit",
        "fallback_to_long_code": True,
        "area_code_geomatch": True,
        "validity_period": 36_000,
        "synchronous_validation": False,
        "usecase": "undeclared",
        "use_inbound_webhook_on_number": False,
        **DATES,
    }
