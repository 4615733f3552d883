"""A short code is in one pool, and in the account whether it is in a pool or not."""

from __future__ import annotations

import pytest

from emulator.made_up import sid
from providers.declaration import find
from providers.errors import OwnershipError, VendorError
from tests.providers.cases import CASES
from tests.providers.conftest import Resources
from tests.support.twilio_objects import SERVICE, SHORT_CODE

TOKEN = "twilio:ServiceShortCode"


@pytest.fixture(autouse=True)
def _needs(resources: Resources) -> None:
    resources.make_needs(TOKEN)


def test_its_id_and_outputs(resources: Resources) -> None:
    state = resources.create(TOKEN)
    assert state.id == f"{SERVICE}/{SHORT_CODE}"
    expected = {"short_code": "55501", "country_code": "US", "capabilities": ["SMS"]}
    assert state.values.items() >= expected.items()


def test_it_never_waits_and_so_has_no_status(resources: Resources) -> None:
    assert not {"status", "reasons"} & resources.create(TOKEN).values.keys()


def test_it_takes_the_settings_id(resources: Resources) -> None:
    settings = resources.create("twilio:ShortCode")
    assert resources.create(TOKEN, short_code_sid=settings.id).values["short_code"] == "55501"


def test_deleting_it_leaves_the_short_code(resources: Resources) -> None:
    resources.delete(TOKEN, resources.create(TOKEN))
    assert SHORT_CODE in resources.emulator.state.collection("twilio", "short_codes")


def test_one_in_another_pool_stays_there_and_the_message_names_that_service(resources: Resources) -> None:
    state = resources.create(TOKEN)
    other = resources.create("twilio:MessagingService", marker="somebody/else").id
    with pytest.raises(OwnershipError, match=rf"short_code_sid: is in the pool of the messaging service {SERVICE}"):
        resources.create(TOKEN, service_sid=other)
    assert resources.read(TOKEN, state) == state


def test_one_that_the_account_does_not_have_says_so(resources: Resources) -> None:
    with pytest.raises(VendorError, match=r"21421.* -> there is no such number or short code in this account"):
        resources.create(TOKEN, short_code_sid=sid("SC", "nobody's"))


def test_one_of_a_service_that_is_gone_is_gone(resources: Resources) -> None:
    state = resources.create(TOKEN)
    resources.emulator.state.remove("twilio", "services", SERVICE)
    assert resources.read(TOKEN, state) is None
    resources.delete(TOKEN, state)


def test_digits_are_no_sid() -> None:
    (failure,) = find(TOKEN).lifecycle.check({}, {**CASES[TOKEN].inputs, "short_code_sid": "55501"}).failures
    assert failure.startswith("short_code_sid: string should match pattern '^SC")
