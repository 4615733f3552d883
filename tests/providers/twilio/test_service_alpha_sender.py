"""A service has one alpha sender, known by its text."""

from __future__ import annotations

import pytest

from emulator.made_up import sid
from providers.declaration import find
from providers.errors import NotFound, OwnershipError
from tests.providers.cases import CASES
from tests.providers.conftest import Resources
from tests.support.twilio_objects import SERVICE

TOKEN = "twilio:ServiceAlphaSender"
OTHERS = "twilio:ServiceDestinationAlphaSender"


@pytest.fixture(autouse=True)
def _needs(resources: Resources) -> None:
    resources.make_needs(TOKEN)


def senders(resources: Resources) -> list[str]:
    return [row["alpha_sender"] for row in resources.emulator.state.collection("twilio", "service_senders").values()]


def test_its_id_and_outputs(resources: Resources) -> None:
    state = resources.create(TOKEN)
    assert state.id == f"{SERVICE}/Example"
    assert state.values["sid"].startswith("AI")
    assert state.values["capabilities"] == ["SMS"]


def test_one_that_is_there_is_taken_as_added(resources: Resources) -> None:
    first = resources.create(TOKEN)
    assert resources.create(TOKEN) == first
    assert len(resources.sent("POST", "/AlphaSenders")) == 1


def test_another_one_of_the_service_stays_and_the_message_says_what_to_do(resources: Resources) -> None:
    first = resources.create(TOKEN)
    with pytest.raises(
        OwnershipError, match=rf"another one, {first.values['sid']}, and can have one only -> take that"
    ):
        resources.create(TOKEN, alpha_sender="Another")
    assert senders(resources) == ["Example"]


def test_a_new_text_takes_the_old_one_out_first(resources: Resources) -> None:
    assert find(TOKEN).lifecycle.delete_first
    resources.delete(TOKEN, resources.create(TOKEN))
    resources.create(TOKEN, alpha_sender="Another")
    assert senders(resources) == ["Another"]


def test_one_that_was_taken_out_and_put_back_by_hand_is_the_one_that_is_deleted(resources: Resources) -> None:
    first = resources.create(TOKEN)
    resources.delete(TOKEN, first)
    second = resources.create(TOKEN)
    assert second.values["sid"] != first.values["sid"]
    resources.delete(TOKEN, first)
    assert senders(resources) == []


def test_one_for_a_country_is_not_taken_for_it(resources: Resources) -> None:
    resources.create(OTHERS)
    resources.create(TOKEN)
    assert senders(resources) == ["Example", "Example"]


def test_a_service_that_does_not_exist_says_what_to_do(resources: Resources) -> None:
    with pytest.raises(NotFound, match="-> it was deleted, or belongs to another account"):
        resources.create(TOKEN, service_sid=sid("MG", "nobody's"))


def test_one_of_a_service_that_is_gone_is_gone(resources: Resources) -> None:
    state = resources.create(TOKEN)
    resources.emulator.state.remove("twilio", "services", SERVICE)
    assert resources.read(TOKEN, state) is None
    resources.delete(TOKEN, state)


@pytest.mark.parametrize("text", ["Example", "Ex + Co", "A_1&b-2 c3d", "7eleven"])
def test_what_may_be_a_sender(resources: Resources, text: str) -> None:
    state = resources.create(TOKEN, alpha_sender=text)
    assert resources.read(TOKEN, state) == state
    assert resources.changed(TOKEN, state, {**CASES[TOKEN].inputs, "alpha_sender": text}) == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Longer than 11", "string should have at most 11 characters"),
        ("12345", "must have a letter"),
        ("+15 - 55", "must have a letter"),
        ("Größe", "string should match pattern"),
        ("Ex.Co", "string should match pattern"),
        ("", "string should match pattern"),
        (" Example", "begins or ends with white space"),
    ],
)
def test_what_may_not_be_a_sender_is_refused_before_any_call(text: str, says: str) -> None:
    (failure,) = find(TOKEN).lifecycle.check({}, {**CASES[TOKEN].inputs, "alpha_sender": text}).failures
    assert failure.startswith(f"alpha_sender: {says}")
