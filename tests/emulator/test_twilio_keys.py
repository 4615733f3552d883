"""The rules of Twilio's API keys, in both versions of the API, and of who may call with them."""

import json
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
import requests

from emulator import Emulator
from emulator.made_up import console_keys, sid
from tests.emulator.conftest import Client

KEYS, SERVICES = "/v1/Keys", "/v1/Services"
READ = {"allow": ["/twilio/messaging/services/read"]}


def iam(client: Client, method: str, path: str = KEYS, **options: Any) -> requests.Response:
    options.setdefault("auth", token(client))
    return client.send(method, "iam.twilio.com", path, **options)


def token(client: Client) -> tuple[str, str]:
    return account(client), client.emulator.credentials["TWILIO_AUTH_TOKEN"]


def account(client: Client) -> str:
    return client.emulator.credentials["TWILIO_ACCOUNT_SID"]


def refusal(response: requests.Response) -> tuple[int, int]:
    return response.status_code, response.json()["code"]


def new(client: Client, **fields: Any) -> Any:
    reply = iam(client, "POST", data={"AccountSid": account(client), "FriendlyName": "engage"} | fields)
    assert reply.status_code == 201, reply.text
    return reply.json()


def restricted(client: Client, *permissions: str) -> Any:
    return new(client, KeyType="restricted", Policy=json.dumps({"allow": list(permissions)}))


def pair(key: Any) -> tuple[str, str]:
    return key["sid"], key["secret"]


def test_the_secret_is_shown_once_and_kept_as_a_hash(client: Client, emu: Emulator) -> None:
    key = new(client)
    assert (len(key["sid"]), len(key["secret"]), key["policy"]) == (34, 32, None)
    assert "secret" not in iam(client, "GET", f"{KEYS}/{key['sid']}").json()
    assert key["secret"] not in json.dumps(emu.state.vendors)
    assert key["secret"] not in "".join(str(entry.reply) for entry in emu.requests)


def test_its_dates_are_rfc_2822(client: Client) -> None:
    assert parsedate_to_datetime(new(client)["date_created"]).utcoffset() is not None


def test_a_name_may_be_left_out_and_need_not_be_unique(client: Client) -> None:
    assert new(client)["sid"] != new(client)["sid"]
    reply = iam(client, "POST", data={"AccountSid": account(client)})
    assert reply.json()["friendly_name"] is None


def test_a_list_tells_restricted_keys_by_their_flags_alone(client: Client) -> None:
    standard, limited = new(client), restricted(client, *READ["allow"])
    rows = {row["sid"]: row for row in iam(client, "GET", params={"AccountSid": account(client)}).json()["keys"]}
    assert "signing" in rows[standard["sid"]]["flags"]
    assert "signing" not in rows[limited["sid"]]["flags"]
    assert rows[console_keys["main"][0]]["flags"] == rows[standard["sid"]]["flags"]


def test_a_list_names_its_account_and_comes_in_pages(client: Client) -> None:
    made = {new(client)["sid"] for _ in range(3)} | {key_sid for key_sid, _ in console_keys.values()}
    assert iam(client, "GET").status_code == 400
    page = iam(client, "GET", params={"AccountSid": account(client), "PageSize": 2}).json()
    seen = {row["sid"] for row in page["keys"]}
    while link := page["meta"]["next_page_url"]:
        page = client.session.get(link, auth=token(client), timeout=10).json()
        seen |= {row["sid"] for row in page["keys"]}
    assert seen == made


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"FriendlyName": "x" * 65}, 70001),
        ({"KeyType": "main"}, 70001),
        ({"KeyType": "restricted"}, 70001),
        ({"KeyType": "restricted", "Policy": "allow"}, 70001),
        ({"KeyType": "restricted", "Policy": '{"allow": []}'}, 70001),
        ({"KeyType": "restricted", "Policy": json.dumps({"allow": [f"/twilio/a/b/c{n}" for n in range(101)]})}, 70001),
        ({"Policy": json.dumps(READ)}, 70001),
        ({"KeyType": "restricted", "Policy": '{"allow": ["/twilio/messaging"]}'}, 70002),
        ({"AccountSid": ""}, 70051),
        ({"AccountSid": sid("AC", "other")}, 70051),
    ],
)
def test_a_wrong_value_is_refused(client: Client, fields: dict[str, str], code: int) -> None:
    reply = iam(client, "POST", data={"AccountSid": account(client)} | fields)
    assert refusal(reply) == (403 if code == 70051 else 400, code)


def test_an_update_keeps_what_it_leaves_out(client: Client) -> None:
    key = restricted(client, *READ["allow"])
    path = f"{KEYS}/{key['sid']}"
    assert iam(client, "POST", path, data={"FriendlyName": "new"}).json()["policy"] == READ
    wider = {"allow": ["/twilio/messaging/services/*"]}
    changed = iam(client, "POST", path, data={"Policy": json.dumps(wider)}).json()
    assert (changed["friendly_name"], changed["policy"]) == ("new", wider)


def test_a_standard_key_gets_no_policy(client: Client) -> None:
    reply = iam(client, "POST", f"{KEYS}/{new(client)['sid']}", data={"Policy": json.dumps(READ)})
    assert refusal(reply) == (400, 70001)


def test_a_deleted_key_is_gone_and_opens_nothing(client: Client) -> None:
    key = new(client)
    assert client.twilio("GET", SERVICES, auth=pair(key)).status_code == 200
    assert iam(client, "DELETE", f"{KEYS}/{key['sid']}").status_code == 204
    for method in ("GET", "POST", "DELETE"):
        assert refusal(iam(client, method, f"{KEYS}/{key['sid']}")) == (404, 20404)
    assert refusal(client.twilio("GET", SERVICES, auth=pair(key))) == (401, 20003)


def test_there_is_a_limit(client: Client) -> None:
    for _ in range(98):
        new(client)
    reply = iam(client, "POST", data={"AccountSid": account(client)})
    assert refusal(reply) == (400, 70151)


def test_the_older_api_makes_standard_keys_of_the_same_collection(client: Client) -> None:
    path = f"/2010-04-01/Accounts/{account(client)}/Keys"
    made = client.twilio("POST", f"{path}.json", data={"FriendlyName": "old"})
    assert made.status_code == 201
    key = made.json()
    assert "policy" not in key
    assert iam(client, "GET", f"{KEYS}/{key['sid']}").json()["friendly_name"] == "old"
    assert client.twilio("GET", SERVICES, auth=pair(key)).status_code == 200
    renamed = client.twilio("POST", f"{path}/{key['sid']}.json", data={"FriendlyName": "new"}).json()
    assert client.twilio("GET", f"{path}/{key['sid']}.json").json() == renamed
    assert {row["sid"] for row in client.twilio("GET", f"{path}.json").json()["keys"]} >= {key["sid"]}
    assert refusal(client.twilio("POST", f"{path}.json", data={"FriendlyName": "x" * 65})) == (400, 70001)
    assert client.twilio("DELETE", f"{path}/{key['sid']}.json").status_code == 204
    assert refusal(client.twilio("GET", f"{path}/{key['sid']}.json")) == (404, 20404)


# -- who may call --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["main", "standard"])
def test_only_a_main_key_manages_accounts_and_keys(client: Client, kind: str) -> None:
    auth, expected = console_keys[kind], 200 if kind == "main" else 401
    key = new(client)
    for path in ("/Accounts.json", f"/Accounts/{account(client)}.json", f"/Accounts/{account(client)}/Keys.json"):
        assert client.twilio("GET", f"/2010-04-01{path}", auth=auth).status_code == expected
    assert iam(client, "GET", f"{KEYS}/{key['sid']}", auth=auth).status_code == expected
    assert client.twilio("GET", SERVICES, auth=auth).status_code == 200


def test_a_restricted_key_may_do_what_its_policy_names_and_is_told_what_it_lacks(client: Client) -> None:
    service = client.twilio("POST", SERVICES, data={"FriendlyName": "engage"}).json()
    key = pair(restricted(client, *READ["allow"]))
    path = f"{SERVICES}/{service['sid']}"
    assert client.twilio("GET", path, auth=key).status_code == 200
    refused = client.twilio("GET", SERVICES, auth=key)
    assert refusal(refused) == (403, 70051)
    assert "/twilio/messaging/services/list" in refused.json()["message"]
    for method in ("POST", "DELETE"):
        assert refusal(client.twilio(method, path, auth=key)) == (403, 70051)
    assert client.twilio("GET", f"/2010-04-01/Accounts/{account(client)}/Addresses.json", auth=key).status_code == 403


def test_a_star_allows_every_action(client: Client) -> None:
    key = pair(restricted(client, "/twilio/messaging/services/*"))
    made = client.twilio("POST", SERVICES, data={"FriendlyName": "engage"}, auth=key)
    assert made.status_code == 201
    assert client.twilio("DELETE", f"{SERVICES}/{made.json()['sid']}", auth=key).status_code == 204


def test_a_restricted_key_may_be_let_manage_keys(client: Client) -> None:
    key = pair(restricted(client, "/twilio/iam/api-keys/read"))
    assert iam(client, "GET", f"{KEYS}/{key[0]}", auth=key).status_code == 200
    assert refusal(iam(client, "POST", data={"AccountSid": account(client)}, auth=key)) == (403, 70051)
