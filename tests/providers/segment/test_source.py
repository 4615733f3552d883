"""A source is told apart by the tag in its slug, and named in a second call."""

from __future__ import annotations

import pytest

from providers.declaration import find, tag
from providers.errors import Ambiguous, OwnershipError
from tests.providers.cases import CASES, MARKER
from tests.providers.conftest import Resources

TOKEN = "segment:Source"


def test_its_slug_bears_the_owners_tag_and_reads_back_without(resources: Resources) -> None:
    state = resources.create(TOKEN)
    assert resources.emulator.state.collection("segment", "sources")[state.id]["slug"] == f"example-{tag(MARKER)}"
    assert state.values["slug"] == "example"


def test_a_name_that_could_not_be_given_is_given_by_the_next_run(resources: Resources) -> None:
    resources.emulator.fault(method="PATCH", drop="before", times=9)
    with pytest.raises(Ambiguous):
        resources.create(TOKEN)
    state = resources.create(TOKEN)
    assert len(resources.sent("POST")) == 1
    read = resources.read(TOKEN, state)
    assert read is not None
    assert read.values["name"] == "Example"


def test_without_a_name_no_second_call_is_made(resources: Resources) -> None:
    resources.create(TOKEN, name=None)
    assert resources.sent("PATCH") == []


def test_what_was_left_of_another_kind_is_an_error_that_says_what_to_do(resources: Resources) -> None:
    resources.create(TOKEN)
    with pytest.raises(OwnershipError, match="its metadata_id cannot be changed to what is asked for -> ask for"):
        resources.create(TOKEN, metadata_id="IqDTy1TpoU")


def test_its_write_keys_are_secret() -> None:
    assert find(TOKEN).fields["write_keys"].secret


def test_a_slug_that_segment_would_refuse_is_refused_before(resources: Resources) -> None:
    given = {**CASES[TOKEN].inputs, "marker": MARKER, "slug": "Not a slug"}
    (failure,) = find(TOKEN).lifecycle.check({}, given).failures
    assert failure.startswith("slug: string should match pattern")
