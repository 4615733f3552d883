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
    assert resources.emulator.state.collection("segment", "sources")[state.id]["slug"] == state.values["full_slug"]
    assert state.values["full_slug"] == f"example-{tag(MARKER, ['metadata_id', CASES[TOKEN].inputs['metadata_id']])}"
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


def test_adopting_one_of_another_kind_is_an_error_that_says_what_to_do(resources: Resources) -> None:
    other = resources.create(TOKEN)
    with pytest.raises(OwnershipError, match="its metadata_id cannot be changed to what is asked for -> ask for"):
        resources.create(TOKEN, metadata_id="IqDTy1TpoU", adopt=other.id)


def test_a_change_of_kind_is_refused_without_consent_as_it_takes_the_write_keys(resources: Resources) -> None:
    state = resources.create(TOKEN)
    (failure,) = (
        find(TOKEN).lifecycle.check(state.values, {**CASES[TOKEN].inputs, "metadata_id": "IqDTy1TpoU"}).failures
    )
    assert failure.startswith(
        "metadata_id: cannot change on an existing Source: a new one would be made and the old one"
    )
    assert "deleted" in failure


def test_settings_that_the_vendor_adds_are_no_drift(resources: Resources) -> None:
    state = resources.create(TOKEN, settings={"a": 1})
    resources.emulator.state.alter("segment", "sources", state.id, settings={"a": 1, "added": True})
    assert resources.read(TOKEN, state) == state


def test_a_slug_without_the_tag_is_ours_no_more_until_the_next_update(resources: Resources) -> None:
    state = resources.create(TOKEN)
    resources.emulator.state.alter("segment", "sources", state.id, slug="example")
    found = resources.read(TOKEN, state)
    assert found is not None
    assert resources.changed(TOKEN, found, CASES[TOKEN].inputs) == ["marker"]
    resources.update(TOKEN, found, CASES[TOKEN].inputs)
    assert resources.read(TOKEN, state) == state


def test_its_write_keys_are_secret() -> None:
    assert find(TOKEN).fields["write_keys"].secret


def test_a_slug_that_segment_would_refuse_is_refused_before(resources: Resources) -> None:
    given = {**CASES[TOKEN].inputs, "marker": MARKER, "slug": "Not a slug"}
    (failure,) = find(TOKEN).lifecycle.check({}, given).failures
    assert failure.startswith("slug: string should match pattern")


def test_an_adopted_source_is_not_deleted_unless_that_is_asked_for(resources: Resources) -> None:
    there = resources.create(TOKEN, slug="there").id
    inputs = {**CASES[TOKEN].inputs, "adopt": there}
    adopted = resources.create(TOKEN, adopt=there)
    forgotten = resources.update(TOKEN, adopted, CASES[TOKEN].inputs)  # it stays adopted
    (warning,) = resources.delete(TOKEN, forgotten)
    assert "stays with its settings, as it was taken over" in warning
    source = resources.emulator.state.collection("segment", "sources")[there]
    assert source["slug"] == "example", "with the tag, it would count as made by us"
    adopted = resources.create(TOKEN, adopt=there)
    asked = resources.update(TOKEN, adopted, {**inputs, "delete_adopted": True})
    resources.delete(TOKEN, asked)
    assert resources.read(TOKEN, adopted) is None
