"""The rules of Twilio's addresses."""

from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from emulator.made_up import sha256, sid
from tests.emulator.conftest import Client
from tests.emulator.test_twilio import refusal
from tests.support import twilio_objects

ELSEWHERE = {
    "CustomerName": "Example GmbH",
    "Street": "Beispielstraße 1",
    "City": "Berlin",
    "Region": "Berlin",
    "PostalCode": "10115",
    "IsoCountry": "DE",
}
KNOWN = {"street": "101 Spear St", "city": "San Francisco", "region": "CA", "postal_code": "94105"}
SIMILAR = {
    "CustomerName": "Example Inc",
    "Street": "101 SPEAR STREET",
    "City": "San Francisco",
    "Region": "California",
    "PostalCode": "94105-1234",
    "IsoCountry": "US",
}


@pytest.fixture
def path(client: Client) -> str:
    return f"/2010-04-01/Accounts/{client.emulator.credentials['TWILIO_ACCOUNT_SID']}/Addresses"


def new(client: Client, path: str, **fields: Any) -> Any:
    reply = client.twilio("POST", f"{path}.json", data=ELSEWHERE | fields)
    assert reply.status_code == 201, reply.text
    return reply.json()


def test_what_was_sent_is_what_is_read_with_the_vendors_defaults(client: Client, path: str) -> None:
    made = new(client, path)
    assert made["sid"].startswith("AD")
    expected = {
        "customer_name": "Example GmbH",
        "street": "Beispielstraße 1",
        "iso_country": "DE",
        "friendly_name": None,
        "street_secondary": None,
        "emergency_enabled": False,
        "validated": False,
        "verified": False,
        "uri": f"{path}/{made['sid']}.json",
    }
    assert made.items() >= expected.items()
    assert client.twilio("GET", f"{path}/{made['sid']}.json").json() == made


def test_its_dates_are_those_of_the_2010_api(client: Client, path: str) -> None:
    made = new(client, path)
    assert parsedate_to_datetime(made["date_created"]).utcoffset() is not None
    assert made["date_created"].endswith(" +0000")


@pytest.mark.parametrize("name", ELSEWHERE)
def test_a_new_address_needs_every_part(client: Client, path: str, name: str) -> None:
    data = {key: value for key, value in ELSEWHERE.items() if key != name}
    reply = client.twilio("POST", f"{path}.json", data=data)
    assert refusal(reply) == (400, 20001)
    assert name in reply.json()["message"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"Street": ""}, 21238),
        ({"CustomerName": "ß" * 33}, 21238),
        ({"EmergencyEnabled": "yes"}, 21238),
        ({"FriendlyName": "x" * 65}, 20002),
        ({"FriendlyName": "x" * 33, "EmergencyEnabled": "true"}, 20002),
    ],
)
def test_a_wrong_value_is_refused_on_create_and_on_update(
    client: Client, path: str, fields: dict[str, str], code: int
) -> None:
    made = new(client, path)
    assert refusal(client.twilio("POST", f"{path}.json", data=ELSEWHERE | fields)) == (400, code)
    assert refusal(client.twilio("POST", f"{path}/{made['sid']}.json", data=fields)) == (400, code)
    assert client.twilio("GET", f"{path}/{made['sid']}.json").json() == made


@pytest.mark.parametrize("correct", [{}, {"AutoCorrectAddress": "true"}, {"AutoCorrectAddress": ""}])
def test_a_similar_address_becomes_the_valid_one(client: Client, path: str, correct: dict[str, str]) -> None:
    made = new(client, path, **SIMILAR, **correct)
    assert made.items() >= (KNOWN | {"validated": True}).items()


def test_without_correction_the_valid_one_is_suggested(client: Client, path: str) -> None:
    reply = client.twilio("POST", f"{path}.json", data=SIMILAR | {"AutoCorrectAddress": "false"})
    assert refusal(reply) == (400, 21629)
    assert "101 Spear St, San Francisco, CA, 94105" in reply.json()["message"]


def test_an_exact_address_needs_no_correction(client: Client, path: str) -> None:
    exact = {"Street": "101 Spear St", "Region": "CA", "PostalCode": "94105", "AutoCorrectAddress": "false"}
    assert new(client, path, **{**SIMILAR, **exact})["validated"] is True


def test_an_address_that_is_not_found_is_refused(client: Client, path: str) -> None:
    reply = client.twilio("POST", f"{path}.json", data=SIMILAR | {"Street": "1 Nowhere"})
    assert refusal(reply) == (400, 21628)


def test_an_update_keeps_what_it_leaves_out_and_an_empty_value_clears(client: Client, path: str) -> None:
    made = new(client, path, FriendlyName="Office", StreetSecondary="2. Hof")
    changed = client.twilio("POST", f"{path}/{made['sid']}.json", data={"City": "Potsdam", "StreetSecondary": ""})
    assert changed.status_code == 200
    assert changed.json().items() >= {"city": "Potsdam", "street_secondary": None, "friendly_name": "Office"}.items()


def test_the_country_of_an_address_does_not_change(client: Client, path: str) -> None:
    made = new(client, path)
    changed = client.twilio("POST", f"{path}/{made['sid']}.json", data={"IsoCountry": "AT"})
    assert changed.json()["iso_country"] == "DE"
    client.expect_violation(f"POST api.twilio.com{path}/{made['sid']}.json: unknown parameter 'IsoCountry'")


def test_an_address_of_a_verified_document_does_not_change(client: Client, path: str) -> None:
    made = new(client, path)
    client.emulator.state.alter("twilio", "addresses", made["sid"], verified=True)
    assert refusal(client.twilio("POST", f"{path}/{made['sid']}.json", data={"City": "Potsdam"})) == (400, 21630)


def test_a_deleted_address_is_gone(client: Client, path: str) -> None:
    own = f"{path}/{new(client, path)['sid']}.json"
    assert client.twilio("DELETE", own).status_code == 204
    for method in ("GET", "POST", "DELETE"):
        assert refusal(client.twilio(method, own)) == (404, 20404)


def test_the_list_comes_in_pages_whose_links_are_relative(client: Client, path: str) -> None:
    made = [new(client, path)["sid"] for _ in range(5)]
    seen, spans = [], []
    page = client.twilio("GET", f"{path}.json", params={"PageSize": 2, "IsoCountry": "DE"}).json()
    while True:
        seen += [address["sid"] for address in page["addresses"]]
        spans.append((page["page"], page["start"], page["end"]))
        if page["next_page_uri"] is None:
            break
        assert page["next_page_uri"].startswith(f"{path}.json?IsoCountry=DE&PageSize=2&Page=")
        page = client.twilio("GET", page["next_page_uri"]).json()
    assert (seen, spans) == (made, [(0, 0, 1), (1, 2, 3), (2, 4, 4)])
    back = client.twilio("GET", page["previous_page_uri"]).json()
    assert [address["sid"] for address in back["addresses"]] == made[2:4]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"CustomerName": "Example AG"}, 1),
        ({"FriendlyName": "Office"}, 1),
        ({"EmergencyEnabled": "false"}, 2),
        ({"IsoCountry": "AT"}, 0),
    ],
)
def test_the_list_has_filters(client: Client, path: str, query: dict[str, str], count: int) -> None:
    new(client, path, CustomerName="Example AG")
    new(client, path, FriendlyName="Office")
    assert len(client.twilio("GET", f"{path}.json", params=query).json()["addresses"]) == count


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_another_account_has_none_of_them(client: Client, method: str) -> None:
    other = f"/2010-04-01/Accounts/{sid('AC', 'other')}/Addresses.json"
    assert refusal(client.twilio(method, other, data=ELSEWHERE if method == "POST" else None)) == (404, 20404)


def test_wrong_credentials_are_refused_and_a_standard_key_is_not(client: Client, path: str) -> None:
    key = sid("SK", "test")
    client.emulator.state.collection("twilio", "keys")[key] = {"sid": key, "secret_sha256": sha256("made up")}
    assert client.twilio("GET", f"{path}.json", auth=(key, "made up")).status_code == 200
    assert refusal(client.twilio("GET", f"{path}.json", auth=(key, "wrong"))) == (401, 20003)


def test_numbers_that_name_an_address_depend_on_it_and_deleting_it_is_held_against_the_client(
    client: Client, path: str
) -> None:
    address = new(client, path)["sid"]
    number = twilio_objects.number(client.emulator)
    twilio_objects.number(client.emulator, twilio_objects.OTHER_NUMBER, "+15555550101")
    client.emulator.state.alter("twilio", "incoming_phone_numbers", number, address_sid=address)
    page = client.twilio("GET", f"{path}/{address}/DependentPhoneNumbers.json").json()
    assert [row["sid"] for row in page["dependent_phone_numbers"]] == [number]
    assert client.twilio("DELETE", f"{path}/{address}.json").status_code == 204
    (violation,) = client.emulator.violations
    assert violation.endswith("an address was deleted that numbers depend on")
    client.emulator.violations.clear()
    assert client.twilio("GET", f"{path}/{address}/DependentPhoneNumbers.json").status_code == 404
