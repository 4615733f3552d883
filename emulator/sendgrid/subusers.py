"""Subusers. github.com/twilio/sendgrid-oai tsg_subusers_v3.json"""

import re
from ipaddress import IPv4Address
from typing import Annotated, Any, Literal

from flask import Blueprint
from pydantic import AfterValidator, Field

from emulator.context import store
from emulator.made_up import sha256, token
from emulator.sendgrid.access import Body, EmailAddress, Query, authorize, json_body, query
from emulator.sendgrid.errors import error, not_found
from emulator.sendgrid.state import NAME, PARENT, parent, records
from emulator.store import Record

bp = Blueprint("subusers", __name__)

Region = Literal["global", "eu"]


def _password(value: str) -> str:
    # SendGrid's documentation of passwords: 16 to 128 characters, at least one letter and one digit.
    if not (16 <= len(value) <= 128 and re.search("[A-Za-z]", value) and re.search("[0-9]", value)):
        raise ValueError("password must have 16 to 128 characters, at least one letter and one number")
    return value


class NewSubuser(Body):
    username: str = Field(min_length=1)
    email: EmailAddress
    password: Annotated[str, AfterValidator(_password)]
    ips: list[IPv4Address]
    region: Region = "global"
    include_region: bool = False


class Disabled(Body):
    disabled: bool | None = None


class ListQuery(Query):
    username: str = ""
    # The default page size is not documented for this list; it is 10 for /v3/ips.
    limit: int = Field(default=10, ge=1)
    offset: int = Field(default=0, ge=0)
    region: Literal["all", "global", "eu"] = "all"
    include_region: bool = False


def _named(username: str) -> Record:
    # No refusal is documented except PATCH's 400 "invalid username".
    subuser = records("subusers").get(username)
    if subuser is None:
        raise not_found("invalid username")
    return subuser


def _own_addresses(addresses: list[IPv4Address], region: str) -> list[str]:
    """EU subusers cannot use global addresses (SendGrid's documentation of regional email)."""
    own = [ip for ip, record in records("ips").items() if record["region"] == region]
    asked = [str(address) for address in addresses]
    if not set(asked) <= set(own):
        raise error(400, "unable to validate IPs at this time")
    return asked


@bp.post("/v3/subusers")
def create() -> dict[str, Any]:
    authorize("subusers.create", parent_only=True)
    body = json_body(NewSubuser)
    subusers = records("subusers")
    # Unique across all of SendGrid, not only in this account (the words: the document's example).
    if body.username in subusers or body.username == PARENT or body.username in records("foreign_usernames"):
        raise error(400, "username exists")
    # Subusers need a Pro plan, and 15 is the limit; the words and statuses of both refusals are not documented.
    if parent()["type"] == "free" or len(subusers) >= parent()["subuser_limit"]:
        raise error(403, "you dont have permission to access this resource")
    user_id = parent()["user_id"] + store().number("subuser")
    record = {
        "id": user_id,
        "username": body.username,
        "email": body.email,
        "disabled": False,
        "website_access_disabled": False,
        "region": body.region,
        "ips": _own_addresses(body.ips, body.region),
        "password_sha256": sha256(body.password),
    }
    subusers[body.username] = record
    reply: dict[str, Any] = {
        "username": body.username,
        "user_id": user_id,
        "email": body.email,
        "credit_allocation": {"type": "unlimited"},
        # Absent from the OpenAPI document, present in the reply that SendGrid's own how-to shows:
        # "Automate Adding Subusers with the SendGrid API".
        "signup_session_token": token(40, "signup", user_id),
        "authorization_token": token(40, "authorization", user_id),
    }
    # 200 and not 201, as documented.
    return reply | ({"region": body.region} if body.include_region else {})


@bp.get("/v3/subusers")
def listing() -> list[dict[str, Any]]:
    authorize("subusers.read", parent_only=True)
    asked = query(ListQuery)
    # "filter the list": a part of the name suffices, so that a client must compare for itself.
    found = [
        subuser
        for subuser in records("subusers").values()
        if asked.username in subuser["username"] and asked.region in ("all", subuser["region"])
    ]
    shown = ["id", "username", "email", "disabled", *(["region"] if asked.include_region else [])]
    page = found[asked.offset : asked.offset + asked.limit]
    return [{name: subuser[name] for name in shown} for subuser in page]


@bp.patch("/v3/subusers/<username>")
def enable(username: str) -> tuple[str, int]:
    authorize("subusers.update", parent_only=True)
    body = json_body(Disabled)
    if username not in records("subusers"):
        raise error(400, "invalid username")  # the document's example
    if body.disabled is None:
        raise error(400, "no fields provided")  # the document's example
    _named(username)["disabled"] = body.disabled
    return "", 204


@bp.patch("/v3/subusers/<username>/website_access")
def website_access(username: str) -> tuple[str, int]:
    authorize("subusers.update", parent_only=True)
    body = json_body(Disabled)
    if body.disabled is None:
        raise error(400, "no fields provided")
    _named(username)["website_access_disabled"] = body.disabled
    return "", 204


@bp.delete("/v3/subusers/<username>")
def delete(username: str) -> tuple[str, int]:
    """Permanent, and takes its keys and settings along."""
    authorize("subusers.delete", parent_only=True)
    _named(username)
    store().remove(NAME, "subusers", username)
    return "", 204


@bp.put("/v3/subusers/<username>/ips")
def replace_ips(username: str) -> dict[str, Any]:
    """The body is a bare array, and it replaces all."""
    authorize("subusers.update", parent_only=True)
    addresses = json_body(list[IPv4Address])
    subuser = _named(username)
    subuser["ips"] = _own_addresses(addresses, subuser["region"])
    return {"ips": subuser["ips"]}
