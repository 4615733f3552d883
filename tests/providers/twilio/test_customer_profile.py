"""The primary profile is assigned like an item, and is a field of its own; the rest is as with a bundle."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.twilio.state import PRIMARY_PROFILE_SID
from providers.declaration import find
from providers.errors import EngageError
from providers.lifecycle import State
from tests.providers.cases import CASES, MARKER
from tests.providers.conftest import Resources
from tests.support.reviews import ADDRESS, assigned, refreshed, review

TOKEN = "twilio:CustomerProfile"
END_USER, DOCUMENT = "twilio:TrustEndUser", "twilio:TrustDocument"
PROFILES = "customer_profiles"
INPUTS = {**CASES[TOKEN].inputs, "submit": True}
BUSINESS = {
    "business_name": "Example Inc",
    "business_type": "Corporation",
    "business_registration_number": "12-3456789",
    "website_url": "https://example.com",
}
REPRESENTATIVE = {"first_name": "Ada", "last_name": "Example", "email": "ada@example.com"}


@pytest.fixture
def complete(resources: Resources) -> list[str]:
    """All that a secondary profile is asked for, beside the primary one."""
    office = resources.create("twilio:Address", **ADDRESS)
    business = resources.create(END_USER, type="customer_profile_business_information", attributes=BUSINESS)
    person = resources.create(END_USER, type="authorized_representative_1", attributes=REPRESENTATIVE)
    address = resources.create(DOCUMENT, attributes={"address_sids": office.id})
    return [business.id, person.id, address.id]


def profile(resources: Resources, **inputs: Any) -> State:
    return resources.create(TOKEN, **{**INPUTS, **inputs})


def test_the_primary_profile_and_the_items_are_assigned_and_it_is_submitted(
    resources: Resources, complete: list[str]
) -> None:
    state = profile(resources, items=complete)
    assert assigned(resources, PROFILES, state) == {PRIMARY_PROFILE_SID, *complete}
    assert (state.values["status"], state.values["review_status"]) == ("pending", "in-review")
    assert refreshed(resources, TOKEN, state) == state
    assert resources.changed(TOKEN, state, {**INPUTS, "items": complete}) == ["status"]


def test_it_is_evaluated_by_its_policy(resources: Resources, complete: list[str]) -> None:
    profile(resources, items=complete)
    assert resources.sent("POST", "/Evaluations") == [{"PolicySid": find(TOKEN).fields["policy_sid"].default}]


def test_a_primary_profile_that_is_not_approved_is_missing(resources: Resources, complete: list[str]) -> None:
    resources.emulator.state.alter("twilio", PROFILES, PRIMARY_PROFILE_SID, status="in-review")
    state = profile(resources, items=complete)
    (reason,) = state.values["reasons"]
    assert reason.startswith("Primary Customer Profile: A Primary Customer Profile is missing, or not approved.")
    assert (state.values["status"], state.values["review_status"]) == ("pending", "draft")


def test_a_primary_profile_that_somebody_took_away_is_drift_and_is_assigned_again(
    resources: Resources, complete: list[str]
) -> None:
    inputs = {**INPUTS, "items": complete, "submit": False}
    state = profile(resources, **inputs)
    row = resources.emulator.state.collection("twilio", PROFILES)[state.id]
    row["assignments"] = {
        key: each for key, each in row["assignments"].items() if each["object_sid"] != PRIMARY_PROFILE_SID
    }
    found = refreshed(resources, TOKEN, state)
    assert resources.changed(TOKEN, found, inputs) == ["primary_profile_sid"]
    resources.update(TOKEN, found, inputs)
    assert PRIMARY_PROFILE_SID in assigned(resources, PROFILES, state)


def test_a_rejection_names_twilios_errors(resources: Resources, complete: list[str]) -> None:
    state = profile(resources, items=complete)
    review(resources, PROFILES, state, "twilio-rejected", errors=[{"code": 18601}])
    resources.emulator.state.alter("twilio", "trust_documents", complete[2], status="REJECTED")
    found = refreshed(resources, TOKEN, state)
    assert found.values["status"] == "rejected"
    assert found.values["reasons"][:2] == [
        "Twilio's error 18601 -> see https://www.twilio.com/docs/errors/18601",
        f"document {complete[2]}: was rejected",
    ]


def test_a_rejected_one_is_submitted_again_when_the_generation_is_raised(
    resources: Resources, complete: list[str]
) -> None:
    state = profile(resources, items=complete)
    review(resources, PROFILES, state, "twilio-rejected")
    found = refreshed(resources, TOKEN, state)
    assert resources.changed(TOKEN, found, {**INPUTS, "items": complete}) == []
    updated = resources.update(TOKEN, found, {**INPUTS, "items": complete, "generation": 2})
    assert updated.values["review_status"] == "in-review"


def test_the_primary_profile_does_not_change_in_review(resources: Resources, complete: list[str]) -> None:
    state = profile(resources, items=complete)
    arrange = CASES[TOKEN].arrange
    assert arrange is not None
    arrange(resources.emulator)
    other = CASES[TOKEN].changes["primary_profile_sid"]
    with pytest.raises(EngageError, match="its status is in-review -> change them back"):
        resources.update(TOKEN, state, {**INPUTS, "items": complete, "primary_profile_sid": other})


def test_what_was_kept_is_found_again_approved_and_nothing_is_sent(resources: Resources, complete: list[str]) -> None:
    kept = profile(resources, items=complete)
    review(resources, PROFILES, kept, "twilio-approved")
    sent = len(resources.sent("POST"))
    again = profile(resources, items=complete)
    assert (again.id, again.values["approved"], len(resources.sent("POST"))) == (kept.id, True, sent)


def test_the_primary_profile_must_be_named() -> None:
    inputs = {**INPUTS, "marker": MARKER, "primary_profile_sid": None}
    assert find(TOKEN).lifecycle.check({}, inputs).failures == ["primary_profile_sid: is required"]
