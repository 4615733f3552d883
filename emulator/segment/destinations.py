"""Destinations. github.com/segmentio/public-api-sdk-java api/openapi.yaml, createDestination and its neighbours

Of a secret setting, its hash is kept; replies have stars in its place, as "censored" values
(github.com/segmentio/terraform-provider-segment, pull request 211: what they look like is not documented).
"""

from typing import Any

from flask import Blueprint, Response

from emulator.context import store
from emulator.made_up import sha256, token
from emulator.segment.access import Body, authorize, json_body, page, reply
from emulator.segment.catalog import destination_metadata
from emulator.segment.errors import error, not_found, unprocessable
from emulator.segment.sources import find_source
from emulator.segment.state import NAME, records, switch
from emulator.store import Record

bp = Blueprint("destinations", __name__)
MASK = "•" * 12


class NewDestination(Body):
    sourceId: str  # noqa: N815 - the wire name
    metadataId: str  # noqa: N815 - the wire name
    settings: dict[str, Any]
    name: str = ""
    enabled: bool = False


class Changes(Body):
    name: str | None = None
    enabled: bool = False
    settings: dict[str, Any] | None = None


def _view(destination: Record) -> dict[str, Any]:
    shown = {name: destination[name] for name in ("id", "name", "enabled", "sourceId")}
    secrets = dict.fromkeys(destination["secrets_sha256"], MASK)
    metadata = destination_metadata(destination["metadataId"])
    return shown | {"settings": destination["settings"] | secrets, "metadata": metadata}


def find_destination(destination_id: str) -> Record:
    destination = records("destinations").get(destination_id)
    if destination is None:
        raise not_found(f"destination {destination_id}")
    return destination


def _settings(metadata_id: str, given: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Those to show and the hashes of the others. Segment's own words for an unknown one are not documented."""
    metadata = destination_metadata(metadata_id)
    kinds = {option["name"]: option["type"] for option in (metadata or {})["options"]}
    for name, value in given.items():
        if name not in kinds:
            raise unprocessable(f"{name!r} is no setting of this destination", "settings")
        if not isinstance(value, str):
            raise unprocessable(f"{name!r} must be a string", "settings")
    secret = {name: sha256(value) for name, value in given.items() if kinds[name] == "password"}
    return {name: value for name, value in given.items() if name not in secret}, secret


def _complete(destination: Record) -> None:
    """What is required must be there once it is enabled (not documented: the app refuses to enable it)."""
    metadata = destination_metadata(destination["metadataId"])
    has = destination["settings"].keys() | destination["secrets_sha256"].keys()
    missing = [option["name"] for option in (metadata or {})["options"] if option["required"]]
    if destination["enabled"] and (missing := [name for name in missing if name not in has]):
        raise unprocessable(f"{', '.join(missing)} must be set before it can be enabled", "settings")


@bp.post("/destinations")
def create() -> Response:
    authorize()
    body = json_body(NewDestination)
    find_source(body.sourceId)
    if destination_metadata(body.metadataId) is None:
        raise unprocessable(f"no destination metadata has the id {body.metadataId!r}", "metadataId")
    settings, secrets = _settings(body.metadataId, body.settings)
    destination = body.model_dump() | {"settings": settings, "secrets_sha256": secrets, "owner": body.sourceId}
    _complete(destination)
    destination["id"] = token(24, "destination", store().number("destination"))
    records("destinations")[destination["id"]] = destination
    return reply({"destination": _view(destination)})


@bp.get("/destinations")
def listing() -> Response:
    authorize()
    return page("destinations", [_view(destination) for destination in records("destinations").values()])


@bp.get("/destinations/<destination_id>")
def get(destination_id: str) -> Response:
    authorize()
    return reply({"destination": _view(find_destination(destination_id))})


@bp.patch("/destinations/<destination_id>")
def update(destination_id: str) -> Response:
    """Fields that are left out keep their values; of settings, see the switch."""
    authorize()
    destination = find_destination(destination_id)
    changes = json_body(Changes).model_dump(exclude_unset=True)
    given = changes.pop("settings", None)
    changed = destination | changes
    if given is not None:
        settings, secrets = _settings(destination["metadataId"], given)
        keeps = switch("update_of_settings")["keeps_others"]
        changed["settings"] = (destination["settings"] if keeps else {}) | settings
        changed["secrets_sha256"] = (destination["secrets_sha256"] if keeps else {}) | secrets
    if not changes and not given:
        raise error(400, "bad-request", "nothing that can be changed was sent")
    _complete(changed)
    destination.update(changed)
    return reply({"destination": _view(destination)})


@bp.delete("/destinations/<destination_id>")
def delete(destination_id: str) -> Response:
    """200 with a body, as documented; its subscriptions go with it (not documented)."""
    authorize()
    find_destination(destination_id)
    store().remove(NAME, "destinations", destination_id)
    return reply({"status": "SUCCESS"})
