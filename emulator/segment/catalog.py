"""The kinds of sources that can be made: a few of Segment's hundreds.

Ids: github.com/segmentio/segment-docs, front matter of src/connections/sources/catalog (HTTP API), and the examples
of github.com/segmentio/terraform-provider-segment (Javascript).
"""

from typing import Any

from flask import Blueprint, Response

from emulator.segment.access import authorize, page, reply
from emulator.segment.errors import not_found

bp = Blueprint("catalog", __name__)

_KINDS = {
    "iUM16Md8P2": ("http-api", "HTTP API", "Server"),
    "IqDTy1TpoU": ("javascript", "Javascript", "Website"),
}


def source_metadata(kind: str) -> dict[str, Any] | None:
    if kind not in _KINDS:
        return None
    slug, name, category = _KINDS[kind]
    return {
        "id": kind,
        "slug": slug,
        "name": name,
        "categories": [category],
        "description": f"{name} source.",
        "logos": {"default": f"https://cdn.example.com/{slug}.svg", "alt": None, "mark": None},
        "options": [],
        "isCloudEventSource": False,
    }


@bp.get("/catalog/sources")
def listing() -> Response:
    authorize()
    return page("sourcesCatalog", [row for row in map(source_metadata, _KINDS) if row])


@bp.get("/catalog/sources/<kind>")
def get(kind: str) -> Response:
    authorize()
    found = source_metadata(kind)
    if found is None:
        raise not_found(f"source metadata {kind}")
    return reply({"sourceMetadata": found})
