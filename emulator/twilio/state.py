"""Twilio's seeded account, and where its records are."""

from datetime import UTC, datetime
from email.utils import format_datetime

from emulator.context import collection
from emulator.made_up import credentials, sha256
from emulator.store import Collection, Store

NAME = "twilio"
ACCOUNT_SID = credentials["TWILIO_ACCOUNT_SID"]


def records(name: str) -> Collection:
    return collection(NAME, name)


def now() -> str:
    """ISO 8601 in GMT, to the second. The 2010 API writes the same moment in RFC 2822."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def rfc_2822(moment: str) -> str:
    return format_datetime(datetime.fromisoformat(moment))


def seed(store: Store) -> None:
    """A paid, active account. A trial: set its `type` to "Trial". And all the addresses that can be found."""
    store.collection(NAME, "accounts")[ACCOUNT_SID] = {
        "sid": ACCOUNT_SID,
        "owner_account_sid": ACCOUNT_SID,
        "friendly_name": "Engage",
        "status": "active",
        "type": "Full",
        "date_created": now(),
        "date_updated": now(),
        "auth_token_sha256": sha256(credentials["TWILIO_AUTH_TOKEN"]),
    }
    for empty in ("keys", "services", "addresses"):
        store.collection(NAME, empty)
    for empty in ("incoming_phone_numbers", "service_senders", "bundles"):
        store.collection(NAME, empty)
    store.collection(NAME, "known_addresses")["1"] = {
        "iso_country": "US",
        "street": "101 Spear St",
        "city": "San Francisco",
        "region": "CA",
        "postal_code": "94105",
    }
