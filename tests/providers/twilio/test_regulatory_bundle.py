"""A bundle is a draft, is brought on, and waits for a person; each step only where Twilio allows it."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.made_up import sid
from providers.declaration import find
from providers.errors import Ambiguous, EngageError, NotFound, OwnershipError, VendorError
from providers.lifecycle import State
from tests.providers.cases import CASES, MARKER
from tests.providers.conftest import Resources
from tests.support.reviews import ADDRESS, assigned, refreshed, review

TOKEN = "twilio:RegulatoryBundle"
END_USER, DOCUMENT = "twilio:RegulatoryEndUser", "twilio:RegulatoryDocument"
INPUTS = {**CASES[TOKEN].inputs, "submit": True}
NAME = {"business_name": "Example SARL"}


@pytest.fixture
def complete(resources: Resources) -> list[str]:
    """All that France asks of a business."""
    office = resources.create("twilio:Address", **ADDRESS)
    end_user = resources.create(END_USER, attributes={**NAME, "business_registration_number": "123 456 789"})
    excerpt = resources.create(DOCUMENT, type="commercial_registrar_excerpt", attributes=NAME)
    address = resources.create(DOCUMENT, type="address", attributes={"address_sids": [office.id]})
    return [end_user.id, excerpt.id, address.id]


def bundle(resources: Resources, **inputs: Any) -> State:
    return resources.create(TOKEN, **{**INPUTS, **inputs})


def rejected(resources: Resources, complete: list[str]) -> State:
    state = bundle(resources, items=complete)
    review(resources, "bundles", state, "twilio-rejected")
    return refreshed(resources, TOKEN, state)


def submissions(resources: Resources) -> int:
    return sum("Status" in (body or {}) for body in resources.sent("POST"))


def test_what_is_complete_is_submitted_and_pending_with_the_reason(resources: Resources, complete: list[str]) -> None:
    state = bundle(resources, items=complete)
    assert (state.values["status"], state.values["review_status"]) == ("pending", "pending-review")
    assert state.values["approved"] is False
    assert state.values["reasons"][0].startswith("a person at Twilio reviews it -> wait")
    assert resources.changed(TOKEN, state, {**INPUTS, "items": complete}) == ["status"]
    assert refreshed(resources, TOKEN, state) == state


def test_its_status_is_sent_alone(resources: Resources, complete: list[str]) -> None:
    bundle(resources, items=complete)
    assert [body for body in resources.sent("POST") if "Status" in (body or {})] == [{"Status": "pending-review"}]


def test_waiting_sends_nothing_again(resources: Resources, complete: list[str]) -> None:
    state = bundle(resources, items=complete)
    sent = len(resources.sent("POST"))
    assert resources.update(TOKEN, state, {**INPUTS, "items": complete}) == state
    assert len(resources.sent("POST")) == sent


def test_what_is_approved_is_done(resources: Resources, complete: list[str]) -> None:
    state = bundle(resources, items=complete)
    review(resources, "bundles", state, "twilio-approved")
    done = resources.update(TOKEN, state, {**INPUTS, "items": complete})
    assert (done.values["status"], done.values["approved"], done.values["reasons"]) == ("approved", True, [])
    assert resources.changed(TOKEN, done, {**INPUTS, "items": complete}) == []
    assert refreshed(resources, TOKEN, done) == done


def test_a_provisional_approval_is_waited_out(resources: Resources, complete: list[str]) -> None:
    state = bundle(resources, items=complete)
    review(resources, "bundles", state, "provisionally-approved")
    found = refreshed(resources, TOKEN, state)
    assert (found.values["status"], found.values["approved"]) == ("pending", False)
    assert "provisionally" in found.values["reasons"][0]


def test_what_is_missing_is_named_field_by_field_and_nothing_is_submitted(resources: Resources) -> None:
    end_user = resources.create(END_USER, attributes=NAME)
    state = bundle(resources, items=[end_user.id])
    assert (state.values["status"], state.values["review_status"]) == ("pending", "draft")
    reasons = state.values["reasons"]
    assert [reason.partition(":")[0] for reason in reasons] == [
        "Business, Business Registration Number",
        "Business Name",
        "Business Name, Business Name",
        "Address",
        "Address, Address Sids",
    ]
    assert reasons[0].endswith(" -> set business_registration_number in the attributes of the item of type business")
    assert reasons[3].endswith(" -> have one of type address among the items")
    assert submissions(resources) == 0
    assert refreshed(resources, TOKEN, state) == state


def test_what_was_missing_is_looked_at_again_by_the_next_up(resources: Resources, complete: list[str]) -> None:
    end_user = complete[0]
    resources.emulator.state.alter("twilio", "end_users", end_user, attributes={})
    state = bundle(resources, items=complete)
    assert len(state.values["reasons"]) == 2
    resources.emulator.state.alter(
        "twilio", "end_users", end_user, attributes={**NAME, "business_registration_number": "123"}
    )
    assert resources.update(TOKEN, state, {**INPUTS, "items": complete}).values["review_status"] == "pending-review"


def test_an_address_that_is_gone_is_missing(resources: Resources, complete: list[str]) -> None:
    resources.emulator.state.collection("twilio", "addresses").clear()
    (reason,) = bundle(resources, items=complete).values["reasons"]
    assert reason.startswith("Address, Address Sids: ")


def test_a_draft_that_is_not_to_be_submitted_says_what_it_lacks_and_is_left_alone(
    resources: Resources, complete: list[str]
) -> None:
    inputs = {**INPUTS, "items": complete, "submit": False}
    state = bundle(resources, items=complete, submit=False)
    assert (state.values["status"], submissions(resources)) == ("draft", 0)
    assert state.values["reasons"][0].endswith("-> set `submit` once it may be reviewed")
    assert resources.changed(TOKEN, state, inputs) == []
    assert resources.update(TOKEN, state, {**inputs, "submit": True}).values["status"] == "pending"


def test_items_are_added_and_removed_and_what_is_there_stays(resources: Resources, complete: list[str]) -> None:
    inputs = {**INPUTS, "submit": False}
    state = bundle(resources, items=complete[:2], submit=False)
    sent = len(resources.sent("POST", "/ItemAssignments"))
    updated = resources.update(TOKEN, state, {**inputs, "items": complete[1:]})
    assert assigned(resources, "bundles", updated) == set(complete[1:])
    assert len(resources.sent("POST", "/ItemAssignments")) == sent + 1


def test_an_item_that_somebody_added_is_drift_and_is_removed(resources: Resources, complete: list[str]) -> None:
    inputs = {**INPUTS, "items": complete[:1], "submit": False}
    state = bundle(resources, **inputs)
    row = resources.emulator.state.collection("twilio", "bundles")[state.id]
    key = sid("BV", "by hand")
    row["assignments"][key] = {"sid": key, "object_sid": complete[1], "date_created": "2026-01-01T00:00:00Z"}
    found = refreshed(resources, TOKEN, state)
    assert resources.changed(TOKEN, found, inputs) == ["items"]
    resources.update(TOKEN, found, inputs)
    assert assigned(resources, "bundles", state) == set(complete[:1])


def test_the_order_of_items_means_nothing(resources: Resources, complete: list[str]) -> None:
    state = bundle(resources, items=complete, submit=False)
    assert resources.changed(TOKEN, state, {**INPUTS, "items": complete[::-1], "submit": False}) == []


@pytest.mark.parametrize(
    ("status", "do"),
    [
        ("pending-review", "run the same command again after the review"),
        ("in-review", "run the same command again after the review"),
        ("twilio-approved", "declare another one beside it"),
    ],
)
def test_items_that_cannot_change_are_refused_with_what_to_do(
    resources: Resources, complete: list[str], status: str, do: str
) -> None:
    state = bundle(resources, items=complete)
    review(resources, "bundles", state, status)
    with pytest.raises(EngageError, match=f"its status is {status} -> change them back, or {do}"):
        resources.update(TOKEN, state, {**INPUTS, "items": complete[:2]})
    assert assigned(resources, "bundles", state) == set(complete)


def test_its_e_mail_address_changes_in_review_without_another_submission(
    resources: Resources, complete: list[str]
) -> None:
    state = bundle(resources, items=complete)
    updated = resources.update(TOKEN, state, {**INPUTS, "items": complete, "email": "other@example.com"})
    assert updated.values["email"] == "other@example.com"
    assert submissions(resources) == 1


def test_a_rejection_says_why_and_what_to_do_and_is_not_pending(resources: Resources, complete: list[str]) -> None:
    state = bundle(resources, items=complete)
    resources.emulator.state.alter(
        "twilio",
        "supporting_documents",
        complete[1],
        status="rejected",
        failure_reason="Some failure reason.",
        errors=[{"code": 18001}],
    )
    review(resources, "bundles", state, "twilio-rejected")
    found = refreshed(resources, TOKEN, state)
    assert found.values["status"] == "rejected"
    assert found.values["reasons"] == [
        f"document {complete[1]}: Some failure reason.",
        f"document {complete[1]}: Twilio's error 18001 -> see https://www.twilio.com/docs/errors/18001",
        "Twilio has rejected it, and written why to `email` -> correct that in the items, then raise `generation` to"
        " have it reviewed again",
    ]
    assert resources.changed(TOKEN, found, {**INPUTS, "items": complete}) == []


def test_a_rejection_that_the_next_up_finds_is_not_submitted_again(resources: Resources, complete: list[str]) -> None:
    state = bundle(resources, items=complete)
    review(resources, "bundles", state, "twilio-rejected")
    updated = resources.update(TOKEN, state, {**INPUTS, "items": complete})
    assert (updated.values["status"], submissions(resources)) == ("rejected", 1)


@pytest.mark.parametrize(("change", "times"), [({"email": "other@example.com"}, 1), ({"generation": 2}, 2)])
def test_a_rejected_one_is_submitted_again_when_that_is_asked_for_alone(
    resources: Resources, complete: list[str], change: dict[str, Any], times: int
) -> None:
    state = rejected(resources, complete)
    updated = resources.update(TOKEN, state, {**INPUTS, "items": complete, **change})
    assert submissions(resources) == times
    assert updated.values["status"] == ("pending" if times == 2 else "rejected")


def test_a_rejected_one_is_submitted_again_with_other_items(resources: Resources, complete: list[str]) -> None:
    state = rejected(resources, complete)
    other = resources.create(DOCUMENT, type="utility_bill", attributes=NAME, marker="acme/other")
    items = [complete[0], other.id, complete[2]]
    updated = resources.update(TOKEN, state, {**INPUTS, "items": items})
    assert (updated.values["review_status"], submissions(resources)) == ("pending-review", 2)
    assert updated.values["reasons"][0].startswith("a person at Twilio reviews it")


def test_a_correction_that_is_incomplete_is_pending_until_it_is_complete(
    resources: Resources, complete: list[str]
) -> None:
    state = rejected(resources, complete)
    end_user = resources.emulator.state.collection("twilio", "end_users")[complete[0]]
    attributes = end_user["attributes"]
    end_user["attributes"] = NAME
    inputs = {**INPUTS, "items": complete, "generation": 2}
    tried = resources.update(TOKEN, state, inputs)
    assert (tried.values["status"], tried.values["review_status"]) == ("pending", "twilio-rejected")
    assert tried.values["reasons"][0].startswith("Business, Business Registration Number")
    assert refreshed(resources, TOKEN, tried) == tried
    end_user["attributes"] = attributes
    assert resources.update(TOKEN, tried, inputs).values["review_status"] == "pending-review"
    assert submissions(resources) == 2


def test_a_correction_that_is_withdrawn_is_a_rejection_again(resources: Resources, complete: list[str]) -> None:
    state = rejected(resources, complete)
    resources.emulator.state.alter("twilio", "end_users", complete[0], attributes={})
    tried = resources.update(TOKEN, state, {**INPUTS, "items": complete, "generation": 2})
    held = resources.update(TOKEN, tried, {**INPUTS, "items": complete, "generation": 2, "submit": False})
    assert held.values["status"] == "rejected"
    assert held.values["reasons"][-1].startswith("Twilio has rejected it")


def test_a_document_that_is_gone_does_not_make_the_bundle_look_gone(resources: Resources, complete: list[str]) -> None:
    state = rejected(resources, complete)
    resources.emulator.state.remove("twilio", "supporting_documents", complete[1])
    assert refreshed(resources, TOKEN, state).values["status"] == "rejected"


def test_a_test_bundle_is_rejected_at_once(resources: Resources, complete: list[str]) -> None:
    state = bundle(resources, items=complete, is_test=True)
    assert (state.values["status"], state.values["review_status"]) == ("rejected", "twilio-rejected")


def test_an_approval_that_ends_is_warned_of(resources: Resources, complete: list[str]) -> None:
    state = bundle(resources, items=complete)
    review(resources, "bundles", state, "twilio-approved", valid_until="2027-01-31T00:00:00Z")
    found = refreshed(resources, TOKEN, state)
    assert found.values["valid_until"] == "2027-01-31T00:00:00Z"
    (warning,) = found.values["warnings"]
    assert warning.startswith("is rejected after 2027-01-31T00:00:00Z -> bring its information up to date")


def test_what_was_kept_is_found_again_approved_and_nothing_is_sent(resources: Resources, complete: list[str]) -> None:
    kept = bundle(resources, items=complete)
    review(resources, "bundles", kept, "twilio-approved")
    sent = len(resources.sent("POST"))
    again = bundle(resources, items=complete)
    assert (again.id, again.values["status"]) == (kept.id, "approved")
    assert len(resources.sent("POST")) == sent
    assert refreshed(resources, TOKEN, again) == again


def test_a_kept_rejected_one_is_found_again_and_not_submitted(resources: Resources, complete: list[str]) -> None:
    kept = rejected(resources, complete)
    again = bundle(resources, items=complete)
    assert (again.id, again.values["status"], submissions(resources)) == (kept.id, "rejected", 1)


@pytest.mark.parametrize("path", ["/ItemAssignments", "/Evaluations", "/BU"])
def test_a_reply_that_is_lost_on_the_way_is_made_good_by_the_next_run(
    resources: Resources, complete: list[str], path: str
) -> None:
    resources.emulator.fault(method="POST", path=path, drop="after")
    try:
        state = bundle(resources, items=complete)
    except Ambiguous:
        state = bundle(resources, items=complete)
    assert state.values["review_status"] == "pending-review"
    assert assigned(resources, "bundles", state) == set(complete)
    assert len(resources.emulator.state.collection("twilio", "bundles")) == 1
    assert submissions(resources) == 1


def test_one_of_another_regulation_is_adopted_by_none(resources: Resources, complete: list[str]) -> None:
    theirs = bundle(resources, items=complete, submit=False, marker="made/by/hand")
    sids = dict.fromkeys(("iso_country", "number_type", "end_user_type"))
    with pytest.raises(OwnershipError, match="regulation_sid cannot be changed"):
        bundle(resources, adopt=theirs.id, regulation_sid=sid("RN", "AU", "local", "business"), **sids)


def test_an_adopted_one_is_brought_to_its_items(resources: Resources, complete: list[str]) -> None:
    theirs = bundle(resources, items=complete[:1], submit=False, marker="made/by/hand")
    adopted = bundle(resources, items=complete, adopt=theirs.id)
    assert (adopted.id, adopted.values["review_status"]) == (theirs.id, "pending-review")
    assert assigned(resources, "bundles", adopted) == set(complete)


def test_one_that_a_number_needs_is_not_deleted_and_the_message_says_why(
    resources: Resources, complete: list[str]
) -> None:
    state = bundle(resources, items=complete)
    review(resources, "bundles", state, "twilio-approved")
    numbers = resources.emulator.state.collection("twilio", "incoming_phone_numbers")
    numbers[sid("PN", 1)] = {"sid": sid("PN", 1), "bundle_sid": state.id}
    with pytest.raises(VendorError, match=r"21648.* -> a number needs the bundle: release that, or give it another"):
        resources.delete(TOKEN, state)
    numbers.clear()
    resources.delete(TOKEN, state)
    assert resources.read(TOKEN, state) is None


def test_an_item_of_nobody_is_refused_and_the_message_says_what_to_do(resources: Resources) -> None:
    with pytest.raises(VendorError, match=r"22205.* -> items must be SIDs of end users and documents"):
        bundle(resources, items=[sid("RD", "nobody's")])


def test_a_country_without_a_regulation_is_refused_and_the_message_says_what_to_do(
    resources: Resources, complete: list[str]
) -> None:
    with pytest.raises(VendorError, match=r"22200.* -> no regulation is for this country"):
        bundle(resources, items=complete, iso_country="US")


def test_an_update_of_one_that_is_gone_fails(resources: Resources, complete: list[str]) -> None:
    state = bundle(resources, items=complete)
    resources.emulator.state.remove("twilio", "bundles", state.id)
    with pytest.raises(NotFound):
        resources.update(TOKEN, state, {**INPUTS, "items": complete})


@pytest.mark.parametrize(
    ("inputs", "says"),
    [
        ({"number_type": None}, "regulation_sid: set either this, or all of iso_country"),
        ({"regulation_sid": sid("RN", 1)}, "regulation_sid: set either this, or all of iso_country"),
        ({"items": [sid("AD", 1)]}, "items[0]: an address is no item -> name it in `address_sids`"),
        ({"items": ["IT1"]}, "items[0]: string should match pattern"),
        ({"items": [sid("IT", 1), sid("IT", 1)]}, "items: has the same SID twice -> name each once"),
        ({"email": "legal"}, "email: is no e-mail address"),
        ({"iso_country": "fr"}, "iso_country: string should match pattern"),
        ({"number_type": "toll free"}, "number_type: input should be 'local'"),
        ({"generation": 0}, "generation: input should be greater than or equal to 1"),
        ({"friendly_name": "x" * 50}, "friendly_name: string should have at most 49 characters"),
    ],
)
def test_bad_input_is_refused_before_any_call(inputs: dict[str, object], says: str) -> None:
    (failure,) = find(TOKEN).lifecycle.check({}, {**INPUTS, "marker": MARKER, **inputs}).failures
    assert failure.startswith(says)
