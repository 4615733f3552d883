"""Subscriptions of a destination: which action acts on which events. They exist in alpha alone.

github.com/segmentio/public-api-sdk-java api/openapi.yaml, createDestinationSubscription and its neighbours. Creating,
updating and removing are limited to 5 calls a minute each.
"""

from typing import Any

from flask import Blueprint, Response
from pydantic import Field

from emulator.context import store
from emulator.made_up import token
from emulator.segment.access import ALPHA, Body, authorize, json_body, limit, need, page, reply
from emulator.segment.catalog import destination_metadata
from emulator.segment.destinations import find_destination
from emulator.segment.errors import not_found, unprocessable
from emulator.segment.state import NAME, records
from emulator.store import Record

bp = Blueprint("subscriptions", __name__)
A_MINUTE = 5
PATH = "/destinations/<destination_id>/subscriptions"


class NewSubscription(Body):
    name: str = Field(min_length=1)
    actionId: str  # noqa: N815 - the wire name
    trigger: str = Field(min_length=1)
    enabled: bool
    settings: dict[str, Any] = Field(default_factory=dict)


class Changes(Body):
    name: str = Field(default="", min_length=1)
    trigger: str = Field(default="", min_length=1)
    enabled: bool = False
    settings: dict[str, Any] = Field(default_factory=dict)


class Update(Body):
    input: Changes


def _begin(destination_id: str) -> Record:
    authorize(ALPHA)
    need("Destination Subscriptions")
    return find_destination(destination_id)


def _subscription(destination: Record, subscription_id: str) -> Record:
    found = records("subscriptions").get(subscription_id)
    if found is None or found["destinationId"] != destination["id"]:
        raise not_found(f"subscription {subscription_id}")
    return found


def _view(subscription: Record) -> dict[str, Any]:
    return {name: value for name, value in subscription.items() if name != "owner"}


def _action(destination: Record, action_id: str) -> dict[str, Any]:
    metadata = destination_metadata(destination["metadataId"]) or {}
    for action in metadata["actions"]:
        if action["id"] == action_id:
            return dict(action)
    raise unprocessable(f"the destination has no action {action_id!r}", "actionId")


def _check(action: dict[str, Any], settings: dict[str, Any]) -> None:
    fields = {field["fieldKey"] for field in action["fields"]}
    if unknown := settings.keys() - fields:
        raise unprocessable(f"{', '.join(sorted(unknown))}: no field of the action", "settings")


@bp.post(PATH)
def create(destination_id: str) -> Response:
    destination = _begin(destination_id)
    body = json_body(NewSubscription)
    limit("createDestinationSubscription", A_MINUTE)
    action = _action(destination, body.actionId)
    _check(action, body.settings)
    subscription_id = token(22, "subscription", store().number("subscription"))
    subscription = {"id": subscription_id, "destinationId": destination_id, "actionSlug": action["slug"]}
    subscription |= body.model_dump() | {"owner": destination_id}
    records("subscriptions")[subscription_id] = subscription
    return reply({"destinationSubscription": _view(subscription)})


@bp.get(PATH)
def listing(destination_id: str) -> Response:
    destination = _begin(destination_id)
    rows = records("subscriptions").values()
    return page("subscriptions", [_view(row) for row in rows if row["destinationId"] == destination["id"]])


@bp.get(f"{PATH}/<subscription_id>")
def get(destination_id: str, subscription_id: str) -> Response:
    return reply({"subscription": _view(_subscription(_begin(destination_id), subscription_id))})


@bp.patch(f"{PATH}/<subscription_id>")
def update(destination_id: str, subscription_id: str) -> Response:
    """Fields that are left out keep their values; settings are replaced as a whole (not documented)."""
    destination = _begin(destination_id)
    subscription = _subscription(destination, subscription_id)
    changes = json_body(Update).input.model_dump(exclude_unset=True)
    limit("updateSubscriptionForDestination", A_MINUTE)
    _check(_action(destination, subscription["actionId"]), changes.get("settings", {}))
    subscription.update(changes)
    return reply({"subscription": _view(subscription)})


@bp.delete(f"{PATH}/<subscription_id>")
def delete(destination_id: str, subscription_id: str) -> Response:
    _subscription(_begin(destination_id), subscription_id)
    limit("removeSubscriptionFromDestination", A_MINUTE)
    store().remove(NAME, "subscriptions", subscription_id)
    return reply({"status": "SUCCESS"})
