"""API keys, version 1. github.com/twilio/twilio-oai twilio_iam_v1.json
https://www.twilio.com/docs/iam/api-keys/key-resource-v1

Nothing in a reply tells a Standard key from a Main key, and nothing here makes a Main key.
"""

import json
import re
from typing import Annotated, Any, Literal

from flask import Blueprint, request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_pascal

from emulator.context import host, store, url, vendor_path
from emulator.made_up import sha256, sid, token
from emulator.store import Record
from emulator.twilio.access import Page, cut, form, manager, query
from emulator.twilio.errors import error, not_found
from emulator.twilio.state import NAME, now, records, rfc_2822

bp = Blueprint("iam_keys", __name__)
HOST = "iam.twilio.com"
PATH = "/v1/Keys"

LIMIT = 100
"""A choice: that there is a limit is documented, https://www.twilio.com/docs/api/errors/70151, but not which."""

MOST_PERMISSIONS = 100
"""https://www.twilio.com/docs/iam/api-keys/restricted-api-keys"""


def _object(text: object) -> object:
    try:
        return json.loads(text) if isinstance(text, str) else text
    except ValueError as cause:
        raise ValueError("not a JSON object") from cause


class Policy(BaseModel):
    model_config = ConfigDict(extra="forbid")

    allow: list[str] = Field(min_length=1, max_length=MOST_PERMISSIONS)


class Change(BaseModel):
    model_config = ConfigDict(alias_generator=to_pascal)

    friendly_name: str | None = Field(default=None, max_length=64)
    policy: Annotated[Policy | None, BeforeValidator(_object)] = None


class New(Change):
    """Without a name, it has none; without a type, it is a Standard key."""

    account_sid: str
    key_type: Literal["restricted"] | None = None


class Filter(Page):
    account_sid: str = Field(alias="AccountSid")


def _read(model: type[Change]) -> dict[str, Any]:
    """70001 is what a name that is too long gets; so does everything else here that has no code of its own."""
    try:
        fields = model.model_validate(form(model)).model_dump()
    except ValidationError as cause:
        raise error(400, 70001, "The request has constraint violations") from cause
    for permission in (fields["policy"] or {"allow": []})["allow"]:
        if not re.fullmatch(r"/twilio/[a-z-]+/[a-z0-9.-]+/(\*|[a-z-]+)", permission):
            raise error(400, 70002, f"assertion '{permission}' is invalid")
    return fields


def _dates(key: Record) -> dict[str, str]:
    return {name: rfc_2822(key[name]) for name in ("date_created", "date_updated")}


def view(key: Record) -> dict[str, Any]:
    return {name: key[name] for name in ("sid", "friendly_name", "policy")} | _dates(key)


def make(account_sid: str, kind: str, fields: dict[str, Any]) -> tuple[Record, str]:
    """A key, and its secret, of which the hash alone is kept."""
    if sum(1 for row in records("keys").values() if row.get("account_sid") == account_sid) >= LIMIT:
        raise error(400, 70151, "Maximum Number Of API Keys Exceeded")
    number = store().number("key")
    secret = token(32, "secret of key", number)
    key = {"sid": sid("SK", number), "account_sid": account_sid, "owner": account_sid, "type": kind} | fields
    stamps = {"date_created": now(), "date_updated": now()}
    records("keys")[key["sid"]] = made = key | stamps | {"secret_sha256": sha256(secret)}
    return made, secret


def _key(key_sid: str) -> Record:
    """Of the account that calls: this API knows no subaccounts."""
    caller = manager()
    key = records("keys").get(key_sid)
    if key is None or key["account_sid"] != caller.account_sid:
        raise not_found(f"/Keys/{key_sid}")
    return key


def _own(account_sid: str) -> str:
    """What another account's SID gets is not documented."""
    if manager().account_sid != account_sid:
        raise error(403, 70051, "Authorization failed: the credentials do not belong to the given account")
    return account_sid


@bp.post(PATH)
def create() -> tuple[dict[str, Any], int]:
    """Names need not be unique. The only reply that ever carries the secret."""
    manager()
    fields = _read(New)
    account_sid, kind = _own(fields.pop("account_sid")), fields.pop("key_type") or "standard"
    if (kind == "restricted") != (fields["policy"] is not None):
        raise error(400, 70001, "The request has constraint violations")
    key, secret = make(account_sid, kind, fields)
    return view(key) | {"secret": secret}, 201


@bp.get(PATH)
def listing() -> dict[str, Any]:
    """Its rows have no policy. Flags are of keys that sign access tokens too, which restricted ones do not."""
    manager()
    asked = query(Filter)
    account_sid = _own(asked.account_sid)
    rows = [
        {name: key[name] for name in ("sid", "friendly_name")}
        | _dates(key)
        | {"flags": ["rest_api"] if key["type"] == "restricted" else ["rest_api", "signing"]}
        for key in records("keys").values()
        if key.get("account_sid") == account_sid
    ]
    shown, _, links = cut(asked, url(host(), vendor_path()), "url", rows)
    return {"keys": shown, "meta": {**links, "key": "keys"}}


@bp.get(f"{PATH}/<key_sid>")
def fetch(key_sid: str) -> dict[str, Any]:
    return view(_key(key_sid))


@bp.post(f"{PATH}/<key_sid>")
def update(key_sid: str) -> dict[str, Any]:
    """Fields that are left out keep their values; a key that is not restricted gets no policy."""
    key = _key(key_sid)
    fields = {name: value for name, value in _read(Change).items() if to_pascal(name) in request.form}
    if fields.get("policy") and key["type"] != "restricted":
        raise error(400, 70001, "The request has constraint violations")
    key.update(fields, date_updated=now())
    return view(key)


@bp.delete(f"{PATH}/<key_sid>")
def delete(key_sid: str) -> tuple[str, int]:
    _key(key_sid)
    store().remove(NAME, "keys", key_sid)
    return "", 204
