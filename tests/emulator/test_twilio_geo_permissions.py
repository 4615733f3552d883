"""The rules of the countries that may be texted."""

import json
from typing import Any

import pytest
import requests

from emulator.made_up import sid
from tests.emulator.conftest import Client

PATH = "/v1/Messaging/GeoPermissions"


def send(client: Client, method: str, **options: Any) -> requests.Response:
    credentials = client.emulator.credentials
    options.setdefault("auth", (credentials["TWILIO_ACCOUNT_SID"], credentials["TWILIO_AUTH_TOKEN"]))
    return client.send(method, "accounts.twilio.com", PATH, **options)


def row(code: str, enabled: bool = True) -> str:
    return json.dumps({"country_code": code, "type": "country", "enabled": enabled})


def change(client: Client, *rows: str) -> Any:
    return send(client, "PATCH", data=[("Permissions", text) for text in rows]).json()["permissions"]


def enabled(client: Client, **query: str) -> set[str]:
    rows = send(client, "GET", params=query).json()["permissions"]
    return {each["country_code"] for each in rows if each["enabled"]}


def test_a_new_account_may_text_its_home_country(client: Client) -> None:
    assert enabled(client) == {"US"}
    rows = {each["country_code"]: each for each in send(client, "GET").json()["permissions"]}
    assert rows["PK"] == {
        "country_code": "PK",
        "type": "country",
        "enabled": False,
        "prefix": "+92",
        "message": "High Risk Country",
    }


def test_a_filter_takes_several_codes(client: Client) -> None:
    rows = send(client, "GET", params={"CountryCode": "IN,PK,XX"}).json()["permissions"]
    assert [each["country_code"] for each in rows] == ["IN", "PK"]


def test_each_row_gets_its_own_answer(client: Client) -> None:
    german, pakistani, unknown = change(client, row("DE"), row("PK"), row("XX"))
    assert (german["error_code"], german["error_messages"]) == (0, [])
    assert pakistani["error_code"] == unknown["error_code"] == 30649
    assert pakistani["error_messages"] == ["High risk country permission cannot be updated"]
    assert enabled(client) == {"US", "DE"}
    change(client, row("DE", enabled=False))
    assert enabled(client) == {"US"}


@pytest.mark.parametrize("rows", [[], ["DE"], ['{"country_code": "DE"}'], [row("DE").replace("true", '"yes"')]])
def test_what_is_no_permission_is_refused(client: Client, rows: list[str]) -> None:
    reply = send(client, "PATCH", data=[("Permissions", text) for text in rows])
    assert (reply.status_code, reply.json()["code"]) == (400, 20001)
    assert enabled(client) == {"US"}


def test_each_account_has_its_own(client: Client) -> None:
    child = client.twilio("POST", "/2010-04-01/Accounts.json", data={}).json()
    auth = (child["sid"], child["auth_token"])
    assert send(client, "PATCH", data={"Permissions": row("DE")}, auth=auth).status_code == 200
    assert enabled(client) == {"US"}
    assert send(client, "GET", auth=(sid("AC", "x"), "wrong")).status_code == 401
