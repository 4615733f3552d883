"""A number is in one pool, waits until it is bought, and leaves neither a campaign nor the account unasked."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.made_up import sid
from providers.declaration import find
from providers.errors import Ambiguous, OwnershipError, VendorError
from tests.providers.cases import CASES
from tests.providers.conftest import Resources
from tests.support import twilio_objects
from tests.support.twilio_objects import NUMBER, OTHER_NUMBER, SERVICE

TOKEN = "twilio:ServicePhoneNumber"
SERVICES = "twilio:MessagingService"
INPUTS = CASES[TOKEN].inputs
HANDLE = "0123456789ab"
ID = f"{SERVICE}/{NUMBER}"


@pytest.fixture(autouse=True)
def _needs(resources: Resources) -> None:
    resources.make_needs(TOKEN)


def pool(resources: Resources, service_sid: str = SERVICE) -> set[str]:
    rows = resources.emulator.state.collection("twilio", "service_senders").values()
    return {row["sid"] for row in rows if row["service_sid"] == service_sid}


def bought(resources: Resources) -> str:
    """The number that had to wait, once it is there."""
    return twilio_objects.number(
        resources.emulator, sid("PN", "late"), "+15555550102", friendly_name=f"Engage [{HANDLE}]"
    )


def other_service(resources: Resources) -> str:
    return resources.create(SERVICES, friendly_name="Support", marker="somebody/else").id


def test_its_id_and_outputs(resources: Resources) -> None:
    state = resources.create(TOKEN)
    expected = {
        "sid": NUMBER,
        "phone_number": "+15555550100",
        "country_code": "US",
        "capabilities": ["MMS", "SMS", "Voice"],
        "status": "added",
        "reasons": [],
    }
    assert state.id == ID
    assert state.values.items() >= expected.items()
    assert resources.sent("POST", "/PhoneNumbers") == [{"PhoneNumberSid": NUMBER}]


def test_while_the_number_is_not_bought_it_is_pending_and_nothing_is_sent(resources: Resources) -> None:
    posts = len(resources.sent("POST"))
    state = resources.create(TOKEN, phone_number_sid=HANDLE)
    assert len(resources.sent("POST")) == posts
    assert state.id == f"{SERVICE}/{HANDLE}"
    assert (state.values["status"], state.values["sid"], state.values["capabilities"]) == ("pending", None, None)
    assert state.values["reasons"] == [
        f"the number {HANDLE} is not bought yet -> do what its PhoneNumber waits for, then run `up` again"
    ]
    assert resources.read(TOKEN, state) == state
    resources.delete(TOKEN, state)


def test_once_the_number_is_bought_the_next_up_adds_it_under_the_same_id(resources: Resources) -> None:
    inputs = {**INPUTS, "phone_number_sid": HANDLE}
    state = resources.create(TOKEN, **inputs)
    assert resources.changed(TOKEN, state, inputs) == ["status"]
    number = bought(resources)
    done = resources.update(TOKEN, state, inputs)
    assert (done.values["status"], done.values["sid"]) == ("added", number)
    assert done.values["phone_number_sid"] == HANDLE
    assert pool(resources) == {number}
    assert resources.changed(TOKEN, done, inputs) == []
    assert resources.read(TOKEN, done) == done
    resources.delete(TOKEN, done)
    assert pool(resources) == set()


def test_a_handle_is_found_on_a_later_page_and_not_in_the_middle_of_a_name(
    resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("providers.twilio.client.PAGE_SIZE", 1)
    twilio_objects.number(resources.emulator, sid("PN", "like"), friendly_name=f"Old [{HANDLE}] of last year")
    number = bought(resources)
    resources.create(TOKEN, phone_number_sid=HANDLE)
    assert pool(resources) == {number}


def test_a_number_that_had_to_wait_and_was_released_since_is_gone(resources: Resources) -> None:
    number = bought(resources)
    state = resources.create(TOKEN, phone_number_sid=HANDLE)
    resources.emulator.state.remove("twilio", "incoming_phone_numbers", number)
    assert resources.read(TOKEN, state) is None
    resources.delete(TOKEN, state)


def test_a_number_that_is_in_this_pool_is_taken_as_added(resources: Resources) -> None:
    first = resources.create(TOKEN)
    assert resources.create(TOKEN) == first
    assert len(resources.sent("POST", "/PhoneNumbers")) == 1


def test_a_refusal_as_it_is_in_this_pool_is_success_once_it_was_seen_there(resources: Resources) -> None:
    first = resources.create(TOKEN)
    resources.emulator.fault(method="GET", path=f"/PhoneNumbers/{NUMBER}$", status=404)
    assert resources.create(TOKEN) == first
    (refused,) = [entry for entry in resources.emulator.requests if entry.status == 409]
    assert "already in the Messaging Service" in refused.note


def test_a_refusal_as_it_is_in_this_pool_is_an_error_where_it_is_not_seen_there(resources: Resources) -> None:
    resources.create(TOKEN)
    resources.emulator.fault(method="GET", path=f"/PhoneNumbers/{NUMBER}$", status=404, times=2)
    with pytest.raises(VendorError, match="21710"):
        resources.create(TOKEN)


def test_a_number_in_another_pool_stays_there_and_the_message_names_that_service(resources: Resources) -> None:
    resources.create(TOKEN)
    other = other_service(resources)
    with pytest.raises(OwnershipError) as refused:
        resources.create(TOKEN, service_sid=other)
    assert str(refused.value).startswith(
        f"phone_number_sid: is in the pool of the messaging service {SERVICE} (Example"
    )
    assert "-> take it out there, at https://console.twilio.com" in str(refused.value)
    assert (pool(resources), pool(resources, other)) == ({NUMBER}, set())


def test_the_other_service_is_looked_for_on_every_page(resources: Resources, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("providers.twilio.client.PAGE_SIZE", 1)
    wanted, theirs = other_service(resources), resources.create(SERVICES, marker="third/one").id
    resources.create(TOKEN, service_sid=theirs)
    with pytest.raises(OwnershipError, match=theirs):
        resources.create(TOKEN, service_sid=wanted)


def test_where_no_service_admits_to_have_it_the_message_still_says_what_to_do(resources: Resources) -> None:
    resources.create(TOKEN)
    resources.emulator.fault(method="GET", path=f"/PhoneNumbers/{NUMBER}$", status=404, times=3)
    with pytest.raises(OwnershipError, match=r"is in the pool of a messaging service, .* -> take it out there"):
        resources.create(TOKEN, service_sid=other_service(resources))


def test_the_answer_to_a_lost_reply_is_the_same_number(resources: Resources) -> None:
    number = bought(resources)
    resources.emulator.fault(method="POST", path="/PhoneNumbers$", drop="after")
    state = resources.create(TOKEN, phone_number_sid=HANDLE)
    assert (state.values["sid"], pool(resources)) == (number, {number})


def test_a_lost_request_is_told_and_not_sent_again(resources: Resources) -> None:
    resources.emulator.fault(method="POST", path="/PhoneNumbers$", drop="before")
    with pytest.raises(Ambiguous):
        resources.create(TOKEN)
    assert len(resources.sent("POST", "/PhoneNumbers")) == 1


def full(resources: Resources) -> None:
    rows = resources.emulator.state.collection("twilio", "service_senders")
    for count in range(400):
        number = twilio_objects.number(resources.emulator, sid("PN", "of many", count))
        rows[f"{SERVICE}/{number}"] = {"sid": number, "service_sid": SERVICE, "pool": "PhoneNumbers"}


@pytest.mark.parametrize(
    ("number", "code", "says"),
    [
        ({"capabilities": {"voice": True, "sms": False, "mms": False, "fax": False}}, "21715", "choose one that can"),
        ({"region": "ie1"}, "21669", "the number is set up for another region than the service"),
        (None, "21421", "there is no such number or short code in this account"),
    ],
)
def test_a_number_that_cannot_be_added_says_what_to_do(
    resources: Resources, number: dict[str, Any] | None, code: str, says: str
) -> None:
    if number is None:
        resources.emulator.state.remove("twilio", "incoming_phone_numbers", NUMBER)
    else:
        twilio_objects.number(resources.emulator, **number)
    with pytest.raises(VendorError, match=rf"code {code}.* -> .*{says}"):
        resources.create(TOKEN)
    assert pool(resources) == set()


def test_a_full_pool_says_what_to_do(resources: Resources) -> None:
    full(resources)
    with pytest.raises(VendorError, match=r"412, code 21714.* -> a pool has room for 400"):
        resources.create(TOKEN)


def test_a_service_that_does_not_exist_says_what_to_do(resources: Resources) -> None:
    with pytest.raises(VendorError, match=r"404, code 20404.* -> it was deleted, or belongs to another account"):
        resources.create(TOKEN, service_sid=sid("MG", "nobody's"))


@pytest.mark.parametrize("code", [21701, 21705])
def test_a_service_that_is_refused_says_what_to_do(resources: Resources, code: int) -> None:
    refusal = {"code": code, "message": "The Messaging Service is invalid", "more_info": "", "status": 400}
    resources.emulator.fault(method="POST", path="/PhoneNumbers$", status=400, body=refusal)
    with pytest.raises(VendorError, match=rf"code {code}.* -> the messaging service does not exist"):
        resources.create(TOKEN)


def test_deleting_it_takes_it_out_of_the_pool_and_leaves_the_number(resources: Resources) -> None:
    state = resources.create(TOKEN)
    resources.delete(TOKEN, state)
    assert pool(resources) == set()
    assert NUMBER in resources.emulator.state.collection("twilio", "incoming_phone_numbers")


def test_it_is_taken_out_of_one_pool_before_it_is_put_into_another(resources: Resources) -> None:
    assert find(TOKEN).lifecycle.delete_first
    state = resources.create(TOKEN)
    other = other_service(resources)
    news = resources.checked(TOKEN, {**INPUTS, "service_sid": other})
    assert find(TOKEN).lifecycle.diff(state.values, news).replaces == ["service_sid"]
    resources.delete(TOKEN, state)
    resources.create(TOKEN, service_sid=other)
    assert (pool(resources), pool(resources, other)) == (set(), {NUMBER})


@pytest.mark.parametrize("status", ["VERIFIED", "PENDING", "FAILED"])
def test_it_stays_in_the_pool_of_a_service_that_holds_a_campaign_and_is_found_there_again(
    resources: Resources, status: str
) -> None:
    state = resources.create(TOKEN)
    twilio_objects.campaign(resources.emulator, SERVICE, status)
    (warning,) = resources.delete(TOKEN, state)
    assert f"{NUMBER} stays in the pool of the messaging service {SERVICE}, which holds an A2P campaign" in warning
    assert "-> take it out at https://console.twilio.com" in warning
    assert pool(resources) == {NUMBER}
    assert resources.create(TOKEN) == state


def test_with_remove_from_campaign_it_leaves_that_pool_too(resources: Resources) -> None:
    state = resources.create(TOKEN)
    twilio_objects.campaign(resources.emulator, SERVICE)
    posts = len(resources.sent("POST"))
    allowed = resources.update(TOKEN, state, {**INPUTS, "remove_from_campaign": True})
    assert len(resources.sent("POST")) == posts  # it is no field of the vendor's
    resources.delete(TOKEN, allowed)
    assert pool(resources) == set()


def test_one_of_a_service_that_is_gone_is_gone(resources: Resources) -> None:
    state = resources.create(TOKEN)
    resources.emulator.state.remove("twilio", "services", SERVICE)
    assert resources.read(TOKEN, state) is None
    resources.delete(TOKEN, state)


def test_one_that_was_taken_out_elsewhere_in_the_meantime_is_deleted_with_success(resources: Resources) -> None:
    state = resources.create(TOKEN)
    refusal = {"code": 21711, "message": "not associated", "more_info": "", "status": 400}
    resources.emulator.fault(method="DELETE", status=400, body=refusal)
    resources.delete(TOKEN, state)


@pytest.mark.parametrize(
    ("inputs", "says"),
    [
        ({"service_sid": OTHER_NUMBER}, "service_sid: string should match pattern '^MG"),
        ({"phone_number_sid": "+15555550100"}, "phone_number_sid: string should match pattern '^(PN"),
        ({"phone_number_sid": None}, "phone_number_sid: is required"),
    ],
)
def test_bad_input_is_refused_before_any_call(inputs: dict[str, object], says: str) -> None:
    (failure,) = find(TOKEN).lifecycle.check({}, {**INPUTS, **inputs}).failures
    assert failure.startswith(says)
