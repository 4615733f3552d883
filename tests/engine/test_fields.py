"""Every field of every resource that can change in place does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from tests.engine.runs import Run
from tests.engine.specimens import SUBUSER, Inputs, name, needed, rounds
from tests.engine.whole import AWAITING, WAITING, Whole
from tests.providers.cases import CASES


@dataclass
class Round:
    """Some fields of some resources changed at once."""

    changed: set[str]
    """The resources."""
    fields: dict[str, Inputs]
    """By resource, those that were changed to what the examples have."""
    previewed: Run
    up: Run
    outputs: dict[str, Any]
    waiting: set[str]
    """What then waits for people, or for a key that works: a refresh would try it again."""
    found: Run
    """What a refresh would then find."""


def _plan(whole: Whole) -> list[dict[str, Inputs]]:
    """The inputs of all in each round. What others need begins one round before they do."""
    kinds = {which: declared["type"] for which, declared in whole.resources.items()}
    plain = {which: declared["inputs"] for which, declared in whole.resources.items()}
    planned = {which: rounds(kinds[which], inputs) for which, inputs in plain.items()}
    plans = {which: [plain[which]] * (which not in needed()) + inputs for which, (inputs, _) in planned.items()}
    return [
        {which: plan[number] if number < len(plan) else planned[which][1] for which, plan in plans.items()}
        for number in range(max(map(len, plans.values())))
    ]


@pytest.fixture(scope="module")
def story(whole: Whole) -> list[Round]:
    assert (up := whole.project.bring_up()).ok, up.output
    before, ids = {which: declared["inputs"] for which, declared in whole.resources.items()}, whole.ids()
    result = []
    for inputs in _plan(whole):
        for each in inputs.values():
            if isinstance(records := each.get("dns_records"), list):
                whole.project.publish_records(records)
        whole.declare(**inputs)
        changed = {which for which in inputs if inputs[which] != before[which]}
        fields = {
            which: {
                field: value
                for field, value in CASES[whole.resources[which]["type"]].changes.items()
                if inputs[which].get(field, field) == value != before[which].get(field, field)
            }
            for which in changed
        }
        project = whole.project
        for which in changed:
            if reopen := CASES[whole.resources[which]["type"]].reopen:
                reopen(whole.emulator, ids[which])
        previewed, up, outputs = project.preview(), project.up(), project.outputs()
        if AWAITING & project.pending().keys():  # other records than before
            project.publish()
            assert (settled := project.up()).ok, settled.output
        found = project.preview_refresh()
        result.append(Round(changed, fields, previewed, up, outputs, {*project.pending()}, found))
        before = inputs
    return result


def test_every_field_that_can_change_has_its_turn(story: list[Round], whole: Whole) -> None:
    turns = {(which, field) for each in story for which, fields in each.fields.items() for field in fields}
    kinds = {which: CASES[declared["type"]] for which, declared in whole.resources.items()}
    assert turns == {(which, field) for which, case in kinds.items() for field in case.changes}


def test_a_field_that_can_change_in_place_previews_as_that(story: list[Round]) -> None:
    """An update makes outputs unknown, so that those who refer to one may change as well, but are not replaced."""
    for each in story:
        assert each.previewed.ok, each.previewed.output
        assert each.previewed.changes.keys() >= each.changed
        assert set(each.previewed.changes.values()) == {"update"}


def test_a_field_that_can_change_in_place_does_so(story: list[Round]) -> None:
    for each in story:
        assert each.up.ok, each.up.output
        assert set(each.up.changes.values()) == {"update"}
        assert each.changed <= each.up.changes.keys() <= each.changed | WAITING, "records change with their domain"
        for which, fields in each.fields.items():
            assert {field: each.outputs[which][field] for field in fields} == fields


def test_what_was_sent_is_what_the_vendors_have(story: list[Round]) -> None:
    """The key of a subuser that is disabled opens nothing, which its check sees."""
    for each in story:
        disabled = each.fields.get(name(SUBUSER), {}).get("disabled")
        expected = each.waiting | ({name("sendgrid:KeyCheck")} if disabled else set())
        assert each.found.changes == dict.fromkeys(expected, "update")
        assert not each.waiting & AWAITING
