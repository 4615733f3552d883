"""A subuser of the EU is called where it lives, its parent where that lives, and nobody has to say which is which."""

from __future__ import annotations

import pytest

from providers.errors import VendorError
from providers.sendgrid import client
from tests.providers.cases import CASES, SUBUSER
from tests.providers.conftest import Resources

EU_ADDRESS = "203.0.113.5"
CHILDREN = sorted(token for token, case in CASES.items() if case.inputs.get("subuser") == SUBUSER)


@pytest.fixture(autouse=True)
def _fresh_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "_regions", {})


@pytest.fixture
def _european(resources: Resources) -> None:
    ips = resources.emulator.state.collection("sendgrid", "ips")
    ips[EU_ADDRESS] = {"ip": EU_ADDRESS, "region": "eu", "start_date": None}
    resources.create("sendgrid:Subuser", region="eu", ips=[EU_ADDRESS])


def hosts(resources: Resources, *, behalf: bool) -> set[str]:
    return {
        entry.host
        for entry in resources.emulator.requests
        if ("On-Behalf-Of" in entry.headers) == behalf and entry.host
    }


def lookups(resources: Resources) -> int:
    return sum(entry.method == "GET" and entry.path == "/v3/subusers" for entry in resources.emulator.requests)


@pytest.mark.usefixtures("_european")
@pytest.mark.parametrize("token", CHILDREN)
def test_what_belongs_to_a_subuser_of_the_eu_is_called_there_through_its_whole_life(
    resources: Resources, token: str
) -> None:
    for needed in CASES[token].needs:
        if needed != "sendgrid:Subuser":
            resources.create(needed)
    for name in CASES[token].fixtures:
        resources.fixture(name)
    state = resources.create(token)
    assert resources.read(token, state) == state
    field, value = next(iter(CASES[token].changes.items()))
    changed = {**CASES[token].inputs, field: value, **CASES[token].alongside.get(field, {})}
    resources.delete(token, resources.update(token, state, changed))
    assert hosts(resources, behalf=True) == {"api.eu.sendgrid.com"}
    assert hosts(resources, behalf=False) == {"api.sendgrid.com"}
    assert not [entry for entry in resources.emulator.requests if entry.status == 451]


def test_a_global_subuser_is_called_at_its_parents_host(resources: Resources) -> None:
    resources.create("sendgrid:Subuser")
    resources.create("sendgrid:ApiKey")
    assert hosts(resources, behalf=True) == hosts(resources, behalf=False) == {"api.sendgrid.com"}


@pytest.mark.usefixtures("_european")
def test_the_region_is_asked_for_once_a_process(resources: Resources) -> None:
    before = lookups(resources)
    for token in ("sendgrid:SubscriptionTracking", "sendgrid:ApiKey"):
        resources.read(token, resources.create(token))
    assert lookups(resources) == before + 1


def test_a_subuser_that_is_not_there_yet_is_not_remembered_as_global(resources: Resources) -> None:
    with pytest.raises(VendorError, match="does not exist"):
        resources.create("sendgrid:ApiKey")
    resources.create("sendgrid:Subuser", region="eu", ips=[])
    assert resources.create("sendgrid:ApiKey").values["subuser"] == SUBUSER


@pytest.mark.parametrize(("before", "after"), [("global", "eu"), ("eu", "global")])
def test_one_that_was_replaced_in_another_region_is_found_there(resources: Resources, before: str, after: str) -> None:
    subuser = resources.create("sendgrid:Subuser", region=before, ips=[])
    resources.create("sendgrid:SubscriptionTracking")
    resources.delete("sendgrid:Subuser", subuser)
    resources.create("sendgrid:Subuser", region=after, ips=[])
    made = resources.create("sendgrid:ApiKey")
    assert [key["owner"] for key in resources.emulator.state.collection("sendgrid", "api_keys").values()][-1] == SUBUSER
    assert resources.read("sendgrid:ApiKey", made) == made


def test_a_refusal_for_the_region_that_stays_is_told_with_what_to_check(resources: Resources) -> None:
    resources.create("sendgrid:Subuser")
    resources.emulator.fault(status=451, method="POST", path="api_keys", times=9)
    with pytest.raises(VendorError, match=r"\(451\).* -> the account is pinned to another region"):
        resources.create("sendgrid:ApiKey")
    assert len(resources.sent("POST", "api_keys")) == 1
