"""Who may do what at SendGrid."""

import pytest

from emulator import Emulator
from tests.emulator.conftest import Client, refusal

ROUTES = [
    ("GET", "/subusers"),
    ("POST", "/subusers"),
    ("PATCH", "/subusers/a"),
    ("DELETE", "/subusers/a"),
    ("PATCH", "/subusers/a/website_access"),
    ("PUT", "/subusers/a/ips"),
    ("GET", "/ips"),
    ("GET", "/ips/warmup"),
    ("POST", "/ips/warmup"),
    ("GET", "/ips/warmup/192.0.2.10"),
    ("DELETE", "/ips/warmup/192.0.2.10"),
    ("GET", "/send_ips/ips"),
    ("POST", "/send_ips/ips"),
    ("GET", "/send_ips/ips/192.0.2.10"),
    ("PATCH", "/send_ips/ips/192.0.2.10"),
    ("GET", "/send_ips/pools"),
    ("POST", "/send_ips/pools"),
    ("GET", "/send_ips/pools/1"),
    ("PUT", "/send_ips/pools/1"),
    ("DELETE", "/send_ips/pools/1"),
    ("GET", "/send_ips/pools/1/ips"),
    ("POST", "/send_ips/pools/1/ips:batchAdd"),
    ("POST", "/send_ips/pools/1/ips:batchDelete"),
    ("GET", "/api_keys"),
    ("POST", "/api_keys"),
    ("GET", "/api_keys/a"),
    ("PATCH", "/api_keys/a"),
    ("PUT", "/api_keys/a"),
    ("DELETE", "/api_keys/a"),
    ("GET", "/scopes"),
    ("GET", "/tracking_settings"),
    ("GET", "/tracking_settings/subscription"),
    ("PATCH", "/tracking_settings/subscription"),
    ("GET", "/user/account"),
    ("GET", "/user/username"),
    ("GET", "/mail_settings"),
]
PARENT_ONLY = [route for route in ROUTES if route[1].startswith(("/subusers", "/ips", "/send_ips"))]


def key_of(client: Client, *scopes: str, behalf: str | None = None) -> str:
    body = {"name": "test"} | ({"scopes": list(scopes)} if scopes else {})
    reply = client.sendgrid("POST", "/api_keys", json=body, behalf=behalf)
    assert reply.status_code == 201
    return str(reply.json()["api_key"])


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_a_wrong_key_is_refused_everywhere(client: Client, method: str, path: str) -> None:
    assert refusal(client.sendgrid(method, path, key="SG.wrong.key")) == (401, ["authorization required"])


@pytest.mark.parametrize("header", [None, "Basic dTpw", "Bearer ", "Bearer SG.a"])
def test_a_malformed_authorization_is_refused(client: Client, header: str | None) -> None:
    headers = {"Authorization": header} if header else {}
    assert client.send("GET", "api.sendgrid.com", "/v3/scopes", headers=headers).status_code == 401


def test_the_secret_part_of_a_key_counts(client: Client) -> None:
    key = client.emulator.credentials["SENDGRID_API_KEY"]
    assert client.sendgrid("GET", "/scopes", key=key[:-1] + "_").status_code == 401


@pytest.mark.parametrize("accept", [None, "text/html"])
def test_a_reply_in_json_must_be_acceptable(client: Client, accept: str | None) -> None:
    assert client.sendgrid("GET", "/scopes", headers={"Accept": accept}).status_code == 406


def test_a_body_must_be_json(client: Client) -> None:
    assert client.sendgrid("POST", "/api_keys", data={"name": "x"}).status_code == 415
    reply = client.sendgrid("POST", "/api_keys", data="{", headers={"Content-Type": "application/json"})
    assert refusal(reply) == (400, ["invalid JSON"])


def test_every_reply_carries_the_rate_limit(client: Client) -> None:
    headers = client.sendgrid("GET", "/scopes").headers
    assert int(headers["X-RateLimit-Remaining"]) < int(headers["X-RateLimit-Limit"])
    assert int(headers["X-RateLimit-Reset"]) > 1_600_000_000


def test_a_call_on_behalf_of_a_subuser_acts_as_the_subuser(client: Client) -> None:
    user_id = client.subuser("engage_dev").json()["user_id"]
    expected = {"username": "engage_dev", "user_id": user_id}
    assert client.sendgrid("GET", "/user/username", behalf="engage_dev").json() == expected
    assert client.sendgrid("GET", "/user/username").json()["username"] != "engage_dev"


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_missing_subuser_is_refused_with_a_status_that_can_be_switched(client: Client, status: int) -> None:
    assert client.sendgrid("GET", "/scopes", behalf="nobody").status_code == 401
    client.emulator.state.alter("sendgrid", "switches", "on_behalf_of_missing_subuser", status=status)
    assert client.sendgrid("GET", "/scopes", behalf="nobody").status_code == status


@pytest.mark.parametrize(("method", "path"), PARENT_ONLY)
def test_what_only_the_parent_may_do_refuses_on_behalf_of(client: Client, method: str, path: str) -> None:
    client.subuser("engage_dev")
    assert client.sendgrid(method, path, behalf="engage_dev").status_code == 403
    client.emulator.state.alter("sendgrid", "switches", "on_behalf_of_refused", status=401)
    assert client.sendgrid(method, path, behalf="engage_dev").status_code == 401


def test_a_subusers_own_key_acts_as_the_subuser_and_makes_no_subusers(client: Client) -> None:
    client.subuser("engage_dev")
    key = key_of(client, behalf="engage_dev")
    assert client.sendgrid("GET", "/user/username", key=key).json()["username"] == "engage_dev"
    assert client.sendgrid("GET", "/subusers", key=key).status_code == 403
    assert client.sendgrid("GET", "/scopes", key=key, behalf="engage_dev").status_code == 403


def test_a_key_without_the_scope_is_refused(client: Client) -> None:
    key = key_of(client, "mail.send")
    assert refusal(client.sendgrid("GET", "/subusers", key=key)) == (403, ["access forbidden"])


def test_a_disabled_subusers_own_key_is_refused_while_its_parent_still_may(client: Client) -> None:
    client.subuser("engage_dev")
    key = key_of(client, behalf="engage_dev")
    client.sendgrid("PATCH", "/subusers/engage_dev", json={"disabled": True})
    assert client.sendgrid("GET", "/scopes", key=key).status_code == 403
    assert client.sendgrid("GET", "/scopes", behalf="engage_dev").status_code == 200


def test_a_banned_subuser_is_refused_and_still_in_the_list(client: Client) -> None:
    client.subuser("engage_dev")
    key = key_of(client, behalf="engage_dev")
    client.emulator.state.alter("sendgrid", "subusers", "engage_dev", banned=True)
    assert client.sendgrid("GET", "/scopes", key=key).status_code == 403
    assert client.sendgrid("GET", "/scopes", behalf="engage_dev").status_code == 403
    assert [row["username"] for row in client.sendgrid("GET", "/subusers").json()] == ["engage_dev"]


@pytest.mark.parametrize(("region", "right", "wrong"), [("eu", "api.eu", "api"), ("global", "api", "api.eu")])
def test_a_subuser_answers_only_at_the_host_of_its_region(client: Client, region: str, right: str, wrong: str) -> None:
    client.subuser("engage_dev", region=region, ips=[])
    at = {
        name: client.sendgrid("GET", "/scopes", behalf="engage_dev", host=f"{name}.sendgrid.com")
        for name in (right, wrong)
    }
    assert (at[right].status_code, at[wrong].status_code) == (200, 451)


def test_a_key_dies_with_its_subuser(client: Client, emu: Emulator) -> None:
    client.subuser("engage_dev")
    key = key_of(client, behalf="engage_dev")
    client.sendgrid("PATCH", "/tracking_settings/subscription", json={"enabled": True}, behalf="engage_dev")
    assert client.sendgrid("DELETE", "/subusers/engage_dev").status_code == 204
    assert client.sendgrid("GET", "/scopes", key=key).status_code == 401
    assert len(emu.state.collection("sendgrid", "api_keys")) == 1
    assert emu.state.collection("sendgrid", "tracking_settings") == {}
