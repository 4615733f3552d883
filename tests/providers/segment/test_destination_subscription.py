"""A subscription names an action as people do, and Segment takes few changes of it."""

from __future__ import annotations

import pytest

from providers.declaration import find
from providers.errors import EngageError, NotFound
from providers.segment import client as segment
from providers.segment.client import Pace
from tests.providers.cases import CASES
from tests.providers.conftest import Resources
from tests.support import segment_objects

TOKEN = "segment:DestinationSubscription"
INPUTS = CASES[TOKEN].inputs


def test_an_action_is_found_by_slug_name_or_id_and_reads_back_as_declared(resources: Resources) -> None:
    resources.make_needs(TOKEN)
    by_slug = resources.create(TOKEN)
    assert by_slug.values["action_slug"] == "sendMessage"
    for action in ("Send message", by_slug.values["action_id"]):
        state = resources.create(TOKEN, action=action)
        assert state.values["action_id"] == by_slug.values["action_id"]
        assert resources.read(TOKEN, state) == state
        assert state.values["action"] == action


def test_an_action_that_the_destination_lacks_is_said_with_those_that_it_has(resources: Resources) -> None:
    resources.make_needs(TOKEN)
    there = segment_objects.OTHER_DESTINATION
    with pytest.raises(EngageError, match="SendGrid has no action 'send' -> take one of its own: updateUserProfile, s"):
        resources.create(TOKEN, action="send", destination_id=there)
    assert resources.sent("POST", "/subscriptions") == []


def test_another_action_makes_another_subscription_and_a_trigger_does_not(resources: Resources) -> None:
    resources.make_needs(TOKEN)
    state = resources.create(TOKEN)
    lifecycle = find(TOKEN).lifecycle
    assert lifecycle.diff(state.values, {**state.values, "action": "sendEmail"}).replaces == ["action"]
    assert lifecycle.diff(state.values, {**state.values, "trigger": 'type = "page"'}).replaces == []


def test_fields_that_segment_adds_are_no_drift(resources: Resources) -> None:
    resources.make_needs(TOKEN)
    state = resources.create(TOKEN)
    added = {**INPUTS["settings"], "validityPeriod": 14400}
    resources.emulator.state.alter("segment", "subscriptions", state.id, settings=added)
    assert resources.read(TOKEN, state) == state


def test_a_destination_that_is_gone_takes_its_subscription_along(resources: Resources) -> None:
    resources.make_needs(TOKEN)
    state = resources.create(TOKEN)
    resources.emulator.state.remove("segment", "destinations", segment_objects.DESTINATION)
    assert resources.read(TOKEN, state) is None
    resources.delete(TOKEN, state)
    with pytest.raises(NotFound):
        resources.create(TOKEN)


def test_the_sixth_change_within_a_minute_waits_for_its_turn(
    resources: Resources, waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    resources.make_needs(TOKEN)
    monkeypatch.setattr(segment, "subscription_writes", Pace(5, 60, clock=lambda: 1000.0))
    state = resources.create(TOKEN)
    for number in range(4):
        state = resources.update(TOKEN, state, {**INPUTS, "trigger": f"type = {number}"})
    assert resources.read(TOKEN, state) == state
    assert waits == [], "reading is not limited"
    resources.delete(TOKEN, state)
    assert waits == [60]


def test_a_429_is_waited_for_as_long_as_segment_says(resources: Resources, waits: list[float]) -> None:
    """A colleague's calls count too, so that our own pace may not be slow enough."""
    resources.make_needs(TOKEN)
    resources.emulator.fault(method="POST", path="/subscriptions$", status=429, reset_in=23)
    resources.create(TOKEN)
    assert 23 in waits
    assert len(resources.emulator.state.collection("segment", "subscriptions")) == 1
