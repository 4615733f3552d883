"""Who calls; the envelope of replies; and the readers of what is sent.

https://docs.segmentapis.com: a version is asked for by media type, without one the most stable answers.
"""

import base64
import binascii
import json
import time
from typing import Any, TypeVar

from flask import Response, g, request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from emulator.context import host, violation
from emulator.made_up import sha256
from emulator.segment.errors import error, failure, invalid, unauthorized, unprocessable
from emulator.segment.state import FEATURES, records, switch, workspace

HOSTS = {"api.segmentapis.com": "us", "eu1.api.segmentapis.com": "eu"}
VERSIONS = tuple(f"application/vnd.segment.{version}+json" for version in ("v1", "v1beta", "v1alpha"))
ALPHA = VERSIONS[2:]

MINUTE = 60.0

M = TypeVar("M", bound=BaseModel)


class Body(BaseModel):
    """A JSON body: a wrong type or an unknown field is a 422."""

    model_config = ConfigDict(extra="forbid", strict=True)


def authorize(versions: tuple[str, ...] = VERSIONS) -> None:
    """A workspace lives in one region and its token opens nothing in another: the refusal there is not documented.

    versions  those that the operation exists in; how Segment refuses another one is not documented
    """
    g.versions = versions
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    own = workspace()
    if scheme.lower() != "bearer" or own["token_sha256"] != sha256(secret) or own["region"] != HOSTS[host()]:
        raise unauthorized()
    if request.accept_mimetypes and _answer() is None:
        raise error(406, "not-acceptable", f"the operation exists as {', '.join(versions)}")
    if request.get_data() and request.mimetype in VERSIONS and request.mimetype not in versions:
        raise error(415, "unsupported-media-type", f"the operation exists as {', '.join(versions)}")


def need(feature: str) -> None:
    """ "the specified Workspace needs to have the ... feature enabled": the status of the refusal is not documented."""
    if feature in workspace().get("features", FEATURES):
        return
    raise error(
        switch("missing_feature")["status"],
        "feature-not-enabled",
        f"the workspace does not have the {feature} feature enabled",
    )


def limit(name: str, calls: int) -> None:
    """Lets `calls` of this name through a minute. What is refused counts for nothing (not documented)."""
    now = time.time()
    record = records("limits").setdefault(name, {"at": []})
    record["at"] = [at for at in record["at"] if at > now - MINUTE]
    if len(record["at"]) >= calls:
        raise failure(429, record["at"][0] + MINUTE - now)
    record["at"].append(now)


def _answer() -> str | None:
    """The media type of the reply, or None where nothing that was asked for is there.

    What exists in alpha alone is not offered as plain JSON (openapi.yaml, the replies of its operations).
    """
    offered = g.versions if g.versions == ALPHA else ("application/json", *g.versions)
    return request.accept_mimetypes.best_match(offered)


def reply(data: dict[str, Any]) -> Response:
    """`{"data": ...}` in the media type that was asked for; without any, in the most stable."""
    kind = _answer() or (g.versions[0] if g.versions == ALPHA else "application/json")
    return Response(json.dumps({"data": data}), content_type=kind)


def json_body(model: type[M]) -> M:
    # Which other types are taken is not documented; the reference's examples send a version's own.
    if not request.is_json:
        raise error(415, "unsupported-media-type", f"send {VERSIONS[0]}")
    try:
        return model.model_validate_json(request.get_data())
    except ValidationError as cause:
        raise invalid(cause) from cause


class _Pagination(BaseModel):
    """PaginationInput; `count` is required."""

    cursor: str = ""
    count: int = Field(ge=1, le=200)


def _start(cursor: str) -> int:
    try:
        return int(base64.b64decode(cursor, validate=True)) if cursor else 0
    except (binascii.Error, ValueError) as cause:
        raise unprocessable("the cursor is invalid", "pagination.cursor") from cause


def _cursor(start: int) -> str:
    return base64.b64encode(str(start).encode()).decode()


def page(key: str, rows: list[dict[str, Any]]) -> Response:
    """One page. The parameters are `pagination[count]` and `pagination[cursor]`, or with a dot as the site has it."""
    given: dict[str, str] = {}
    for name, value in request.args.items():
        field = name.removeprefix("pagination").strip("[].")
        if name.startswith("pagination") and field in _Pagination.model_fields:
            given[field] = value
        else:
            violation(f"unknown query parameter {name!r}")
    try:
        asked = _Pagination.model_validate(given)
    except ValidationError as cause:
        raise invalid(cause) from cause
    start = _start(asked.cursor)
    pagination: dict[str, Any] = {"current": _cursor(start), "totalEntries": len(rows)}
    if start:
        pagination["previous"] = _cursor(max(0, start - asked.count))
    if start + asked.count < len(rows):
        pagination["next"] = _cursor(start + asked.count)
    return reply({key: rows[start : start + asked.count], "pagination": pagination})
