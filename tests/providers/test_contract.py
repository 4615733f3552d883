"""What every resource must have beside its declaration: whichever was forgotten is named here."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from providers.declaration import Declaration, all_declarations
from providers.lifecycle import Lifecycle
from tests.providers.cases import CASES
from tests.providers.conftest import Resources
from tests.providers.test_dynamic import PINNED

HERE = Path(__file__).parent
DECLARATIONS = all_declarations()
each = pytest.mark.parametrize("declaration", DECLARATIONS, ids=lambda declaration: declaration.token)


@each
def test_it_has_a_lifecycle_that_does_every_step(declaration: Declaration) -> None:
    for step in ("create", "read", "update", "delete"):
        assert getattr(type(declaration.lifecycle), step) is not getattr(Lifecycle, step)


@each
def test_its_calls_are_emulated(resources: Resources, declaration: Declaration) -> None:
    resources.make_needs(declaration.token)
    resources.create(declaration.token)
    assert resources.emulator.requests or CASES[declaration.token].fixtures, "nothing stands in for its vendor"
    assert not [entry for entry in resources.emulator.requests if entry.status == 501]


@each
def test_its_token_is_pinned(declaration: Declaration) -> None:
    assert declaration.token in PINNED, f"add {declaration.token} to PINNED in tests/providers/test_dynamic.py"


@each
def test_its_oddities_have_tests(declaration: Declaration) -> None:
    file = re.sub(r"(?<!^)(?=[A-Z])", "_", declaration.name).lower()
    assert (HERE / declaration.module / f"test_{file}.py").exists()


@each
def test_it_says_where_the_vendor_describes_it(declaration: Declaration) -> None:
    assert "https://" in declaration.doc


@each
def test_every_field_says_what_it_is_for(declaration: Declaration) -> None:
    assert [spec.name for spec in declaration.fields.values() if not spec.doc.endswith((".", "?"))] == []


@each
def test_nobody_can_read_back_a_secret_input_so_it_is_not_compared(declaration: Declaration) -> None:
    assert [spec.name for spec in declaration.inputs.values() if spec.secret and not spec.write_once] == []


@each
def test_what_replaces_does_not_come_from_an_output_of_another_resource(declaration: Declaration) -> None:
    """An update's preview makes outputs unknown: a child with one in a replacing field would preview as replaced."""
    assert [spec.name for spec in declaration.outputs.values() if spec.replaces] == []
