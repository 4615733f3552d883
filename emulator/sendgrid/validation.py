"""Validation of domains, branded links and reverse DNS, against the emulator's own zone (emulator.dns).

github.com/twilio/sendgrid-oai tsg_domain_authentication_v3.json, tsg_link_branding_v3.json, tsg_reverse_dns_v3.json
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from emulator import dns
from emulator.context import store, violation
from emulator.sendgrid.access import authorize
from emulator.sendgrid.errors import error, not_found
from emulator.sendgrid.state import records
from emulator.store import Record

bp = Blueprint("validation", __name__)

# The document names the results of a domain after the records of automated security. That a domain without it answers
# under the same names is what its example shows: `mail_cname` says "Expected your MX record to be ...".
_RESULTS = {"mail_server": "mail_cname", "subdomain_spf": "spf", "domain_spf": "spf", "dkim": "dkim1"}


@bp.post("/v3/whitelabel/domains/<int:id_>/validate")
def domain(id_: int) -> dict[str, Any]:
    return _validate(_own("domains", id_, "Authenticated domain not found."))


@bp.post("/v3/whitelabel/links/<int:id_>/validate")
def link(id_: int) -> dict[str, Any]:
    return _validate(_own("links", id_, "Branded link not found."))


@bp.post("/v3/whitelabel/ips/<int:id_>/validate")
def reverse_dns(id_: int) -> dict[str, Any]:
    return _validate(_own("reverse_dns", id_, "Reverse DNS record not found."))  # the document's example


def _own(collection: str, id_: int, missing: str) -> Record:
    # Which scope validating takes is not documented; a 404 is, for reverse DNS alone.
    caller = authorize("whitelabel.update")
    if request.get_data():
        violation("the document has no body here")
    record = records(collection).get(str(id_))
    if record is None or (caller.is_subuser and record["owner"] != caller.username):
        raise not_found(missing)
    return record


def _validate(record: Record) -> dict[str, Any]:
    """200 whether valid or not; an invalid one is not changed by a failure to look up, which is a 500."""
    expected = record["dns"] if "dns" in record else {"a_record": record["a_record"]}
    reasons = {name: _reason(wanted) for name, wanted in expected.items()}
    results: dict[str, Any] = {}
    for name, wanted in expected.items():
        wanted["valid"] = reasons[name] is None
        shown = results.setdefault(_RESULTS.get(name, name), {"valid": True, "reason": None})
        if reasons[name] is not None:
            shown.update(valid=False, reason=reasons[name])
    record["valid"] = all(wanted["valid"] for wanted in expected.values())
    # Older replies have it misspelt, and this switch brings that back: github.com/Jericho/StrongGrid reads it so.
    misspelt = records("switches").get("validation_resuts", {}).get("on")
    return {
        "id": record["id"],
        "valid": record["valid"],
        "validation_resuts" if misspelt else "validation_results": results,
    }


def _reason(wanted: Record) -> str | None:
    """Why a record does not validate. The words are those of the documents' examples."""
    zone = dns.zone(store())
    host, type_, data = wanted["host"], wanted["type"].upper(), wanted["data"]
    if dns.lookup(zone, host, "rcode"):
        raise error(500, f"internal error getting {type_}")
    found = dns.lookup(zone, host, type_)
    if not found and type_ == "A":
        return f"Failed to resolve A Record at {host}: lookup {host} on 192.168.0.10:53: no such host"
    if type_ == "TXT" and data in found:
        return None
    if type_ != "TXT" and [_target(value) for value in found] == [_target(data)]:
        return None
    seen = f'"{found[0]}"' if found else "nothing"
    what = "your MX record to be" if type_ == "MX" else f"{type_} to match"
    return f'Expected {what} "{data}" but found {seen}.'


def _target(value: str) -> str:
    """A host name or an address, without an MX record's priority."""
    return value.split()[-1].rstrip(".").lower()
