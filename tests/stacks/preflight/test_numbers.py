"""What is said of the numbers that the settings ask for."""

from __future__ import annotations

from typing import Any, cast

import pytest

from components.engage import EngageArgs
from emulator import credentials
from emulator.made_up import sid
from providers.connection import Connection
from providers.declaration import tag
from providers.twilio.client import Twilio
from providers.twilio.collection_2010 import path_2010
from stacks.preflight.findings import Finding
from tests.stacks.preflight.conftest import MARKER, Number, Preflight, Sms
from tests.support import twilio_objects

ACCOUNT = credentials["TWILIO_ACCOUNT_SID"]
MAIN = "Twilio number main"
REGISTRATION = "Twilio number main registration"
BUNDLE = sid("BU", "preflight")


def wanting(campaign: object = None, **numbers: Number) -> EngageArgs:
    return EngageArgs(sms=cast("Any", Sms(numbers, campaign)))


def main(look: Preflight, **settings: Any) -> Finding:
    return look("twilio", args=wanting(main=Number(**settings)))[MAIN]


def test_what_would_be_bought_is_said_with_its_price_and_not_bought(look: Preflight) -> None:
    finding = main(look, area_code=212)
    assert finding.outcome == "ok"
    assert finding.found.startswith("would buy a US local number, as +1212555010")
    assert "1.15 USD a month; fees that have no API" in finding.found
    assert {entry.method for entry in look.emulator.requests} == {"GET"}


def test_a_price_beyond_the_limit_is_a_problem_of_that_number_alone(look: Preflight) -> None:
    found = look("twilio", args=wanting(main=Number(), free=Number(type="toll_free", max_monthly_price=2)))
    assert found[MAIN].outcome == "ok"
    assert found["Twilio number free"].outcome == "problem"
    assert "2.15 USD a month" in found["Twilio number free"].found
    assert "raise it" in found["Twilio number free"].todo


def test_no_stock_is_a_problem(look: Preflight) -> None:
    finding = main(look, area_code=907)
    assert (finding.outcome, "loosen or remove one of area_code" in finding.todo) == ("problem", True)


def test_criteria_that_cannot_be_are_a_problem_and_no_number_is_asked_for(look: Preflight) -> None:
    finding = main(look, country="DE", area_code=212)
    assert (finding.outcome, "remove it" in finding.todo) == ("problem", True)
    assert not [entry for entry in look.emulator.requests if "PhoneNumbers" in entry.path]


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
    in_berlin: dict[str, Any] = {"country": "DE", "locality": "Berlin"}
    assert "address_sid" in main(look, **in_berlin).found
    in_berlin["address_sid"] = address
    assert "bundle_sid" in main(look, **in_berlin).found
    _bundle(look, "in-review")
    in_berlin["bundle_sid"] = BUNDLE
    finding = main(look, **in_berlin)
    assert (finding.outcome, "the bundle is in-review" in finding.found) == ("warning", True)
    _bundle(look, "twilio-approved")
    assert main(look, **in_berlin).outcome == "ok"


@pytest.mark.parametrize(
    ("settings", "code"),
    [({}, "30034"), ({"type": "toll_free"}, "30032"), ({"type": "toll_free", "country": "CA"}, "30032")],
)
def test_what_carriers_block_is_told_with_the_article(look: Preflight, settings: Any, code: str) -> None:
    finding = look("twilio", args=wanting(main=Number(**settings)))[REGISTRATION]
    assert (finding.outcome, code in finding.found) == ("warning", True)
    assert f"docs/api/errors/{code}" in finding.todo


@pytest.mark.parametrize(
    ("campaign", "number"),
    [
        (object(), Number()),
        (None, Number(type="toll_free", verification=object())),
        (None, Number(country="GB", type="mobile")),
        (None, Number(country="DE")),
    ],
)
def test_what_is_registered_or_need_not_be_is_not_mentioned(look: Preflight, campaign: object, number: Number) -> None:
    assert REGISTRATION not in look("twilio", args=wanting(campaign, main=number))
