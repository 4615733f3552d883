"""What all three validations do: look first, ask then, wait for nobody, and never lose why."""

from __future__ import annotations

from typing import Any

import pytest

from emulator import Emulator
from emulator.store import Collection
from providers.declaration import find
from providers.errors import NotFound
from providers.lifecycle import State
from providers.sendgrid.validation import INTERVAL, Validation
from tests.providers.cases import CASES
from tests.providers.conftest import Resources

TOKENS = ["sendgrid:DomainValidation", "sendgrid:LinkValidation", "sendgrid:ReverseDnsValidation"]
COLLECTIONS = {TOKENS[0]: "domains", TOKENS[1]: "links", TOKENS[2]: "reverse_dns"}
DOMAIN = TOKENS[0]
each = pytest.mark.parametrize("token", TOKENS)


@pytest.fixture(autouse=True)
def _published(resources: Resources) -> None:
    resources.make_needs(DOMAIN)


def first_host(token: str) -> str:
    return str(CASES[token].inputs["dns_records"][0]["host"])


def said(state: State) -> tuple[bool, str, list[str]]:
    return state.values["valid"], state.values["status"], state.values["reasons"]


def asked(resources: Resources) -> int:
    return len(resources.sent("POST", "/validate"))


@each
def test_with_its_records_in_dns_it_is_valid_at_once(resources: Resources, token: str) -> None:
    state = resources.create(token)
    assert said(state) == (True, "valid", [])
    assert state.id == next(iter(CASES[token].inputs.values()))
    assert resources.emulator.state.collection("sendgrid", COLLECTIONS[token])[state.id]["valid"] is True


@each
def test_a_missing_record_is_named_and_sendgrid_is_not_asked(
    resources: Resources, published: Collection, token: str
) -> None:
    del published[first_host(token)]
    valid, status, (reason,) = said(resources.create(token))
    assert (valid, status) == (False, "pending")
    assert reason.startswith(f"{first_host(token)}: is not in DNS -> add")
    assert asked(resources) == 0


@each
def test_what_is_pending_is_tried_again_by_every_up_and_keeps_its_id(
    resources: Resources, published: Collection, token: str
) -> None:
    record = published.pop(first_host(token))
    state = resources.create(token)
    assert resources.changed(token, state, CASES[token].inputs) == ["status"]
    assert find(token).lifecycle.diff(state.values, resources.checked(token, CASES[token].inputs)).replaces == []
    published[first_host(token)] = record
    updated = resources.update(token, state, CASES[token].inputs)
    assert said(updated) == (True, "valid", [])
    assert resources.changed(token, updated, CASES[token].inputs) == []


@each
def test_without_records_to_look_up_sendgrid_is_asked_and_its_reasons_are_told(
    resources: Resources, published: Collection, token: str
) -> None:
    published.clear()
    state = resources.create(token, dns_records=None)
    valid, status, reasons = said(state)
    assert (valid, status, asked(resources)) == (False, "pending", 1)
    assert len(reasons) == len(CASES[token].inputs["dns_records"])
    assert all("SendGrid says: " in reason and " -> " in reason for reason in reasons)
    assert resources.read(token, state) == state


@each
def test_a_500_is_a_reason_and_no_failure(resources: Resources, token: str) -> None:
    resources.emulator.fault(method="POST", path="validate", status=500)
    valid, status, (reason,) = said(resources.create(token))
    assert (valid, status) == (False, "pending")
    assert reason.endswith("SendGrid could not look its records up just now -> run the same command again")
    assert asked(resources) == 1


def test_a_lost_reply_is_a_reason_and_a_read_finds_what_it_was(resources: Resources) -> None:
    resources.emulator.fault(method="POST", path="validate", drop="after")
    state = resources.create(DOMAIN)
    assert state.values["status"] == "pending"
    found = resources.read(DOMAIN, state)
    assert found is not None
    assert said(found) == (True, "valid", [])


def test_sendgrids_own_failed_look_up_changes_nothing(resources: Resources, published: Collection) -> None:
    published[first_host(DOMAIN)] = {"type": "rcode", "data": "SERVFAIL"}
    _, status, reasons = said(resources.create(DOMAIN))
    assert status == "pending"
    assert "so it is not known whether the CNAME record is there" in reasons[0]
    assert "SendGrid could not look its records up" in reasons[1]


def test_a_resolver_without_an_answer_does_not_keep_sendgrid_from_being_asked(
    resources: Resources, emu: Emulator
) -> None:
    """A look-up that failed here says nothing of what SendGrid sees."""
    records = [{"type": "A", "host": "o1.example.com", "value": "192.0.2.10"}]
    emu.state.collection("dns", "zone")["broken.example.com"] = {"type": "rcode", "data": "REFUSED"}
    broken = [*records, {"type": "A", "host": "broken.example.com", "value": "192.0.2.10"}]
    assert said(resources.create(TOKENS[2], dns_records=broken)) == (True, "valid", [])


def test_the_resolver_can_be_chosen(resources: Resources, emu: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()  # this machine's own resolver is no longer the emulator
    for variable, value in emu.credentials.items():
        monkeypatch.setenv(variable, value)
    assert resources.create(DOMAIN, nameservers=[emu.nameserver]).values["status"] == "valid"


@each
def test_a_refresh_sees_what_became_valid_without_us(resources: Resources, published: Collection, token: str) -> None:
    del published[first_host(token)]
    state = resources.create(token)
    resources.emulator.state.alter("sendgrid", COLLECTIONS[token], state.id, valid=True)
    found = resources.read(token, state)
    assert found is not None
    assert said(found) == (True, "valid", [])


@each
def test_an_object_that_is_gone_takes_its_validation_along(resources: Resources, token: str) -> None:
    state = resources.create(token)
    resources.emulator.state.remove("sendgrid", COLLECTIONS[token], state.id)
    assert resources.read(token, state) is None
    with pytest.raises(NotFound, match="-> it is gone, or belongs to another account"):
        resources.create(token)


@each
def test_removing_it_changes_nothing_at_sendgrid(resources: Resources, token: str) -> None:
    state = resources.create(token)
    before = len(resources.emulator.requests)
    resources.delete(token, state)
    assert len(resources.emulator.requests) == before
    assert resources.read(token, state) == state


def test_records_that_vanish_under_a_valid_object_are_a_warning(resources: Resources, published: Collection) -> None:
    state = resources.create(DOMAIN)
    del published[first_host(DOMAIN)]
    updated = resources.update(DOMAIN, state, CASES[DOMAIN].inputs)
    valid, status, (reason,) = said(updated)
    assert (valid, status) == (True, "valid")
    assert "is not in DNS" in reason
    assert resources.read(DOMAIN, updated) == updated
    assert asked(resources) == 1


class Time:
    """A clock that only sleeping moves, and what happens meanwhile."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []
        self.after: dict[int, Any] = {}

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept.append(seconds)
        self.after.get(len(self.slept), lambda: None)()


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    time = Time()
    lifecycle = find(DOMAIN).lifecycle
    assert isinstance(lifecycle, Validation)
    monkeypatch.setattr(lifecycle, "sleep", time.sleep)
    monkeypatch.setattr(lifecycle, "clock", lambda: time.now)
    return time


def test_without_a_wait_nothing_is_waited_for(resources: Resources, published: Collection, time: Time) -> None:
    published.clear()
    resources.create(DOMAIN)
    assert time.slept == []


def test_a_wait_ends_as_soon_as_it_is_valid(resources: Resources, published: Collection, time: Time) -> None:
    host = first_host(DOMAIN)
    record = published.pop(host)
    time.after[2] = lambda: published.update({host: record})
    state = resources.create(DOMAIN, wait_seconds=100)
    assert said(state) == (True, "valid", [])
    assert time.slept == [INTERVAL, INTERVAL]


def test_a_wait_ends_at_its_deadline_with_the_last_reasons(
    resources: Resources, published: Collection, time: Time
) -> None:
    published.clear()
    state = resources.create(DOMAIN, wait_seconds=40)
    assert state.values["status"] == "pending"
    assert len(state.values["reasons"]) == 3
    assert time.slept == [15.0, 15.0, 10.0]


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("domain_id", "em1", "match pattern"),
        ("dns_records", [{"type": "CNAME"}], "has no host, value"),
        ("nameservers", ["dns.example.com"], "is no resolver's address"),
        ("wait_seconds", -1, "greater than or equal to 0"),
        ("wait_seconds", 200_000, "less than or equal to 172800"),
    ],
)
def test_bad_input_is_refused_before_any_look_up(field: str, value: object, says: str) -> None:
    (failure,) = find(DOMAIN).lifecycle.check({}, {**CASES[DOMAIN].inputs, field: value}).failures
    assert failure.startswith(field)
    assert says in failure
