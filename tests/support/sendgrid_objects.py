"""A domain, a branded link and reverse DNS in the emulator, with all their records in its zone."""

from __future__ import annotations

from typing import Any

from emulator import Emulator

OWNER = "twilio_engage_app_example"
DOMAIN, LINK, REVERSE_DNS = "1000001", "2000001", "3000001"
TARGET = "u10000001.wl001.sendgrid.net"


def _record(type_: str, host: str, data: str) -> dict[str, Any]:
    return {"valid": False, "type": type_, "host": host, "data": data}


def _domain() -> dict[str, Any]:
    return {
        "id": int(DOMAIN),
        "user_id": 10_000_001,
        "owner": OWNER,
        "domain": "example.com",
        "subdomain": "em1",
        "ips": [],
        "custom_spf": False,
        "default": False,
        "automatic_security": True,
        "selector": None,
        "region": "global",
        "valid": False,
        "dns": {
            "mail_cname": _record("cname", "em1.example.com", TARGET),
            "dkim1": _record("cname", "s1._domainkey.example.com", f"s1.domainkey.{TARGET}"),
            "dkim2": _record("cname", "s2._domainkey.example.com", f"s2.domainkey.{TARGET}"),
        },
    }


def _link() -> dict[str, Any]:
    return {
        "id": int(LINK),
        "user_id": 10_000_001,
        "owner": OWNER,
        "domain": "example.com",
        "subdomain": "links",
        "default": False,
        "valid": False,
        "dns": {
            "domain_cname": _record("cname", "links.example.com", "sendgrid.net"),
            "owner_cname": _record("cname", "10000001.example.com", "sendgrid.net"),
        },
    }


def _reverse_dns() -> dict[str, Any]:
    return {
        "id": int(REVERSE_DNS),
        "owner": "engage_parent",
        "ip": "192.0.2.10",
        "rdns": "o1.example.com",
        "domain": "example.com",
        "subdomain": "",
        "valid": False,
        "a_record": _record("a", "o1.example.com", "192.0.2.10"),
    }


def _exchanged(dns: dict[str, Any]) -> list[dict[str, str]]:
    """In the shape that resources exchange."""
    return [
        {"type": record["type"].upper(), "host": record["host"], "value": record["data"], "purpose": name}
        for name, record in dns.items()
    ]


DOMAIN_RECORDS = _exchanged(_domain()["dns"])
LINK_RECORDS = _exchanged(_link()["dns"])
REVERSE_DNS_RECORDS = _exchanged({"a_record": _reverse_dns()["a_record"]})


def make(emulator: Emulator) -> None:
    emulator.state.collection("sendgrid", "domains")[DOMAIN] = _domain()
    emulator.state.collection("sendgrid", "links")[LINK] = _link()
    emulator.state.collection("sendgrid", "reverse_dns")[REVERSE_DNS] = _reverse_dns()
    zone = emulator.state.collection("dns", "zone")
    for record in (*DOMAIN_RECORDS, *LINK_RECORDS, *REVERSE_DNS_RECORDS):
        zone[record["host"]] = {"type": record["type"], "data": record["value"]}
    zone["_dmarc.example.com"] = {"type": "txt", "data": "v=DMARC1; p=reject"}
