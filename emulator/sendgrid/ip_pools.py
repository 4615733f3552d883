"""IP pools of the newer API. github.com/twilio/sendgrid-oai tsg_ip_address_management_v3.json

A pool belongs to the account whose key made it: the document offers no on-behalf-of.
"""

from typing import Any, Literal

from flask import Blueprint
from pydantic import Field

from emulator.context import store
from emulator.sendgrid.access import Body, Caller, json_body, query
from emulator.sendgrid.ips import addresses_of, pools_of
from emulator.sendgrid.send_ips import REGIONS, RegionQuery, caller_with, paged, refusal
from emulator.sendgrid.state import NAME, records
from emulator.store import Record

bp = Blueprint("ip_pools", __name__)

LIMIT = 100


class NewPool(Body):
    name: str | None = None
    ips: list[str] = Field(default=[])


class NewName(Body):
    name: str | None = None


class Batch(Body):
    ips: list[str] | None = None


class PoolsQuery(RegionQuery):
    limit: int = 10  # not documented
    after_key: int | None = None
    ip: str | None = None
    # Left out, empty pools are shown too.
    region: Literal["all", "eu", "us"] | None = None


class AddressesQuery(RegionQuery):
    limit: int = 10  # not documented
    after_key: int | None = None


def _pools(caller: Caller) -> list[Record]:
    return [pool for pool in records("ip_pools").values() if pool["owner"] == caller.username]


def _pool(caller: Caller, pool_id: str) -> Record:
    if not pool_id.isdecimal():
        raise refusal("must be a numeric value", "poolid")
    pool = records("ip_pools").get(pool_id)
    if pool is None or pool["owner"] != caller.username:
        raise refusal("not found", "poolid")
    return pool


def _name(caller: Caller, name: str | None, pool: Record | None = None) -> str:
    if name is None:
        raise refusal("not found in the request body", "name")
    if name.startswith((".", " ")):
        raise refusal("cannot start with a dot or a space", "name")
    if not 2 <= len(name) <= 64:
        raise refusal("needs to be between 2 to 64 characters long", "name")
    if any(other["name"] == name for other in _pools(caller) if other is not pool):
        raise refusal("already exists", "name")
    return name


def _assignable(caller: Caller, ips: list[str]) -> list[str]:
    """ "A parent must be assigned to an IP address before … the address can be assigned to an IP pool." """
    own = addresses_of(caller)
    wrong = [ip for ip in ips if ip not in own or not (caller.is_subuser or own[ip].get("is_parent_assigned", True))]
    if wrong:
        raise refusal(f"unable to verify IPs assignability: {', '.join(wrong)}", "ips")
    return list(dict.fromkeys(ips))


def _batch() -> list[str]:
    ips = json_body(Batch).ips
    if ips is None:
        raise refusal("not found in the request body", "ips")
    if not 1 <= len(ips) <= LIMIT:
        raise refusal("the number of IPs must be between 1 and 100", "ips")
    return ips


def _regions(ips: list[str]) -> list[str]:
    return [REGIONS[records("ips")[ip]["region"]] for ip in ips if ip in records("ips")]


def _view(pool: Record) -> dict[str, Any]:
    return {
        "name": pool["name"],
        "id": pool["id"],
        "ips_preview": pool["ips"][:10],
        "total_ip_count": len(pool["ips"]),
    }


@bp.get("/v3/send_ips/pools")
def listing() -> dict[str, Any]:
    caller = caller_with("ips.pools.read")
    asked = query(PoolsQuery)
    rows = [
        pool
        for pool in _pools(caller)
        if (asked.ip is None or asked.ip in pool["ips"])
        and (
            asked.region is None
            or (_regions(pool["ips"]) if asked.region == "all" else asked.region in _regions(pool["ips"]))
        )
    ]
    after = None if asked.after_key is None else str(asked.after_key)
    page, metadata = paged(rows, lambda pool: str(pool["id"]), after, asked.limit)
    return {
        "result": [
            _view(pool) | ({"regions": sorted(set(_regions(pool["ips"])))} if asked.include_region else {})
            for pool in page
        ],
        "_metadata": metadata,
    }


@bp.post("/v3/send_ips/pools")
def create() -> tuple[dict[str, Any], int]:
    """All of the assignments succeed, or nothing is made."""
    caller = caller_with("ips.pools.create")
    body = json_body(NewPool)
    name = _name(caller, body.name)
    if len(_pools(caller)) >= LIMIT:
        raise refusal("100 pools limit has been reached")
    if len(body.ips) > LIMIT:
        raise refusal("the number of IPs must be between 1 and 100", "ips")
    ips = _assignable(caller, body.ips)
    pool_id = str(12_344 + store().number("ip_pool"))
    records("ip_pools")[pool_id] = {"id": pool_id, "name": name, "owner": caller.username, "ips": ips}
    return {"name": name, "id": pool_id, "ips": ips}, 201


@bp.get("/v3/send_ips/pools/<pool_id>")
def read(pool_id: str) -> dict[str, Any]:
    """Ten of its addresses, and how many there are."""
    pool = _pool(caller_with("ips.pools.read"), pool_id)
    if not query(RegionQuery).include_region:
        return _view(pool)
    regions = _regions(pool["ips"])
    counts = [{"region": region, "count": regions.count(region)} for region in sorted(set(regions))]
    return _view(pool) | {"ip_count_by_region": counts}


@bp.put("/v3/send_ips/pools/<pool_id>")
def rename(pool_id: str) -> dict[str, Any]:
    caller = caller_with("ips.pools.update")
    pool = _pool(caller, pool_id)
    pool["name"] = _name(caller, json_body(NewName).name, pool)
    return {"name": pool["name"], "id": pool["id"]}


@bp.delete("/v3/send_ips/pools/<pool_id>")
def delete(pool_id: str) -> tuple[str, int]:
    _pool(caller_with("ips.pools.delete"), pool_id)
    store().remove(NAME, "ip_pools", pool_id)
    return "", 204


@bp.get("/v3/send_ips/pools/<pool_id>/ips")
def addresses(pool_id: str) -> dict[str, Any]:
    """`after_key` is a number: here, how many came before."""
    caller = caller_with("ips.pools.ips.read")
    pool = _pool(caller, pool_id)
    asked = query(AddressesQuery)
    numbered = [(str(number), ip) for number, ip in enumerate(pool["ips"], 1)]
    after = None if asked.after_key is None else str(asked.after_key)
    page, metadata = paged(numbered, lambda row: row[0], after, asked.limit)
    rows = []
    for _, ip in page:
        row: dict[str, Any] = {"ip": ip, "pools": [{"id": p["id"], "name": p["name"]} for p in pools_of(ip, caller)]}
        rows.append(row | ({"region": _regions([ip])[0]} if asked.include_region else {}))
    return {"result": rows, "_metadata": metadata}


@bp.post("/v3/send_ips/pools/<pool_id>/ips:batchAdd")
def batch_add(pool_id: str) -> dict[str, Any]:
    """What is in it already is passed over; this is not documented."""
    caller = caller_with("ips.pools.ips.update")
    pool = _pool(caller, pool_id)
    ips = _assignable(caller, _batch())
    together = list(dict.fromkeys([*pool["ips"], *ips]))
    if len(together) > LIMIT:
        count = f"current IP count in \u2018pool\u2019 is \u2018{len(pool['ips'])}\u2019"
        raise refusal(f"the total number of IPs per pool cannot exceed 100. {count}", "ips")
    pool["ips"] = together
    return {"name": pool["name"], "id": pool["id"], "ips": together}


@bp.post("/v3/send_ips/pools/<pool_id>/ips:batchDelete")
def batch_delete(pool_id: str) -> tuple[str, int]:
    pool = _pool(caller_with("ips.pools.ips.delete"), pool_id)
    ips = _batch()
    if missing := [ip for ip in ips if ip not in pool["ips"]]:
        raise refusal(f"not found in pool \u2018{pool['name']}\u2019: {', '.join(missing)}", "ips")
    pool["ips"] = [ip for ip in pool["ips"] if ip not in ips]
    return "", 204
