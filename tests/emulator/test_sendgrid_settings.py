"""SendGrid's settings, and what an account can read about itself."""

from typing import Any

import pytest

from tests.emulator.conftest import Client

SUBSCRIPTION = "/tracking_settings/subscription"
UNTOUCHED = {"enabled": False, "html_content": "", "landing": "", "plain_content": "", "replace": "", "url": ""}


def test_a_setting_exists_before_anybody_made_it(client: Client) -> None:
    assert client.sendgrid("GET", SUBSCRIPTION).json() == UNTOUCHED


def test_a_patch_keeps_what_it_leaves_out(client: Client) -> None:
    client.sendgrid("PATCH", SUBSCRIPTION, json={"enabled": True, "replace": "[unsubscribe]"})
    reply = client.sendgrid("PATCH", SUBSCRIPTION, json={"landing": "<p>bye</p>"})
    expected = UNTOUCHED | {"enabled": True, "replace": "[unsubscribe]", "landing": "<p>bye</p>"}
    assert reply.json() == expected == client.sendgrid("GET", SUBSCRIPTION).json()


def test_each_account_has_its_own_settings(client: Client) -> None:
    client.subuser("engage_dev")
    client.sendgrid("PATCH", SUBSCRIPTION, json={"enabled": True}, behalf="engage_dev")
    assert client.sendgrid("GET", SUBSCRIPTION, behalf="engage_dev").json()["enabled"] is True
    assert client.sendgrid("GET", SUBSCRIPTION).json()["enabled"] is False


@pytest.mark.parametrize("body", [{"enabled": "true"}, {"url": None}, {"html": "x"}, []])
def test_a_wrong_body_is_a_400_and_changes_nothing(client: Client, body: Any) -> None:
    assert client.sendgrid("PATCH", SUBSCRIPTION, json=body).status_code == 400
    assert client.sendgrid("GET", SUBSCRIPTION).json() == UNTOUCHED


def test_a_setting_cannot_be_deleted(client: Client) -> None:
    assert client.sendgrid("DELETE", SUBSCRIPTION).status_code == 501


@pytest.mark.parametrize("name", ["click", "google_analytics", "open", "subscription"])
def test_the_list_of_settings_follows_each_of_them(client: Client, name: str) -> None:
    path = f"/tracking_settings/{name}"
    wanted = not client.sendgrid("GET", path).json()["enabled"]
    assert client.sendgrid("PATCH", path, json={"enabled": wanted}).json()["enabled"] is wanted
    rows = {row["name"]: row for row in client.sendgrid("GET", "/tracking_settings").json()["result"]}
    assert rows[name]["enabled"] is wanted
    assert len(rows) == 4


def test_what_click_tracking_shows_cannot_all_be_sent(client: Client) -> None:
    assert client.sendgrid("GET", "/tracking_settings/click").json() == {"enabled": True, "enable_text": False}
    assert client.sendgrid("PATCH", "/tracking_settings/click", json={"enable_text": True}).status_code == 400


def test_an_unknown_setting_is_not_emulated(client: Client) -> None:
    assert client.sendgrid("GET", "/tracking_settings/pixels").status_code == 501


def test_the_parent_is_a_paid_account(client: Client) -> None:
    assert client.sendgrid("GET", "/user/account").json() == {"type": "paid", "reputation": 100}


def test_segments_verify_button_reads_the_mail_settings_with_the_subusers_key(client: Client) -> None:
    client.subuser("engage_dev")
    key = client.sendgrid("POST", "/api_keys", json={"name": "k"}, behalf="engage_dev").json()["api_key"]
    assert len(client.sendgrid("GET", "/mail_settings", key=key).json()["result"]) == 9
    assert (
        len(client.sendgrid("GET", "/mail_settings", key=key, params={"limit": 2, "offset": 8}).json()["result"]) == 1
    )


def test_scopes_are_those_of_the_calling_key(client: Client) -> None:
    key = client.sendgrid("POST", "/api_keys", json={"name": "k", "scopes": ["mail.send"]}).json()["api_key"]
    scopes = client.sendgrid("GET", "/scopes", key=key).json()["scopes"]
    assert scopes == ["2fa_required", "mail.send", "sender_verification_eligible"]
    assert "subusers.create" in client.sendgrid("GET", "/scopes").json()["scopes"]


def test_scopes_on_behalf_of_a_subuser_are_those_a_subuser_can_have(client: Client) -> None:
    client.subuser("engage_dev")
    scopes = client.sendgrid("GET", "/scopes", behalf="engage_dev").json()["scopes"]
    assert "mail.send" in scopes
    assert "subusers.create" not in scopes
