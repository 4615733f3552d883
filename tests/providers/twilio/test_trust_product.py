"""A trust product takes its customer profile along, whatever becomes of that."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.made_up import sid
from emulator.twilio.state import PRIMARY_PROFILE_SID
from providers.declaration import find
from providers.errors import VendorError
from providers.lifecycle import State
from tests.providers.cases import CASES
from tests.providers.conftest import Resources
from tests.support.reviews import assigned, refreshed, review

TOKEN = "twilio:TrustProduct"
PRODUCTS = "trust_products"
INPUTS = {**CASES[TOKEN].inputs, "submit": True, "customer_profile_sid": PRIMARY_PROFILE_SID}


@pytest.fixture
def messaging(resources: Resources) -> list[str]:
    return [resources.create("twilio:TrustEndUser").id]


def product(resources: Resources, **inputs: Any) -> State:
    return resources.create(TOKEN, **{**INPUTS, **inputs})


def test_the_customer_profile_is_assigned_and_it_is_submitted_and_approved(
    resources: Resources, messaging: list[str]
) -> None:
    state = product(resources, items=messaging)
    assert assigned(resources, PRODUCTS, state) == {PRIMARY_PROFILE_SID, *messaging}
    assert state.values["status"] == "pending"
    review(resources, PRODUCTS, state, "twilio-approved")
    found = refreshed(resources, TOKEN, state)
    assert (found.values["status"], found.values["approved"]) == ("approved", True)
    assert resources.changed(TOKEN, found, {**INPUTS, "items": messaging}) == []


def test_it_is_of_a2p_messaging_unless_another_policy_is_named(resources: Resources, messaging: list[str]) -> None:
    product(resources, items=messaging)
    assert resources.sent("POST", "/TrustProducts")[0]["PolicySid"] == "RNb0d4771c2c98518d916a3d4cd70a8f8b"


def test_what_is_missing_is_named(resources: Resources, messaging: list[str]) -> None:
    resources.emulator.state.alter("twilio", "trust_end_users", messaging[0], attributes={})
    (reason,) = product(resources, items=messaging).values["reasons"]
    assert reason.endswith(
        " -> set company_type in the attributes of the item of type us_a2p_messaging_profile_information"
    )


def test_another_customer_profile_takes_the_place_of_the_first(resources: Resources, messaging: list[str]) -> None:
    profile = resources.create("twilio:CustomerProfile", items=messaging)
    state = product(resources, items=messaging, submit=False)
    changed = {**INPUTS, "items": messaging, "submit": False, "customer_profile_sid": profile.id}
    updated = resources.update(TOKEN, state, changed)
    assert assigned(resources, PRODUCTS, updated) == {profile.id, *messaging}
    assert refreshed(resources, TOKEN, updated) == updated


def test_a_profile_of_nobody_is_refused(resources: Resources, messaging: list[str]) -> None:
    with pytest.raises(VendorError, match="22205"):
        product(resources, items=messaging, customer_profile_sid=sid("BU", "nobody's"))


def test_another_policy_is_another_product(resources: Resources, messaging: list[str]) -> None:
    state = product(resources, items=messaging)
    policy = CASES[TOKEN].replacements["policy_sid"]
    news = resources.checked(TOKEN, {**INPUTS, "items": messaging, "policy_sid": policy})
    assert find(TOKEN).lifecycle.diff(state.values, news).replaces == ["policy_sid"]
