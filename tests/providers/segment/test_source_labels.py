"""Labels let people in: those of others stay whatever happens to ours."""

from __future__ import annotations

from typing import Any

import pytest

from providers.declaration import find
from providers.errors import Ambiguous, NotFound
from providers.lifecycle import State
from tests.providers.cases import CASES
from tests.providers.conftest import Resources
from tests.support import segment_objects

TOKEN = "segment:SourceLabels"
DEV, PROD, CRM = (
    {"key": key, "value": value} for key, value in (("environment", "dev"), ("environment", "prod"), ("team", "crm"))
)


@pytest.fixture
def labelled(resources: Resources) -> Resources:
    """A source that somebody gave the label environment:prod."""
    resources.make_needs(TOKEN)
    resources.emulator.state.alter("segment", "sources", segment_objects.SOURCE, labels=[PROD])
    return resources


def on_source(resources: Resources) -> list[dict[str, str]]:
    labels: list[dict[str, str]] = resources.emulator.state.collection("segment", "sources")[segment_objects.SOURCE][
        "labels"
    ]
    return labels


def given(*labels: dict[str, str]) -> dict[str, Any]:
    return {**CASES[TOKEN].inputs, "labels": list(labels)}


def test_labels_of_others_stay_through_its_whole_life(labelled: Resources) -> None:
    state = labelled.create(TOKEN, labels=[DEV])
    assert on_source(labelled) == [PROD, DEV]
    assert labelled.read(TOKEN, state) == state
    state = labelled.update(TOKEN, state, given(CRM))
    assert on_source(labelled) == [PROD, CRM]
    labelled.delete(TOKEN, state)
    assert on_source(labelled) == [PROD]


def test_one_that_the_source_had_before_stays_after_it(labelled: Resources) -> None:
    state = labelled.create(TOKEN, labels=[DEV, PROD])
    assert state.values["had_before"] == [PROD]
    labelled.delete(TOKEN, state)
    assert on_source(labelled) == [PROD]


def test_one_that_is_declared_later_and_was_there_stays_too(labelled: Resources) -> None:
    state = labelled.create(TOKEN, labels=[DEV])
    state = labelled.update(TOKEN, state, given(DEV, PROD))
    assert state.values["had_before"] == [PROD]
    state = labelled.update(TOKEN, state, given(DEV))
    assert on_source(labelled) == [PROD, DEV]
    assert state.values["had_before"] == []


def test_the_order_means_nothing(labelled: Resources) -> None:
    state = labelled.create(TOKEN, labels=[DEV, CRM])
    assert labelled.changed(TOKEN, state, given(CRM, DEV)) == []


def test_a_label_that_the_workspace_lacks_is_made_and_left_there(labelled: Resources) -> None:
    state = labelled.create(TOKEN, labels=[CRM, DEV])
    assert [body["label"] for body in labelled.sent("POST", "/labels") if "label" in body] == [CRM]
    labelled.delete(TOKEN, state)
    assert CRM in labelled.emulator.state.collection("segment", "labels").values()


@pytest.mark.parametrize("loss", ["before", "after"])
def test_a_lost_reply_makes_no_label_twice(labelled: Resources, loss: str) -> None:
    labelled.emulator.fault(method="POST", path="^/labels$", drop=loss)
    if loss == "before":
        with pytest.raises(Ambiguous):
            labelled.create(TOKEN, labels=[CRM])
    labelled.create(TOKEN, labels=[CRM])
    assert on_source(labelled) == [PROD, CRM]


def test_where_nothing_is_to_do_nothing_is_sent(labelled: Resources) -> None:
    state = labelled.create(TOKEN, labels=[PROD])
    labelled.delete(TOKEN, state)
    assert {entry.method for entry in labelled.emulator.requests if "/labels" in entry.path} == set()


def test_a_source_that_is_gone_takes_its_labels_along(labelled: Resources) -> None:
    state = labelled.create(TOKEN)
    labelled.emulator.state.remove("segment", "sources", segment_objects.SOURCE)
    assert labelled.read(TOKEN, state) is None
    labelled.delete(TOKEN, state)
    with pytest.raises(NotFound):
        labelled.create(TOKEN)


def test_its_id_is_the_sources_so_that_another_source_is_another_object(labelled: Resources) -> None:
    state: State = labelled.create(TOKEN)
    assert state.id == segment_objects.SOURCE
    assert find(TOKEN).lifecycle.diff(state.values, {**state.values, "source_id": "x"}).replaces == ["source_id"]


@pytest.mark.parametrize("label", [{"key": "a"}, {"key": "a", "value": ""}, {"key": "a", "value": "b", "c": "d"}])
def test_a_label_has_a_key_and_a_value(label: dict[str, str]) -> None:
    (failure,) = find(TOKEN).lifecycle.check({}, given(label)).failures
    assert failure == "labels[0]: must be {'key': ..., 'value': ...}, like environment and dev"
