"""What every resource must have beside its declaration: whichever was forgotten is named here."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

import pytest

from providers.declaration import Declaration, all_declarations, find
from providers.errors import EngageError, OwnershipError
from providers.lifecycle import Lifecycle
from tests.providers.cases import CASES
from tests.providers.conftest import Resources
from tests.providers.test_dynamic import PINNED, provider_string

HERE = Path(__file__).parent
DECLARATIONS = all_declarations()
each = pytest.mark.parametrize("declaration", DECLARATIONS, ids=lambda declaration: declaration.token)


@each
def test_it_has_a_lifecycle_that_does_every_step(declaration: Declaration) -> None:
    for step in ("create", "read", "update", "delete"):
        assert getattr(type(declaration.lifecycle), step) is not getattr(Lifecycle, step)


@each
def test_its_calls_are_emulated(resources: Resources, declaration: Declaration) -> None:
    token, case = declaration.token, CASES[declaration.token]
    with suppress(EngageError):  # of a 501, named below; any other refusal is told by the tests of the whole lifecycle
        resources.make_needs(token)
        state = resources.create(token)
        resources.read(token, state)
        for field, value in case.changes.items():
            with suppress(EngageError):
                if case.reopen:
                    case.reopen(resources.emulator, state.id)
                resources.update(token, state, {**case.inputs, field: value, **case.alongside.get(field, {})})
        resources.delete(token, state)
    calls = {f"{entry.method} {entry.host}{entry.path}" for entry in resources.emulator.requests if entry.status == 501}
    assert not calls, f"emulator/{declaration.module}/ does not emulate {', '.join(sorted(calls))}"
    assert resources.emulator.requests or case.fixtures, "nothing stands in for its vendor"


@pytest.mark.parametrize(("token", "field"), [(t, f) for t, case in CASES.items() for f in case.replacements])
def test_a_replacement_is_made_beside_what_it_replaces_or_refused(resources: Resources, token: str, field: str) -> None:
    """The engine makes the new object first; `find` must not take the old one for it."""
    if find(token).lifecycle.delete_first:
        return  # there can be no second one
    resources.make_needs(token)
    old = resources.create(token)
    case = CASES[token]
    inputs = {field: case.replacements[field], **case.alongside.get(field, {})}
    try:
        new = resources.create(token, allow_replacement=True, **inputs)
    except OwnershipError:  # the place is taken by the old one, which says what to do
        assert resources.read(token, old) == old
        return
    assert new.id != old.id
    resources.delete(token, old)
    assert resources.read(token, new) == new


@each
def test_every_field_that_replaces_has_an_example(declaration: Declaration) -> None:
    if any(spec.tagged for spec in declaration.inputs.values()):  # others have a natural key that tells them apart
        replacing = {name for name, spec in declaration.inputs.items() if spec.replaces and spec.sent != "never"}
        examples = set(CASES[declaration.token].replacements)
        assert replacing <= examples, f"add {replacing - examples} to `replacements` in tests/providers/cases.py"


@each
def test_its_token_is_pinned(declaration: Declaration) -> None:
    line = f"{declaration.token} {provider_string(declaration.token)}"
    assert declaration.token in PINNED, f"add this line to tests/engine/golden/providers.txt, in order:\n{line}"


@each
def test_its_oddities_have_tests(declaration: Declaration) -> None:
    file = re.sub(r"(?<!^)(?=[A-Z])", "_", declaration.name).lower()
    path = HERE / declaration.module / f"test_{file}.py"
    assert path.exists(), f"add {path.relative_to(HERE.parents[1])}, with a test of each thing that it does otherwise"


@each
def test_it_says_where_the_vendor_describes_it(declaration: Declaration) -> None:
    assert "https://" in declaration.doc


@each
def test_every_field_says_what_it_is_for(declaration: Declaration) -> None:
    assert [spec.name for spec in declaration.fields.values() if not spec.doc.endswith((".", "?"))] == []


@each
def test_a_secret_input_is_compared_with_what_was_sent_and_never_with_the_vendors_answer(
    resources: Resources, declaration: Declaration
) -> None:
    """Vendors show none, or stars in its place: either would be a change in every run."""
    client = resources.base_client(declaration.token)
    secret = [spec for spec in declaration.inputs.values() if spec.secret]
    sent = {spec.name: "sent" for spec in secret}
    shown = {client.reply_name(spec.wire or client.wire_name(spec.name)): "****" for spec in secret}
    assert declaration.lifecycle.drifted(client, shown, sent) == sent
    other = declaration.lifecycle.diff(sent, {spec.name: "other" for spec in secret}).changed
    assert {spec.name for spec in secret if not spec.write_once} == set(other) & set(sent)


@each
def test_what_replaces_does_not_come_from_an_output_of_another_resource(declaration: Declaration) -> None:
    """An update's preview makes outputs unknown: a child with one in a replacing field would preview as replaced."""
    assert [spec.name for spec in declaration.outputs.values() if spec.replaces] == []
