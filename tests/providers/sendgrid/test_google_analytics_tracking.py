"""Five parameters, each managed only if it is given."""

from __future__ import annotations

import pytest

from tests.providers.cases import SUBUSER
from tests.providers.conftest import Resources

TOKEN = "sendgrid:GoogleAnalyticsTracking"
BEFORE = {"enabled": True, "utm_source": "before", "utm_term": "kept"}


@pytest.fixture(autouse=True)
def _before(resources: Resources) -> None:
    resources.create("sendgrid:Subuser")
    place = resources.emulator.state.collection("sendgrid", "tracking_settings")
    place[f"{SUBUSER}:google_analytics"] = {"owner": SUBUSER, "values": dict(BEFORE)}


def test_a_parameter_that_is_not_given_stays_as_it_is(resources: Resources) -> None:
    state = resources.create(TOKEN, utm_source="engage")
    assert resources.sent("PATCH") == [{"enabled": True, "utm_source": "engage"}]
    assert state.values["utm_term"] is None


def test_a_parameter_that_is_left_out_again_gets_back_what_it_had(resources: Resources) -> None:
    state = resources.create(TOKEN, utm_source="engage")
    resources.update(TOKEN, state, {"subuser": SUBUSER, "utm_term": "new"})
    assert resources.sent("PATCH")[-1] == {"enabled": True, "utm_source": "before", "utm_term": "new"}


def test_a_parameter_can_be_emptied(resources: Resources) -> None:
    state = resources.create(TOKEN, utm_source="")
    read = resources.read(TOKEN, state)
    assert read == state
    assert state.values["utm_source"] == ""
