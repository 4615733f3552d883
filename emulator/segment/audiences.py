"""Audience previews, which are all that is emulated of audiences.

github.com/segmentio/public-api-sdk-typescript model/createAudiencePreviewInput.ts, model/audiencePreview.ts and their
neighbours (73.2.0); limits: github.com/segmentio/public-api-sdk-go api/api_audiences.go
"""

import re
import time
from typing import Any, Literal

from flask import Blueprint, Response, abort
from pydantic import Field

from emulator.context import store
from emulator.made_up import token
from emulator.segment.access import Body, authorize, json_body, reply
from emulator.segment.errors import error, failure, not_found
from emulator.segment.state import records
from emulator.store import Record

bp = Blueprint("audiences", __name__)

MONTH = 30 * 86_400.0
MINUTE = 60.0
LIMITS = ((5, MINUTE), (700, MONTH))
"""Previews in so many seconds. Whether a month is a calendar's is not documented, nor whether "5 requests per minute"
are of the workspace or, as the 700, of a space: here all of them are of a space."""

# "a default set of external identifiers will be used"
DEFAULT_IDS = ["user_id", "email", "android.idfa", "ios.idfa"]

# Everybody, by whether a trait is set: https://segment.com/docs/api/public-api/query-language
EVERYBODY = re.compile(r"trait\('([^']+)'\)\.exists\(\) OR trait\('\1'\)\.absent\(\)")


class Definition(Body):
    query: str = Field(min_length=1)
    targetEntity: str | None = None  # noqa: N815 - the wire name


class Options(Body):
    filterByExternalIds: list[str] = Field(default=DEFAULT_IDS)  # noqa: N815 - the wire name
    backfillEventDataDays: int | None = None  # noqa: N815 - the wire name


class NewPreview(Body):
    definition: Definition
    audienceType: Literal["USERS", "ACCOUNTS", "LINKED"]  # noqa: N815 - the wire name
    options: Options = Field(default_factory=Options)


def _space(space_id: str) -> None:
    if space_id not in records("spaces"):
        raise not_found(f"space {space_id}")
    if not records("switches")["audiences"]["enabled"]:
        # "the specified Workspace needs to have the Audience feature enabled": the refusal is not documented.
        raise error(403, "forbidden", "the Audience feature is not enabled in this workspace")


def _within_limits(space_id: str) -> None:
    made = sorted(row["created"] for row in records("audience_previews").values() if row["owner"] == space_id)
    for allowed, seconds in LIMITS:
        lately = [created for created in made if created > time.time() - seconds]
        if len(lately) >= allowed:
            raise failure(429, lately[-allowed] + seconds - time.time())


@bp.post("/spaces/<space_id>/audiences/previews")
def create(space_id: str) -> Response:
    authorize()
    _space(space_id)
    body = json_body(NewPreview)
    if body.audienceType != "USERS" or not EVERYBODY.fullmatch(body.definition.query):
        abort(404)  # other queries are not emulated
    _within_limits(space_id)
    preview_id = token(27, "audience preview", store().number("audience preview"))
    records("audience_previews")[preview_id] = {
        "id": preview_id,
        "owner": space_id,
        "created": time.time(),
        "reads": 0,
        "definition": body.definition.model_dump(exclude_none=True),
        "options": body.options.model_dump(exclude_none=True),
    }
    return reply({"audiencePreview": {"id": preview_id}})


def _members(preview: Record) -> list[Record]:
    """Those with "at least one external id whose key matches a value in this set". An unknown key: not documented, and
    nobody has one here."""
    wanted = set(preview["options"]["filterByExternalIds"])
    own = [profile for profile in records("profiles").values() if profile["space_id"] == preview["owner"]]
    return [profile for profile in own if wanted & {row["type"] for row in profile["external_ids"]}]


@bp.get("/spaces/<space_id>/audiences/previews/<preview_id>")
def get(space_id: str, preview_id: str) -> Response:
    """It runs for as many reads as the switch says. How long a result is kept is not documented."""
    authorize()
    _space(space_id)
    preview = records("audience_previews").get(preview_id)
    if preview is None or preview["owner"] != space_id:
        raise not_found(f"audience preview {preview_id}")
    preview["reads"] += 1
    switch = records("switches")["audiences"]
    shown: dict[str, Any] = {
        "id": preview_id,
        "audienceType": "USERS",
        "definition": preview["definition"],
        "options": preview["options"] | {"includeHistoricalData": True},
        "status": "RUNNING",
    }
    if preview["reads"] > switch["runs_for"]:
        members = _members(preview)
        done = {"status": "COMPLETED", "results": [{"id": member["id"]} for member in members[:10]]}
        size = {"count": len(members), "type": "USERS"}
        failed = {"status": "FAILED", "failureReason": switch["fails"]}
        shown |= failed if switch["fails"] else done | {"size": size}
    return reply({"audiencePreview": shown})
