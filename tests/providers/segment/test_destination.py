"""A destination's settings are two maps: what reads back, and what Segment shows nobody."""

from __future__ import annotations

from typing import Any

import pytest
import responses

from emulator.made_up import sha256
from emulator.store import Record
from providers.connection import Connection
from providers.declaration import UNKNOWN, find
from providers.errors import EngageError
from providers.lifecycle import State
from providers.segment import catalog
from providers.segment.client import Segment
from providers.segment.objects import Objects
from tests.providers.cases import CASES, MARKER
from tests.providers.conftest import Resources
from tests.support import segment_objects

TOKEN = "segment:Destination"
INPUTS = CASES[TOKEN].inputs
SECRET = {"apiKeySecret": "battery-staple"}


@pytest.fixture
def made(resources: Resources) -> State:
    resources.make_needs(TOKEN)
    return resources.create(TOKEN)


def record(resources: Resources, state: State) -> Record:
    return resources.emulator.state.collection("segment", "destinations")[state.id]


def failures(**inputs: Any) -> list[str]:
    return find(TOKEN).lifecycle.check({}, {**INPUTS, "marker": MARKER, **inputs}).failures


def test_settings_and_secrets_go_out_as_one_map(resources: Resources, made: State) -> None:
    assert record(resources, made)["settings"] == INPUTS["settings"]
    assert record(resources, made)["secrets_sha256"] == {"apiKeySecret": sha256("correct-horse")}


def test_a_rotated_key_is_a_change_in_place_and_arrives(resources: Resources, made: State) -> None:
    inputs = {**INPUTS, "secret_settings": SECRET}
    assert resources.changed(TOKEN, made, inputs) == ["secret_settings"]
    assert find(TOKEN).lifecycle.diff(made.values, {**made.values, "secret_settings": UNKNOWN}).replaces == []
    updated = resources.update(TOKEN, made, inputs)
    assert updated.id == made.id
    assert record(resources, made)["secrets_sha256"] == {"apiKeySecret": sha256("battery-staple")}


@pytest.mark.parametrize("keeps", [True, False])
def test_a_change_of_one_setting_loses_no_other_whichever_way_segment_takes_it(
    resources: Resources, made: State, keeps: bool
) -> None:
    """Whether an update keeps what it leaves out is not documented: so nothing that we know of is left out."""
    resources.emulator.state.alter("segment", "switches", "update_of_settings", keeps_others=keeps)
    resources.update(TOKEN, made, {**INPUTS, "enabled": False})
    assert record(resources, made)["settings"] == INPUTS["settings"]
    assert record(resources, made)["secrets_sha256"] == {"apiKeySecret": sha256("correct-horse")}


@pytest.mark.parametrize("mask", ["••••••••••••", "****horse", "•••orse"])
def test_a_masked_value_is_no_drift(resources: Resources, made: State, mask: str) -> None:
    shown = {**INPUTS["settings"], "apiKeySecret": mask}
    resources.emulator.state.alter("segment", "destinations", made.id, settings=shown, secrets_sha256={})
    assert resources.read(TOKEN, made) == made


def test_a_secret_given_as_a_plain_setting_is_refused_before_it_is_sent(resources: Resources) -> None:
    resources.make_needs(TOKEN)
    with pytest.raises(EngageError, match="apiKeySecret: is a secret of Twilio Messaging -> give it in secret_") as no:
        resources.create(TOKEN, settings={**INPUTS["settings"], **SECRET}, secret_settings=None)
    assert "battery-staple" not in str(no.value)
    assert resources.sent("POST", "/destinations") == []


def test_a_plain_setting_that_segment_masks_is_warned_of(resources: Resources, made: State) -> None:
    """A kind whose catalog entry does not say that it is a secret."""
    masked = {**INPUTS["settings"], "apiKeySID": "••••••••"}
    resources.emulator.state.alter("segment", "destinations", made.id, settings=masked)
    found = resources.read(TOKEN, made)
    assert found is not None
    (warning,) = found.values["warnings"]
    assert warning.startswith("settings.apiKeySID: Segment holds it for a secret")
    assert INPUTS["settings"]["apiKeySID"] not in warning
    assert resources.changed(TOKEN, found, INPUTS) == []
    assert made.values["warnings"] == []


@pytest.mark.parametrize("field", ["settings", "secret_settings"])
def test_a_misspelt_setting_is_named_with_those_that_there_are(resources: Resources, field: str) -> None:
    resources.make_needs(TOKEN)
    known = "accountSID, apiKeySID, apiKeySecret"
    with pytest.raises(
        EngageError, match=rf"{field}.accountSid: Twilio Messaging has no such setting -> take one of {known}"
    ):
        resources.create(TOKEN, **{field: {"accountSid": "battery-staple"}})
    assert resources.sent("POST", "/destinations") == []


def test_a_setting_misspelt_later_is_named_too_and_the_catalog_is_not_asked_without_need(
    resources: Resources, made: State
) -> None:
    with pytest.raises(EngageError, match=r"settings\.region: Twilio Messaging has no such setting"):
        resources.update(TOKEN, made, {**INPUTS, "settings": {"region": "eu-west-1"}})
    asked = len(resources.sent("GET", segment_objects.TWILIO_MESSAGING))
    resources.update(TOKEN, made, {**INPUTS, "secret_settings": SECRET})
    assert len(resources.sent("GET", segment_objects.TWILIO_MESSAGING)) == asked


def test_a_kind_that_the_catalog_does_not_have_is_said(resources: Resources) -> None:
    resources.make_needs(TOKEN)
    with pytest.raises(EngageError, match="metadata_id: Segment's catalog has no destination nobody -> take the id"):
        resources.create(TOKEN, metadata_id="nobody")


def test_a_setting_is_given_once() -> None:
    assert failures(settings={"apiKeySecret": "a"}) == [
        "settings: apiKeySecret is in secret_settings too -> give it there alone"
    ]


def test_a_key_with_white_space_around_it_is_refused_and_not_repeated() -> None:
    assert failures(secret_settings={"apiKeySecret": "hunter2\n"}) == [
        "secret_settings: begins or ends with white space -> remove it"
    ]


def test_a_setting_that_somebody_changed_is_drift_and_one_that_is_not_declared_is_left_alone(
    resources: Resources, made: State
) -> None:
    changed = {"accountSID": "AC" + "9" * 32, "apiKeySID": INPUTS["settings"]["apiKeySID"], "more": "x"}
    resources.emulator.state.alter("segment", "destinations", made.id, settings=changed)
    found = resources.read(TOKEN, made)
    assert found is not None
    assert resources.changed(TOKEN, found, INPUTS) == ["settings"]
    assert "more" not in found.values["settings"]


def test_what_an_earlier_run_left_is_found_and_given_the_secrets_again(resources: Resources) -> None:
    """That run may have made it with a key that has been rotated since."""
    resources.make_needs(TOKEN)
    first = resources.create(TOKEN)
    second = resources.create(TOKEN, secret_settings=SECRET)
    assert second.id == first.id
    assert len(resources.sent("POST", "/destinations")) == 1
    assert record(resources, second)["secrets_sha256"] == {"apiKeySecret": sha256("battery-staple")}


@responses.activate
def test_a_destination_without_a_name_in_the_list_is_passed_over(resources: Resources) -> None:
    """A name is no required property (openapi.yaml, Destination)."""
    rows = [{"id": "nameless", "enabled": True}, {"id": "null", "name": None}]
    url = "https://api.segmentapis.com/destinations"
    responses.get(url, json={"data": {"destinations": rows, "pagination": {"current": "MA=="}}})
    lifecycle = find(TOKEN).lifecycle
    assert isinstance(lifecycle, Objects)
    assert lifecycle.find(Segment(Connection()), resources.checked(TOKEN, INPUTS)) is None


def test_an_adopted_destination_is_not_deleted_unless_that_is_asked_for(resources: Resources) -> None:
    resources.make_needs(TOKEN)
    there = segment_objects.OTHER_DESTINATION
    inputs = {
        "source_id": segment_objects.OTHER_SOURCE,
        "metadata_id": catalog.SENDGRID,
        "settings": {"endpoint": "https://api.sendgrid.com"},
        "secret_settings": {"sendGridApiKey": "correct-horse"},
        "adopt": there,
    }
    adopted = resources.create(TOKEN, **inputs)
    assert adopted.id == there
    (warning,) = resources.delete(TOKEN, adopted)
    assert "stays with its settings, as it was taken over" in warning
    destination = resources.emulator.state.collection("segment", "destinations")[there]
    assert destination["name"] == "Example", "with the tag, it would count as made by us"
    adopted = resources.create(TOKEN, **inputs)
    asked = resources.update(TOKEN, adopted, {**INPUTS, **inputs, "delete_adopted": True})
    resources.delete(TOKEN, asked)
    assert resources.read(TOKEN, adopted) is None


def test_a_source_that_is_gone_takes_its_destination_along(resources: Resources, made: State) -> None:
    resources.emulator.state.remove("segment", "sources", segment_objects.SOURCE)
    assert resources.read(TOKEN, made) is None


@pytest.mark.parametrize(
    ("kind", "name"), [(catalog.SENDGRID, "SendGrid"), (catalog.TWILIO_MESSAGING, "Twilio Messaging")]
)
def test_the_ids_that_this_project_names_are_those_of_the_catalog(resources: Resources, kind: str, name: str) -> None:
    client = Segment(resources.client(TOKEN).connection)
    assert catalog.destination_metadata(client, kind)["name"] == name
