"""Sources. github.com/segmentio/public-api-sdk-java api/openapi.yaml, createSource and its neighbours"""

from typing import Any

from flask import Blueprint, Response
from pydantic import Field

from emulator.context import store
from emulator.made_up import token
from emulator.segment.access import Body, authorize, json_body, page, reply
from emulator.segment.catalog import source_metadata
from emulator.segment.errors import not_found, unprocessable
from emulator.segment.state import NAME, WORKSPACE_ID, records
from emulator.store import Record

bp = Blueprint("sources", __name__)


class NewSource(Body):
    slug: str = Field(min_length=1)
    enabled: bool
    metadataId: str  # noqa: N815 - the wire name
    settings: dict[str, Any] = Field(default_factory=dict)


class Changes(Body):
    name: str = ""
    enabled: bool = True
    slug: str = Field(default="", min_length=1)
    settings: dict[str, Any] = Field(default_factory=dict)


def view(source: Record) -> dict[str, Any]:
    shown = ("id", "slug", "name", "enabled", "settings", "labels")
    return {name: source[name] for name in shown} | {
        "metadata": source_metadata(source["metadataId"]),
        "workspaceId": WORKSPACE_ID,
        # Every reply carries them. They depend on the id, so that none needs to be kept.
        "writeKeys": [token(32, "write key", source["id"])],
    }


def find_source(source_id: str) -> Record:
    source = records("sources").get(source_id)
    if source is None:
        raise not_found(f"source {source_id}")
    return source


def _free(slug: str, source_id: str | None = None) -> None:
    """A slug is unique in its workspace; the words of the refusal are not documented."""
    if any(source["slug"] == slug and source["id"] != source_id for source in records("sources").values()):
        raise unprocessable(f"the slug {slug!r} is already in use", "slug")


@bp.post("/sources")
def create() -> Response:
    authorize()
    body = json_body(NewSource)
    _free(body.slug)
    if source_metadata(body.metadataId) is None:
        raise unprocessable(f"no source metadata has the id {body.metadataId!r}", "metadataId")
    source_id = token(22, "source", store().number("source"))
    # There is no `name` to send, so the first one can only come from the slug (or the catalog: not documented).
    source = {"id": source_id, "name": body.slug, "labels": []} | body.model_dump()
    records("sources")[source_id] = source
    return reply({"source": view(source)})


@bp.get("/sources")
def listing() -> Response:
    authorize()
    return page("sources", [view(source) for source in records("sources").values()])


@bp.get("/sources/<source_id>")
def get(source_id: str) -> Response:
    authorize()
    return reply({"source": view(find_source(source_id))})


@bp.patch("/sources/<source_id>")
def update(source_id: str) -> Response:
    """Fields that are left out keep their values."""
    authorize()
    source = find_source(source_id)
    changes = json_body(Changes).model_dump(exclude_unset=True)
    if "slug" in changes:
        _free(changes["slug"], source_id)
    source.update(changes)
    return reply({"source": view(source)})


@bp.delete("/sources/<source_id>")
def delete(source_id: str) -> Response:
    """200 with a body, as documented."""
    authorize()
    find_source(source_id)
    store().remove(NAME, "sources", source_id)
    return reply({"status": "SUCCESS"})
