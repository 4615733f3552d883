"""The rules of Twilio's accounts and messaging services."""

from typing import Any

import pytest
import requests

from emulator import Emulator
from emulator.made_up import sha256, sid
from tests.emulator.conftest import Client

SERVICES = "/v1/Services"
KEY_SID = sid("SK", "test")


def refusal(response: requests.Response) -> tuple[int, int]:
    """(status, code) of a refusal."""
    return response.status_code, response.json()["code"]


def new(client: Client, **fields: Any) -> Any:
    reply = client.twilio("POST", SERVICES, data={"FriendlyName": "Engage"} | fields)
    assert reply.status_code == 201, reply.text
    return reply.json()


def account_path(emu: Emulator) -> str:
    return f"/2010-04-01/Accounts/{emu.credentials['TWILIO_ACCOUNT_SID']}.json"


@pytest.mark.parametrize("auth", [None, ("", ""), ("ACnobody", "token"), "right sid, wrong token"])
@pytest.mark.parametrize("path", [SERVICES, f"{SERVICES}/Usecases", "account"])
def test_wrong_credentials_are_refused_everywhere(client: Client, emu: Emulator, auth: Any, path: str) -> None:
    if isinstance(auth, str):
        auth = (emu.credentials["TWILIO_ACCOUNT_SID"], "wrong")
    reply = client.twilio("GET", account_path(emu) if path == "account" else path, auth=auth)
    assert refusal(reply) == (401, 20003)
    assert reply.json()["more_info"] == "https://www.twilio.com/docs/errors/20003"


def test_a_standard_key_may_use_services_and_not_accounts(client: Client, emu: Emulator) -> None:
    emu.state.collection("twilio", "keys")[KEY_SID] = {"sid": KEY_SID, "secret_sha256": sha256("made up")}
    assert client.twilio("GET", SERVICES, auth=(KEY_SID, "made up")).status_code == 200
    assert client.twilio("GET", SERVICES, auth=(KEY_SID, "wrong")).status_code == 401
    assert refusal(client.twilio("GET", account_path(emu), auth=(KEY_SID, "made up"))) == (401, 20003)


def test_the_account_is_full_and_active_and_can_be_made_a_trial(client: Client, emu: Emulator) -> None:
    account = client.twilio("GET", account_path(emu)).json()
    assert (account["type"], account["status"]) == ("Full", "active")
    emu.state.alter("twilio", "accounts", emu.credentials["TWILIO_ACCOUNT_SID"], type="Trial")
    assert client.twilio("GET", account_path(emu)).json()["type"] == "Trial"


def test_somebody_elses_account_is_not_found(client: Client) -> None:
    reply = client.twilio("GET", f"/2010-04-01/Accounts/{sid('AC', 'other')}.json")
    assert refusal(reply) == (404, 20404)


def test_a_service_has_the_vendors_defaults(client: Client) -> None:
    service = new(client)
    assert service["sid"].startswith("MG")
    assert len(service["sid"]) == 34
    expected = {
        "friendly_name": "Engage",
        "inbound_request_url": None,
        "inbound_method": "POST",
        "status_callback": None,
        "sticky_sender": True,
        "validity_period": 36000,
        "usecase": "undeclared",
        "use_inbound_webhook_on_number": False,
    }
    assert service.items() >= expected.items()


def test_what_was_sent_is_what_is_read(client: Client) -> None:
    sent = {
        "FriendlyName": "éngage & co",
        "InboundRequestUrl": "https://example.com/in?a=1&b=2",
        "InboundMethod": "GET",
        "StickySender": "false",
        "ValidityPeriod": "1",
        "Usecase": "marketing",
    }
    made = new(client, **sent)
    assert made["friendly_name"] == sent["FriendlyName"]
    assert made["inbound_request_url"] == sent["InboundRequestUrl"]
    assert (made["inbound_method"], made["sticky_sender"], made["validity_period"]) == ("GET", False, 1)
    assert client.twilio("GET", f"{SERVICES}/{made['sid']}").json() == made


def test_a_name_is_required_and_need_not_be_unique(client: Client) -> None:
    reply = client.twilio("POST", SERVICES, data={"Usecase": "marketing"})
    assert refusal(reply) == (400, 20001)
    assert "FriendlyName" in reply.json()["message"]
    assert new(client)["sid"] != new(client)["sid"]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("FriendlyName", "", 20002),
        ("FriendlyName", "x" * 65, 20002),
        ("Usecase", "Marketing", 21713),
        ("InboundMethod", "PUT", 20001),
        ("InboundMethod", "", 20001),
        ("InboundRequestUrl", "example.com/in", 20001),
        ("StickySender", "yes", 20001),
        ("ScanMessageContent", "on", 20001),
        ("ValidityPeriod", "0", 20001),
        ("ValidityPeriod", "36001", 20001),
        ("ValidityPeriod", "a day", 20001),
        ("ValidityPeriod", "60.0", 20001),
    ],
)
def test_a_wrong_value_is_refused_on_create_and_on_update(client: Client, field: str, value: str, code: int) -> None:
    made = new(client)
    for path in (SERVICES, f"{SERVICES}/{made['sid']}"):
        assert refusal(client.twilio("POST", path, data={"FriendlyName": "Engage", field: value})) == (400, code)
    assert client.twilio("GET", f"{SERVICES}/{made['sid']}").json() == made


def test_an_update_keeps_what_it_leaves_out_and_an_empty_value_clears(client: Client) -> None:
    made = new(client, InboundRequestUrl="https://example.com/in", Usecase="marketing", InboundMethod="GET")
    path = f"{SERVICES}/{made['sid']}"
    renamed = client.twilio("POST", path, data={"FriendlyName": "New"})
    assert renamed.status_code == 200
    assert renamed.json()["inbound_request_url"] == "https://example.com/in"
    cleared = client.twilio("POST", path, data={"InboundRequestUrl": ""}).json()
    assert (cleared["inbound_request_url"], cleared["inbound_method"]) == (None, "GET")
    assert (cleared["friendly_name"], cleared["usecase"]) == ("New", "marketing")


@pytest.mark.parametrize(
    ("data", "violation"),
    [
        ([("FriendlyName", "a"), ("UseCase", "marketing")], "unknown parameter 'UseCase'"),
        ([("FriendlyName", "a"), ("FriendlyName", "b")], "parameter 'FriendlyName' was sent more than once"),
    ],
)
def test_what_twilio_ignores_in_silence_is_a_violation(client: Client, data: Any, violation: str) -> None:
    made = client.twilio("POST", SERVICES, data=data).json()
    assert (made["friendly_name"], made["usecase"]) == ("a", "undeclared")
    client.expect_violation(f"POST messaging.twilio.com{SERVICES}: {violation}")


def test_a_json_body_is_not_read(client: Client) -> None:
    assert refusal(client.twilio("POST", SERVICES, json={"FriendlyName": "a"})) == (400, 20001)
    assert "application/json" in client.emulator.violations.pop()


def test_a_deleted_service_is_gone(client: Client) -> None:
    path = f"{SERVICES}/{new(client)['sid']}"
    assert client.twilio("DELETE", path).status_code == 204
    for method in ("GET", "POST", "DELETE"):
        assert refusal(client.twilio(method, path)) == (404, 20404)


def test_the_list_comes_in_pages_whose_links_stay_with_the_emulator(client: Client, emu: Emulator) -> None:
    made = [new(client)["sid"] for _ in range(5)]
    seen, links = [], []
    page = client.twilio("GET", SERVICES, params={"PageSize": 2}).json()
    while True:
        seen += [service["sid"] for service in page["services"]]
        links.append(page["meta"]["next_page_url"])
        if links[-1] is None:
            break
        assert links[-1].startswith(f"{emu.url}/messaging.twilio.com{SERVICES}?")
        page = client.twilio("GET", links[-1].removeprefix(f"{emu.url}/messaging.twilio.com")).json()
    assert (seen, len(links), page["meta"]["page"]) == (made, 3, 2)
    back = page["meta"]["previous_page_url"].removeprefix(f"{emu.url}/messaging.twilio.com")
    assert [service["sid"] for service in client.twilio("GET", back).json()["services"]] == made[2:4]


def test_a_page_has_fifty_unless_told_otherwise(client: Client) -> None:
    for _ in range(51):
        new(client)
    meta = client.twilio("GET", SERVICES).json()["meta"]
    assert (meta["page_size"], meta["key"], bool(meta["next_page_url"])) == (50, "services", True)


@pytest.mark.parametrize("query", [{"PageSize": 0}, {"PageSize": 1001}, {"PageToken": "PAguess"}, {"Page": 1}])
def test_a_page_cannot_be_made_up(client: Client, query: dict[str, Any]) -> None:
    assert client.twilio("GET", SERVICES, params=query).status_code == 400


def test_market_my_services_is_the_usecase_marketing(client: Client) -> None:
    usecases = client.twilio("GET", f"{SERVICES}/Usecases").json()["usecases"]
    assert {row["usecase"]: row["purpose"] for row in usecases}["marketing"] == "Market my services."
    assert len(usecases) == 6
