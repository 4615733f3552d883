"""Every reply to a POST is lost once, whatever it makes: what that leaves, and what running it again makes of it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from providers.declaration import all_declarations
from providers.lifecycle import Collection
from providers.twilio.review import Reviewed
from providers.twilio.sender_pool import SenderPool
from tests.engine.runs import Run
from tests.engine.whole import REMOVABLE, Whole

ATTEMPTS = 4


@dataclass
class Story:
    whole: Whole
    runs: list[Run]
    """Up until it succeeds."""
    settling: list[Run]
    """Up with all records in DNS, until nothing is pending."""


@pytest.fixture(scope="module")
def story(whole: Whole) -> Story:
    account = whole.emulator.credentials["TWILIO_ACCOUNT_SID"]
    for declaration in all_declarations():
        match declaration.lifecycle:
            case Collection(path=path):
                path = path.replace("{AccountSid}", account)
            case Reviewed(path=path):
                path = path.replace("{service_sid}", "[^/]+")
            case SenderPool(pool=pool):
                path = f"/Services/[^/]+/{pool}"
            case _:
                continue
        whole.emulator.fault(vendor=declaration.module, method="POST", path=f"{path}$", drop="after")
    for path in ("/validate$", "/subuser$", "/subuser:add$"):
        whole.emulator.fault(method="POST", path=path, drop="after")
    runs = [whole.project.up()]
    while not runs[-1].ok and len(runs) < ATTEMPTS:
        runs.append(whole.project.up())
    whole.project.publish()
    settling = [whole.project.up()]
    while whole.project.pending() and len(settling) < ATTEMPTS:
        settling.append(whole.project.up())
    return Story(whole, runs, settling)


def test_running_the_same_again_gets_there(story: Story) -> None:
    assert story.runs[-1].ok, story.runs[-1].output
    assert not any("Traceback" in run.output for run in story.runs)
    errors = [error for run in story.runs for error in run.errors]
    assert all("run the same command again" in error for error in errors), errors


def test_nothing_is_made_twice(story: Story) -> None:
    lost = {entry.path for run in (*story.runs, *story.settling) for entry in run.requests if "dropped" in entry.note}
    assert len(lost) >= len(REMOVABLE), "too few replies were lost"
    state = story.whole.ids()
    assert story.whole.made() == {each: [state[each]] for each in REMOVABLE}


def test_a_lost_reply_to_what_was_waited_for_does_no_harm(story: Story) -> None:
    """The vendor may have validated; the next run sees that."""
    assert [run.errors for run in story.settling] == [[]] * len(story.settling)
    assert story.whole.project.pending() == {}
