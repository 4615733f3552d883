"""API keys in the 2010 API, which knows no restricted ones. github.com/twilio/twilio-oai twilio_api_v2010.json

It lists keys of all types and shows no policy: https://www.twilio.com/docs/usage/api/keys
"""

from typing import Any

from flask import Blueprint
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_pascal

from emulator.context import store, vendor_path
from emulator.store import Record
from emulator.twilio import iam_keys
from emulator.twilio.access import Page, form, manager, page_2010, query, reaches
from emulator.twilio.errors import error, not_found
from emulator.twilio.state import NAME, now, records

bp = Blueprint("keys", __name__)
HOST = "api.twilio.com"
PATH = "/2010-04-01/Accounts/<account_sid>/Keys"


class Name(BaseModel):
    model_config = ConfigDict(alias_generator=to_pascal)

    friendly_name: str | None = Field(default=None, max_length=64)


def _read() -> dict[str, Any]:
    try:
        return Name.model_validate(form(Name)).model_dump()
    except ValidationError as cause:
        raise error(400, 70001, "The request has constraint violations") from cause


def _own(account_sid: str) -> None:
    if not reaches(manager(), account_sid):
        raise not_found(vendor_path())


def _key(account_sid: str, key_sid: str) -> Record:
    _own(account_sid)
    key = records("keys").get(key_sid)
    if key is None or key.get("account_sid") != account_sid:
        raise not_found(vendor_path())
    return key


def _view(key: Record) -> dict[str, Any]:
    return {name: value for name, value in iam_keys.view(key).items() if name != "policy"}


@bp.post(f"{PATH}.json")
def create(account_sid: str) -> tuple[dict[str, Any], int]:
    _own(account_sid)
    key, secret = iam_keys.make(account_sid, "standard", {**_read(), "policy": None})
    return _view(key) | {"secret": secret}, 201


@bp.get(f"{PATH}.json")
def listing(account_sid: str) -> dict[str, Any]:
    _own(account_sid)
    rows = [_view(key) for key in records("keys").values() if key.get("account_sid") == account_sid]
    return page_2010(query(Page), "keys", rows)


@bp.get(f"{PATH}/<key_sid>.json")
def fetch(account_sid: str, key_sid: str) -> dict[str, Any]:
    return _view(_key(account_sid, key_sid))


@bp.post(f"{PATH}/<key_sid>.json")
def update(account_sid: str, key_sid: str) -> dict[str, Any]:
    key = _key(account_sid, key_sid)
    key.update({name: value for name, value in _read().items() if value is not None}, date_updated=now())
    return _view(key)


@bp.delete(f"{PATH}/<key_sid>.json")
def delete(account_sid: str, key_sid: str) -> tuple[str, int]:
    _key(account_sid, key_sid)
    store().remove(NAME, "keys", key_sid)
    return "", 204
