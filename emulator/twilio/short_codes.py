"""Short codes: listed, read and changed, neither made nor given back.

github.com/twilio/twilio-oai twilio_api_v2010.json, https://www.twilio.com/docs/messaging/api/short-code-resource

The account has those that a record in `short_codes` makes: sid, account_sid, short_code and the dates; what else it
may have is below. What an empty value does is not documented; here, it clears a URL.
"""

import re
from typing import Any

from flask import Blueprint
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_pascal

from emulator.context import vendor_path
from emulator.store import Record
from emulator.twilio.access import Method, Page, Url, form, own, page_2010, query
from emulator.twilio.errors import invalid, not_found
from emulator.twilio.state import now, records, rfc_2822

bp = Blueprint("short_codes", __name__)
HOST = "api.twilio.com"
PATH = "/2010-04-01/Accounts/<account_sid>/SMS/ShortCodes"


class Settings(BaseModel):
    """The default of the methods is not documented; in the document's example they are POST."""

    model_config = ConfigDict(alias_generator=to_pascal, populate_by_name=True)

    friendly_name: str = Field(default="", min_length=1, max_length=64)
    api_version: str = Field(default="2010-04-01", pattern="^(2010-04-01|2008-08-01)$")
    sms_url: Url | None = None
    sms_method: Method = "POST"
    sms_fallback_url: Url | None = None
    sms_fallback_method: Method = "POST"


class Filter(Page):
    """ "You can specify partial numbers and use '*' as a wildcard for any digit.\""""

    model_config = ConfigDict(alias_generator=to_pascal, populate_by_name=True)

    friendly_name: str | None = None
    short_code: str | None = None


def _view(row: Record) -> dict[str, Any]:
    # "By default, the FriendlyName is the short code."
    settings = {**Settings().model_dump(), "friendly_name": row["short_code"]}
    return {
        **{name: row.get(name, default) for name, default in settings.items()},
        **{name: row[name] for name in ("sid", "account_sid", "short_code")},
        "date_created": rfc_2822(row["date_created"]),
        "date_updated": rfc_2822(row["date_updated"]),
        "uri": f"/2010-04-01/Accounts/{row['account_sid']}/SMS/ShortCodes/{row['sid']}.json",
    }


def _short_code(account_sid: str, short_code_sid: str) -> Record:
    own(account_sid)
    row = records("short_codes").get(short_code_sid)
    if row is None or row["account_sid"] != account_sid:
        raise not_found(vendor_path())
    return row


@bp.get(f"{PATH}.json")
def listing(account_sid: str) -> dict[str, Any]:
    own(account_sid)
    asked = query(Filter)
    pattern = re.escape(asked.short_code or "").replace(r"\*", r"\d")
    rows = [
        shown
        for shown in map(_view, records("short_codes").values())
        if shown["account_sid"] == account_sid
        and asked.friendly_name in (None, shown["friendly_name"])
        and re.search(pattern, shown["short_code"])
    ]
    return page_2010(asked, "short_codes", rows)


@bp.get(f"{PATH}/<short_code_sid>.json")
def fetch(account_sid: str, short_code_sid: str) -> dict[str, Any]:
    return _view(_short_code(account_sid, short_code_sid))


@bp.post(f"{PATH}/<short_code_sid>.json")
def update(account_sid: str, short_code_sid: str) -> dict[str, Any]:
    """Fields that are left out keep their values."""
    row = _short_code(account_sid, short_code_sid)
    sent = form(Settings)
    cleared = {name for name in ("SmsUrl", "SmsFallbackUrl") if sent.get(name) == ""}
    try:
        accepted = Settings.model_validate({name: value for name, value in sent.items() if name not in cleared})
    except ValidationError as cause:
        raise invalid(cause) from cause
    names = {field.alias: name for name, field in Settings.model_fields.items()}
    row.update({names[name]: getattr(accepted, names[name]) for name in sent}, date_updated=now())
    return _view(row)
