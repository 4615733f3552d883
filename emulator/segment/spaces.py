"""Spaces: no operation makes, changes or removes one.

getSpace: github.com/segmentio/public-api-sdk-java api/openapi.yaml; listSpaces: github.com/segmentio/public-api-sdk-go
api/api_spaces.go. Both exist in alpha alone.
"""

from flask import Blueprint, Response

from emulator.segment.access import ALPHA, authorize, need, page, reply
from emulator.segment.errors import not_found
from emulator.segment.state import records

bp = Blueprint("spaces", __name__)


@bp.get("/spaces")
def listing() -> Response:
    authorize(ALPHA)
    need("Spaces")
    return page("spaces", list(records("spaces").values()))


@bp.get("/spaces/<space_id>")
def get(space_id: str) -> Response:
    authorize(ALPHA)
    need("Spaces")
    space = records("spaces").get(space_id)
    if space is None:
        raise not_found(f"space {space_id}")
    return reply({"space": space})
