"""Validation by the emulator's own zone, in the vendor's words."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.store import Collection
from tests.emulator.conftest import Client, refusal
from tests.support import sendgrid_objects

PATHS = [("domains", "/whitelabel/domains/1000001"), ("links", "/whitelabel/links/2000001")]
PATHS += [("reverse_dns", "/whitelabel/ips/3000001")]
each = pytest.mark.parametrize(("collection", "path"), PATHS)


@pytest.fixture(autouse=True)
def zone(client: Client) -> Collection:
    sendgrid_objects.make(client.emulator)
    return client.emulator.state.collection("dns", "zone")


def validate(client: Client, path: str, **options: Any) -> dict[str, Any]:
    reply = client.sendgrid("POST", f"{path}/validate", **options)
    assert reply.status_code == 200
    body: dict[str, Any] = reply.json()
    return body


@each
def test_what_has_all_its_records_becomes_valid_and_stays_so(client: Client, collection: str, path: str) -> None:
    assert client.sendgrid("GET", path).json()["valid"] is False
    body = validate(client, path)
    assert body["valid"] is True
    assert {result["reason"] for result in body["validation_results"].values()} == {None}
    assert client.sendgrid("GET", path).json()["valid"] is True
    record = client.emulator.state.collection("sendgrid", collection)[path.rpartition("/")[2]]
    assert all(each["valid"] for each in record.get("dns", {"a": record.get("a_record")}).values())


@each
def test_what_lacks_a_record_is_a_200_that_says_which(
    client: Client, zone: Collection, collection: str, path: str
) -> None:
    zone.clear()
    body = validate(client, path)
    assert body["valid"] is False
    assert all(result["reason"] for result in body["validation_results"].values())


@pytest.mark.parametrize(
    ("path", "host", "record", "name", "reason"),
    [
        (
            PATHS[1][1],
            "links.example.com",
            {"type": "cname", "data": "example.com"},
            "domain_cname",
            'Expected CNAME to match "sendgrid.net" but found "example.com".',
        ),
        (
            PATHS[2][1],
            "o1.example.com",
            {"type": "txt", "data": "text"},
            "a_record",
            "Failed to resolve A Record at o1.example.com: lookup o1.example.com on 192.168.0.10:53: no such host",
        ),
    ],
)
def test_the_reasons_are_those_of_the_documents_examples(
    client: Client, zone: Collection, path: str, host: str, record: dict[str, Any], name: str, reason: str
) -> None:
    zone[host] = record
    assert validate(client, path)["validation_results"][name] == {"valid": False, "reason": reason}


def test_a_domain_of_manual_security_answers_under_the_same_names(client: Client, zone: Collection) -> None:
    domain = client.emulator.state.collection("sendgrid", "domains")["1000001"]
    domain["dns"] = {
        "mail_server": {"valid": False, "type": "mx", "host": "em1.example.com", "data": "mx.sendgrid.net"},
        "dkim": {"valid": False, "type": "txt", "host": "m1._domainkey.example.com", "data": "k=rsa"},
    }
    zone["em1.example.com"] = {"type": "mx", "data": "10 example.com."}
    zone["m1._domainkey.example.com"] = {"type": "txt", "data": ["k=rsa", "more"]}
    assert validate(client, PATHS[0][1])["validation_results"] == {
        "mail_cname": {
            "valid": False,
            "reason": 'Expected your MX record to be "mx.sendgrid.net" but found "10 example.com.".',
        },
        "dkim1": {"valid": True, "reason": None},
    }


def test_a_look_up_that_fails_is_a_500_and_changes_nothing(client: Client, zone: Collection) -> None:
    validate(client, PATHS[0][1])
    zone["em1.example.com"] = {"type": "rcode", "data": "SERVFAIL"}
    assert refusal(client.sendgrid("POST", f"{PATHS[0][1]}/validate")) == (500, ["internal error getting CNAME"])
    assert client.sendgrid("GET", PATHS[0][1]).json()["valid"] is True


def test_older_replies_can_be_had_back(client: Client) -> None:
    client.emulator.state.collection("sendgrid", "switches")["validation_resuts"] = {"on": True}
    assert "validation_resuts" in validate(client, PATHS[0][1])


@each
def test_the_parent_and_the_owner_see_it_and_nobody_else_does(client: Client, collection: str, path: str) -> None:
    client.subuser(sendgrid_objects.OWNER)
    client.subuser("engage_other", email="other@example.com")
    assert refusal(client.sendgrid("POST", f"{path}/validate", behalf="engage_other"))[0] == 404
    owned = collection != "reverse_dns"
    assert (client.sendgrid("POST", f"{path}/validate", behalf=sendgrid_objects.OWNER).status_code == 200) is owned


@pytest.mark.parametrize("kind", ["domains", "links", "ips"])
def test_an_unknown_id_is_a_404(client: Client, kind: str) -> None:
    status, (message,) = refusal(client.sendgrid("POST", f"/whitelabel/{kind}/7/validate"))
    assert status == 404
    assert message.endswith("not found.")


def test_a_body_is_a_violation_and_lets_it_pass(client: Client) -> None:
    validate(client, PATHS[0][1], json={})
    client.expect_violation(
        "POST api.sendgrid.com/v3/whitelabel/domains/1000001/validate: the document has no body here"
    )
