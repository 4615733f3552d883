"""Tracking plans, their rules and their sources.

github.com/segmentio/public-api-sdk-java api/openapi.yaml, createTrackingPlan and its neighbours
"""

from datetime import UTC, datetime
from typing import Any, Literal

from flask import Blueprint, Response, request
from pydantic import Field, JsonValue

from emulator.context import store, violation
from emulator.made_up import token
from emulator.segment.access import Body, authorize, json_body, limit, need, page, reply
from emulator.segment.errors import not_found, unprocessable
from emulator.segment.sources import find_source, view
from emulator.segment.state import NAME, records
from emulator.store import Record

bp = Blueprint("tracking_plans", __name__)
PATH = "/tracking-plans"
RULE_LISTS_A_MINUTE = 20  # says the document of listRulesFromTrackingPlan

PlanType = Literal["LIVE", "PROPERTY_LIBRARY", "RULE_LIBRARY", "TEMPLATE"]
RuleType = Literal["COMMON", "GROUP", "IDENTIFY", "PAGE", "SCREEN", "TRACK"]
SUCCESS = {"status": "SUCCESS"}
NEVER = "0001-01-01T00:00:00.000Z"  # as in internal/provider/tracking_plan_resource_test.go of Segment's own provider


class NewPlan(Body):
    name: str = Field(min_length=1)
    type: PlanType
    description: str = ""


class Changes(Body):
    name: str = Field(default="", min_length=1)
    description: str = ""


class Rule(Body):
    type: RuleType
    jsonSchema: JsonValue  # noqa: N815 - the wire name
    version: float = Field(strict=False)
    key: str = ""


class Rules(Body):
    rules: list[Rule] = Field(default_factory=list)


class Connection(Body):
    sourceId: str  # noqa: N815 - the wire name


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _begin() -> None:
    authorize()
    need("Protocols")


def _plan(plan_id: str) -> Record:
    plan = records("tracking_plans").get(plan_id)
    if plan is None:
        raise not_found(f"tracking plan {plan_id}")
    return plan


def _view(plan: Record) -> dict[str, Any]:
    return {name: value for name, value in plan.items() if name != "rules"}


@bp.post(PATH)
def create() -> Response:
    _begin()
    body = json_body(NewPlan)
    plan_id = f"tp_{token(27, 'tracking plan', store().number('tracking plan'))}"
    slug = "-".join("".join(c if c.isalnum() else " " for c in body.name.lower()).split())
    times = {"createdAt": _now(), "updatedAt": _now()}
    plan = {"id": plan_id, "slug": slug} | body.model_dump() | times | {"rules": []}
    records("tracking_plans")[plan_id] = plan
    return reply({"trackingPlan": _view(plan)})


@bp.get(PATH)
def listing() -> Response:
    _begin()
    return page("trackingPlans", [_view(plan) for plan in records("tracking_plans").values()])


@bp.get(f"{PATH}/<plan_id>")
def get(plan_id: str) -> Response:
    _begin()
    return reply({"trackingPlan": _view(_plan(plan_id))})


@bp.patch(f"{PATH}/<plan_id>")
def update(plan_id: str) -> Response:
    """Fields that are left out keep their values."""
    _begin()
    plan = _plan(plan_id)
    plan.update(json_body(Changes).model_dump(exclude_unset=True), updatedAt=_now())
    return reply(SUCCESS)


@bp.delete(f"{PATH}/<plan_id>")
def delete(plan_id: str) -> Response:
    """Its sources are connected no more (not documented)."""
    _begin()
    _plan(plan_id)
    store().remove(NAME, "tracking_plans", plan_id)
    return reply(SUCCESS)


@bp.get(f"{PATH}/<plan_id>/rules")
def rules(plan_id: str) -> Response:
    _begin()
    plan = _plan(plan_id)
    limit("listRulesFromTrackingPlan", RULE_LISTS_A_MINUTE)
    return page("rules", plan["rules"])


@bp.put(f"{PATH}/<plan_id>/rules")
def replace_rules(plan_id: str) -> Response:
    """Two rules of the same type, key and version are refused (not documented). The order is not kept, and a schema
    gets what it lacks: "might not show an exact representation" (terraform-provider-segment, tracking_plan_resource.go;
    what exactly is added is not documented)."""
    _begin()
    plan = _plan(plan_id)
    given = json_body(Rules).rules
    if len({(rule.type, rule.key, rule.version) for rule in given}) != len(given):
        raise unprocessable("two rules have the same type, key and version", "rules")
    times = {"createdAt": _now(), "updatedAt": _now(), "deprecatedAt": NEVER}
    stored = [rule.model_dump(exclude_unset=True) | times for rule in given]
    for rule in stored:
        if isinstance(rule["jsonSchema"], dict):
            rule["jsonSchema"] = {"labels": {}} | rule["jsonSchema"]
    plan["rules"] = sorted(stored, key=lambda rule: (rule["type"], rule.get("key", "")))
    return reply(SUCCESS)


@bp.post(f"{PATH}/<plan_id>/sources")
def connect(plan_id: str) -> Response:
    """A source has one plan at most: segment.com/docs/protocols/enforce/ (how a second one is refused is not
    documented)."""
    _begin()
    _plan(plan_id)
    source_id = json_body(Connection).sourceId
    find_source(source_id)
    connections = records("tracking_plan_sources")
    if any(row["sourceId"] == source_id and row["owner"] != plan_id for row in connections.values()):
        raise unprocessable("the source is connected to another tracking plan", "sourceId")
    connections[f"{plan_id}/{source_id}"] = {"sourceId": source_id, "owner": plan_id}
    return reply(SUCCESS)


@bp.get(f"{PATH}/<plan_id>/sources")
def sources(plan_id: str) -> Response:
    _begin()
    _plan(plan_id)
    mine = [row["sourceId"] for row in records("tracking_plan_sources").values() if row["owner"] == plan_id]
    return page("sources", [view(records("sources")[each]) for each in mine if each in records("sources")])


@bp.delete(f"{PATH}/<plan_id>/sources")
def disconnect(plan_id: str) -> Response:
    _begin()
    _plan(plan_id)
    for name in request.args.keys() - {"sourceId"}:
        violation(f"unknown query parameter {name!r}")
    key = f"{plan_id}/{request.args.get('sourceId', '')}"
    if key not in records("tracking_plan_sources"):
        raise not_found("the connection")
    store().remove(NAME, "tracking_plan_sources", key)
    return reply(SUCCESS)
