"""A service has one campaign; it waits for its brand, then for the carriers, and only a failed one is corrected."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.made_up import sid
from providers.declaration import find
from providers.errors import Ambiguous, EngageError, NotFound, OwnershipError, VendorError
from providers.lifecycle import State
from tests.providers.cases import CASES
from tests.providers.conftest import Resources
from tests.support import twilio_registration as given

TOKEN = "twilio:Campaign"
BRAND = "twilio:BrandRegistration"
INPUTS = CASES[TOKEN].inputs
PATH = f"/v1/Services/{given.SERVICE}/Compliance/Usa2p"
OTHER = "Another campaign of the Example shop, for those who asked for it."
MESSAGES = {
    "opt_in_message": "Example: you are in. Reply HELP for help, STOP to opt out.",
    "opt_out_message": "Example: you are out, and will get no more messages.",
    "help_message": "Example: see https://example.com/help.",
    "opt_in_keywords": ["START", "JOIN"],
    "opt_out_keywords": ["STOP"],
    "help_keywords": ["HELP"],
    "subscriber_opt_in": True,
}


@pytest.fixture(autouse=True)
def _needs(resources: Resources) -> None:
    resources.make_needs(TOKEN)


def campaigns(resources: Resources) -> dict[str, dict[str, Any]]:
    return resources.emulator.state.collection("twilio", "campaigns")


def brand(resources: Resources) -> dict[str, Any]:
    (row,) = resources.emulator.state.collection("twilio", "brand_registrations").values()
    return row


def reread(resources: Resources, state: State) -> State:
    found = resources.read(TOKEN, state)
    assert found is not None
    return found


def reviewed(resources: Resources, **verdict: Any) -> State:
    given.decide(resources.emulator, "campaigns", **verdict)
    return resources.create(TOKEN)


def test_until_its_brand_is_registered_nothing_is_sent(resources: Resources) -> None:
    resources.emulator.state.collection("twilio", "brand_registrations").clear()
    state = resources.create(TOKEN)
    assert (state.id, state.values["status"], state.values["sid"]) == (given.SERVICE, "pending", None)
    assert state.values["reasons"][0].startswith("its brand is not registered yet -> ")
    assert resources.sent("POST", PATH) == []
    assert resources.changed(TOKEN, state, INPUTS) == ["status"]
    assert resources.read(TOKEN, state) == state
    resources.delete(TOKEN, state)
    resources.create(BRAND)
    done = resources.update(TOKEN, state, INPUTS)
    assert (done.values["status"], done.values["brand_registration_sid"]) == ("approved", brand(resources)["sid"])


@pytest.mark.parametrize("status", ["PENDING", "IN_REVIEW", "FAILED", "SUSPENDED"])
def test_until_its_brand_is_approved_nothing_is_sent(resources: Resources, status: str) -> None:
    brand(resources)["status"] = status
    state = resources.create(TOKEN)
    assert state.values["status"] == "pending"
    assert state.values["reasons"][0].startswith(f"its brand {brand(resources)['sid']} is not approved: ")
    assert resources.sent("POST", PATH) == []
    brand(resources)["status"] = "APPROVED"
    assert resources.update(TOKEN, state, INPUTS).values["status"] == "approved"


def test_all_that_is_given_is_sent_and_reads_back(resources: Resources) -> None:
    state = resources.create(TOKEN, **MESSAGES)
    (sent,) = resources.sent("POST", PATH)
    assert sent["BrandRegistrationSid"] == brand(resources)["sid"]
    assert (sent["UsAppToPersonUsecase"], sent["AgeGated"]) == ("MARKETING", "false")
    assert resources.read(TOKEN, state) == state
    row = campaigns(resources)[given.SERVICE]
    assert {name: row[name] for name in MESSAGES} == MESSAGES
    assert row["message_samples"] == INPUTS["message_samples"]


@pytest.mark.parametrize("status", ["PENDING", "IN_PROGRESS"])
def test_while_it_is_reviewed_it_is_pending_and_every_up_only_looks(resources: Resources, status: str) -> None:
    state = reviewed(resources, campaign_status=status)
    assert (state.values["status"], state.values["campaign_status"]) == ("pending", status)
    assert all(" -> " in reason for reason in state.values["reasons"])
    assert resources.update(TOKEN, state, INPUTS) == state
    resources.emulator.state.alter("twilio", "campaigns", state.id, campaign_status="VERIFIED")
    done = resources.update(TOKEN, state, INPUTS)
    assert (done.values["status"], done.values["reasons"]) == ("approved", [])
    assert len(resources.sent("POST", PATH)) == 1


def test_it_stays_made_when_its_brand_is_approved_no_more(resources: Resources) -> None:
    state = reviewed(resources)
    brand(resources)["status"] = "SUSPENDED"
    assert resources.update(TOKEN, state, INPUTS) == state


def test_a_failed_one_says_why_and_is_corrected_by_changing_it(resources: Resources) -> None:
    state = resources.create(TOKEN)
    given.fail_campaign(resources.emulator, state.id)
    failed = reread(resources, state)
    assert (failed.values["status"], failed.values["edit_allowed"]) == ("rejected", True)
    (reason,) = failed.values["reasons"]
    assert reason.startswith(
        "Invalid Campaign Description (DESCRIPTION) [https://www.twilio.com/docs/errors/30886] -> "
    )
    assert resources.update(TOKEN, failed, INPUTS) == failed, "without a change, nothing is submitted again"
    given.decide(resources.emulator, "campaigns")
    corrected = resources.update(TOKEN, failed, {**INPUTS, "description": OTHER})
    assert (corrected.values["status"], corrected.values["description"]) == ("pending", OTHER)
    (sent,) = resources.sent("POST", corrected.values["sid"])
    assert sent["Description"] == OTHER
    assert not {"BrandRegistrationSid", "UsAppToPersonUsecase"} & sent.keys()


def test_a_correction_whose_reply_was_lost_is_not_submitted_twice(resources: Resources) -> None:
    state = resources.create(TOKEN)
    given.fail_campaign(resources.emulator, state.id)
    given.decide(resources.emulator, "campaigns")
    inputs = {**INPUTS, "description": OTHER}
    resources.emulator.fault(method="POST", drop="after")
    with pytest.raises(Ambiguous):
        resources.update(TOKEN, state, inputs)
    pending = resources.update(TOKEN, state, inputs)
    assert (pending.values["status"], pending.values["description"]) == ("pending", OTHER)
    assert "not sent" not in pending.values["reasons"][0]
    assert len(resources.sent("POST", pending.values["sid"])) == 1


def test_a_change_during_the_review_waits_for_its_result(resources: Resources) -> None:
    state = reviewed(resources)
    inputs = {**INPUTS, "description": OTHER}
    waiting = resources.update(TOKEN, state, inputs)
    assert waiting.values["description"] == INPUTS["description"], (
        "what Twilio has, so that the preview shows the change"
    )
    assert waiting.values["reasons"][0].startswith("description: not sent, as it is under review -> ")
    assert resources.changed(TOKEN, waiting, inputs) == ["description", "status"]
    given.fail_campaign(resources.emulator, state.id)
    given.decide(resources.emulator, "campaigns", campaign_status="VERIFIED")
    done = resources.update(TOKEN, waiting, inputs)
    assert (done.values["status"], done.values["description"]) == ("approved", OTHER)


def test_an_approved_one_does_not_change_and_the_message_says_what_to_do(resources: Resources) -> None:
    state = resources.create(TOKEN)
    with pytest.raises(EngageError, match=r"description: cannot change on a Campaign that is approved -> .*allow_repl"):
        resources.update(TOKEN, state, {**INPUTS, "description": OTHER})
    assert campaigns(resources)[state.id]["description"] == INPUTS["description"]


def test_one_of_high_risk_cannot_be_submitted_again(resources: Resources) -> None:
    state = resources.create(TOKEN)
    given.fail_campaign(resources.emulator, state.id)
    risky = {"error_code": 30885, "description": "High Risk", "fields": []}
    resources.emulator.state.alter("twilio", "campaigns", state.id, errors=[risky])
    failed = reread(resources, state)
    assert failed.values["edit_allowed"] is False
    assert "it cannot be submitted again" in failed.values["reasons"][0]
    with pytest.raises(EngageError, match="description: cannot change on a Campaign that is rejected"):
        resources.update(TOKEN, failed, {**INPUTS, "description": OTHER})


def test_a_suspended_one_says_whom_to_ask(resources: Resources) -> None:
    state = resources.create(TOKEN)
    resources.emulator.state.alter("twilio", "campaigns", state.id, campaign_status="SUSPENDED")
    assert reread(resources, state).values["reasons"] == [
        "Twilio says SUSPENDED -> ask Twilio's support, https://help.twilio.com"
    ]


def test_a_use_case_that_the_brand_may_not_have_is_found_before_it_is_paid_for(resources: Resources) -> None:
    with pytest.raises(EngageError, match=r"use_case: is not among those .* -> set it to one of .*MARKETING"):
        resources.create(TOKEN, use_case="LOTTERY")
    assert resources.sent("POST", PATH) == []


def test_a_use_case_that_does_not_go_with_the_services_says_what_to_change(resources: Resources) -> None:
    resources.emulator.state.alter("twilio", "services", given.SERVICE, usecase="verification")
    with pytest.raises(VendorError, match=r"21719.* -> the use_case of the messaging service and the campaign's"):
        resources.create(TOKEN)


def test_one_that_the_service_has_is_taken_if_brand_and_use_case_are_the_same(resources: Resources) -> None:
    state = resources.create(TOKEN)
    assert resources.create(TOKEN) == state
    assert resources.create(TOKEN, brand=brand(resources)["sid"]).values["status"] == "approved"
    assert len(resources.sent("POST", PATH)) == 1


def test_one_of_another_use_case_or_brand_is_not_taken(resources: Resources) -> None:
    resources.create(TOKEN, use_case="MIXED")
    with pytest.raises(OwnershipError, match=r"has a campaign of another brand or use case, namely BN\w+ and MIXED ->"):
        resources.create(TOKEN)
    assert len(campaigns(resources)) == 1


def test_somebody_elses_is_neither_read_nor_deleted_as_ours(resources: Resources) -> None:
    resources.emulator.state.collection("twilio", "services")[given.SERVICE]["usecase"] = "undeclared"
    brand(resources)["status"] = "PENDING"
    waiting = resources.create(TOKEN)
    brand(resources)["status"] = "APPROVED"
    resources.create(TOKEN, use_case="MIXED")
    assert resources.read(TOKEN, waiting) == waiting
    resources.delete(TOKEN, waiting)
    assert len(campaigns(resources)) == 1


def test_one_that_is_found_with_other_texts_is_not_changed_unless_it_can_be(resources: Resources) -> None:
    resources.create(TOKEN)
    with pytest.raises(EngageError, match="description: cannot change on a Campaign that is approved"):
        resources.create(TOKEN, description=OTHER)
    given.fail_campaign(resources.emulator, given.SERVICE)
    assert resources.create(TOKEN, description=OTHER).values["description"] == OTHER


def test_what_can_only_be_said_at_first_makes_another_one_and_takes_a_word_of_its_own(resources: Resources) -> None:
    state = resources.create(TOKEN)
    lifecycle = find(TOKEN).lifecycle
    changes = {**MESSAGES, "use_case": "MIXED", "brand": "BN" + "0" * 32, "service_sid": sid("MG", 2)}
    for field, value in changes.items():
        also = {name: MESSAGES[name] for name in ("opt_in_message", "opt_in_keywords") if field.startswith("opt_in")}
        failures = lifecycle.check(state.values, {**INPUTS, **also, field: value}).failures
        assert any(failure.startswith(f"{field}: cannot change on an existing Campaign") for failure in failures)
        allowed = lifecycle.check(state.values, {**INPUTS, **also, field: value, "allow_replacement": True})
        assert allowed.failures == []
        assert field in lifecycle.diff(state.values, allowed.inputs).replaces
    assert lifecycle.delete_first


def test_the_brands_sid_in_place_of_its_id_is_no_change(resources: Resources) -> None:
    state = resources.create(TOKEN)
    assert resources.changed(TOKEN, state, {**INPUTS, "brand": brand(resources)["sid"]}) == []


def test_it_is_deleted_and_what_else_the_service_has_is_not(resources: Resources) -> None:
    state = resources.create(TOKEN)
    senders = resources.emulator.state.collection("twilio", "service_senders")
    senders["PN1"] = {"sid": "PN1", "owner": given.SERVICE}
    resources.delete(TOKEN, state)
    assert (campaigns(resources), list(senders)) == ({}, ["PN1"])


def test_one_whose_service_is_gone_is_gone(resources: Resources) -> None:
    state = resources.create(TOKEN)
    resources.emulator.state.remove("twilio", "services", given.SERVICE)
    assert resources.read(TOKEN, state) is None
    resources.delete(TOKEN, state)
    with pytest.raises(NotFound):
        resources.create(TOKEN)


def test_one_under_review_that_somebody_deleted_is_not_registered_again_unasked(resources: Resources) -> None:
    state = reviewed(resources)
    campaigns(resources).clear()
    with pytest.raises(EngageError, match="is gone at Twilio -> run `pulumi refresh`"):
        resources.update(TOKEN, state, INPUTS)
    assert campaigns(resources) == {}
    assert resources.read(TOKEN, state) is None


def test_every_call_asks_for_the_version_that_has_the_policies(resources: Resources) -> None:
    state = resources.create(TOKEN)
    assert campaigns(resources)[state.id]["privacy_policy_url"] == INPUTS["privacy_policy_url"]
    resources.emulator.state.alter("twilio", "campaigns", state.id, privacy_policy_url="https://example.org/other")
    assert reread(resources, state).values["privacy_policy_url"] == "https://example.org/other"


@pytest.mark.parametrize(
    ("inputs", "says"),
    [
        ({"description": "x" * 39}, "description: string should have at least 40 characters"),
        ({"message_flow": "x" * 2049}, "message_flow: string should have at most 2048 characters"),
        ({"message_samples": ["x" * 20]}, "message_samples: two to five are needed"),
        ({"message_samples": ["x" * 20, "x"]}, "message_samples[1]: string should have at least 20 characters"),
        ({"opt_in_keywords": ["START"]}, "opt_in_message: is the answer to opt_in_keywords"),
        ({"help_keywords": ["HELP ME"]}, "help_keywords[0]: string should match pattern"),
        ({"use_case": "marketing"}, "use_case: string should match pattern"),
        ({"privacy_policy_url": "example.com"}, "privacy_policy_url: is no public URL"),
        ({"terms_and_conditions_url": None}, "terms_and_conditions_url: is required"),
        ({"brand": "BU1"}, "brand: string should match pattern"),
    ],
)
def test_bad_input_is_refused_before_any_call(inputs: dict[str, object], says: str) -> None:
    (failure,) = find(TOKEN).lifecycle.check({}, {**INPUTS, **inputs}).failures
    assert failure.startswith(says)
