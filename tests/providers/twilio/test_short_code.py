"""A short code's settings are taken over, remembered and restored; the short code itself is never made."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.made_up import sid
from providers.declaration import UNKNOWN, find
from providers.errors import OwnershipError
from tests.providers.cases import CASES
from tests.providers.conftest import Resources
from tests.support import twilio_objects
from tests.support.twilio_objects import OTHER_SHORT_CODE, SHORT_CODE

TOKEN = "twilio:ShortCode"
INPUTS = CASES[TOKEN].inputs
BEFORE = "https://example.com/before"


@pytest.fixture(autouse=True)
def _needs(resources: Resources) -> None:
    resources.make_needs(TOKEN)


def at_vendor(resources: Resources, short_code_sid: str = SHORT_CODE) -> dict[str, Any]:
    return resources.emulator.state.collection("twilio", "short_codes")[short_code_sid]


def test_it_goes_by_its_sid_whichever_way_it_is_named(resources: Resources) -> None:
    by_digits = resources.create(TOKEN)
    by_sid = resources.create(TOKEN, short_code=None, short_code_sid=SHORT_CODE)
    assert by_digits.id == by_sid.id == SHORT_CODE
    for state in (by_digits, by_sid):
        assert (state.values["sid"], state.values["digits"]) == (SHORT_CODE, "55501")
        assert resources.read(TOKEN, state) == state


def test_digits_that_are_part_of_another_short_code_are_not_taken_for_it(resources: Resources) -> None:
    assert resources.create(TOKEN, short_code="555010").id == OTHER_SHORT_CODE
    resources.emulator.state.remove("twilio", "short_codes", SHORT_CODE)
    with pytest.raises(OwnershipError, match="short_code: this account has no such short code"):
        resources.create(TOKEN)


def test_naming_the_same_short_code_otherwise_is_no_other_one(resources: Resources) -> None:
    state = resources.create(TOKEN)
    inputs = {**INPUTS, "short_code": None, "short_code_sid": SHORT_CODE}
    difference = find(TOKEN).lifecycle.diff(state.values, resources.checked(TOKEN, inputs))
    assert (difference.changed, difference.replaces) == (["short_code_sid", "short_code"], [])
    renamed = resources.update(TOKEN, state, inputs)
    assert resources.read(TOKEN, renamed) == renamed
    assert renamed.values["previous"] == state.values["previous"]


@pytest.mark.parametrize("named", [{"short_code": "555010"}, {"short_code": UNKNOWN}])
def test_another_short_code_replaces(resources: Resources, named: dict[str, Any]) -> None:
    state = resources.create(TOKEN)
    news = resources.checked(TOKEN, {**INPUTS, **named})
    assert find(TOKEN).lifecycle.diff(state.values, news).replaces == ["short_code"]
    assert find(TOKEN).lifecycle.delete_first


@pytest.mark.parametrize("named", [{"short_code": "99999"}, {"short_code": None, "short_code_sid": sid("SC", "no")}])
def test_one_that_the_account_does_not_have_says_where_to_apply_for_it(
    resources: Resources, named: dict[str, Any]
) -> None:
    with pytest.raises(OwnershipError, match=r"-> .*apply for one at https://www\.twilio\.com/console/sms/short-codes"):
        resources.create(TOKEN, **named)
    assert resources.sent("POST") == []


def test_delete_restores_what_was_before_and_the_short_code_stays(resources: Resources) -> None:
    twilio_objects.short_code(resources.emulator, sms_url=BEFORE, sms_method="GET", friendly_name="Ours")
    managed = {"sms_method": "POST", "friendly_name": "Engage", "sms_fallback_url": "https://example.com/fallback"}
    state = resources.create(TOKEN, **managed)
    assert at_vendor(resources).items() >= {**managed, "sms_url": INPUTS["sms_url"]}.items()
    assert state.values["previous"] == {
        "friendly_name": "Ours",
        "sms_url": BEFORE,
        "sms_method": "GET",
        "sms_fallback_url": "",
    }
    resources.delete(TOKEN, state)
    before = {"friendly_name": "Ours", "sms_url": BEFORE, "sms_method": "GET", "sms_fallback_url": None}
    assert at_vendor(resources).items() >= before.items()


def test_what_is_not_managed_is_neither_sent_nor_restored(resources: Resources) -> None:
    state = resources.create(TOKEN)
    assert resources.sent("POST") == [{"SmsUrl": INPUTS["sms_url"]}]
    resources.emulator.state.alter("twilio", "short_codes", SHORT_CODE, sms_method="GET")
    assert resources.read(TOKEN, state) == state
    resources.delete(TOKEN, state)
    assert resources.sent("POST")[-1] == {"SmsUrl": ""}
    assert at_vendor(resources)["sms_method"] == "GET"


def test_a_field_that_is_managed_later_gets_back_what_it_had_then(resources: Resources) -> None:
    state = resources.create(TOKEN)
    resources.emulator.state.alter("twilio", "short_codes", SHORT_CODE, sms_method="GET")
    later = resources.update(TOKEN, state, {**INPUTS, "sms_method": "POST"})
    resources.update(TOKEN, later, INPUTS)
    assert at_vendor(resources)["sms_method"] == "GET"


def test_a_lost_reply_to_a_change_is_made_up_for_by_sending_it_again(resources: Resources) -> None:
    resources.emulator.fault(method="POST", drop="after")
    state = resources.create(TOKEN)
    assert state.values["previous"] == {"sms_url": ""}
    assert len(resources.sent("POST")) == 2


def test_one_that_was_given_back_is_gone(resources: Resources) -> None:
    state = resources.create(TOKEN)
    resources.emulator.state.remove("twilio", "short_codes", SHORT_CODE)
    assert resources.read(TOKEN, state) is None
    resources.delete(TOKEN, state)


def test_two_short_codes_of_an_account_are_two(resources: Resources) -> None:
    first, second = resources.create(TOKEN), resources.create(TOKEN, short_code="555010", sms_url=BEFORE)
    assert first.id != second.id
    assert (at_vendor(resources)["sms_url"], at_vendor(resources, OTHER_SHORT_CODE)["sms_url"]) == (
        INPUTS["sms_url"],
        BEFORE,
    )


@pytest.mark.parametrize(
    ("inputs", "says"),
    [
        ({"short_code": None}, "short_code_sid: give either this or short_code"),
        ({"short_code_sid": SHORT_CODE}, "short_code_sid: give either this or short_code"),
        ({"short_code": "+55501"}, "short_code: string should match pattern"),
        ({"sms_url": "http://example.com"}, "sms_url: must begin with https://"),
        ({"friendly_name": "x" * 65}, "friendly_name: string should have at most 64 characters"),
    ],
)
def test_bad_input_is_refused_before_any_call(inputs: dict[str, object], says: str) -> None:
    (failure,) = find(TOKEN).lifecycle.check({}, {**INPUTS, **inputs}).failures
    assert failure.startswith(says)
