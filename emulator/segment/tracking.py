"""The Tracking API, of which `identify` is emulated: events of a source that is connected to a space make profiles.

https://www.twilio.com/docs/segment/connections/sources/catalog/libraries/server/http-api (no OpenAPI document)

"Segment returns a 200 response for all API requests except errors caused by large payloads and JSON errors": a wrong
write key, a missing user or the wrong region get one too, and nothing comes of it.
"""

import json
from typing import Any

from flask import Blueprint, Response, request

from emulator.context import host, violation
from emulator.made_up import token
from emulator.segment.profiles import make, promote
from emulator.segment.state import records, workspace

bp = Blueprint("tracking", __name__)

HOSTS = {"api.segment.io": "us", "events.eu1.segmentapis.com": "eu"}
LARGEST = 32 * 1024


def _reply(status: int, body: dict[str, Any]) -> Response:
    return Response(json.dumps(body), status, content_type="application/json")


def _source_id(body: dict[str, Any]) -> str | None:
    """By the write key in the body, or as the user name of basic authentication."""
    key = body.get("writeKey") or (request.authorization.username if request.authorization else None)
    return next((id_ for id_ in records("sources") if key == token(32, "write key", id_)), None)


@bp.post("/v1/identify")
def identify() -> Response:
    if len(request.get_data()) > LARGEST:
        return _reply(400, {"success": False, "message": "Exceed payload limit"})
    try:
        body = json.loads(request.get_data())
    except ValueError:
        return _reply(400, {"success": False, "message": "malformed JSON"})
    if "externalIds" in (body.get("context") or {}):
        violation("context.externalIds may make identifiers, which nobody can remove")
    source_id = _source_id(body)
    suppressed = body.get("userId") in records("suppressed_users")
    sent = {row["message_id"] for row in records("events").values()}
    accepted = source_id is not None and workspace()["region"] == HOSTS[host()] and not suppressed
    if source_id is not None and accepted and body.get("messageId") not in sent:
        records("events")[str(len(sent))] = {"message_id": body.get("messageId"), "source_id": source_id}
        for connection in records("space_sources").values():
            if connection["source_id"] == source_id and (external := promote(connection["space_id"], body)):
                make(connection["space_id"], source_id, external)
    return _reply(200, {"success": True})
