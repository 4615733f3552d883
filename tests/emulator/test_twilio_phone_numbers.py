"""The rules of Twilio's phone numbers: what can be bought, for how much, by whom, and how it is given back."""

from typing import Any

import pytest

from emulator.made_up import sid
from emulator.twilio import requirements
from tests.emulator.conftest import Client
from tests.emulator.test_twilio import refusal

LOCAL = "+14155550100"
BERLIN = "+493023125000"
SETTINGS = {"SmsUrl": "https://example.com/sms", "SmsMethod": "GET", "FriendlyName": "Engage"}


@pytest.fixture
def account(client: Client) -> str:
    return f"/2010-04-01/Accounts/{client.emulator.credentials['TWILIO_ACCOUNT_SID']}"


@pytest.fixture
def numbers(account: str) -> str:
    return f"{account}/IncomingPhoneNumbers"


def get(client: Client, host: str, path: str, **query: Any) -> Any:
    credentials = client.emulator.credentials
    auth = (credentials["TWILIO_ACCOUNT_SID"], credentials["TWILIO_AUTH_TOKEN"])
    return client.send("GET", f"{host}.twilio.com", path, params=query, auth=auth)


def buy(client: Client, numbers: str, number: str = LOCAL, **fields: Any) -> Any:
    reply = client.twilio("POST", f"{numbers}.json", data={"PhoneNumber": number} | fields)
    assert reply.status_code == 201, reply.text
    return reply.json()


def search(client: Client, account: str, where: str = "US/Local", **query: Any) -> list[str]:
    reply = get(client, "api", f"{account}/AvailablePhoneNumbers/{where}.json", **query)
    assert reply.status_code == 200, reply.text
    return [row["phone_number"] for row in reply.json()["available_phone_numbers"]]


def address(client: Client, account: str, country: str) -> str:
    parts = {"CustomerName": "Example", "Street": "1 Way", "City": "Town", "Region": "R", "PostalCode": "1"}
    reply = client.twilio("POST", f"{account}/Addresses.json", data=parts | {"IsoCountry": country})
    return str(reply.json()["sid"])


def bundle(client: Client, status: str = "twilio-approved", **fields: Any) -> str:
    bundle_sid, account_sid = sid("BU", "test"), client.emulator.credentials["TWILIO_ACCOUNT_SID"]
    row = {"sid": bundle_sid, "account_sid": account_sid, "status": status, **fields}
    client.emulator.state.collection("twilio", "bundles")[bundle_sid] = row
    return bundle_sid


# -- what can be bought --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("where", "query", "first", "count"),
    [
        ("US/Local", {}, LOCAL, 16),
        ("US/Local", {"PageSize": 3}, LOCAL, 3),
        ("US/Local", {"AreaCode": 212}, "+12125550100", 6),
        ("US/Local", {"AreaCode": 212, "SmsEnabled": "true"}, "+12125550100", 5),
        ("US/Local", {"InRegion": "NY", "MmsEnabled": "true", "VoiceEnabled": "true"}, "+12125550100", 5),
        ("US/Local", {"InLocality": "New York"}, "+12125550100", 6),
        ("US/Local", {"InPostalCode": "94105"}, LOCAL, 10),
        ("US/Local", {"Contains": "0105"}, "+14155550105", 1),
        ("US/Local", {"Contains": "+1212"}, "+12125550100", 6),
        ("US/Local", {"Contains": "0199$"}, "+12125550199", 1),
        ("US/Local", {"Contains": "415%"}, LOCAL, 10),
        ("US/Local", {"Contains": "*550103*"}, None, 0),
        ("US/Local", {"Contains": "JJJ"}, LOCAL, 16),
        ("US/TollFree", {}, "+18885550100", 5),
        ("CA/Local", {"AreaCode": 416}, "+14165550100", 3),
        ("GB/Mobile", {}, "+447700900000", 3),
        ("GB/Mobile", {"ExcludeAllAddressRequired": "true"}, None, 0),
        ("GB/Mobile", {"ExcludeLocalAddressRequired": "true", "AreaCode": 212}, "+447700900000", 3),
        ("DE/Local", {"ExcludeForeignAddressRequired": "true"}, BERLIN, 3),
        ("DE/Local", {"ExcludeLocalAddressRequired": "true"}, None, 0),
    ],
)
def test_a_search_finds_what_fits(
    client: Client, account: str, where: str, query: dict[str, Any], first: str | None, count: int
) -> None:
    found = search(client, account, where, **query)
    assert (found[0] if found else None, len(found)) == (first, count)


def test_new_numbers_can_be_left_out(client: Client, account: str) -> None:
    client.emulator.state.alter("twilio", "available_phone_numbers", LOCAL, beta=True)
    assert LOCAL in search(client, account, Beta="true")
    assert LOCAL not in search(client, account, Beta="false")


def test_an_available_number_looks_as_it_does_in_reality(client: Client, account: str) -> None:
    reply = get(client, "api", f"{account}/AvailablePhoneNumbers/US/Local.json").json()
    assert set(reply) == {"available_phone_numbers", "uri"}
    row = reply["available_phone_numbers"][0]
    assert row["capabilities"] == {"voice": True, "SMS": True, "MMS": True, "fax": False}
    assert (row["friendly_name"], row["latitude"], row["region"]) == ("(415) 555-0100", "37.77", "CA")


@pytest.mark.parametrize("where", ["US/Mobile", "FR/Local", "US/Voip"])
def test_what_a_country_does_not_offer_is_not_found(client: Client, account: str, where: str) -> None:
    assert refusal(get(client, "api", f"{account}/AvailablePhoneNumbers/{where}.json")) == (404, 20404)


@pytest.mark.parametrize("query", [{"Contains": "1"}, {"Contains": "4-1-5"}, {"AreaCode": "SF"}, {"SmsEnabled": "x"}])
def test_a_wrong_criterion_is_refused(client: Client, account: str, query: dict[str, str]) -> None:
    assert refusal(get(client, "api", f"{account}/AvailablePhoneNumbers/US/Local.json", **query)) == (400, 20001)


def test_prices_are_those_of_a_country_by_type(client: Client) -> None:
    reply = get(client, "pricing", "/v1/PhoneNumbers/Countries/US").json()
    assert (reply["iso_country"], reply["price_unit"]) == ("US", "USD")
    assert reply["phone_number_prices"][1] == {
        "number_type": "toll free",
        "base_price": "2.15",
        "current_price": "2.15",
    }
    assert refusal(get(client, "pricing", "/v1/PhoneNumbers/Countries/XX")) == (404, 20404)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({}, len(requirements.regulations())),
        ({"IsoCountry": "DE", "NumberType": "local"}, 2),
        ({"IsoCountry": "DE", "NumberType": "local", "EndUserType": "business"}, 1),
        ({"IsoCountry": "DE", "NumberType": "toll-free"}, 0),
        ({"IsoCountry": "US"}, 0),
    ],
)
def test_regulations_are_those_of_a_country_and_a_type(client: Client, query: dict[str, str], count: int) -> None:
    found = get(client, "numbers", "/v2/RegulatoryCompliance/Regulations", **query).json()["results"]
    assert len(found) == count
    for row in found:
        assert get(client, "numbers", f"/v2/RegulatoryCompliance/Regulations/{row['sid']}").json() == row


def test_a_regulation_that_is_not_there_is_not_found(client: Client) -> None:
    path = f"/v2/RegulatoryCompliance/Regulations/{sid('RN', 'x')}"
    assert refusal(get(client, "numbers", path)) == (404, 20404)


# -- buying --------------------------------------------------------------------------------------------------------


def test_what_was_bought_is_what_is_read_and_can_be_bought_no_more(client: Client, account: str, numbers: str) -> None:
    bought = buy(client, numbers, **SETTINGS)
    assert (bought["phone_number"], bought["type"], bought["status"]) == (LOCAL, "local", "in-use")
    assert bought.items() >= {"sms_url": "https://example.com/sms", "sms_method": "GET"}.items()
    assert bought["capabilities"] == {"voice": True, "sms": True, "mms": True, "fax": False}
    assert (bought["voice_url"], bought["trunk_sid"], bought["sms_application_sid"]) == (None, None, "")
    assert client.twilio("GET", f"{numbers}/{bought['sid']}.json").json() == bought
    assert LOCAL not in search(client, account)


def test_without_a_name_it_is_called_by_its_number(client: Client, numbers: str) -> None:
    assert buy(client, numbers)["friendly_name"] == "(415) 555-0100"


def test_buying_what_the_account_has_is_an_update(client: Client, numbers: str) -> None:
    bought = buy(client, numbers, **SETTINGS)
    again = buy(client, numbers, FriendlyName="Another")
    assert (again["sid"], again["friendly_name"], again["sms_method"]) == (bought["sid"], "Another", "GET")
    assert len(client.twilio("GET", f"{numbers}.json").json()["incoming_phone_numbers"]) == 1


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({}, 20001),
        ({"PhoneNumber": LOCAL, "AreaCode": "415"}, 20001),
        ({"PhoneNumber": "4155550100"}, 21421),
        ({"PhoneNumber": "+14155550199"}, 21422),
        ({"AreaCode": "999"}, 21452),
        ({"AreaCode": "SF"}, 21451),
        ({"PhoneNumber": LOCAL, "SmsUrl": "nowhere"}, 20001),
        ({"PhoneNumber": LOCAL, "SmsMethod": "PUT"}, 20001),
        ({"PhoneNumber": LOCAL, "FriendlyName": "x" * 65}, 20002),
        ({"PhoneNumber": LOCAL, "SmsFallbackUrl": "https://example.com"}, 21406),
        ({"PhoneNumber": LOCAL, "VoiceFallbackUrl": "https://example.com"}, 21405),
        ({"PhoneNumber": LOCAL, "AddressSid": sid("AD", "nobody")}, 21651),
    ],
)
def test_what_cannot_be_bought_is_refused(client: Client, numbers: str, data: dict[str, str], code: int) -> None:
    assert refusal(client.twilio("POST", f"{numbers}.json", data=data)) == (400, code)
    assert client.emulator.state.collection("twilio", "incoming_phone_numbers") == {}


def test_an_area_code_gets_any_number_of_it(client: Client, numbers: str) -> None:
    reply = client.twilio("POST", f"{numbers}.json", data={"AreaCode": "212"})
    assert reply.json()["phone_number"].startswith("+1212")


def test_a_trial_account_has_one_number(client: Client, numbers: str) -> None:
    client.emulator.state.alter("twilio", "accounts", client.emulator.credentials["TWILIO_ACCOUNT_SID"], type="Trial")
    buy(client, numbers)
    reply = client.twilio("POST", f"{numbers}.json", data={"PhoneNumber": "+14155550101"})
    assert refusal(reply) == (400, 21404)


@pytest.mark.parametrize(
    ("need", "country", "code"),
    [
        ("any", None, 21631),
        ("any", "DE", None),
        ("local", "DE", 21615),
        ("local", "US", None),
        ("foreign", "US", 21631),
        ("foreign", "DE", None),
    ],
)
def test_an_address_is_where_the_number_wants_it(
    client: Client, account: str, numbers: str, need: str, country: str | None, code: int | None
) -> None:
    client.emulator.state.alter("twilio", "available_phone_numbers", LOCAL, address_requirements=need)
    client.emulator.state.collection("twilio", "known_addresses").clear()
    given = {"AddressSid": address(client, account, country)} if country else {}
    reply = client.twilio("POST", f"{numbers}.json", data={"PhoneNumber": LOCAL} | given)
    assert (reply.json().get("code"), reply.status_code) == (code, 400 if code else 201)


@pytest.mark.parametrize(
    ("status", "fields", "code"),
    [
        (None, {}, 21649),
        ("draft", {}, 21649),
        ("provisionally-approved", {}, 21649),
        ("twilio-approved", {}, None),
        ("twilio-approved", {"regulation_sid": sid("RN", "DE", "local", "business")}, None),
        ("twilio-approved", {"regulation_sid": "elsewhere"}, 21649),
    ],
)
def test_a_regulated_number_needs_an_approved_bundle_that_is_valid_for_it(
    client: Client, account: str, numbers: str, status: str | None, fields: dict[str, str], code: int | None
) -> None:
    elsewhere = {"sid": "elsewhere", "iso_country": "FR", "number_type": "local"}
    client.emulator.state.collection("twilio", "regulations")["elsewhere"] = elsewhere
    given = {"BundleSid": bundle(client, status, **fields)} if status else {}
    data = {"PhoneNumber": BERLIN, "AddressSid": address(client, account, "DE"), **given}
    reply = client.twilio("POST", f"{numbers}.json", data=data)
    assert (reply.json().get("code"), reply.status_code) == (code, 400 if code else 201)


# -- having, and giving back ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, [LOCAL, "+18885550100"]),
        ({"PhoneNumber": LOCAL}, [LOCAL]),
        ({"PhoneNumber": "+1415555"}, [LOCAL]),
        ({"PhoneNumber": "555010*"}, [LOCAL, "+18885550100"]),
        ({"PhoneNumber": "+1999"}, []),
        ({"FriendlyName": "Engage"}, [LOCAL]),
        ({"FriendlyName": "Eng"}, []),
        ({"Origin": "hosted"}, []),
        ({"Beta": "false"}, [LOCAL, "+18885550100"]),
    ],
)
def test_the_list_has_filters(client: Client, numbers: str, query: dict[str, str], found: list[str]) -> None:
    buy(client, numbers, FriendlyName="Engage")
    buy(client, numbers, "+18885550100")
    rows = client.twilio("GET", f"{numbers}.json", params=query).json()["incoming_phone_numbers"]
    assert [row["phone_number"] for row in rows] == found


def test_the_list_comes_in_pages(client: Client, numbers: str) -> None:
    for n in range(3):
        buy(client, numbers, f"+1415555010{n}")
    page = client.twilio("GET", f"{numbers}.json", params={"PageSize": 2}).json()
    rest = client.twilio("GET", page["next_page_uri"]).json()
    assert [len(p["incoming_phone_numbers"]) for p in (page, rest)] == [2, 1]
    assert rest["next_page_uri"] is None


def test_an_update_keeps_what_it_leaves_out_and_an_empty_value_clears(client: Client, numbers: str) -> None:
    own = f"{numbers}/{buy(client, numbers, **SETTINGS)['sid']}.json"
    changed = client.twilio("POST", own, data={"SmsUrl": "", "VoiceUrl": "https://example.com/voice"}).json()
    assert (changed["sms_url"], changed["voice_url"]) == (None, "https://example.com/voice")
    assert (changed["sms_method"], changed["friendly_name"]) == ("GET", "Engage")


def test_a_trunk_and_an_application_put_each_other_out(client: Client, numbers: str) -> None:
    own = f"{numbers}/{buy(client, numbers, VoiceApplicationSid=sid('AP', 1))['sid']}.json"
    with_trunk = client.twilio("POST", own, data={"TrunkSid": sid("TK", 1)}).json()
    assert (with_trunk["trunk_sid"], with_trunk["voice_application_sid"]) == (sid("TK", 1), None)
    back = client.twilio("POST", own, data={"VoiceApplicationSid": sid("AP", 1)}).json()
    assert (back["trunk_sid"], back["voice_application_sid"]) == (None, sid("AP", 1))


def test_what_is_not_emulated_of_it_is_a_violation(client: Client, numbers: str) -> None:
    """As its transfer to another account, or a field that Twilio ignores."""
    own = f"{numbers}/{buy(client, numbers)['sid']}.json"
    assert client.twilio("POST", own, data={"EmergencyStatus": "Active"}).status_code == 200
    assert client.emulator.violations == [f"POST api.twilio.com{own}: unknown parameter 'EmergencyStatus'"]
    client.emulator.violations.clear()


def test_it_is_released_once_its_emergency_address_is_unregistered(client: Client, account: str, numbers: str) -> None:
    here = address(client, account, "DE")
    phone_number_sid = buy(client, numbers, EmergencyAddressSid=here)["sid"]
    own = f"{numbers}/{phone_number_sid}.json"
    client.emulator.state.alter("twilio", "incoming_phone_numbers", phone_number_sid, emergency_reads=2)
    assert client.twilio("GET", own).json()["emergency_address_status"] == "registered"
    assert refusal(client.twilio("DELETE", own)) == (409, 20409)
    assert (
        client.twilio("POST", own, data={"EmergencyAddressSid": ""}).json()["emergency_address_status"]
        == "pending-unregistration"
    )
    assert refusal(client.twilio("DELETE", own)) == (409, 20409)
    assert refusal(client.twilio("POST", own, data={"EmergencyAddressSid": here})) == (409, 20409)
    states = [client.twilio("GET", own).json()["emergency_address_status"] for _ in range(2)]
    assert states == ["pending-unregistration", "unregistered"]
    assert client.twilio("DELETE", own).status_code == 204


def test_a_released_number_is_gone_and_not_to_be_had_again(client: Client, numbers: str) -> None:
    own = f"{numbers}/{buy(client, numbers)['sid']}.json"
    assert client.twilio("DELETE", own).status_code == 204
    for method in ("GET", "POST", "DELETE"):
        assert refusal(client.twilio(method, own)) == (404, 20404)
    assert refusal(client.twilio("POST", f"{numbers}.json", data={"PhoneNumber": LOCAL})) == (400, 21422)


def test_one_that_is_being_ported_out_is_not_released(client: Client, numbers: str) -> None:
    phone_number_sid = buy(client, numbers)["sid"]
    client.emulator.state.alter("twilio", "incoming_phone_numbers", phone_number_sid, porting=True)
    assert refusal(client.twilio("DELETE", f"{numbers}/{phone_number_sid}.json")) == (400, 22350)


def test_to_release_one_that_is_in_a_sender_pool_is_a_violation(client: Client, numbers: str) -> None:
    phone_number_sid = buy(client, numbers)["sid"]
    own = f"{numbers}/{phone_number_sid}.json"
    client.emulator.state.collection("twilio", "service_senders")[phone_number_sid] = {"sid": phone_number_sid}
    assert client.twilio("DELETE", own).status_code == 204
    (violation,) = client.emulator.violations
    assert violation == f"DELETE api.twilio.com{own}: a number was released that is still in a sender pool"
    client.emulator.violations.clear()


@pytest.mark.parametrize("path", ["IncomingPhoneNumbers", "AvailablePhoneNumbers/US/Local"])
def test_another_account_has_none_of_them(client: Client, path: str) -> None:
    other = f"/2010-04-01/Accounts/{sid('AC', 'other')}/{path}.json"
    assert refusal(client.twilio("GET", other)) == (404, 20404)
