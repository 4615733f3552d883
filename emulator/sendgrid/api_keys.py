"""API keys. github.com/twilio/sendgrid-oai tsg_api_keys_v3.json

A key belongs to the account that it was made for, on-behalf-of included; another account does not see it.
"""

from typing import Any

from flask import Blueprint
from pydantic import Field

from emulator.context import store
from emulator.made_up import sendgrid_key, sha256
from emulator.sendgrid.access import Body, Caller, Query, authorize, full_access, json_body, query
from emulator.sendgrid.errors import error, not_found
from emulator.sendgrid.scopes import AUTOMATIC
from emulator.sendgrid.state import NAME, records
from emulator.store import Record

bp = Blueprint("api_keys", __name__)

LIMIT = 100


class NewKey(Body):
    name: str = Field(min_length=1)
    # Left out: Full Access. What an empty list gives is not documented, and nobody can mean Full Access by it.
    scopes: list[str] = Field(default=[], min_length=1)


class NewName(Body):
    name: str = Field(min_length=1)


class NewNameAndScopes(Body):
    """ "a `name` field and a `scopes` array containing at least one scope" (UpdateApiKey)"""

    name: str = Field(min_length=1)
    scopes: list[str] = Field(min_length=1)


class ListQuery(Query):
    limit: int | None = Field(default=None, ge=1)


def _keys(caller: Caller) -> list[Record]:
    return [key for key in records("api_keys").values() if key["owner"] == caller.username]


def _key(caller: Caller, key_id: str) -> Record:
    key = records("api_keys").get(key_id)
    if key is None or key["owner"] != caller.username:
        raise not_found("unable to find API Key")
    return key


def _granted(caller: Caller, scopes: list[str]) -> list[str]:
    """The scopes as asked, and those that the server adds by itself.

    The words of the refusal: an HTTP 400 quoted in the documents of github.com/anna-money/terraform-provider-sendgrid
    """
    if not set(scopes) <= full_access(caller) | set(AUTOMATIC):
        raise error(400, "invalid or unassignable scopes were given", "scopes")
    return sorted({*scopes, *AUTOMATIC})


def _view(key: Record, *fields: str) -> dict[str, Any]:
    return {field: key[field] for field in ("api_key_id", "name", *fields)}


@bp.post("/v3/api_keys")
def create() -> tuple[dict[str, Any], int]:
    """Names need not be unique; without `scopes` the key has Full Access. CreateApiKey"""
    caller = authorize("api_keys.create")
    body = json_body(NewKey)
    scopes = _granted(caller, body.scopes) if body.scopes else sorted(full_access(caller))
    if len(_keys(caller)) >= LIMIT:
        raise error(403, f"the maximum of {LIMIT} API keys is reached")  # the status is documented, the words are not
    secret = sendgrid_key(store().number("api_key"))
    key_id = secret.split(".")[1]
    key = {"api_key_id": key_id, "name": body.name, "scopes": scopes, "owner": caller.username}
    records("api_keys")[key_id] = key | {"key_sha256": sha256(secret)}
    # The only reply that ever carries the key.
    return {"api_key": secret} | _view(key, "scopes"), 201


@bp.get("/v3/api_keys")
def listing() -> dict[str, Any]:
    caller = authorize("api_keys.read")
    asked = query(ListQuery)
    return {"result": [_view(key) for key in _keys(caller)[: asked.limit]]}


@bp.get("/v3/api_keys/<key_id>")
def read(key_id: str) -> dict[str, Any]:
    """Flat, where the document wraps it in `result`: so github.com/kenzo0107/sendgrid api_key.go reads it."""
    return _view(_key(authorize("api_keys.read"), key_id), "scopes")


@bp.patch("/v3/api_keys/<key_id>")
def rename(key_id: str) -> dict[str, Any]:
    key = _key(authorize("api_keys.update"), key_id)
    key["name"] = json_body(NewName).name
    return _view(key)


@bp.put("/v3/api_keys/<key_id>")
def replace(key_id: str) -> dict[str, Any]:
    """The reply lacks the scopes: ApiKeyResponse, and github.com/kenzo0107/terraform-provider-sendgrid pull 114."""
    caller = authorize("api_keys.update")
    key = _key(caller, key_id)
    body = json_body(NewNameAndScopes)
    key.update(scopes=_granted(caller, body.scopes), name=body.name)
    return _view(key)


@bp.delete("/v3/api_keys/<key_id>")
def delete(key_id: str) -> tuple[str, int]:
    _key(authorize("api_keys.delete"), key_id)
    store().remove(NAME, "api_keys", key_id)
    return "", 204
