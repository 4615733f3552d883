"""What countries ask of those who hold a number. github.com/twilio/twilio-oai twilio_numbers_v2.json,
https://www.twilio.com/docs/phone-numbers/regulatory/api/regulations

Which there are stands in requirements.py; `IncludeConstraints` adds nothing here.
"""

from typing import Any, Literal

from flask import Blueprint
from pydantic import ConfigDict
from pydantic.alias_generators import to_pascal

from emulator.context import url, vendor_path
from emulator.store import Record
from emulator.twilio.access import FormBool, Page, authorize, page, query
from emulator.twilio.errors import not_found
from emulator.twilio.state import records

bp = Blueprint("regulations", __name__)
HOST = "numbers.twilio.com"
PATH = "/v2/RegulatoryCompliance/Regulations"


class Filter(Page):
    model_config = ConfigDict(alias_generator=to_pascal, populate_by_name=True)

    end_user_type: Literal["individual", "business"] | None = None
    iso_country: str | None = None
    number_type: str | None = None
    include_constraints: FormBool = False


def regulated(country: str, kind: str) -> bool:
    """Does a number of this country and type need a bundle?"""
    return any((row["iso_country"], row["number_type"]) == (country, kind) for row in records("regulations").values())


def _view(row: Record) -> dict[str, Any]:
    return row | {"url": url(HOST, f"{PATH}/{row['sid']}")}


@bp.get(PATH)
def listing() -> dict[str, Any]:
    authorize()
    asked = query(Filter)
    wanted = asked.model_dump(include={"end_user_type", "iso_country", "number_type"}, exclude_none=True)
    rows = [_view(row) for row in records("regulations").values() if row.items() >= wanted.items()]
    return page("results", rows, asked)


@bp.get(f"{PATH}/<regulation_sid>")
def fetch(regulation_sid: str) -> dict[str, Any]:
    authorize()
    row = records("regulations").get(regulation_sid)
    if row is None:
        raise not_found(vendor_path())
    return _view(row)
