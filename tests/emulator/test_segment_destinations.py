"""Destinations, their subscriptions and the catalog that both come from."""

import json
from typing import Any

import pytest

from emulator import Emulator
from emulator.made_up import sha256, token
from emulator.segment.destinations import MASK
from tests.emulator.conftest import Client, refusal
from tests.emulator.test_segment import new

TWILIO = "674f23ece330374dc1ecc874"
SENDGRID = "631a6f32946dd8197e9cab66"
ALPHA = "application/vnd.segment.v1alpha+json"
KEY = token(20, "a key")
SETTINGS = {"accountSID": "AC1", "apiKeySID": "SK1", "apiKeySecret": KEY}
PAGE = {"pagination[count]": 200}


def destination(client: Client, **fields: Any) -> Any:
    body = {"metadataId": TWILIO, "name": "Messages", "enabled": True, "settings": SETTINGS} | fields
    body["sourceId"] = fields.get("sourceId") or new(client)["id"]
    return client.segment("POST", "/destinations", json=body)


def made(client: Client, **fields: Any) -> Any:
    reply = destination(client, **fields)
    assert reply.status_code == 200, reply.text
    return reply.json()["data"]["destination"]


def alpha(client: Client, method: str, path: str, **options: Any) -> Any:
    return client.segment(method, path, headers={"Content-Type": ALPHA}, **options)


def subscription(client: Client, parent: Any, **fields: Any) -> Any:
    (action,) = parent["metadata"]["actions"]
    body = {"name": "SMS", "actionId": action["id"], "trigger": 'type = "track"', "enabled": True} | fields
    return alpha(client, "POST", f"/destinations/{parent['id']}/subscriptions", json=body)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/catalog/destinations"),
        ("GET", f"/catalog/destinations/{TWILIO}"),
        ("GET", "/destinations"),
        ("POST", "/destinations"),
        ("GET", "/destinations/a"),
        ("PATCH", "/destinations/a"),
        ("DELETE", "/destinations/a"),
        ("GET", "/destinations/a/subscriptions"),
        ("POST", "/destinations/a/subscriptions"),
        ("GET", "/destinations/a/subscriptions/b"),
        ("PATCH", "/destinations/a/subscriptions/b"),
        ("DELETE", "/destinations/a/subscriptions/b"),
    ],
)
def test_a_wrong_token_is_refused_everywhere(client: Client, method: str, path: str) -> None:
    assert client.segment(method, path, headers={"Authorization": "Bearer wrong"}).status_code == 401


def test_the_catalog_says_what_each_kind_asks_for_and_does(client: Client) -> None:
    rows = client.segment("GET", "/catalog/destinations", params=PAGE).json()["data"]["destinationsCatalog"]
    asked = {row["slug"]: {option["name"] for option in row["options"]} for row in rows}
    assert asked == {
        "actions-twilio-messaging": {"accountSID", "apiKeySID", "apiKeySecret"},
        "actions-sendgrid": {"sendGridApiKey", "endpoint"},
    }
    for row in rows:
        one = client.segment("GET", f"/catalog/destinations/{row['id']}").json()["data"]["destinationMetadata"]
        assert one == row
    assert client.segment("GET", "/catalog/destinations/nobody").status_code == 404


def test_a_secret_is_kept_as_a_hash_and_shown_as_stars(client: Client, emu: Emulator) -> None:
    shown = made(client)
    assert shown["settings"] == {"accountSID": "AC1", "apiKeySID": "SK1", "apiKeySecret": MASK}
    record = emu.state.collection("segment", "destinations")[shown["id"]]
    assert record["secrets_sha256"] == {"apiKeySecret": sha256(KEY)}
    assert KEY not in json.dumps(record)
    assert KEY not in "".join(map(repr, emu.requests))
    assert client.segment("GET", f"/destinations/{shown['id']}").json()["data"]["destination"] == shown
    assert client.segment("GET", "/destinations", params=PAGE).json()["data"]["destinations"] == [shown]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"metadataId": "nobody"}, "metadataId"),
        ({"settings": SETTINGS | {"accountSid": "AC1"}}, "settings"),
        ({"settings": SETTINGS | {"accountSID": 1}}, "settings"),
        ({"settings": {"accountSID": "AC1"}}, "settings"),
        ({"settings": []}, "settings"),
        ({"enabled": "true"}, "enabled"),
        ({"catalogId": "x"}, "catalogId"),
    ],
)
def test_a_wrong_or_unknown_field_is_a_422_that_names_it(client: Client, fields: dict[str, Any], field: str) -> None:
    reply = destination(client, **fields)
    assert reply.status_code == 422
    assert [error["field"] for error in reply.json()["errors"]] == [field]


def test_a_source_that_is_not_there_is_not_found(client: Client) -> None:
    assert destination(client, sourceId="nobody").status_code == 404


def test_one_that_is_not_enabled_may_lack_its_settings(client: Client) -> None:
    shown = made(client, enabled=False, settings={})
    path = f"/destinations/{shown['id']}"
    missing = "accountSID, apiKeySID, apiKeySecret must be set before it can be enabled"
    assert refusal(client.segment("PATCH", path, json={"enabled": True})) == (422, [missing])
    assert client.segment("PATCH", path, json={"enabled": True, "settings": SETTINGS}).status_code == 200


@pytest.mark.parametrize("keeps", [True, False])
def test_an_update_keeps_fields_that_it_leaves_out_and_settings_as_the_switch_says(
    client: Client, emu: Emulator, keeps: bool
) -> None:
    emu.state.alter("segment", "switches", "update_of_settings", keeps_others=keeps)
    shown = made(client, metadataId=SENDGRID, settings={"sendGridApiKey": KEY, "endpoint": "https://api.sendgrid.com"})
    path = f"/destinations/{shown['id']}"
    changed = client.segment("PATCH", path, json={"settings": {"sendGridApiKey": "new"}}).json()["data"]["destination"]
    assert changed == shown | {"settings": changed["settings"]}
    assert changed["settings"].keys() == ({"sendGridApiKey", "endpoint"} if keeps else {"sendGridApiKey"})
    assert emu.state.collection("segment", "destinations")[shown["id"]]["secrets_sha256"] == {
        "sendGridApiKey": sha256("new")
    }


def test_an_update_of_nothing_is_a_400(client: Client) -> None:
    """The document's own words, of what is read-only."""
    assert client.segment("PATCH", f"/destinations/{made(client)['id']}", json={}).status_code == 400


def test_deleting_a_source_takes_its_destinations_and_their_subscriptions_along(client: Client, emu: Emulator) -> None:
    parent = made(client)
    assert subscription(client, parent).status_code == 200
    assert client.segment("DELETE", f"/sources/{parent['sourceId']}").status_code == 200
    assert client.segment("GET", f"/destinations/{parent['id']}").status_code == 404
    assert emu.state.collection("segment", "subscriptions") == {}


def test_deleting_answers_with_a_status_and_then_finds_nothing(client: Client) -> None:
    path = f"/destinations/{made(client)['id']}"
    assert client.segment("DELETE", path).json() == {"data": {"status": "SUCCESS"}}
    for method in ("GET", "DELETE"):
        assert client.segment(method, path).status_code == 404


def test_a_subscription_has_all_that_the_document_promises(client: Client) -> None:
    parent = made(client)
    reply = subscription(client, parent, settings={"channel": "SMS"})
    assert reply.headers["Content-Type"] == ALPHA
    shown = reply.json()["data"]["destinationSubscription"]
    assert (shown["actionSlug"], shown["settings"]) == ("sendMessage", {"channel": "SMS"})
    path = f"/destinations/{parent['id']}/subscriptions"
    assert alpha(client, "GET", f"{path}/{shown['id']}").json()["data"] == {"subscription": shown}
    assert alpha(client, "GET", path, params=PAGE).json()["data"]["subscriptions"] == [shown]


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"actionId": "sendMessage"}, "actionId"), ({"settings": {"body": "Hi"}}, "settings"), ({"name": ""}, "name")],
)
def test_a_subscription_of_another_action_or_field_is_refused(
    client: Client, fields: dict[str, Any], field: str
) -> None:
    reply = subscription(client, made(client), **fields)
    assert (reply.status_code, reply.json()["errors"][0]["field"]) == (422, field)


def test_a_subscription_sent_as_v1_is_refused(client: Client) -> None:
    parent = made(client)
    reply = client.segment("POST", f"/destinations/{parent['id']}/subscriptions", json={"name": "x"})
    assert refusal(reply) == (415, [f"the operation exists as {ALPHA}"])


def test_a_subscription_is_changed_through_an_input_and_found_only_in_its_destination(client: Client) -> None:
    parent, other = made(client), made(client, sourceId=new(client, "other")["id"])
    shown = subscription(client, parent).json()["data"]["destinationSubscription"]
    path = f"/destinations/{parent['id']}/subscriptions/{shown['id']}"
    changed = alpha(client, "PATCH", path, json={"input": {"enabled": False}}).json()["data"]["subscription"]
    assert changed == shown | {"enabled": False}
    assert alpha(client, "PATCH", path, json={"enabled": False}).status_code == 422
    elsewhere = f"/destinations/{other['id']}/subscriptions/{shown['id']}"
    for method in ("GET", "DELETE"):
        assert alpha(client, method, elsewhere).status_code == 404
    assert alpha(client, "DELETE", path).json() == {"data": {"status": "SUCCESS"}}
    assert alpha(client, "GET", path).status_code == 404


def test_five_changes_a_minute_are_let_through_of_each_kind(client: Client, emu: Emulator) -> None:
    parent = made(client)
    shown = [subscription(client, parent).json()["data"]["destinationSubscription"] for _ in range(5)]
    refused = subscription(client, parent)
    assert refused.status_code == 429
    wait = refused.json()["errors"][0]["data"]["msBeforeNext"]
    assert 55_000 < wait <= 60_000
    path = f"/destinations/{parent['id']}/subscriptions/{shown[0]['id']}"
    assert alpha(client, "PATCH", path, json={"input": {"enabled": False}}).status_code == 200
    limits = emu.state.collection("segment", "limits")["createDestinationSubscription"]
    emu.state.alter("segment", "limits", "createDestinationSubscription", at=[at - 60 for at in limits["at"]])
    assert subscription(client, parent).status_code == 200, "a minute later"
