"""One stack of every resource: up while DNS knows nothing, once it does, and again; destroy, and up on what is left."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from providers.declaration import find
from providers.lifecycle import Collection
from providers.twilio.review import Reviewed
from tests.engine.runs import FAILED, Run
from tests.engine.specimens import SERVICE, name
from tests.engine.whole import AWAITING, KEPT, REMOVABLE, Whole

IP = name("sendgrid:DedicatedIp")
OF_A_CAMPAIGN = {name(SERVICE), name("twilio:ServicePhoneNumber")}
"""What a campaign needs: it is not taken from it."""


@dataclass
class Story:
    whole: Whole
    previewed: Run
    first: Run
    waiting: dict[str, list[str]]
    retried: Run
    still_waiting: dict[str, list[str]]
    published: Run
    waiting_no_more: dict[str, list[str]]
    again: Run
    before: dict[str, str]
    """The ids before it was destroyed."""
    destroyed: Run
    left: dict[str, list[str]]
    refused: Run
    """Up again, as it was declared."""
    found: Run
    """Up with the IP named that was bought."""
    after: dict[str, str]
    end: Run


@pytest.fixture(scope="module")
def story(whole: Whole) -> Story:
    project = whole.project
    previewed, first, waiting = project.preview(), project.up(), whole.project.pending()
    retried, still_waiting = project.up(), whole.project.pending()
    whole.project.publish()
    published, waiting_no_more, again, before = project.up(), whole.project.pending(), project.up(), whole.ids()
    destroyed, left, refused = project.destroy(), whole.made(), project.up()
    whole.declare(**{IP: {**whole.resources[IP]["inputs"], "buy": False, "ip": before[IP]}})
    found = project.up()
    parts = (previewed, first, waiting, retried, still_waiting, published, waiting_no_more, again, before)
    return Story(whole, *parts, destroyed, left, refused, found, whole.ids(), project.up())


def test_a_preview_asks_nobody_and_lists_what_up_then_makes(story: Story) -> None:
    assert story.previewed.ok, story.previewed.output
    assert story.previewed.requests == []
    assert story.first.ok, story.first.output
    assert story.first.ops == story.previewed.ops
    assert set(story.first.ops.values()) == {"create"}
    assert story.first.ops.keys() >= story.whole.resources.keys()


def test_what_waits_for_dns_is_pending_with_reasons_and_holds_nothing_up(story: Story) -> None:
    assert story.waiting.keys() == AWAITING
    assert all(" -> " in reason for reasons in story.waiting.values() for reason in reasons)
    assert all(story.waiting.values())
    assert not [write for write in story.first.writes if "/validate" in write]


def test_what_is_pending_is_tried_again_by_every_up(story: Story) -> None:
    assert story.retried.ok, story.retried.output
    assert story.retried.changes == dict.fromkeys(AWAITING, "update")
    assert story.retried.writes == [], "our own look at DNS costs nothing, the vendor's does"
    assert story.still_waiting == story.waiting


def test_once_the_records_are_published_one_up_settles_all_of_it(story: Story) -> None:
    """Validations first, and then what waits for them."""
    assert story.published.ok, story.published.output
    assert story.published.changes == dict.fromkeys(AWAITING, "update")
    assert story.waiting_no_more == {}


def test_a_further_up_changes_nothing(story: Story) -> None:
    assert story.again.ok, story.again.output
    assert story.again.changes == {}
    assert story.again.writes == []


def test_destroy_says_what_it_keeps_and_removes_the_rest(story: Story) -> None:
    assert story.destroyed.ok, story.destroyed.output
    lines = story.destroyed.output.splitlines()
    assert {line.split()[2] for line in lines if line.endswith("[retain]")} == KEPT
    left = (KEPT | OF_A_CAMPAIGN) & REMOVABLE.keys()
    assert {each for each, ids in story.left.items() if ids} == left
    assert all(story.left[each] == [story.before[each]] for each in left)
    assert "holds an A2P campaign" in story.destroyed.output


def test_an_ip_that_an_earlier_run_bought_is_named_and_no_other_is_bought(story: Story) -> None:
    assert not story.refused.ok
    assert [each for each, op in story.refused.changes.items() if op == FAILED] == [IP]
    assert any(story.before[IP] in error and "set ip to it" in error for error in story.refused.errors)


def test_the_next_up_finds_what_was_kept_and_makes_the_rest_anew(story: Story) -> None:
    assert story.found.ok, story.found.output
    kept = KEPT | OF_A_CAMPAIGN
    assert {each: story.after[each] for each in kept} == {each: story.before[each] for each in kept}
    lifecycles = [find(story.whole.resources[each]["type"]).lifecycle for each in sorted(KEPT)]
    account = story.whole.emulator.credentials["TWILIO_ACCOUNT_SID"]
    paths = [lifecycle.path for lifecycle in lifecycles if isinstance(lifecycle, Collection | Reviewed)]
    service = story.before[name(SERVICE)]
    posts = {"POST " + path.replace("{AccountSid}", account).replace("{service_sid}", service) for path in paths}
    assert not posts & {*story.refused.writes, *story.found.writes}
    assert posts <= set(story.first.writes), "what this test looks for is not what makes them"
    assert {each: len(ids) for each, ids in story.whole.made().items()} == dict.fromkeys(REMOVABLE, 1)
    assert story.end.ok, story.end.output
    assert story.end.changes == {}
