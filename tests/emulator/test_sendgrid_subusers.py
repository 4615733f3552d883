"""The rules of SendGrid's subusers and IPs."""

from typing import Any

import pytest

from tests.emulator.conftest import ADDRESS, PASSWORD, Client, refusal


def names(client: Client, **query: Any) -> list[str]:
    reply = client.sendgrid("GET", "/subusers", params=query)
    assert reply.status_code == 200
    return [row["username"] for row in reply.json()]


def test_a_new_subuser_is_answered_with_200_its_id_and_two_session_tokens(client: Client) -> None:
    reply = client.subuser("engage_dev")
    assert reply.status_code == 200
    body = reply.json()
    assert body.pop("user_id") > 0
    assert len(body.pop("signup_session_token")) == len(body.pop("authorization_token")) == 40
    assert body == {
        "username": "engage_dev",
        "email": "dev@example.com",
        "credit_allocation": {"type": "unlimited"},
    }


def test_the_region_is_told_only_on_request(client: Client) -> None:
    assert client.subuser("engage_eu", region="eu", ips=[], include_region=True).json()["region"] == "eu"
    plain, asked = (client.sendgrid("GET", "/subusers", params=p).json()[0] for p in ({}, {"include_region": "true"}))
    assert "region" not in plain
    assert asked["region"] == "eu"


@pytest.mark.parametrize("taken", ["engage_dev", "engage_parent", "twilio_engage_app_taken"])
def test_a_username_is_unique_across_all_of_sendgrid(client: Client, taken: str) -> None:
    client.subuser("engage_dev")
    assert refusal(client.subuser(taken)) == (400, ["username exists"])
    assert names(client) == ["engage_dev"]


@pytest.mark.parametrize("field", ["username", "email", "password", "ips"])
def test_a_field_that_is_required_must_be_there(client: Client, field: str) -> None:
    body = {"username": "a", "email": "a@example.com", "password": PASSWORD, "ips": [ADDRESS]}
    del body[field]
    reply = client.sendgrid("POST", "/subusers", json=body)
    assert reply.json()["errors"] == [{"field": field, "message": "missing required argument"}]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("username", ""),
        ("username", 7),
        ("email", "nobody"),
        ("password", "short-1"),
        ("password", "only-letters-in-it"),
        ("password", "1234567890123456"),
        ("password", "a1" * 65),
        ("ips", ADDRESS),
        ("ips", ["localhost"]),
        ("region", "us"),
        ("include_region", "yes"),
        ("nickname", "x"),
    ],
)
def test_a_wrong_or_unknown_field_is_a_400_that_names_it(client: Client, field: str, value: Any) -> None:
    reply = client.subuser(**{field: value})
    assert reply.status_code == 400
    assert reply.json()["errors"][0]["field"].split(".")[0] == field
    assert names(client) == []


def test_all_mistakes_are_told_at_once(client: Client) -> None:
    reply = client.sendgrid("POST", "/subusers", json={"email": "nobody"})
    assert [error["field"] for error in reply.json()["errors"]] == ["username", "email", "password", "ips"]


@pytest.mark.parametrize("fields", [{"ips": ["192.0.2.99"]}, {"ips": [ADDRESS], "region": "eu"}])
def test_addresses_must_be_the_accounts_own_and_of_the_region(client: Client, fields: dict[str, Any]) -> None:
    assert refusal(client.subuser(**fields)) == (400, ["unable to validate IPs at this time"])


def test_fifteen_subusers_are_the_limit(client: Client) -> None:
    assert [client.subuser(f"engage_{n}").status_code for n in range(16)] == [200] * 15 + [403]


def test_a_free_account_has_no_subusers(client: Client) -> None:
    client.emulator.state.alter("sendgrid", "accounts", "engage_parent", type="free")
    assert client.subuser().status_code == 403


def test_the_username_filter_matches_parts_of_names(client: Client) -> None:
    for name in ("engage_dev", "engage_dev_2", "other"):
        client.subuser(name)
    assert names(client, username="engage_dev") == ["engage_dev", "engage_dev_2"]


def test_the_list_comes_in_pages(client: Client) -> None:
    for number in range(12):
        client.subuser(f"engage_{number}")
    assert len(names(client)) == 10
    assert names(client, offset=10) == ["engage_10", "engage_11"]
    assert names(client, limit=1, offset=3) == ["engage_3"]
    assert client.sendgrid("GET", "/subusers", params={"limit": 0}).status_code == 400


def test_the_list_can_be_of_one_region(client: Client) -> None:
    client.subuser("here")
    client.subuser("there", region="eu", ips=[])
    assert [names(client, region=region) for region in ("all", "global", "eu")] == [
        ["here", "there"],
        ["here"],
        ["there"],
    ]


def test_a_subuser_can_be_disabled_and_enabled(client: Client) -> None:
    client.subuser("engage_dev")
    for disabled in (True, False):
        assert client.sendgrid("PATCH", "/subusers/engage_dev", json={"disabled": disabled}).status_code == 204
        assert client.sendgrid("GET", "/subusers").json()[0]["disabled"] is disabled


def test_a_change_needs_a_field_and_a_subuser(client: Client) -> None:
    client.subuser("engage_dev")
    assert refusal(client.sendgrid("PATCH", "/subusers/engage_dev", json={})) == (400, ["no fields provided"])
    assert refusal(client.sendgrid("PATCH", "/subusers/no", json={"disabled": True})) == (400, ["invalid username"])
    assert client.sendgrid("PATCH", "/subusers/engage_dev/website_access", json={}).status_code == 400


def test_website_access_is_a_switch_of_its_own(client: Client) -> None:
    client.subuser("engage_dev")
    assert client.sendgrid("PATCH", "/subusers/engage_dev/website_access", json={"disabled": True}).status_code == 204
    subuser = client.emulator.state.collection("sendgrid", "subusers")["engage_dev"]
    assert (subuser["website_access_disabled"], subuser["disabled"]) == (True, False)


def test_deleting_frees_the_name_and_a_second_delete_finds_nothing(client: Client) -> None:
    first = client.subuser("engage_dev").json()["user_id"]
    assert client.sendgrid("DELETE", "/subusers/engage_dev").status_code == 204
    assert client.sendgrid("DELETE", "/subusers/engage_dev").status_code == 404
    assert client.subuser("engage_dev").json()["user_id"] != first


def test_addresses_are_replaced_by_a_bare_array(client: Client) -> None:
    client.subuser("engage_dev")
    assert client.sendgrid("PUT", "/subusers/engage_dev/ips", json=[]).json() == {"ips": []}
    assert client.sendgrid("GET", "/ips", params={"subuser": "engage_dev"}).json() == []
    assert client.sendgrid("PUT", "/subusers/engage_dev/ips", json=[ADDRESS]).json() == {"ips": [ADDRESS]}
    assert client.sendgrid("PUT", "/subusers/engage_dev/ips", json={"ips": [ADDRESS]}).status_code == 400
    assert client.sendgrid("PUT", "/subusers/engage_dev/ips", json=["192.0.2.99"]).status_code == 400


def test_the_addresses_of_a_subuser_are_read_from_the_list_of_ips(client: Client) -> None:
    client.subuser("engage_dev")
    (row,) = client.sendgrid("GET", "/ips", params={"subuser": "engage_dev"}).json()
    assert (row["ip"], row["subusers"], row["warmup"]) == (ADDRESS, ["engage_dev"], False)


def test_the_list_of_ips_has_ten_on_a_page(client: Client) -> None:
    ips = client.emulator.state.collection("sendgrid", "ips")
    for number in range(20, 31):
        ips[f"192.0.2.{number}"] = {"ip": f"192.0.2.{number}", "region": "global", "start_date": None}
    pages = [client.sendgrid("GET", "/ips", params={"offset": offset}).json() for offset in (0, 10)]
    assert [len(page) for page in pages] == [10, 2]
    backwards = client.sendgrid("GET", "/ips", params={"sort_by_direction": "desc", "limit": 1}).json()
    assert backwards[0]["ip"] == "192.0.2.30"


def test_an_unknown_query_parameter_is_a_violation(client: Client) -> None:
    client.sendgrid("GET", "/ips", params={"subusers": "engage_dev"})
    client.expect_violation("GET api.sendgrid.com/v3/ips: unknown query parameter 'subusers'")
