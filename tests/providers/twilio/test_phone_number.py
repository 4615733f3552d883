"""A number is paid for once, found again, and given back only to whoever says so."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from emulator.made_up import sid
from providers.declaration import UNKNOWN, find, tag
from providers.errors import Ambiguous, EngageError, OwnershipError, VendorError
from providers.lifecycle import State
from providers.twilio.client import Twilio
from providers.twilio.phone_number import sid_of
from tests.providers.cases import ADDRESS, CASES, MARKER
from tests.providers.conftest import Resources

TOKEN = "twilio:PhoneNumber"
INPUTS = CASES[TOKEN].inputs
NUMBERS = "/IncomingPhoneNumbers.json"
BUNDLE = sid("BU", "test")
RENAMED = "acme/twilio-engage/test/renamed"
IN_BERLIN: dict[str, Any] = {"iso_country": "DE", "area_code": None, "bundle_sid": BUNDLE, "address_sid": ADDRESS}
NEW: dict[str, Any] = {
    "address_requirements": "none",
    "capabilities": {"voice": True, "sms": True, "mms": True, "fax": False},
    "type": "local",
    "iso_country": "US",
}


def owned(resources: Resources) -> dict[str, Any]:
    """By number, what the account has."""
    rows = resources.emulator.state.collection("twilio", "incoming_phone_numbers").values()
    return {row["phone_number"]: row for row in rows}


def own(resources: Resources, number: str, name: str = "by hand", *key: Any) -> str:
    """A number that the account has from elsewhere."""
    account = resources.emulator.credentials["TWILIO_ACCOUNT_SID"]
    pn = sid("PN", number, *key)
    row = {**NEW, "sid": pn, "account_sid": account, "phone_number": number, "friendly_name": name}
    resources.emulator.state.collection("twilio", "incoming_phone_numbers")[pn] = row
    return pn


def offer(resources: Resources, number: str, **fields: Any) -> None:
    resources.emulator.state.alter("twilio", "available_phone_numbers", number, **fields)


def bundle(resources: Resources, status: str, **fields: Any) -> None:
    account = resources.emulator.credentials["TWILIO_ACCOUNT_SID"]
    row = {"sid": BUNDLE, "account_sid": account, "status": status, **fields}
    resources.emulator.state.collection("twilio", "bundles")[BUNDLE] = row


def purchases(resources: Resources) -> list[str]:
    return [body["PhoneNumber"] for body in resources.sent("POST", NUMBERS)]


def searches(resources: Resources) -> list[dict[str, str]]:
    return [entry.query for entry in resources.emulator.requests if "/AvailablePhoneNumbers/" in entry.path]


def twilio(resources: Resources) -> Twilio:
    client = resources.client(TOKEN)
    assert isinstance(client, Twilio)
    return client


def remove(resources: Resources, state: State) -> None:
    resources.emulator.state.remove("twilio", "incoming_phone_numbers", state.values["sid"])


def read(resources: Resources, state: State) -> State:
    found = resources.read(TOKEN, state)
    assert found is not None
    return found


# -- buying --------------------------------------------------------------------------------------------------------


def test_it_is_searched_for_and_then_bought_by_its_number(resources: Resources) -> None:
    state = resources.create(TOKEN)
    assert searches(resources) == [{"AreaCode": "415", "SmsEnabled": "true", "PageSize": "50"}]
    (body,) = resources.sent("POST", NUMBERS)
    assert body == {
        "PhoneNumber": state.values["number"],
        "FriendlyName": f"Example [{tag(MARKER)}]",
        "SmsUrl": INPUTS["sms_url"],
        "VoiceUrl": INPUTS["voice_url"],
    }
    assert state.values["number"].startswith("+1415555")
    assert (state.id, state.values["bought"], state.values["status"]) == (state.values["sid"], True, "active")
    assert state.values["capabilities"] == {"voice": True, "sms": True, "mms": True, "fax": False}
    assert state.values["reasons"] == state.values["warnings"] == []


def test_what_it_costs_is_said_before_it_is_bought(resources: Resources, caplog: pytest.LogCaptureFixture) -> None:
    state = resources.create(TOKEN)
    assert "buying a US local number for 1.15 USD a month; fees that have no API" in caplog.text
    assert (state.values["monthly_price"], state.values["price_unit"]) == (1.15, "USD")
    calls = [f"{entry.method} {entry.path.rpartition('/')[2]}" for entry in resources.emulator.requests]
    assert calls.index("GET US") < calls.index("POST IncomingPhoneNumbers.json")


def test_more_than_may_be_paid_is_not_paid(resources: Resources) -> None:
    with pytest.raises(EngageError, match=r"max_monthly_price: a US local number costs 1\.15 USD a month, so none was"):
        resources.create(TOKEN, max_monthly_price=1.14)
    assert purchases(resources) == []
    assert resources.create(TOKEN, max_monthly_price=1.15).values["bought"] is True


@pytest.mark.parametrize("prices", [{"mobile": "9.00"}, None], ids=["not of this type", "not of this country"])
def test_a_price_that_is_not_told_is_too_much_where_there_is_a_limit(
    resources: Resources, prices: dict[str, str] | None
) -> None:
    if prices:
        resources.emulator.state.alter("twilio", "prices", "US", prices=prices)
    else:
        resources.emulator.state.remove("twilio", "prices", "US")
    with pytest.raises(EngageError, match="Twilio does not tell what a US local number costs, so none was bought"):
        resources.create(TOKEN, max_monthly_price=100)
    assert purchases(resources) == []
    assert resources.create(TOKEN).values["monthly_price"] is None


@pytest.mark.parametrize("fault", [{"status": 503, "times": 6}, {"status": 400}])
def test_prices_that_cannot_be_asked_hold_up_only_a_limit(resources: Resources, fault: dict[str, Any]) -> None:
    resources.emulator.fault(path="/Countries/", **fault)
    with pytest.raises((Ambiguous, VendorError)):
        resources.create(TOKEN, max_monthly_price=100)
    assert purchases(resources) == []
    resources.emulator.fault(path="/Countries/", **fault)
    assert resources.create(TOKEN).values["bought"] is True


@pytest.mark.parametrize(
    ("inputs", "path", "query", "number"),
    [
        ({"number_type": "toll_free"}, "US/TollFree", {}, "+1888"),
        ({"iso_country": "CA"}, "CA/Local", {}, "+1416"),
        ({"iso_country": "GB", "number_type": "mobile", "address_sid": ADDRESS}, "GB/Mobile", {}, "+4477"),
        ({"area_code": 212}, "US/Local", {"AreaCode": "212"}, "+1212"),
        ({"contains": "+1212555"}, "US/Local", {"Contains": "+1212555"}, "+1212"),
        ({"in_region": "NY"}, "US/Local", {"InRegion": "NY"}, "+1212"),
        ({"in_locality": "New York"}, "US/Local", {"InLocality": "New York"}, "+1212"),
        ({"in_postal_code": "10001"}, "US/Local", {"InPostalCode": "10001"}, "+1212"),
        ({"contains": "0199", "sms_enabled": False}, "US/Local", {"Contains": "0199"}, "+12125550199"),
        (
            {"mms_enabled": True, "voice_enabled": True},
            "US/Local",
            {"MmsEnabled": "true", "VoiceEnabled": "true"},
            "+1",
        ),
        (
            {
                "exclude_all_address_required": True,
                "exclude_local_address_required": True,
                "exclude_foreign_address_required": True,
                "beta": False,
            },
            "US/Local",
            {
                "ExcludeAllAddressRequired": "true",
                "ExcludeLocalAddressRequired": "true",
                "ExcludeForeignAddressRequired": "true",
                "Beta": "false",
            },
            "+1",
        ),
    ],
)
def test_criteria_are_searched_by(
    resources: Resources, inputs: dict[str, Any], path: str, query: dict[str, str], number: str
) -> None:
    resources.create("twilio:Address")
    state = resources.create(TOKEN, **{"area_code": None, **inputs})
    (search,) = (entry for entry in resources.emulator.requests if "/AvailablePhoneNumbers/" in entry.path)
    assert search.path.endswith(f"/AvailablePhoneNumbers/{path}.json")
    sms = {} if inputs.get("sms_enabled") is False else {"SmsEnabled": "true"}
    assert search.query == {**query, **sms, "PageSize": "50"}
    assert state.values["number"].startswith(number)


def test_an_empty_search_names_the_criteria_to_loosen(resources: Resources) -> None:
    with pytest.raises(EngageError, match="so none was bought -> loosen or remove one of area_code, contains, sms_en"):
        resources.create(TOKEN, contains="999")


def test_a_type_that_the_country_does_not_have_is_named(resources: Resources) -> None:
    with pytest.raises(EngageError, match="number_type: Twilio offers no mobile numbers in US, so none was bought"):
        resources.create(TOKEN, number_type="mobile")


def test_criteria_neither_change_nor_replace_it_and_are_not_in_its_tag(resources: Resources) -> None:
    state = resources.create(TOKEN)
    other = {"friendly_name": "Example", "number_type": "toll_free", "iso_country": "CA", "contains": "12"}
    news = resources.checked(TOKEN, {**INPUTS, **other, "max_monthly_price": 5, "sms_enabled": False}, state.values)
    difference = find(TOKEN).lifecycle.diff(state.values, news)
    assert (difference.changed, difference.replaces) == ([], [])
    assert resources.create(TOKEN, **{**other, "area_code": None}).id == state.id


def test_one_that_another_buys_meanwhile_is_passed_over(resources: Resources) -> None:
    gone = {"status": 400, "body": {"code": 21422, "message": "not available", "more_info": "", "status": 400}}
    resources.emulator.fault(method="POST", times=2, **gone)
    state = resources.create(TOKEN)
    assert len(set(purchases(resources))) == 3
    assert list(owned(resources)) == [state.values["number"]] == purchases(resources)[2:]


def test_after_five_it_gives_up_and_says_so(resources: Resources) -> None:
    gone = {"status": 400, "body": {"code": 21422, "message": "not available", "more_info": "", "status": 400}}
    resources.emulator.fault(method="POST", times=9, **gone)
    with pytest.raises(EngageError, match="others bought every number that was found, so none was bought -> run"):
        resources.create(TOKEN)
    assert len(set(purchases(resources))) == 5


def test_one_that_the_account_has_just_bought_is_passed_over(resources: Resources) -> None:
    """As by a program beside this one, before the search knows: to buy it would be to rename it."""
    first = resources.create(TOKEN)
    remove(resources, first)
    stock = resources.emulator.state.collection("twilio", "available_phone_numbers")
    number = first.values["number"]
    stock[number] = {**stock["+14155550109" if number != "+14155550109" else "+14155550108"], "phone_number": number}
    theirs = own(resources, number)
    state = resources.create(TOKEN)
    assert state.values["number"] != number
    assert owned(resources)[number]["friendly_name"] == "by hand"
    assert theirs != state.id


def test_several_at_once_get_a_number_each(resources: Resources) -> None:
    """Of four numbers, so that they must reach for the same ones."""
    stock = resources.emulator.state.collection("twilio", "available_phone_numbers")
    for number in [number for number in stock if not "+14155550100" <= number <= "+14155550103"]:
        del stock[number]
    resources.emulator.fault(method="POST", path="IncomingPhoneNumbers", latency_ms=100, times=8)
    markers = [f"{MARKER}/{n}" for n in range(4)]
    with ThreadPoolExecutor(4) as pool:
        states = list(pool.map(lambda marker: resources.create(TOKEN, marker=marker), markers))
    assert len({state.id for state in states}) == len(purchases(resources)) == 4
    for marker, state in zip(markers, states, strict=True):
        assert owned(resources)[state.values["number"]]["friendly_name"] == f"Example [{tag(marker)}]"


def test_two_programs_reach_for_different_numbers_and_one_that_tries_again_for_the_same(resources: Resources) -> None:
    """They do not wait for each other, as two threads do."""
    gone = {"status": 400, "body": {"code": 22300, "message": "barred", "more_info": "", "status": 400}}
    resources.emulator.fault(method="POST", times=3, **gone)
    for marker in ("a", "b", "a"):
        with pytest.raises(VendorError, match=r"22300.* -> Twilio sells this account none for now"):
            resources.create(TOKEN, marker=marker)
    first, second, again = purchases(resources)
    assert first == again != second


# -- after a lost reply --------------------------------------------------------------------------------------------


def test_after_a_lost_reply_the_number_is_taken_over(resources: Resources) -> None:
    resources.emulator.fault(method="POST", drop="after")
    state = resources.create(TOKEN)
    assert (state.values["bought"], state.values["monthly_price"]) == (True, 1.15)
    assert [row["sid"] for row in owned(resources).values()] == [state.id]
    assert len(searches(resources)) == len(purchases(resources)) == 1
    assert read(resources, state) == state


@pytest.mark.parametrize("loss", [{"drop": "before"}, {"status": 503}], ids=["broken", "503"])
def test_while_its_fate_is_unknown_no_other_one_is_bought(resources: Resources, loss: dict[str, Any]) -> None:
    resources.emulator.fault(method="POST", **loss)
    with pytest.raises(Ambiguous, match="run the same command again"):
        resources.create(TOKEN)
    assert len(searches(resources)) == len(purchases(resources)) == 1
    state = resources.create(TOKEN)
    assert purchases(resources) == [state.values["number"]] * 2
    assert list(owned(resources)) == [state.values["number"]]


@pytest.mark.parametrize("inputs", [{}, {"phone_number": "+14155550105"}], ids=["criteria", "named"])
def test_what_an_earlier_run_bought_is_taken_over(resources: Resources, inputs: dict[str, Any]) -> None:
    """As after a run that was killed between the purchase and its record; and after down, and up again."""
    first = resources.create(TOKEN, **inputs)
    again = resources.create(TOKEN, **inputs)
    assert (again.id, again.values["bought"]) == (first.id, False)
    assert len(purchases(resources)) == 1


def test_it_is_found_on_a_later_page(resources: Resources, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("providers.twilio.client.PAGE_SIZE", 2)
    for number in range(5):
        own(resources, f"+1650555010{number}")
    assert resources.create(TOKEN).id == resources.create(TOKEN).id


def test_of_several_that_bear_its_tag_none_is_guessed(resources: Resources) -> None:
    for number in ("+16505550100", "+16505550101"):
        own(resources, number, f"Example [{tag(MARKER)}]")
    with pytest.raises(
        OwnershipError, match=r"has \+16505550100 \(PN\w+\), \+16505550101 .* -> set phone_number to one"
    ):
        resources.create(TOKEN)
    assert resources.create(TOKEN, phone_number="+16505550101").id == sid("PN", "+16505550101")
    assert purchases(resources) == []


# -- a number by its name, and adopting one ------------------------------------------------------------------------


def test_the_number_that_is_named_is_bought_whatever_the_criteria_say(resources: Resources) -> None:
    state = resources.create(TOKEN, phone_number="+18885550102")
    assert (state.values["number"], state.values["monthly_price"]) == ("+18885550102", 2.15)
    assert purchases(resources) == ["+18885550102"]
    assert read(resources, state) == state


def test_one_that_somebody_else_has_is_refused_and_no_other_one_bought(resources: Resources) -> None:
    with pytest.raises(VendorError, match=r"21422.* -> the number is another's, or not to be had"):
        resources.create(TOKEN, phone_number="+14155550199")
    assert purchases(resources) == ["+14155550199"]


def test_what_an_unlisted_number_costs_is_not_guessed(resources: Resources, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(EngageError, match=r"does not tell what a number costs.* -> set iso_country and number_type"):
        resources.create(TOKEN, phone_number="+441615550100", max_monthly_price=100)
    with pytest.raises(VendorError):
        resources.create(TOKEN, phone_number="+441615550100")
    assert "buying a number for a price that Twilio does not tell" in caplog.text


def test_one_without_sms_is_bought_only_if_that_is_said(resources: Resources) -> None:
    with pytest.raises(EngageError, match=r"phone_number: Twilio says that it has no SMS.* set sms_enabled to false"):
        resources.create(TOKEN, phone_number="+12125550199")
    assert purchases(resources) == []
    assert (
        resources.create(TOKEN, phone_number="+12125550199", sms_enabled=False).values["capabilities"]["sms"] is False
    )


def test_one_that_the_account_has_from_elsewhere_is_an_error_that_names_adopt(resources: Resources) -> None:
    theirs = own(resources, "+16505550100")
    with pytest.raises(OwnershipError, match=f"the account has it already.* -> set adopt to {theirs}"):
        resources.create(TOKEN, phone_number="+16505550100")
    assert purchases(resources) == []
    assert owned(resources)["+16505550100"]["friendly_name"] == "by hand"


def test_a_number_that_merely_contains_it_is_not_it(resources: Resources) -> None:
    own(resources, "+14155550100")
    with pytest.raises(VendorError, match="21422"):
        resources.create(TOKEN, phone_number="+1415555010")


def test_adopting_brings_it_to_what_is_declared_and_buys_nothing(resources: Resources) -> None:
    theirs = own(resources, "+16505550100")
    state = resources.create(TOKEN, adopt=theirs)
    assert (state.id, state.values["bought"], state.values["monthly_price"]) == (theirs, False, None)
    at_vendor = owned(resources)["+16505550100"]
    assert at_vendor["friendly_name"] == f"Example [{tag(MARKER)}]"
    assert at_vendor["sms_url"] == INPUTS["sms_url"]
    assert read(resources, state) == state
    assert resources.create(TOKEN).id == theirs
    assert purchases(resources) == []


@pytest.mark.parametrize(
    ("inputs", "says"),
    [
        ({"adopt": sid("PN", "nobody")}, "adopt: the account has no number with this SID -> see https://console"),
        ({"phone_number": "+16505550101"}, "adopt: is the SID of another number than phone_number -> remove one"),
    ],
)
def test_adopting_takes_nothing_but_what_is_named(resources: Resources, inputs: dict[str, str], says: str) -> None:
    theirs = own(resources, "+16505550100")
    with pytest.raises(OwnershipError, match=says):
        resources.create(TOKEN, **{"adopt": theirs, **inputs})
    assert resources.sent("POST") == []


def test_another_number_beside_what_was_bought_needs_consent(resources: Resources) -> None:
    first = resources.create(TOKEN)
    other = "+12125550100"
    with pytest.raises(OwnershipError, match=rf"\({first.id}\), bought for this resource earlier, .*allow_replacement"):
        resources.create(TOKEN, phone_number=other)
    assert len(purchases(resources)) == 1
    assert resources.create(TOKEN, phone_number=other, allow_replacement=True).values["number"] == other


# -- what the law asks for -----------------------------------------------------------------------------------------

GB = {"iso_country": "GB", "number_type": "mobile", "area_code": None}


def test_an_address_that_is_needed_is_named_before_anything_is_bought(resources: Resources) -> None:
    with pytest.raises(
        EngageError, match=r"address_sid: a GB mobile number needs an address anywhere.* twilio\.Address"
    ):
        resources.create(TOKEN, **GB)
    assert purchases(resources) == []


@pytest.mark.parametrize(
    ("need", "country", "fits"),
    [
        ("any", "DE", True),
        ("local", "DE", False),
        ("local", "GB", True),
        ("foreign", "DE", True),
        ("foreign", "GB", False),
    ],
)
def test_an_address_must_be_where_the_number_wants_it(
    resources: Resources, need: str, country: str, *, fits: bool
) -> None:
    address = resources.create("twilio:Address", iso_country=country).id
    for n in range(3):
        offer(resources, f"+44770090000{n}", address_requirements=need)
    if fits:
        state = resources.create(TOKEN, **GB, address_sid=address)
        assert state.values["address_requirements"] == need
        return
    with pytest.raises(EngageError, match=r"address_sid: a GB mobile .* this one is elsewhere, so none was bought"):
        resources.create(TOKEN, **GB, address_sid=address)
    assert purchases(resources) == []


def test_of_several_numbers_one_is_bought_whose_needs_are_met(resources: Resources) -> None:
    for n in range(2):
        offer(resources, f"+44770090000{n}", address_requirements="local")
    resources.create("twilio:Address")
    offer(resources, "+447700900002", address_requirements="foreign")
    assert resources.create(TOKEN, **GB, address_sid=ADDRESS).values["number"] == "+447700900002"


def test_an_address_that_is_not_there_is_named(resources: Resources) -> None:
    with pytest.raises(EngageError, match="address_sid: the account has no such address -> pass the id"):
        resources.create(TOKEN, **GB, address_sid=ADDRESS)


def test_a_bundle_that_is_needed_is_named_with_its_regulations(resources: Resources) -> None:
    resources.create("twilio:Address")
    with pytest.raises(
        EngageError,
        match=r"bundle_sid: a DE local number needs an approved regulatory bundle \(Germany: Local - Business, Germany:"
        r" Local - Individual\), so none was bought -> declare a twilio\.RegulatoryBundle",
    ):
        resources.create(TOKEN, **{**IN_BERLIN, "bundle_sid": None})
    assert purchases(resources) == []


def test_who_buys_in_north_america_is_not_asked_for_a_bundle(resources: Resources) -> None:
    resources.create(TOKEN)
    assert not [entry for entry in resources.emulator.requests if "Regulat" in entry.path]


# -- waiting for a bundle ------------------------------------------------------------------------------------------


@pytest.fixture
def waiting(resources: Resources) -> State:
    resources.create("twilio:Address")
    bundle(resources, "in-review")
    return resources.create(TOKEN, **IN_BERLIN)


@pytest.mark.parametrize(
    ("status", "says"),
    [
        ("draft", "bundle_sid: the bundle is draft, .* -> submit it for review"),
        ("in-review", "bundle_sid: the bundle is in-review, .* -> wait for Twilio's review"),
        ("provisionally-approved", "-> wait for Twilio's review"),
        ("twilio-rejected", "bundle_sid: the bundle is twilio-rejected, .* -> correct what Twilio's e-mail names"),
    ],
)
def test_until_its_bundle_is_approved_it_is_pending_and_nothing_is_bought(
    resources: Resources, status: str, says: str
) -> None:
    bundle(resources, status)
    state = resources.create(TOKEN, **IN_BERLIN)
    assert state.id == tag(MARKER)
    assert state.values["status"] == "pending"
    assert [name for name in find(TOKEN).outputs if state.values[name] is not None] == ["status", "reasons"]
    (reason,) = state.values["reasons"]
    assert re.search(says, reason)
    assert resources.sent("POST") == []
    assert searches(resources) == []


def test_every_up_tries_again_and_a_refresh_keeps_it(resources: Resources, waiting: State) -> None:
    assert resources.changed(TOKEN, waiting, {**INPUTS, **IN_BERLIN}) == ["status"]
    assert read(resources, waiting) == waiting
    again = resources.update(TOKEN, waiting, {**INPUTS, **IN_BERLIN})
    assert again.values == {**waiting.values, "account": None}


def test_once_the_bundle_is_approved_the_next_up_buys_it_and_the_id_stays(resources: Resources, waiting: State) -> None:
    client = twilio(resources)
    assert sid_of(client, waiting.id) is None
    bundle(resources, "twilio-approved")
    state = resources.update(TOKEN, waiting, {**INPUTS, **IN_BERLIN})
    assert (state.id, state.values["status"], state.values["reasons"]) == (waiting.id, "active", [])
    assert state.values["bought"] is True
    assert sid_of(client, state.id) == state.values["sid"]
    assert read(resources, state) == state
    assert resources.changed(TOKEN, state, {**INPUTS, **IN_BERLIN}) == []
    renamed = resources.update(TOKEN, state, {**INPUTS, **IN_BERLIN, "friendly_name": "Another"})
    assert read(resources, renamed) == renamed


def test_one_that_had_to_wait_is_looked_up_by_the_id_that_it_has(resources: Resources, waiting: State) -> None:
    assert resources.look_up(TOKEN, waiting.id) is None
    bundle(resources, "twilio-approved")
    bought = resources.update(TOKEN, waiting, {**INPUTS, **IN_BERLIN})
    found = resources.look_up(TOKEN, waiting.id)
    assert found is not None
    assert (found.id, found.values["number"]) == (waiting.id, bought.values["number"])


def test_what_was_bought_stays_so_if_the_bundle_is_approved_no_more(resources: Resources, waiting: State) -> None:
    bundle(resources, "twilio-approved")
    state = resources.update(TOKEN, waiting, {**INPUTS, **IN_BERLIN})
    bundle(resources, "twilio-rejected")
    assert read(resources, state) == state
    assert resources.create(TOKEN, **IN_BERLIN).id == state.values["sid"]


def test_while_it_waits_the_inputs_of_the_next_attempt_count(resources: Resources, waiting: State) -> None:
    bundle(resources, "twilio-approved")
    inputs = {**INPUTS, **IN_BERLIN, "phone_number": "+493023125002"}
    assert find(TOKEN).lifecycle.diff(waiting.values, resources.checked(TOKEN, inputs)).replaces == []
    assert resources.update(TOKEN, waiting, inputs).values["number"] == "+493023125002"


def test_a_refresh_finds_what_a_lost_attempt_bought(resources: Resources, waiting: State) -> None:
    bundle(resources, "twilio-approved")
    bought = resources.create(TOKEN, **IN_BERLIN)
    found = read(resources, waiting)
    assert (found.id, found.values["sid"], found.values["status"]) == (waiting.id, bought.id, "active")


@pytest.mark.parametrize("bought_before", [True, False])
def test_one_that_had_to_wait_is_found_by_its_id_and_by_its_owner_when_that_is_renamed(
    resources: Resources, waiting: State, bought_before: bool
) -> None:
    """As by an alias, or by `pulumi stack rename`: the id stays, as an update cannot change one."""
    bundle(resources, "twilio-approved")
    inputs = {**INPUTS, **IN_BERLIN}
    state = resources.update(TOKEN, waiting, inputs) if bought_before else waiting
    renamed = resources.update(TOKEN, state, {**inputs, "marker": RENAMED})
    assert sid_of(twilio(resources), waiting.id) == renamed.values["sid"]
    assert read(resources, renamed) == renamed
    assert resources.changed(TOKEN, renamed, {**inputs, "marker": RENAMED}) == []
    # Down and up again, or `--replace`: nothing is bought twice, and the name is as short as it can be.
    assert resources.create(TOKEN, **IN_BERLIN, marker=RENAMED).id == renamed.values["sid"]
    (row,) = owned(resources).values()
    assert row["friendly_name"] == f"Example [{tag(RENAMED)}]"


def test_what_a_lost_attempt_bought_before_it_was_renamed_is_no_second_one(
    resources: Resources, waiting: State
) -> None:
    bundle(resources, "twilio-approved")
    bought = resources.create(TOKEN, **IN_BERLIN)
    renamed = resources.update(TOKEN, waiting, {**INPUTS, **IN_BERLIN, "marker": RENAMED})
    assert (renamed.id, renamed.values["sid"], len(owned(resources))) == (waiting.id, bought.id, 1)


def test_a_name_without_room_for_two_tags_is_to_be_shortened(resources: Resources, waiting: State) -> None:
    with pytest.raises(EngageError, match=r"friendly_name: has to bear two tags, .* shorten it to 34 characters"):
        resources.update(TOKEN, waiting, {**INPUTS, **IN_BERLIN, "marker": RENAMED, "friendly_name": "x" * 35})


def test_giving_one_up_that_still_waits_releases_no_other_one_of_its_owner(resources: Resources) -> None:
    """As that which it was to replace, and which was kept."""
    before = resources.create(TOKEN)
    resources.create("twilio:Address")
    bundle(resources, "in-review")
    named = {"phone_number": "+493023125002", "allow_replacement": True, "release_on_destroy": True}
    waiting = resources.create(TOKEN, **IN_BERLIN, **named)
    assert waiting.values["status"] == "pending"
    assert resources.delete(TOKEN, waiting) == []
    assert list(owned(resources)) == [before.values["number"]]


def test_one_to_take_over_waits_for_a_new_bundle_too(resources: Resources) -> None:
    resources.create("twilio:Address")
    pn = own(resources, "+493023125099")
    resources.emulator.state.alter("twilio", "incoming_phone_numbers", pn, iso_country="DE")
    bundle(resources, "in-review")
    waiting = resources.create(TOKEN, **IN_BERLIN, adopt=pn)
    assert (waiting.id, waiting.values["status"], resources.sent("POST", f"{pn}.json")) == (tag(MARKER), "pending", [])
    bundle(resources, "twilio-approved")
    state = resources.update(TOKEN, waiting, {**INPUTS, **IN_BERLIN, "adopt": pn})
    assert (state.values["sid"], state.values["status"]) == (pn, "active")
    assert sid_of(twilio(resources), waiting.id) == pn
    bundle(resources, "twilio-rejected")  # what has the bundle stays with it
    assert resources.create(TOKEN, **IN_BERLIN, adopt=pn).values["status"] == "active"


def test_a_bundle_that_twilio_does_not_take_for_it_leaves_it_pending(resources: Resources) -> None:
    """Code 21649, as of a bundle for another country."""
    resources.create("twilio:Address")
    other = {"iso_country": "FR", "number_type": "local"}
    french = sid("RN", "FR")
    resources.emulator.state.collection("twilio", "regulations")[french] = other | {"sid": french}
    bundle(resources, "twilio-approved", regulation_sid=french)
    state = resources.create(TOKEN, **IN_BERLIN)
    assert (state.id, state.values["status"], state.values["sid"]) == (tag(MARKER), "pending", None)
    assert "use a bundle for this country and type of number" in state.values["reasons"][0]
    assert owned(resources) == {}


def test_a_bundle_that_is_not_there_is_named(resources: Resources) -> None:
    with pytest.raises(
        EngageError, match=r"bundle_sid: the account has no such bundle -> pass the id of a twilio\.Reg"
    ):
        resources.create(TOKEN, **IN_BERLIN)


def test_the_sid_of_what_did_not_wait_is_its_id_and_nobody_is_asked(resources: Resources) -> None:
    state = resources.create(TOKEN)
    before = len(resources.emulator.requests)
    assert sid_of(twilio(resources), state.id) == state.id
    assert len(resources.emulator.requests) == before


# -- changing ------------------------------------------------------------------------------------------------------


def test_only_what_changed_is_sent(resources: Resources) -> None:
    state = resources.create(TOKEN)
    resources.update(TOKEN, state, {**INPUTS, "sms_method": "GET"})
    resources.update(TOKEN, state, {**INPUTS, "sms_url": None})
    resources.update(TOKEN, state, {**INPUTS, "release_on_destroy": True})
    assert resources.sent("POST", f"{state.id}.json") == [{"SmsMethod": "GET"}, {"SmsUrl": ""}]


def test_the_tag_comes_back_where_somebody_renamed_it(resources: Resources) -> None:
    state = resources.create(TOKEN)
    resources.emulator.state.alter("twilio", "incoming_phone_numbers", state.id, friendly_name="by hand")
    found = read(resources, state)
    resources.update(TOKEN, found, INPUTS)
    assert resources.sent("POST", f"{state.id}.json") == [{"FriendlyName": f"Example [{tag(MARKER)}]"}]


def test_an_empty_application_is_none(resources: Resources) -> None:
    """So Twilio answers where it has none: what was cleared behind our back is drift, and nothing else."""
    state = resources.create(TOKEN, sms_application_sid=sid("AP", 1))
    resources.emulator.state.alter("twilio", "incoming_phone_numbers", state.id, sms_application_sid=None)
    assert read(resources, state).values["sms_application_sid"] is None


def test_another_emergency_address_waits_until_the_old_one_is_unregistered(
    resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    naps = wait_without_waiting(monkeypatch)
    resources.create("twilio:Address")
    other = resources.create("twilio:Address", marker="other").id
    state = resources.create(TOKEN, emergency_address_sid=ADDRESS)
    assert state.values["emergency_address_status"] == "registered"
    resources.emulator.state.alter("twilio", "incoming_phone_numbers", state.id, emergency_reads=2)
    updated = resources.update(TOKEN, state, {**INPUTS, "emergency_address_sid": other})
    assert resources.sent("POST", f"{state.id}.json") == [{"EmergencyAddressSid": ""}, {"EmergencyAddressSid": other}]
    assert len(naps) == 2
    assert read(resources, updated) == updated


def test_an_emergency_address_that_could_not_be_registered_is_warned_of(resources: Resources) -> None:
    state = resources.create(TOKEN)
    failed = "registration-failure"
    resources.emulator.state.alter("twilio", "incoming_phone_numbers", state.id, emergency_address_status=failed)
    (warning,) = read(resources, state).values["warnings"]
    assert "could not register the address for emergency calls ->" in warning


@pytest.mark.parametrize("inputs", [{}, {"phone_number": "+14155550105"}], ids=["found", "named"])
def test_naming_the_number_that_it_has_or_no_longer_naming_it_changes_nothing_at_twilio(
    resources: Resources, inputs: dict[str, Any]
) -> None:
    state = resources.create(TOKEN, **inputs)
    before = len(resources.emulator.requests)
    for number in (state.values["number"], None):
        news = resources.checked(TOKEN, {**INPUTS, "phone_number": number}, state.values)
        assert find(TOKEN).lifecycle.diff(state.values, news).replaces == []
        state = resources.update(TOKEN, state, {**INPUTS, "phone_number": number})
    assert len(resources.emulator.requests) == before


def test_naming_the_number_that_was_found_passes_a_check_that_has_no_outputs(resources: Resources) -> None:
    """The engine asks with the former inputs alone."""
    lifecycle = find(TOKEN).lifecycle
    olds = resources.checked(TOKEN, INPUTS)
    assert lifecycle.check(olds, {**olds, "phone_number": "+14155550101"}).failures == []


@pytest.mark.parametrize("number", ["+12125550100", UNKNOWN], ids=["another", "unknown"])
def test_another_number_is_a_replacement(resources: Resources, number: Any) -> None:
    state = resources.create(TOKEN)
    assert find(TOKEN).lifecycle.diff(state.values, {**state.values, "phone_number": number}).replaces == [
        "phone_number"
    ]


def test_a_replacement_needs_consent() -> None:
    lifecycle = find(TOKEN).lifecycle
    before = {**lifecycle.check({}, {**INPUTS, "marker": MARKER, "phone_number": "+14155550101"}).inputs}
    news = {**before, "phone_number": "+12125550100"}
    (failure,) = lifecycle.check(before, news).failures
    assert failure.startswith("phone_number: cannot change on an existing PhoneNumber: a new one would be made and the")
    assert "kept, and paid for" in failure
    assert lifecycle.check(before, {**news, "allow_replacement": True}).failures == []


# -- losing it -----------------------------------------------------------------------------------------------------


@pytest.fixture
def lost(resources: Resources) -> State:
    state = resources.create(TOKEN)
    remove(resources, state)
    return read(resources, state)


def test_one_that_vanished_stays_in_the_state_and_is_reported(resources: Resources, lost: State) -> None:
    assert (lost.values["status"], lost.values["sid"]) == ("lost", lost.id)
    assert lost.values["reasons"] == lost.values["warnings"]
    assert f"the account has no number {lost.id} any more" in lost.values["warnings"][0]
    assert f"-> set replace_lost to {lost.id} to get a new one" in lost.values["warnings"][0]
    assert read(resources, lost) == lost


def test_up_fails_and_buys_no_other_one(resources: Resources, lost: State) -> None:
    assert resources.changed(TOKEN, lost, INPUTS) == ["status"]
    for inputs in (INPUTS, {**INPUTS, "sms_method": "GET"}, {**INPUTS, "replace_lost": sid("PN", "other")}):
        difference = find(TOKEN).lifecycle.diff(lost.values, resources.checked(TOKEN, inputs, lost.values))
        assert difference.replaces == []
        with pytest.raises(EngageError, match=f"no other one was bought -> set replace_lost to {lost.id}"):
            resources.update(TOKEN, lost, inputs)
    assert len(purchases(resources)) == 1


def test_without_a_refresh_an_update_says_the_same(resources: Resources) -> None:
    state = resources.create(TOKEN)
    remove(resources, state)
    with pytest.raises(EngageError, match=f"set replace_lost to {state.id}"):
        resources.update(TOKEN, state, {**INPUTS, "sms_method": "GET"})


def test_its_sid_in_replace_lost_has_a_new_one_bought_once(resources: Resources, lost: State) -> None:
    inputs = {**INPUTS, "replace_lost": lost.id}
    news = resources.checked(TOKEN, inputs, lost.values)
    assert find(TOKEN).lifecycle.diff(lost.values, news).replaces == ["status"]
    new = resources.create(TOKEN, **inputs)
    resources.delete(TOKEN, lost)
    assert new.id != lost.id
    assert new.values["bought"] is True
    # It says nothing of the new one.
    assert resources.changed(TOKEN, new, inputs) == []
    remove(resources, new)
    gone = read(resources, new)
    assert find(TOKEN).lifecycle.diff(gone.values, resources.checked(TOKEN, inputs, gone.values)).replaces == []


def test_one_that_was_bought_back_by_hand_is_adopted(resources: Resources, lost: State) -> None:
    back = own(resources, lost.values["number"])
    new = resources.create(TOKEN, replace_lost=lost.id, adopt=back)
    assert (new.id, len(purchases(resources))) == (back, 1)


def test_one_that_comes_back_is_active_again(resources: Resources) -> None:
    state = resources.create(TOKEN)
    row = dict(owned(resources)[state.values["number"]])
    remove(resources, state)
    gone = read(resources, state)
    resources.emulator.state.collection("twilio", "incoming_phone_numbers")[state.id] = row
    assert read(resources, gone) == state


# -- releasing it --------------------------------------------------------------------------------------------------


def wait_without_waiting(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The waits, and a clock that they alone move."""
    naps: list[float] = []
    monkeypatch.setattr(find(TOKEN).lifecycle, "sleep", naps.append)
    monkeypatch.setattr(find(TOKEN).lifecycle, "clock", lambda: sum(naps))
    return naps


def test_it_survives_destroy_by_default() -> None:
    assert find(TOKEN).kept


@pytest.mark.parametrize("adopted", [False, True])
def test_deleting_keeps_it_and_says_that_it_goes_on_costing_money(resources: Resources, *, adopted: bool) -> None:
    adopt = own(resources, "+16505550100") if adopted else None
    state = resources.create(TOKEN, adopt=adopt)
    (warning,) = resources.delete(TOKEN, state)
    assert f"{state.values['number']} stays in the account and goes on costing money -> to release it" in warning
    assert list(owned(resources)) == [state.values["number"]]


def test_it_is_released_from_its_pool_and_of_its_emergency_address_first(
    resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    naps = wait_without_waiting(monkeypatch)
    resources.create("twilio:Address")
    service = [resources.create("twilio:MessagingService", marker=str(n)).id for n in range(3)][1]
    state = resources.create(TOKEN, emergency_address_sid=ADDRESS, release_on_destroy=True)
    resources.emulator.state.alter("twilio", "incoming_phone_numbers", state.id, emergency_reads=3)
    resources.create("twilio:ServicePhoneNumber", service_sid=service, phone_number_sid=state.id)
    pool = resources.emulator.state.collection("twilio", "service_senders")
    assert len(pool) == 1
    before = len(resources.emulator.requests)
    resources.delete(TOKEN, state)
    writes = [(e.method, e.path.rpartition("/")[2], e.body) for e in list(resources.emulator.requests)[before:]]
    own_path = f"{state.id}.json"
    assert [write for write in writes if write[0] != "GET"] == [
        ("DELETE", state.id, None),
        ("POST", own_path, {"EmergencyAddressSid": ""}),
        ("DELETE", own_path, None),
    ]
    assert owned(resources) == pool == {}
    assert naps == [15.0] * 3
    resources.delete(TOKEN, state)


def test_an_emergency_address_that_takes_too_long_leaves_the_number_and_says_what_to_do(
    resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    naps = wait_without_waiting(monkeypatch)
    resources.create("twilio:Address")
    state = resources.create(TOKEN, emergency_address_sid=ADDRESS, release_on_destroy=True)
    resources.emulator.state.alter("twilio", "incoming_phone_numbers", state.id, emergency_reads=1000)
    with pytest.raises(
        EngageError, match=r"\(pending-unregistration\), so it was left as it is -> run the same command"
    ):
        resources.delete(TOKEN, state)
    assert sum(naps) == 300
    assert list(owned(resources)) == [state.values["number"]]


def test_one_that_is_being_ported_out_says_so(resources: Resources) -> None:
    state = resources.create(TOKEN, release_on_destroy=True)
    resources.emulator.state.alter("twilio", "incoming_phone_numbers", state.id, porting=True)
    with pytest.raises(VendorError, match=r"22350.* -> it is being ported out"):
        resources.delete(TOKEN, state)


@pytest.mark.parametrize("release", [False, True])
def test_deleting_what_is_lost_is_no_error_and_says_nothing(
    resources: Resources, lost: State, *, release: bool
) -> None:
    assert resources.delete(TOKEN, State(lost.id, {**lost.values, "release_on_destroy": release})) == []


def test_deleting_what_is_pending_releases_what_a_lost_attempt_bought(resources: Resources, waiting: State) -> None:
    ours = State(waiting.id, {**waiting.values, "release_on_destroy": True})
    resources.delete(TOKEN, ours)
    bundle(resources, "twilio-approved")
    resources.create(TOKEN, **IN_BERLIN)
    resources.delete(TOKEN, ours)
    assert owned(resources) == {}


# -- refusals ------------------------------------------------------------------------------------------------------


def test_a_trial_account_has_one_number_and_the_refusal_says_what_to_do(resources: Resources) -> None:
    account = resources.emulator.credentials["TWILIO_ACCOUNT_SID"]
    resources.emulator.state.alter("twilio", "accounts", account, type="Trial")
    resources.create(TOKEN)
    with pytest.raises(VendorError, match=r"21404.* -> a trial account cannot do this: upgrade it"):
        resources.create(TOKEN, marker="another")


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (21451, "declare an area_code of the United States or Canada"),
        (21452, "there is none in that area_code"),
        (21615, r"declare a twilio\.Address in the country of the number"),
        (21631, r"declare a twilio\.Address where the number needs one"),
        (21649, r"pass as bundle_sid the id of a twilio\.RegulatoryBundle that is approved"),
        (21650, "have an identity verified in the Console"),
        (10002, "a trial account cannot do this"),
    ],
)
def test_every_refusal_of_a_purchase_says_what_to_do_and_no_other_one_is_tried(
    resources: Resources, code: int, says: str
) -> None:
    body = {"code": code, "message": "refused", "more_info": "", "status": 400}
    resources.emulator.fault(method="POST", status=400, body=body)
    with pytest.raises(VendorError, match=f"code {code}.* -> {says}"):
        resources.create(TOKEN)
    assert len(purchases(resources)) == 1


@pytest.mark.parametrize(
    ("inputs", "says"),
    [
        ({"friendly_name": "x" * 50}, "friendly_name: string should have at most 49 characters"),
        ({"phone_number": "415 555 0100"}, "phone_number: string should match pattern"),
        ({"area_code": 14155}, "area_code: input should be less than or equal to 999"),
        ({"contains": "1"}, "contains: string should match pattern"),
        ({"number_type": "tollfree"}, "number_type: input should be"),
        ({"iso_country": "DE"}, "area_code: is known in the US and CA only -> remove it, or search by in_locality"),
        ({"iso_country": "DE", "area_code": None, "in_region": "BE"}, "in_region: is known in the US and CA only"),
        ({"max_monthly_price": 0}, "max_monthly_price: input should be greater than 0"),
        ({"adopt": "PN1"}, "adopt: string should match pattern"),
        (
            {"sms_url": None, "sms_fallback_url": "https://example.com/f"},
            "sms_fallback_url: cannot be set without sms_u",
        ),
        ({"voice_url": None, "voice_fallback_url": "https://example.com/f"}, "voice_fallback_url: cannot be set witho"),
        (
            {"trunk_sid": sid("TK", 1), "voice_application_sid": sid("AP", 1)},
            "trunk_sid: cannot stand beside voice_application_sid -> set one of them",
        ),
    ],
)
def test_bad_input_is_refused_before_any_call(inputs: dict[str, Any], says: str) -> None:
    (failure,) = find(TOKEN).lifecycle.check({}, {**INPUTS, "marker": MARKER, **inputs}).failures
    assert failure.startswith(says)
