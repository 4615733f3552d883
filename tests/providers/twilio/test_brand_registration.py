"""A brand is known by its profiles, made once, and submitted again only when somebody says so."""

from __future__ import annotations

from typing import Any

import pytest

from providers.declaration import find
from providers.errors import Ambiguous, OwnershipError, VendorError
from providers.lifecycle import State
from providers.twilio import brand_registration
from providers.twilio.client import Twilio
from tests.providers.cases import CASES
from tests.providers.conftest import Resources
from tests.support import twilio_registration as given

TOKEN = "twilio:BrandRegistration"
INPUTS = CASES[TOKEN].inputs
PATH = "/v1/a2p/BrandRegistrations"
WRONG = {
    "error_code": 30701,
    "description": "Invalid State",
    "fields": ["REGION"],
    "url": "https://www.twilio.com/docs/api/errors/30701",
}


@pytest.fixture(autouse=True)
def _needs(resources: Resources) -> None:
    resources.make_needs(TOKEN)


def brands(resources: Resources) -> dict[str, dict[str, Any]]:
    return resources.emulator.state.collection("twilio", "brand_registrations")


def client(resources: Resources) -> Twilio:
    twilio = resources.client(TOKEN)
    assert isinstance(twilio, Twilio)
    return twilio


def reread(resources: Resources, state: State) -> State:
    found = resources.read(TOKEN, state)
    assert found is not None
    return found


def failed(resources: Resources, **more: Any) -> State:
    given.decide(resources.emulator, "brand_registrations", status="FAILED", errors=[WRONG], **more)
    return resources.create(TOKEN)


@pytest.mark.parametrize("status", ["draft", "pending-review", "in-review", "twilio-rejected"])
@pytest.mark.parametrize(
    ("collection", "sid", "field"),
    [
        ("customer_profiles", given.CUSTOMER_PROFILE, "customer_profile_bundle_sid"),
        ("trust_products", given.TRUST_PRODUCT, "a2p_profile_bundle_sid"),
    ],
)
def test_until_both_profiles_are_approved_nothing_is_sent(
    resources: Resources, collection: str, sid: str, field: str, status: str
) -> None:
    resources.emulator.state.alter("twilio", collection, sid, status=status)
    state = resources.create(TOKEN)
    assert (state.id, state.values["status"], state.values["sid"]) == (given.BRAND_ID, "pending", None)
    (reason,) = state.values["reasons"]
    assert reason.startswith(f"{field}: Twilio says {status} of this profile -> ")
    assert resources.sent("POST") == []
    assert resources.changed(TOKEN, state, INPUTS) == ["status"]
    assert resources.read(TOKEN, state) == state
    resources.emulator.state.alter("twilio", collection, sid, status="twilio-approved")
    done = resources.update(TOKEN, state, INPUTS)
    assert (done.values["status"], done.values["reasons"]) == ("approved", [])
    assert done.values["sid"] in brands(resources)


def test_what_is_sent_is_what_twilio_calls_it(resources: Resources) -> None:
    resources.create(TOKEN, skip_automatic_sec_vet=True)
    assert resources.sent("POST") == [
        {
            "CustomerProfileBundleSid": given.CUSTOMER_PROFILE,
            "A2PProfileBundleSid": given.TRUST_PRODUCT,
            "BrandType": "STANDARD",
            "Mock": "false",
            "SkipAutomaticSecVet": "true",
        }
    ]


@pytest.mark.parametrize(
    ("wire", "reply"),
    [
        ("A2PProfileBundleSid", "a2p_profile_bundle_sid"),
        ("UsAppToPersonUsecase", "us_app_to_person_usecase"),
        ("BusinessStreetAddress2", "business_street_address2"),
        ("Usecase", "usecase"),
    ],
)
def test_a_name_in_replies_comes_from_the_one_in_requests(resources: Resources, wire: str, reply: str) -> None:
    assert client(resources).reply_name(wire) == reply


@pytest.mark.parametrize("status", ["PENDING", "IN_REVIEW"])
def test_while_it_is_reviewed_it_is_pending_and_every_up_only_looks(resources: Resources, status: str) -> None:
    given.decide(resources.emulator, "brand_registrations", status=status)
    state = resources.create(TOKEN)
    assert (state.values["status"], state.values["brand_status"]) == ("pending", status)
    assert all(" -> " in reason for reason in state.values["reasons"])
    assert resources.update(TOKEN, state, INPUTS) == state
    assert reread(resources, state) == state
    resources.emulator.state.alter("twilio", "brand_registrations", state.values["sid"], status="APPROVED")
    done = resources.update(TOKEN, state, INPUTS)
    assert (done.values["status"], done.values["brand_status"], done.values["reasons"]) == ("approved", "APPROVED", [])
    assert resources.changed(TOKEN, done, INPUTS) == []
    assert len(resources.sent("POST")) == 1


def test_a_brand_under_review_stays_made_when_a_profile_is_approved_no_more(resources: Resources) -> None:
    given.decide(resources.emulator, "brand_registrations")
    state = resources.create(TOKEN)
    resources.emulator.state.alter("twilio", "trust_products", given.TRUST_PRODUCT, status="in-review")
    assert resources.update(TOKEN, state, INPUTS) == state


def test_what_failed_says_why_and_what_to_do(resources: Resources) -> None:
    state = failed(resources)
    assert (state.values["status"], state.values["edit_allowed"]) == ("rejected", True)
    (reason,) = state.values["reasons"]
    assert reason.startswith(
        "Invalid State (REGION) [https://www.twilio.com/docs/errors/30701] -> correct the customer"
    )
    assert "raise `generation`" in reason
    assert state.values["warnings"] == [reason], "so that whoever runs `up` or `refresh` sees it"
    assert resources.changed(TOKEN, state, INPUTS) == []


def test_what_failed_is_submitted_again_once_for_each_generation_and_never_by_itself(resources: Resources) -> None:
    state = failed(resources)
    again = f"{PATH}/{state.values['sid']}"
    assert resources.update(TOKEN, state, INPUTS).values["status"] == "rejected"
    resources.create(TOKEN)
    assert resources.sent("POST", again) == []
    given.decide(resources.emulator, "brand_registrations", status="PENDING")
    raised = {**INPUTS, "generation": 2}
    pending = resources.update(TOKEN, state, raised)
    assert (pending.values["status"], pending.values["generation"]) == ("pending", 2)
    assert resources.changed(TOKEN, pending, raised) == ["status"]
    resources.update(TOKEN, pending, raised)
    assert len(resources.sent("POST", again)) == 1


@pytest.mark.parametrize("status", ["PENDING", "APPROVED"])
def test_a_generation_that_is_raised_in_another_status_submits_nothing(resources: Resources, status: str) -> None:
    given.decide(resources.emulator, "brand_registrations", status=status)
    state = resources.create(TOKEN)
    updated = resources.update(TOKEN, state, {**INPUTS, "generation": 2})
    assert updated.values["generation"] == 2
    assert len(resources.sent("POST")) == 1


def test_twilio_takes_three_resubmissions_and_the_message_says_whom_to_ask(resources: Resources) -> None:
    state = failed(resources)
    for generation in (2, 3, 4):
        state = resources.update(TOKEN, state, {**INPUTS, "generation": generation})
    with pytest.raises(VendorError, match=r"21724.* -> it was resubmitted as often as it may be"):
        resources.update(TOKEN, state, {**INPUTS, "generation": 5})


def test_a_resubmission_whose_reply_was_lost_is_not_sent_twice(resources: Resources) -> None:
    state = failed(resources)
    given.decide(resources.emulator, "brand_registrations", status="PENDING")
    raised = {**INPUTS, "generation": 2}
    resources.emulator.fault(method="POST", drop="after")
    with pytest.raises(Ambiguous):
        resources.update(TOKEN, state, raised)
    pending = resources.update(TOKEN, state, raised)
    assert (pending.values["status"], pending.values["generation"]) == ("pending", 2)
    assert brands(resources)[state.values["sid"]]["updates"] == 1


def test_what_the_registry_never_had_cannot_be_resubmitted_and_the_reason_says_so(resources: Resources) -> None:
    state = failed(resources, tcr_id=None)
    assert state.values["edit_allowed"] is False
    assert "delete the brand at https://console.twilio.com" in state.values["reasons"][0]
    resources.update(TOKEN, state, {**INPUTS, "generation": 2})
    assert len(resources.sent("POST")) == 1


@pytest.mark.parametrize(
    ("status", "says"),
    [
        ("SUSPENDED", "ask Twilio's support"),
        ("DELETION_PENDING", "run `pulumi refresh`"),
        ("DELETION_FAILED", "support"),
    ],
)
def test_other_statuses_say_what_to_do_and_make_no_second_brand(resources: Resources, status: str, says: str) -> None:
    state = resources.create(TOKEN)
    resources.emulator.state.alter("twilio", "brand_registrations", state.values["sid"], status=status)
    found = reread(resources, state)
    assert found.values["status"] != "approved"
    assert says in found.values["reasons"][0]
    resources.create(TOKEN)
    assert len(brands(resources)) == 1


def test_a_sole_proprietor_who_has_not_answered_the_text_message_is_pending(resources: Resources) -> None:
    given.decide(resources.emulator, "brand_registrations", status="APPROVED", identity_status="UNVERIFIED")
    inputs = {**INPUTS, "brand_type": "SOLE_PROPRIETOR"}
    state = resources.create(TOKEN, **inputs)
    assert state.values["status"] == "pending"
    assert "text message" in state.values["reasons"][0]
    resources.emulator.state.alter(
        "twilio", "brand_registrations", state.values["sid"], identity_status="SELF_DECLARED"
    )
    assert resources.update(TOKEN, state, inputs).values["status"] == "approved"


def test_to_a_mock_sole_proprietor_no_text_message_is_sent(resources: Resources) -> None:
    given.decide(resources.emulator, "brand_registrations", status="APPROVED", identity_status="UNVERIFIED")
    assert resources.create(TOKEN, brand_type="SOLE_PROPRIETOR", mock=True).values["status"] == "approved"


def test_a_lost_reply_registers_no_second_brand(resources: Resources) -> None:
    resources.emulator.fault(method="POST", drop="after")
    state = resources.create(TOKEN)
    assert [state.values["sid"]] == list(brands(resources))
    assert resources.create(TOKEN) == state
    assert len(resources.sent("POST")) == 1


def test_a_lost_request_is_not_sent_again_by_itself(resources: Resources) -> None:
    resources.emulator.fault(method="POST", drop="before")
    with pytest.raises(Ambiguous):
        resources.create(TOKEN)
    assert brands(resources) == {}


def test_one_of_the_same_profiles_and_another_type_is_not_taken(resources: Resources) -> None:
    resources.create(TOKEN)
    with pytest.raises(OwnershipError, match=r"its brand_type, mock cannot be changed .* -> ask for what it has"):
        resources.create(TOKEN, brand_type="SOLE_PROPRIETOR", mock=True)
    assert len(brands(resources)) == 1


def test_of_several_of_the_same_profiles_the_furthest_counts(resources: Resources) -> None:
    first = resources.create(TOKEN)
    row = brands(resources)[first.values["sid"]]
    other = "BN" + "0" * 32
    brands(resources)[other] = {**row, "sid": other}
    row["status"] = "FAILED"
    assert brand_registration.sid_of(client(resources), given.BRAND_ID) == other
    assert reread(resources, first).values["brand_status"] == "FAILED", "the one that was made stays this one"


def test_its_sid_is_found_by_its_id_or_is_given(resources: Resources) -> None:
    assert brand_registration.sid_of(client(resources), given.BRAND_ID) is None
    sid = resources.create(TOKEN).values["sid"]
    assert brand_registration.sid_of(client(resources), given.BRAND_ID) == sid
    assert brand_registration.sid_of(client(resources), sid) == sid


def test_it_can_be_looked_up_by_its_sid_too(resources: Resources) -> None:
    state = resources.create(TOKEN)
    found = resources.look_up(TOKEN, state.values["sid"])
    assert found is not None
    assert found.values["a2p_profile_bundle_sid"] == given.TRUST_PRODUCT
    assert resources.look_up(TOKEN, "BN" + "0" * 32) is None


def test_deleting_it_says_that_twilio_keeps_it(resources: Resources) -> None:
    state = resources.create(TOKEN)
    (warning,) = resources.delete(TOKEN, state)
    assert "Twilio has no API that deletes a brand" in warning
    assert set(brands(resources)) == {state.values["sid"]}


def test_one_that_was_deleted_in_the_console_is_gone_and_not_registered_again_unasked(resources: Resources) -> None:
    given.decide(resources.emulator, "brand_registrations")
    state = resources.create(TOKEN)
    brands(resources).clear()
    assert resources.read(TOKEN, state) is None
    with pytest.raises(VendorError):
        resources.update(TOKEN, state, INPUTS)
    assert brands(resources) == {}


def test_another_registration_takes_a_word_of_its_own(resources: Resources) -> None:
    state = resources.create(TOKEN)
    lifecycle = find(TOKEN).lifecycle
    for field, value in CASES[TOKEN].replacements.items():
        (failure,) = lifecycle.check(state.values, {**INPUTS, field: value}).failures
        assert failure.startswith(f"{field}: cannot change on an existing BrandRegistration")
        allowed = {**INPUTS, field: value, "allow_replacement": True}
        assert lifecycle.diff(state.values, lifecycle.check(state.values, allowed).inputs).replaces == [field]


@pytest.mark.parametrize(
    ("inputs", "says"),
    [
        ({"customer_profile_bundle_sid": "BU1"}, "customer_profile_bundle_sid: string should match pattern"),
        ({"a2p_profile_bundle_sid": None}, "a2p_profile_bundle_sid: is required"),
        ({"brand_type": "STARTER"}, "brand_type: input should be 'STANDARD' or 'SOLE_PROPRIETOR'"),
        ({"generation": 0}, "generation: input should be greater"),
    ],
)
def test_bad_input_is_refused_before_any_call(inputs: dict[str, object], says: str) -> None:
    (failure,) = find(TOKEN).lifecycle.check({}, {**INPUTS, **inputs}).failures
    assert failure.startswith(says)
