"""Automated warm-up of IP addresses. github.com/twilio/sendgrid-oai tsg_ip_warmup_v3.json

Answers with lists, even for one address, and with the same 404 for one that never warmed up, is done, or is not ours.
"""

from typing import Any

from flask import Blueprint

from emulator.sendgrid.access import Body, Caller, authorize, json_body
from emulator.sendgrid.errors import not_found
from emulator.sendgrid.ips import addresses_of, is_warming, start_warmup, stop_warmup
from emulator.store import Record

bp = Blueprint("ip_warmup", __name__)


class Start(Body):
    ip: str


def _address(caller: Caller, ip: str) -> Record:
    address = addresses_of(caller).get(ip)
    if address is None:
        raise not_found("resource not found")  # the document's example
    return address


def _warming(caller: Caller, ip: str) -> Record:
    address = _address(caller, ip)
    if not is_warming(address):
        raise not_found("resource not found")
    return address


def _view(address: Record) -> dict[str, Any]:
    return {name: address[name] for name in ("ip", "start_date")}


@bp.post("/v3/ips/warmup")
def start() -> list[dict[str, Any]]:
    """Taken as it comes where no other IP is warm: the mail is late, and nobody is told."""
    caller = authorize("ips.warmup.create", parent_only=True)
    address = _address(caller, json_body(Start).ip)
    start_warmup(address)
    return [_view(address)]


@bp.get("/v3/ips/warmup")
def listing() -> list[dict[str, Any]]:
    caller = authorize("ips.warmup.read", parent_only=True)
    return [_view(address) for address in addresses_of(caller).values() if is_warming(address)]


@bp.get("/v3/ips/warmup/<ip>")
def read(ip: str) -> list[dict[str, Any]]:
    return [_view(_warming(authorize("ips.warmup.read", parent_only=True), ip))]


@bp.delete("/v3/ips/warmup/<ip>")
def stop(ip: str) -> tuple[str, int]:
    stop_warmup(_warming(authorize("ips.warmup.delete", parent_only=True), ip))
    return "", 204
