"""Dedicated IP addresses. github.com/twilio/sendgrid-oai tsg_ips_v3.json

An address is one record for all of SendGrid's IP APIs. Its fields, of which an older state file has fewer:

    ip, region         region as subusers have it, `global` or `eu`
    warming            is it in automated warm-up, unless that has come to its end?
    start_date         when its last warm-up began
    is_parent_assigned, is_enabled, is_leased, added_at, updated_at
"""

import time
from ipaddress import IPv4Address
from typing import Any, Literal

from flask import Blueprint
from pydantic import Field

from emulator.sendgrid.access import Caller, Query, authorize, query
from emulator.sendgrid.state import records
from emulator.store import Record

bp = Blueprint("ips", __name__)

# The schedule's last row is day 41, and whether the warm-up ends by itself after it is not documented. To see the end
# of one, move its `start_date` back.
# https://www.twilio.com/docs/sendgrid/ui/sending-email/warming-up-an-ip-address
SCHEDULE = 42 * 86_400
BOUGHT_AT = 1_600_000_000


class ListQuery(Query):
    ip: str | None = None
    exclude_whitelabels: bool = False
    limit: int = Field(default=10, ge=1)
    offset: int = Field(default=0, ge=0)
    subuser: str | None = None
    sort_by_direction: Literal["asc", "desc"] = "asc"


def users_of(ip: str) -> list[str]:
    """The subusers that may send from it."""
    return [name for name, subuser in records("subusers").items() if ip in subuser["ips"]]


def addresses_of(caller: Caller) -> dict[str, Record]:
    """The parent has all; a subuser, with its own key, sees those that it may send from. (This is not documented.)"""
    return {
        ip: record for ip, record in records("ips").items() if not caller.is_subuser or caller.username in users_of(ip)
    }


def pools_of(ip: str, caller: Caller) -> list[Record]:
    return [pool for pool in records("ip_pools").values() if pool["owner"] == caller.username and ip in pool["ips"]]


def is_warming(address: Record) -> bool:
    return bool(address.get("warming")) and time.time() - address["start_date"] < SCHEDULE


def start_warmup(address: Record) -> None:
    """What a second start does to one that runs is not documented: here it begins anew, which no client can want."""
    address.update(warming=True, start_date=int(time.time()))


def stop_warmup(address: Record) -> None:
    address["warming"] = False
    if not records("switches").get("stopped_warmup", {"keeps_start_date": True})["keeps_start_date"]:
        address["start_date"] = None


def _row(address: Record, caller: Caller) -> dict[str, Any]:
    return {
        "ip": address["ip"],
        "subusers": users_of(address["ip"]),
        "pools": [pool["name"] for pool in pools_of(address["ip"], caller)],
        "warmup": is_warming(address),
        "start_date": address["start_date"],
        "whitelabeled": False,
        "assigned_at": address.get("added_at", BOUGHT_AT),
    }


@bp.get("/v3/ips")
def listing() -> list[dict[str, Any]]:
    caller = authorize("ips.read", parent_only=True)
    asked = query(ListQuery)
    rows = [_row(address, caller) for address in addresses_of(caller).values()]
    rows.sort(key=lambda row: IPv4Address(row["ip"]), reverse=asked.sort_by_direction == "desc")
    rows = [
        row
        for row in rows
        if asked.ip in (None, row["ip"])
        and (asked.subuser is None or asked.subuser in row["subusers"])
        and not (asked.exclude_whitelabels and row["whitelabeled"])
    ]
    return rows[asked.offset : asked.offset + asked.limit]
