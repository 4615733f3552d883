"""Regulatory bundles, their end users and documents. github.com/twilio/twilio-oai twilio_numbers_v2.json

Copies, clones, the replacement of items and the upload of files are not emulated.
"""

from typing import Any, Literal

from flask import Blueprint
from pydantic import Field

from emulator.store import Record
from emulator.twilio import compliance
from emulator.twilio.access import FormBool
from emulator.twilio.errors import error
from emulator.twilio.state import records

bp = Blueprint("bundles", __name__)
HOST = "numbers.twilio.com"
PATH = "/v2/RegulatoryCompliance"


class Bundle(compliance.HolderChange):
    regulation_sid: str | None = Field(default=None, pattern="^RN[0-9a-fA-F]{32}$")
    iso_country: str | None = None
    end_user_type: Literal["individual", "business"] | None = None
    number_type: str | None = None
    is_test: FormBool = False


def _of_a_regulation(fields: Record) -> Record:
    """The regulation, or what names it. What the answer to neither is, is not documented."""
    named: dict[str, Any] = {name: fields.pop(name) for name in ("iso_country", "end_user_type", "number_type")}
    rows = records("regulations")
    if fields["regulation_sid"] is None:
        if not all(named.values()):
            raise error(400, 20001, "Missing required parameter RegulationSid in the post body")
        wanted = named | {"iso_country": named["iso_country"].upper()}
        fields["regulation_sid"] = next((key for key, row in rows.items() if row.items() >= wanted.items()), None)
    if fields["regulation_sid"] not in rows:
        # https://www.twilio.com/docs/api/errors/22200
        raise error(400, 22200, "Invalid End-User Type or Number Type")
    return fields


def _in_use(bundle_sid: str) -> None:
    if any(number.get("bundle_sid") == bundle_sid for number in records("incoming_phone_numbers").values()):
        # https://www.twilio.com/docs/api/errors/21648
        raise error(400, 21648, "Regulatory Bundle cannot be deleted due to active number assignment")


compliance.Items(
    host=HOST,
    path=f"{PATH}/EndUsers",
    collection="end_users",
    prefix="IT",
    holders=("bundles",),
    types=("individual", "business"),
).register(bp)

compliance.Items(
    host=HOST,
    path=f"{PATH}/SupportingDocuments",
    collection="supporting_documents",
    prefix="RD",
    holders=("bundles",),
    draft=("draft", "pending-review"),
    also=("mime_type", "failure_reason", "errors"),
).register(bp)

compliance.Holders(
    host=HOST,
    path=f"{PATH}/Bundles",
    collection="bundles",
    name="bundle_sid",
    requirement=("regulation_sid", "regulations"),
    assignments="ItemAssignments",
    items=("end_users", "supporting_documents"),
    documents=("supporting_documents", "pending-review"),
    submitted="pending-review",
    links={"evaluations": "Evaluations", "item_assignments": "ItemAssignments", "bundle_copies": "Copies"},
    statuses=(*compliance.STATUSES, "provisionally-approved"),
    new=Bundle,
    settle=_of_a_regulation,
    in_use=_in_use,
).register(bp)
