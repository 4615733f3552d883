"""Reverse DNS. github.com/twilio/sendgrid-oai tsg_reverse_dns_v3.json

The document offers on-behalf-of; SendGrid's guide says "Only a parent account can set up reverse DNS":
https://www.twilio.com/docs/sendgrid/ui/account-and-settings/how-to-set-up-reverse-dns
"""

from ipaddress import IPv4Address
from typing import Any

from flask import Blueprint
from pydantic import Field

from emulator.context import store
from emulator.sendgrid import whitelabel
from emulator.sendgrid.access import Body, Query, authorize, json_body, query
from emulator.sendgrid.errors import error
from emulator.sendgrid.state import records
from emulator.store import Record

bp = Blueprint("reverse_dns", __name__)

PATH = "/v3/whitelabel/ips"


class NewReverseDns(Body):
    ip: IPv4Address
    domain: whitelabel.Domain
    subdomain: whitelabel.Host = ""


class ListQuery(Query):
    # No default page size is documented.
    limit: int = Field(default=50, ge=1)
    offset: int = Field(default=0, ge=0)
    ip: str = ""


def _view(reverse: Record) -> dict[str, Any]:
    names = ("id", "ip", "rdns", "subdomain", "domain", "valid", "a_record")
    users = [
        {"username": name, "user_id": subuser["id"]}
        for name, subuser in records("subusers").items()
        if reverse["ip"] in subuser["ips"]
    ]
    attempt = {name: reverse[name] for name in ("last_validation_attempt_at",) if name in reverse}
    return {name: reverse[name] for name in names} | {"users": users, "legacy": False} | attempt


@bp.post(PATH)
def create() -> tuple[dict[str, Any], int]:
    """One for each dedicated address of the account, and no underscore. The refusals' words are the emulator's."""
    caller = authorize("whitelabel.create", parent_only=True)
    body = json_body(NewReverseDns)
    ip = str(body.ip)
    if ip not in records("ips"):
        raise error(400, "the IP address does not belong to this account", "ip")
    if any(other["ip"] == ip for other in records("reverse_dns").values()):
        raise error(400, "reverse DNS exists for this IP address", "ip")
    base = f"{body.subdomain}.{body.domain}".removeprefix(".")
    if "_" in base:
        raise error(400, "underscores are not allowed", "subdomain")
    # Addresses on one name are counted, as in the document's examples: o1.email.example.com, o2.email.example.com.
    taken = {other["rdns"] for other in records("reverse_dns").values()}
    host = next(name for number in range(1, 1000) if (name := f"o{number}.{base}") not in taken)
    reverse = whitelabel.add(
        "reverse_dns",
        {
            "id": 3_000_000 + store().number("reverse_dns"),
            "owner": caller.username,
            "ip": ip,
            "rdns": host,
            "domain": body.domain,
            "subdomain": body.subdomain,
            "valid": False,
            "a_record": whitelabel.dns("a", host, ip),
        },
    )
    return _view(reverse), 201


@bp.get(PATH)
def listing() -> list[dict[str, Any]]:
    """ "a prefix search for a given IP segment" """
    authorize("whitelabel.read", parent_only=True)
    asked = query(ListQuery)
    rows = [reverse for reverse in records("reverse_dns").values() if reverse["ip"].startswith(asked.ip)]
    return [_view(reverse) for reverse in rows[asked.offset :][: asked.limit]]


@bp.get(f"{PATH}/<int:reverse_id>")
def read(reverse_id: int) -> dict[str, Any]:
    return _view(whitelabel.found("reverse_dns", authorize("whitelabel.read", parent_only=True), reverse_id))


@bp.delete(f"{PATH}/<int:reverse_id>")
def delete(reverse_id: int) -> tuple[str, int]:
    return whitelabel.remove("reverse_dns", authorize("whitelabel.delete", parent_only=True), reverse_id)
