"""Who calls, for whom, and whether they may; and the two readers of what they send."""

import re
from dataclasses import dataclass
from typing import Annotated, TypeVar

from flask import request
from pydantic import AfterValidator, BaseModel, ConfigDict, TypeAdapter, ValidationError

from emulator.context import host, read_query
from emulator.made_up import sha256
from emulator.sendgrid.errors import error, forbidden, invalid, unauthorized
from emulator.sendgrid.scopes import FULL_ACCESS, SUBUSER_FULL_ACCESS
from emulator.sendgrid.state import PARENT, parent, records
from emulator.store import Record

HOSTS = {"api.sendgrid.com": "global", "api.eu.sendgrid.com": "eu"}

T = TypeVar("T")
Q = TypeVar("Q", bound="Query")


def _email(value: str) -> str:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
        raise ValueError("email address is invalid")
    return value


EmailAddress = Annotated[str, AfterValidator(_email)]


class Body(BaseModel):
    """A JSON body: a wrong type or an unknown field is a 400. (Which unknown fields SendGrid itself lets pass is not
    documented; a client has no reason to send any.)"""

    model_config = ConfigDict(extra="forbid", strict=True)


class Query(BaseModel):
    """Query parameters."""


@dataclass(frozen=True)
class Caller:
    """The account that a call acts for: the key's own, or the subuser named by on-behalf-of."""

    username: str
    user_id: int
    scopes: frozenset[str]
    """What the caller may do, and thus may grant."""

    @property
    def is_subuser(self) -> bool:
        return self.username != PARENT


def authorize(scope: str | None, *, parent_only: bool = False) -> Caller:
    """The caller, if its key has the scope. `parent_only`: the document offers no on-behalf-of for this operation.

    https://www.twilio.com/docs/sendgrid/api-reference/how-to-use-the-sendgrid-v3-api/on-behalf-of
    """
    # https://www.twilio.com/docs/sendgrid/api-reference/how-to-use-the-sendgrid-v3-api/responses: 406
    if not request.accept_mimetypes.accept_json:
        raise error(406, "the Accept header must allow application/json")
    key = _key()
    caller = _account(key, parent_only)
    if scope is not None and scope not in caller.scopes:
        raise forbidden()
    return caller


def _key() -> Record:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    parts = secret.split(".")
    if scheme.lower() != "bearer" or len(parts) != 3:
        raise unauthorized()
    key = records("api_keys").get(parts[1])
    if key is None or key["key_sha256"] != sha256(secret):
        raise unauthorized()
    return key


def _account(key: Record, parent_only: bool) -> Caller:
    scopes = frozenset(key["scopes"])
    behalf = request.headers.get("On-Behalf-Of")
    if key["owner"] != PARENT:
        if behalf is not None:
            raise error(records("switches")["on_behalf_of_refused"]["status"], "access forbidden")
        return _subuser(records("subusers")[key["owner"]], scopes, own_key=True)
    if behalf is None:
        return Caller(PARENT, parent()["user_id"], scopes)
    if parent_only:
        raise error(records("switches")["on_behalf_of_refused"]["status"], "access forbidden")
    subuser = records("subusers").get(behalf)
    if subuser is None:
        raise error(records("switches")["on_behalf_of_missing_subuser"]["status"], "authorization required")
    return _subuser(subuser, scopes & SUBUSER_FULL_ACCESS, own_key=False)


def _subuser(subuser: Record, scopes: frozenset[str], *, own_key: bool) -> Caller:
    # "451: data residency": each region's subusers answer at their own host.
    # https://www.twilio.com/docs/sendgrid/api-reference/how-to-use-the-sendgrid-v3-api/responses
    if subuser["region"] != HOSTS[host()]:
        raise error(451, f"this subuser belongs to the region {subuser['region']}")
    # What a disabled subuser may still do is not documented: here its own keys are refused, its parent is not.
    # A banned one is still in its parent's list, and is refused: set `banned` in the state.
    if subuser.get("banned") or (own_key and subuser["disabled"]):
        raise forbidden()
    return Caller(subuser["username"], subuser["id"], scopes)


def full_access(caller: Caller) -> frozenset[str]:
    """What a key without a list of scopes may do: everything, but never more than the key that made it."""
    return (SUBUSER_FULL_ACCESS if caller.is_subuser else FULL_ACCESS) & caller.scopes


def json_body(kind: type[T]) -> T:
    # 415: https://www.twilio.com/docs/sendgrid/api-reference/how-to-use-the-sendgrid-v3-api/responses
    if not request.is_json:
        raise error(415, "the Content-Type header must be application/json")
    try:
        return TypeAdapter(kind).validate_json(request.get_data(), strict=True)
    except ValidationError as cause:
        raise invalid(cause) from cause


def query(model: type[Q]) -> Q:
    try:
        return read_query(model)
    except ValidationError as cause:
        raise invalid(cause) from cause
