"""A service is told apart by the tag in its name, which need not be unique."""

from __future__ import annotations

import pytest

from providers.declaration import find, tag
from providers.errors import OwnershipError
from tests.providers.cases import CASES, MARKER
from tests.providers.conftest import Resources

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
