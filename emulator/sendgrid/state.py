"""SendGrid's seeded account, and where its records are."""

from ipaddress import IPv4Address

from emulator.context import collection
from emulator.made_up import credentials, sha256
from emulator.sendgrid.scopes import FULL_ACCESS
from emulator.store import Collection, Record, Store

NAME = "sendgrid"
PARENT = "engage_parent"
# Belongs to somebody else's account: usernames are unique across all of SendGrid, and no list shows this one.
FOREIGN_USERNAME = "twilio_engage_app_taken"
ADDRESS = str(IPv4Address("192.0.2.10"))


def records(name: str) -> Collection:
    return collection(NAME, name)


def parent() -> Record:
    return records("accounts")[PARENT]


def seed(store: Store) -> None:
    """A paid Pro account with one dedicated IP, and a Full Access key."""
    store.collection(NAME, "accounts")[PARENT] = {
        "username": PARENT,
        "user_id": 10_000_000,
        "type": "paid",
        "reputation": 100,
        # SendGrid's documentation: 15 subusers unless support raises it.
        "subuser_limit": 15,
    }
    store.collection(NAME, "foreign_usernames")[FOREIGN_USERNAME] = {}
    store.collection(NAME, "ips")[ADDRESS] = {"ip": ADDRESS, "region": "global", "start_date": None}
    key = credentials["SENDGRID_API_KEY"]
    key_id = key.split(".")[1]
    store.collection(NAME, "api_keys")[key_id] = {
        "api_key_id": key_id,
        "name": "seeded Full Access key",
        "scopes": sorted(FULL_ACCESS),
        "owner": PARENT,
        "key_sha256": sha256(key),
    }
    # Which status these give is not documented, and users have seen several: set another to prove that a client copes.
    store.collection(NAME, "switches")["on_behalf_of_missing_subuser"] = {"status": 401}
    store.collection(NAME, "switches")["on_behalf_of_refused"] = {"status": 403}
    # Nor is it documented whether an IP whose warm-up was stopped still shows when that began.
    store.collection(NAME, "switches")["stopped_warmup"] = {"keeps_start_date": True}
    for empty in ("allowed_ips", "ip_pools", "subusers", "tracking_settings"):
        store.collection(NAME, empty)
