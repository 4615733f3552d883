"""An address has one name, which cannot change."""

from __future__ import annotations

from typing import Any

import pytest

from providers.declaration import find
from providers.errors import OwnershipError, VendorError
from tests.providers.cases import CASES
from tests.providers.conftest import Resources

TOKEN = "sendgrid:ReverseDns"
INPUTS = CASES[TOKEN].inputs


def with_address(resources: Resources, ip: str) -> str:
    ips = resources.emulator.state.collection("sendgrid", "ips")
    ips[ip] = {**ips["192.0.2.10"], "ip": ip}
    return ip


def test_its_record_has_the_shape_of_all_others(resources: Resources) -> None:
    values = resources.create(TOKEN).values
    assert values["rdns"] == "o1.mail.example.com"
    (record,) = values["dns_records"]
    assert record.pop("purpose").startswith("reverse DNS A:")
    assert record == {"type": "A", "host": "o1.mail.example.com", "value": "192.0.2.10"}


def test_one_that_was_kept_is_found_again(resources: Resources) -> None:
    kept = resources.create(TOKEN)
    assert resources.create(TOKEN) == kept
    assert len(resources.sent("POST")) == 1


def test_an_address_that_begins_alike_is_another(resources: Resources) -> None:
    longer = resources.create(TOKEN, ip=with_address(resources, "192.0.2.100"))
    assert resources.create(TOKEN).id != longer.id


def test_an_address_of_another_name_is_an_error_and_is_left_alone(resources: Resources) -> None:
    resources.create(TOKEN, domain="example.org")
    with pytest.raises(OwnershipError, match=r"which is o1\.mail\.example\.org -> declare that domain and subdomain"):
        resources.create(TOKEN)
    assert len(resources.sent("POST")) == 1


def test_an_address_that_is_not_the_accounts_says_so(resources: Resources) -> None:
    with pytest.raises(VendorError, match=r"\(400\): ip: .* -> every address must be a dedicated IP of this account"):
        resources.create(TOKEN, ip="198.51.100.1")


def test_it_is_the_parents_alone() -> None:
    assert find(TOKEN).lifecycle.check({}, {**INPUTS, "subuser": "x"}).failures == [
        "subuser: ReverseDns has no such field"
    ]


def test_naming_the_subdomain_no_longer_leaves_it_as_it_is(resources: Resources) -> None:
    state = resources.create(TOKEN)
    assert resources.changed(TOKEN, state, {"ip": "192.0.2.10", "domain": "example.com"}) == []


@pytest.mark.parametrize("change", [{"ip": "192.0.2.11"}, {"domain": "example.org"}, {"subdomain": "new"}])
def test_what_cannot_change_is_refused_without_consent(resources: Resources, change: dict[str, str]) -> None:
    state = resources.create(TOKEN)
    (failure,) = find(TOKEN).lifecycle.check(state.values, {**INPUTS, **change}).failures
    assert failure.startswith(f"{next(iter(change))}: cannot change on an existing ReverseDns")


@pytest.mark.parametrize(
    ("inputs", "says"),
    [
        ({"subdomain": "o_1"}, "subdomain: must be small letters, digits and hyphens"),
        ({"ip": "mail.example.com"}, "ip: string should match pattern"),
        ({"domain": None}, "domain: is required"),
    ],
)
def test_bad_input_is_refused_before_any_call(inputs: dict[str, Any], says: str) -> None:
    (failure,) = find(TOKEN).lifecycle.check({}, {**INPUTS, **inputs}).failures
    assert failure.startswith(says)
