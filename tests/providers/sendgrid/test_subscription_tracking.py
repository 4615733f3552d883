"""A setting that is always there: taken over, remembered, restored."""

from __future__ import annotations

from typing import Any

import pytest

from providers.declaration import find
from tests.providers.cases import SUBUSER
from tests.providers.conftest import Resources

TOKEN = "sendgrid:SubscriptionTracking"
BEFORE = {"enabled": False, "plain_content": "Before <% %>", "html_content": "<b><% %></b>"}


@pytest.fixture(autouse=True)
def _before(resources: Resources) -> None:
    resources.create("sendgrid:Subuser")
    resources.emulator.state.collection("sendgrid", "tracking_settings")[f"{SUBUSER}:subscription"] = {
        "owner": SUBUSER,
        "values": dict(BEFORE),
    }


def now(resources: Resources) -> dict[str, Any]:
    values = resources.emulator.state.collection("sendgrid", "tracking_settings")[f"{SUBUSER}:subscription"]["values"]
    return {name: value for name, value in values.items() if value}


def test_delete_restores_what_was_before(resources: Resources) -> None:
    state = resources.create(TOKEN)
    assert now(resources) != {name: value for name, value in BEFORE.items() if value}
    resources.delete(TOKEN, state)
    assert now(resources) == {name: value for name, value in BEFORE.items() if value}


def test_what_is_not_managed_is_neither_changed_nor_restored(resources: Resources) -> None:
    state = resources.create(TOKEN)
    assert now(resources)["html_content"] == BEFORE["html_content"]
    record = resources.emulator.state.collection("sendgrid", "tracking_settings")[f"{SUBUSER}:subscription"]
    record["values"]["html_content"] = "<i><% %></i>"
    assert resources.read(TOKEN, state) == state
    resources.delete(TOKEN, state)
    assert now(resources)["html_content"] == "<i><% %></i>"


def test_a_field_that_is_left_out_again_gets_back_what_it_had(resources: Resources) -> None:
    state = resources.create(TOKEN)
    assert now(resources)["plain_content"] != BEFORE["plain_content"]
    resources.update(TOKEN, state, {"subuser": SUBUSER})
    assert now(resources)["plain_content"] == BEFORE["plain_content"]


def test_the_account_and_each_subuser_have_a_setting_of_their_own(resources: Resources) -> None:
    own = resources.create(TOKEN)
    parents = resources.create(TOKEN, subuser=None)
    assert {own.id, parents.id} == {f"{SUBUSER}/subscription", "account/subscription"}


def test_a_text_without_a_place_for_the_link_is_refused() -> None:
    (failure,) = find(TOKEN).lifecycle.check({}, {"plain_content": "Goodbye"}).failures
    assert failure.startswith("plain_content: has no <% %>")
