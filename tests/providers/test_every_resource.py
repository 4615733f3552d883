"""The whole lifecycle of every resource, against the emulator: what a new declaration has to live up to."""

from __future__ import annotations

import pytest

from providers.declaration import Declaration, all_declarations, find
from providers.errors import Ambiguous
from tests.providers.cases import CASES, SUBUSER
from tests.providers.conftest import Resources

TOKENS = sorted(CASES)
CHANGES = [(token, field) for token in TOKENS for field in sorted(CASES[token].changes)]


def changeable(declaration: Declaration) -> set[str]:
    return {
        name
        for name, spec in declaration.inputs.items()
        if not (spec.replaces or spec.write_once or spec.kind == "marker" or (spec.secret and spec.sent == "never"))
    }


@pytest.mark.parametrize("declaration", all_declarations(), ids=lambda declaration: declaration.token)
def test_every_resource_has_an_example_that_changes_every_field(declaration: Declaration) -> None:
    changes, expected = set(CASES[declaration.token].changes), changeable(declaration)
    assert changes == expected, f"`changes` in tests/providers/cases.py: {changes ^ expected} missing or too many"


@pytest.mark.parametrize("token", TOKENS)
def test_what_was_made_reads_back_without_a_change(resources: Resources, token: str) -> None:
    resources.make_needs(token)
    state = resources.create(token)
    assert resources.changed(token, state, CASES[token].inputs) == []
    assert resources.read(token, state) == state


@pytest.mark.parametrize(("token", "field"), CHANGES)
def test_each_field_changes_in_place_and_back_again(resources: Resources, token: str, field: str) -> None:
    case = CASES[token]
    resources.make_needs(token)
    state = resources.create(token)
    inputs = {**case.inputs, field: case.changes[field], **case.alongside.get(field, {})}
    expected = {field, *case.alongside.get(field, {})}
    assert set(resources.changed(token, state, inputs)) == expected
    if case.reopen:
        case.reopen(resources.emulator, state.id)
    updated = resources.update(token, state, inputs)
    assert resources.read(token, updated) == updated
    assert updated.values[field] == case.changes[field]
    if field in case.one_way:
        return
    if case.reopen:
        case.reopen(resources.emulator, state.id)
    restored = resources.update(token, updated, case.inputs)
    assert resources.read(token, restored) == restored
    assert resources.changed(token, restored, case.inputs) == []


@pytest.mark.parametrize("token", [token for token in TOKENS if CASES[token].drift])
def test_drift_is_found_and_mended(resources: Resources, token: str) -> None:
    case = CASES[token]
    resources.make_needs(token)
    state = resources.create(token)
    case.alter(resources.emulator, state.id)
    found = resources.read(token, state)
    assert found is not None
    assert {name: found.values[name] for name in case.drift} == case.drift
    assert resources.changed(token, found, case.inputs) == list(case.drift)
    mended = resources.update(token, found, case.inputs)
    again = resources.read(token, mended)
    assert again is not None
    # What was there in between may show in an output, as that an IP's warm-up was begun and stopped.
    inputs = find(token).inputs
    assert {name: again.values[name] for name in inputs} == {name: state.values[name] for name in inputs}
    assert again == mended


@pytest.mark.parametrize("token", [token for token in TOKENS if CASES[token].place])
def test_what_was_deleted_is_gone_and_deleting_it_again_succeeds(resources: Resources, token: str) -> None:
    resources.make_needs(token)
    state = resources.create(token)
    resources.delete(token, state)
    assert resources.read(token, state) is None
    resources.delete(token, state)


@pytest.mark.parametrize("token", [token for token in TOKENS if CASES[token].place])
def test_what_somebody_removed_is_reported_as_gone(resources: Resources, token: str) -> None:
    place = CASES[token].place
    assert place is not None
    resources.make_needs(token)
    state = resources.create(token)
    resources.emulator.state.remove(*place, state.id)
    assert resources.read(token, state) is None


@pytest.mark.parametrize("token", [token for token in TOKENS if "sendgrid:Subuser" in CASES[token].needs])
@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_child_whose_subuser_is_gone_is_gone(resources: Resources, token: str, status: int) -> None:
    resources.make_needs(token)
    state = resources.create(token)
    resources.emulator.state.alter("sendgrid", "switches", "on_behalf_of_missing_subuser", status=status)
    resources.emulator.state.remove("sendgrid", "subusers", SUBUSER)
    assert resources.read(token, state) is None
    resources.delete(token, state)


@pytest.mark.parametrize("token", [token for token in TOKENS if CASES[token].place])
@pytest.mark.parametrize("loss", [{"drop": "after"}, {"drop": "before"}], ids=["done", "not-done"])
def test_a_lost_reply_never_makes_two(resources: Resources, token: str, loss: dict[str, str]) -> None:
    place = CASES[token].place
    assert place is not None
    resources.make_needs(token)
    present = set(resources.emulator.state.collection(*place))
    resources.emulator.fault(method="POST", **loss)
    try:
        state = resources.create(token)
    except Ambiguous:  # whose message says to run the same command again
        state = resources.create(token)
    assert set(resources.emulator.state.collection(*place)) - present == {state.id}
    assert resources.changed(token, state, CASES[token].inputs) == []


@pytest.mark.parametrize("token", TOKENS)
def test_what_exists_can_be_looked_up_by_its_id(resources: Resources, token: str) -> None:
    case = CASES[token]
    resources.make_needs(token)
    state = resources.create(token)
    written = [entry for entry in resources.emulator.requests if entry.method != "GET"]
    found = resources.look_up(token, state.id, **{name: state.values[name] for name in case.known})
    assert found is not None
    specs = find(token).fields
    hidden = {n for n, spec in specs.items() if spec.sent == "never" or spec.write_once or spec.tagged or spec.secret}
    told = set(case.inputs) - hidden - case.hidden - set(case.known)
    assert {name: found.values.get(name) for name in told} == {name: state.values[name] for name in told}
    assert [entry for entry in resources.emulator.requests if entry.method != "GET"] == written
    outputs = [resources.base_client(token).account(), *(state.values.get(name) for name in find(token).outputs)]
    assert any(value is not None for value in outputs), "a refresh would take it for a look-up"
    if case.place:
        resources.emulator.state.remove(*case.place, state.id)
        assert resources.look_up(token, state.id, **{name: state.values[name] for name in case.known}) is None
