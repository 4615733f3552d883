"""What is said of the workspace, and of how its region fits the rest."""

from __future__ import annotations

import pytest

from components.engage import EngageArgs
from components.segment import SegmentArgs
from providers.sendgrid.event_webhook import ENGAGE_URL
from tests.stacks.preflight.conftest import Preflight, account, email

SEGMENT = SegmentArgs(source_slug="engage")


def test_the_token_says_whose_it_is(look: Preflight) -> None:
    found = look("segment", args=EngageArgs(segment=SEGMENT))
    assert found["Segment token"].found == "of the workspace engage, in us"
    assert {finding.outcome for finding in found.values()} == {"ok"}


def test_a_token_of_the_other_region_opens_nothing(look: Preflight) -> None:
    (finding,) = look("segment", args=EngageArgs(segment=SEGMENT), segmentRegion="eu").values()
    assert finding.outcome == "problem"
    assert "in the other region" in finding.todo


def test_regions_that_do_not_fit_are_named(look: Preflight) -> None:
    (workspace,) = look.emulator.state.collection("segment", "workspaces").values()
    workspace["region"] = "eu"
    args = EngageArgs(account=account(), email=email(events_url=ENGAGE_URL["us"]), segment=SEGMENT)
    found = look("segment", args=args, segmentRegion="eu")
    assert {check: finding.outcome for check, finding in found.items()} == {
        "Segment token": "ok",
        "events URL": "problem",
        "mail region": "warning",
    }


@pytest.mark.parametrize("url", [None, ENGAGE_URL["us"], "https://example.com/events"])
def test_events_may_go_to_engage_there_or_to_a_place_of_ones_own(look: Preflight, url: str | None) -> None:
    args = EngageArgs(account=account(), email=email(events_url=url), segment=SEGMENT)
    assert "events URL" not in look("segment", args=args)
