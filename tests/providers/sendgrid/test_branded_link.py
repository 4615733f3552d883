"""A link's host is known before SendGrid answers, and belongs to one account and region."""

from __future__ import annotations

import re
from typing import Any

import pytest

from providers.declaration import find
from providers.errors import OwnershipError, VendorError
from tests.providers.cases import MARKER, SUBUSER
from tests.providers.conftest import Resources

TOKEN = "sendgrid:BrandedLink"


def failures(olds: dict[str, Any] | None = None, **inputs: Any) -> list[str]:
    return find(TOKEN).lifecycle.check(olds or {}, {"domain": "example.com", "marker": MARKER, **inputs}).failures


def test_it_gives_two_cnames_that_say_what_they_are_for(resources: Resources) -> None:
    records = resources.create(TOKEN, subdomain="links").values["dns_records"]
    assert [(record["type"], record["host"], record["value"]) for record in records] == [
        ("CNAME", "links.example.com", "sendgrid.net"),
        ("CNAME", "10000000.example.com", "sendgrid.net"),
    ]
    assert [record["purpose"].partition(":")[0] for record in records] == ["link CNAME", "link owner CNAME"]


def test_a_subdomain_that_was_left_out_is_made_from_the_owner_and_stays(resources: Resources) -> None:
    state = resources.create(TOKEN)
    assert re.fullmatch(r"url\d{6}", state.values["subdomain"])
    other = resources.create(TOKEN, marker="twilio-engage/prod/example")
    assert other.values["subdomain"] != state.values["subdomain"]
    renamed = find(TOKEN).lifecycle.check(state.values, {"domain": "example.com", "marker": "twilio-engage/test/new"})
    assert renamed.inputs["subdomain"] == state.values["subdomain"]


@pytest.mark.parametrize(
    "inputs", [{}, {"subdomain": "links"}, {"subuser": SUBUSER}], ids=["made", "given", "in a subuser"]
)
def test_one_that_was_kept_is_found_again(resources: Resources, inputs: dict[str, Any]) -> None:
    resources.create("sendgrid:Subuser")
    kept = resources.create(TOKEN, **inputs)
    assert resources.create(TOKEN, **inputs) == kept
    assert len(resources.sent("POST", "links")) == 1


def test_the_same_host_of_a_subuser_is_not_the_parents(resources: Resources) -> None:
    resources.create("sendgrid:Subuser")
    theirs = resources.create(TOKEN, subdomain="links", subuser=SUBUSER)
    ours = resources.create(TOKEN, subdomain="links")
    assert ours.id != theirs.id
    assert resources.create(TOKEN, subdomain="links", subuser=SUBUSER).id == theirs.id


def test_regions_are_named_as_everywhere_and_sent_as_links_have_them(resources: Resources) -> None:
    state = resources.create(TOKEN, region="eu")
    resources.create(TOKEN, subdomain="links")
    assert [body["region"] for body in resources.sent("POST", "links")] == ["eu", "us"]
    assert {record["value"] for record in state.values["dns_records"]} == {"eu.sendgrid.net"}
    read = resources.read(TOKEN, state)
    assert read == state


def test_a_host_of_the_other_region_is_not_taken_over(resources: Resources) -> None:
    resources.create(TOKEN, region="eu", subdomain="links")
    with pytest.raises(OwnershipError, match=r"region: links\.example\.com is a branded link of the region eu already"):
        resources.create(TOKEN, subdomain="links")
    assert len(resources.sent("POST")) == 1


def test_a_new_default_takes_it_from_the_old_one(resources: Resources) -> None:
    first = resources.create(TOKEN, default=True)
    resources.create(TOKEN, subdomain="links", default=True)
    read = resources.read(TOKEN, first)
    assert read is not None
    assert read.values["default"] is False


def test_the_subdomain_of_the_authenticated_domain_is_refused(resources: Resources) -> None:
    resources.create("sendgrid:AuthenticatedDomain")
    with pytest.raises(VendorError, match="-> choose another subdomain for the links"):
        resources.create(TOKEN, subdomain="mail")


def test_one_in_a_subuser_that_is_gone_is_gone(resources: Resources) -> None:
    resources.create("sendgrid:Subuser")
    state = resources.create(TOKEN, subuser=SUBUSER)
    resources.emulator.state.remove("sendgrid", "subusers", SUBUSER)
    assert resources.read(TOKEN, state) is None
    resources.delete(TOKEN, state)


@pytest.mark.parametrize("change", [{"domain": "example.org"}, {"subdomain": "new"}, {"region": "eu"}])
def test_what_cannot_change_is_refused_without_consent(resources: Resources, change: dict[str, str]) -> None:
    state = resources.create(TOKEN, subdomain="links")
    (failure,) = failures(state.values, **change)
    assert failure.startswith(f"{next(iter(change))}: cannot change on an existing BrandedLink")
    assert failures(state.values, **change, allow_replacement=True) == []


@pytest.mark.parametrize(
    ("inputs", "says"),
    [
        ({"domain": "example.com."}, "domain: is no domain in small letters"),
        ({"subdomain": "-links"}, "subdomain: must be small letters, digits and hyphens"),
        ({"region": "us"}, "region: input should be 'global' or 'eu'"),
    ],
)
def test_bad_input_is_refused_before_any_call(inputs: dict[str, Any], says: str) -> None:
    (failure,) = failures(**inputs)
    assert failure.startswith(says)
