"""Numbers that can be bought. github.com/twilio/twilio-oai twilio_api_v2010.json,
https://www.twilio.com/docs/phone-numbers/api/availablephonenumber-resource

A reply is as it is in the document's example and in reality: `capabilities` with SMS and MMS in capitals
(github.com/twilio/twilio-node/issues/833), coordinates as strings, and no page but the first. That a country which does
not offer a type answers 404 is not documented; github.com/RJPearson94/terraform-provider-twilio counts on it. Nor is
what a filter that "applies to only phone numbers in the US and Canada" does elsewhere: here, nothing.
"""

import re
from typing import Annotated, Any

from flask import Blueprint
from pydantic import AfterValidator, ConfigDict
from pydantic.alias_generators import to_pascal

from emulator.context import vendor_path
from emulator.store import Record, Store
from emulator.twilio.access import FormBool, FormInt, Page, own, query
from emulator.twilio.errors import not_found
from emulator.twilio.state import NAME, records

bp = Blueprint("available_phone_numbers", __name__)
HOST = "api.twilio.com"
PATH = "/2010-04-01/Accounts/<account_sid>/AvailablePhoneNumbers/<country>/<kind>.json"

KINDS = {"Local": "local", "TollFree": "toll free", "Mobile": "mobile"}
"""By the path's word: what a number's `type` and the price list call it."""

OFFERED = {
    "US": {"Local", "TollFree"},
    "CA": {"Local", "TollFree"},
    "GB": {"Local", "TollFree", "Mobile"},
    "DE": {"Local", "Mobile"},
}
"""The countries here, and the types that each has."""

NORTH_AMERICA = ("US", "CA")
_KEYPAD = {
    letter: str(digit)
    for digit, letters in enumerate(("abc", "def", "ghi", "jkl", "mno", "pqrs", "tuv", "wxyz"), 2)
    for letter in letters
}


def _pattern(contains: str) -> str:
    """As a regular expression; ValueError where the document does not allow it.

    `+` is the beginning and `$` the end, `*` one character and `%` any number of them; letters are keys.
    """
    inner = contains.removeprefix("+").removesuffix("$")
    if not 2 <= len(contains) <= 16 or not re.fullmatch(r"[*%]*[0-9a-zA-Z]{2,}[*%]*", inner):
        raise ValueError("must be 2 to 16 digits and letters, with * and % at its ends")
    digits = "".join({"*": r"\d", "%": r"\d*"}.get(c) or _KEYPAD.get(c.lower(), c) for c in inner)
    return (r"^\+" if contains.startswith("+") else "") + digits + ("$" if contains.endswith("$") else "")


class Search(Page):
    model_config = ConfigDict(alias_generator=to_pascal, populate_by_name=True)

    area_code: FormInt | None = None
    contains: Annotated[str, AfterValidator(_pattern)] | None = None
    sms_enabled: FormBool = False
    mms_enabled: FormBool = False
    voice_enabled: FormBool = False
    exclude_all_address_required: FormBool = False
    exclude_local_address_required: FormBool = False
    exclude_foreign_address_required: FormBool = False
    beta: FormBool = True
    in_postal_code: str | None = None
    in_region: str | None = None
    in_locality: str | None = None


def area_code(number: str) -> int:
    return int(number[2:5])


def _fits(row: Record, asked: Search) -> bool:
    wanted = {"sms": asked.sms_enabled, "mms": asked.mms_enabled, "voice": asked.voice_enabled}
    excluded = {
        "any": asked.exclude_all_address_required,
        "local": asked.exclude_all_address_required or asked.exclude_local_address_required,
        "foreign": asked.exclude_all_address_required or asked.exclude_foreign_address_required,
    }
    american = row["iso_country"] in NORTH_AMERICA
    return (
        not any(wanted[name] and not row["capabilities"][name] for name in wanted)
        and not excluded.get(row["address_requirements"])
        and (asked.beta or not row["beta"])
        and (asked.contains is None or re.search(asked.contains, row["phone_number"]) is not None)
        and (asked.in_locality in (None, row["locality"]))
        and (not american or asked.area_code in (None, area_code(row["phone_number"])))
        and (not american or asked.in_region in (None, row["region"]))
        and (not american or asked.in_postal_code in (None, row["postal_code"]))
    )


def formatted(number: str) -> str:
    """As the document's examples have it in North America; elsewhere here as it is."""
    return f"({number[2:5]}) {number[5:8]}-{number[8:]}" if number.startswith("+1") else number


def _view(row: Record) -> dict[str, Any]:
    can = row["capabilities"]
    capabilities = {"voice": can["voice"], "SMS": can["sms"], "MMS": can["mms"], "fax": False}
    shown = {name: value for name, value in row.items() if name != "type"}
    return shown | {"friendly_name": formatted(row["phone_number"]), "capabilities": capabilities}


@bp.get(PATH)
def listing(account_sid: str, country: str, kind: str) -> dict[str, Any]:
    own(account_sid)
    if kind not in OFFERED.get(country, ()):
        raise not_found(vendor_path())
    asked = query(Search)
    offered = (country, KINDS[kind])
    stock = [r for r in records("available_phone_numbers").values() if (r["iso_country"], r["type"]) == offered]
    fitting = [_view(row) for row in stock if _fits(row, asked)]
    return {"available_phone_numbers": fitting[: asked.size], "uri": vendor_path()}


_HERE = {
    "415": ("San Francisco", "CA", "94105", "SNFC CNTRL", "722"),
    "212": ("New York", "NY", "10001", "NWYRCYZN01", "132"),
    "416": ("Toronto", "ON", "M5H", "TORONTO", "888"),
}


def _row(number: str, country: str, kind: str, **fields: Any) -> Record:
    locality, region, postal_code, rate_center, lata = _HERE.get(number[2:5], (None, None, None, None, None))
    return {
        "phone_number": number,
        "iso_country": country,
        "type": kind,
        "locality": locality,
        "region": region,
        "postal_code": postal_code,
        "rate_center": rate_center,
        "lata": lata,
        "latitude": None,
        "longitude": None,
        "address_requirements": "none",
        "beta": False,
        "capabilities": {"voice": True, "sms": True, "mms": number.startswith("+1")},
        **fields,
    }


def stock(store: Store) -> None:
    """What can be bought at first: numbers that are nobody's, of those which are set aside for fiction."""
    rows = [
        *(_row(f"+1415555010{n}", "US", "local", latitude="37.77", longitude="-122.41") for n in range(10)),
        *(_row(f"+1212555010{n}", "US", "local") for n in range(5)),
        _row("+12125550199", "US", "local", capabilities={"voice": True, "sms": False, "mms": False}),
        *(_row(f"+1888555010{n}", "US", "toll free") for n in range(5)),
        *(_row(f"+1416555010{n}", "CA", "local") for n in range(3)),
        *(_row(f"+44770090000{n}", "GB", "mobile", address_requirements="any") for n in range(3)),
        *(_row(f"+49302312500{n}", "DE", "local", address_requirements="local", locality="Berlin") for n in range(3)),
    ]
    collection = store.collection(NAME, "available_phone_numbers")
    collection.update({row["phone_number"]: row for row in rows})
