"""The rules of a messaging service's pools."""

from typing import Any

import pytest
import requests

from emulator import Emulator
from emulator.made_up import sid
from emulator.twilio import campaigns
from tests.emulator.conftest import Client
from tests.emulator.test_twilio import new, refusal
from tests.support import twilio_objects
from tests.support.twilio_objects import CHANNEL_SENDER, NUMBER, OTHER_NUMBER, SHORT_CODE

KINDS = {
    "PhoneNumbers": ({"PhoneNumberSid": NUMBER}, "phone_numbers"),
    "ShortCodes": ({"ShortCodeSid": SHORT_CODE}, "short_codes"),
    "ChannelSenders": ({"Sid": CHANNEL_SENDER}, "senders"),
    "AlphaSenders": ({"AlphaSender": "Engage"}, "alpha_senders"),
    "DestinationAlphaSenders": ({"AlphaSender": "Engage", "IsoCountryCode": "FR"}, "alpha_senders"),
}
each = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture(autouse=True)
def _account(emu: Emulator) -> None:
    twilio_objects.number(emu)
    twilio_objects.number(emu, OTHER_NUMBER, "+4915555550100")
    twilio_objects.short_code(emu)
    twilio_objects.channel_sender(emu)


def path(client: Client, kind: str, service: str | None = None) -> str:
    return f"/v1/Services/{service or new(client)['sid']}/{kind}"


def add(client: Client, pool: str, **fields: str) -> requests.Response:
    return client.twilio("POST", pool, data=fields or KINDS[pool.rpartition("/")[2]][0])


@each
def test_a_sender_is_added_read_listed_and_taken_out(client: Client, kind: str) -> None:
    pool = path(client, kind)
    added = add(client, pool)
    assert added.status_code == 201, added.text
    one = f"{pool}/{added.json()['sid']}"
    assert client.twilio("GET", one).json() == added.json()
    listed = client.twilio("GET", pool).json()
    assert listed[KINDS[kind][1]] == [added.json()]
    assert listed["meta"]["key"] == KINDS[kind][1]
    assert client.twilio("DELETE", one).status_code == 204
    for method in ("GET", "DELETE"):
        assert refusal(client.twilio(method, one)) == (404, 20404)
    assert add(client, pool).status_code == 201


@each
def test_a_second_time_in_the_same_service_is_refused(client: Client, kind: str) -> None:
    pool = path(client, kind)
    add(client, pool)
    assert refusal(add(client, pool)) == (409, 21710)


@pytest.mark.parametrize("kind", ["PhoneNumbers", "ShortCodes"])
def test_a_number_is_in_one_service_only_until_it_is_taken_out(client: Client, kind: str) -> None:
    first, second = path(client, kind), path(client, kind)
    added = add(client, first).json()
    assert refusal(add(client, second)) == (409, 21712)
    client.twilio("DELETE", f"{first}/{added['sid']}")
    assert add(client, second).status_code == 201


@pytest.mark.parametrize("kind", ["AlphaSenders", "DestinationAlphaSenders", "ChannelSenders"])
def test_others_may_be_in_several_services(client: Client, kind: str) -> None:
    assert [add(client, path(client, kind)).status_code for _ in range(2)] == [201, 201]


def test_a_service_has_one_alpha_sender_beside_those_for_countries(client: Client) -> None:
    pool = path(client, "AlphaSenders")
    countries = pool.replace("AlphaSenders", "DestinationAlphaSenders")
    add(client, pool)
    assert refusal(add(client, pool, AlphaSender="Other")) == (409, 20409)
    assert add(client, countries, AlphaSender="Engage").json()["iso_country_code"] == ""
    assert len(client.twilio("GET", pool).json()["alpha_senders"]) == 1


def test_alpha_senders_are_listed_by_country(client: Client) -> None:
    pool = path(client, "DestinationAlphaSenders")
    for country in ("FR", "DE"):
        add(client, pool, AlphaSender="Engage", IsoCountryCode=country)
    listed = client.twilio("GET", pool, params={"IsoCountryCode": "DE"}).json()["alpha_senders"]
    assert [row["iso_country_code"] for row in listed] == ["DE"]


def test_a_number_is_shown_with_its_country_and_what_it_can_do(client: Client, emu: Emulator) -> None:
    pool = path(client, "PhoneNumbers")
    able = {"voice": True, "sms": True, "mms": False, "fax": True}
    twilio_objects.number(emu, OTHER_NUMBER, "+4915555550100", capabilities=able)
    american, german = add(client, pool).json(), add(client, pool, PhoneNumberSid=OTHER_NUMBER).json()
    assert (american["country_code"], american["capabilities"]) == ("US", ["MMS", "SMS", "Voice"])
    assert (german["country_code"], german["capabilities"]) == ("DE", ["SMS", "Voice"])


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"capabilities": {"voice": True, "sms": False, "mms": False, "fax": False}}, 21715),
        ({"region": "ie1"}, 21669),
        ({"account_sid": sid("AC", "other")}, 21421),
    ],
)
def test_a_number_that_cannot_send_here_is_refused(
    client: Client, emu: Emulator, fields: dict[str, Any], code: int
) -> None:
    twilio_objects.number(emu, **fields)
    assert refusal(add(client, path(client, "PhoneNumbers"))) == (400, code)


def test_mms_alone_is_enough(client: Client, emu: Emulator) -> None:
    twilio_objects.number(emu, capabilities={"voice": False, "sms": False, "mms": True, "fax": False})
    assert add(client, path(client, "PhoneNumbers")).json()["capabilities"] == ["MMS"]


def test_a_pool_has_room_for_400_numbers_and_short_codes(client: Client, emu: Emulator) -> None:
    service = new(client)["sid"]
    rows = emu.state.collection("twilio", "service_senders")
    for count in range(399):
        number = twilio_objects.number(emu, sid("PN", "of many", count))
        rows[f"{service}/{number}"] = {"sid": number, "service_sid": service, "pool": "PhoneNumbers"}
    assert add(client, path(client, "ShortCodes", service)).status_code == 201
    assert refusal(add(client, path(client, "PhoneNumbers", service))) == (412, 21714)
    assert add(client, path(client, "AlphaSenders", service)).status_code == 201
    assert add(client, path(client, "PhoneNumbers")).status_code == 201


@pytest.mark.parametrize("kind", ["PhoneNumbers", "ShortCodes", "ChannelSenders"])
def test_a_sender_that_does_not_exist_is_refused(client: Client, kind: str) -> None:
    (name,) = KINDS[kind][0]
    for wrong in ("+15555550100", sid("PN", "nobody's")):
        assert refusal(add(client, path(client, kind), **{name: wrong})) == (400, 21421)


@pytest.mark.parametrize("text", ["", "123456", "Twelve chars", "a.b", "Größe"])
@pytest.mark.parametrize("kind", ["AlphaSenders", "DestinationAlphaSenders"])
def test_what_is_no_alpha_sender_is_refused(client: Client, kind: str, text: str) -> None:
    assert refusal(add(client, path(client, kind), AlphaSender=text)) == (400, 20001)


def test_a_country_is_two_capital_letters(client: Client) -> None:
    pool = path(client, "DestinationAlphaSenders")
    assert refusal(add(client, pool, AlphaSender="Engage", IsoCountryCode="France")) == (400, 20001)


@each
def test_what_is_required_is_missed(client: Client, kind: str) -> None:
    assert refusal(client.twilio("POST", path(client, kind), data={})) == (400, 20001)


@each
def test_a_pool_is_of_a_service_that_exists(client: Client, kind: str) -> None:
    pool = path(client, kind, sid("MG", "nobody's"))
    assert refusal(add(client, pool)) == (404, 20404)
    assert refusal(client.twilio("GET", pool)) == (404, 20404)
    assert refusal(client.twilio("GET", pool, auth=None)) == (401, 20003)


@each
def test_a_list_has_pages(client: Client, kind: str) -> None:
    pool = path(client, kind)
    add(client, pool)
    assert client.twilio("GET", pool, params={"PageSize": 1}).json()["meta"]["next_page_url"] is None
    assert client.twilio("GET", pool, params={"PageSize": 0}).status_code == 400


def test_a_deleted_service_has_no_pool_and_its_numbers_stay(client: Client, emu: Emulator) -> None:
    pool = path(client, "PhoneNumbers")
    add(client, pool)
    client.twilio("DELETE", pool.removesuffix("/PhoneNumbers"))
    assert emu.state.collection("twilio", "service_senders") == {}
    assert add(client, path(client, "PhoneNumbers")).status_code == 201


def test_a_number_that_is_released_is_in_no_pool(client: Client, emu: Emulator) -> None:
    pool = path(client, "PhoneNumbers")
    add(client, pool)
    emu.state.remove("twilio", "incoming_phone_numbers", NUMBER)
    assert client.twilio("GET", pool).json()["phone_numbers"] == []
    assert refusal(client.twilio("GET", f"{pool}/{NUMBER}")) == (404, 20404)


@pytest.mark.parametrize(("status", "registered"), [("VERIFIED", True), ("PENDING", False), ("FAILED", False)])
def test_a_service_is_registered_with_an_approved_campaign_and_lists_any(
    client: Client, emu: Emulator, status: str, registered: bool
) -> None:
    service, other = (f"/v1/Services/{new(client)['sid']}" for _ in range(2))
    twilio_objects.campaign(emu, service.rpartition("/")[2], status)
    assert client.twilio("GET", service).json()["us_app_to_person_registered"] is registered
    assert client.twilio("GET", other).json()["us_app_to_person_registered"] is False
    (listed,) = client.twilio("GET", f"{service}/Compliance/Usa2p").json()["compliance"]
    assert (listed["sid"], listed["campaign_status"]) == (campaigns.SID, status)
    assert client.twilio("GET", f"{other}/Compliance/Usa2p").json()["compliance"] == []


def test_a_campaign_goes_with_its_service(client: Client, emu: Emulator) -> None:
    service, other = new(client)["sid"], new(client)["sid"]
    twilio_objects.campaign(emu, service)
    kept = twilio_objects.campaign(emu, other)
    client.twilio("DELETE", f"/v1/Services/{service}")
    assert list(emu.state.collection("twilio", "campaigns")) == [kept]


def test_a_campaign_that_goes_leaves_the_services_senders(client: Client, emu: Emulator) -> None:
    pool = path(client, "PhoneNumbers")
    add(client, pool)
    key = twilio_objects.campaign(emu, pool.split("/")[3])
    emu.state.remove("twilio", "campaigns", key)
    assert [row["sid"] for row in client.twilio("GET", pool).json()["phone_numbers"]] == [NUMBER]


def test_the_accounts_numbers_are_listed(client: Client, emu: Emulator) -> None:
    listed = client.twilio(
        "GET", f"/2010-04-01/Accounts/{emu.credentials['TWILIO_ACCOUNT_SID']}/IncomingPhoneNumbers.json"
    ).json()
    assert [row["sid"] for row in listed["incoming_phone_numbers"]] == [NUMBER, OTHER_NUMBER]
