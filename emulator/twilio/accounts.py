"""Accounts. github.com/twilio/twilio-oai twilio_api_v2010.json, https://www.twilio.com/docs/iam/api/subaccounts

Closed subaccounts stay here; Twilio deletes them after 30 days.
"""

from typing import Annotated, Any, Literal

from flask import Blueprint
from pydantic import AliasGenerator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_pascal

from emulator.context import store
from emulator.made_up import credentials, sha256, sid
from emulator.store import Record
from emulator.twilio.access import Page, form, manager, own, page_2010, query, reaches
from emulator.twilio.errors import error, invalid, not_found
from emulator.twilio.state import ACCOUNT_SID, NAME, now, records, rfc_2822

bp = Blueprint("accounts", __name__)
HOST = "api.twilio.com"
PATH = "/2010-04-01/Accounts"

LIMIT = 1000
"""Of subaccounts, "by default"."""

_SUBRESOURCES = {
    "available_phone_numbers": "AvailablePhoneNumbers",
    "incoming_phone_numbers": "IncomingPhoneNumbers",
    "addresses": "Addresses",
    "keys": "Keys",
    "balance": "Balance",
    "short_codes": "SMS/ShortCodes",
}

Status = Literal["active", "suspended", "closed"]


class New(BaseModel):
    """A name of its own is given to an account without one; its words are those of the document."""

    model_config = ConfigDict(alias_generator=to_pascal)

    friendly_name: str | None = Field(default=None, max_length=64)


class Change(New):
    status: Annotated[Status | None, BeforeValidator(str.lower)] = None


class Filter(Page):
    model_config = ConfigDict(alias_generator=AliasGenerator(alias=to_pascal), populate_by_name=True)

    friendly_name: str | None = None
    status: Status | None = None


def _read(model: type[New]) -> dict[str, Any]:
    try:
        return model.model_validate(form(model)).model_dump(exclude_none=True)
    except ValidationError as cause:
        raise invalid(cause) from cause


def _token(account_sid: str) -> str:
    """Kept as a hash only, so it is one that can be made up again."""
    if account_sid == ACCOUNT_SID:
        return credentials["TWILIO_AUTH_TOKEN"]
    return sha256(f"auth token of {account_sid}")[:32]


def _view(account: Record) -> dict[str, Any]:
    path = f"{PATH}/{account['sid']}"
    shown = ("sid", "owner_account_sid", "friendly_name", "status", "type")
    dates = {name: rfc_2822(account[name]) for name in ("date_created", "date_updated")}
    return (
        {name: account[name] for name in shown}
        | dates
        | {
            "auth_token": _token(account["sid"]),
            "subresource_uris": {name: f"{path}/{part}.json" for name, part in _SUBRESOURCES.items()},
            "uri": f"{path}.json",
        }
    )


def _account(account_sid: str) -> Record:
    """Every account that the caller may manage: its own, and its subaccounts, whatever their status."""
    if not reaches(manager(), account_sid):
        raise not_found(f"{PATH}/{account_sid}.json")
    return records("accounts")[account_sid]


@bp.post(f"{PATH}.json")
def create() -> tuple[dict[str, Any], int]:
    """Names need not be unique."""
    parent = records("accounts")[manager().account_sid]
    if parent["owner_account_sid"] != parent["sid"]:
        raise error(400, 21101, "Subaccounts cannot contain subaccounts")
    if parent["type"] == "Trial":
        # https://www.twilio.com/docs/api/errors/10002; that 21404 is not meant here, nor the status, is documented.
        raise error(403, 10002, "Trial account does not support this feature")
    children = [row for row in records("accounts").values() if row["owner_account_sid"] == parent["sid"]]
    if len([row for row in children if row["status"] != "closed"]) > LIMIT:  # the parent is its own owner
        raise error(400, 21480, "Reached maximum number of subaccounts")
    fields = {"friendly_name": f"SubAccount Created at {now()}"} | _read(New)
    account_sid = sid("AC", store().number("subaccount"))
    records("accounts")[account_sid] = account = {
        "sid": account_sid,
        "owner_account_sid": parent["sid"],
        "status": "active",
        "type": parent["type"],
        "date_created": now(),
        "date_updated": now(),
        "auth_token_sha256": sha256(_token(account_sid)),
    } | fields
    return _view(account), 201


@bp.get(f"{PATH}.json")
def listing() -> dict[str, Any]:
    """The account that asks, and its subaccounts."""
    caller = manager()
    asked = query(Filter)
    wanted = asked.model_dump(exclude_none=True, exclude={"size", "number", "token"})
    rows = [
        row for row in records("accounts").values() if reaches(caller, row["sid"]) and row.items() >= wanted.items()
    ]
    return page_2010(asked, "accounts", map(_view, rows))


@bp.get(f"{PATH}/<account_sid>.json")
def fetch(account_sid: str) -> dict[str, Any]:
    return _view(_account(account_sid))


@bp.post(f"{PATH}/<account_sid>.json")
def update(account_sid: str) -> dict[str, Any]:
    """Fields that are left out keep their values. A name can be changed of any account; a status has rules."""
    account = _account(account_sid)
    fields = _read(Change)
    if "status" in fields:
        if account["owner_account_sid"] == account_sid:
            raise error(400, 21477, "Unable to update Status for parent accounts")
        if account["status"] == "closed":
            raise error(400, 21479, "Unable to update Status for subaccount, subaccount has been closed.")
        if fields["status"] == "closed":
            _release(account_sid)
    account.update(fields, date_updated=now())
    return _view(account)


def _release(account_sid: str) -> None:
    """ "all its phone numbers are released": https://www.twilio.com/docs/iam/api/subaccounts"""
    numbers = [row["sid"] for row in records("incoming_phone_numbers").values() if row["account_sid"] == account_sid]
    for number_sid in numbers:
        store().remove(NAME, "incoming_phone_numbers", number_sid)


@bp.get(f"{PATH}/<account_sid>/Balance.json")
def fetch_balance(account_sid: str) -> dict[str, Any]:
    """ "Child accounts do not contain balance information": here, there is none of them. Another balance: set it."""
    own(account_sid)
    if account_sid != ACCOUNT_SID:
        raise not_found(f"{PATH}/{account_sid}/Balance.json")
    balance = records("accounts")[account_sid].get("balance", "20.00")
    return {"account_sid": account_sid, "balance": balance, "currency": "USD"}
