"""IP address management: the newer API of the same addresses. github.com/twilio/sendgrid-oai
tsg_ip_address_management_v3.json

Its own ways: lists by the key of the last row, `us` for what is `global` elsewhere, replies that leave out what is
false, 400 for what does not exist, 401 for a scope that is missing.
"""

from collections.abc import Callable
from ipaddress import AddressValueError, IPv4Address
from typing import Any, Literal, TypeVar

from flask import Blueprint, request
from pydantic import Field

from emulator.context import store
from emulator.errors import VendorError
from emulator.sendgrid.access import Body, Caller, Query, authorize, json_body, query
from emulator.sendgrid.errors import error
from emulator.sendgrid.ips import (
    BOUGHT_AT,
    addresses_of,
    is_warming,
    pools_of,
    start_warmup,
    stop_warmup,
)
from emulator.sendgrid.state import parent, records
from emulator.store import Record

bp = Blueprint("send_ips", __name__)

REGIONS = {"global": "us", "eu": "eu"}
Flag = Literal["true", "false"]
T = TypeVar("T")


class NewAddress(Body):
    """Absent flags have words of their own, so that none is required here."""

    is_auto_warmup: bool | None = None
    is_parent_assigned: bool | None = None
    subusers: list[str] = Field(default=[], max_length=100)
    region: Literal["eu", "us"] = "us"  # the default is not documented
    include_region: bool = False


class Changes(Body):
    is_auto_warmup: bool | None = None
    is_parent_assigned: bool | None = None
    is_enabled: bool | None = None


class RegionQuery(Query):
    include_region: bool = False


class ListQuery(RegionQuery):
    # The default page size is not documented, only that `limit` tells nothing of it.
    limit: int = 10
    after_key: str | None = None
    before_key: str | None = None
    ip: str | None = None
    pool: str | None = None
    is_leased: Flag | None = None
    is_enabled: Flag | None = None
    is_parent_assigned: Flag | None = None
    start_added_at: int | None = None
    end_added_at: int | None = None
    region: Literal["all", "eu", "us"] = "all"


def refusal(message: str, field: str = "") -> VendorError:
    return error(400, message, field)


def caller_with(scope: str) -> Caller:
    caller = authorize(None, parent_only=True)
    if scope not in caller.scopes:
        raise error(401, f"missing required scope: {scope}", "")
    return caller


def paged(
    rows: list[T], key: Callable[[T], str], after: str | None, limit: int, most: int = 100
) -> tuple[list[T], Any]:
    """One page, and the metadata that leads to the next: the last row's key, and what was asked for."""
    if not 0 < limit <= most:
        raise refusal(f"should be > 0 and <= {most}", "limit")
    keys = [key(row) for row in rows]
    begin = keys.index(after) + 1 if after in keys else 0
    page = rows[begin : begin + limit]
    more = begin + limit < len(rows)
    asked = {name: request.args[name] for name in ("ip", "limit", "region", "include_region") if name in request.args}
    return page, {"next_params": {**asked, "after_key": keys[begin + limit - 1] if more else None}}


def _valid(ip: str, field: str = "ip") -> str:
    try:
        return str(IPv4Address(ip))
    except AddressValueError:
        raise refusal("invalid IP address", field) from None


def _view(address: Record, caller: Caller, *, include_region: bool) -> dict[str, Any]:
    leased = address.get("is_leased", True)
    view = {
        "ip": address["ip"],
        "pools": [{"name": pool["name"], "id": pool["id"]} for pool in pools_of(address["ip"], caller)],
        "is_auto_warmup": is_warming(address),  # presumably the same as warm-up elsewhere; not documented
        "updated_at": address.get("updated_at"),
        "is_enabled": None if leased else address.get("is_enabled", True),
        "is_leased": leased,
        "added_at": address.get("added_at", BOUGHT_AT),
    }
    if not caller.is_subuser:
        view["is_parent_assigned"] = address.get("is_parent_assigned", True)
    return view | ({"region": REGIONS[address["region"]]} if include_region else {})


def _sparse(address: Record) -> dict[str, Any]:
    """ "This parameter is returned only if …", of each of the three."""
    flags = {
        "is_auto_warmup": is_warming(address),
        "is_parent_assigned": address.get("is_parent_assigned", True),
        "is_enabled": bool(address.get("is_enabled")),
    }
    return {"ip": address["ip"], **{name: True for name, value in flags.items() if value}}


def _subusers(ids: list[str]) -> list[Record]:
    if str(parent()["user_id"]) in ids:
        raise refusal("cannot contain caller\u2019s userID", "subusers")
    by_id = {str(subuser["id"]): subuser for subuser in records("subusers").values()}
    if unknown := [id_ for id_ in ids if id_ not in by_id]:
        raise refusal(f"unverified subusers: {', '.join(unknown)}", "subusers")
    return [by_id[id_] for id_ in ids]


def _without_a_warm_one(subusers: list[Record]) -> list[str]:
    return [
        str(subuser["id"])
        for subuser in subusers
        if not any(not is_warming(records("ips")[ip]) for ip in subuser["ips"] if ip in records("ips"))
    ]


@bp.get("/v3/send_ips/ips")
def listing() -> dict[str, Any]:
    """AddIp's page size is bounded by 5000; `after_key` is an address here, as its error says, and no number."""
    caller = caller_with("ips.read")
    asked = query(ListQuery)
    if asked.pool and asked.is_parent_assigned:
        raise refusal("cannot be used with \u2018is_parent_assigned\u2019", "pool")
    if asked.after_key and asked.before_key:
        raise refusal("cannot be used with \u2018before_key\u2019", "after_key")
    after = _valid(asked.after_key, "after_key") if asked.after_key else None
    before = _valid(asked.before_key, "before_key") if asked.before_key else None
    wanted = {"ip": asked.ip, "region": None if asked.region == "all" else asked.region}
    wanted |= {
        name: None if (flag := getattr(asked, name)) is None else flag == "true"
        for name in ("is_leased", "is_enabled", "is_parent_assigned")
    }
    views = [_view(address, caller, include_region=True) for address in addresses_of(caller).values()]
    rows = [
        view
        for view in sorted(views, key=lambda view: IPv4Address(view["ip"]))
        if all(value in (None, view.get(name)) for name, value in wanted.items())
        and (asked.pool is None or asked.pool in [pool["id"] for pool in view["pools"]])
        and (asked.start_added_at or 0) <= view["added_at"] <= (asked.end_added_at or view["added_at"])
        and (before is None or IPv4Address(view["ip"]) < IPv4Address(before))
    ]
    for row in () if asked.include_region else rows:
        del row["region"]
    page, metadata = paged(rows, lambda row: str(row["ip"]), after, asked.limit, 5000)
    return {"result": page, "_metadata": metadata}


@bp.post("/v3/send_ips/ips")
def add() -> tuple[dict[str, Any], int]:
    """Buys one. "You can add one IP address per month via self-service": How to Create a EU Regional Subuser.

    No scope of the published list is for this; here a key needs the one that reads, and must be the parent's.
    """
    caller = caller_with("ips.read")
    body = json_body(NewAddress)
    for flag in ("is_auto_warmup", "is_parent_assigned"):
        if getattr(body, flag) is None:
            raise refusal("not found in the request body", flag)
    subusers = _subusers(body.subusers)
    if body.is_auto_warmup and (cold := _without_a_warm_one(subusers)):
        raise refusal(f"these users must have at least one IP that is not in warmup: {', '.join(cold)}", "subusers")
    remaining = parent().get("ips_remaining", 1)
    if caller.is_subuser or remaining < 1:
        raise refusal("No IPs remaining")
    parent()["ips_remaining"] = remaining - 1
    number = store().number("ip")
    address: Record = {
        "ip": str(IPv4Address("198.51.100.0") + number),
        "region": "eu" if body.region == "eu" else "global",
        "start_date": None,
        "is_parent_assigned": body.is_parent_assigned,
        "added_at": BOUGHT_AT + number,
    }
    records("ips")[address["ip"]] = address
    if body.is_auto_warmup:
        start_warmup(address)
    for subuser in subusers:
        subuser["ips"].append(address["ip"])
    extra = {"subusers": body.subusers} if body.subusers else {}
    return _sparse(address) | extra | ({"region": body.region} if body.include_region else {}), 201


def _address(caller: Caller, ip: str) -> Record:
    address = addresses_of(caller).get(_valid(ip))
    if address is None:
        raise refusal("not found", "ip")
    return address


@bp.get("/v3/send_ips/ips/<ip>")
def read(ip: str) -> dict[str, Any]:
    caller = caller_with("ips.read")
    return _view(_address(caller, ip), caller, include_region=query(RegionQuery).include_region)


@bp.patch("/v3/send_ips/ips/<ip>")
def update(ip: str) -> dict[str, Any]:
    caller = caller_with("ips.read")
    changes = json_body(Changes).model_dump(exclude_none=True)
    address = records("ips").get(_valid(ip))
    if address is None or caller.is_subuser:
        raise refusal("unable to verify IP ownership", "ip")
    if not changes:
        raise refusal("at least one of the following is required: is_enabled, is_auto_warmup, is_parent_assigned")
    warmup = changes.pop("is_auto_warmup", None)
    if warmup is not None and warmup != is_warming(address):
        (start_warmup if warmup else stop_warmup)(address)
    address.update(changes, updated_at=BOUGHT_AT + 1)
    return _sparse(address)
