"""One example of every resource, with a new value for each field that can change: what the contract tests walk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from emulator import Emulator

Drift = Callable[[Emulator, str], None]
SUBUSER = "twilio_engage_app_example"
OTHER_SUBUSER = "twilio_engage_app_other"
MARKER = "twilio-engage/test/example"


@dataclass(frozen=True)
class Case:
    """How one resource is exercised.

    inputs     those of its declaration that the example gives
    changes    a new value for every input that can change in place
    alongside  what else must change with one of them
    alter      changes the object at the vendor, behind everybody's back
    drift      what a read then finds
    place      (vendor, collection) of the emulator that holds the object under its id; None: it cannot be removed
    needs      what must exist first
    """

    inputs: dict[str, Any]
    changes: dict[str, Any]
    drift: dict[str, Any]
    alter: Drift
    place: tuple[str, str] | None
    needs: tuple[str, ...] = ()
    alongside: dict[str, dict[str, Any]] = field(default_factory=dict)


def _alter(vendor: str, collection: str, **changes: Any) -> Drift:
    return lambda emulator, id_: emulator.state.alter(vendor, collection, id_, **changes)


CASES: dict[str, Case] = {
    "sendgrid:Subuser": Case(
        inputs={
            "username": SUBUSER,
            "email": "engage@example.com",
            "password": "correct-horse-1-battery",
            "ips": ["192.0.2.10"],
        },
        changes={"ips": [], "disabled": True, "website_access": False},
        drift={"disabled": True},
        alter=_alter("sendgrid", "subusers", disabled=True),
        place=("sendgrid", "subusers"),
    ),
    "sendgrid:ApiKey": Case(
        inputs={"name": "example", "subuser": SUBUSER, "scopes": ["mail.send"]},
        changes={"name": "another", "scopes": ["mail.send", "mail_settings.read"]},
        drift={"scopes": ["alerts.read"]},
        alter=_alter("sendgrid", "api_keys", scopes=["alerts.read", "2fa_required"]),
        place=("sendgrid", "api_keys"),
        needs=("sendgrid:Subuser",),
    ),
    "sendgrid:SubscriptionTracking": Case(
        inputs={"subuser": SUBUSER, "plain_content": "Leave: <% %>\n"},
        changes={
            "enabled": False,
            "html_content": "<p><% %></p>\n",
            "plain_content": "Go: <% %>",
            "landing": "<p>Bye</p>",
            "replace_tag": "[unsubscribe]",
            "url": "https://example.com/unsubscribe",
        },
        drift={"enabled": False},
        alter=lambda emulator, _: emulator.state.alter(
            "sendgrid",
            "tracking_settings",
            f"{SUBUSER}:subscription",
            values={"enabled": False, "plain_content": "Leave: <% %>\n"},
        ),
        place=None,
        needs=("sendgrid:Subuser",),
    ),
    "sendgrid:DedicatedIp": Case(
        inputs={"buy": True, "region": "us", "parent_assigned": True, "spares": ["192.0.2.10"]},
        changes={"parent_assigned": False},
        drift={"parent_assigned": False},
        alter=_alter("sendgrid", "ips", is_parent_assigned=False),
        place=None,
    ),
    "sendgrid:IpPool": Case(
        inputs={"name": "engage", "ips": ["192.0.2.10"]},
        changes={"name": "marketing", "ips": ["192.0.2.10", "198.51.100.1"]},
        drift={"name": "by hand", "ips": ["198.51.100.1"]},
        alter=_alter("sendgrid", "ip_pools", name="by hand", ips=["198.51.100.1"]),
        place=("sendgrid", "ip_pools"),
        needs=("sendgrid:DedicatedIp",),
    ),
    "sendgrid:IpWarmup": Case(
        inputs={"ip": "192.0.2.10", "accept_delays": True},
        changes={"mode": "automated", "generation": 2},
        drift={"mode": "automated"},
        alter=_alter("sendgrid", "ips", warming=True, start_date=4_000_000_000),
        place=None,
    ),
    "twilio:MessagingService": Case(
        inputs={"friendly_name": "Example", "inbound_request_url": "https://example.com/inbound"},
        changes={
            "friendly_name": "Another",
            "use_case": "notifications",
            "inbound_request_url": "https://example.com/other",
            "inbound_method": "GET",
            "fallback_url": "https://example.com/fallback",
            "fallback_method": "GET",
            "status_callback": "https://example.com/status",
            "sticky_sender": False,
            "mms_converter": False,
            "smart_encoding": False,
            "area_code_geomatch": False,
            "validity_period": 600,
            "use_inbound_webhook_on_number": True,
        },
        alongside={"use_inbound_webhook_on_number": {"inbound_request_url": None}},
        drift={"inbound_method": "GET"},
        alter=_alter("twilio", "services", inbound_method="GET"),
        place=("twilio", "services"),
    ),
    "segment:Source": Case(
        inputs={"slug": "example", "metadata_id": "iUM16Md8P2", "name": "Example"},
        changes={"slug": "another", "name": "Another", "enabled": False, "settings": {"depth": 2}},
        drift={"enabled": False},
        alter=_alter("segment", "sources", enabled=False),
        place=("segment", "sources"),
    ),
}
