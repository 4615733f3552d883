"""An alpha sender for a country is told from those for others by its country."""

from __future__ import annotations

import pytest

from providers.declaration import find
from tests.providers.cases import CASES
from tests.providers.conftest import Resources
from tests.support.twilio_objects import SERVICE

TOKEN = "twilio:ServiceDestinationAlphaSender"


@pytest.fixture(autouse=True)
def _needs(resources: Resources) -> None:
    resources.make_needs(TOKEN)


def countries(resources: Resources) -> list[str]:
    rows = resources.emulator.state.collection("twilio", "service_senders").values()
    return [row["iso_country_code"] for row in rows]


def test_its_id_has_the_country_and_without_one_it_is_for_all(resources: Resources) -> None:
    france, all_others = resources.create(TOKEN), resources.create(TOKEN, iso_country_code=None)
    assert (france.id, all_others.id) == (f"{SERVICE}/Example/FR", f"{SERVICE}/Example")
    assert france.values["sid"] != all_others.values["sid"]
    assert countries(resources) == ["FR", ""]


def test_one_for_all_countries_reads_back_without_one(resources: Resources) -> None:
    state = resources.create(TOKEN, iso_country_code=None)
    assert resources.read(TOKEN, state) == state
    assert resources.changed(TOKEN, state, {**CASES[TOKEN].inputs, "iso_country_code": None}) == []
    assert resources.create(TOKEN, iso_country_code=None) == state


def test_each_country_has_its_own_and_deleting_one_leaves_the_others(resources: Resources) -> None:
    france = resources.create(TOKEN)
    resources.create(TOKEN, iso_country_code="DE")
    resources.delete(TOKEN, france)
    assert countries(resources) == ["DE"]


def test_it_is_found_on_a_later_page(resources: Resources, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("providers.twilio.client.PAGE_SIZE", 1)
    resources.create(TOKEN, iso_country_code="DE")
    france = resources.create(TOKEN)
    assert resources.create(TOKEN) == france


def test_one_of_a_service_that_is_gone_is_gone(resources: Resources) -> None:
    state = resources.create(TOKEN)
    resources.emulator.state.remove("twilio", "services", SERVICE)
    assert resources.read(TOKEN, state) is None
    resources.delete(TOKEN, state)


@pytest.mark.parametrize("country", ["fr", "France", ""])
def test_a_country_is_two_capital_letters(country: str) -> None:
    (failure,) = find(TOKEN).lifecycle.check({}, {**CASES[TOKEN].inputs, "iso_country_code": country}).failures
    assert failure.startswith("iso_country_code: string should match pattern")
