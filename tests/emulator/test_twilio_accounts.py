"""The rules of Twilio's subaccounts, and of whose credentials reach what."""

from typing import Any

import pytest
import requests

from emulator import Emulator
from emulator.made_up import console_keys, sid
from tests.emulator.conftest import Client

ACCOUNTS, SERVICES = "/2010-04-01/Accounts", "/v1/Services"


def refusal(response: requests.Response) -> tuple[int, int]:
    return response.status_code, response.json()["code"]


def new(client: Client, **fields: str) -> Any:
    reply = client.twilio("POST", f"{ACCOUNTS}.json", data=fields)
    assert reply.status_code == 201, reply.text
    return reply.json()


def change(client: Client, account_sid: str, **options: Any) -> requests.Response:
    return client.twilio("POST", f"{ACCOUNTS}/{account_sid}.json", **options)


def own(account: Any) -> tuple[str, str]:
    return account["sid"], account["auth_token"]


def parent(client: Client) -> str:
    return client.emulator.credentials["TWILIO_ACCOUNT_SID"]


def test_a_subaccount_has_a_token_of_its_own_and_its_parents_type(client: Client, emu: Emulator) -> None:
    child, other = new(client, FriendlyName="one"), new(client)
    assert (child["status"], child["type"], child["owner_account_sid"]) == ("active", "Full", parent(client))
    assert len({child["auth_token"], other["auth_token"], emu.credentials["TWILIO_AUTH_TOKEN"]}) == 3
    assert other["friendly_name"].startswith("SubAccount Created at")
    assert client.twilio("GET", f"{ACCOUNTS}/{child['sid']}.json").json() == child
    assert child["auth_token"] not in "".join(str(entry.reply) for entry in emu.requests)


def test_the_list_has_the_account_itself_and_can_be_filtered(client: Client) -> None:
    child = new(client, FriendlyName="one")
    change(client, child["sid"], data={"Status": "suspended"})

    def listed(**query: str) -> set[str]:
        return {row["sid"] for row in client.twilio("GET", f"{ACCOUNTS}.json", params=query).json()["accounts"]}

    assert listed() == {parent(client), child["sid"]}
    assert listed(FriendlyName="one") == listed(Status="suspended") == {child["sid"]}


def test_a_status_changes_until_it_is_closed(client: Client) -> None:
    child = new(client)["sid"]
    for status in ("suspended", "active", "closed"):
        assert change(client, child, data={"Status": status}).json()["status"] == status
    assert refusal(change(client, child, data={"Status": "active"})) == (400, 21479)
    assert change(client, child, data={"FriendlyName": "x"}).status_code == 200


def test_closing_releases_its_numbers_and_nobody_elses(client: Client, emu: Emulator) -> None:
    child = new(client)["sid"]
    numbers = emu.state.collection("twilio", "incoming_phone_numbers")
    numbers |= {"PN1": {"sid": "PN1", "account_sid": child}, "PN2": {"sid": "PN2", "account_sid": parent(client)}}
    change(client, child, data={"Status": "closed"})
    assert set(numbers) == {"PN2"}


@pytest.mark.parametrize(
    ("data", "code"), [({"Status": "suspended"}, 21477), ({"FriendlyName": "x" * 65}, 20002), ({"Status": "x"}, 20001)]
)
def test_what_cannot_be_is_refused(client: Client, data: dict[str, str], code: int) -> None:
    assert refusal(change(client, parent(client), data=data)) == (400, code)


def test_a_trial_has_none_a_subaccount_has_none_and_there_is_a_limit(
    client: Client, emu: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = new(client)
    assert refusal(client.twilio("POST", f"{ACCOUNTS}.json", auth=own(child))) == (400, 21101)
    monkeypatch.setattr("emulator.twilio.accounts.LIMIT", 1)
    assert refusal(client.twilio("POST", f"{ACCOUNTS}.json")) == (400, 21480)
    change(client, child["sid"], data={"Status": "closed"})
    new(client)
    emu.state.alter("twilio", "accounts", parent(client), type="Trial")
    assert refusal(client.twilio("POST", f"{ACCOUNTS}.json")) == (403, 10002)


def test_a_parents_token_reaches_the_2010_api_of_its_subaccount_alone(client: Client) -> None:
    child = new(client)
    parts = {"CustomerName": "a", "Street": "b", "City": "c", "Region": "d", "PostalCode": "e", "IsoCountry": "DE"}
    made = client.twilio("POST", f"{ACCOUNTS}/{child['sid']}/Addresses.json", data=parts)
    assert made.json()["account_sid"] == child["sid"]
    token = client.emulator.credentials["TWILIO_AUTH_TOKEN"]
    assert refusal(client.twilio("GET", SERVICES, auth=(child["sid"], token))) == (401, 20003)


def test_a_subaccounts_token_reaches_itself_alone(client: Client) -> None:
    child, other = new(client), new(client)
    made = client.twilio("POST", SERVICES, data={"FriendlyName": "x"}, auth=own(child)).json()
    assert made["account_sid"] == child["sid"]
    assert client.twilio("GET", SERVICES).json()["services"] == []
    for account_sid in (parent(client), other["sid"]):
        for path in (f"{ACCOUNTS}/{account_sid}.json", f"{ACCOUNTS}/{account_sid}/Addresses.json"):
            assert refusal(client.twilio("GET", path, auth=own(child))) == (404, 20404)
    rows = client.twilio("GET", f"{ACCOUNTS}.json", auth=own(child)).json()["accounts"]
    assert [row["sid"] for row in rows] == [child["sid"]]


def test_a_parents_standard_key_does_not_reach_its_subaccounts(client: Client) -> None:
    path = f"{ACCOUNTS}/{new(client)['sid']}/Addresses.json"
    assert refusal(client.twilio("GET", path, auth=console_keys["standard"])) == (404, 20404)
    assert client.twilio("GET", path, auth=console_keys["main"]).status_code == 200


def test_a_parent_makes_keys_for_its_subaccount_in_the_2010_api(client: Client) -> None:
    child = new(client)
    key = client.twilio("POST", f"{ACCOUNTS}/{child['sid']}/Keys.json").json()
    made = client.twilio("POST", SERVICES, data={"FriendlyName": "x"}, auth=(key["sid"], key["secret"])).json()
    assert made["account_sid"] == child["sid"]
    assert refusal(client.twilio("GET", f"{ACCOUNTS}/{sid('AC', 'x')}/Keys.json")) == (404, 20404)


def test_who_is_suspended_calls_nothing_and_its_parent_may_end_that(client: Client) -> None:
    child = new(client)
    change(client, child["sid"], data={"Status": "suspended"})
    assert refusal(client.twilio("GET", SERVICES, auth=own(child))) == (403, 20005)
    change(client, child["sid"], data={"Status": "active"})
    assert client.twilio("GET", SERVICES, auth=own(child)).status_code == 200


def test_a_balance_is_the_parents(client: Client) -> None:
    balance = client.twilio("GET", f"{ACCOUNTS}/{parent(client)}/Balance.json", auth=console_keys["standard"]).json()
    assert (balance["currency"], float(balance["balance"])) == ("USD", 20.0)
    assert refusal(client.twilio("GET", f"{ACCOUNTS}/{new(client)['sid']}/Balance.json")) == (404, 20404)
