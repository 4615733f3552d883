"""A link under HTTPS goes through a CDN, of which SendGrid's validation knows nothing."""

from __future__ import annotations

import pytest

from emulator.store import Collection
from tests.providers.cases import CASES
from tests.providers.conftest import Resources

TOKEN = "sendgrid:LinkValidation"
CDN = "cdn.example.net"


@pytest.fixture(autouse=True)
def _behind_a_cdn(resources: Resources, published: Collection) -> None:
    resources.make_needs(TOKEN)
    published["links.example.com"] = {"type": "cname", "data": CDN}


def asked(resources: Resources) -> int:
    return len(resources.sent("POST", "/validate"))


def test_a_valid_link_may_point_to_the_cdn_and_sendgrid_is_not_asked_to_look_again(resources: Resources) -> None:
    resources.emulator.state.alter("sendgrid", "links", "2000001", valid=True)
    assert resources.create(TOKEN, cdn_target=CDN).values["status"] == "valid"
    assert asked(resources) == 0


def test_without_the_cdns_name_its_target_is_a_mistake(resources: Resources) -> None:
    (reason,) = resources.create(TOKEN).values["reasons"]
    assert "points to cdn.example.net and not to sendgrid.net" in reason


def test_another_target_than_the_cdns_is_a_mistake(resources: Resources) -> None:
    (reason,) = resources.create(TOKEN, cdn_target="other.example.net").values["reasons"]
    assert "points to cdn.example.net and not to sendgrid.net" in reason


def test_only_the_links_own_record_may_point_to_the_cdn(resources: Resources, published: Collection) -> None:
    published["10000001.example.com"] = {"type": "cname", "data": CDN}
    (reason,) = resources.create(TOKEN, cdn_target=CDN).values["reasons"]
    assert reason.startswith("10000001.example.com: points to cdn.example.net")


def test_a_link_that_was_never_valid_is_pending_behind_the_cdn_with_sendgrids_reason(resources: Resources) -> None:
    state = resources.create(TOKEN, cdn_target=CDN)
    assert state.values["status"] == "pending"
    assert 'domain_cname: SendGrid says: Expected CNAME to match "sendgrid.net"' in state.values["reasons"][0]
    assert asked(resources) == 1


def test_putting_a_valid_link_behind_the_cdn_keeps_it_valid(resources: Resources, published: Collection) -> None:
    published["links.example.com"] = {"type": "cname", "data": "sendgrid.net"}
    state = resources.create(TOKEN)
    published["links.example.com"] = {"type": "cname", "data": CDN}
    updated = resources.update(TOKEN, state, {**CASES[TOKEN].inputs, "cdn_target": CDN})
    assert (updated.values["status"], updated.values["reasons"], asked(resources)) == ("valid", [], 1)
