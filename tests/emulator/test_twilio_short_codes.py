"""Short codes are listed, read and changed, and neither made nor given back."""

from typing import Any

import pytest

from emulator import Emulator
from emulator.made_up import sid
from tests.emulator.conftest import Client
from tests.emulator.test_twilio import refusal
from tests.support import twilio_objects
from tests.support.twilio_objects import OTHER_SHORT_CODE, SHORT_CODE


@pytest.fixture
def codes(emu: Emulator) -> str:
    twilio_objects.short_code(emu)
    twilio_objects.short_code(emu, OTHER_SHORT_CODE, "555010", friendly_name="Other")
    return f"/2010-04-01/Accounts/{emu.credentials['TWILIO_ACCOUNT_SID']}/SMS/ShortCodes"


def test_a_short_code_has_its_digits_as_its_name_and_posts(client: Client, codes: str) -> None:
    row = client.twilio("GET", f"{codes}/{SHORT_CODE}.json").json()
    expected = {"friendly_name": "55501", "short_code": "55501", "sms_url": None, "sms_method": "POST"}
    assert row.items() >= expected.items()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["55501", "555010"]),
        ({"ShortCode": "55501"}, ["55501", "555010"]),
        ({"ShortCode": "55*010"}, ["555010"]),
        ({"ShortCode": "999"}, []),
        ({"FriendlyName": "Other"}, ["555010"]),
    ],
)
def test_they_are_listed_by_part_of_the_digits_or_the_whole_name(
    client: Client, codes: str, query: dict[str, str], found: list[str]
) -> None:
    listed = client.twilio("GET", f"{codes}.json", params=query).json()["short_codes"]
    assert [row["short_code"] for row in listed] == found


def test_an_update_keeps_what_it_leaves_out_and_an_empty_value_clears_a_url(client: Client, codes: str) -> None:
    one = f"{codes}/{SHORT_CODE}.json"
    sent = {"SmsUrl": "https://example.com/sms", "SmsMethod": "GET", "FriendlyName": "Engage"}
    assert client.twilio("POST", one, data=sent).json()["sms_url"] == sent["SmsUrl"]
    changed = client.twilio("POST", one, data={"SmsUrl": ""})
    assert changed.status_code == 200
    assert changed.json().items() >= {"sms_url": None, "sms_method": "GET", "friendly_name": "Engage"}.items()
    assert client.twilio("GET", one).json() == changed.json()


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("SmsUrl", "example.com", 20001),
        ("SmsMethod", "PUT", 20001),
        ("SmsMethod", "", 20001),
        ("ApiVersion", "2020-01-01", 20001),
        ("FriendlyName", "x" * 65, 20002),
        ("FriendlyName", "", 20002),
    ],
)
def test_a_wrong_value_is_refused_and_changes_nothing(
    client: Client, codes: str, field: str, value: str, code: int
) -> None:
    one = f"{codes}/{SHORT_CODE}.json"
    before = client.twilio("GET", one).json()
    reply = client.twilio("POST", one, data={"SmsFallbackMethod": "GET", field: value})
    assert refusal(reply) == (400, code)
    assert client.twilio("GET", one).json() == before


@pytest.mark.parametrize(("method", "data"), [("GET", None), ("POST", {"FriendlyName": "x"})])
def test_one_that_the_account_does_not_have_is_not_found(
    client: Client, emu: Emulator, codes: str, method: str, data: Any
) -> None:
    assert refusal(client.twilio(method, f"{codes}/{sid('SC', 'nobodys')}.json", data=data)) == (404, 20404)
    twilio_objects.short_code(emu, account_sid=sid("AC", "other"))
    assert refusal(client.twilio(method, f"{codes}/{SHORT_CODE}.json", data=data)) == (404, 20404)


def test_none_is_made_or_given_back(client: Client, codes: str) -> None:
    assert client.twilio("POST", f"{codes}.json", data={"ShortCode": "55502"}).status_code == 501
    assert client.twilio("DELETE", f"{codes}/{SHORT_CODE}.json").status_code == 501
