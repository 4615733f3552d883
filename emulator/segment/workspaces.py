"""The workspace of the token. github.com/segmentio/public-api-sdk-java api/openapi.yaml, getWorkspace"""

from flask import Blueprint, Response

from emulator.segment.access import authorize, reply
from emulator.segment.state import workspace

bp = Blueprint("workspaces", __name__)


@bp.get("/")
@bp.get("")
def get() -> Response:
    authorize()
    return reply({"workspace": {name: workspace()[name] for name in ("id", "slug", "name")}})
