"""The Profile API, of which external ids are read here, and how profiles come to be from events.

https://www.twilio.com/docs/segment/unify/profile-api (no OpenAPI document); identity resolution:
https://www.twilio.com/docs/segment/unify/identity-resolution/identity-resolution-onboarding
"""

import json
import re
from typing import Any

from flask import Blueprint, Response, request
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from emulator.context import host, read_query, store, vendor_path
from emulator.errors import VendorError
from emulator.made_up import sha256, token
from emulator.segment.state import add_external_ids, records, workspace
from emulator.store import Record

bp = Blueprint("profiles", __name__)

HOSTS = {"profiles.segment.com": "us", "profiles.euw1.segment.com": "eu"}

_LOCATIONS = {"user_id": "userId", "anonymous_id": "anonymousId", "group_id": "groupId"}
"""The default identifiers that are not traits. Those of devices stand in `context.device`, which is not emulated."""


def _error(status: int, code: str, message: str) -> VendorError:
    return VendorError(status, {"error": {"code": code, "message": message}})


def _authorize(space_id: str) -> None:
    """Basic, with the space's token as user name and no password. A token of another space: documented is a 401 for
    what is no valid token, and nothing else."""
    given = request.authorization
    valid = [row["token_sha256"] for row in records("profile_tokens").values() if row["space_id"] == space_id]
    if (
        given is None
        or given.type != "basic"
        or given.password
        or sha256(given.username or "") not in valid
        or workspace()["region"] != HOSTS[host()]
    ):
        raise _error(401, "authentication_error", "Failure to properly authenticate yourself in the request.")


class Query(BaseModel):
    """`limit`: "between 1 and 100". Its default is not documented for external ids; it is 10 for traits."""

    model_config = ConfigDict(extra="forbid")

    include: str = ""
    limit: int = Field(default=10, ge=1, le=100)
    next: str = ""
    verbose: bool = False


def find(space_id: str, kind: str, value: str) -> Record | None:
    """The profile of this space that has this external id."""
    for profile in records("profiles").values():
        if profile["space_id"] == space_id:
            for row in profile["external_ids"]:
                if (row["type"], row["id"]) == (kind, value):
                    return profile
    return None


@bp.get("/v1/spaces/<space_id>/collections/users/profiles/<reference>/external_ids")
def external_ids(space_id: str, reference: str) -> Response:
    _authorize(space_id)
    try:
        asked = read_query(Query)
    except ValidationError as cause:
        raise _error(400, "invalid_request_error", "the query has invalid parameters") from cause
    # "insert the escape characters %2B in place of the plus sign"; "a value with a non-alphanumeric character, then the
    # Profile API may respond with 500 error": here it always does. Unreserved characters need no escape (RFC 3986).
    sent = request.environ["REQUEST_URI"].partition("?")[0].split("/")[-2].partition(":")[2]
    if not re.fullmatch(r"([\w.~+-]|%[0-9A-Fa-f]{2})*", sent, re.ASCII):
        raise _error(500, "internal_error", "Something went wrong.")
    kind, _, value = reference.partition(":")
    profile = find(space_id, kind, value.replace("+", " ") if "+" in sent else value)
    if profile is None:
        raise _error(404, "not_found", "Profile was not found.")
    wanted = [kind for kind in asked.include.split(",") if kind]
    rows = [row for row in profile["external_ids"] if not wanted or row["type"] in wanted]
    keys = [row["key"] for row in rows]
    start = keys.index(asked.next) if asked.next in keys else 0
    rest = keys[start + asked.limit :]
    shown = [{name: v for name, v in row.items() if name != "key"} for row in rows[start : start + asked.limit]]
    # The documented path has the profile's own id in place of the external id.
    path = vendor_path().replace(reference, profile["id"])
    cursor = {"url": path, "has_more": bool(rest), "next": rest[0] if rest else ""}
    return Response(json.dumps({"data": shown, "cursor": cursor}), content_type="application/json")


def make(space_id: str, source_id: str, external: dict[str, str]) -> Record:
    """A profile of these external ids; one that has any of them gets the others. (Limits, priorities, blocked values
    and merges of several profiles are not emulated.)"""
    found = (find(space_id, kind, value) for kind, value in external.items())
    profile = next((each for each in found if each), None)
    if profile is None:
        profile_id = "use_" + token(27, "profile", store().number("profile"))
        profile = {"id": profile_id, "owner": space_id, "space_id": space_id, "external_ids": []}
        records("profiles")[profile_id] = profile
    add_external_ids(store(), profile, source_id, external)
    return profile


def promote(space_id: str, event: dict[str, Any]) -> dict[str, str]:
    """The external ids of an event: what it has at the places of the space's identifiers.

    A custom one is a trait of that name, in snake_case or camelCase.
    """
    found: dict[str, str] = {}
    for identifier in records("identifiers").values():
        if identifier["space_id"] == space_id:
            name = identifier["name"]
            traits = event.get("traits") or {}
            at = _LOCATIONS.get(name)
            value = event.get(at) if at else traits.get(name, traits.get(to_camel(name)))
            if isinstance(value, str) and value:
                # They are looked up in small letters: github.com/segmentio/segment-docs pull 7780. So they are kept so.
                found[name] = value.lower()
    return found
