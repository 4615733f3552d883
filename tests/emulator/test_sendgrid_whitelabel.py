"""Authenticated domains, branded links and reverse DNS: the vendor's rules, not our client's."""

from functools import partial
from typing import Any

import pytest

from tests.emulator.conftest import ADDRESS, Client

DOMAINS = "/whitelabel/domains"
LINKS = "/whitelabel/links"
IPS = "/whitelabel/ips"
SUBUSER = "engage_dev"


def make(path: str, client: Client, behalf: str | None = None, valid: bool = False, **fields: Any) -> dict[str, Any]:
    reply = client.sendgrid("POST", path, json={"domain": "example.com", **fields}, behalf=behalf)
    assert reply.status_code == 201, reply.text
    made: dict[str, Any] = reply.json()
    client.emulator.state.alter("sendgrid", path.rpartition("/")[2], str(made["id"]), valid=valid)
    return made


domain = partial(make, DOMAINS)
link = partial(make, LINKS)


def hosts(made: dict[str, Any]) -> set[str]:
    return {record["host"] for record in made["dns"].values()}


# -- authenticated domains --------------------------------------------------------------------------------------------


def test_automatic_security_gives_cnames_to_a_target_of_the_user(client: Client) -> None:
    made = domain(client)
    assert made["subdomain"] == "em1001"
    assert hosts(made) == {"em1001.example.com", "s1._domainkey.example.com", "s2._domainkey.example.com"}
    assert made["dns"]["mail_cname"]["data"] == f"u{made['user_id']}.wl001.sendgrid.net"
    assert made["dns"]["dkim1"]["data"] == f"s1.domainkey.u{made['user_id']}.wl001.sendgrid.net"
    assert not any(record["valid"] for record in made["dns"].values())


def test_manual_security_gives_mx_and_txt_records(client: Client) -> None:
    made = domain(client, subdomain="mail", automatic_security=False)
    assert {name: record["type"] for name, record in made["dns"].items()} == {
        "mail_server": "mx", "subdomain_spf": "txt", "domain_spf": "txt", "dkim": "txt",
    }  # fmt: skip
    assert "include:sendgrid.net" in made["dns"]["subdomain_spf"]["data"]


def test_a_custom_selector_begins_the_dkim_hosts(client: Client) -> None:
    assert {"abc._domainkey.example.com", "abc2._domainkey.example.com"} < hosts(
        domain(client, custom_dkim_selector="abc")
    )


def test_no_reply_shows_the_region_the_selector_or_the_addresses(client: Client) -> None:
    made = domain(
        client, automatic_security=False, custom_spf=True, ips=[ADDRESS], region="eu", custom_dkim_selector="abc"
    )
    read = client.sendgrid("GET", f"{DOMAINS}/{made['id']}").json()
    assert read == made
    assert read["ips"] == []
    assert not {"region", "custom_dkim_selector", "selector", "owner"} & read.keys()


def test_a_domain_becomes_valid_from_outside(client: Client) -> None:
    made = domain(client, valid=True)
    assert client.sendgrid("GET", f"{DOMAINS}/{made['id']}").json()["valid"] is True


@pytest.mark.parametrize(
    "fields",
    [
        {"domain": "example"},
        {"subdomain": "a b"},
        {"custom_dkim_selector": "ab"},
        {"custom_dkim_selector": "a-b"},
        {"region": "us"},
        {"custom_spf": True, "automatic_security": True},
        {"ips": ["example.com"]},
        {"username": "nobody", "unknown": 1},
    ],
)
def test_a_wrong_domain_is_a_400_and_makes_nothing(client: Client, fields: dict[str, Any]) -> None:
    reply = client.sendgrid("POST", DOMAINS, json={"domain": "example.com", **fields})
    assert reply.status_code == 400
    assert client.sendgrid("GET", DOMAINS).json() == []


def test_one_host_is_taken_once_in_an_account(client: Client) -> None:
    client.subuser(SUBUSER)
    domain(client, subdomain="mail")
    assert client.sendgrid("POST", DOMAINS, json={"domain": "example.com", "subdomain": "mail"}).status_code == 400
    domain(client, subdomain="mail", behalf=SUBUSER)


def test_the_parent_makes_one_for_a_subuser_by_its_name(client: Client) -> None:
    client.subuser(SUBUSER)
    made = domain(client, username=SUBUSER)
    assert made["username"] == SUBUSER
    assert client.sendgrid("GET", f"{DOMAINS}/{made['id']}", behalf=SUBUSER).json() == made
    other = {"domain": "example.org", "username": "engage_parent"}
    assert client.sendgrid("POST", DOMAINS, json=other, behalf=SUBUSER).status_code == 400


def test_a_subuser_sees_its_own_and_the_parent_may_leave_theirs_out(client: Client) -> None:
    client.subuser(SUBUSER)
    ours, theirs = domain(client), domain(client, behalf=SUBUSER, domain="shop.example.com")

    def listed(behalf: str | None = None, **params: Any) -> list[int]:
        return [row["id"] for row in client.sendgrid("GET", DOMAINS, params=params, behalf=behalf).json()]

    assert listed() == [ours["id"], theirs["id"]]
    assert listed(exclude_subusers="true") == [ours["id"]]
    assert listed(username=SUBUSER) == [theirs["id"]]
    assert listed(domain="shop") == [theirs["id"]]
    assert listed(limit=1, offset=1) == [theirs["id"]]
    assert listed(behalf=SUBUSER) == [theirs["id"]]
    assert client.sendgrid("GET", f"{DOMAINS}/{ours['id']}", behalf=SUBUSER).status_code == 404


def test_a_new_default_takes_it_from_the_old_one(client: Client) -> None:
    first, second = domain(client, default=True), domain(client)
    assert [row["id"] for row in client.sendgrid("GET", f"{DOMAINS}/default").json()] == [first["id"]]
    client.sendgrid("PATCH", f"{DOMAINS}/{second['id']}", json={"default": True})
    assert [row["id"] for row in client.sendgrid("GET", f"{DOMAINS}/default").json()] == [second["id"]]


def test_custom_spf_and_its_addresses_change_the_record_which_is_to_be_validated_anew(client: Client) -> None:
    made = domain(client, automatic_security=False, valid=True)
    path = f"{DOMAINS}/{made['id']}"
    assert client.sendgrid("POST", f"{path}/ips", json={"ip": ADDRESS}).status_code == 400
    assert client.sendgrid("PATCH", path, json={"custom_spf": True}).json()["valid"] is False
    for _ in range(2):
        added = client.sendgrid("POST", f"{path}/ips", json={"ip": ADDRESS}).json()
        assert added["dns"]["subdomain_spf"]["data"] == f"v=spf1 ip4:{ADDRESS} -all"
    removed = client.sendgrid("DELETE", f"{path}/ips/{ADDRESS}").json()
    assert removed["dns"]["subdomain_spf"]["data"] == "v=spf1 -all"
    assert client.sendgrid("DELETE", f"{path}/ips/{ADDRESS}").status_code == 404


@pytest.mark.parametrize("body", [{"subdomain": "new"}, {"region": "eu"}, {"custom_spf": True}])
def test_nothing_else_of_a_domain_changes(client: Client, body: dict[str, Any]) -> None:
    made = domain(client)
    assert client.sendgrid("PATCH", f"{DOMAINS}/{made['id']}", json=body).status_code == 400


def test_a_user_has_a_maximum_of_domains(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("emulator.sendgrid.whitelabel.LIMIT", 1)
    client.subuser(SUBUSER)
    domain(client)
    assert client.sendgrid("POST", DOMAINS, json={"domain": "example.org"}).status_code == 400
    domain(client, behalf=SUBUSER)


def test_a_subusers_domains_and_links_go_with_it(client: Client) -> None:
    client.subuser(SUBUSER)
    domain(client, behalf=SUBUSER)
    link(client, behalf=SUBUSER)
    client.sendgrid("DELETE", f"/subusers/{SUBUSER}")
    assert (client.sendgrid("GET", DOMAINS).json(), client.sendgrid("GET", LINKS).json()) == ([], [])


# -- associations -----------------------------------------------------------------------------------------------------


def associate(client: Client, path: str, username: str = SUBUSER, behalf: str | None = None) -> int:
    return client.sendgrid("POST", path, json={"username": username}, behalf=behalf).status_code


def test_only_a_valid_domain_of_the_parent_can_be_associated(client: Client) -> None:
    client.subuser(SUBUSER)
    pending, theirs = domain(client), domain(client, behalf=SUBUSER, valid=True)
    for made in (pending, theirs):
        assert associate(client, f"{DOMAINS}/{made['id']}/subuser:add") == 400
    client.emulator.state.alter("sendgrid", "domains", str(pending["id"]), valid=True)
    path = f"{DOMAINS}/{pending['id']}/subuser:add"
    assert associate(client, path, "nobody") == 404
    assert associate(client, path, behalf=SUBUSER) == 403
    assert associate(client, path) == 201
    (row,) = [row for row in client.sendgrid("GET", DOMAINS).json() if row["subusers"]]
    assert (row["id"], row["subusers"][0]["username"]) == (pending["id"], SUBUSER)


def test_a_subuser_may_have_five_domains(client: Client) -> None:
    client.subuser(SUBUSER)
    made = [domain(client, valid=True)["id"] for _ in range(6)]
    assert [associate(client, f"{DOMAINS}/{id_}/subuser:add") for id_ in made] == [201] * 5 + [400]
    assert associate(client, f"{DOMAINS}/{made[0]}/subuser:add") == 201
    rows = client.sendgrid("GET", f"{DOMAINS}/subuser/all", params={"username": SUBUSER}).json()
    assert [row["id"] for row in rows] == made[:5]


def test_the_call_for_one_domain_takes_the_place_of_the_others(client: Client) -> None:
    client.subuser(SUBUSER)
    first, second = domain(client, valid=True)["id"], domain(client, valid=True)["id"]
    assert [associate(client, f"{DOMAINS}/{id_}/subuser") for id_ in (first, second)] == [201, 201]
    query = {"username": SUBUSER}
    assert client.sendgrid("GET", f"{DOMAINS}/subuser", params=query).json()["id"] == second
    assert client.sendgrid("DELETE", f"{DOMAINS}/subuser", params=query).status_code == 204
    for method in ("GET", "DELETE"):
        assert client.sendgrid(method, f"{DOMAINS}/subuser", params=query).status_code == 404


def test_one_of_several_domains_is_taken_away_by_its_id(client: Client) -> None:
    client.subuser(SUBUSER)
    first, second = domain(client, valid=True)["id"], domain(client, valid=True)["id"]
    for id_ in (first, second):
        associate(client, f"{DOMAINS}/{id_}/subuser:add")
    query = {"username": SUBUSER}
    assert client.sendgrid("DELETE", f"{DOMAINS}/{first}/subuser", params=query).status_code == 204
    assert client.sendgrid("DELETE", f"{DOMAINS}/{first}/subuser", params=query).status_code == 404
    assert client.sendgrid("GET", f"{DOMAINS}/subuser", params=query).json()["id"] == second


@pytest.mark.parametrize("gone", ["the domain", "the subuser"])
def test_an_association_goes_with_either_end(client: Client, gone: str) -> None:
    client.subuser(SUBUSER)
    id_ = domain(client, valid=True)["id"]
    associate(client, f"{DOMAINS}/{id_}/subuser:add")
    path = f"{DOMAINS}/{id_}" if gone == "the domain" else f"/subusers/{SUBUSER}"
    assert client.sendgrid("DELETE", path).status_code == 204
    assert client.emulator.state.collection("sendgrid", "domain_associations") == {}


def test_a_subuser_has_one_associated_link(client: Client) -> None:
    client.subuser(SUBUSER)
    first, second = link(client)["id"], link(client, valid=True)["id"]
    query = {"username": SUBUSER}
    assert client.sendgrid("GET", f"{LINKS}/subuser", params=query).status_code == 404
    assert associate(client, f"{LINKS}/{first}/subuser") == 400
    client.emulator.state.alter("sendgrid", "links", str(first), valid=True)
    assert [associate(client, f"{LINKS}/{id_}/subuser") for id_ in (first, second)] == [200, 200]
    assert client.sendgrid("GET", f"{LINKS}/subuser", params=query).json()["id"] == second
    assert client.sendgrid("DELETE", f"{LINKS}/subuser", params=query).status_code == 204
    assert client.sendgrid("DELETE", f"{LINKS}/subuser", params=query).status_code == 404


# -- branded links ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("region", "target"), [("us", "sendgrid.net"), ("eu", "eu.sendgrid.net")])
def test_a_link_gives_two_cnames_one_of_which_tells_the_user(client: Client, region: str, target: str) -> None:
    made = link(client, region=region)
    assert hosts(made) == {"url1001.example.com", f"{made['user_id']}.example.com"}
    assert {record["data"] for record in made["dns"].values()} == {target}


@pytest.mark.parametrize("fields", [{"region": "global"}, {"domain": "example"}, {"subdomain": "mail"}])
def test_a_wrong_link_is_a_400(client: Client, fields: dict[str, Any]) -> None:
    domain(client, subdomain="mail")
    reply = client.sendgrid("POST", LINKS, json={"domain": "example.com", **fields})
    assert reply.status_code == 400


def test_a_links_host_is_taken_once_in_an_account(client: Client) -> None:
    link(client, subdomain="links")
    again = client.sendgrid("POST", LINKS, json={"domain": "example.com", "subdomain": "links"})
    assert again.status_code == 400


def test_a_subuser_sees_its_own_links(client: Client) -> None:
    client.subuser(SUBUSER)
    ours, theirs = link(client), link(client, behalf=SUBUSER)
    assert [row["id"] for row in client.sendgrid("GET", LINKS).json()] == [ours["id"], theirs["id"]]
    assert [row["id"] for row in client.sendgrid("GET", LINKS, params={"limit": 1}).json()] == [ours["id"]]
    assert [row["id"] for row in client.sendgrid("GET", LINKS, behalf=SUBUSER).json()] == [theirs["id"]]
    assert client.sendgrid("DELETE", f"{LINKS}/{ours['id']}", behalf=SUBUSER).status_code == 404


def test_the_default_link_is_a_valid_one(client: Client) -> None:
    first, second = link(client, default=True, valid=True), link(client)
    assert client.sendgrid("GET", f"{LINKS}/default").json()["id"] == first["id"]
    assert client.sendgrid("PATCH", f"{LINKS}/{second['id']}", json={"default": True}).json()["default"] is True
    assert client.sendgrid("GET", f"{LINKS}/{first['id']}").json()["default"] is False
    assert client.sendgrid("GET", f"{LINKS}/default").status_code == 404
    assert client.sendgrid("PATCH", f"{LINKS}/{second['id']}", json={"default": False}).json()["default"] is False
    assert client.sendgrid("PATCH", f"{LINKS}/{second['id']}", json={"subdomain": "new"}).status_code == 400


# -- reverse DNS ------------------------------------------------------------------------------------------------------


def reverse(client: Client, behalf: str | None = None, **fields: Any) -> Any:
    body = {"ip": ADDRESS, "domain": "example.com", "subdomain": "mail", **fields}
    return client.sendgrid("POST", IPS, json=body, behalf=behalf)


def test_reverse_dns_gives_an_a_record(client: Client) -> None:
    client.subuser(SUBUSER)
    made = reverse(client).json()
    assert made["a_record"] == {"valid": False, "type": "a", "host": "o1.mail.example.com", "data": ADDRESS}
    assert [user["username"] for user in made["users"]] == [SUBUSER]
    assert client.sendgrid("GET", f"{IPS}/{made['id']}").json() == made
    assert client.sendgrid("GET", IPS, params={"ip": "192.0."}).json() == [made]
    assert client.sendgrid("GET", IPS, params={"ip": "198."}).json() == []
    assert client.sendgrid("DELETE", f"{IPS}/{made['id']}").status_code == 204
    assert client.sendgrid("DELETE", f"{IPS}/{made['id']}").status_code == 404


def test_two_addresses_of_one_name_are_counted(client: Client) -> None:
    ips = client.emulator.state.collection("sendgrid", "ips")
    ips["192.0.2.11"] = {**ips[ADDRESS], "ip": "192.0.2.11"}
    assert [reverse(client, ip=ip).json()["rdns"] for ip in (ADDRESS, "192.0.2.11")] == [
        "o1.mail.example.com",
        "o2.mail.example.com",
    ]


@pytest.mark.parametrize("fields", [{"ip": "198.51.100.1"}, {"subdomain": "o_1"}, {"domain": "example"}, {"x": 1}])
def test_wrong_reverse_dns_is_a_400(client: Client, fields: dict[str, Any]) -> None:
    assert reverse(client, **fields).status_code == 400


def test_an_address_has_one_name_and_it_cannot_change(client: Client) -> None:
    made = reverse(client).json()
    assert reverse(client, domain="example.org").status_code == 400
    assert client.sendgrid("PATCH", f"{IPS}/{made['id']}", json={"subdomain": "new"}).status_code == 501


def test_reverse_dns_is_the_parents(client: Client) -> None:
    client.subuser(SUBUSER)
    assert reverse(client, SUBUSER).status_code == 403
    assert client.sendgrid("GET", IPS, behalf=SUBUSER).status_code == 403
