"""The rules of SendGrid's dedicated IPs, their warm-up and their pools."""

import time
from typing import Any

import pytest
import requests

from emulator import Emulator
from tests.emulator.conftest import ADDRESS, Client, refusal
from tests.emulator.test_sendgrid_access import key_of

OTHER = "192.0.2.11"
BOUGHT = "198.51.100.1"
NEW = {"is_auto_warmup": False, "is_parent_assigned": True}
DAY = 86_400


def add(client: Client, *ips: str, **fields: Any) -> list[str]:
    for ip in ips:
        record = {"ip": ip, "region": "global", "start_date": None, **fields}
        client.emulator.state.collection("sendgrid", "ips")[ip] = record
    return list(ips)


def pool(client: Client, name: str = "marketing", ips: tuple[str, ...] = (ADDRESS,), **options: Any) -> str:
    reply = client.sendgrid("POST", "/send_ips/pools", json={"name": name, "ips": list(ips)}, **options)
    assert reply.status_code == 201
    return str(reply.json()["id"])


def row(client: Client, ip: str = ADDRESS) -> dict[str, Any]:
    (found,) = client.sendgrid("GET", "/ips", params={"ip": ip}).json()
    return dict(found)


# -- the addresses -----------------------------------------------------------------------------------------------------


def test_an_address_is_shown_with_its_region_only_on_request(client: Client) -> None:
    plain, asked = (client.sendgrid("GET", f"/send_ips/ips/{ADDRESS}", params=p).json() for p in ({}, REGION))
    assert asked == {**plain, "region": "us"}
    assert plain == {
        "ip": ADDRESS,
        "pools": [],
        "is_auto_warmup": False,
        "is_parent_assigned": True,
        "is_enabled": None,
        "is_leased": True,
        "added_at": 1_600_000_000,
        "updated_at": None,
    }


REGION = {"include_region": "true"}


def test_the_list_goes_on_behind_the_last_address(client: Client) -> None:
    add(client, *(f"192.0.2.{number}" for number in range(20, 31)))
    first = client.sendgrid("GET", "/send_ips/ips").json()
    assert len(first["result"]) == 10
    after = first["_metadata"]["next_params"]["after_key"]
    assert after == first["result"][-1]["ip"]
    last = client.sendgrid("GET", "/send_ips/ips", params={"after_key": after}).json()
    assert [entry["ip"] for entry in last["result"]] == ["192.0.2.29", "192.0.2.30"]
    assert last["_metadata"] == {"next_params": {"after_key": None}}
    asked = client.sendgrid("GET", "/send_ips/ips", params={"limit": 1, **REGION}).json()["_metadata"]["next_params"]
    assert asked == {"limit": "1", "include_region": "true", "after_key": ADDRESS}


def test_the_list_can_end_before_an_address(client: Client) -> None:
    add(client, OTHER)
    rows = client.sendgrid("GET", "/send_ips/ips", params={"before_key": OTHER}).json()["result"]
    assert [entry["ip"] for entry in rows] == [ADDRESS]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"ip": OTHER}, [OTHER]),
        ({"region": "eu"}, [OTHER]),
        ({"region": "us"}, [ADDRESS]),
        ({"is_parent_assigned": "false"}, [OTHER]),
        ({"is_leased": "true"}, [ADDRESS, OTHER]),
        ({"start_added_at": 1_700_000_000}, [OTHER]),
        ({"end_added_at": 1_700_000_000}, [ADDRESS]),
        ({"pool": "12345"}, [ADDRESS]),
    ],
)
def test_the_list_can_be_of_some(client: Client, asked: dict[str, Any], found: list[str]) -> None:
    add(client, OTHER, region="eu", is_parent_assigned=False, added_at=1_800_000_000)
    pool(client)
    rows = client.sendgrid("GET", "/send_ips/ips", params=asked).json()["result"]
    assert [entry["ip"] for entry in rows] == found


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"limit": 0}, "should be > 0 and <= 5000"),
        ({"after_key": "x"}, "invalid IP address"),
        ({"after_key": ADDRESS, "before_key": ADDRESS}, "cannot be used with \u2018before_key\u2019"),
        ({"pool": "1", "is_parent_assigned": "true"}, "cannot be used with \u2018is_parent_assigned\u2019"),
    ],
)
def test_a_wrong_question_is_refused(client: Client, asked: dict[str, Any], said: str) -> None:
    assert refusal(client.sendgrid("GET", "/send_ips/ips", params=asked)) == (400, [said])


@pytest.mark.parametrize(("ip", "said"), [("192.0.2.99", "not found"), ("nobody", "invalid IP address")])
def test_what_does_not_exist_is_a_400(client: Client, ip: str, said: str) -> None:
    reply = client.sendgrid("GET", f"/send_ips/ips/{ip}")
    assert (reply.status_code, reply.json()) == (400, {"errors": [{"field": "ip", "message": said}]})


def test_a_purchase_answers_with_what_is_true_and_no_more(client: Client) -> None:
    reply = client.sendgrid("POST", "/send_ips/ips", json={"is_auto_warmup": False, "is_parent_assigned": False})
    assert (reply.status_code, reply.json()) == (201, {"ip": BOUGHT})
    assert row(client, BOUGHT)["subusers"] == []


def test_a_purchase_can_be_of_a_region_for_subusers_and_warm_up(client: Client) -> None:
    user_id = str(client.subuser("engage_eu", region="eu", ips=[]).json()["user_id"])
    body = {**NEW, "subusers": [user_id], "region": "eu", "include_region": True}
    reply = client.sendgrid("POST", "/send_ips/ips", json=body)
    assert reply.json() == {"ip": BOUGHT, "is_parent_assigned": True, "subusers": [user_id], "region": "eu"}
    assert row(client, BOUGHT)["subusers"] == ["engage_eu"]


def test_one_address_can_be_bought(client: Client) -> None:
    assert client.sendgrid("POST", "/send_ips/ips", json={**NEW, "is_auto_warmup": True}).status_code == 201
    assert row(client, BOUGHT)["warmup"] is True
    assert refusal(client.sendgrid("POST", "/send_ips/ips", json=NEW)) == (400, ["No IPs remaining"])


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"is_auto_warmup": True}, "not found in the request body"),
        ({"is_parent_assigned": True}, "not found in the request body"),
        ({**NEW, "subusers": ["10000000"]}, "cannot contain caller\u2019s userID"),
        ({**NEW, "subusers": ["7"]}, "unverified subusers: 7"),
        (
            {**NEW, "is_auto_warmup": True, "subusers": ["10000001"]},
            "these users must have at least one IP that is not in warmup: 10000001",
        ),
    ],
)
def test_a_wrong_purchase_buys_nothing(client: Client, body: dict[str, Any], said: str) -> None:
    client.subuser("engage_dev", ips=[])
    assert refusal(client.sendgrid("POST", "/send_ips/ips", json=body)) == (400, [said])
    assert list(client.emulator.state.collection("sendgrid", "ips")) == [ADDRESS]


def test_a_change_answers_with_what_is_true_and_no_more(client: Client) -> None:
    def change(**body: bool) -> requests.Response:
        return client.sendgrid("PATCH", f"/send_ips/ips/{ADDRESS}", json=body)

    assert change(is_parent_assigned=False).json() == {"ip": ADDRESS}
    assert change(is_parent_assigned=True, is_auto_warmup=True).json() == {
        "ip": ADDRESS,
        "is_parent_assigned": True,
        "is_auto_warmup": True,
    }
    assert row(client)["warmup"] is True
    change(is_auto_warmup=False)
    assert row(client)["warmup"] is False
    status, (said,) = refusal(change())
    assert (status, said.partition(":")[0]) == (400, "at least one of the following is required")


def test_a_change_of_somebody_elses_is_refused(client: Client) -> None:
    reply = client.sendgrid("PATCH", "/send_ips/ips/192.0.2.99", json={"is_parent_assigned": True})
    assert refusal(reply) == (400, ["unable to verify IP ownership"])


def test_a_missing_scope_is_a_401_that_names_it(client: Client) -> None:
    key = key_of(client, "mail.send")
    assert refusal(client.sendgrid("GET", "/send_ips/ips", key=key)) == (401, ["missing required scope: ips.read"])


def test_a_subusers_own_key_sees_what_it_may_send_from_and_buys_nothing(client: Client) -> None:
    add(client, OTHER)
    client.subuser("engage_dev")
    key = key_of(client, behalf="engage_dev")
    (own,) = client.sendgrid("GET", "/send_ips/ips", key=key).json()["result"]
    assert own["ip"] == ADDRESS
    assert "is_parent_assigned" not in own
    assert [entry["ip"] for entry in client.sendgrid("GET", "/ips", key=key).json()] == [ADDRESS]
    assert client.sendgrid("POST", "/send_ips/ips", key=key, json=NEW).status_code == 400


# -- warm-up -----------------------------------------------------------------------------------------------------------


def test_a_warm_up_is_a_list_of_one_and_shows_among_the_ips(client: Client) -> None:
    (begun,) = client.sendgrid("POST", "/ips/warmup", json={"ip": ADDRESS}).json()
    assert begun["ip"] == ADDRESS
    assert abs(begun["start_date"] - time.time()) < 60
    for path in ("/ips/warmup", f"/ips/warmup/{ADDRESS}"):
        assert client.sendgrid("GET", path).json() == [begun]
    assert (row(client)["warmup"], row(client)["start_date"]) == (True, begun["start_date"])


def test_never_stopped_ended_and_not_ours_are_the_same_404(client: Client, emu: Emulator) -> None:
    def status() -> tuple[int, list[str]]:
        assert client.sendgrid("GET", "/ips/warmup").json() == []
        return refusal(client.sendgrid("GET", f"/ips/warmup/{ADDRESS}"))

    never = status()
    client.sendgrid("POST", "/ips/warmup", json={"ip": ADDRESS})
    assert client.sendgrid("DELETE", f"/ips/warmup/{ADDRESS}").status_code == 204
    stopped = status()
    client.sendgrid("POST", "/ips/warmup", json={"ip": ADDRESS})
    emu.state.alter("sendgrid", "ips", ADDRESS, start_date=int(time.time()) - 43 * DAY)
    ended = status()
    foreign = refusal(client.sendgrid("GET", "/ips/warmup/192.0.2.99"))
    assert never == stopped == ended == foreign == (404, ["resource not found"])
    assert refusal(client.sendgrid("DELETE", f"/ips/warmup/{ADDRESS}")) == never
    assert refusal(client.sendgrid("POST", "/ips/warmup", json={"ip": "192.0.2.99"})) == never


@pytest.mark.parametrize("keeps", [True, False])
def test_what_is_shown_of_a_stopped_one_can_be_switched(client: Client, emu: Emulator, keeps: bool) -> None:
    emu.state.alter("sendgrid", "switches", "stopped_warmup", keeps_start_date=keeps)
    client.sendgrid("POST", "/ips/warmup", json={"ip": ADDRESS})
    client.sendgrid("DELETE", f"/ips/warmup/{ADDRESS}")
    assert (row(client)["start_date"] is not None) == keeps


# -- pools -------------------------------------------------------------------------------------------------------------


def test_a_pool_lives(client: Client) -> None:
    add(client, OTHER)
    id_ = pool(client)
    view = {"name": "marketing", "id": id_, "ips_preview": [ADDRESS], "total_ip_count": 1}
    path = f"/send_ips/pools/{id_}"
    assert client.sendgrid("GET", path).json() == view
    count = {"ip_count_by_region": [{"region": "us", "count": 1}]}
    assert client.sendgrid("GET", path, params=REGION).json() == view | count
    assert client.sendgrid("GET", "/send_ips/pools").json()["result"] == [view]
    assert client.sendgrid("PUT", path, json={"name": "other"}).json() == {"name": "other", "id": id_}
    both = {"name": "other", "id": id_, "ips": [ADDRESS, OTHER]}
    assert client.sendgrid("POST", f"{path}/ips:batchAdd", json={"ips": [OTHER, ADDRESS]}).json() == both
    assert row(client)["pools"] == ["other"]
    assert client.sendgrid("POST", f"{path}/ips:batchDelete", json={"ips": [ADDRESS]}).status_code == 204
    expected = [{"ip": OTHER, "pools": [{"id": id_, "name": "other"}], "region": "us"}]
    assert client.sendgrid("GET", f"{path}/ips", params=REGION).json()["result"] == expected
    assert client.sendgrid("DELETE", path).status_code == 204
    assert client.sendgrid("GET", "/send_ips/pools").json()["result"] == []


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "", None),
        ("PUT", "", {"name": "other"}),
        ("DELETE", "", None),
        ("GET", "/ips", None),
        ("POST", "/ips:batchAdd", {"ips": [ADDRESS]}),
        ("POST", "/ips:batchDelete", {"ips": [ADDRESS]}),
    ],
)
def test_a_pool_that_does_not_exist_is_a_400(client: Client, method: str, path: str, body: Any) -> None:
    for id_, said in (("7", "not found"), ("marketing", "must be a numeric value")):
        reply = client.sendgrid(method, f"/send_ips/pools/{id_}{path}", json=body)
        assert (reply.status_code, reply.json()) == (400, {"errors": [{"field": "poolid", "message": said}]})


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"ips": [ADDRESS]}, "not found in the request body"),
        ({"name": ".a"}, "cannot start with a dot or a space"),
        ({"name": " a"}, "cannot start with a dot or a space"),
        ({"name": "a"}, "needs to be between 2 to 64 characters long"),
        ({"name": "a" * 65}, "needs to be between 2 to 64 characters long"),
        ({"name": "taken"}, "already exists"),
        ({"name": "new", "ips": ["192.0.2.99"]}, "unable to verify IPs assignability: 192.0.2.99"),
        ({"name": "new", "ips": [ADDRESS, OTHER]}, f"unable to verify IPs assignability: {OTHER}"),
        ({"name": "new", "ips": [ADDRESS] * 101}, "the number of IPs must be between 1 and 100"),
    ],
)
def test_a_wrong_pool_is_not_made(client: Client, body: dict[str, Any], said: str) -> None:
    """The other address is not the parent's to send from."""
    add(client, OTHER, is_parent_assigned=False)
    id_ = pool(client, "taken")
    assert refusal(client.sendgrid("POST", "/send_ips/pools", json=body)) == (400, [said])
    assert list(client.emulator.state.collection("sendgrid", "ip_pools")) == [id_]


def test_a_pool_keeps_its_own_name_and_takes_nobody_elses(client: Client) -> None:
    pool(client, "taken")
    path = f"/send_ips/pools/{pool(client)}"
    assert client.sendgrid("PUT", path, json={"name": "marketing"}).status_code == 200
    assert refusal(client.sendgrid("PUT", path, json={"name": "taken"})) == (400, ["already exists"])


@pytest.mark.parametrize(
    ("step", "body", "said"),
    [
        ("batchAdd", {}, "not found in the request body"),
        ("batchAdd", {"ips": []}, "the number of IPs must be between 1 and 100"),
        ("batchDelete", {"ips": []}, "the number of IPs must be between 1 and 100"),
        ("batchDelete", {"ips": [OTHER]}, f"not found in pool \u2018marketing\u2019: {OTHER}"),
    ],
)
def test_a_wrong_batch_changes_nothing(client: Client, step: str, body: dict[str, Any], said: str) -> None:
    id_ = pool(client)
    reply = client.sendgrid("POST", f"/send_ips/pools/{id_}/ips:{step}", json=body)
    assert refusal(reply) == (400, [said])
    assert client.emulator.state.collection("sendgrid", "ip_pools")[id_]["ips"] == [ADDRESS]


def test_a_hundred_addresses_and_a_hundred_pools_are_the_limit(client: Client) -> None:
    ips = add(client, *(f"192.0.2.{number}" for number in range(100, 200)))
    path = f"/send_ips/pools/{pool(client, ips=tuple(ips))}"
    status, (said,) = refusal(client.sendgrid("POST", f"{path}/ips:batchAdd", json={"ips": [ADDRESS]}))
    assert (status, said.partition(".")[0]) == (400, "the total number of IPs per pool cannot exceed 100")
    assert len(client.sendgrid("GET", path).json()["ips_preview"]) == 10
    for number in range(99):
        pool(client, f"pool {number}", ())
    last = client.sendgrid("POST", "/send_ips/pools", json={"name": "last"})
    assert refusal(last) == (400, ["100 pools limit has been reached"])


def test_both_lists_of_pools_go_on_behind_a_number(client: Client) -> None:
    ips = add(client, *(f"192.0.2.{number}" for number in range(100, 112)))
    ids = [pool(client, f"pool {number}", tuple(ips) if number == 0 else ()) for number in range(12)]

    def collected(path: str, name: str) -> list[list[str]]:
        pages: list[list[str]] = []
        after = None
        while after is not None or not pages:
            reply = client.sendgrid("GET", path, params={} if after is None else {"after_key": after}).json()
            pages.append([entry[name] for entry in reply["result"]])
            after = reply["_metadata"]["next_params"]["after_key"]
        return pages

    assert collected("/send_ips/pools", "id") == [ids[:10], ids[10:]]
    assert collected(f"/send_ips/pools/{ids[0]}/ips", "ip") == [ips[:10], ips[10:]]
    refused = client.sendgrid("GET", "/send_ips/pools", params={"limit": 101})
    assert refusal(refused) == (400, ["should be > 0 and <= 100"])


@pytest.mark.parametrize(
    ("asked", "found"),
    [({}, 3), ({"region": "all"}, 2), ({"region": "eu"}, 1), ({"region": "us"}, 1), ({"ip": ADDRESS}, 1)],
)
def test_empty_pools_are_in_no_region(client: Client, asked: dict[str, str], found: int) -> None:
    add(client, OTHER, region="eu")
    pool(client)
    pool(client, "eu", (OTHER,))
    pool(client, "empty", ())
    assert len(client.sendgrid("GET", "/send_ips/pools", params=asked).json()["result"]) == found


def test_the_regions_of_pools_are_told_on_request(client: Client) -> None:
    add(client, OTHER, region="eu")
    pool(client, ips=(ADDRESS, OTHER))
    (found,) = client.sendgrid("GET", "/send_ips/pools", params=REGION).json()["result"]
    assert found["regions"] == ["eu", "us"]


def test_a_pool_belongs_to_the_account_whose_key_made_it(client: Client, emu: Emulator) -> None:
    add(client, OTHER)
    client.subuser("engage_dev")
    key = key_of(client, behalf="engage_dev")
    of_parent, of_subuser = pool(client), pool(client, key=key)  # the same name: unique in one account
    for id_, mine, other in ((of_parent, None, key), (of_subuser, key, None)):
        assert client.sendgrid("GET", f"/send_ips/pools/{id_}", key=mine).status_code == 200
        assert client.sendgrid("GET", f"/send_ips/pools/{id_}", key=other).status_code == 400
    refused = client.sendgrid("POST", "/send_ips/pools", key=key, json={"name": "other", "ips": [OTHER]})
    assert refusal(refused) == (400, [f"unable to verify IPs assignability: {OTHER}"])
    client.sendgrid("DELETE", "/subusers/engage_dev")
    assert list(emu.state.collection("sendgrid", "ip_pools")) == [of_parent]
