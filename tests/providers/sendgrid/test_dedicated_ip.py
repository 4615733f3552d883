"""An IP is paid for once: what cannot be proven ours is named, and never bought a second time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from providers.declaration import UNKNOWN, find
from providers.errors import EngageError, NotFound, OwnershipError
from tests.providers.cases import CASES
from tests.providers.conftest import Resources

TOKEN = "sendgrid:DedicatedIp"
SEEDED = "192.0.2.10"
BOUGHT = "198.51.100.1"
TAKEN: dict[str, Any] = {"ip": SEEDED, "buy": False, "region": None, "parent_assigned": None, "spares": None}


@pytest.fixture(autouse=True)
def _nothing_else_is_unused(resources: Resources) -> None:
    """The seeded IP is a subuser's."""
    resources.create("sendgrid:Subuser")


def addresses(resources: Resources) -> list[str]:
    return sorted(resources.emulator.state.collection("sendgrid", "ips"))


def purchases(resources: Resources) -> int:
    return len(resources.sent("POST", "/send_ips/ips"))


def add(resources: Resources, ip: str, **fields: Any) -> None:
    ips = resources.emulator.state.collection("sendgrid", "ips")
    ips[ip] = {"ip": ip, "region": "global", "start_date": None, **fields}


def test_one_that_is_there_is_taken_by_its_address_and_nothing_is_sent(resources: Resources) -> None:
    state = resources.create(TOKEN, **TAKEN)
    assert (state.id, state.values["address"], state.values["bought"]) == (SEEDED, SEEDED, False)
    assert state.values["subusers"] == ["twilio_engage_app_example"]
    assert [entry.method for entry in resources.emulator.requests if "send_ips" in entry.path] == ["GET"]
    assert resources.read(TOKEN, state) == state


def test_taking_one_brings_it_to_what_is_declared(resources: Resources) -> None:
    state = resources.create(TOKEN, **{**TAKEN, "parent_assigned": False})
    assert resources.sent("PATCH", SEEDED) == [{"is_parent_assigned": False}]
    assert resources.read(TOKEN, state) == state


def test_one_that_the_account_does_not_have_is_named_with_where_to_look(resources: Resources) -> None:
    with pytest.raises(NotFound, match="ip: not found -> the account has no such dedicated IP"):
        resources.create(TOKEN, **{**TAKEN, "ip": "192.0.2.99"})


def test_one_of_another_region_is_refused(resources: Resources) -> None:
    with pytest.raises(OwnershipError, match="its region cannot be changed"):
        resources.create(TOKEN, **{**TAKEN, "region": "eu"})


@pytest.mark.parametrize("inputs", [{"ip": SEEDED, "buy": True}, {}])
def test_it_is_either_named_or_bought_and_buying_is_never_assumed(inputs: dict[str, Any]) -> None:
    (failure,) = find(TOKEN).lifecycle.check({}, inputs).failures
    assert failure.startswith("ip: either name an IP that the account has, or leave it out and set buy")


def test_a_purchase_says_what_it_bought_and_calls_nothing_afterwards(resources: Resources) -> None:
    state = resources.create(TOKEN)
    assert (state.id, state.values["address"], state.values["bought"]) == (BOUGHT, BOUGHT, True)
    last = resources.emulator.requests[-1]
    assert (last.method, last.path) == ("POST", "/v3/send_ips/ips")
    assert resources.sent("POST", "/send_ips/ips") == [
        {"is_auto_warmup": False, "is_parent_assigned": True, "region": "us", "include_region": True}
    ]
    assert resources.read(TOKEN, state) == state


def test_nothing_but_what_is_said_is_assigned_or_warmed_up_by_a_purchase(resources: Resources) -> None:
    resources.create(TOKEN, region=None, parent_assigned=None)
    assert resources.sent("POST", "/send_ips/ips") == [
        {"is_auto_warmup": False, "is_parent_assigned": False, "include_region": True}
    ]


def test_one_for_the_eu_is_bought_there(resources: Resources) -> None:
    state = resources.create(TOKEN, region="eu")
    assert resources.emulator.state.collection("sendgrid", "ips")[BOUGHT]["region"] == "eu"
    assert resources.read(TOKEN, state) == state


def test_after_a_lost_reply_the_one_new_ip_is_adopted(resources: Resources) -> None:
    resources.emulator.fault(method="POST", path="send_ips", drop="after")
    state = resources.create(TOKEN)
    assert (state.id, state.values["bought"], purchases(resources)) == (BOUGHT, True, 1)
    assert resources.read(TOKEN, state) == state


@pytest.mark.parametrize("loss", [{"drop": "before"}, {"status": 503}], ids=["broken", "503"])
def test_a_purchase_that_left_no_trace_fails_and_the_next_run_buys(resources: Resources, loss: dict[str, Any]) -> None:
    resources.emulator.fault(method="POST", path="send_ips", **loss)
    with pytest.raises(EngageError, match=r"no new one is to be seen yet -> look at .* run the same command again"):
        resources.create(TOKEN)
    assert purchases(resources) == 1
    assert resources.create(TOKEN).id == BOUGHT
    assert addresses(resources) == [SEEDED, BOUGHT]


def test_of_several_new_ones_none_is_guessed(resources: Resources, monkeypatch: pytest.MonkeyPatch) -> None:
    lifecycle: Any = find(TOKEN).lifecycle
    post = lifecycle.post

    def with_somebody_elses(*args: Any) -> Any:
        add(resources, "198.51.100.77")
        return post(*args)

    monkeypatch.setattr(lifecycle, "post", with_somebody_elses)
    resources.emulator.fault(method="POST", path="send_ips", drop="after")
    with pytest.raises(EngageError, match=r"198\.51\.100\.1, 198\.51\.100\.77 are new, and any may be it -> .*set ip"):
        resources.create(TOKEN)


def test_what_an_earlier_run_may_have_bought_is_named_and_no_second_one_bought(resources: Resources) -> None:
    """As after a run that was killed between the purchase and its record: no mark on an IP could prove whose it is."""
    resources.create(TOKEN)
    with pytest.raises(OwnershipError, match=rf"nothing uses {BOUGHT} of this account.* -> set ip to it .*spares"):
        resources.create(TOKEN)
    assert purchases(resources) == 1
    assert resources.create(TOKEN, **{**TAKEN, "ip": BOUGHT}).id == BOUGHT


def test_two_at_once_wait_for_each_other(resources: Resources) -> None:
    """Else each could take the other's for the one that its own lost purchase made."""
    resources.emulator.state.alter("sendgrid", "accounts", "engage_parent", ips_remaining=5)
    resources.emulator.fault(method="POST", path="send_ips", latency_ms=200)
    with ThreadPoolExecutor() as pool:
        runs = [pool.submit(resources.create, TOKEN) for _ in range(2)]
    failed = [run for run in runs if run.exception()]
    assert [str(run.exception()).partition(" of this")[0] for run in failed] == [f"buy: nothing uses {BOUGHT}"]
    assert addresses(resources) == [SEEDED, BOUGHT]


def test_a_spare_one_is_no_reason_not_to_buy(resources: Resources) -> None:
    add(resources, "192.0.2.77")
    with pytest.raises(OwnershipError, match=r"192\.0\.2\.77"):
        resources.create(TOKEN)
    assert resources.create(TOKEN, spares=["192.0.2.77"]).id == BOUGHT


def test_an_ip_of_another_region_cannot_be_what_was_bought(resources: Resources) -> None:
    add(resources, "192.0.2.77", region="eu")
    assert resources.create(TOKEN, region="us").id == BOUGHT


@pytest.mark.parametrize("use", ["pool", "warm-up"])
def test_an_ip_in_use_is_not_taken_for_a_spare_one(resources: Resources, use: str) -> None:
    add(resources, "192.0.2.77", start_date=1_600_000_000 if use == "warm-up" else None)
    if use == "pool":
        resources.create("sendgrid:IpPool", ips=["192.0.2.77"])
    assert resources.create(TOKEN).id == BOUGHT


def test_more_ips_than_a_page_has_are_looked_through(resources: Resources) -> None:
    for number in range(100, 205):
        add(resources, f"192.0.2.{number}", start_date=1_600_000_000)
    add(resources, "192.0.2.250")
    with pytest.raises(OwnershipError, match=r"nothing uses 192\.0\.2\.250 of"):
        resources.create(TOKEN)


def test_a_second_one_in_a_month_is_refused_with_what_to_do(resources: Resources) -> None:
    resources.emulator.state.alter("sendgrid", "accounts", "engage_parent", ips_remaining=0)
    with pytest.raises(EngageError, match="No IPs remaining -> one IP a month can be bought"):
        resources.create(TOKEN)


@pytest.mark.parametrize(
    ("olds", "news"),
    [
        ({"buy": True}, {"ip": BOUGHT}),
        ({"ip": BOUGHT}, {"buy": True}),
    ],
    ids=["naming what was bought", "no longer naming it"],
)
def test_the_same_ip_is_no_other_one(olds: dict[str, Any], news: dict[str, Any]) -> None:
    lifecycle = find(TOKEN).lifecycle
    before = {**lifecycle.check({}, olds).inputs, "address": BOUGHT}
    assert lifecycle.diff(before, lifecycle.check({}, news).inputs).replaces == []
    assert lifecycle.check(before, news).failures == []


@pytest.mark.parametrize("ip", ["192.0.2.77", UNKNOWN], ids=["another", "unknown"])
def test_another_ip_is_a_replacement(ip: Any) -> None:
    lifecycle = find(TOKEN).lifecycle
    before = {**lifecycle.check({}, {"ip": SEEDED}).inputs, "address": SEEDED}
    assert lifecycle.diff(before, lifecycle.check({}, {"ip": ip}).inputs).replaces == ["ip"]


def test_another_ip_or_region_is_refused_without_consent() -> None:
    lifecycle = find(TOKEN).lifecycle
    before = {**lifecycle.check({}, {"buy": True, "region": "us"}).inputs, "address": BOUGHT}
    news = {"buy": True, "region": "eu"}
    (failure,) = lifecycle.check(before, news).failures
    assert failure.startswith("region: cannot change on an existing DedicatedIp")
    assert lifecycle.check(before, {**news, "allow_replacement": True}).failures == []


def test_naming_what_was_bought_changes_nothing_at_the_vendor(resources: Resources) -> None:
    state = resources.create(TOKEN)
    before = len(resources.emulator.requests)
    updated = resources.update(TOKEN, state, {"ip": BOUGHT, "parent_assigned": True, "region": "us"})
    assert updated.values["bought"] is True
    assert len(resources.emulator.requests) == before


def test_deleting_leaves_it_and_says_that_it_goes_on_costing_money(resources: Resources) -> None:
    (warning,) = resources.delete(TOKEN, resources.create(TOKEN))
    assert f"{BOUGHT} stays in the account and goes on costing money -> cancel it" in warning
    assert BOUGHT in addresses(resources)


def test_one_that_was_given_back_is_gone(resources: Resources) -> None:
    state = resources.create(TOKEN)
    resources.emulator.state.remove("sendgrid", "ips", state.id)
    assert resources.read(TOKEN, state) is None


def test_it_survives_destroy_by_default() -> None:
    assert find(TOKEN).kept
    assert CASES[TOKEN].place is None
