"""Attributes are personal data: sent as one JSON object, compared with what was sent, and read back nowhere."""

from __future__ import annotations

import json
from typing import Any

import pytest

from providers.declaration import find
from providers.errors import VendorError
from providers.twilio.client import Twilio
from tests.providers.cases import CASES, MARKER
from tests.providers.conftest import Resources

TOKEN = "twilio:RegulatoryEndUser"
INPUTS = CASES[TOKEN].inputs


def test_attributes_are_one_json_object_in_the_form(resources: Resources) -> None:
    resources.create(TOKEN, attributes={"business_name": "Größe", "is_subassigned": False, "address": {"lines": [1]}})
    (body,) = resources.sent("POST")
    assert json.loads(body["Attributes"]) == {
        "business_name": "Größe",
        "is_subassigned": False,
        "address": {"lines": [1]},
    }


def test_attributes_are_secret() -> None:
    assert find(TOKEN).fields["attributes"].secret


def test_another_form_of_the_attributes_is_not_sent_a_second_time(
    resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = Twilio.send

    def rewriting(*arguments: Any, **options: Any) -> Any:
        reply = send(*arguments, **options)
        return {**reply, "attributes": {"employees": "3"}} if "attributes" in reply else reply

    monkeypatch.setattr(Twilio, "send", rewriting)
    state = resources.create(TOKEN, attributes={"employees": 3})
    assert state.values["attributes"] == {"employees": 3}
    assert resources.read(TOKEN, state) == state
    assert len(resources.sent("POST")) == 1


def test_what_was_kept_is_found_again_and_nothing_is_sent(resources: Resources) -> None:
    kept = resources.create(TOKEN)
    assert resources.create(TOKEN).id == kept.id
    assert len(resources.sent("POST")) == 1


def test_what_was_kept_with_other_attributes_gets_ours(resources: Resources) -> None:
    kept = resources.create(TOKEN, attributes={"business_name": "Example AG"})
    assert resources.create(TOKEN).id == kept.id
    assert resources.emulator.state.collection("twilio", "end_users")[kept.id]["attributes"] == INPUTS["attributes"]


def test_another_type_is_another_end_user_beside_it(resources: Resources) -> None:
    business = resources.create(TOKEN)
    news = resources.checked(TOKEN, {**INPUTS, "type": "individual"})
    assert find(TOKEN).lifecycle.diff(business.values, news).replaces == ["type"]
    assert resources.create(TOKEN, type="individual").id != business.id


def test_one_that_is_in_review_is_not_changed_and_the_message_says_what_to_do(resources: Resources) -> None:
    state = resources.create(TOKEN)
    resources.create("twilio:RegulatoryDocument")
    bundle = resources.create("twilio:RegulatoryBundle", items=[state.id])
    resources.emulator.state.alter("twilio", "bundles", bundle.id, status="in-review")
    with pytest.raises(
        VendorError, match=r"20409.* -> its status does not allow that.* wait while it is being reviewed"
    ):
        resources.update(TOKEN, state, {**INPUTS, "attributes": {"business_name": "Example AG"}})


@pytest.mark.parametrize(
    ("inputs", "says"),
    [
        ({"type": "company"}, "type: input should be 'individual' or 'business'"),
        ({"attributes": {"first_name": " Ada"}}, "attributes: begins or ends with white space"),
        ({"attributes": "Ada"}, "attributes: input should be a valid dictionary"),
    ],
)
def test_bad_input_is_refused_before_any_call_and_not_repeated(inputs: dict[str, object], says: str) -> None:
    (failure,) = find(TOKEN).lifecycle.check({}, {**INPUTS, "marker": MARKER, **inputs}).failures
    assert failure.startswith(says)
    assert "Ada" not in failure
