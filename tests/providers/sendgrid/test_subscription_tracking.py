"""A setting that is always there: taken over, remembered, restored."""

from __future__ import annotations

from typing import Any

import pytest

from providers.declaration import find
from providers.lifecycle import State
from tests.conformance import Conformance
from tests.providers.cases import CASES, SUBUSER
from tests.providers.conftest import Resources

TOKEN = "sendgrid:SubscriptionTracking"
INPUTS = CASES[TOKEN].inputs
BEFORE = {"enabled": False, "plain_content": "Before <% %>", "html_content": "<b><% %></b>"}


@pytest.fixture(autouse=True)
def _before(resources: Resources) -> None:
    resources.create("sendgrid:Subuser")
    resources.emulator.state.collection("sendgrid", "tracking_settings")[f"{SUBUSER}:subscription"] = {
        "owner": SUBUSER,
        "values": dict(BEFORE),
    }


def by_hand(resources: Resources, **values: Any) -> None:
    """What a person sets on SendGrid's website."""
    resources.emulator.state.collection("sendgrid", "tracking_settings")[f"{SUBUSER}:subscription"]["values"] |= values


def now(resources: Resources) -> dict[str, Any]:
    values = resources.emulator.state.collection("sendgrid", "tracking_settings")[f"{SUBUSER}:subscription"]["values"]
    return {name: value for name, value in values.items() if value}


def test_delete_restores_what_was_before(resources: Resources) -> None:
    state = resources.create(TOKEN)
    assert now(resources) != {name: value for name, value in BEFORE.items() if value}
    resources.delete(TOKEN, state)
    assert now(resources) == {name: value for name, value in BEFORE.items() if value}


def test_what_is_not_managed_is_neither_changed_nor_restored(resources: Resources) -> None:
    state = resources.create(TOKEN)
    assert now(resources)["html_content"] == BEFORE["html_content"]
    by_hand(resources, html_content="<i><% %></i>")
    assert resources.read(TOKEN, state) == state
    resources.delete(TOKEN, state)
    assert now(resources)["html_content"] == "<i><% %></i>"


def test_a_field_that_is_left_out_again_gets_back_what_it_had(resources: Resources) -> None:
    state = resources.create(TOKEN)
    assert now(resources)["plain_content"] != BEFORE["plain_content"]
    resources.update(TOKEN, state, {"subuser": SUBUSER})
    assert now(resources)["plain_content"] == BEFORE["plain_content"]


def test_a_field_that_is_managed_later_gets_back_what_it_had_then(resources: Resources) -> None:
    state = resources.create(TOKEN)
    by_hand(resources, html_content="<i><% %></i>")
    later = resources.update(TOKEN, state, {**INPUTS, "html_content": "<p><% %></p>"})
    resources.update(TOKEN, later, INPUTS)
    assert now(resources)["html_content"] == "<i><% %></i>"


def test_a_field_that_is_managed_again_gets_back_what_it_had_in_between(resources: Resources) -> None:
    released = resources.update(TOKEN, resources.create(TOKEN), {"subuser": SUBUSER})
    by_hand(resources, plain_content="In between <% %>")
    again = resources.update(TOKEN, released, INPUTS)
    resources.delete(TOKEN, again)
    assert now(resources) == {"html_content": BEFORE["html_content"], "plain_content": "In between <% %>"}


def test_a_field_that_stays_managed_keeps_what_it_had_first(resources: Resources) -> None:
    state = resources.create(TOKEN)
    by_hand(resources, plain_content="")
    drifted = resources.read(TOKEN, state)
    assert drifted is not None
    mended = resources.update(TOKEN, drifted, INPUTS)
    resources.delete(TOKEN, mended)
    assert now(resources)["plain_content"] == BEFORE["plain_content"]


@pytest.mark.parametrize("later", [False, True])
def test_a_null_of_the_vendor_is_restored_as_an_empty_text(
    resources: Resources, conformance: Conformance, later: bool
) -> None:
    by_hand(resources, url=None)
    managed = {**INPUTS, "url": "https://example.com/unsubscribe"}
    state = resources.update(TOKEN, resources.create(TOKEN), managed) if later else resources.create(TOKEN, **managed)
    assert state.values["previous"]["url"] == ""  # a null would not survive the way through the engine
    resources.delete(TOKEN, state)
    assert resources.sent("PATCH")[-1]["url"] == ""
    conformance.problems.clear()  # the document has no null


def test_an_empty_text_is_managed_and_no_drift(resources: Resources) -> None:
    state = resources.create(TOKEN, landing="")
    assert resources.read(TOKEN, state) == state
    assert resources.changed(TOKEN, state, {**INPUTS, "landing": ""}) == []


def test_nothing_is_sent_where_nothing_is_to_be_restored(resources: Resources) -> None:
    state = resources.create(TOKEN)
    bare = State(state.id, {name: value for name, value in state.values.items() if name != "previous"})
    sent = resources.sent("PATCH")
    resources.delete(TOKEN, bare)
    assert resources.sent("PATCH") == sent


def test_a_state_of_before_a_field_was_remembered_leaves_that_field_as_it_is(resources: Resources) -> None:
    state = resources.create(TOKEN)
    older = State(state.id, {**state.values, "previous": {"enabled": False}})
    resources.update(TOKEN, older, {"subuser": SUBUSER})
    assert now(resources)["plain_content"] == INPUTS["plain_content"]


def test_a_null_in_the_state_of_an_older_release_is_restored_as_an_empty_text(resources: Resources) -> None:
    state = resources.create(TOKEN)
    resources.delete(TOKEN, State(state.id, {**state.values, "previous": {"plain_content": None}}))
    assert resources.sent("PATCH")[-1] == {"plain_content": ""}


def test_the_account_and_each_subuser_have_a_setting_of_their_own(resources: Resources) -> None:
    own = resources.create(TOKEN)
    parents = resources.create(TOKEN, subuser=None)
    assert {own.id, parents.id} == {f"{SUBUSER}/subscription", "account/subscription"}


def test_a_text_without_a_place_for_the_link_is_refused() -> None:
    (failure,) = find(TOKEN).lifecycle.check({}, {"plain_content": "Goodbye"}).failures
    assert failure.startswith("plain_content: has no <% %>")
