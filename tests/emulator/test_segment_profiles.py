"""The rules of Segment's Profile API, Tracking API, audience previews and regulations."""

from typing import Any

import pytest
import requests

from emulator import Emulator
from emulator.made_up import sha256, token
from emulator.segment.state import IDENTIFIERS, SPACES, WORKSPACE_ID
from tests.emulator.conftest import Client, refusal

DEV, PROD = SPACES["dev"], SPACES["prod"]
HOST = "profiles.segment.com"
SOURCE = "source"
WRITE_KEY = token(32, "write key", SOURCE)


def external_ids(client: Client, reference: str, space: str = DEV, **options: Any) -> requests.Response:
    options.setdefault("auth", (client.emulator.credentials["SEGMENT_PROFILE_API_TOKEN"], ""))
    host = options.pop("host", HOST)
    return client.send(
        "GET", host, f"/v1/spaces/{space}/collections/users/profiles/{reference}/external_ids", **options
    )


def types(reply: requests.Response) -> list[str]:
    return [row["type"] for row in reply.json()["data"]]


def connect(emu: Emulator, space: str = DEV) -> None:
    emu.state.collection("segment", "sources")[SOURCE] = {"id": SOURCE}
    emu.state.collection("segment", "space_sources")["1"] = {"space_id": space, "source_id": SOURCE}


def add_phone(emu: Emulator) -> None:
    emu.state.collection("segment", "identifiers")["phone"] = {"space_id": DEV, "name": "phone"}


def identify(client: Client, host: str = "api.segment.io", **fields: Any) -> requests.Response:
    body = {"writeKey": WRITE_KEY, "userId": "u2", "messageId": "m1"} | fields
    return client.send("POST", host, "/v1/identify", json=body)


def preview(client: Client, name: str = "email", space: str = DEV, **fields: Any) -> requests.Response:
    body = {
        "definition": {"query": f"trait('{name}').exists() OR trait('{name}').absent()"},
        "audienceType": "USERS",
        "options": {"filterByExternalIds": [name]},
    }
    return client.segment("POST", f"/spaces/{space}/audiences/previews", json=body | fields)


def result(client: Client, made: requests.Response, space: str = DEV) -> dict[str, Any]:
    path = f"/spaces/{space}/audiences/previews/{made.json()['data']['audiencePreview']['id']}"
    assert client.segment("GET", path).json()["data"]["audiencePreview"]["status"] == "RUNNING"
    found: dict[str, Any] = client.segment("GET", path).json()["data"]["audiencePreview"]
    return found


def test_a_workspace_begins_with_two_spaces_that_have_the_default_identifiers(emu: Emulator) -> None:
    rows = emu.state.collection("segment", "identifiers").values()
    for space in (DEV, PROD):
        assert [row["name"] for row in rows if row["space_id"] == space] == list(IDENTIFIERS)
    assert (len(IDENTIFIERS), "phone" in IDENTIFIERS) == (11, False)


# -- Profile API -------------------------------------------------------------------------------------------------------


def test_a_profile_is_found_by_any_of_its_external_ids(client: Client) -> None:
    for reference in ("user_id:u1", "email:somebody%40example.com"):
        assert types(external_ids(client, reference)) == ["user_id", "email"]
    assert types(external_ids(client, "user_id:u1", params={"include": "email,phone"})) == ["email"]


def test_a_list_goes_on_at_its_cursor(client: Client) -> None:
    first = external_ids(client, "user_id:u1", params={"limit": 1})
    cursor = first.json()["cursor"]
    second = external_ids(client, "user_id:u1", params={"limit": 1, "next": cursor["next"]})
    assert (cursor["has_more"], types(first), types(second)) == (True, ["user_id"], ["email"])
    assert second.json()["cursor"]["has_more"] is False
    assert "somebody" not in second.json()["cursor"]["url"]


@pytest.mark.parametrize("reference", ["user_id:u9", "phone:%2B12025550123", "user_id:U1", "u1"])
def test_nobody_is_not_found(client: Client, reference: str) -> None:
    reply = external_ids(client, reference)
    assert (reply.status_code, reply.json()) == (
        404,
        {"error": {"code": "not_found", "message": "Profile was not found."}},
    )


def test_a_plus_that_is_not_escaped_is_a_space_and_another_special_character_a_500(
    client: Client, emu: Emulator
) -> None:
    profile = emu.state.collection("segment", "profiles")
    next(iter(profile.values()))["external_ids"][0]["id"] = "+1"
    assert external_ids(client, "user_id:%2B1").status_code == 200
    assert external_ids(client, "user_id:+1").status_code == 404
    assert external_ids(client, "email:somebody@example.com").status_code == 500


@pytest.mark.parametrize(
    "options",
    [
        {"auth": ("wrong", "")},
        {"auth": None},
        {"space": PROD},
        {"host": "profiles.euw1.segment.com"},
        {"headers": {"Authorization": "Bearer x"}, "auth": None},
    ],
)
def test_a_token_opens_its_own_space_in_its_own_region(client: Client, options: dict[str, Any]) -> None:
    reply = external_ids(client, "user_id:u1", **options)
    assert (reply.status_code, reply.json()["error"]["code"]) == (401, "authentication_error")


def test_a_token_with_a_password_is_refused_and_another_space_has_another(client: Client, emu: Emulator) -> None:
    secret = emu.credentials["SEGMENT_PROFILE_API_TOKEN"]
    assert external_ids(client, "user_id:u1", auth=(secret, secret)).status_code == 401
    emu.state.collection("segment", "profile_tokens")["2"] = {"space_id": PROD, "token_sha256": sha256("b" * 64)}
    assert external_ids(client, "user_id:u1", PROD, auth=("b" * 64, "")).status_code == 404


def test_a_limit_is_between_1_and_100(client: Client) -> None:
    assert external_ids(client, "user_id:u1", params={"limit": 101}).json()["error"]["code"] == "invalid_request_error"


# -- Tracking API ------------------------------------------------------------------------------------------------------


def test_an_event_of_a_connected_source_makes_a_profile_of_what_are_identifiers(client: Client, emu: Emulator) -> None:
    connect(emu)
    traits = {"email": "One@example.com", "phone": "+12025550123"}
    assert identify(client, traits=traits).json() == {"success": True}
    assert types(external_ids(client, "user_id:u2")) == ["user_id", "email"]
    add_phone(emu)
    identify(client, traits=traits, messageId="m2")
    assert types(external_ids(client, "phone:%2B12025550123")) == ["user_id", "email", "phone"]
    assert external_ids(client, "email:one%40example.com").status_code == 200


def test_a_custom_identifier_is_a_trait_in_either_spelling(client: Client, emu: Emulator) -> None:
    connect(emu)
    emu.state.collection("segment", "identifiers")["x"] = {"space_id": DEV, "name": "shop_id"}
    identify(client, traits={"shopId": "s1"})
    assert external_ids(client, "shop_id:s1").status_code == 200


@pytest.mark.parametrize("wrong", ["key", "connection", "region", "message", "suppressed"])
def test_what_is_not_accepted_is_answered_like_what_is(client: Client, emu: Emulator, wrong: str) -> None:
    if wrong != "connection":
        connect(emu)
    if wrong == "suppressed":
        emu.state.collection("segment", "suppressed_users")["u2"] = {"id": "u2"}
    if wrong == "message":
        emu.state.collection("segment", "events")["0"] = {"message_id": "m1"}
    fields = {"key": {"writeKey": "wrong"}, "region": {"host": "events.eu1.segmentapis.com"}}.get(wrong, {})
    assert identify(client, **fields).json() == {"success": True}
    assert external_ids(client, "user_id:u2").status_code == 404


def test_only_what_is_no_json_or_too_large_is_refused(client: Client) -> None:
    assert client.send("POST", "api.segment.io", "/v1/identify", data="{").status_code == 400
    assert identify(client, traits={"a": "a" * 40_000}).status_code == 400


def test_external_ids_in_an_event_are_a_violation_as_they_may_make_identifiers(client: Client, emu: Emulator) -> None:
    identify(client, context={"externalIds": []})
    assert [found.partition(": ")[2] for found in emu.violations] == [
        "context.externalIds may make identifiers, which nobody can remove"
    ]
    emu.violations.clear()


# -- audience previews -------------------------------------------------------------------------------------------------


def test_a_preview_runs_and_then_counts_who_has_such_an_external_id(client: Client) -> None:
    found = result(client, preview(client))
    assert (found["status"], found["size"]) == ("COMPLETED", {"count": 1, "type": "USERS"})
    assert found["options"] == {"filterByExternalIds": ["email"], "includeHistoricalData": True}
    assert result(client, preview(client, "phone"))["size"]["count"] == 0
    assert result(client, preview(client, space=PROD), PROD)["size"]["count"] == 0


def test_without_a_filter_the_default_external_ids_count(client: Client) -> None:
    assert result(client, preview(client, options={}))["size"]["count"] == 1


def test_a_preview_that_fails_says_why(client: Client, emu: Emulator) -> None:
    emu.state.alter("segment", "switches", "audiences", fails="too complex")
    found = result(client, preview(client))
    assert (found["status"], found["failureReason"], "size" in found) == ("FAILED", "too complex", False)


def test_a_space_has_five_previews_a_minute(client: Client) -> None:
    assert [preview(client).status_code for _ in range(5)] == [200] * 5
    refused = preview(client)
    assert refused.status_code == 429
    assert 50_000 < refused.json()["errors"][0]["data"]["msBeforeNext"] <= 60_000
    assert preview(client, space=PROD).status_code == 200


def test_a_space_has_700_previews_a_month(client: Client, emu: Emulator) -> None:
    preview(client)
    rows = emu.state.collection("segment", "audience_previews")
    (first,) = rows.values()
    rows.update({str(n): first | {"created": first["created"] - 3600} for n in range(699)})
    refused = preview(client)
    assert refused.status_code == 429
    assert refused.json()["errors"][0]["data"]["msBeforeNext"] > 86_400_000


def test_previews_need_the_feature_a_space_and_a_definition(client: Client, emu: Emulator) -> None:
    assert refusal(preview(client, space="spa_none")) == (404, ["space spa_none was not found"])
    assert client.segment("GET", f"/spaces/{DEV}/audiences/previews/none").status_code == 404
    assert preview(client, definition={}).status_code == 422
    assert preview(client, audienceType="PEOPLE").status_code == 422
    assert preview(client, definition={"query": "event('x').count() > 1"}).status_code == 501
    emu.state.alter("segment", "switches", "audiences", enabled=False)
    assert preview(client).status_code == 403


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", f"/spaces/{DEV}/audiences/previews"),
        ("GET", f"/spaces/{DEV}/audiences/previews/a"),
        ("POST", "/regulations"),
        ("GET", "/regulations/a"),
    ],
)
def test_a_wrong_token_is_refused(client: Client, method: str, path: str) -> None:
    assert client.segment(method, path, headers={"Authorization": "Bearer wrong"}).status_code == 401


# -- regulations -------------------------------------------------------------------------------------------------------


def regulate(client: Client, kind: str, **fields: Any) -> requests.Response:
    body = {"regulationType": kind, "subjectType": "USER_ID", "subjectIds": ["u1"]} | fields
    return client.segment("POST", "/regulations", json=body)


def test_a_regulation_deletes_and_suppresses_a_user(client: Client, emu: Emulator) -> None:
    regulation_id = regulate(client, "SUPPRESS_WITH_DELETE").json()["data"]["regulateId"]
    assert external_ids(client, "user_id:u1").status_code == 404
    assert list(emu.state.collection("segment", "suppressed_users")) == ["u1"]
    found = client.segment("GET", f"/regulations/{regulation_id}").json()["data"]["regulation"]
    assert (found["overallStatus"], found["workspaceId"]) == ("FINISHED", WORKSPACE_ID)
    regulate(client, "UNSUPPRESS")
    assert not emu.state.collection("segment", "suppressed_users")


def test_a_suppression_alone_deletes_nothing(client: Client) -> None:
    regulate(client, "SUPPRESS_ONLY")
    assert external_ids(client, "user_id:u1").status_code == 200


@pytest.mark.parametrize("fields", [{"subjectIds": []}, {"subjectIds": ["u"] * 5001}, {"subjectType": "EMAIL"}])
def test_a_regulation_names_its_subjects(client: Client, fields: dict[str, Any]) -> None:
    assert regulate(client, "DELETE_ONLY", **fields).status_code == 422


def test_a_regulation_that_is_not_there_is_not_found(client: Client) -> None:
    assert client.segment("GET", "/regulations/none").status_code == 404
    assert regulate(client, "FORGET").status_code == 422
