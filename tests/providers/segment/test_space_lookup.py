"""A space is found and never made, changed or removed."""

from __future__ import annotations

import pytest
import responses

from emulator.store import Collection
from providers.connection import Connection
from providers.declaration import find
from providers.errors import EngageError, VendorError
from providers.segment.client import Segment
from tests.providers.conftest import Resources

TOKEN = "segment:SpaceLookup"


def spaces(resources: Resources) -> Collection:
    return resources.emulator.state.collection("segment", "spaces")


def of_slug(resources: Resources, slug: str) -> str:
    return next(id_ for id_, space in spaces(resources).items() if space["slug"] == slug)


@pytest.mark.parametrize("by", ["slug", "id", "name"])
def test_it_is_found_by_each_of_its_names(resources: Resources, by: str) -> None:
    id_ = of_slug(resources, "prod")
    state = resources.create(TOKEN, space=spaces(resources)[id_][by])
    assert (state.id, state.values["slug"], state.values["name"]) == (id_, "prod", "Prod")


def test_one_that_is_not_there_is_not_made_and_those_that_are_there_are_listed(resources: Resources) -> None:
    with pytest.raises(EngageError, match=r"no.* -> take one of: dev, prod; or make it in Segment > Unify, as the API"):
        resources.create(TOKEN, space="staging")
    assert {entry.method for entry in resources.emulator.requests} == {"GET"}
    assert len(spaces(resources)) == 2


def test_a_slug_comes_before_a_name_and_two_of_a_name_are_not_guessed_between(resources: Resources) -> None:
    dev, prod = of_slug(resources, "dev"), of_slug(resources, "prod")
    resources.emulator.state.alter("segment", "spaces", dev, name="prod")
    assert resources.create(TOKEN, space="prod").id == prod
    resources.emulator.state.alter("segment", "spaces", dev, name="Prod")
    with pytest.raises(EngageError, match="several have this name -> give a slug: dev, prod"):
        resources.create(TOKEN, space="Prod")


def test_destroying_it_leaves_the_space(resources: Resources) -> None:
    state = resources.create(TOKEN)
    resources.delete(TOKEN, state)
    assert resources.read(TOKEN, state) == state
    assert {entry.method for entry in resources.emulator.requests} == {"GET"}


def test_one_that_somebody_removed_is_gone(resources: Resources) -> None:
    state = resources.create(TOKEN)
    resources.emulator.state.remove("segment", "spaces", state.id)
    assert resources.read(TOKEN, state) is None


@responses.activate
def test_a_null_in_place_of_a_space_is_one_that_is_gone(resources: Resources) -> None:
    """The document allows it: openapi.yaml, GetSpaceAlphaOutput."""
    responses.get("https://api.segmentapis.com/spaces/s1", json={"data": {"space": None}})
    values = {"space": "dev", "slug": "dev", "name": "Dev"}
    assert find(TOKEN).lifecycle.read(Segment(Connection()), "s1", values) is None


@pytest.mark.parametrize("status", [403, 404, 422])
def test_a_workspace_without_the_feature_is_told_what_to_ask_for(resources: Resources, status: int) -> None:
    resources.emulator.state.alter("segment", "switches", "missing_feature", status=status)
    (workspace,) = resources.emulator.state.collection("segment", "workspaces")
    resources.emulator.state.alter("segment", "workspaces", workspace, features=[])
    with pytest.raises(VendorError, match=rf"\({status}.*customer success manager to enable the feature Spaces"):
        resources.create(TOKEN)
