"""A plan and its rules are one thing here, though two at Segment, which rewrites the rules."""

from __future__ import annotations

from typing import Any

import pytest

from providers.declaration import find
from providers.errors import VendorError
from providers.lifecycle import State
from providers.segment.tracking_plan import IDENTITY_TRAITS
from tests.providers.cases import CASES, MARKER
from tests.providers.conftest import Resources

TOKEN = "segment:TrackingPlan"
INPUTS = CASES[TOKEN].inputs
RULE = CASES[TOKEN].changes["rules"][0]
IDENTIFY = {"type": "IDENTIFY", "json_schema": {"properties": {"traits": {"properties": {"plan": {}}}}}}


def rules(resources: Resources, state: State) -> list[dict[str, Any]]:
    plan = resources.emulator.state.collection("segment", "tracking_plans")[state.id]
    stored: list[dict[str, Any]] = plan["rules"]
    return stored


def failures(**inputs: Any) -> list[str]:
    return find(TOKEN).lifecycle.check({}, {**INPUTS, "marker": MARKER, **inputs}).failures


def test_by_default_it_expects_email_and_phone_of_identify(resources: Resources) -> None:
    (rule,) = rules(resources, resources.create(TOKEN))
    assert (rule["type"], rule["version"]) == ("IDENTIFY", 1)
    assert rule["jsonSchema"]["properties"]["traits"]["properties"] == dict(IDENTITY_TRAITS)
    assert {"email", "phone"} == set(IDENTITY_TRAITS)


def test_it_is_a_plan_that_sources_can_be_connected_to(resources: Resources) -> None:
    state = resources.create(TOKEN)
    assert resources.emulator.state.collection("segment", "tracking_plans")[state.id]["type"] == "LIVE"


def test_further_rules_stand_beside_those_traits(resources: Resources) -> None:
    state = resources.create(TOKEN, rules=[{name: RULE[name] for name in ("type", "key", "json_schema")}])
    assert [rule["type"] for rule in rules(resources, state)] == ["IDENTIFY", "TRACK"]
    assert state.values["rules"] == [RULE], "the version is 1 by default"
    assert resources.read(TOKEN, state) == state


def test_what_segment_adds_to_a_rule_is_no_drift(resources: Resources) -> None:
    state = resources.create(TOKEN, rules=[RULE])
    assert all("labels" in rule["jsonSchema"] for rule in rules(resources, state)), "the emulator rewrites them"
    found = resources.read(TOKEN, state)
    assert found == state
    assert resources.changed(TOKEN, state, {**INPUTS, "rules": [RULE]}) == []


def test_a_rule_that_somebody_added_is_drift_and_is_taken_away(resources: Resources) -> None:
    state = resources.create(TOKEN)
    by_hand = {"type": "TRACK", "key": "By Hand", "version": 1, "jsonSchema": {}}
    ours = rules(resources, state)
    resources.emulator.state.alter("segment", "tracking_plans", state.id, rules=[*ours, by_hand])
    found = resources.read(TOKEN, state)
    assert found is not None
    assert resources.changed(TOKEN, found, INPUTS) == ["rules"]
    assert resources.read(TOKEN, found) == found, "and is the same drift in the next refresh"
    mended = resources.update(TOKEN, found, INPUTS)
    assert len(rules(resources, state)) == 1
    assert resources.read(TOKEN, mended) == mended


def test_a_trait_that_somebody_removed_is_drift(resources: Resources) -> None:
    state = resources.create(TOKEN)
    (rule,) = rules(resources, state)
    schema = rule["jsonSchema"]
    schema = {**schema, "properties": {"traits": {"properties": {"email": dict(IDENTITY_TRAITS)["email"]}}}}
    resources.emulator.state.alter("segment", "tracking_plans", state.id, rules=[{**rule, "jsonSchema": schema}])
    found = resources.read(TOKEN, state)
    assert found is not None
    assert set(found.values["identify_traits"]) == {"email"}
    assert resources.changed(TOKEN, found, INPUTS) == ["identify_traits"]


def test_a_plan_of_which_an_earlier_run_lost_the_rules_gets_them(resources: Resources) -> None:
    resources.emulator.fault(method="PUT", status=422, times=1)
    with pytest.raises(VendorError):
        resources.create(TOKEN)
    state = resources.create(TOKEN)
    assert len(resources.sent("POST", "/tracking-plans")) == 1
    assert len(rules(resources, state)) == 1
    assert resources.read(TOKEN, state) == state


def test_a_change_of_the_name_leaves_the_rules_alone(resources: Resources) -> None:
    state = resources.create(TOKEN)
    puts = len(resources.sent("PUT"))
    resources.update(TOKEN, state, {**INPUTS, "name": "Another"})
    assert len(resources.sent("PUT")) == puts
    resources.update(TOKEN, state, {**INPUTS, "rules": [RULE]})
    assert (len(resources.sent("PUT")), len(resources.sent("PATCH"))) == (puts + 1, 1)


def test_identify_has_one_rule() -> None:
    assert failures(identify_traits={}, rules=[IDENTIFY]) == []
    (failure,) = failures(rules=[IDENTIFY])
    assert failure.startswith("rules: one of them is of the type IDENTIFY -> put its traits into identify_traits")


def test_a_rule_for_identify_of_ones_own_reads_back_as_that(resources: Resources) -> None:
    inputs = {**INPUTS, "identify_traits": {}, "rules": [IDENTIFY]}
    state = resources.create(TOKEN, **inputs)
    assert resources.read(TOKEN, state) == state
    changed = [{**rule, "jsonSchema": {}} for rule in rules(resources, state)]
    resources.emulator.state.alter("segment", "tracking_plans", state.id, rules=changed)
    found = resources.read(TOKEN, state)
    assert found is not None
    assert resources.changed(TOKEN, found, inputs) == ["rules"]


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ({"type": "TRACK", "json_schema": {}}, "of the type TRACK must have a key"),
        ({"type": "track", "json_schema": {}}, "must be of a type among COMMON, GROUP"),
        ({"type": "PAGE"}, "must have type and json_schema"),
        ({"type": "PAGE", "jsonSchema": {}}, "must have type and json_schema"),
        ({"type": "PAGE", "json_schema": "{}"}, "must have a JSON schema in json_schema, as a map"),
    ],
)
def test_a_rule_that_cannot_be_one_is_refused_before(rule: dict[str, Any], says: str) -> None:
    (failure,) = failures(rules=[rule])
    assert failure.startswith(f"rules[0]: {says}")


def test_a_workspace_without_protocols_is_told_what_to_ask_for(resources: Resources) -> None:
    (workspace,) = resources.emulator.state.collection("segment", "workspaces")
    resources.emulator.state.alter("segment", "workspaces", workspace, features=[])
    with pytest.raises(VendorError, match="customer success manager to enable the feature Protocols"):
        resources.create(TOKEN)
