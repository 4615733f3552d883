"""What Twilio makes of an address is not drift; what somebody else makes of it is."""

from __future__ import annotations

from typing import Any

import pytest

from providers.declaration import find, tag
from providers.errors import Ambiguous, VendorError
from tests.providers.cases import CASES, MARKER
from tests.providers.conftest import Resources
from tests.support import twilio_objects

TOKEN = "twilio:Address"
FOUND = {"street": "101 Spear St", "city": "San Francisco", "region": "CA", "postal_code": "94105"}
SENT = {"street": "101 Spear Street", "city": "SAN FRANCISCO", "region": "California", "postal_code": "94105-1234"}
INPUTS = {**CASES[TOKEN].inputs, **SENT, "iso_country": "US"}


def at_vendor(resources: Resources, id_: str) -> dict[str, Any]:
    return resources.emulator.state.collection("twilio", "addresses")[id_]


def test_a_corrected_address_is_no_drift(resources: Resources) -> None:
    state = resources.create(TOKEN, **INPUTS)
    assert at_vendor(resources, state.id).items() >= FOUND.items()
    assert state.values.items() >= SENT.items()
    assert resources.read(TOKEN, state) == state
    assert resources.changed(TOKEN, state, INPUTS) == []


def test_a_correction_is_shown_and_not_sent_a_second_time(resources: Resources) -> None:
    state = resources.create(TOKEN, **INPUTS)
    assert state.values["stored"] == FOUND
    assert state.values["validated"] is True
    assert len(resources.sent("POST")) == 1


def test_a_corrected_address_that_somebody_changes_is_drift_and_is_mended(resources: Resources) -> None:
    state = resources.create(TOKEN, **INPUTS)
    resources.emulator.state.alter("twilio", "addresses", state.id, street="1 Elsewhere")
    found = resources.read(TOKEN, state)
    assert found is not None
    assert resources.changed(TOKEN, found, INPUTS) == ["street"]
    assert resources.read(TOKEN, found) == found
    mended = resources.update(TOKEN, found, INPUTS)
    assert at_vendor(resources, state.id).items() >= FOUND.items()
    assert resources.read(TOKEN, mended) == state


def test_an_update_that_is_corrected_is_no_drift(resources: Resources) -> None:
    state = resources.create(TOKEN, **{**INPUTS, **FOUND})
    updated = resources.update(TOKEN, state, INPUTS)
    assert updated.values.items() >= SENT.items()
    assert resources.read(TOKEN, updated) == updated
    assert resources.changed(TOKEN, updated, INPUTS) == []


def test_a_part_that_twilio_leaves_out_is_no_drift_and_one_that_somebody_adds_is(resources: Resources) -> None:
    state = resources.create(TOKEN, street_secondary="2. Hof")
    dropped = {name: part for name, part in state.values["stored"].items() if name != "street_secondary"}
    resources.emulator.state.alter("twilio", "addresses", state.id, street_secondary=None)
    left_out = type(state)(state.id, {**state.values, "stored": dropped})
    assert resources.read(TOKEN, left_out) == left_out
    resources.emulator.state.alter("twilio", "addresses", state.id, street_secondary="3. Hof")
    found = resources.read(TOKEN, left_out)
    assert found is not None
    assert found.values["street_secondary"] == "3. Hof"


def test_a_corrected_address_whose_reply_was_lost_is_found_and_is_no_drift(resources: Resources) -> None:
    resources.emulator.fault(method="POST", drop="after")
    state = resources.create(TOKEN, **INPUTS)
    assert resources.read(TOKEN, state) == state
    assert resources.changed(TOKEN, state, INPUTS) == []
    assert len(resources.emulator.state.collection("twilio", "addresses")) == 1


def test_an_adopted_address_is_brought_to_what_is_declared_and_is_no_drift(resources: Resources) -> None:
    theirs = resources.create(TOKEN, **{**INPUTS, **FOUND}, marker="made/by/hand")
    adopted = resources.create(TOKEN, **INPUTS, adopt=theirs.id)
    assert adopted.id == theirs.id
    assert at_vendor(resources, adopted.id)["friendly_name"] == f"Example [{tag(MARKER, ['iso_country', 'US'])}]"
    assert resources.read(TOKEN, adopted) == adopted


def test_without_correction_a_similar_address_is_refused_and_the_message_says_what_to_do(resources: Resources) -> None:
    with pytest.raises(VendorError, match=r"21629.*101 Spear St.* -> declare the address that is suggested"):
        resources.create(TOKEN, **INPUTS, auto_correct_address=False)
    assert resources.sent("POST")[-1]["AutoCorrectAddress"] == "false"


def test_an_address_that_cannot_be_found_is_refused_and_the_message_says_what_to_do(resources: Resources) -> None:
    with pytest.raises(VendorError, match=r"21628.* -> write the address as that country's post does"):
        resources.create(TOKEN, **{**INPUTS, "street": "1 Nowhere"})


def test_an_address_of_a_verified_document_does_not_change_and_the_message_says_why(resources: Resources) -> None:
    state = resources.create(TOKEN)
    resources.emulator.state.alter("twilio", "addresses", state.id, verified=True)
    with pytest.raises(VendorError, match=r"21630.* -> it is linked to a verified document"):
        resources.update(TOKEN, state, {**CASES[TOKEN].inputs, "city": "Potsdam"})


def test_another_country_is_another_address(resources: Resources) -> None:
    state = resources.create(TOKEN)
    news = resources.checked(TOKEN, {**CASES[TOKEN].inputs, "iso_country": "AT"})
    assert find(TOKEN).lifecycle.diff(state.values, news).replaces == ["iso_country"]
    resources.update(TOKEN, state, {**CASES[TOKEN].inputs, "city": "Potsdam"})
    assert "IsoCountry" not in resources.sent("POST")[-1]


def test_a_move_to_another_country_is_made_beside_the_old_one_and_found_after_a_lost_reply(
    resources: Resources,
) -> None:
    old = resources.create(TOKEN)
    resources.emulator.fault(method="POST", drop="after")
    new = resources.create(TOKEN, iso_country="AT")
    assert set(resources.emulator.state.collection("twilio", "addresses")) == {old.id, new.id}
    assert at_vendor(resources, new.id)["iso_country"] == "AT"


@pytest.mark.parametrize("field", ["address_sid", "emergency_address_sid"])
def test_one_that_a_number_has_stays_with_it_and_is_found_again(resources: Resources, field: str) -> None:
    """Numbers are kept on destroy."""
    state = resources.create(TOKEN)
    number = twilio_objects.number(resources.emulator)
    resources.emulator.state.alter("twilio", "incoming_phone_numbers", number, **{field: state.id})
    (warning,) = resources.delete(TOKEN, state)
    assert warning.startswith(f"{state.id} stays, as it is the address of +15555550100 -> leave it: the next `up`")
    assert resources.create(TOKEN).id == state.id
    resources.emulator.state.alter("twilio", "incoming_phone_numbers", number, **{field: None})
    assert resources.delete(TOKEN, state) == []
    assert resources.read(TOKEN, state) is None


def test_one_that_was_taken_over_stays_and_is_no_longer_marked_as_ours(resources: Resources) -> None:
    theirs = resources.create(TOKEN, marker="made/by/hand")
    adopted = resources.create(TOKEN, adopt=theirs.id)
    (warning,) = resources.delete(TOKEN, adopted)
    assert f"{theirs.id} stays with its settings, as it was taken over" in warning
    assert at_vendor(resources, theirs.id)["friendly_name"] == "Example"
    asked = resources.create(TOKEN, adopt=theirs.id, delete_adopted=True)
    assert resources.delete(TOKEN, asked) == []
    assert resources.read(TOKEN, asked) is None


def test_somebody_elses_of_the_same_name_is_left_alone(resources: Resources) -> None:
    theirs = resources.create(TOKEN, marker="twilio-engage/prod/example")
    assert resources.create(TOKEN).id != theirs.id


def test_it_is_found_on_a_later_page(resources: Resources, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("providers.twilio.client.PAGE_SIZE", 2)
    for number in range(4):
        resources.create(TOKEN, marker=f"twilio-engage/test/{number}")
    left = resources.create(TOKEN)
    assert resources.create(TOKEN).id == left.id


@pytest.mark.parametrize("fault", [{"drop": "before", "times": 9}, {"status": 400}], ids=["lost", "refused"])
def test_messages_name_the_path_without_the_account(resources: Resources, fault: dict[str, Any]) -> None:
    resources.emulator.fault(method="POST", **fault)
    with pytest.raises((Ambiguous, VendorError), match=r"POST /2010-04-01/Accounts/\{AccountSid\}/Addresses\.json"):
        resources.create(TOKEN)


def test_without_emergency_calling_a_name_may_be_longer(resources: Resources) -> None:
    longer = {"friendly_name": "x" * 49, "customer_name": "y" * 64}
    assert resources.create(TOKEN, **longer, emergency_enabled=False).values.items() >= longer.items()


@pytest.mark.parametrize(
    ("inputs", "says"),
    [
        ({"friendly_name": "x" * 50}, "friendly_name: string should have at most 49 characters"),
        ({"friendly_name": "x" * 22, "emergency_enabled": True}, "friendly_name: is too long for an emergency address"),
        ({"customer_name": "x" * 33, "emergency_enabled": True}, "customer_name: is too long for an emergency address"),
        ({"customer_name": "ß" * 33}, "customer_name: must have at most 64 bytes"),
        ({"iso_country": "Germany"}, "iso_country: string should match pattern"),
        ({"street": ""}, "street: string should have at least 1 character"),
        ({"region": None}, "region: is required"),
    ],
)
def test_bad_input_is_refused_before_any_call(inputs: dict[str, object], says: str) -> None:
    (failure,) = find(TOKEN).lifecycle.check({}, {**CASES[TOKEN].inputs, "marker": MARKER, **inputs}).failures
    assert failure.startswith(says)
