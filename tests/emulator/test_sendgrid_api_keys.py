"""The rules of SendGrid's API keys."""

import re
from typing import Any

import pytest

from tests.emulator.conftest import Client, refusal


def new(client: Client, behalf: str | None = None, **body: Any) -> Any:
    reply = client.sendgrid("POST", "/api_keys", json={"name": "k"} | body, behalf=behalf)
    assert reply.status_code == 201, reply.text
    return reply.json()


def test_a_new_key_is_shown_once_and_carries_its_id(client: Client) -> None:
    made = new(client, scopes=["mail.send"])
    assert re.fullmatch(r"SG\.[\w-]{22}\.[\w-]{43}", made["api_key"])
    assert made["api_key"].split(".")[1] == made["api_key_id"]
    assert "api_key" not in client.sendgrid("GET", f"/api_keys/{made['api_key_id']}").json()


def test_a_key_is_read_flat_and_not_in_a_list(client: Client) -> None:
    made = new(client, scopes=["mail.send"])
    read = client.sendgrid("GET", f"/api_keys/{made['api_key_id']}").json()
    assert read == {name: made[name] for name in ("api_key_id", "name", "scopes")}


def test_scopes_left_out_give_full_access(client: Client) -> None:
    scopes = new(client)["scopes"]
    assert {"mail.send", "subusers.create", "whitelabel.read"} <= set(scopes)
    assert not any(scope.startswith("billing.") for scope in scopes)


def test_full_access_of_a_subuser_has_no_subusers(client: Client) -> None:
    client.subuser("engage_dev")
    scopes = new(client, behalf="engage_dev")["scopes"]
    assert "mail.send" in scopes
    assert "subusers.create" not in scopes


def test_the_server_adds_scopes_of_its_own(client: Client) -> None:
    assert new(client, scopes=["mail.send"])["scopes"] == ["2fa_required", "mail.send", "sender_verification_eligible"]


def test_a_key_cannot_grant_more_than_it_has(client: Client) -> None:
    key = new(client, scopes=["api_keys.create", "mail.send"])["api_key"]
    reply = client.sendgrid("POST", "/api_keys", json={"name": "k", "scopes": ["alerts.read"]}, key=key)
    assert reply.json() == {
        "errors": [{"field": "scopes", "message": "invalid or unassignable scopes were given"}],
    }
    granted = client.sendgrid("POST", "/api_keys", json={"name": "k"}, key=key).json()["scopes"]
    assert "alerts.read" not in granted


@pytest.mark.parametrize("scope", ["no.such.scope", "billing.read"])
def test_a_scope_that_nobody_can_give_is_refused(client: Client, scope: str) -> None:
    reply = client.sendgrid("POST", "/api_keys", json={"name": "k", "scopes": [scope]})
    assert refusal(reply) == (400, ["invalid or unassignable scopes were given"])


def test_a_key_belongs_to_the_account_it_was_made_for(client: Client) -> None:
    client.subuser("engage_dev")
    key_id = new(client, behalf="engage_dev", name="theirs")["api_key_id"]
    rows = client.sendgrid("GET", "/api_keys", behalf="engage_dev").json()["result"]
    assert rows == [{"api_key_id": key_id, "name": "theirs"}]
    assert client.sendgrid("GET", f"/api_keys/{key_id}").status_code == 404
    assert client.sendgrid("GET", f"/api_keys/{key_id}", behalf="engage_dev").status_code == 200


def test_names_need_not_be_unique(client: Client) -> None:
    assert new(client, name="same")["api_key_id"] != new(client, name="same")["api_key_id"]


def test_a_hundred_keys_are_the_limit_of_each_account(client: Client) -> None:
    client.subuser("engage_dev")
    statuses = [
        client.sendgrid(
            "POST", "/api_keys", json={"name": "k", "scopes": ["mail.send"]}, behalf="engage_dev"
        ).status_code
        for _ in range(101)
    ]
    assert statuses == [201] * 100 + [403]
    assert new(client)["api_key_id"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": ""},
        {"name": 1},
        {"name": "k", "scopes": "mail.send"},
        {"name": "k", "scopes": []},
        {"name": "k", "scopes": None},
        {"name": "k", "x": 1},
    ],
)
def test_a_wrong_body_is_a_400(client: Client, body: dict[str, Any]) -> None:
    assert client.sendgrid("POST", "/api_keys", json=body).status_code == 400


def test_patch_changes_the_name_alone(client: Client) -> None:
    made = new(client, scopes=["mail.send"])
    path = f"/api_keys/{made['api_key_id']}"
    assert client.sendgrid("PATCH", path, json={"name": "new"}).json() == {
        "api_key_id": made["api_key_id"],
        "name": "new",
    }
    assert client.sendgrid("GET", path).json()["scopes"] == made["scopes"]
    assert client.sendgrid("PATCH", path, json={"name": "new", "scopes": ["mail.send"]}).status_code == 400


def test_put_changes_name_and_scopes_and_does_not_tell_the_scopes(client: Client) -> None:
    path = f"/api_keys/{new(client, scopes=['mail.send'])['api_key_id']}"
    reply = client.sendgrid("PUT", path, json={"name": "new", "scopes": ["alerts.read"]})
    assert sorted(reply.json()) == ["api_key_id", "name"]
    assert "alerts.read" in client.sendgrid("GET", path).json()["scopes"]
    assert "mail.send" not in client.sendgrid("GET", path).json()["scopes"]


@pytest.mark.parametrize("body", [{"name": "new"}, {"name": "new", "scopes": []}])
def test_put_needs_at_least_one_scope(client: Client, body: dict[str, Any]) -> None:
    assert client.sendgrid("PUT", f"/api_keys/{new(client)['api_key_id']}", json=body).status_code == 400


def test_a_deleted_key_is_gone_and_opens_nothing(client: Client) -> None:
    made = new(client)
    path = f"/api_keys/{made['api_key_id']}"
    assert client.sendgrid("DELETE", path).status_code == 204
    assert client.sendgrid("DELETE", path).status_code == 404
    assert client.sendgrid("GET", path).status_code == 404
    assert client.sendgrid("GET", "/scopes", key=made["api_key"]).status_code == 401


def test_the_list_can_be_shortened(client: Client) -> None:
    new(client)
    assert len(client.sendgrid("GET", "/api_keys").json()["result"]) == 2
    assert len(client.sendgrid("GET", "/api_keys", params={"limit": 1}).json()["result"]) == 1
