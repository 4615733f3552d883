"""Twilio's seeded account, and where its records are."""

from datetime import UTC, datetime
from email.utils import format_datetime

from emulator.context import collection
from emulator.made_up import console_keys, credentials, sha256, sid
from emulator.store import Collection, Record, Store
from emulator.twilio import requirements

NAME = "twilio"
ACCOUNT_SID = credentials["TWILIO_ACCOUNT_SID"]
PRIMARY_PROFILE_SID = sid("BU", "primary customer profile")


def records(name: str) -> Collection:
    return collection(NAME, name)


def now() -> str:
    """ISO 8601 in GMT, to the second. The 2010 API writes the same moment in RFC 2822."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def rfc_2822(moment: str) -> str:
    return format_datetime(datetime.fromisoformat(moment))


def verdict(collection_name: str) -> Record:
    """What the people who review what this collection has say at once: a record of `verdicts`, by the collection's
    name. Without one they take their time, until somebody alters the record itself."""
    return dict(records("verdicts").get(collection_name, {}))


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
    for empty in ("services", "addresses"):
        store.collection(NAME, empty)
    for empty in ("incoming_phone_numbers", "short_codes", "channel_senders", "service_senders", "verdicts"):
        store.collection(NAME, empty)
    for empty in ("brand_registrations", "campaigns", "tollfree_verifications"):
        store.collection(NAME, empty)
    store.collection(NAME, "known_addresses")["1"] = {
        "iso_country": "US",
        "street": "101 Spear St",
        "city": "San Francisco",
        "region": "CA",
        "postal_code": "94105",
    }
    for empty in ("bundles", "end_users", "supporting_documents"):
        store.collection(NAME, empty)
    for empty in ("customer_profiles", "trust_products", "trust_end_users", "trust_documents"):
        store.collection(NAME, empty)
    store.collection(NAME, "regulations").update(requirements.regulations())
    store.collection(NAME, "policies").update(requirements.policies())
    # The primary customer profile, which is made and approved in the Console.
    store.collection(NAME, "customer_profiles")[PRIMARY_PROFILE_SID] = {
        "sid": PRIMARY_PROFILE_SID,
        "account_sid": ACCOUNT_SID,
        "policy_sid": requirements.PRIMARY,
        "friendly_name": "Engage",
        "email": "engage@example.com",
        "status": "twilio-approved",
        "valid_until": None,
        "status_callback": None,
        "assignments": {},
        "evaluations": {},
        "date_created": now(),
        "date_updated": now(),
    }
    for kind, (key_sid, secret) in console_keys.items():
        key = {"sid": key_sid, "account_sid": ACCOUNT_SID, "friendly_name": f"{kind} key", "type": kind, "policy": None}
        stamps = {"date_created": now(), "date_updated": now()}
        store.collection(NAME, "keys")[key_sid] = key | stamps | {"secret_sha256": sha256(secret)}
    store.collection(NAME, "geo_permissions")  # of accounts that changed any
