"""A service is told apart by the tag in its name, which need not be unique."""

from __future__ import annotations

import pytest

from providers.declaration import find, tag
from providers.errors import OwnershipError, VendorError
from tests.providers.cases import CASES, MARKER
from tests.providers.conftest import Resources
from tests.support import twilio_objects

TOKEN = "twilio:MessagingService"


def names(resources: Resources) -> list[str]:
    return [service["friendly_name"] for service in resources.emulator.state.collection("twilio", "services").values()]


def test_its_name_bears_the_owners_tag_and_reads_back_without(resources: Resources) -> None:
    state = resources.create(TOKEN)
    assert names(resources) == [f"Example [{tag(MARKER)}]"]
    assert (state.values["friendly_name"], state.values["display_name"]) == ("Example", names(resources)[0])


def test_somebody_elses_of_the_same_name_is_left_alone(resources: Resources) -> None:
    theirs = resources.create(TOKEN, marker="twilio-engage/prod/example")
    ours = resources.create(TOKEN)
    assert ours.id != theirs.id
    assert len(names(resources)) == 2


def test_what_an_earlier_run_left_is_found_under_another_name_too(resources: Resources) -> None:
    left = resources.create(TOKEN)
    again = resources.create(TOKEN, friendly_name="Renamed")
    assert again.id == left.id
    assert names(resources) == [f"Renamed [{tag(MARKER)}]"]


def test_it_is_found_on_a_later_page(resources: Resources, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("providers.twilio.client.PAGE_SIZE", 2)
    for number in range(4):
        resources.create(TOKEN, marker=f"twilio-engage/test/{number}")
    left = resources.create(TOKEN)
    assert resources.create(TOKEN).id == left.id


def test_adopt_marks_an_existing_one_as_ours(resources: Resources) -> None:
    theirs = resources.create(TOKEN, marker="made/by/hand")
    adopted = resources.create(TOKEN, adopt=theirs.id)
    assert adopted.id == theirs.id
    assert names(resources) == [f"Example [{tag(MARKER)}]"]


def test_adopting_what_does_not_exist_says_so(resources: Resources) -> None:
    with pytest.raises(OwnershipError, match="there is no MessagingService MG0"):
        resources.create(TOKEN, adopt="MG0")


@pytest.mark.parametrize("status", ["VERIFIED", "PENDING", "FAILED"])
def test_one_that_holds_a_campaign_is_not_deleted_and_the_next_up_finds_it(resources: Resources, status: str) -> None:
    state = resources.create(TOKEN)
    twilio_objects.campaign(resources.emulator, state.id, status)
    (warning,) = resources.delete(TOKEN, state)
    assert f"{state.id} stays, as it holds an A2P campaign" in warning
    assert "-> leave it: the next `up` finds it again" in warning
    assert resources.sent("DELETE") == []
    assert resources.create(TOKEN).id == state.id


def test_once_the_campaign_is_deleted_it_is_deleted(resources: Resources) -> None:
    state = resources.create(TOKEN)
    campaign = twilio_objects.campaign(resources.emulator, state.id)
    found = resources.read(TOKEN, state)
    assert found is not None
    assert found.values["us_app_to_person_registered"] is True
    resources.emulator.state.remove("twilio", "campaigns", campaign)
    resources.delete(TOKEN, found)
    assert names(resources) == []


def test_a_campaign_that_is_registered_elsewhere_is_told_by_the_flag(resources: Resources) -> None:
    state = resources.create(TOKEN)
    twilio_objects.campaign(resources.emulator, state.id)
    resources.delete(TOKEN, state)
    assert not any(entry.path.endswith("/Usa2p") for entry in resources.emulator.requests)


def test_a_campaign_of_another_service_is_no_reason_to_stay(resources: Resources) -> None:
    state = resources.create(TOKEN)
    twilio_objects.campaign(resources.emulator, resources.create(TOKEN, marker="somebody/else").id)
    resources.delete(TOKEN, state)
    assert resources.read(TOKEN, state) is None


def test_one_that_was_taken_over_stays_and_is_no_longer_marked_as_ours(resources: Resources) -> None:
    theirs = resources.create(TOKEN, marker="made/by/hand")
    adopted = resources.create(TOKEN, adopt=theirs.id)
    later = resources.update(TOKEN, adopted, CASES[TOKEN].inputs)  # the option may be taken out of the program
    (warning,) = resources.delete(TOKEN, later)
    assert f"{theirs.id} stays with its settings, as it was taken over -> to have it deleted" in warning
    assert names(resources) == ["Example"]
    assert resources.create(TOKEN).id != theirs.id
    assert resources.create(TOKEN, adopt=theirs.id).id == theirs.id


def test_letting_go_of_one_that_others_renamed_leaves_its_name(resources: Resources) -> None:
    adopted = resources.create(TOKEN, adopt=resources.create(TOKEN, marker="made/by/hand").id)
    resources.emulator.state.alter("twilio", "services", adopted.id, friendly_name="Theirs")
    read = resources.read(TOKEN, adopted)
    assert read is not None
    resources.delete(TOKEN, read)
    assert names(resources) == ["Theirs"]


def test_one_that_was_taken_over_is_deleted_where_that_is_asked_for(resources: Resources) -> None:
    theirs = resources.create(TOKEN, marker="made/by/hand")
    adopted = resources.create(TOKEN, adopt=theirs.id)
    asked = resources.update(TOKEN, adopted, {**CASES[TOKEN].inputs, "delete_adopted": True})
    resources.delete(TOKEN, asked)
    assert names(resources) == []


def test_one_that_was_taken_over_and_is_gone_is_deleted_with_success(resources: Resources) -> None:
    adopted = resources.create(TOKEN, adopt=resources.create(TOKEN, marker="made/by/hand").id)
    resources.emulator.state.remove("twilio", "services", adopted.id)
    resources.delete(TOKEN, adopted)


def test_even_if_asked_for_one_that_was_taken_over_stays_with_its_campaign(resources: Resources) -> None:
    adopted = resources.create(TOKEN, adopt=resources.create(TOKEN, marker="by/hand").id, delete_adopted=True)
    twilio_objects.campaign(resources.emulator, adopted.id)
    resources.delete(TOKEN, adopted)
    assert len(names(resources)) == 1


def test_deleting_one_leaves_the_numbers_of_its_pool_in_the_account(resources: Resources) -> None:
    number = twilio_objects.number(resources.emulator)
    state = resources.create(TOKEN)
    resources.create("twilio:ServicePhoneNumber")
    resources.delete(TOKEN, state)
    assert number in resources.emulator.state.collection("twilio", "incoming_phone_numbers")
    assert resources.emulator.state.collection("twilio", "service_senders") == {}


def test_a_use_case_that_does_not_go_with_the_campaign_says_what_to_do(resources: Resources) -> None:
    state = resources.create(TOKEN)
    refusal = {"code": 21719, "message": "Incompatible Use Cases", "more_info": "", "status": 400}
    resources.emulator.fault(method="POST", status=400, body=refusal)
    with pytest.raises(
        VendorError, match=r"21719.* -> the use_case of the messaging service and the campaign's do not go together"
    ):
        resources.update(TOKEN, state, {**CASES[TOKEN].inputs, "use_case": "poll"})


def test_a_url_that_is_left_out_is_cleared(resources: Resources) -> None:
    state = resources.create(TOKEN)
    resources.update(TOKEN, state, {"friendly_name": "Example"})
    assert resources.sent("POST")[-1]["InboundRequestUrl"] == ""


def test_what_is_not_managed_is_not_sent(resources: Resources) -> None:
    resources.create(TOKEN)
    assert set(resources.sent("POST")[-1]) == {
        "FriendlyName", "Usecase", "InboundRequestUrl", "InboundMethod", "FallbackMethod", "UseInboundWebhookOnNumber",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("inputs", "says"),
    [
        ({"friendly_name": "x" * 50}, "friendly_name: string should have at most 49 characters"),
        ({"use_case": "Marketing"}, "use_case: input should be 'notifications', 'marketing'"),
        ({"inbound_request_url": "example.com"}, "inbound_request_url: is no URL"),
        ({"status_callback": "http://example.com"}, "status_callback: must begin with https://"),
        ({"status_callback": "https://a:b@example.com"}, "status_callback: must not carry a user name or password"),
        ({"inbound_method": "PUT"}, "inbound_method: input should be 'GET' or 'POST'"),
        ({"validity_period": 0}, "validity_period: input should be greater than or equal to 1"),
        ({"fallback_url": "https://example.com", "inbound_request_url": None}, "fallback_url: is of no use without"),
        ({"use_inbound_webhook_on_number": True}, "inbound_request_url: has no effect while"),
    ],
)
def test_bad_input_is_refused_before_any_call(inputs: dict[str, object], says: str) -> None:
    (failure,) = find(TOKEN).lifecycle.check({}, {**CASES[TOKEN].inputs, "marker": MARKER, **inputs}).failures
    assert failure.startswith(says)
