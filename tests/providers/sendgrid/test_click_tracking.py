"""`enable_text` is shown and cannot be set."""

from __future__ import annotations

import pytest

from providers.declaration import find
from tests.providers.cases import CASES, SUBUSER
from tests.providers.conftest import Resources

TOKEN = "sendgrid:ClickTracking"


@pytest.fixture(autouse=True)
def _subuser(resources: Resources) -> None:
    resources.create("sendgrid:Subuser")


def test_whether_plain_text_is_tracked_is_told_and_is_no_change(resources: Resources) -> None:
    state = resources.create(TOKEN)
    assert state.values["enable_text"] is False
    record = resources.emulator.state.collection("sendgrid", "tracking_settings")[f"{SUBUSER}:click"]
    record["values"]["enable_text"] = True
    read = resources.read(TOKEN, state)
    assert read is not None
    assert read.values["enable_text"] is True
    assert resources.changed(TOKEN, read, CASES[TOKEN].inputs) == []


def test_whether_plain_text_is_tracked_is_never_sent_not_even_to_restore_it(resources: Resources) -> None:
    state = resources.create(TOKEN, enabled=False)
    resources.delete(TOKEN, state)
    assert resources.sent("PATCH", "/click") == [{"enabled": False}, {"enabled": True}]
    assert state.values["previous"] == {"enabled": True}


def test_the_field_says_what_hsts_does_to_branded_links() -> None:
    assert "HSTS" in find(TOKEN).inputs["enabled"].doc
