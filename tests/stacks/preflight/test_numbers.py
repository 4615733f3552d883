"""What is said of the numbers that the settings ask for."""

from __future__ import annotations

from typing import Any

import pytest

from components.engage import EngageArgs
from emulator import credentials
from emulator.made_up import sid
from providers.connection import Connection
from providers.declaration import tag
from providers.twilio.client import Twilio
from providers.twilio.collection_2010 import path_2010
from stacks.preflight.findings import Finding
from tests.stacks.preflight.conftest import MARKER, Preflight, sms
from tests.support import twilio_objects

ACCOUNT = credentials["TWILIO_ACCOUNT_SID"]
MAIN = "Twilio number main"
BUNDLE = sid("BU", "preflight")


def main(look: Preflight, **inputs: Any) -> Finding:
    return look("twilio", args=EngageArgs(sms=sms({"main": inputs})))[MAIN]


def test_what_would_be_bought_is_said_with_its_price_and_not_bought(look: Preflight) -> None:
    finding = main(look, area_code=212)
    assert finding.outcome == "ok"
    assert finding.found.startswith("would buy a US local number, as +1212555010")
    assert "1.15 USD a month; fees that have no API" in finding.found
    assert {entry.method for entry in look.emulator.requests} == {"GET"}


def test_a_price_beyond_the_limit_is_a_problem_of_that_number_alone(look: Preflight) -> None:
    numbers = {"main": {}, "free": {"number_type": "toll_free", "max_monthly_price": 2}}
    found = look("twilio", args=EngageArgs(sms=sms(numbers)))
    assert found[MAIN].outcome == "ok"
    assert found["Twilio number free"].outcome == "problem"
    assert "2.15 USD a month" in found["Twilio number free"].found
    assert "raise it" in found["Twilio number free"].todo


def test_no_stock_is_a_problem(look: Preflight) -> None:
    finding = main(look, area_code=907)
    assert (finding.outcome, "loosen or remove one of area_code" in finding.todo) == ("problem", True)


def test_one_that_was_bought_for_this_stack_is_found_by_its_tag(look: Preflight) -> None:
    twilio_objects.number(look.emulator, friendly_name=f"Engage [{tag(MARKER)}]")
    finding = main(look, area_code=907)
    assert finding == Finding("ok", MAIN, "is +15555550100, which the account has, and which is this stack's")


def test_one_that_the_account_has_otherwise_is_a_problem_until_it_is_adopted(look: Preflight) -> None:
    twilio_objects.number(look.emulator)
    finding = main(look, phone_number="+15555550100")
    assert (finding.outcome, f"set adopt to {twilio_objects.NUMBER}" in finding.todo) == ("problem", True)
    assert main(look, phone_number="+15555550100", adopt=twilio_objects.NUMBER).outcome == "ok"
    assert main(look, adopt=twilio_objects.OTHER_NUMBER).outcome == "problem"


def _bundle(look: Preflight, status: str) -> None:
    row = {"sid": BUNDLE, "account_sid": ACCOUNT, "status": status}
    look.emulator.state.collection("twilio", "bundles")[BUNDLE] = row


@pytest.fixture
def address(look: Preflight) -> str:
    """The SID of one in Germany."""
    place = {"street": "1 Example", "city": "Berlin", "region": "BE", "postal_code": "10115", "iso_country": "DE"}
    client = Twilio(Connection({"endpoint": look.emulator.url}))
    fields = {"customer_name": "Example", "auto_correct_address": False, **place}
    body = {client.wire_name(name): value for name, value in fields.items()}
    return str(client.send("POST", path_2010("Addresses"), body=body)["sid"])


def test_what_the_law_asks_for_is_a_problem_until_it_is_there(look: Preflight, address: str) -> None:
    in_berlin: dict[str, Any] = {"iso_country": "DE", "in_locality": "Berlin"}
    assert "address_sid" in main(look, **in_berlin).found
    in_berlin["address_sid"] = address
    assert "bundle_sid" in main(look, **in_berlin).found
    _bundle(look, "in-review")
    in_berlin["bundle_sid"] = BUNDLE
    finding = main(look, **in_berlin)
    assert (finding.outcome, "the bundle is in-review" in finding.found) == ("warning", True)
    _bundle(look, "twilio-approved")
    assert main(look, **in_berlin).outcome == "ok"


def test_an_address_that_the_stack_makes_counts_as_there(look: Preflight) -> None:
    _bundle(look, "twilio-approved")
    numbers = {"main": {"iso_country": "DE", "bundle_sid": BUNDLE}}
    assert look("twilio", args=EngageArgs(sms=sms(numbers)))[MAIN].outcome == "problem"
    for country, outcome in (("DE", "ok"), ("US", "problem")):
        args = EngageArgs(sms=sms(numbers, address={"iso_country": country}))
        assert look("twilio", args=args)[MAIN].outcome == outcome


@pytest.mark.parametrize(
    ("inputs", "check", "code"),
    [
        ({}, "Twilio campaign", "30034"),
        ({"number_type": "toll_free"}, "Twilio verification main", "30032"),
        ({"number_type": "toll_free", "iso_country": "CA"}, "Twilio verification main", "30032"),
    ],
)
def test_what_carriers_block_is_told_with_the_article(look: Preflight, inputs: Any, check: str, code: str) -> None:
    finding = look("twilio", args=EngageArgs(sms=sms({"main": inputs})))[check]
    assert (finding.outcome, code in finding.found) == ("warning", True)
    assert f"docs/api/errors/{code}" in finding.todo


@pytest.mark.parametrize(
    ("inputs", "registered"),
    [
        ({}, {"campaign": {}}),
        ({"number_type": "toll_free"}, {"verifications": {"main": {}}}),
        ({"iso_country": "GB", "number_type": "mobile"}, {}),
        ({"iso_country": "DE"}, {}),
    ],
)
def test_what_is_registered_or_need_not_be_is_not_mentioned(look: Preflight, inputs: Any, registered: Any) -> None:
    found = look("twilio", args=EngageArgs(sms=sms({"main": inputs}, **registered)))
    assert not [check for check in found if check.startswith(("Twilio campaign", "Twilio verification"))]
