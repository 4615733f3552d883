"""What all tracking settings have in common: taken over, remembered, restored, one of each per account."""

from __future__ import annotations

from typing import Any

import pytest

from tests.providers.cases import SUBUSER
from tests.providers.conftest import Resources

NAMES = {
    "sendgrid:ClickTracking": "click",
    "sendgrid:GoogleAnalyticsTracking": "google_analytics",
    "sendgrid:OpenTracking": "open",
    "sendgrid:SubscriptionTracking": "subscription",
}
each = pytest.mark.parametrize("token", NAMES)


@pytest.fixture(autouse=True)
def _subuser(resources: Resources) -> None:
    resources.create("sendgrid:Subuser")


def enabled(resources: Resources, token: str, subuser: str | None = SUBUSER) -> Any:
    client = resources.client(token).scoped({"subuser": subuser})
    return client.get(f"/v3/tracking_settings/{NAMES[token]}")["enabled"]


@each
@pytest.mark.parametrize("before", [True, False])
def test_delete_restores_what_was_before(resources: Resources, token: str, before: bool) -> None:
    place = resources.emulator.state.collection("sendgrid", "tracking_settings")
    place[f"{SUBUSER}:{NAMES[token]}"] = {"owner": SUBUSER, "values": {"enabled": before}}
    state = resources.create(token, enabled=not before)
    assert enabled(resources, token) is not before
    resources.delete(token, state)
    assert enabled(resources, token) is before


@each
def test_an_update_still_remembers_what_was_before_the_first_run(resources: Resources, token: str) -> None:
    before = enabled(resources, token)
    state = resources.create(token, enabled=not before)
    state = resources.update(token, state, {"subuser": SUBUSER, "enabled": before})
    state = resources.update(token, state, {"subuser": SUBUSER, "enabled": not before})
    resources.delete(token, state)
    assert enabled(resources, token) is before


@each
def test_the_account_and_each_subuser_have_a_setting_of_their_own(resources: Resources, token: str) -> None:
    before = enabled(resources, token, None)
    own = resources.create(token, enabled=not before)
    assert enabled(resources, token, None) is before
    parents = resources.create(token, subuser=None)
    assert [own.id, parents.id] == [f"{SUBUSER}/{NAMES[token]}", f"account/{NAMES[token]}"]
