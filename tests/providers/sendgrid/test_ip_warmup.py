"""A warm-up begins once, when it is asked for, and what became of it is told apart."""

from __future__ import annotations

import time
from typing import Any

import pytest

from providers.declaration import find
from providers.errors import EngageError, NotFound, OwnershipError
from providers.lifecycle import State
from tests.providers.conftest import Resources

TOKEN = "sendgrid:IpWarmup"
ADDRESS = "192.0.2.10"
DAY = 86_400
AUTOMATED = {"ip": ADDRESS, "mode": "automated", "accept_delays": True}


def begun(resources: Resources) -> int:
    return len(resources.sent("POST", "/ips/warmup"))


def address(resources: Resources, **changes: Any) -> dict[str, Any]:
    record = resources.emulator.state.collection("sendgrid", "ips")[ADDRESS]
    record.update(changes)
    return record


def read(resources: Resources, state: State) -> dict[str, Any]:
    found = resources.read(TOKEN, state)
    assert found is not None
    return found.values


@pytest.mark.parametrize("mode", ["off", "manual"])
def test_nothing_is_sent_until_it_is_automated(resources: Resources, mode: str) -> None:
    state = resources.create(TOKEN, mode=mode)
    assert {entry.method for entry in resources.emulator.requests} == {"GET"}
    assert (state.id, state.values["state"], state.values["start_date"]) == (ADDRESS, "never", None)


def test_off_is_what_it_is_unless_it_is_said() -> None:
    assert find(TOKEN).lifecycle.check({}, {"ip": ADDRESS}).inputs["mode"] == "off"


def test_it_begins_once_and_neither_a_refresh_nor_the_next_up_begins_it_again(resources: Resources) -> None:
    state = resources.create(TOKEN, **AUTOMATED)
    assert (state.values["state"], begun(resources)) == ("warming", 1)
    assert resources.read(TOKEN, state) == state
    assert resources.changed(TOKEN, state, AUTOMATED) == []
    again = resources.create(TOKEN, **AUTOMATED)
    assert (again.values, begun(resources)) == (state.values, 1)


def test_one_that_has_ended_is_completed_and_not_begun_again(resources: Resources) -> None:
    state = resources.create(TOKEN, **AUTOMATED)
    address(resources, start_date=int(time.time()) - 50 * DAY)
    values = read(resources, state)
    assert values["state"] == "completed"
    assert resources.changed(TOKEN, State(state.id, values), AUTOMATED) == []
    assert resources.create(TOKEN, **AUTOMATED).values["state"] == "completed"
    assert begun(resources) == 1


@pytest.mark.parametrize("keeps", [True, False], ids=["start shown", "start forgotten"])
def test_one_that_somebody_stopped_is_told_from_one_that_never_began(resources: Resources, keeps: bool) -> None:
    """What SendGrid shows of it is not documented: both are read alike."""
    resources.emulator.state.alter("sendgrid", "switches", "stopped_warmup", keeps_start_date=keeps)
    state = resources.create(TOKEN, **AUTOMATED)
    resources.client(TOKEN).send("DELETE", f"/v3/ips/warmup/{ADDRESS}")
    values = read(resources, state)
    assert (values["state"], values["start_date"]) == ("stopped", state.values["start_date"])
    assert values["mode"] == "automated"
    assert resources.changed(TOKEN, State(state.id, values), AUTOMATED) == []
    assert begun(resources) == 1


def test_one_that_was_stopped_does_not_become_completed_with_time(resources: Resources) -> None:
    state = resources.create(TOKEN, **AUTOMATED)
    stopped = resources.update(TOKEN, state, {**AUTOMATED, "mode": "off"})
    assert stopped.values["state"] == "stopped"
    old = int(time.time()) - 50 * DAY
    address(resources, start_date=old)
    assert read(resources, State(state.id, {**stopped.values, "start_date": old}))["state"] == "stopped"


def test_setting_it_off_stops_it(resources: Resources) -> None:
    state = resources.create(TOKEN, **AUTOMATED)
    resources.update(TOKEN, state, {**AUTOMATED, "mode": "off"})
    assert address(resources)["warming"] is False


def test_one_that_ended_meanwhile_is_stopped_already(resources: Resources) -> None:
    state = resources.create(TOKEN, **AUTOMATED)
    resources.emulator.fault(method="DELETE", path="warmup", status=404)
    resources.update(TOKEN, state, {**AUTOMATED, "mode": "manual"})


@pytest.mark.parametrize("mode", ["off", "manual"])
def test_one_that_runs_already_is_neither_stopped_nor_taken_in_silence(resources: Resources, mode: str) -> None:
    address(resources, warming=True, start_date=int(time.time()))
    with pytest.raises(
        OwnershipError, match=r"is being warmed up already.* -> set mode to 'automated' to take it over"
    ):
        resources.create(TOKEN, mode=mode)
    assert resources.create(TOKEN, **AUTOMATED).values["state"] == "warming"
    assert begun(resources) == 0


def test_after_a_lost_reply_it_is_seen_that_it_began(resources: Resources) -> None:
    resources.emulator.fault(method="POST", drop="after")
    assert resources.create(TOKEN, **AUTOMATED).values["state"] == "warming"
    assert begun(resources) == 1


def test_a_lost_request_says_to_run_again(resources: Resources) -> None:
    resources.emulator.fault(method="POST", drop="before")
    with pytest.raises(EngageError, match="run the same command again"):
        resources.create(TOKEN, **AUTOMATED)
    assert resources.create(TOKEN, **AUTOMATED).values["state"] == "warming"


def test_raising_the_generation_warms_a_warm_ip_up_once_more(resources: Resources) -> None:
    state = resources.create(TOKEN, **AUTOMATED)
    address(resources, start_date=int(time.time()) - 50 * DAY)
    completed = State(state.id, read(resources, state))
    again = resources.update(TOKEN, completed, {**AUTOMATED, "generation": 2})
    assert (again.values["state"], begun(resources)) == ("warming", 2)


def test_raising_the_generation_leaves_one_that_runs_alone(resources: Resources) -> None:
    state = resources.create(TOKEN, **AUTOMATED)
    resources.update(TOKEN, state, {**AUTOMATED, "generation": 2})
    assert begun(resources) == 1


def test_switching_it_on_leaves_a_warm_ip_alone(resources: Resources) -> None:
    address(resources, start_date=int(time.time()) - 50 * DAY)
    state = resources.create(TOKEN)
    assert resources.update(TOKEN, state, AUTOMATED).values["state"] == "completed"
    assert begun(resources) == 0


@pytest.fixture
def _two_ips(resources: Resources) -> None:
    second = {"ip": "192.0.2.11", "region": "global", "start_date": None}
    resources.emulator.state.collection("sendgrid", "ips")["192.0.2.11"] = second


REASON = "tried again for 72 hours and then lost -> set mode to 'manual'.*or set accept_delays"


def test_alone_it_needs_consent_and_says_why(resources: Resources) -> None:
    with pytest.raises(EngageError, match=REASON):
        resources.create(TOKEN, mode="automated", accept_delays=False)
    assert begun(resources) == 0


@pytest.mark.usefixtures("_two_ips")
def test_a_warm_ip_of_somebody_else_is_no_company(resources: Resources) -> None:
    resources.create("sendgrid:Subuser", ips=[ADDRESS])
    with pytest.raises(EngageError, match=REASON):
        resources.create(TOKEN, mode="automated", accept_delays=False)


@pytest.mark.usefixtures("_two_ips")
def test_an_ip_that_warms_up_itself_is_no_company(resources: Resources) -> None:
    resources.create("sendgrid:Subuser", ips=[ADDRESS, "192.0.2.11"])
    resources.create(TOKEN, ip="192.0.2.11", mode="automated", accept_delays=False)
    with pytest.raises(EngageError, match=REASON):
        resources.create(TOKEN, mode="automated", accept_delays=False)


@pytest.mark.usefixtures("_two_ips")
@pytest.mark.parametrize("assigned", [[ADDRESS, "192.0.2.11"], []], ids=["of the same subuser", "of the same account"])
def test_with_another_warm_ip_no_consent_is_needed(resources: Resources, assigned: list[str]) -> None:
    resources.create("sendgrid:Subuser", ips=assigned)
    assert resources.create(TOKEN, mode="automated", accept_delays=False).values["state"] == "warming"


def test_deleting_leaves_a_warm_up_as_it_is(resources: Resources) -> None:
    state = resources.create(TOKEN, **AUTOMATED)
    resources.delete(TOKEN, state)
    assert address(resources)["warming"] is True


def test_an_ip_that_is_gone_takes_it_along(resources: Resources) -> None:
    state = resources.create(TOKEN)
    resources.emulator.state.remove("sendgrid", "ips", ADDRESS)
    assert resources.read(TOKEN, state) is None


def test_an_ip_that_the_account_does_not_have_is_named(resources: Resources) -> None:
    with pytest.raises(NotFound, match=r"no IP 192\.0\.2\.99 -> name a dedicated IP of this account"):
        resources.create(TOKEN, ip="192.0.2.99")
