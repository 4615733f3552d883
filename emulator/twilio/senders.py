"""The senders of a messaging service: numbers, short codes, alpha senders, senders of other channels.

github.com/twilio/twilio-oai twilio_messaging_v1.json, https://www.twilio.com/docs/messaging/services

A number, short code or channel sender is a record of its own (`incoming_phone_numbers`, `short_codes`,
`channel_senders`), and out of every pool once that is gone. With a `region` other than us1, a number does not fit into
any X"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from flask import Blueprint
from pydantic import AfterValidator, BaseModel, Field, ValidationError

from emulator.context import store, url, vendor_path
from emulator.made_up import sid
from emulator.store import Record
from emulator.twilio.access import Page, form, owned, page, query
from emulator.twilio.errors import error, invalid, not_found
from emulator.twilio.state import NAME, now, records

bp = Blueprint("senders", __name__)
HOST = "messaging.twilio.com"
PATH = (
    "/v1/Services/<service_sid>/<any(PhoneNumbers,ShortCodes,AlphaSenders,DestinationAlphaSenders,ChannelSenders):name>"
)

POOL_SIZE = 400
""""By default, a Messaging Service can contain up to a total of 400 Twilio phone numbers and short codes."
https://www.twilio.com/docs/api/errors/21714"""

_COUNTRIES = {"+1": "US", "+44": "GB", "+49": "DE"}
_CAPABILITIES = {"mms": "MMS", "sms": "SMS", "voice": "Voice"}


def _alpha_sender(value: str) -> str:
    # "Valid characters are A-Z, a-z, 0-9, space, hyphen `-`, plus `+`, underscore `_` and ampersand `&`."
    if not re.fullmatch("[A-Za-z0-9 +_&-]{1,11}", value):
        raise ValueError("not an alphanumeric sender ID")
    if value.isdigit():  # "This value cannot contain only numbers."
        raise ValueError("only numbers")
    return value


AlphaText = Annotated[str, AfterValidator(_alpha_sender)]


class PhoneNumber(BaseModel):
    sid: str = Field(alias="PhoneNumberSid")


class ShortCode(BaseModel):
    sid: str = Field(alias="ShortCodeSid")


class ChannelSender(BaseModel):
    sid: str = Field(alias="Sid")


class AlphaSender(BaseModel):
    alpha_sender: AlphaText = Field(alias="AlphaSender")


class DestinationAlphaSender(AlphaSender):
    iso_country_code: str = Field(default="", alias="IsoCountryCode", pattern="^([A-Z]{2})?$")


class ByCountry(Page):
    iso_country_code: str | None = Field(default=None, alias="IsoCountryCode")


@dataclass(frozen=True)
class Pool:
    """One kind of sender.

    key     where a page of the list has them
    model   what a request has
    source  the records that they are; without any, a sender is made when it is added
    alone   is it in one service at the most, and counted?
    """

    key: str
    model: type[BaseModel]
    source: str | None = None
    alone: bool = False
    filter: type[Page] = Page


POOLS = {
    "PhoneNumbers": Pool("phone_numbers", PhoneNumber, "incoming_phone_numbers", alone=True),
    "ShortCodes": Pool("short_codes", ShortCode, "short_codes", alone=True),
    "ChannelSenders": Pool("senders", ChannelSender, "channel_senders"),
    "AlphaSenders": Pool("alpha_senders", AlphaSender),
    "DestinationAlphaSenders": Pool("alpha_senders", DestinationAlphaSender, filter=ByCountry),
}


def _country(number: Record) -> str | None:
    prefixes = (country for prefix, country in _COUNTRIES.items() if number["phone_number"].startswith(prefix))
    return number.get("iso_country") or next(prefixes, None)


def _own_view(name: str, row: Record) -> dict[str, Any]:
    """What a reply has beside what all have."""
    source = records(POOLS[name].source or "").get(row["sid"], {})
    if name == "PhoneNumbers":
        able = [word for kind, word in _CAPABILITIES.items() if source["capabilities"].get(kind)]
        return {"phone_number": source["phone_number"], "country_code": _country(source), "capabilities": able}
    if name == "ShortCodes":
        country = source.get("country_code", "US")
        return {"short_code": source["short_code"], "country_code": country, "capabilities": ["SMS"]}
    if name == "ChannelSenders":
        return {kind: source[kind] for kind in ("sender", "sender_type", "country_code")}
    made: dict[str, Any] = {kind: row[kind] for kind in ("alpha_sender", "iso_country_code") if kind in row}
    return {**made, "capabilities": ["SMS"]}


def _view(name: str, row: Record) -> dict[str, Any]:
    service = "messaging_service_sid" if name == "ChannelSenders" else "service_sid"
    return {
        **{kind: row[kind] for kind in ("sid", "account_sid", "date_created", "date_updated")},
        service: row["service_sid"],
        "url": url(HOST, f"/v1/Services/{row['service_sid']}/{name}/{row['sid']}"),
        **_own_view(name, row),
    }


def _rows(name: str) -> list[Record]:
    """The pools of all services have these of the kind."""
    source = POOLS[name].source
    return [
        row
        for row in records("service_senders").values()
        if row["pool"] == name and (source is None or row["sid"] in records(source))
    ]


def _row(service_sid: str, name: str, sender_sid: str) -> Record:
    owned("services", service_sid)
    for row in _rows(name):
        if (row["service_sid"], row["sid"]) == (service_sid, sender_sid):
            return row
    raise not_found(vendor_path())


def _check_source(name: str, account_sid: str, sender_sid: str) -> None:
    """Is there such a number, short code or channel sender, and may it be in a pool?"""
    source = records(POOLS[name].source or "").get(sender_sid)
    if source is None or source["account_sid"] != account_sid:
        # "You tried to add an invalid Phone Number SID or Short Code SID to a Messaging Service."
        raise error(400, 21421, "Phone Number is invalid")
    able = source.get("capabilities")
    if able is not None and not (able["sms"] or able["mms"]):
        raise error(400, 21715, "Phone Number Does Not Have Correct Messaging Service Capabilities")
    if source.get("region", "us1") != "us1":
        raise error(400, 21669, "Phone number region does not match the Messaging Service region")


def _check_room(name: str, service_sid: str, sender_sid: str) -> None:
    if any(row["sid"] == sender_sid and row["service_sid"] != service_sid for row in _rows(name)):
        # https://www.twilio.com/docs/api/errors/21712
        raise error(409, 21712, "Phone Number or Short Code is associated with another Messaging Service.")
    counted = [row for kind, pool in POOLS.items() if pool.alone for row in _rows(kind)]
    if sum(row["service_sid"] == service_sid for row in counted) >= POOL_SIZE:
        raise error(412, 21714, "Messaging Service Number Pool size limit reached")


def _accepted(name: str, account_sid: str, service_sid: str) -> Mapping[str, Any]:
    """What this request adds."""
    pool = POOLS[name]
    try:
        fields = pool.model.model_validate(form(pool.model)).model_dump()
    except ValidationError as cause:
        raise invalid(cause) from cause
    there = [row for row in _rows(name) if row["service_sid"] == service_sid]
    if pool.source:
        _check_source(name, account_sid, fields["sid"])
    if any(row.items() >= fields.items() for row in there):
        raise error(409, 21710, "Phone Number or Short Code is already in the Messaging Service.")
    if pool.alone:
        _check_room(name, service_sid, fields["sid"])
    if name == "AlphaSenders" and there:
        # "Each Messaging Service may only have one alpha sender associated with it." The code is not documented.
        # https://www.twilio.com/docs/messaging/api/alphasender-resource
        raise error(409, 20409, "The Messaging Service has an Alpha Sender already")
    return fields


@bp.post(PATH)
def create(service_sid: str, name: str) -> tuple[dict[str, Any], int]:
    """A record's key is made of the service and of what names the sender in it."""
    account_sid = owned("services", service_sid)["account_sid"]
    fields = _accepted(name, account_sid, service_sid)
    row = {
        "sid": sid("AI", store().number("alpha sender")) if POOLS[name].source is None else "",
        **fields,
        "pool": name,
        "account_sid": account_sid,
        "service_sid": service_sid,
        "owner": service_sid,
        "date_created": now(),
        "date_updated": now(),
    }
    records("service_senders")["/".join([service_sid, *fields.values()])] = row
    return _view(name, row), 201


@bp.get(PATH)
def listing(service_sid: str, name: str) -> dict[str, Any]:
    owned("services", service_sid)
    asked = query(POOLS[name].filter)
    wanted = asked.model_dump(exclude_none=True, exclude={"size", "number", "token"})
    rows = [row for row in _rows(name) if row["service_sid"] == service_sid and row.items() >= wanted.items()]
    return page(POOLS[name].key, [_view(name, row) for row in rows], asked)


@bp.get(f"{PATH}/<sender_sid>")
def fetch(service_sid: str, name: str, sender_sid: str) -> dict[str, Any]:
    return _view(name, _row(service_sid, name, sender_sid))


@bp.delete(f"{PATH}/<sender_sid>")
def delete(service_sid: str, name: str, sender_sid: str) -> tuple[str, int]:
    """Out of the pool; the number stays in the account: https://www.twilio.com/docs/api/errors/21712"""
    gone = _row(service_sid, name, sender_sid)
    store().remove(NAME, "service_senders", next(k for k, row in records("service_senders").items() if row is gone))
    return "", 204
