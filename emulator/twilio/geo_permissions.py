"""Messaging geo permissions. github.com/twilio/twilio-oai twilio_accounts_v1.json

"By default a newly created account allows messages to be sent to your home country":
https://www.twilio.com/docs/messaging/guides/sms-geo-permissions
"""

import json
from typing import Any, Literal

from flask import Blueprint, request
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from emulator.context import read_query, violation
from emulator.store import Record
from emulator.twilio.access import authorize
from emulator.twilio.errors import error, invalid
from emulator.twilio.state import records

bp = Blueprint("geo_permissions", __name__)
HOST = "accounts.twilio.com"
PATH = "/v1/Messaging/GeoPermissions"

HOME = "US"

# A few of all countries; the codes are ISO 3166's, the prefixes ITU-T E.164's.
PREFIXES = {
    **{"US": "+1", "CA": "+1", "DE": "+49", "FR": "+33", "GB": "+44", "IN": "+91", "IE": "+353", "AU": "+61"},
    **{"BD": "+880", "IL": "+972", "NG": "+234", "PK": "+92", "PS": "+970", "LK": "+94", "AZ": "+994"},
    **{"TJ": "+992", "OM": "+968", "TN": "+216", "DZ": "+213"},
}
HIGH_RISK = frozenset({"BD", "IL", "NG", "PK", "PS", "LK", "AZ", "TJ", "OM", "TN", "DZ"})
"""https://www.twilio.com/docs/api/errors/30649"""


class Query(BaseModel):
    country_code: str | None = Field(default=None, alias="CountryCode")


class Permission(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    country_code: str
    type: Literal["country"]
    enabled: bool


def _enabled(account_sid: str) -> Record:
    return records("geo_permissions").setdefault(account_sid, {code: code == HOME for code in PREFIXES})


def _shown(code: str, enabled: Record) -> dict[str, Any]:
    message = "High Risk Country" if code in HIGH_RISK else ""
    return {
        "country_code": code,
        "type": "country",
        "enabled": enabled[code],
        "prefix": PREFIXES[code],
        "message": message,
    }


@bp.get(PATH)
def fetch() -> dict[str, Any]:
    """The document's example asks for several at once, divided by commas."""
    enabled = _enabled(authorize().account_sid)
    asked = read_query(Query).country_code
    codes = asked.split(",") if asked else list(PREFIXES)
    return {"permissions": [_shown(code, enabled) for code in codes if code in PREFIXES]}


@bp.patch(PATH)
def update() -> dict[str, Any]:
    """One result for each that was sent, in which refusals are told; those of the document's example have the `enabled`
    that was asked for. What a country that is not known gets is not documented; here, it is the same code."""
    enabled = _enabled(authorize().account_sid)
    for name in request.form.keys() - {"Permissions"}:
        violation(f"unknown parameter {name!r}")
    try:
        rows = [json.loads(text) for text in request.form.getlist("Permissions")]
        asked = TypeAdapter(list[Permission]).validate_python(rows)
    except ValidationError as cause:
        raise invalid(cause) from cause
    except ValueError as cause:
        raise error(400, 20001, "Invalid Permissions: not JSON") from cause
    if not asked:
        raise error(400, 20001, "Missing required parameter Permissions in the post body")
    return {"permissions": [_set(row, enabled) for row in asked]}


def _set(asked: Permission, enabled: Record) -> dict[str, Any]:
    refusal = ""
    if asked.country_code not in PREFIXES:
        refusal = "Non-supported country permission cannot be updated"
    elif asked.country_code in HIGH_RISK:
        refusal = "High risk country permission cannot be updated"
    else:
        enabled[asked.country_code] = asked.enabled
    return asked.model_dump() | {
        "error_code": 30649 if refusal else 0,
        "error_messages": [refusal] if refusal else [],
    }
