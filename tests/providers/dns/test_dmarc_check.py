"""A policy is proposed where there is none, and only there."""

from __future__ import annotations

import pytest

from emulator import Emulator
from providers.declaration import Values
from providers.lifecycle import State
from tests.providers.conftest import Resources

TOKEN = "dns:DmarcCheck"


def check(resources: Resources, domain: str, **zone: str | list[str]) -> State:
    records = resources.emulator.state.collection("dns", "zone")
    for host, data in zone.items():
        records[host.replace("__", ".")] = {"type": "txt", "data": data}
    return resources.create(TOKEN, domain=domain)


def seen(state: State | None) -> Values:
    assert state is not None
    return {name: state.values[name] for name in ("present", "existing", "status")}


def test_a_domain_without_a_policy_gets_one_proposed_that_asks_for_nothing(resources: Resources) -> None:
    state = check(resources, "Mail.Example.com", mail__example__com="v=spf1 -all")
    assert state.id == "mail.example.com"
    assert seen(state) == {"present": False, "existing": None, "status": "pending"}
    proposed = dict(state.values["proposed"])
    assert proposed.pop("purpose")
    assert proposed == {"type": "TXT", "host": "_dmarc.mail.example.com", "value": "v=DMARC1; p=none"}
    (reason,) = state.values["reasons"]
    assert "-> add the TXT record _dmarc.mail.example.com with the value v=DMARC1; p=none" in reason


@pytest.mark.parametrize("at", ["_dmarc__mail__example__com", "_dmarc__example__com"])
def test_a_policy_of_the_domain_or_of_one_above_it_is_left_as_it_is(resources: Resources, at: str) -> None:
    state = check(resources, "mail.example.com", **{at: ["v=DMARC1; p=reject", "something else"]})
    assert seen(state) == {"present": True, "existing": "v=DMARC1; p=reject", "status": "present"}
    assert (state.values["proposed"], state.values["reasons"]) == (None, [])


def test_another_text_at_that_place_is_no_policy(resources: Resources) -> None:
    assert check(resources, "example.com", _dmarc__example__com="v=spf1 -all").values["present"] is False


def test_nothing_is_proposed_where_dns_could_not_be_asked(resources: Resources, emu: Emulator) -> None:
    emu.state.collection("dns", "zone")["_dmarc.example.com"] = {"type": "rcode", "data": "SERVFAIL"}
    state = check(resources, "example.com")
    assert seen(state) == {"present": None, "existing": None, "status": "pending"}
    assert state.values["proposed"] is None
    assert "so it is not known whether there is a policy -> run the same command again" in state.values["reasons"][0]


def test_while_there_is_none_every_up_looks_again(resources: Resources) -> None:
    state = check(resources, "example.com")
    assert resources.changed(TOKEN, state, {"domain": "example.com"}) == ["status"]
    resources.emulator.state.collection("dns", "zone")["_dmarc.example.com"] = {
        "type": "txt",
        "data": "v=DMARC1;p=none",
    }
    updated = resources.update(TOKEN, state, {"domain": "example.com"})
    assert seen(updated) == {"present": True, "existing": "v=DMARC1;p=none", "status": "present"}
    assert resources.changed(TOKEN, updated, {"domain": "example.com"}) == []


def test_a_refresh_sees_a_policy_that_went_away(resources: Resources) -> None:
    state = check(resources, "example.com", _dmarc__example__com="v=DMARC1; p=none")
    resources.emulator.state.remove("dns", "zone", "_dmarc.example.com")
    assert seen(resources.read(TOKEN, state))["status"] == "pending"


def test_only_the_domain_and_the_resolver_decide_what_is_asked(resources: Resources, emu: Emulator) -> None:
    emu.state.collection("dns", "zone")["_dmarc.example.com"] = {"type": "txt", "data": "v=DMARC1; p=none"}
    state = resources.create(TOKEN, domain="example.com", nameservers=[emu.nameserver])
    assert seen(state)["present"] is True
