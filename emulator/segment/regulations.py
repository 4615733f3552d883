"""Deletion and suppression of users.

github.com/segmentio/public-api-sdk-java api/openapi.yaml, createWorkspaceRegulation;
https://www.twilio.com/docs/segment/privacy/user-deletion-and-suppression: "a 30-day SLA"; here it is done at once.
"""

from datetime import UTC, datetime
from typing import Literal

from flask import Blueprint, Response
from pydantic import Field

from emulator.context import store
from emulator.made_up import token
from emulator.segment.access import Body, authorize, json_body, reply
from emulator.segment.errors import not_found
from emulator.segment.state import NAME, WORKSPACE_ID, records

bp = Blueprint("regulations", __name__)


class NewRegulation(Body):
    """Up to 5,000 users a call, says the documentation; the document's list of types lacks the _INTERNAL one."""

    regulationType: Literal[  # noqa: N815 - the wire name
        "BULK_DELETE_ONLY",
        "DELETE_INTERNAL",
        "DELETE_ONLY",
        "SUPPRESS_ONLY",
        "SUPPRESS_WITH_DELETE",
        "SUPPRESS_WITH_DELETE_INTERNAL",
        "UNSUPPRESS",
    ]
    subjectType: Literal["USER_ID", "OBJECT_ID"]  # noqa: N815 - the wire name
    subjectIds: list[str] = Field(min_length=1, max_length=5000)  # noqa: N815 - the wire name


def _delete(user_id: str) -> None:
    """Every profile of this user, in all spaces."""
    for profile_id, profile in list(records("profiles").items()):
        if ("user_id", user_id) in {(row["type"], row["id"]) for row in profile["external_ids"]}:
            store().remove(NAME, "profiles", profile_id)


@bp.post("/regulations")
def create() -> Response:
    authorize()
    body = json_body(NewRegulation)
    for user_id in body.subjectIds if body.subjectType == "USER_ID" else ():
        if "DELETE" in body.regulationType:
            _delete(user_id)
        if body.regulationType.startswith("SUPPRESS"):
            records("suppressed_users")[user_id] = {"id": user_id}
        if body.regulationType == "UNSUPPRESS":
            records("suppressed_users").pop(user_id, None)
    regulation_id = token(27, "regulation", store().number("regulation"))
    now = datetime.now(UTC).isoformat(sep=" ")
    records("regulations")[regulation_id] = {
        "id": regulation_id,
        "workspaceId": WORKSPACE_ID,
        "createdAt": now,
        "finishedAt": now,
        "overallStatus": "FINISHED",
        "streamStatus": [],
    }
    return reply({"regulateId": regulation_id})


@bp.get("/regulations/<regulation_id>")
def get(regulation_id: str) -> Response:
    authorize()
    regulation = records("regulations").get(regulation_id)
    if regulation is None:
        raise not_found(f"regulation {regulation_id}")
    return reply({"regulation": regulation})
