"""A connection is two ids: it is there or it is not."""

from __future__ import annotations

import pytest

from providers.declaration import find
from providers.errors import VendorError
from tests.providers.cases import CASES
from tests.providers.conftest import Resources
from tests.support import segment_objects

TOKEN = "segment:TrackingPlanSource"


def test_its_id_is_both_ids(resources: Resources) -> None:
    resources.make_needs(TOKEN)
    state = resources.create(TOKEN)
    assert state.id == f"{segment_objects.TRACKING_PLAN}/{segment_objects.SOURCE}"


def test_one_that_is_there_is_not_made_again(resources: Resources) -> None:
    resources.make_needs(TOKEN)
    assert resources.create(TOKEN) == resources.create(TOKEN)
    assert len(resources.sent("POST", "/sources")) == 2, "the source itself, and the connection once"


def test_a_source_of_another_plan_is_left_to_that_one(resources: Resources) -> None:
    resources.make_needs(TOKEN)
    resources.create(TOKEN)
    with pytest.raises(VendorError, match="connected to another tracking plan"):
        resources.create(TOKEN, tracking_plan_id=segment_objects.OTHER_TRACKING_PLAN)


@pytest.mark.parametrize("gone", ["sources", "tracking_plans"])
def test_without_its_plan_or_its_source_it_is_gone(resources: Resources, gone: str) -> None:
    resources.make_needs(TOKEN)
    state = resources.create(TOKEN)
    id_ = segment_objects.SOURCE if gone == "sources" else segment_objects.TRACKING_PLAN
    resources.emulator.state.remove("segment", gone, id_)
    assert resources.read(TOKEN, state) is None
    resources.delete(TOKEN, state)


def test_both_ids_make_another_connection() -> None:
    inputs = CASES[TOKEN].inputs
    for field in inputs:
        assert find(TOKEN).lifecycle.diff(inputs, {**inputs, field: "x"}).replaces == [field]
