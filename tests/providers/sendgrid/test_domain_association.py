"""A parent's domain is lent once it is valid; until then nothing is sent, and every `up` tries again."""

from __future__ import annotations

import pytest

from providers.declaration import find
from providers.errors import NotFound, VendorError
from providers.lifecycle import State
from tests.providers.cases import CASES, SUBUSER
from tests.providers.conftest import Resources

TOKEN = "sendgrid:DomainAssociation"
DOMAIN = "sendgrid:AuthenticatedDomain"
INPUTS = CASES[TOKEN].inputs
WAITING = {**INPUTS, "domain_valid": False}
ID = f"1000001/{SUBUSER}"


@pytest.fixture(autouse=True)
def _needs(resources: Resources) -> None:
    resources.make_needs(TOKEN)


def associated(resources: Resources) -> set[str]:
    return set(resources.emulator.state.collection("sendgrid", "domain_associations"))


def test_while_the_domain_is_not_valid_it_is_pending_and_nothing_is_sent(resources: Resources) -> None:
    before = len(resources.emulator.requests)
    state = resources.create(TOKEN, domain_valid=False)
    assert len(resources.emulator.requests) == before
    assert (state.id, state.values["status"], state.values["domain"]) == (ID, "pending", None)
    assert state.values["reasons"] == [
        "domain 1000001 is not valid yet -> publish its DNS records, then run `up` again"
    ]


def test_while_it_is_pending_every_preview_shows_a_change_and_every_up_tries_again(resources: Resources) -> None:
    state = resources.create(TOKEN, domain_valid=False)
    assert resources.changed(TOKEN, state, WAITING) == ["status"]
    assert resources.update(TOKEN, state, WAITING) == state
    done = resources.update(TOKEN, state, INPUTS)
    assert (done.values["status"], done.values["reasons"], done.values["domain"]) == ("associated", [], "example.com")
    assert associated(resources) == {ID}
    assert resources.changed(TOKEN, done, INPUTS) == []
    assert resources.read(TOKEN, done) == done


@pytest.mark.parametrize("inputs", [WAITING, INPUTS], ids=["waiting", "made"])
def test_what_is_tried_again_stays_of_the_account_that_it_was_declared_in(
    resources: Resources, inputs: dict[str, object]
) -> None:
    state = resources.create(TOKEN, domain_valid=False)
    of_account = State(state.id, {**state.values, "account": "engage_parent"})
    assert resources.update(TOKEN, of_account, inputs).values["account"] == "engage_parent"


def test_a_pending_one_is_not_gone(resources: Resources) -> None:
    state = resources.create(TOKEN, domain_valid=False)
    assert resources.read(TOKEN, state) == state
    resources.delete(TOKEN, state)


def test_a_domain_that_is_valid_no_more_keeps_what_was_made(resources: Resources) -> None:
    done = resources.create(TOKEN)
    assert resources.changed(TOKEN, done, WAITING) == []
    assert resources.update(TOKEN, done, WAITING).values["status"] == "associated"
    assert associated(resources) == {ID}


def test_what_a_pending_one_became_behind_its_back_is_seen_and_taken_away(resources: Resources) -> None:
    pending = resources.create(TOKEN, domain_valid=False)
    resources.create(TOKEN)
    read = resources.read(TOKEN, pending)
    assert read is not None
    assert read.values["status"] == "associated"
    resources.delete(TOKEN, pending)
    assert associated(resources) == set()


def test_one_that_is_there_is_taken_as_made(resources: Resources) -> None:
    first = resources.create(TOKEN)
    assert resources.create(TOKEN) == first
    assert len(resources.sent("POST", "subuser:add")) == 1


def test_it_takes_no_other_domains_place_and_leaves_the_others_when_it_goes(resources: Resources) -> None:
    first = resources.create(TOKEN)
    other = resources.create(DOMAIN, subdomain="other")
    resources.emulator.state.alter("sendgrid", "domains", other.id, valid=True)
    second = resources.create(TOKEN, domain_id=other.id)
    assert associated(resources) == {first.id, second.id}
    resources.delete(TOKEN, first)
    assert associated(resources) == {second.id}


def test_the_sixth_says_to_take_one_away(resources: Resources) -> None:
    for number in range(5):
        other = resources.create(DOMAIN, subdomain=f"mail{number}")
        resources.emulator.state.alter("sendgrid", "domains", other.id, valid=True)
        resources.create(TOKEN, domain_id=other.id)
    with pytest.raises(VendorError, match="five associated domains at the most: take one away first"):
        resources.create(TOKEN)


def test_a_domain_that_sendgrid_holds_for_invalid_says_what_to_do(resources: Resources) -> None:
    resources.emulator.state.alter("sendgrid", "domains", "1000001", valid=False)
    with pytest.raises(VendorError, match="-> publish the DNS records"):
        resources.create(TOKEN)
    assert associated(resources) == set()


def test_one_of_a_domain_that_is_gone_is_gone(resources: Resources) -> None:
    state = resources.create(TOKEN)
    resources.emulator.state.remove("sendgrid", "domains", "1000001")
    assert resources.read(TOKEN, state) is None
    resources.delete(TOKEN, state)


def test_a_domain_or_subuser_that_does_not_exist_is_the_vendors_refusal(resources: Resources) -> None:
    for wrong in ({"domain_id": "1"}, {"username": "nobody"}):
        with pytest.raises(NotFound):
            resources.create(TOKEN, **wrong)


def test_another_domain_or_subuser_is_another_association(resources: Resources) -> None:
    state = resources.create(TOKEN)
    news = resources.checked(TOKEN, {**INPUTS, "domain_id": "2", "username": "other"})
    assert find(TOKEN).lifecycle.diff(state.values, news).replaces == ["domain_id", "username"]
