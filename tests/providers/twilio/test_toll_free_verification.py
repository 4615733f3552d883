"""A verification is found by the owner's tag, waits for its number and for reviewers, and keeps its contact secret."""

from __future__ import annotations

from typing import Any

import pytest

from providers.client import BaseClient
from providers.declaration import find, tag
from providers.errors import Ambiguous, EngageError, OwnershipError
from providers.lifecycle import State
from tests.providers.cases import CASES, MARKER
from tests.providers.conftest import Resources
from tests.support import twilio_registration as given

TOKEN = "twilio:TollFreeVerification"
INPUTS = CASES[TOKEN].inputs
PATH = "/v1/Tollfree/Verifications"
PENDING_NUMBER = tag("acme/twilio-engage/test/number")


@pytest.fixture(autouse=True)
def _needs(resources: Resources) -> None:
    resources.make_needs(TOKEN)


def rows(resources: Resources) -> dict[str, dict[str, Any]]:
    return resources.emulator.state.collection("twilio", "tollfree_verifications")


def reread(resources: Resources, state: State) -> State:
    found = resources.read(TOKEN, state)
    assert found is not None
    return found


def reviewed(resources: Resources, **verdict: Any) -> State:
    given.decide(resources.emulator, "tollfree_verifications", **verdict)
    return resources.create(TOKEN)


def rejected(resources: Resources, **more: Any) -> State:
    state = resources.create(TOKEN)
    given.reject_verification(resources.emulator, **more)
    return reread(resources, state)


def test_what_is_sent_bears_the_owners_tag_and_the_numbers_sid(resources: Resources) -> None:
    state = resources.create(TOKEN, use_case_categories=["MARKETING", "EVENTS"], customer_profile_sid="BU" + "0" * 32)
    (sent,) = resources.sent("POST", PATH)
    assert sent["ExternalReferenceId"] == tag(MARKER)
    assert (sent["TollfreePhoneNumberSid"], sent["CustomerProfileSid"]) == (given.NUMBER, "BU" + "0" * 32)
    assert rows(resources)[state.values["sid"]]["use_case_categories"] == ["MARKETING", "EVENTS"]


def test_until_its_number_is_bought_nothing_is_sent(resources: Resources, monkeypatch: pytest.MonkeyPatch) -> None:
    bought: dict[str, str] = {}

    def sid_of(_: BaseClient, id_: str) -> str | None:
        return bought.get(id_)

    monkeypatch.setattr("providers.twilio.phone_number.sid_of", sid_of)
    inputs = {**INPUTS, "phone_number_sid": PENDING_NUMBER}
    before = len(resources.emulator.requests)
    state = resources.create(TOKEN, **inputs)
    assert (state.values["status"], state.values["sid"]) == ("pending", None)
    assert state.values["reasons"] == [
        "its number is not bought yet -> see the reasons of the PhoneNumber, and run `up` again"
    ]
    assert resources.read(TOKEN, state) == state
    resources.delete(TOKEN, state)
    assert len(resources.emulator.requests) == before
    bought[PENDING_NUMBER] = given.NUMBER
    done = resources.update(TOKEN, state, inputs)
    assert (done.id, done.values["status"]) == (state.id, "approved")
    assert rows(resources)[done.values["sid"]]["tollfree_phone_number_sid"] == given.NUMBER


@pytest.mark.parametrize("status", ["PENDING_REVIEW", "IN_REVIEW"])
def test_while_it_is_reviewed_it_is_pending_and_every_up_only_looks(resources: Resources, status: str) -> None:
    state = reviewed(resources, status=status)
    assert (state.values["status"], state.values["verification_status"]) == ("pending", status)
    assert state.values["edit_allowed"] is False
    assert resources.update(TOKEN, state, INPUTS) == state
    resources.emulator.state.alter("twilio", "tollfree_verifications", state.values["sid"], status="TWILIO_APPROVED")
    done = resources.update(TOKEN, state, INPUTS)
    assert (done.values["status"], done.values["reasons"]) == ("approved", [])
    assert len(resources.sent("POST")) == 1


def test_a_rejected_one_says_why_and_what_can_be_corrected_until_when(resources: Resources) -> None:
    state = rejected(resources)
    assert (state.values["status"], state.values["edit_allowed"]) == ("rejected", True)
    assert state.values["edit_expiration"] == "2026-12-01T00:00:00Z"
    (reason,) = state.values["reasons"]
    assert reason.startswith(
        "Opt-in not sufficient: Language Unclear [https://www.twilio.com/docs/errors/30841] -> correct until"
        " 2026-12-01T00:00:00Z,"
    )
    assert resources.changed(TOKEN, state, INPUTS) == []
    assert resources.update(TOKEN, state, INPUTS) == state, "without a change, nothing is submitted again"


def test_a_rejected_one_is_corrected_by_changing_it(resources: Resources) -> None:
    state = rejected(resources)
    given.decide(resources.emulator, "tollfree_verifications")
    updated = resources.update(TOKEN, state, {**INPUTS, "opt_in_type": "VIA_TEXT", "edit_reason": "Other opt-in"})
    assert (updated.values["status"], updated.values["edit_expiration"]) == ("pending", None)
    (sent,) = resources.sent("POST", state.values["sid"])
    assert (sent["OptInType"], sent["EditReason"]) == ("VIA_TEXT", "Other opt-in")
    assert not {"TollfreePhoneNumberSid", "ExternalReferenceId", "CustomerProfileSid"} & sent.keys()


def test_what_was_mended_elsewhere_is_submitted_again_by_a_reason_alone(resources: Resources) -> None:
    state = rejected(resources)
    given.decide(resources.emulator, "tollfree_verifications")
    updated = resources.update(TOKEN, state, {**INPUTS, "edit_reason": "Website fixed"})
    assert updated.values["status"] == "pending"
    resources.update(TOKEN, updated, {**INPUTS, "edit_reason": "Website fixed"})
    assert len(resources.sent("POST", state.values["sid"])) == 1


def test_a_changed_contact_is_a_correction_too(resources: Resources) -> None:
    state = rejected(resources)
    resources.update(TOKEN, state, {**INPUTS, "business_contact_email": "john@example.com"})
    assert rows(resources)[state.values["sid"]]["business_contact_email"] == "john@example.com"


def test_a_correction_whose_reply_was_lost_is_not_submitted_twice(resources: Resources) -> None:
    state = rejected(resources)
    given.decide(resources.emulator, "tollfree_verifications")
    inputs = {**INPUTS, "business_name": "Example Ltd."}
    resources.emulator.fault(method="POST", drop="after")
    with pytest.raises(Ambiguous):
        resources.update(TOKEN, state, inputs)
    pending = resources.update(TOKEN, state, inputs)
    assert (pending.values["status"], pending.values["business_name"]) == ("pending", "Example Ltd.")
    assert len(resources.sent("POST", state.values["sid"])) == 1


def test_one_that_cannot_be_corrected_says_how_to_begin_anew(resources: Resources) -> None:
    state = rejected(resources, edit_allowed=False, edit_expiration=None)
    assert "it cannot be corrected: delete it at https://console.twilio.com" in state.values["reasons"][0]
    with pytest.raises(
        EngageError, match="business_name: cannot change on a TollFreeVerification that is rejected -> "
    ):
        resources.update(TOKEN, state, {**INPUTS, "business_name": "Example Ltd."})
    assert len(resources.sent("POST")) == 1


def test_a_change_during_the_review_waits_for_its_result(resources: Resources) -> None:
    state = reviewed(resources)
    inputs = {**INPUTS, "business_name": "Example Ltd.", "business_contact_email": "john@example.com"}
    waiting = resources.update(TOKEN, state, inputs)
    assert waiting.values["reasons"][0].startswith(
        "business_name, business_contact_email: not sent, as it is under review"
    )
    assert set(resources.changed(TOKEN, waiting, inputs)) == {"business_name", "business_contact_email", "status"}


def test_an_approved_one_does_not_change_and_the_message_says_what_to_do(resources: Resources) -> None:
    state = resources.create(TOKEN)
    with pytest.raises(
        EngageError, match="business_name: cannot change on a TollFreeVerification that is approved -> "
    ):
        resources.update(TOKEN, state, {**INPUTS, "business_name": "Example Ltd."})


def test_a_lost_reply_submits_no_second_one(resources: Resources) -> None:
    resources.emulator.fault(method="POST", drop="after")
    state = resources.create(TOKEN)
    assert list(rows(resources)) == [state.values["sid"]]
    assert resources.create(TOKEN) == state
    assert len(resources.sent("POST")) == 1


def test_a_lost_request_is_not_sent_again_by_itself(resources: Resources) -> None:
    resources.emulator.fault(method="POST", drop="before")
    with pytest.raises(Ambiguous):
        resources.create(TOKEN)
    assert rows(resources) == {}


def test_somebody_elses_of_the_same_number_is_taken_only_if_it_is_named(resources: Resources) -> None:
    theirs = resources.create(TOKEN, marker="made/by/hand")
    sid = theirs.values["sid"]
    with pytest.raises(OwnershipError, match=f"the number has the verification {sid}, .* -> set adopt to it"):
        resources.create(TOKEN)
    with pytest.raises(OwnershipError, match="adopt: there is no such verification of this number"):
        resources.create(TOKEN, adopt="HH" + "0" * 32)
    adopted = resources.create(TOKEN, adopt=sid)
    assert (adopted.values["sid"], adopted.values["status"]) == (sid, "approved")
    assert resources.read(TOKEN, adopted) == adopted
    assert len(rows(resources)) == 1


def test_it_can_be_looked_up_by_its_sid_without_more(resources: Resources) -> None:
    state = resources.create(TOKEN)
    found = resources.look_up(TOKEN, state.values["sid"])
    assert found is not None
    assert found.values["business_name"] == state.values["business_name"]
    assert resources.look_up(TOKEN, "HH" + "0" * 32) is None
    assert resources.look_up(TOKEN, state.id) is None, "of whom, and of which number?"


def test_another_number_is_another_verification(resources: Resources) -> None:
    state = resources.create(TOKEN)
    news = resources.checked(TOKEN, {**INPUTS, "phone_number_sid": given.OTHER_NUMBER})
    assert find(TOKEN).lifecycle.diff(state.values, news).replaces == ["phone_number_sid"]
    other = resources.create(TOKEN, phone_number_sid=given.OTHER_NUMBER)
    assert (other.id != state.id, len(rows(resources))) == (True, 2)
    resources.delete(TOKEN, state)
    assert list(rows(resources)) == [other.values["sid"]]


def test_what_was_deleted_is_gone_and_deleting_it_again_succeeds(resources: Resources) -> None:
    state = resources.create(TOKEN)
    resources.delete(TOKEN, state)
    assert (rows(resources), resources.read(TOKEN, state)) == ({}, None)
    resources.delete(TOKEN, state)


def test_nothing_of_the_contact_is_in_clear(resources: Resources) -> None:
    secret = {spec.name for spec in find(TOKEN).inputs.values() if spec.secret}
    assert secret >= {
        "business_contact_first_name",
        "business_contact_last_name",
        "business_contact_email",
        "business_contact_phone",
        "notification_email",
    }


@pytest.mark.parametrize(
    ("inputs", "says"),
    [
        ({"phone_number_sid": "+18005550100"}, "phone_number_sid: string should match pattern"),
        ({"business_type": None}, "business_type: is required"),
        ({"business_registration_number": None}, "business_registration_number, business_registration_authority"),
        ({"use_case_categories": ["POLITICAL_ELECTION_CAMPAIGNS"]}, "vetting_id: a political campaign"),
        ({"vetting_provider": "CAMPAIGN_VERIFY"}, "vetting_id: goes with vetting_provider"),
        ({"use_case_categories": []}, "use_case_categories, opt_in_image_urls: each needs one at least"),
        ({"message_volume": "many"}, "message_volume: string should match pattern"),
        ({"business_contact_phone": "555 0100"}, "business_contact_phone: string should match pattern"),
        ({"opt_in_image_urls": ["opt-in.png"]}, "opt_in_image_urls[0]: is no public URL"),
        ({"adopt": "HH1"}, "adopt: string should match pattern"),
    ],
)
def test_bad_input_is_refused_before_any_call(inputs: dict[str, object], says: str) -> None:
    (failure,) = find(TOKEN).lifecycle.check({}, {**INPUTS, "marker": MARKER, **inputs}).failures
    assert failure.startswith(says)


def test_a_sole_proprietor_needs_no_registration() -> None:
    without = dict.fromkeys((name for name in INPUTS if name.startswith("business_registration")), None)
    inputs = {**INPUTS, **without, "marker": MARKER, "business_type": "SOLE_PROPRIETOR"}
    assert find(TOKEN).lifecycle.check({}, inputs).failures == []


@pytest.mark.parametrize("status", ["TWILIO_APPROVED", "IN_REVIEW", "TWILIO_REJECTED"])
def test_a_renamed_resource_is_nothing_to_be_reviewed(resources: Resources, status: str) -> None:
    """As by an alias, or by `pulumi stack rename`."""
    state = reviewed(resources, status=status, edit_allowed=status == "TWILIO_REJECTED")
    renamed = resources.update(TOKEN, state, {**INPUTS, "marker": "acme/twilio-engage/test/renamed"})
    assert len(resources.sent("POST", f"/{state.values['sid']}")) == 0
    assert reread(resources, renamed) == renamed
    assert renamed.values["marker"].endswith("renamed")
