"""Nothing but on and off."""

from __future__ import annotations

from tests.providers.conftest import Resources

TOKEN = "sendgrid:OpenTracking"


def test_its_one_value_is_all_that_is_sent_and_remembered(resources: Resources) -> None:
    resources.create("sendgrid:Subuser")
    state = resources.create(TOKEN, enabled=False)
    assert resources.sent("PATCH", "/open") == [{"enabled": False}]
    assert state.values["previous"] == {"enabled": True}
