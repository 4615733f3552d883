"""One example of every field of every resource: what a test makes, and what it then changes in it.

A new field or resource has its row here; `test_fields.py` names what is missing.
"""

from __future__ import annotations

from typing import Any, Final

from emulator import Emulator

ADDRESS: Final = "192.0.2.10"
SECOND_ADDRESS: Final = "192.0.2.11"
PASSWORD: Final = "correct-horse-1-battery"

SUBUSER: Final = "sendgrid:Subuser"
API_KEY: Final = "sendgrid:ApiKey"
TRACKING: Final = "sendgrid:SubscriptionTracking"
SERVICE: Final = "twilio:MessagingService"
PLACE: Final = "twilio:Address"
SOURCE: Final = "segment:Source"

HTTP_API: Final = "iUM16Md8P2"
JAVASCRIPT: Final = "IqDTy1TpoU"

Inputs = dict[str, Any]

REQUIRED: Final[dict[str, Inputs]] = {
    SUBUSER: {"email": "engage@example.com", "password": PASSWORD, "ips": [ADDRESS]},
    API_KEY: {"name": "engage"},
    TRACKING: {},
    SERVICE: {"friendly_name": "Engage"},
    PLACE: {
        "friendly_name": "Engage",
        "customer_name": "Example GmbH",
        "street": "Beispielstraße 1",
        "city": "Berlin",
        "region": "Berlin",
        "postal_code": "10115",
        "iso_country": "DE",
    },
    SOURCE: {"slug": "engage", "metadata_id": HTTP_API},
}
"""What every example needs; a username and the subuser that one lives in come from its name."""

UPDATES: Final[dict[str, dict[str, tuple[Any, Any]]]] = {
    SUBUSER: {"ips": ([ADDRESS], [SECOND_ADDRESS, ADDRESS]), "disabled": (False, True)},
    API_KEY: {"name": ("engage", "renamed"), "scopes": (["mail.send"], ["mail.send", "stats.read"])},
    TRACKING: {
        "enabled": (True, False),
        "html_content": (None, "<p>Leave: <% %></p>"),
        "plain_content": ("Leave: <% %>", " Go: <% %> "),
        "landing": ("<p>Gone.</p>", "<p>Bye.</p>"),
        "replace_tag": (None, "[unsubscribe]"),
        "url": (None, "https://example.com/unsubscribe"),
    },
    SERVICE: {
        "friendly_name": ("Engage", "Renamed"),
        "use_case": ("marketing", "notifications"),
        "inbound_request_url": ("https://example.com/in", None),
        "inbound_method": ("POST", "GET"),
        "fallback_url": (None, "https://example.com/fallback"),
        "fallback_method": ("POST", "GET"),
        "status_callback": (None, "https://example.com/status"),
        "use_inbound_webhook_on_number": (False, True),
        "sticky_sender": (None, False),
        "mms_converter": (True, False),
        "smart_encoding": (True, False),
        "area_code_geomatch": (False, True),
        "validity_period": (36000, 600),
    },
    PLACE: {
        "friendly_name": ("Engage", "Renamed"),
        "customer_name": ("Example GmbH", "Example AG"),
        "street": ("Beispielstraße 1", "Beispielstraße 2"),
        "street_secondary": (None, "2. Hof"),
        "city": ("Berlin", "Potsdam"),
        "region": ("Berlin", "Brandenburg"),
        "postal_code": ("10115", "14467"),
        "emergency_enabled": (None, True),
        "auto_correct_address": (True, False),
    },
    SOURCE: {
        "slug": ("engage", "renamed"),
        "name": (None, "Engage"),
        "enabled": (True, False),
        "settings": ({"a": 1}, {"a": 2, "b": [3]}),
    },
}
"""Fields that change in place: token -> field -> (before, after)."""

REPLACEMENTS: Final[dict[str, dict[str, tuple[Any, Any]]]] = {
    SUBUSER: {"username": ("engage_before", "engage_after"), "email": ("a@example.com", "b@example.com")},
    API_KEY: {"subuser": ({"ref": "old_home.username"}, {"ref": "new_home.username"}), "generation": (1, 2)},
    TRACKING: {"subuser": ({"ref": "old_home.username"}, {"ref": "new_home.username"})},
    SERVICE: {},
    PLACE: {"iso_country": ("DE", "AT")},
    SOURCE: {"metadata_id": (HTTP_API, JAVASCRIPT)},
}
"""Fields of which a change makes a new object."""


def prepare(emulator: Emulator) -> None:
    """The account has a second dedicated address."""
    addresses = emulator.state.collection("sendgrid", "ips")
    addresses[SECOND_ADDRESS] = {**addresses[ADDRESS], "ip": SECOND_ADDRESS}


def subuser(username: str, **inputs: Any) -> dict[str, Any]:
    return {"type": SUBUSER, "inputs": {**REQUIRED[SUBUSER], "username": username, **inputs}}


def example(token: str, **inputs: Any) -> dict[str, Any]:
    return {"type": token, "inputs": {**REQUIRED[token], **inputs}}
