"""Labels of the workspace, and those of a source. github.com/segmentio/public-api-sdk-java api/openapi.yaml, Labels

A label's key and value are unique together: the refusal of a second one is not documented.
"""

from flask import Blueprint, Response
from pydantic import Field

from emulator.segment.access import Body, authorize, json_body, limit, reply
from emulator.segment.errors import not_found, unprocessable
from emulator.segment.sources import find_source
from emulator.segment.state import records
from emulator.store import Record

bp = Blueprint("labels", __name__)
A_MINUTE = 60  # of creating and of deleting labels, says the document


class Label(Body):
    key: str = Field(min_length=1)
    value: str = Field(min_length=1)
    description: str | None = None


class NewLabel(Body):
    label: Label


class Labels(Body):
    labels: list[Label] = Field(default_factory=list)


def _shown(label: Label) -> Record:
    return label.model_dump(exclude_none=True)


@bp.get("/labels")
def listing() -> Response:
    """Not by pages: the operation has no such parameter."""
    authorize()
    return reply({"labels": list(records("labels").values())})


@bp.post("/labels")
def create() -> Response:
    authorize()
    label = json_body(NewLabel).label
    limit("createLabel", A_MINUTE)
    key = f"{label.key}/{label.value}"
    if key in records("labels"):
        raise unprocessable(f"the label {label.key}:{label.value} exists", "label")
    records("labels")[key] = _shown(label)
    return reply({"label": records("labels")[key]})


@bp.delete("/labels/<key>/<value>")
def delete(key: str, value: str) -> Response:
    """Sources lose it (not documented)."""
    authorize()
    limit("deleteLabel", A_MINUTE)
    if records("labels").pop(f"{key}/{value}", None) is None:
        raise not_found(f"label {key}:{value}")
    for source in records("sources").values():
        source["labels"] = [label for label in source["labels"] if (label["key"], label["value"]) != (key, value)]
    return reply({"status": "SUCCESS"})


def _existing(labels: list[Label]) -> list[Record]:
    """ "Adds an existing label to a Source": how another one is refused is not documented."""
    for label in labels:
        if f"{label.key}/{label.value}" not in records("labels"):
            raise unprocessable(f"the workspace has no label {label.key}:{label.value}", "labels")
    return [{"key": label.key, "value": label.value} for label in labels]


@bp.post("/sources/<source_id>/labels")
def add(source_id: str) -> Response:
    """One that it has is not added again (not documented)."""
    authorize()
    source = find_source(source_id)
    added = _existing(json_body(Labels).labels)
    source["labels"] += [label for label in added if label not in source["labels"]]
    return reply({"labels": source["labels"]})


@bp.put("/sources/<source_id>/labels")
def replace(source_id: str) -> Response:
    authorize()
    source = find_source(source_id)
    source["labels"] = _existing(json_body(Labels).labels)
    return reply({"labels": source["labels"]})
