"""The rules of SendGrid's event webhooks."""

from typing import Any

import pytest

from emulator import Emulator
from tests.emulator.conftest import Client, refusal

HERE = "/user/webhooks/event/settings"
URL = "https://example.com/events"
OAUTH = {
    "oauth_client_id": "id",
    "oauth_client_secret": "correct-horse",
    "oauth_token_url": "https://example.com/token",
}


def new(client: Client, url: str = URL, behalf: str | None = None, **body: Any) -> Any:
    reply = client.sendgrid("POST", HERE, json={"url": url} | body, behalf=behalf)
    assert reply.status_code == 201, reply.text
    return reply.json()


def listed(client: Client, behalf: str | None = None) -> Any:
    return client.sendgrid("GET", f"{HERE}/all", behalf=behalf).json()["webhooks"]


def patch(client: Client, webhook: Any, **body: Any) -> Any:
    return client.sendgrid("PATCH", f"{HERE}/{webhook['id']}", json={"url": webhook["url"]} | body)


def test_the_list_shows_all_of_one_and_the_number_that_the_plan_allows(client: Client) -> None:
    made = new(client, friendly_name="Engage", enabled=True, click=True)
    assert client.sendgrid("GET", f"{HERE}/all").json() == {"max_allowed": 5, "webhooks": [made]}
    assert (made["enabled"], made["click"], made["open"], made["friendly_name"]) == (True, True, False, "Engage")


def test_the_list_of_an_account_without_any_has_one_empty_row(client: Client) -> None:
    assert listed(client) == [{}]


def test_one_that_is_read_by_its_id_has_no_dates(client: Client) -> None:
    made = new(client)
    read = client.sendgrid("GET", f"{HERE}/{made['id']}").json()
    assert read == {name: value for name, value in made.items() if not name.endswith("_date")}


def test_what_is_optional_in_a_reply_has_to_be_asked_for(client: Client) -> None:
    made = new(client)
    assert "account_status_change" not in made
    query = {"include": "account_status_change"}
    assert client.sendgrid("GET", f"{HERE}/{made['id']}", params=query).json()["account_status_change"] is False


def test_a_webhook_belongs_to_the_account_it_was_made_for(client: Client) -> None:
    client.subuser("engage_dev")
    made = new(client, behalf="engage_dev")
    assert [row["id"] for row in listed(client, "engage_dev")] == [made["id"]]
    assert listed(client) == [{}]
    for method in ("GET", "DELETE"):
        assert client.sendgrid(method, f"{HERE}/{made['id']}").status_code == 404
    assert new(client)["id"] != made["id"]


def test_a_url_can_be_used_once_and_the_refusal_names_who_has_it(client: Client) -> None:
    made = new(client)
    expected = {
        "id": made["id"],
        "message": f"Webhook at '{URL}' already exists. Please provide a unique URL.",
        "url": URL,
    }
    reply = client.sendgrid("POST", HERE, json={"url": URL})
    assert (reply.status_code, reply.json()) == (400, {"errors": [expected]})
    other = new(client, "https://example.com/other")
    assert patch(client, {**other, "url": URL}).json() == {"errors": [expected]}
    assert patch(client, made).status_code == 200


@pytest.mark.parametrize("url", ["example.com", "ftp://example.com", "https://"])
def test_what_is_no_url_is_refused(client: Client, url: str) -> None:
    assert refusal(client.sendgrid("POST", HERE, json={"url": url})) == (400, [f"'{url}' is not a valid url"])


def test_five_are_the_limit_of_this_plan(client: Client) -> None:
    for number in range(5):
        new(client, f"https://example.com/{number}")
    refused = client.sendgrid("POST", HERE, json={"url": URL})
    assert refusal(refused) == (400, ["You have reached the maximum number of webhooks per your current billing plan."])


def test_after_a_smaller_plan_what_is_too_many_can_only_be_turned_off(client: Client, emu: Emulator) -> None:
    first, second = new(client, enabled=True), new(client, "https://example.com/other", enabled=True)
    emu.state.alter("sendgrid", "accounts", "engage_parent", type="free")
    refused = patch(client, second, enabled=True)
    assert refusal(refused) == (400, ["This webhook cannot be modified based on your current billing plan."])
    assert patch(client, first, enabled=False).status_code == 200
    assert patch(client, second, enabled=True).status_code == 200


@pytest.mark.parametrize("body", [{}, {"url": None}, {"url": URL, "click": "yes"}, {"url": URL, "clicks": True}, []])
def test_a_wrong_body_is_a_400(client: Client, body: Any) -> None:
    assert client.sendgrid("POST", HERE, json=body).status_code == 400
    made = new(client, "https://example.com/other")
    assert client.sendgrid("PATCH", f"{HERE}/{made['id']}", json=body).status_code == 400


def test_an_event_that_a_patch_leaves_out_is_off(client: Client) -> None:
    made = new(client, click=True, open=True, friendly_name="Engage")
    changed = patch(client, made, open=True).json()
    assert (changed["click"], changed["open"], changed["friendly_name"]) == (False, True, "Engage")


def test_without_an_id_nothing_is_changed(client: Client) -> None:
    new(client)
    for path in (HERE, f"{HERE}/"):
        assert client.sendgrid("PATCH", path, json={"url": "https://example.com/other"}).status_code == 501
    assert listed(client)[0]["url"] == URL


def test_signing_has_a_call_of_its_own_and_a_key_while_it_is_on(client: Client) -> None:
    made = new(client)
    path = f"{HERE}/signed/{made['id']}"
    assert client.sendgrid("GET", path).json() == {"id": made["id"], "public_key": ""}
    key = client.sendgrid("PATCH", path, json={"enabled": True}).json()["public_key"]
    assert key
    assert client.sendgrid("PATCH", path, json={"enabled": True}).json()["public_key"] == key
    assert listed(client)[0]["public_key"] == client.sendgrid("GET", path).json()["public_key"] == key
    assert client.sendgrid("GET", f"{HERE}/{made['id']}").json()["public_key"] == key
    assert "public_key" not in patch(client, made).json()
    assert client.sendgrid("PATCH", path, json={"enabled": False}).json()["public_key"] == ""
    assert "public_key" not in listed(client)[0]
    assert client.sendgrid("PATCH", path, json={}).status_code == 400


def test_an_oauth_secret_is_never_told_nor_kept(client: Client, emu: Emulator) -> None:
    made = new(client, **OAUTH)
    assert made["oauth_client_id"] == "id"
    assert "oauth_client_secret" not in made | listed(client)[0]
    assert OAUTH["oauth_client_secret"] not in str(emu.state.vendors)
    assert OAUTH["oauth_client_secret"] not in str(emu.requests)


def test_an_oauth_secret_is_kept_until_all_three_are_emptied(client: Client, emu: Emulator) -> None:
    made = new(client, **OAUTH)
    record = emu.state.collection("sendgrid", "event_webhooks")[made["id"]]
    changed = patch(client, made, oauth_client_id="other", oauth_token_url=OAUTH["oauth_token_url"])
    assert changed.json()["oauth_client_id"] == "other"
    assert record["oauth_client_secret_sha256"]
    assert patch(client, made).json()["oauth_client_id"] == "other"
    assert "oauth_client_id" not in patch(client, made, **dict.fromkeys(OAUTH, "")).json()
    assert record["oauth_client_secret_sha256"] is None


@pytest.mark.parametrize("missing", OAUTH)
def test_oauth_needs_all_three(client: Client, missing: str) -> None:
    body = {name: value for name, value in OAUTH.items() if name != missing}
    assert client.sendgrid("POST", HERE, json={"url": URL} | body).status_code == 400
    assert listed(client) == [{}]


@pytest.mark.parametrize("path", ["none", "signed/none"])
def test_an_id_that_is_not_is_a_404(client: Client, path: str) -> None:
    assert refusal(client.sendgrid("GET", f"{HERE}/{path}")) == (404, ["Invalid id provided."])
    body = {"enabled": True} if "signed" in path else {"url": URL}
    assert refusal(client.sendgrid("PATCH", f"{HERE}/{path}", json=body)) == (404, ["Invalid id provided."])


def test_what_was_deleted_is_gone_and_its_url_is_free(client: Client) -> None:
    path = f"{HERE}/{new(client)['id']}"
    assert client.sendgrid("DELETE", path).status_code == 204
    assert client.sendgrid("DELETE", path).status_code == 404
    assert new(client)["url"] == URL


def test_a_subuser_takes_its_webhooks_along(client: Client, emu: Emulator) -> None:
    client.subuser("engage_dev")
    new(client, behalf="engage_dev")
    client.sendgrid("DELETE", "/subusers/engage_dev")
    assert emu.state.collection("sendgrid", "event_webhooks") == {}


def test_a_key_without_the_scope_may_read_and_not_change(client: Client) -> None:
    scope = "user.webhooks.event.settings.read"
    key = client.sendgrid("POST", "/api_keys", json={"name": "k", "scopes": [scope]}).json()["api_key"]
    assert client.sendgrid("GET", f"{HERE}/all", key=key).status_code == 200
    assert client.sendgrid("POST", HERE, key=key, json={"url": URL}).status_code == 403


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"url": URL}, 204),
        ({"url": URL, **OAUTH}, 204),
        ({}, 400),
        ({"url": "here"}, 400),
        ({"url": URL, "id": "x"}, 404),
    ],
)
def test_a_webhook_can_be_tried(client: Client, body: dict[str, Any], status: int) -> None:
    assert client.sendgrid("POST", "/user/webhooks/event/test", json=body).status_code == status
