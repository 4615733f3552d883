"""One example of every resource, with a new value for each field that can change: what the contract tests walk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from emulator import Emulator
from emulator.made_up import console_keys, sid
from emulator.segment.state import SPACES
from emulator.twilio.requirements import STARTER, VOICE
from emulator.twilio.state import PRIMARY_PROFILE_SID
from tests.support import keys, route53, segment_objects, sendgrid_objects, twilio_objects, twilio_registration

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
    known      inputs without which an existing one cannot be looked up by its id
    hidden     inputs that the vendor does not show
    last       fields that, where all are to change, do so after the others
    reopen     brings the object to where it can be changed at all, as only others can: for what takes no other change
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
    known: tuple[str, ...] = ()
    hidden: frozenset[str] = frozenset()
    last: tuple[str, ...] = ()
    reopen: Drift | None = None


def _alter(vendor: str, collection: str, **changes: Any) -> Drift:
    return lambda emulator, id_: emulator.state.alter(vendor, collection, id_, **changes)


def _nothing(emulator: Emulator, id_: str) -> None:
    """Nothing of it can change."""


def _alter_tracking(name: str, **values: Any) -> Drift:
    return lambda emulator, _: emulator.state.alter(
        "sendgrid", "tracking_settings", f"{SUBUSER}:{name}", values={"enabled": False, **values}
    )


def _rename(collection: str) -> Drift:
    """Another name before the owner's tag."""

    def rename(emulator: Emulator, id_: str) -> None:
        tagged = emulator.state.collection("twilio", collection)[id_]["friendly_name"]
        emulator.state.alter("twilio", collection, id_, friendly_name=f"Altered {tagged.rpartition(' ')[2]}")

    return rename


def another_primary_profile(emulator: Emulator) -> None:
    profiles = emulator.state.collection("twilio", "customer_profiles")
    other = sid("BU", "another primary customer profile")
    profiles[other] = {**profiles[PRIMARY_PROFILE_SID], "sid": other}


def _key_of_the_console(kind: str) -> dict[str, str]:
    sid, secret = console_keys[kind]
    return {"api_key_sid": sid, "api_key_secret": secret}


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
        known=("zone", "type", "host"),
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
        known=("subuser",),
        hidden=frozenset({"dns_records"}),
    ),
    "sendgrid:LinkValidation": Case(
        inputs={"link_id": sendgrid_objects.LINK, "subuser": SUBUSER, "dns_records": sendgrid_objects.LINK_RECORDS},
        changes={"dns_records": sendgrid_objects.LINK_RECORDS[:1], "cdn_target": "cdn.example.net"},
        drift={"status": "pending"},
        alter=lambda emulator, id_: emulator.state.alter("sendgrid", "links", id_, valid=False),
        place=None,
        needs=("sendgrid:Subuser",),
        fixtures=("published",),
        known=("subuser",),
        hidden=frozenset({"dns_records"}),
    ),
    "sendgrid:ReverseDnsValidation": Case(
        inputs={"reverse_dns_id": sendgrid_objects.REVERSE_DNS, "dns_records": sendgrid_objects.REVERSE_DNS_RECORDS},
        changes={"dns_records": []},
        drift={"status": "pending"},
        alter=lambda emulator, id_: emulator.state.alter("sendgrid", "reverse_dns", id_, valid=False),
        place=None,
        fixtures=("published",),
        hidden=frozenset({"dns_records"}),
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
        known=("subuser",),
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
        known=("subuser",),
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
        hidden=frozenset({"ips"}),
    ),
    "sendgrid:DomainAssociation": Case(
        inputs={"domain_id": "1000001", "username": SUBUSER, "domain_valid": True},
        changes={},
        drift={},
        alter=_nothing,
        place=("sendgrid", "domain_associations"),
        needs=("sendgrid:Subuser", "sendgrid:AuthenticatedDomain"),
        arrange=lambda emulator: emulator.state.alter("sendgrid", "domains", "1000001", valid=True),
        known=("domain_id", "username"),
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
        known=("link_id", "username"),
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
        known=("subuser",),
    ),
    "sendgrid:OpenTracking": Case(
        inputs={"subuser": SUBUSER},
        changes={"enabled": False},
        drift={"enabled": False},
        alter=_alter_tracking("open"),
        place=None,
        needs=("sendgrid:Subuser",),
        known=("subuser",),
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
        known=("subuser",),
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
        known=("subuser",),
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
            "delete_adopted": True,
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
            "delete_adopted": True,
        },
        drift={"street": "Beispielstraße 3"},
        alter=_alter("twilio", "addresses", street="Beispielstraße 3"),
        place=("twilio", "addresses"),
        replacements={"iso_country": "AT"},
    ),
    "twilio:ApiKey": Case(
        inputs={"friendly_name": "Example", "key_type": "restricted", "policy": ["/twilio/messaging/services/read"]},
        changes={
            "friendly_name": "Another",
            "key_type": "standard",
            "policy": ["/twilio/messaging/services/*", "/twilio/messaging/messages/create"],
            "generation": 2,
            "revoke_previous": True,
        },
        alongside={"key_type": {"policy": None, "generation": 2}},
        one_way=("key_type", "generation"),
        last=("key_type", "generation", "revoke_previous"),
        drift={"policy": ["/twilio/messaging/services/list"]},
        alter=_alter("twilio", "keys", policy={"allow": ["/twilio/messaging/services/list"]}),
        place=("twilio", "keys"),
        hidden=frozenset({"key_type"}),
    ),
    "twilio:ExistingApiKey": Case(
        inputs=_key_of_the_console("main"),
        changes=_key_of_the_console("standard"),
        alongside={
            "api_key_sid": {"api_key_secret": _key_of_the_console("standard")["api_key_secret"]},
            "api_key_secret": {"api_key_sid": _key_of_the_console("standard")["api_key_sid"]},
        },
        drift={},  # what it may do is not ours to mend
        alter=_nothing,
        place=None,  # it is somebody else's; the tests of its oddities revoke it
        known=("api_key_sid", "api_key_secret"),
    ),
    "twilio:Subaccount": Case(
        inputs={"friendly_name": "Example", "close_on_destroy": True},
        changes={"friendly_name": "Another", "status": "suspended", "close_on_destroy": False},
        drift={"status": "suspended"},
        alter=_alter("twilio", "accounts", status="suspended"),
        place=("twilio", "accounts"),
    ),
    "twilio:MessagingGeoPermissions": Case(
        inputs={"countries": {"US": True, "DE": True}},
        changes={"countries": {"US": False, "FR": True}},
        drift={"countries": {"US": True, "DE": False}},
        alter=lambda emulator, _: emulator.state.alter(
            "twilio", "geo_permissions", emulator.credentials["TWILIO_ACCOUNT_SID"], DE=False
        ),
        place=None,  # it is always there
        known=("countries",),
    ),
    "twilio:BrandRegistration": Case(
        inputs={
            "customer_profile_bundle_sid": twilio_registration.CUSTOMER_PROFILE,
            "a2p_profile_bundle_sid": twilio_registration.TRUST_PRODUCT,
        },
        changes={"generation": 2},
        one_way=("generation",),
        drift={},  # what becomes of it is an output
        alter=_nothing,
        place=None,  # the emulator has it by its SID; the tests of its oddities remove it
        replacements={
            "customer_profile_bundle_sid": twilio_registration.OTHER_CUSTOMER_PROFILE,
            "a2p_profile_bundle_sid": twilio_registration.OTHER_TRUST_PRODUCT,
            "brand_type": "SOLE_PROPRIETOR",
            "mock": True,
            "skip_automatic_sec_vet": True,
        },
        fixtures=("registration",),
    ),
    "twilio:Campaign": Case(
        inputs={
            "service_sid": twilio_registration.SERVICE,
            "brand": twilio_registration.BRAND_ID,
            "description": "Offers of the Example shop, sent to those who asked for them.",
            "message_flow": "Customers tick a box that says so when they order at https://example.com/order.",
            "message_samples": [
                "Example: 10% off until Sunday. Reply STOP to opt out.",
                "Example: your order is sent.",
            ],
            "has_embedded_links": True,
            "has_embedded_phone": False,
            "privacy_policy_url": "https://example.com/privacy",
            "terms_and_conditions_url": "https://example.com/terms",
        },
        changes={
            "description": "News and offers of the Example shop, sent to those who asked for them.",
            "message_flow": "Customers tick a box that says so when they register at https://example.com/register.",
            "message_samples": [
                "Example: 10% off until Monday. Reply STOP to opt out.",
                "Example: your order is here.",
            ],
            "has_embedded_links": False,
            "has_embedded_phone": True,
            "privacy_policy_url": "https://example.com/data",
            "terms_and_conditions_url": "https://example.com/conditions",
            "age_gated": True,
            "direct_lending": True,
        },
        reopen=twilio_registration.fail_campaign,
        drift={"has_embedded_phone": True},
        alter=lambda emulator, id_: twilio_registration.fail_campaign(emulator, id_, has_embedded_phone=True),
        place=("twilio", "campaigns"),
        needs=("twilio:MessagingService", "twilio:BrandRegistration"),
        fixtures=("registration",),
    ),
    "twilio:TollFreeVerification": Case(
        inputs={
            "phone_number_sid": twilio_registration.NUMBER,
            "business_name": "Example Inc.",
            "business_website": "https://example.com",
            "business_type": "PRIVATE_PROFIT",
            "business_registration_number": "12-3456789",
            "business_registration_authority": "EIN",
            "business_registration_country": "US",
            "business_contact_email": "jane@example.com",
            "notification_email": "engage@example.com",
            "use_case_categories": ["MARKETING"],
            "use_case_summary": "Offers to customers who asked for them.",
            "production_message_sample": "Example: 10% off until Sunday. Reply STOP to opt out.",
            "message_volume": "10,000",
            "opt_in_type": "WEB_FORM",
            "opt_in_image_urls": ["https://example.com/opt-in.png"],
        },
        changes={
            "business_name": "Example Ltd.",
            "business_website": "https://shop.example.com",
            "business_type": "NON_PROFIT",
            "business_registration_number": "98-7654321",
            "business_registration_authority": "CRN",
            "business_registration_country": "CA",
            "business_registration_phone_number": "+14155550100",
            "doing_business_as": "Example",
            "business_street_address": "101 Spear St",
            "business_street_address2": "Suite 500",
            "business_city": "San Francisco",
            "business_state_province_region": "CA",
            "business_postal_code": "94105",
            "business_country": "US",
            "business_contact_first_name": "Jane",
            "business_contact_last_name": "Doe",
            "business_contact_email": "john@example.com",
            "business_contact_phone": "+14155550101",
            "notification_email": "other@example.com",
            "use_case_categories": ["MARKETING", "CUSTOMER_CARE"],
            "use_case_summary": "Offers and news to customers who asked for them.",
            "production_message_sample": "Example: 10% off until Monday. Reply STOP to opt out.",
            "message_volume": "100,000",
            "opt_in_type": "VIA_TEXT",
            "opt_in_image_urls": ["https://example.com/opt-in.png", "https://example.com/sign.png"],
            "opt_in_keywords": ["START"],
            "opt_in_confirmation_message": "Example: you are in. Reply STOP to opt out.",
            "help_message_sample": "Example: see https://example.com/help.",
            "privacy_policy_url": "https://example.com/privacy",
            "terms_and_conditions_url": "https://example.com/terms",
            "age_gated_content": True,
            "additional_information": "The form is at https://example.com/register.",
            "vetting_provider": "CAMPAIGN_VERIFY",
            "vetting_id": "cv|1.0|mno|tfree|example|made-up",
            "edit_reason": "Website fixed",
        },
        alongside={
            "vetting_provider": {"vetting_id": "cv|1.0|mno|tfree|example|made-up"},
            "vetting_id": {"vetting_provider": "CAMPAIGN_VERIFY"},
        },
        reopen=twilio_registration.reject_verification,
        drift={"business_name": "By hand"},
        alter=lambda emulator, id_: twilio_registration.reject_verification(emulator, id_, business_name="By hand"),
        place=None,  # the emulator has it by its SID; the tests of its oddities remove it
        replacements={
            "phone_number_sid": twilio_registration.OTHER_NUMBER,
            "customer_profile_sid": twilio_registration.CUSTOMER_PROFILE,
        },
        fixtures=("registration",),
        known=("phone_number_sid", "marker"),
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
        changes={
            "slug": "another",
            "name": "Another",
            "enabled": False,
            "settings": {"depth": 2},
            "delete_adopted": True,
        },
        drift={"enabled": False},
        alter=_alter("segment", "sources", enabled=False),
        place=("segment", "sources"),
        replacements={"metadata_id": "IqDTy1TpoU"},
    ),
    "twilio:RegulatoryEndUser": Case(
        inputs={
            "friendly_name": "Example",
            "type": "business",
            "attributes": {"business_name": "Example GmbH", "business_registration_number": "HRB 12345"},
        },
        changes={"friendly_name": "Another", "attributes": {"business_name": "Example AG"}},
        drift={"friendly_name": "Altered"},
        alter=_rename("end_users"),
        place=("twilio", "end_users"),
        replacements={"type": "individual"},
    ),
    "twilio:RegulatoryDocument": Case(
        inputs={
            "friendly_name": "Example",
            "type": "utility_bill",
            "attributes": {"business_name": "Example GmbH"},
        },
        changes={"friendly_name": "Another", "attributes": {"business_name": "Example AG"}},
        drift={"friendly_name": "Altered"},
        alter=_rename("supporting_documents"),
        place=("twilio", "supporting_documents"),
        replacements={"type": "commercial_registrar_excerpt"},
    ),
    "twilio:RegulatoryBundle": Case(
        inputs={
            "friendly_name": "Example",
            "email": "legal@example.com",
            "items": [sid("IT", "end_users", 1)],
            "iso_country": "FR",
            "number_type": "local",
            "end_user_type": "business",
            "submit": False,
        },
        changes={
            "friendly_name": "Another",
            "email": "other@example.com",
            "items": [sid("IT", "end_users", 1), sid("RD", "supporting_documents", 1)],
            "status_callback": "https://example.com/status",
            "submit": True,
            "generation": 2,
        },
        drift={"items": []},
        alter=_alter("twilio", "bundles", assignments={}),
        place=("twilio", "bundles"),
        needs=("twilio:RegulatoryEndUser", "twilio:RegulatoryDocument"),
        replacements={
            "iso_country": "AU",
            "number_type": "mobile",
            "end_user_type": "individual",
            "regulation_sid": sid("RN", "AU", "local", "business"),
            "is_test": True,
        },
        alongside={
            "regulation_sid": dict.fromkeys(("iso_country", "number_type", "end_user_type")),
        },
        one_way=("submit",),
        last=("submit",),
        hidden=frozenset({"number_type", "end_user_type", "iso_country"}),
    ),
    "twilio:TrustEndUser": Case(
        inputs={
            "friendly_name": "Example",
            "type": "us_a2p_messaging_profile_information",
            "attributes": {"company_type": "private"},
        },
        changes={"friendly_name": "Another", "attributes": {"company_type": "non-profit"}},
        drift={"friendly_name": "Altered"},
        alter=_rename("trust_end_users"),
        place=("twilio", "trust_end_users"),
        replacements={"type": "authorized_representative_1"},
    ),
    "twilio:TrustDocument": Case(
        inputs={
            "friendly_name": "Example",
            "type": "customer_profile_address",
            "attributes": {"address_sids": sid("AD", 1)},
        },
        changes={"friendly_name": "Another", "attributes": {"address_sids": sid("AD", 2)}},
        drift={"friendly_name": "Altered"},
        alter=_rename("trust_documents"),
        place=("twilio", "trust_documents"),
        replacements={"type": "another_document"},
    ),
    "twilio:CustomerProfile": Case(
        inputs={
            "friendly_name": "Example",
            "email": "legal@example.com",
            "primary_profile_sid": PRIMARY_PROFILE_SID,
            "items": [sid("IT", "trust_end_users", 1)],
            "submit": False,
        },
        changes={
            "friendly_name": "Another",
            "email": "other@example.com",
            "primary_profile_sid": sid("BU", "another primary customer profile"),
            "items": [sid("IT", "trust_end_users", 1), sid("RD", "trust_documents", 1)],
            "status_callback": "https://example.com/status",
            "submit": True,
            "generation": 2,
        },
        drift={"primary_profile_sid": None, "items": []},
        alter=_alter("twilio", "customer_profiles", assignments={}),
        place=("twilio", "customer_profiles"),
        needs=("twilio:TrustEndUser", "twilio:TrustDocument"),
        arrange=another_primary_profile,
        replacements={"policy_sid": STARTER},
        one_way=("submit",),
        last=("submit",),
    ),
    "twilio:TrustProduct": Case(
        inputs={
            "friendly_name": "Example",
            "email": "legal@example.com",
            "customer_profile_sid": sid("BU", "customer_profiles", 1),
            "items": [sid("IT", "trust_end_users", 1)],
            "submit": False,
        },
        changes={
            "friendly_name": "Another",
            "email": "other@example.com",
            "customer_profile_sid": PRIMARY_PROFILE_SID,
            "items": [],
            "status_callback": "https://example.com/status",
            "submit": True,
            "generation": 2,
        },
        drift={"customer_profile_sid": None, "items": []},
        alter=_alter("twilio", "trust_products", assignments={}),
        place=("twilio", "trust_products"),
        needs=("twilio:TrustEndUser", "twilio:TrustDocument", "twilio:CustomerProfile"),
        replacements={"policy_sid": VOICE},
        one_way=("submit",),
        last=("submit",),
    ),
    "segment:SpaceLookup": Case(
        inputs={"space": "dev"},
        changes={},
        drift={},
        alter=_nothing,
        place=None,
        replacements={"space": "prod"},
        hidden=frozenset({"space"}),
    ),
    "segment:Destination": Case(
        inputs={
            "source_id": segment_objects.SOURCE,
            "metadata_id": segment_objects.TWILIO_MESSAGING,
            "name": "Example",
            "settings": {"accountSID": "AC" + "0" * 32, "apiKeySID": "SK" + "0" * 32},
            "secret_settings": {"apiKeySecret": "correct-horse"},
        },
        changes={
            "name": "Another",
            "enabled": False,
            "settings": {"accountSID": "AC" + "0" * 32, "apiKeySID": "SK" + "1" * 32},
            "secret_settings": {"apiKeySecret": "battery-staple"},
            "delete_adopted": True,
        },
        drift={"enabled": False},
        alter=_alter("segment", "destinations", enabled=False),
        place=("segment", "destinations"),
        needs=("segment:Source",),
        arrange=segment_objects.make_others,
        replacements={"source_id": segment_objects.OTHER_SOURCE, "metadata_id": segment_objects.SENDGRID},
        alongside={
            "metadata_id": {"settings": None, "secret_settings": {"sendGridApiKey": "correct-horse"}},
        },
    ),
    "segment:DestinationSubscription": Case(
        inputs={
            "destination_id": segment_objects.DESTINATION,
            "name": "Example",
            "action": "sendMessage",
            "trigger": 'type = "track"',
            "settings": {"channel": "SMS", "toPhoneNumber": {"@path": "$.traits.phone"}},
        },
        changes={
            "name": "Another",
            "trigger": 'type = "identify"',
            "enabled": False,
            "settings": {"channel": "RCS", "toPhoneNumber": {"@path": "$.properties.phone"}},
        },
        drift={"settings": {"channel": "MMS"}},
        alter=_alter("segment", "subscriptions", settings={"channel": "MMS"}),
        place=("segment", "subscriptions"),
        needs=("segment:Source", "segment:Destination"),
        arrange=segment_objects.make_others,
        replacements={"destination_id": segment_objects.OTHER_DESTINATION, "action": "sendEmail"},
        alongside={
            "destination_id": {"action": "sendEmail", "settings": None},
            "action": {"destination_id": segment_objects.OTHER_DESTINATION, "settings": None},
        },
        known=("destination_id",),
    ),
    "segment:SourceLabels": Case(
        inputs={"source_id": segment_objects.SOURCE, "labels": [{"key": "environment", "value": "dev"}]},
        changes={"labels": [{"key": "team", "value": "crm"}, {"key": "environment", "value": "prod"}]},
        drift={"labels": []},
        alter=_alter("segment", "sources", labels=[]),
        place=None,
        needs=("segment:Source",),
        arrange=segment_objects.make_others,
        replacements={"source_id": segment_objects.OTHER_SOURCE},
        known=("source_id", "labels"),
    ),
    "segment:TrackingPlan": Case(
        inputs={"name": "Example"},
        changes={
            "name": "Another",
            "description": "Who we write to",
            "identify_traits": {"email": {"type": "string"}},
            "rules": [
                {
                    "type": "TRACK",
                    "key": "Order Completed",
                    "version": 1,
                    "json_schema": {"type": "object", "properties": {"properties": {"required": ["total"]}}},
                }
            ],
        },
        drift={"name": "by hand", "marker": None},
        alter=_alter("segment", "tracking_plans", name="by hand"),
        place=("segment", "tracking_plans"),
    ),
    "segment:TrackingPlanSource": Case(
        inputs={"tracking_plan_id": segment_objects.TRACKING_PLAN, "source_id": segment_objects.SOURCE},
        changes={},
        drift={},
        alter=_nothing,
        place=("segment", "tracking_plan_sources"),
        needs=("segment:Source", "segment:TrackingPlan"),
        arrange=segment_objects.make_others,
        replacements={
            "source_id": segment_objects.OTHER_SOURCE,
            "tracking_plan_id": segment_objects.OTHER_TRACKING_PLAN,
        },
        alongside={"tracking_plan_id": {"source_id": segment_objects.OTHER_SOURCE}},
        known=("source_id", "tracking_plan_id"),
    ),
    "segment:IdentifierCheck": Case(
        inputs={"space_id": SPACES["dev"], "canary_wait_seconds": 0},
        changes={
            "identifiers": ["email", "phone", "user_id"],
            "audience_previews": False,
            "canary": True,
            "generation": 2,
            "strict": True,
        },
        alongside={
            "canary": {"canary_write_key": "a" * 32},
            "strict": {"identifiers": ["email"]},
        },
        last=("strict",),
        drift={},  # a refresh asks nobody
        alter=_nothing,
        place=None,
        replacements={"space_id": SPACES["prod"]},
    ),
    "sendgrid:KeyCheck": Case(
        inputs={"username": keys.SUBUSER, "api_key_id": keys.SENDGRID_KEY_ID, "api_key": keys.SENDGRID_KEY},
        changes={"api_key_id": "another", "strict": True},
        last=("strict",),
        drift={"status": "pending"},
        alter=lambda emulator, _: emulator.state.alter(
            "sendgrid", "api_keys", keys.SENDGRID_KEY_ID, scopes=["mail.send"]
        ),
        place=None,
        replacements={"username": OTHER_SUBUSER},
        fixtures=("handed_over",),
        known=("username", "api_key_id", "api_key"),
    ),
    "twilio:KeyCheck": Case(
        inputs={
            "account_sid": keys.ACCOUNT_SID,
            "api_key_sid": keys.TWILIO_KEY_SID,
            "api_key_secret": keys.TWILIO_KEY_SECRET,
            "service_sid": keys.SERVICE_SID,
        },
        changes={"account_sid": keys.OTHER_ACCOUNT_SID, "api_key_sid": keys.OTHER_KEY_SID, "strict": True},
        last=("strict",),
        drift={"status": "pending"},
        alter=lambda emulator, _: emulator.state.remove("twilio", "keys", keys.TWILIO_KEY_SID),
        place=None,
        fixtures=("handed_over",),
    ),
    "twilio:ServicePhoneNumber": Case(
        inputs={"service_sid": twilio_objects.SERVICE, "phone_number_sid": twilio_objects.NUMBER},
        changes={"remove_from_campaign": True},
        drift={},
        alter=_nothing,
        place=("twilio", "service_senders"),
        needs=("twilio:MessagingService",),
        replacements={"phone_number_sid": twilio_objects.OTHER_NUMBER},
        fixtures=("numbers",),
    ),
    "twilio:ServiceShortCode": Case(
        inputs={"service_sid": twilio_objects.SERVICE, "short_code_sid": twilio_objects.SHORT_CODE},
        changes={},
        drift={},
        alter=_nothing,
        place=("twilio", "service_senders"),
        needs=("twilio:MessagingService",),
        replacements={"short_code_sid": twilio_objects.OTHER_SHORT_CODE},
        fixtures=("short_codes",),
    ),
    "twilio:ServiceAlphaSender": Case(
        inputs={"service_sid": twilio_objects.SERVICE, "alpha_sender": "Example"},
        changes={},
        drift={},
        alter=_nothing,
        place=("twilio", "service_senders"),
        needs=("twilio:MessagingService",),
        replacements={"alpha_sender": "Another"},
    ),
    "twilio:ServiceDestinationAlphaSender": Case(
        inputs={"service_sid": twilio_objects.SERVICE, "alpha_sender": "Example", "iso_country_code": "FR"},
        changes={},
        drift={},
        alter=_nothing,
        place=("twilio", "service_senders"),
        needs=("twilio:MessagingService",),
        replacements={"alpha_sender": "Another", "iso_country_code": "DE"},
    ),
    "twilio:ServiceChannelSender": Case(
        inputs={"service_sid": twilio_objects.SERVICE, "channel_sender_sid": twilio_objects.CHANNEL_SENDER},
        changes={},
        drift={},
        alter=_nothing,
        place=("twilio", "service_senders"),
        needs=("twilio:MessagingService",),
        replacements={"channel_sender_sid": twilio_objects.OTHER_CHANNEL_SENDER},
        fixtures=("channel_senders",),
    ),
    "twilio:ShortCode": Case(
        inputs={"short_code": "55501", "sms_url": "https://example.com/sms"},
        changes={
            "friendly_name": "Another",
            "sms_url": "https://example.com/other",
            "sms_method": "GET",
            "sms_fallback_url": "https://example.com/fallback",
            "sms_fallback_method": "GET",
        },
        drift={"sms_url": "https://example.com/by-hand"},
        alter=_alter("twilio", "short_codes", sms_url="https://example.com/by-hand"),
        place=None,  # the tests of its oddities remove it
        replacements={"short_code": "555010"},
        fixtures=("short_codes",),
    ),
}

CASES = Cases(_EXAMPLES)
