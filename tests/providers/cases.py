"""One example of every resource, with a new value for each field that can change: what the contract tests walk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from emulator import Emulator
from emulator.made_up import sid
from tests.support import route53, sendgrid_objects

Drift = Callable[[Emulator, str], None]
SUBUSER = "twilio_engage_app_example"
OTHER_SUBUSER = "twilio_engage_app_other"
ADDRESS = sid("AD", 1)
"""The SID of the first address that is made in the emulator."""
MARKER = "acme/twilio-engage/test/example"
OAUTH = {
    "oauth_client_id": "engage",
    "oauth_client_secret": "correct-horse",
    "oauth_token_url": "https://example.com/token",
}
EVENTS = (
    *("processed", "delivered", "deferred", "bounce", "dropped", "open", "click", "spam_report"),
    *("unsubscribe", "group_unsubscribe", "group_resubscribe"),
)


@dataclass(frozen=True)
class Case:
    """How one resource is exercised.

    inputs     those of its declaration that the example gives
    changes    a new value for every input that can change in place
    replacements  a new value for every input that makes a new object
    alongside  what else must change with one of them
    alter      changes the object at the vendor, behind everybody's back
    drift      what a read then finds; empty where nothing can change but the whole be gone
    place      (vendor, collection) of the emulator that holds the object under its id; None: it cannot be removed
    needs      what must exist first
    arrange    brings what `needs` made to a state that only others can bring it to
    one_way    fields that cannot be changed back
    fixtures   names of pytest fixtures for what else must: what no resource here makes, or a vendor beside the emulator
    """

    inputs: dict[str, Any]
    changes: dict[str, Any]
    drift: dict[str, Any]
    alter: Drift
    place: tuple[str, str] | None
    needs: tuple[str, ...] = ()
    replacements: dict[str, Any] = field(default_factory=dict)
    fixtures: tuple[str, ...] = ()
    alongside: dict[str, dict[str, Any]] = field(default_factory=dict)
    arrange: Callable[[Emulator], None] | None = None
    one_way: tuple[str, ...] = ()


def _alter(vendor: str, collection: str, **changes: Any) -> Drift:
    return lambda emulator, id_: emulator.state.alter(vendor, collection, id_, **changes)


def _nothing(emulator: Emulator, id_: str) -> None:
    """Nothing of it can change."""


def _alter_tracking(name: str, **values: Any) -> Drift:
    return lambda emulator, _: emulator.state.alter(
        "sendgrid", "tracking_settings", f"{SUBUSER}:{name}", values={"enabled": False, **values}
    )


class Cases(dict[str, Case]):
    """By token, with a word on what to do about a missing one."""

    def __missing__(self, token: str) -> Case:
        raise LookupError(f"add an example of {token} to tests/providers/cases.py")


_EXAMPLES: dict[str, Case] = {
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
        changes={"ips": [], "disabled": True, "website_access": False, "email": "other@example.com"},
        drift={"disabled": True},
        alter=_alter("sendgrid", "subusers", disabled=True),
        place=("sendgrid", "subusers"),
        replacements={"username": OTHER_SUBUSER},
    ),
    "sendgrid:ApiKey": Case(
        inputs={"name": "example", "subuser": SUBUSER, "scopes": ["mail.send"]},
        changes={
            "name": "another",
            "scopes": ["mail.send", "mail_settings.read"],
            "generation": 2,
            "revoke_previous": True,
        },
        one_way=("generation",),
        drift={"scopes": ["alerts.read"]},
        alter=_alter("sendgrid", "api_keys", scopes=["alerts.read", "2fa_required"]),
        place=("sendgrid", "api_keys"),
        needs=("sendgrid:Subuser",),
        replacements={"subuser": None},
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
        alter=_alter_tracking("subscription", plain_content="Leave: <% %>\n"),
        place=None,
        needs=("sendgrid:Subuser",),
        replacements={"subuser": OTHER_SUBUSER},
    ),
    "sendgrid:AuthenticatedDomain": Case(
        inputs={
            "domain": "example.com",
            "subdomain": "mail",
            "automatic_security": False,
            "custom_spf": True,
            "ips": ["192.0.2.10"],
        },
        changes={"default": True, "custom_spf": False, "ips": ["192.0.2.11", "192.0.2.12"]},
        alongside={"custom_spf": {"ips": None}, "automatic_security": {"custom_spf": None, "ips": None}},
        drift={"custom_spf": False},
        alter=_alter("sendgrid", "domains", custom_spf=False),
        place=("sendgrid", "domains"),
        replacements={
            "domain": "example.org",
            "subdomain": "other",
            "automatic_security": True,
            "custom_dkim_selector": "abc",
            "region": "eu",
        },
    ),
    "sendgrid:DomainAssociation": Case(
        inputs={"domain_id": "1000001", "username": SUBUSER, "domain_valid": True},
        changes={},
        drift={},
        alter=_nothing,
        place=("sendgrid", "domain_associations"),
        needs=("sendgrid:Subuser", "sendgrid:AuthenticatedDomain"),
        arrange=lambda emulator: emulator.state.alter("sendgrid", "domains", "1000001", valid=True),
    ),
    "sendgrid:BrandedLink": Case(
        inputs={"domain": "example.com", "default": False},
        changes={"default": True},
        drift={"default": True},
        alter=_alter("sendgrid", "links", default=True),
        place=("sendgrid", "links"),
        replacements={"domain": "example.org", "subdomain": "click", "region": "eu"},
    ),
    "sendgrid:LinkAssociation": Case(
        inputs={"link_id": "2000001", "username": SUBUSER, "link_valid": True},
        changes={},
        drift={},
        alter=_nothing,
        place=("sendgrid", "link_associations"),
        needs=("sendgrid:Subuser", "sendgrid:BrandedLink"),
        arrange=lambda emulator: emulator.state.alter("sendgrid", "links", "2000001", valid=True),
    ),
    "sendgrid:ReverseDns": Case(
        inputs={"ip": "192.0.2.10", "domain": "example.com", "subdomain": "mail"},
        changes={},
        drift={},
        alter=_nothing,
        place=("sendgrid", "reverse_dns"),
        replacements={"ip": "192.0.2.11", "domain": "example.org", "subdomain": "other"},
    ),
    "sendgrid:ClickTracking": Case(
        inputs={"subuser": SUBUSER},
        changes={"enabled": False},
        drift={"enabled": False},
        alter=_alter_tracking("click"),
        place=None,
        needs=("sendgrid:Subuser",),
    ),
    "sendgrid:OpenTracking": Case(
        inputs={"subuser": SUBUSER},
        changes={"enabled": False},
        drift={"enabled": False},
        alter=_alter_tracking("open"),
        place=None,
        needs=("sendgrid:Subuser",),
    ),
    "sendgrid:GoogleAnalyticsTracking": Case(
        inputs={"subuser": SUBUSER, "utm_source": "engage"},
        changes={
            "enabled": False,
            "utm_source": "another",
            "utm_medium": "email",
            "utm_term": "engine",
            "utm_content": "header",
            "utm_campaign": "spring",
        },
        drift={"enabled": False},
        alter=_alter_tracking("google_analytics", utm_source="engage"),
        place=None,
        needs=("sendgrid:Subuser",),
    ),
    "sendgrid:EventWebhook": Case(
        inputs={"url": "https://example.com/events", "subuser": SUBUSER},
        changes={
            "url": "https://example.com/others",
            "friendly_name": "Another",
            "signed": True,
            **OAUTH,
            **dict.fromkeys(("enabled", *EVENTS), False),
        },
        alongside={name: {other: OAUTH[other] for other in OAUTH if other != name} for name in OAUTH},
        drift={"enabled": False},
        alter=_alter("sendgrid", "event_webhooks", enabled=False),
        place=("sendgrid", "event_webhooks"),
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
    "twilio:Address": Case(
        inputs={
            "friendly_name": "Example",
            "customer_name": "Example GmbH",
            "street": "Beispielstraße 1",
            "city": "Berlin",
            "region": "Berlin",
            "postal_code": "10115",
            "iso_country": "DE",
        },
        changes={
            "friendly_name": "Another",
            "customer_name": "Example AG",
            "street": "Beispielstraße 2",
            "street_secondary": "2. Hof",
            "city": "Potsdam",
            "region": "Brandenburg",
            "postal_code": "14467",
            "emergency_enabled": True,
            "auto_correct_address": False,
        },
        drift={"street": "Beispielstraße 3"},
        alter=_alter("twilio", "addresses", street="Beispielstraße 3"),
        place=("twilio", "addresses"),
        replacements={"iso_country": "AT"},
    ),
    "twilio:PhoneNumber": Case(
        inputs={
            "friendly_name": "Example",
            "area_code": 415,
            "sms_url": "https://example.com/sms",
            "voice_url": "https://example.com/voice",
        },
        changes={
            "friendly_name": "Another",
            "sms_url": "https://example.com/other",
            "sms_method": "GET",
            "sms_fallback_url": "https://example.com/fallback",
            "sms_fallback_method": "GET",
            "sms_application_sid": sid("AP", 1),
            "voice_url": "https://example.com/other",
            "voice_method": "GET",
            "voice_fallback_url": "https://example.com/fallback",
            "voice_fallback_method": "GET",
            "voice_application_sid": sid("AP", 1),
            "voice_caller_id_lookup": True,
            "trunk_sid": sid("TK", 1),
            "status_callback": "https://example.com/status",
            "status_callback_method": "GET",
            "address_sid": ADDRESS,
            "bundle_sid": sid("BU", 1),
            "identity_sid": sid("RI", 1),
            "emergency_address_sid": ADDRESS,
            "release_on_destroy": True,
        },
        drift={"sms_url": "https://example.com/elsewhere"},
        alter=_alter("twilio", "incoming_phone_numbers", sms_url="https://example.com/elsewhere"),
        place=None,  # it is kept, and stays in the state when it is gone: the tests of its oddities remove it
        needs=("twilio:Address",),
        replacements={"phone_number": "+14155550109"},
    ),
    "segment:Source": Case(
        inputs={"slug": "example", "metadata_id": "iUM16Md8P2", "name": "Example"},
        changes={"slug": "another", "name": "Another", "enabled": False, "settings": {"depth": 2}},
        drift={"enabled": False},
        alter=_alter("segment", "sources", enabled=False),
        place=("segment", "sources"),
        replacements={"metadata_id": "IqDTy1TpoU"},
    ),
}

CASES = Cases(_EXAMPLES)
