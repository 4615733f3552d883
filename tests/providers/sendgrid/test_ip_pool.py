"""A pool is known by its name, is the parent's or a subuser's, and a subuser's is made with that subuser's own key."""

from __future__ import annotations

from typing import Any

import pytest

from providers.declaration import UNKNOWN, find
from providers.errors import Ambiguous, OwnershipError, VendorError
from tests.providers.cases import SUBUSER
from tests.providers.conftest import Resources

TOKEN = "sendgrid:IpPool"
ADDRESS = "192.0.2.10"


def add(resources: Resources, *ips: str) -> list[str]:
    for ip in ips:
        resources.emulator.state.collection("sendgrid", "ips")[ip] = {"ip": ip, "region": "global", "start_date": None}
    return list(ips)


def pools(resources: Resources) -> dict[str, Any]:
    return resources.emulator.state.collection("sendgrid", "ip_pools")


@pytest.fixture
def own(resources: Resources) -> dict[str, Any]:
    """What a pool of a subuser is declared with."""
    resources.create("sendgrid:Subuser")
    return {"subuser": SUBUSER, "subuser_key": new_key(resources)}


def new_key(resources: Resources, **inputs: Any) -> str:
    return str(resources.create("sendgrid:ApiKey", scopes=None, **inputs).values["api_key"])


def test_a_subusers_pool_is_made_with_its_own_key_and_is_its_own(resources: Resources, own: dict[str, Any]) -> None:
    state = resources.create(TOKEN, **own)
    assert pools(resources)[state.id]["owner"] == SUBUSER
    assert resources.read(TOKEN, state) == state
    state = resources.update(TOKEN, state, {"name": "renamed", "ips": [ADDRESS], **own})
    assert pools(resources)[state.id]["name"] == "renamed"
    resources.delete(TOKEN, state)
    assert pools(resources) == {}
    assert {"On-Behalf-Of" in entry.headers for entry in resources.emulator.requests if "pools" in entry.path} == {
        False
    }


def test_a_subuser_of_the_eu_is_called_there_with_its_own_key(resources: Resources) -> None:
    add(resources, "203.0.113.5")
    resources.emulator.state.alter("sendgrid", "ips", "203.0.113.5", region="eu")
    resources.create("sendgrid:Subuser", region="eu", ips=["203.0.113.5"])
    resources.create(TOKEN, ips=["203.0.113.5"], subuser=SUBUSER, subuser_key=new_key(resources))
    assert {e.host for e in resources.emulator.requests if "pools" in e.path} == {"api.eu.sendgrid.com"}


def test_a_rotated_key_is_remembered_and_replaces_and_sends_nothing(resources: Resources, own: dict[str, Any]) -> None:
    state = resources.create(TOKEN, **own)
    news = {"name": "engage", "ips": [ADDRESS], "subuser": SUBUSER}
    lifecycle = find(TOKEN).lifecycle
    for key in (UNKNOWN, new_key(resources, generation=2)):
        difference = lifecycle.diff(state.values, lifecycle.check(state.values, {**news, "subuser_key": key}).inputs)
        assert (difference.changed, difference.replaces) == (["subuser_key"], [])
    before = len(resources.emulator.requests)
    updated = resources.update(TOKEN, state, {**news, "subuser_key": key})
    assert len(resources.emulator.requests) == before
    # The old one is revoked after this; the new one serves.
    old = str(own["subuser_key"]).split(".")[1]
    resources.emulator.state.remove("sendgrid", "api_keys", old)
    assert resources.read(TOKEN, updated) == updated


def test_a_revoked_key_is_an_error_that_says_how_to_get_on_and_no_pool_that_is_gone(
    resources: Resources, own: dict[str, Any]
) -> None:
    state = resources.create(TOKEN, **own)
    resources.emulator.state.remove("sendgrid", "api_keys", str(own["subuser_key"]).split(".")[1])
    with pytest.raises(VendorError, match=r"\(401\).*`subuser_key` was revoked.*raise `generation`") as raised:
        resources.read(TOKEN, state)
    assert str(own["subuser_key"]) not in str(raised.value)


@pytest.mark.parametrize("field", ["disabled", "banned"])
def test_a_subuser_that_may_not_call_is_not_gone(resources: Resources, own: dict[str, Any], field: str) -> None:
    state = resources.create(TOKEN, **own)
    resources.emulator.state.alter("sendgrid", "subusers", SUBUSER, **{field: True})
    with pytest.raises(VendorError, match=r"\(403\).*disabled or banned"):
        resources.read(TOKEN, state)


def test_a_pool_whose_subuser_is_gone_is_gone(resources: Resources, own: dict[str, Any]) -> None:
    state = resources.create(TOKEN, **own)
    resources.emulator.state.remove("sendgrid", "subusers", SUBUSER)
    assert resources.read(TOKEN, state) is None
    resources.delete(TOKEN, state)


@pytest.mark.parametrize(
    ("inputs", "says"),
    [
        ({"subuser": SUBUSER}, "subuser_key: is needed with `subuser`"),
        ({"subuser_key": "SG.a.b"}, "subuser_key: is whose?"),
        ({"subuser": SUBUSER, "subuser_key": "a key"}, "subuser_key: string should match pattern"),
        ({"ips": []}, "ips: a pool has 1 to 100 IPs"),
        ({"ips": [f"10.0.0.{n}" for n in range(101)]}, "ips: a pool has 1 to 100 IPs"),
        ({"ips": [ADDRESS, ADDRESS]}, "ips: names an IP twice"),
        ({"name": ".engage"}, "name: string should match pattern"),
        ({"name": "e"}, "name: string should have at least 2"),
    ],
)
def test_bad_input_is_refused_before_any_call(inputs: dict[str, Any], says: str) -> None:
    (failure,) = find(TOKEN).lifecycle.check({}, {"name": "engage", "ips": [ADDRESS], **inputs}).failures
    assert failure.startswith(says)


def test_a_key_that_is_not_known_yet_passes() -> None:
    inputs = {"name": "engage", "ips": [ADDRESS], "subuser": SUBUSER, "subuser_key": UNKNOWN}
    assert find(TOKEN).lifecycle.check({}, inputs).failures == []


def test_one_of_the_same_name_and_ips_is_found_again(resources: Resources) -> None:
    assert resources.create(TOKEN).id == resources.create(TOKEN).id
    assert len(resources.sent("POST")) == 1


def test_one_of_the_same_name_with_other_ips_is_an_error_that_names_adopt(resources: Resources) -> None:
    other = resources.create(TOKEN, ips=add(resources, "192.0.2.11"))
    with pytest.raises(OwnershipError, match=f"with other IPs -> set adopt to '{other.id}'"):
        resources.create(TOKEN)
    adopted = resources.create(TOKEN, adopt=other.id)
    assert (adopted.id, pools(resources)[other.id]["ips"]) == (other.id, [ADDRESS])


def test_adopting_what_does_not_exist_says_so(resources: Resources) -> None:
    with pytest.raises(OwnershipError, match="adopt: there is no IpPool 7 to adopt"):
        resources.create(TOKEN, adopt="7")


def test_pools_beyond_the_first_page_are_found(resources: Resources) -> None:
    for number in range(99):
        pools(resources)[str(number)] = {"id": str(number), "name": f"p{number}", "owner": "engage_parent", "ips": []}
    state = resources.create(TOKEN)
    assert resources.create(TOKEN).id == state.id


def test_more_ips_than_a_preview_and_a_page_have_are_read_back(resources: Resources) -> None:
    ips = add(resources, *(f"192.0.2.{n}" for n in range(100, 200)))
    state = resources.create(TOKEN, ips=ips)
    assert resources.read(TOKEN, state) == state


def steps(resources: Resources) -> list[str]:
    return [entry.path.rpartition(":")[2] for entry in resources.emulator.requests if ":batch" in entry.path]


def test_new_ips_come_before_old_ones_go_so_that_mail_can_go_on(resources: Resources) -> None:
    state = resources.create(TOKEN)
    resources.update(TOKEN, state, {"name": "engage", "ips": add(resources, "192.0.2.11")})
    assert steps(resources) == ["batchAdd", "batchDelete"]
    assert pools(resources)[state.id]["ips"] == ["192.0.2.11"]


def test_old_ips_go_first_where_there_is_no_room(resources: Resources) -> None:
    ips = add(resources, *(f"192.0.2.{n}" for n in range(100, 200)))
    state = resources.create(TOKEN, ips=ips)
    resources.update(TOKEN, state, {"name": "engage", "ips": [*ips[1:], ADDRESS]})
    assert steps(resources) == ["batchDelete", "batchAdd"]
    assert set(pools(resources)[state.id]["ips"]) == {*ips[1:], ADDRESS}


@pytest.mark.parametrize("step", ["batchAdd", "batchDelete"])
@pytest.mark.parametrize("drop", ["before", "after"])
def test_a_change_that_was_lost_half_way_is_finished_by_the_next_run(
    resources: Resources, step: str, drop: str
) -> None:
    state = resources.create(TOKEN)
    news = {"name": "engage", "ips": add(resources, "192.0.2.11")}
    resources.emulator.fault(method="POST", path=step, drop=drop)
    with pytest.raises(Ambiguous):
        resources.update(TOKEN, state, news)
    resources.update(TOKEN, state, news)
    assert pools(resources)[state.id]["ips"] == ["192.0.2.11"]


def test_an_ip_that_the_account_may_not_send_from_says_where_it_is_assigned(
    resources: Resources, own: dict[str, Any]
) -> None:
    with pytest.raises(VendorError, match=r"assignability: 192\.0\.2\.11 -> .*`Subuser\.ips`"):
        resources.create(TOKEN, **own, ips=add(resources, "192.0.2.11"))
