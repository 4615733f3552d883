"""A subuser has one lent link: none is taken from it unasked."""

from __future__ import annotations

import pytest

from providers.errors import OwnershipError
from tests.providers.cases import CASES, SUBUSER
from tests.providers.conftest import Resources

TOKEN = "sendgrid:LinkAssociation"


@pytest.fixture(autouse=True)
def _needs(resources: Resources) -> None:
    resources.make_needs(TOKEN)


def associated(resources: Resources) -> set[str]:
    return set(resources.emulator.state.collection("sendgrid", "link_associations"))


def other_link(resources: Resources) -> str:
    other = resources.create("sendgrid:BrandedLink", subdomain="other")
    resources.emulator.state.alter("sendgrid", "links", other.id, valid=True)
    return other.id


def test_while_the_link_is_not_valid_it_is_pending_and_then_it_is_made(resources: Resources) -> None:
    before = len(resources.emulator.requests)
    state = resources.create(TOKEN, link_valid=False)
    assert len(resources.emulator.requests) == before
    assert (state.id, state.values["status"]) == (f"2000001/{SUBUSER}", "pending")
    assert state.values["reasons"] == ["link 2000001 is not valid yet -> publish its DNS records, then run `up` again"]
    done = resources.update(TOKEN, state, CASES[TOKEN].inputs)
    assert (done.values["status"], associated(resources)) == ("associated", {state.id})


def test_another_link_of_the_subuser_is_an_error_and_stays(resources: Resources) -> None:
    first = resources.create(TOKEN)
    with pytest.raises(OwnershipError, match=r"the branded link 2000001 is associated with this subuser -> take it"):
        resources.create(TOKEN, link_id=other_link(resources))
    assert associated(resources) == {first.id}


def test_deleting_one_whose_place_another_took_leaves_the_other(resources: Resources) -> None:
    first = resources.create(TOKEN)
    resources.delete(TOKEN, first)
    second = resources.create(TOKEN, link_id=other_link(resources))
    assert resources.read(TOKEN, first) is None
    resources.delete(TOKEN, first)
    assert associated(resources) == {second.id}


def test_one_of_a_link_that_is_gone_is_gone(resources: Resources) -> None:
    state = resources.create(TOKEN)
    resources.emulator.state.remove("sendgrid", "links", "2000001")
    assert resources.read(TOKEN, state) is None
    resources.delete(TOKEN, state)
