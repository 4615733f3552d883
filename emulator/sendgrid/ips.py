"""Dedicated IP addresses. github.com/twilio/sendgrid-oai tsg_ips_v3.json"""

from ipaddress import IPv4Address
from typing import Any, Literal

from flask import Blueprint
from pydantic import Field

from emulator.sendgrid.access import Query, authorize, query
from emulator.sendgrid.state import records
from emulator.store import Record

bp = Blueprint("ips", __name__)


class ListQuery(Query):
    ip: str | None = None
    exclude_whitelabels: bool = False
    limit: int = Field(default=10, ge=1)
    offset: int = Field(default=0, ge=0)
    subuser: str | None = None
    sort_by_direction: Literal["asc", "desc"] = "asc"


def _row(address: Record) -> dict[str, Any]:
    return {
        "ip": address["ip"],
        "subusers": [name for name, subuser in records("subusers").items() if address["ip"] in subuser["ips"]],
        "pools": address["pools"],
        "warmup": False,
        "start_date": address["start_date"],
        "whitelabeled": False,
        "assigned_at": 1_600_000_000,
    }


@bp.get("/v3/ips")
def listing() -> list[dict[str, Any]]:
    authorize("ips.read", parent_only=True)
    asked = query(ListQuery)
    rows = [_row(address) for address in records("ips").values()]
    rows.sort(key=lambda row: IPv4Address(row["ip"]), reverse=asked.sort_by_direction == "desc")
    rows = [
        row
        for row in rows
        if asked.ip in (None, row["ip"])
        and (asked.subuser is None or asked.subuser in row["subusers"])
        and not (asked.exclude_whitelabels and row["whitelabeled"])
    ]
    return rows[asked.offset : asked.offset + asked.limit]
