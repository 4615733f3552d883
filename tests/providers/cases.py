"""One example of every resource, with a new value for each field that can change: what the contract tests walk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from emulator import Emulator
from tests.support import route53, sendgrid_objects

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
    fixtures   names of pytest fixtures for what else must: what no resource here makes, or a vendor beside the emulator
    """

    inputs: dict[str, Any]
    changes: dict[str, Any]
    drift: dict[str, Any]
    alter: Drift
    place: tuple[str, str] | None
    needs: tuple[str, ...] = ()
    fixtures: tuple[str, ...] = ()
    alongside: dict[str, dict[str, Any]] = field(default_factory=dict)


def _alter(vendor: str, collection: str, **changes: Any) -> Drift:
    return lambda emulator, id_: emulator.state.alter(vendor, collection, id_, **changes)


CASES: dict[str, Case] = {
    "dns:DmarcCheck": Case(
        inputs={"domain": "example.com"},
        changes={},
        drift={},  # what it finds in DNS is not its to mend
        alter=lambda *_: None,
        place=None,
        fixtures=("published",),
    ),
    "route53:Record": Case(
        inputs={"zone": "example.com", "type": "cname", "host": "em1.example.com", "value": "u1.wl.sendgrid.net"},
        changes={"type": "TXT", "host": "em2.example.com", "value": "u2.wl.sendgrid.net", "ttl": 600},
        drift={"ttl": 60},
        alter=lambda *_: route53.put("CNAME", "em1.example.com", "u1.wl.sendgrid.net.", ttl=60),
        place=None,  # the tests of its oddities remove it
        fixtures=("hosted_zone",),
    ),
    "sendgrid:DomainValidation": Case(
        inputs={
            "domain_id": sendgrid_objects.DOMAIN,
            "subuser": SUBUSER,
            "dns_records": sendgrid_objects.DOMAIN_RECORDS,
        },
        changes={"dns_records": sendgrid_objects.DOMAIN_RECORDS[:2]},
        drift={"status": "pending"},
        alter=lambda emulator, id_: emulator.state.alter("sendgrid", "domains", id_, valid=False),
        place=None,
        needs=("sendgrid:Subuser",),
        fixtures=("published",),
    ),
    "sendgrid:LinkValidation": Case(
        inputs={"link_id": sendgrid_objects.LINK, "subuser": SUBUSER, "dns_records": sendgrid_objects.LINK_RECORDS},
        changes={"dns_records": sendgrid_objects.LINK_RECORDS[:1], "cdn_target": "cdn.example.net"},
        drift={"status": "pending"},
        alter=lambda emulator, id_: emulator.state.alter("sendgrid", "links", id_, valid=False),
        place=None,
        needs=("sendgrid:Subuser",),
        fixtures=("published",),
    ),
    "sendgrid:ReverseDnsValidation": Case(
        inputs={"reverse_dns_id": sendgrid_objects.REVERSE_DNS, "dns_records": sendgrid_objects.REVERSE_DNS_RECORDS},
        changes={"dns_records": []},
        drift={"status": "pending"},
        alter=lambda emulator, id_: emulator.state.alter("sendgrid", "reverse_dns", id_, valid=False),
        place=None,
        fixtures=("published",),
    ),
    "sendgrid:Subuser": Case(
        inputs={
            "username": SUBUSER,
            "email": "engage@example.com",
            "password": "correct-horse-1-battery",
            "ips": ["192.0.2.10"],
        },
        changes={"ips": [], "disabled": True},
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
