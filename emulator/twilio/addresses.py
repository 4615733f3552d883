"""Addresses. github.com/twilio/twilio-oai twilio_api_v2010.json, https://www.twilio.com/docs/usage/api/address

Which countries' addresses are looked up, and when two are similar, is not documented. Here, a country's are where
`known_addresses` has one of them, and two are similar where street and city read the same but for case, punctuation and
how `Street` and the like are written. The link to a verified document is not emulated: set `verified` of a record. What
comes of deleting one that numbers depend on is not documented: here, it is deleted, and held against whoever does it.
"""

import re
from typing import Annotated, Any

from flask import Blueprint
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_pascal

from emulator.context import store, vendor_path, violation
from emulator.made_up import sid
from emulator.store import Record
from emulator.twilio.access import FormBool, Page, form, own, page_2010, query
from emulator.twilio.errors import error, invalid, not_found
from emulator.twilio.phone_numbers import dependent
from emulator.twilio.state import NAME, now, records, rfc_2822

bp = Blueprint("addresses", __name__)
HOST = "api.twilio.com"
PATH = "/2010-04-01/Accounts/<account_sid>/Addresses"

WRONG = 21238
"""One of the parameters is wrong: https://www.twilio.com/docs/api/errors/21238"""

PARTS = ("street", "city", "region", "postal_code")
_SHORT = {"street": "st", "avenue": "ave", "boulevard": "bl", "suite": "ste", "road": "rd"}


def _customer_name(value: str) -> str:
    if len(value.encode()) > 64:
        raise ValueError("longer than 16 characters of 4 bytes")
    return value


Text = Annotated[str, Field(min_length=1)]
CustomerName = Annotated[str, Field(min_length=1), AfterValidator(_customer_name)]
Country = Annotated[str, Field(pattern="^[A-Z]{2}$")]
# "If empty or `true`, we will correct the address you provide".
Correct = Annotated[FormBool, BeforeValidator(lambda value: True if value == "" else value)]


class Change(BaseModel):
    """What an update knows. What an empty value does is documented for AutoCorrectAddress alone; here, it clears what
    a new address need not have."""

    model_config = ConfigDict(alias_generator=to_pascal, populate_by_name=True)

    customer_name: CustomerName
    street: Text
    city: Text
    region: Text
    postal_code: Text
    friendly_name: str | None = Field(default=None, max_length=64)
    emergency_enabled: FormBool = False
    auto_correct_address: Correct = True
    street_secondary: str | None = None


class New(Change):
    iso_country: Country


class Filter(Page):
    """The document does not say so; here, names are compared as a whole."""

    model_config = ConfigDict(alias_generator=to_pascal, populate_by_name=True)

    customer_name: str | None = None
    friendly_name: str | None = None
    emergency_enabled: FormBool | None = None
    iso_country: str | None = None


def _reading(address: Record) -> list[str]:
    words = re.findall(r"\w+", f"{address['street']} {address['city']}".casefold())
    return [_SHORT.get(word, word) for word in words]


def _found(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields with the address as it was found, where the country's addresses are looked up."""
    correct = fields.pop("auto_correct_address")
    rows = records("known_addresses").values()
    known = [{name: row[name] for name in PARTS} for row in rows if row["iso_country"] == fields["iso_country"]]
    if not known:
        return fields | {"validated": False}
    parts = {name: fields[name] for name in PARTS}
    if parts in known:
        return fields | {"validated": True}
    similar = next((row for row in known if _reading(row) == _reading(parts)), None)
    if similar is None:
        raise error(400, 21628, "The address you have provided cannot be validated.")
    if not correct:
        suggested = ", ".join(similar[name] for name in PARTS)
        raise error(400, 21629, f"The address cannot be validated. Suggested address: {suggested}")
    return fields | similar | {"validated": True}


def _accepted(model: type[Change], current: dict[str, Any]) -> dict[str, Any]:
    """The fields after this request."""
    sent = form(model)
    fields = {to_pascal(name): value for name, value in current.items() if value is not None} | sent
    cleared = {name for name in ("FriendlyName", "StreetSecondary") if fields.get(name) == ""}
    try:
        accepted = New.model_validate({name: value for name, value in fields.items() if name not in cleared})
    except ValidationError as cause:
        raise invalid(cause, WRONG) from cause
    if accepted.emergency_enabled and len(accepted.friendly_name or "") > 32:
        # The document gives both lengths, and no code for the shorter one.
        raise error(400, 20002, "Invalid FriendlyName: longer than 32 characters")
    return _found(accepted.model_dump())


def _address(account_sid: str, address_sid: str) -> Record:
    own(account_sid)
    address = records("addresses").get(address_sid)
    if address is None:
        raise not_found(vendor_path())
    return address


def _view(address: Record) -> dict[str, Any]:
    path = f"/2010-04-01/Accounts/{address['account_sid']}/Addresses/{address['sid']}.json"
    dates = {name: rfc_2822(address[name]) for name in ("date_created", "date_updated")}
    return address | dates | {"uri": path}


@bp.post(f"{PATH}.json")
def create(account_sid: str) -> tuple[dict[str, Any], int]:
    own(account_sid)
    fields = _accepted(New, {})
    address_sid = sid("AD", store().number("address"))
    stamps = {"date_created": now(), "date_updated": now()}
    address = {"sid": address_sid, "account_sid": account_sid, "verified": False} | fields | stamps
    records("addresses")[address_sid] = address
    return _view(address), 201


@bp.get(f"{PATH}.json")
def listing(account_sid: str) -> dict[str, Any]:
    own(account_sid)
    asked = query(Filter)
    wanted = asked.model_dump(exclude_none=True, exclude={"size", "number", "token"})
    rows = [row for row in records("addresses").values() if row.items() >= wanted.items()]
    return page_2010(asked, "addresses", map(_view, rows))


@bp.get(f"{PATH}/<address_sid>.json")
def fetch(account_sid: str, address_sid: str) -> dict[str, Any]:
    return _view(_address(account_sid, address_sid))


@bp.post(f"{PATH}/<address_sid>.json")
def update(account_sid: str, address_sid: str) -> dict[str, Any]:
    """Fields that are left out keep their values."""
    address = _address(account_sid, address_sid)
    if address["verified"]:
        # https://www.twilio.com/docs/api/errors/21630
        raise error(400, 21630, "Cannot mutate Address that is linked to a verified Document.")
    address.update(_accepted(Change, address), date_updated=now())
    return _view(address)


@bp.delete(f"{PATH}/<address_sid>.json")
def delete(account_sid: str, address_sid: str) -> tuple[str, int]:
    _address(account_sid, address_sid)
    if dependent(address_sid):
        violation("an address was deleted that numbers depend on")
    store().remove(NAME, "addresses", address_sid)
    return "", 204
