"""Tracking plans, their rules and their sources; labels."""

from typing import Any

import pytest

from emulator import Emulator
from tests.emulator.conftest import Client, refusal
from tests.emulator.test_segment import new

PAGE = {"pagination[count]": 200}
RULE = {"type": "TRACK", "key": "Order Completed", "version": 1, "jsonSchema": {"type": "object"}}
DEV, CRM = {"key": "environment", "value": "dev"}, {"key": "team", "value": "crm"}


def plan(client: Client, name: str = "Engage: dev", **fields: Any) -> Any:
    reply = client.segment("POST", "/tracking-plans", json={"name": name, "type": "LIVE"} | fields)
    assert reply.status_code == 200, reply.text
    return reply.json()["data"]["trackingPlan"]


def rules(client: Client, path: str) -> Any:
    return client.segment("GET", f"{path}/rules", params=PAGE).json()["data"]["rules"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/tracking-plans"),
        ("POST", "/tracking-plans"),
        ("GET", "/tracking-plans/a"),
        ("PATCH", "/tracking-plans/a"),
        ("DELETE", "/tracking-plans/a"),
        ("GET", "/tracking-plans/a/rules"),
        ("PUT", "/tracking-plans/a/rules"),
        ("GET", "/tracking-plans/a/sources"),
        ("POST", "/tracking-plans/a/sources"),
        ("DELETE", "/tracking-plans/a/sources"),
        ("GET", "/labels"),
        ("POST", "/labels"),
        ("DELETE", "/labels/a/b"),
        ("POST", "/sources/a/labels"),
        ("PUT", "/sources/a/labels"),
    ],
)
def test_a_wrong_token_is_refused_everywhere(client: Client, method: str, path: str) -> None:
    assert client.segment(method, path, headers={"Authorization": "Bearer wrong"}).status_code == 401


def test_a_plan_is_made_changed_listed_and_deleted(client: Client) -> None:
    shown = plan(client, description="Who we write to")
    assert (shown["slug"], shown["type"]) == ("engage-dev", "LIVE")
    path = f"/tracking-plans/{shown['id']}"
    success = {"data": {"status": "SUCCESS"}}
    assert client.segment("PATCH", path, json={"description": ""}).json() == success
    found = client.segment("GET", path).json()["data"]["trackingPlan"]
    assert found == shown | {"description": "", "updatedAt": found["updatedAt"]}
    assert client.segment("GET", "/tracking-plans", params=PAGE).json()["data"]["trackingPlans"] == [found]
    assert client.segment("DELETE", path).json() == success
    for method in ("GET", "DELETE"):
        assert client.segment(method, path).status_code == 404


@pytest.mark.parametrize("body", [{"name": "x"}, {"name": "x", "type": "live"}, {"name": "", "type": "LIVE"}])
def test_a_plan_has_a_name_and_a_known_type(client: Client, body: dict[str, Any]) -> None:
    assert client.segment("POST", "/tracking-plans", json=body).status_code == 422


def test_rules_are_replaced_as_a_whole_and_rewritten(client: Client) -> None:
    path = f"/tracking-plans/{plan(client)['id']}"
    identify = {"type": "IDENTIFY", "version": 1, "jsonSchema": {}}
    assert client.segment("PUT", f"{path}/rules", json={"rules": [RULE, identify]}).status_code == 200
    first, second = rules(client, path)
    assert (first["type"], second["type"], second["jsonSchema"]) == (
        "IDENTIFY",
        "TRACK",
        {"labels": {}, "type": "object"},
    )
    assert {"createdAt", "updatedAt", "deprecatedAt"} <= first.keys()
    assert client.segment("PUT", f"{path}/rules", json={"rules": []}).status_code == 200
    assert rules(client, path) == []


@pytest.mark.parametrize(
    "wrong", [[RULE, RULE], [{**RULE, "type": "track"}], [{"type": "TRACK", "version": 1}], [{**RULE, "schema": {}}]]
)
def test_a_rule_that_is_none_is_refused_and_changes_nothing(client: Client, wrong: list[Any]) -> None:
    path = f"/tracking-plans/{plan(client)['id']}"
    client.segment("PUT", f"{path}/rules", json={"rules": [RULE]})
    assert client.segment("PUT", f"{path}/rules", json={"rules": wrong}).status_code == 422
    assert len(rules(client, path)) == 1


def test_rules_are_listed_twenty_times_a_minute(client: Client) -> None:
    path = f"/tracking-plans/{plan(client)['id']}/rules"
    statuses = [client.segment("GET", path, params=PAGE).status_code for _ in range(21)]
    assert statuses == [200] * 20 + [429]


def test_a_source_has_one_plan_at_most(client: Client) -> None:
    source = new(client)
    path, other = (f"/tracking-plans/{plan(client, name)['id']}/sources" for name in ("a", "b"))
    body = {"sourceId": source["id"]}
    for _ in range(2):
        assert client.segment("POST", path, json=body).status_code == 200
    assert client.segment("GET", path, params=PAGE).json()["data"]["sources"] == [source]
    assert refusal(client.segment("POST", other, json=body)) == (
        422,
        ["the source is connected to another tracking plan"],
    )
    assert client.segment("POST", other, json={"sourceId": "nobody"}).status_code == 404
    assert client.segment("DELETE", other, params=body).status_code == 404
    assert client.segment("DELETE", path, params=body).status_code == 200
    assert client.segment("GET", path, params=PAGE).json()["data"]["sources"] == []
    assert client.segment("POST", other, json=body).status_code == 200


def test_a_plan_that_is_deleted_lets_its_sources_go(client: Client, emu: Emulator) -> None:
    path = f"/tracking-plans/{plan(client)['id']}"
    client.segment("POST", f"{path}/sources", json={"sourceId": new(client)["id"]})
    client.segment("DELETE", path)
    assert emu.state.collection("segment", "tracking_plan_sources") == {}


def test_a_label_is_made_once_and_its_deletion_reaches_the_sources(client: Client) -> None:
    source = new(client)["id"]
    described = {"label": CRM | {"description": "CRM"}}
    assert client.segment("POST", "/labels", json=described).json()["data"] == described
    assert client.segment("POST", "/labels", json={"label": CRM}).status_code == 422
    assert described["label"] in client.segment("GET", "/labels").json()["data"]["labels"]
    client.segment("PUT", f"/sources/{source}/labels", json={"labels": [CRM, DEV]})
    assert client.segment("DELETE", "/labels/team/crm").json() == {"data": {"status": "SUCCESS"}}
    assert client.segment("DELETE", "/labels/team/crm").status_code == 404
    assert client.segment("GET", f"/sources/{source}").json()["data"]["source"]["labels"] == [DEV]


def test_labels_are_added_to_a_source_or_take_the_place_of_its_own(client: Client) -> None:
    path = f"/sources/{new(client)['id']}/labels"
    client.segment("POST", "/labels", json={"label": CRM})
    assert client.segment("POST", path, json={"labels": [DEV]}).json()["data"]["labels"] == [DEV]
    assert client.segment("POST", path, json={"labels": [DEV, CRM]}).json()["data"]["labels"] == [DEV, CRM]
    assert client.segment("PUT", path, json={"labels": [CRM]}).json()["data"]["labels"] == [CRM]


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_a_source_takes_only_labels_that_the_workspace_has(client: Client, method: str) -> None:
    reply = client.segment(method, f"/sources/{new(client)['id']}/labels", json={"labels": [CRM]})
    assert refusal(reply) == (422, ["the workspace has no label team:crm"])
