"""Whatever resource is changed, replaced by hand or removed: what is found, and what the next up makes of it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.engine.runs import Run
from tests.engine.specimens import gone_with, name
from tests.engine.whole import KEPT, REMOVABLE, Whole
from tests.providers.cases import CASES
from tests.support import keys

KEYS = {name(token) for token in ("sendgrid:ApiKey", "twilio:ApiKey")}
CHECKS = ("sendgrid:KeyCheck", "twilio:KeyCheck")
"""They see what is wrong with a key, and mend none."""
DRIFTING = {name(token): case for token, case in CASES.items() if case.drift and token not in CHECKS}
FOUND = {*DRIFTING, name("sendgrid:KeyCheck")}
"""The key of a subuser that was disabled opens nothing until that is put back."""


@dataclass
class Story:
    whole: Whole
    ids: dict[str, str]
    altered: Run
    mended: Run
    found: Run
    """What a refresh would find then."""
    by_hand: Run
    ids_by_hand: dict[str, str]
    made_by_hand: dict[str, list[str]]
    gone: Run
    again: Run
    made_again: dict[str, list[str]]
    ids_again: dict[str, str]


@pytest.fixture(scope="module")
def story(whole: Whole) -> Story:
    project = whole.project
    assert (up := whole.project.bring_up()).ok, up.output
    ids = whole.ids()
    for each, case in DRIFTING.items():
        case.alter(whole.emulator, ids[each])
    altered, mended, found = project.refresh(), project.up(), project.preview_refresh()
    state = project.resources()
    by_hand = project.up(replace=[state[each]["urn"] for each in REMOVABLE])
    ids_by_hand, made_by_hand = whole.ids(), whole.made()
    for each in REMOVABLE:
        whole.remove(each)
    gone = project.refresh()
    keys.give(whole.emulator)  # which went with the subuser
    again, made, anew = whole.project.bring_up(), whole.made(), whole.ids()
    return Story(whole, ids, altered, mended, found, by_hand, ids_by_hand, made_by_hand, gone, again, made, anew)


def test_what_is_changed_elsewhere_is_found_and_put_back(story: Story) -> None:
    assert story.altered.ok, story.altered.output
    assert story.altered.changes == dict.fromkeys(FOUND, "update")
    assert story.altered.writes == []
    assert story.mended.ok, story.mended.output
    assert story.mended.changes == dict.fromkeys(FOUND, "update")
    assert story.found.changes == {}


def test_what_is_replaced_by_hand_exists_once_and_is_not_lost(story: Story) -> None:
    """As `pulumi up --replace URN` does: what create takes over, by its tag or name, is not deleted afterwards."""
    assert story.by_hand.ok, story.by_hand.output
    assert {each for each, op in story.by_hand.changes.items() if op == "replace"} >= REMOVABLE.keys()
    assert story.made_by_hand == {each: [story.ids_by_hand[each]] for each in REMOVABLE}
    kept = KEPT & REMOVABLE.keys()
    assert {each: story.ids_by_hand[each] for each in kept} == {each: story.ids[each] for each in kept}
    assert all(story.ids_by_hand[each] != story.ids[each] for each in KEYS), "a secret cannot be read: it is a new one"


def test_what_is_removed_elsewhere_is_found_with_all_that_was_in_it(story: Story) -> None:
    gone = gone_with(story.whole.resources, set(REMOVABLE))
    assert {each for each, op in story.gone.changes.items() if op == "delete"} == gone
    assert story.gone.writes == []


def test_what_was_removed_elsewhere_is_made_again(story: Story) -> None:
    assert story.again.ok, story.again.output
    assert story.made_again == {each: [story.ids_again[each]] for each in REMOVABLE}
    assert story.whole.project.pending() == {}
