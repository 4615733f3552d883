"""What is said of the workspace, and of how its region fits the rest."""

from __future__ import annotations

from typing import Any

import pytest

from components.engage import EngageArgs
from emulator.segment.state import SPACES, WORKSPACE_ID
from providers.sendgrid.event_webhook import ENGAGE_URL
from tests.stacks.preflight.conftest import Preflight, account, email, segment

SEGMENT = segment()


def _of(*space: str, **settings: Any) -> EngageArgs:
    return EngageArgs(segment=segment(*space, **settings))


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
        "Segment space": "ok",
        "events URL": "problem",
        "mail region": "warning",
    }


@pytest.mark.parametrize("url", [None, ENGAGE_URL["us"], "https://example.com/events"])
def test_events_may_go_to_engage_there_or_to_a_place_of_ones_own(look: Preflight, url: str | None) -> None:
    args = EngageArgs(account=account(), email=email(events_url=url), segment=SEGMENT)
    assert "events URL" not in look("segment", args=args)


@pytest.mark.parametrize("space", ["dev", "Dev", SPACES["dev"]])
def test_a_space_is_found_by_its_slug_name_or_id(look: Preflight, space: str) -> None:
    finding = look("segment", args=_of(space))["Segment space"]
    assert (finding.outcome, finding.found) == ("ok", f"Dev (dev, {SPACES['dev']})")


def test_a_space_that_is_not_there_is_a_problem_that_names_those_that_are(look: Preflight) -> None:
    finding = look("segment", args=_of("staging"))["Segment space"]
    assert (finding.outcome, "take one of: dev, prod" in finding.todo) == ("problem", True)


@pytest.mark.parametrize("status", [403, 404, 422])
def test_a_workspace_without_spaces_is_told_what_to_ask_for(look: Preflight, status: int) -> None:
    look.emulator.state.alter("segment", "workspaces", WORKSPACE_ID, features=[])
    look.emulator.state.alter("segment", "switches", "missing_feature", status=status)
    finding = look("segment", args=_of("dev"))["Segment space"]
    assert (finding.outcome, "enable the feature Spaces" in finding.todo) == ("problem", True)


def test_an_id_is_taken_without_the_api_of_spaces(look: Preflight) -> None:
    look.emulator.state.alter("segment", "workspaces", WORKSPACE_ID, features=[])
    assert look("segment", args=_of(SPACES["dev"]))["Segment space"].outcome == "warning"


def test_profiles_take_the_token_of_their_api(look: Preflight, monkeypatch: pytest.MonkeyPatch) -> None:
    name, args = "Segment profile token", _of(profiles=["email:somebody@example.com"])
    assert look("segment", args=args)[name].outcome == "ok"
    monkeypatch.delenv("SEGMENT_PROFILE_API_TOKEN")
    finding = look("segment", args=args)[name]
    assert (finding.outcome, finding.found) == ("warning", "SEGMENT_PROFILE_API_TOKEN is not set")
    assert "API access" in finding.todo
    assert name not in look("segment", args=_of())
