"""A channel sender goes by the SID that the pool shows too."""

from __future__ import annotations

import pytest

from emulator.made_up import sid
from providers.declaration import find
from providers.errors import VendorError
from tests.providers.cases import CASES
from tests.providers.conftest import Resources
from tests.support.twilio_objects import CHANNEL_SENDER, SERVICE

TOKEN = "twilio:ServiceChannelSender"


@pytest.fixture(autouse=True)
def _needs(resources: Resources) -> None:
    resources.make_needs(TOKEN)


def test_its_id_and_outputs(resources: Resources) -> None:
    state = resources.create(TOKEN)
    assert state.id == f"{SERVICE}/{CHANNEL_SENDER}"
    expected = {"sender": "whatsapp:+15555550100", "sender_type": "WhatsApp", "country_code": "US"}
    assert state.values.items() >= expected.items()
    assert resources.sent("POST", "/ChannelSenders") == [{"Sid": CHANNEL_SENDER}]


def test_one_that_is_there_is_taken_as_added(resources: Resources) -> None:
    first = resources.create(TOKEN)
    assert resources.create(TOKEN) == first
    assert len(resources.sent("POST", "/ChannelSenders")) == 1


def test_deleting_it_leaves_the_sender(resources: Resources) -> None:
    resources.delete(TOKEN, resources.create(TOKEN))
    assert CHANNEL_SENDER in resources.emulator.state.collection("twilio", "channel_senders")


def test_one_that_the_account_does_not_have_is_refused(resources: Resources) -> None:
    with pytest.raises(VendorError, match="21421"):
        resources.create(TOKEN, channel_sender_sid=sid("XE", "nobody's"))


def test_one_of_a_service_that_is_gone_is_gone(resources: Resources) -> None:
    state = resources.create(TOKEN)
    resources.emulator.state.remove("twilio", "services", SERVICE)
    assert resources.read(TOKEN, state) is None
    resources.delete(TOKEN, state)


def test_an_address_is_no_sid() -> None:
    inputs = {**CASES[TOKEN].inputs, "channel_sender_sid": "whatsapp:+15555550100"}
    (failure,) = find(TOKEN).lifecycle.check({}, inputs).failures
    assert failure.startswith("channel_sender_sid: string should match pattern '^XE")
