"""The rules of Segment's Public API."""

from typing import Any

import pytest

from emulator import Emulator
from emulator.segment.state import WORKSPACE_ID
from tests.emulator.conftest import Client, refusal

HTTP_API = "iUM16Md8P2"
V1 = "application/vnd.segment.v1+json"


def new(client: Client, slug: str = "engage", **fields: Any) -> Any:
    reply = client.segment("POST", "/sources", json={"slug": slug, "enabled": True, "metadataId": HTTP_API} | fields)
    assert reply.status_code == 200, reply.text
    return reply.json()["data"]["source"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/sources"),
        ("POST", "/sources"),
        ("GET", "/sources/a"),
        ("PATCH", "/sources/a"),
        ("DELETE", "/sources/a"),
        ("GET", "/catalog/sources"),
        ("GET", "/catalog/sources/a"),
    ],
)
def test_a_wrong_token_is_refused_everywhere(client: Client, method: str, path: str) -> None:
    assert client.segment(method, path, headers={"Authorization": "Bearer wrong"}).status_code == 401


def test_a_token_opens_its_workspace_and_only_in_its_region(client: Client, emu: Emulator) -> None:
    assert client.segment("GET", "/").json() == {
        "data": {"workspace": {"id": WORKSPACE_ID, "slug": "engage", "name": "Engage"}}
    }
    assert client.segment("GET", "/", host="eu1.api.segmentapis.com").status_code == 401
    emu.state.alter("segment", "workspaces", WORKSPACE_ID, region="eu")
    assert client.segment("GET", "/", host="eu1.api.segmentapis.com").status_code == 200


@pytest.mark.parametrize(
    ("accept", "answer"), [("*/*", "application/json"), (V1, V1), (f"{V1}, application/json;q=0.5", V1)]
)
def test_the_reply_has_the_media_type_that_was_asked_for(client: Client, accept: str, answer: str) -> None:
    assert client.segment("GET", "/", headers={"Accept": accept}).headers["Content-Type"] == answer


def test_a_new_source_has_all_that_the_document_promises(client: Client) -> None:
    source = new(client, settings={"a": [1]})
    assert (source["slug"], source["enabled"], source["settings"]) == ("engage", True, {"a": [1]})
    assert (source["workspaceId"], source["labels"], len(source["writeKeys"])) == (WORKSPACE_ID, [], 1)
    assert source["metadata"]["slug"] == "http-api"
    assert client.segment("GET", f"/sources/{source['id']}").json()["data"]["source"] == source


def test_a_slug_is_unique_in_the_workspace(client: Client) -> None:
    new(client, "engage")
    reply = client.segment("POST", "/sources", json={"slug": "engage", "enabled": True, "metadataId": HTTP_API})
    assert refusal(reply) == (422, ["the slug 'engage' is already in use"])
    other = new(client, "other")["id"]
    assert client.segment("PATCH", f"/sources/{other}", json={"slug": "engage"}).status_code == 422
    assert client.segment("PATCH", f"/sources/{other}", json={"slug": "other"}).status_code == 200


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"slug": ""}, "slug"),
        ({"enabled": "true"}, "enabled"),
        ({"metadataId": "nobody"}, "metadataId"),
        ({"settings": []}, "settings"),
        ({"name": "x"}, "name"),
    ],
)
def test_a_wrong_or_unknown_field_is_a_422_that_names_it(client: Client, fields: dict[str, Any], field: str) -> None:
    body = {"slug": "engage", "enabled": True, "metadataId": HTTP_API} | fields
    reply = client.segment("POST", "/sources", json=body)
    assert reply.status_code == 422
    assert [error["field"] for error in reply.json()["errors"]] == [field]


def test_all_that_is_required_is_told_at_once(client: Client) -> None:
    errors = client.segment("POST", "/sources", json={}).json()["errors"]
    assert [error["field"] for error in errors] == ["slug", "enabled", "metadataId"]


def test_a_body_that_is_not_json_is_refused(client: Client) -> None:
    assert client.segment("POST", "/sources", data="a=1", headers={"Content-Type": "text/plain"}).status_code == 415
    assert client.segment("POST", "/sources", data="{").status_code == 422


def test_an_update_keeps_what_it_leaves_out(client: Client) -> None:
    source = new(client, settings={"a": 1})
    updated = client.segment("PATCH", f"/sources/{source['id']}", json={"name": "New", "enabled": False})
    assert updated.json()["data"]["source"] == source | {"name": "New", "enabled": False}


def test_labels_that_somebody_set_are_in_the_reply(client: Client, emu: Emulator) -> None:
    source = new(client)
    label = {"key": "environment", "value": "dev"}
    emu.state.alter("segment", "sources", source["id"], labels=[label])
    assert client.segment("GET", f"/sources/{source['id']}").json()["data"]["source"]["labels"] == [label]


def test_deleting_answers_with_a_status_and_then_finds_nothing(client: Client) -> None:
    path = f"/sources/{new(client)['id']}"
    reply = client.segment("DELETE", path)
    assert (reply.status_code, reply.json()) == (200, {"data": {"status": "SUCCESS"}})
    for method in ("GET", "DELETE"):
        assert client.segment(method, path).status_code == 404
    assert client.segment("PATCH", path, json={"name": "x"}).status_code == 404


def test_the_list_is_followed_by_its_cursor(client: Client) -> None:
    made = [new(client, f"engage-{n}")["id"] for n in range(5)]
    seen: list[str] = []
    query = {"pagination[count]": "2"}
    while query:
        data = client.segment("GET", "/sources", params=query).json()["data"]
        seen += [source["id"] for source in data["sources"]]
        cursor = data["pagination"].get("next")
        query = {"pagination[count]": "2", "pagination[cursor]": cursor} if cursor else {}
    assert seen == made
    assert data["pagination"]["totalEntries"] == 5
    assert "previous" in data["pagination"]


@pytest.mark.parametrize(
    "query",
    [{}, {"pagination[count]": 0}, {"pagination[count]": 201}, {"pagination[count]": 1, "pagination[cursor]": "guess"}],
)
def test_a_page_has_between_1_and_200_entries_and_a_cursor_of_the_server(client: Client, query: dict[str, Any]) -> None:
    assert client.segment("GET", "/sources", params=query).status_code == 422


def test_an_unknown_query_parameter_is_a_violation(client: Client) -> None:
    client.segment("GET", "/sources", params={"pagination[count]": 1, "page": 2})
    client.expect_violation("GET api.segmentapis.com/sources: unknown query parameter 'page'")


def test_the_catalog_has_the_kinds_of_source_that_can_be_made(client: Client) -> None:
    rows = client.segment("GET", "/catalog/sources", params={"pagination[count]": 200}).json()["data"]["sourcesCatalog"]
    assert "http-api" in [row["slug"] for row in rows]
    for row in rows:
        one = client.segment("GET", f"/catalog/sources/{row['id']}").json()["data"]["sourceMetadata"]
        assert one == row
    assert client.segment("GET", "/catalog/sources/nobody").status_code == 404
