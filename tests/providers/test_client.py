"""Sending: what is repeated and after how long, what errors say, and what never leaves."""

from __future__ import annotations

import time
from typing import Any

import pytest
import requests
import responses
from urllib3.connection import HTTPConnection

from emulator import Emulator
from emulator.made_up import console_keys
from providers.client import MAX_ATTEMPTS, UNREACHABLE_ATTEMPTS, Client, may_repeat
from providers.connection import Connection, Credential
from providers.errors import Ambiguous, CredentialError, NotFound, Unreachable, VendorError
from providers.sendgrid.client import SendGrid
from providers.twilio.client import Twilio
from providers.vendors import CLIENTS, CREDENTIALS
from tests.providers.conftest import Resources

OTHERS = dict(zip(("TWILIO_API_KEY", "TWILIO_API_SECRET"), console_keys["standard"], strict=True))
"""Credentials that do not come with the emulator, as they would change who calls."""

READS = {"sendgrid": "/v3/scopes", "twilio": "/v1/Services", "segment": "/"}


@pytest.mark.parametrize(
    ("method", "status", "idempotent", "expected"),
    [
        ("POST", 429, False, True),
        ("POST", 500, False, False),
        ("POST", None, False, False),
        ("POST", 503, True, True),
        ("POST", None, True, True),
        ("GET", 503, False, True),
        ("GET", None, False, True),
        ("PUT", 500, False, True),
        ("PATCH", 502, False, True),
        ("DELETE", None, False, True),
        ("GET", 501, False, False),
        ("GET", 400, False, False),
        ("GET", 404, False, False),
        ("GET", 200, False, False),
    ],
)
def test_only_what_does_no_harm_is_sent_twice(
    method: str, status: int | None, idempotent: bool, expected: bool
) -> None:
    assert may_repeat(method, status, idempotent=idempotent) is expected


@pytest.mark.parametrize("vendor", READS)
def test_a_429_is_waited_for_as_the_vendor_says(resources: Resources, waits: list[float], vendor: str) -> None:
    resources.emulator.fault(vendor=vendor, status=429, reset_in=7, times=2)
    resources.client(vendor).get(READS[vendor])
    assert len(waits) == 2
    if vendor == "twilio":  # says nothing: a growing, random wait
        assert all(0 <= wait <= 2 for wait in waits)
    else:
        assert all(5.5 < wait <= 7 for wait in waits)


def test_a_429_longer_than_a_minute_is_reported_at_once(resources: Resources, waits: list[float]) -> None:
    resources.emulator.fault(status=429, reset_in=3600)
    with pytest.raises(VendorError, match=r"429.*too many requests.*run the same command again"):
        resources.client("sendgrid").get("/v3/scopes")
    assert waits == []


def test_a_vendor_that_stays_down_is_given_up_on(resources: Resources, waits: list[float]) -> None:
    resources.emulator.fault(status=503, times=99)
    with pytest.raises(Ambiguous, match=r"GET /v3/scopes .*status 503"):
        resources.client("sendgrid").get("/v3/scopes")
    assert len(waits) == MAX_ATTEMPTS - 1


@pytest.mark.parametrize(
    "loss", [{"drop": "before"}, {"drop": "after"}, {"status": 503}, {"status": 502, "html": True}]
)
@pytest.mark.parametrize("vendor", READS)
def test_a_broken_read_is_repeated(resources: Resources, vendor: str, loss: dict[str, Any]) -> None:
    resources.emulator.fault(vendor=vendor, **loss)
    assert resources.client(vendor).get(READS[vendor])


@pytest.mark.parametrize(
    "loss", [{"drop": "before"}, {"drop": "after"}, {"status": 503}, {"status": 502, "html": True}]
)
def test_a_broken_post_is_not_repeated_and_not_known(resources: Resources, loss: dict[str, Any]) -> None:
    resources.emulator.fault(method="POST", **loss)
    with pytest.raises(Ambiguous, match="not known whether it took effect -> run the same command again"):
        resources.client("sendgrid").send("POST", "/v3/api_keys", body={"name": "x"})
    assert len(resources.sent("POST")) == 1


def test_nothing_is_ambiguous_where_nobody_listens(
    monkeypatch: pytest.MonkeyPatch, emu: Emulator, waits: list[float]
) -> None:
    monkeypatch.setenv("SENDGRID_API_KEY", emu.credentials["SENDGRID_API_KEY"])
    client = SendGrid(Connection({"endpoint": "http://127.0.0.1:9"}))
    with pytest.raises(Unreachable, match=r"cannot be reached at http://127.0.0.1:9/api.sendgrid.com"):
        client.send("POST", "/v3/api_keys", body={"name": "x"})
    assert len(waits) == UNREACHABLE_ATTEMPTS - 1


@responses.activate
def test_a_redirect_is_refused_and_not_followed(resources: Resources) -> None:
    there = responses.get("https://elsewhere.example.com/")
    responses.get("https://api.sendgrid.com/v3/scopes", status=302, headers={"Location": there.url})
    with pytest.raises(VendorError, match="302"):
        SendGrid(Connection()).get("/v3/scopes")
    assert there.call_count == 0


@pytest.mark.parametrize(
    ("vendor", "method", "path", "body", "says"),
    [
        ("sendgrid", "POST", "/v3/subusers", {"username": "x"}, ["SendGrid refused POST /v3/subusers (400)", "email"]),
        (
            "twilio",
            "POST",
            "/v1/Services",
            {"Usecase": "x", "FriendlyName": "x"},
            ["(400, code 21713)", "use_case must"],
        ),
        ("segment", "GET", "/sources/none", None, ["Segment refused GET /sources/none (404"]),
    ],
)
def test_a_refusal_is_one_line_with_what_to_do(
    resources: Resources, vendor: str, method: str, path: str, body: Any, says: list[str]
) -> None:
    with pytest.raises(VendorError) as raised:
        resources.client(vendor).send(method, path, body=body)
    assert "\n" not in str(raised.value)
    for part in says:
        assert part in str(raised.value)


@pytest.mark.parametrize("credential", CREDENTIALS, ids=lambda credential: credential.variable)
@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("", "is not set: find it at"),
        ("hunter2", "does not look right, it should be"),
        ("{}\n", "begins or ends with white space"),
        (" {}", "begins or ends with white space"),
    ],
)
def test_a_credential_that_cannot_be_right_is_named_and_not_repeated(
    emu: Emulator, monkeypatch: pytest.MonkeyPatch, credential: Credential, value: str, says: str
) -> None:
    value = value.format({**emu.credentials, **OTHERS}[credential.variable])
    monkeypatch.setenv(credential.variable, value)
    with pytest.raises(CredentialError) as raised:
        credential.read(Connection())
    assert f"{credential.variable} {says}" in str(raised.value)
    assert not value.strip() or value.strip() not in str(raised.value)


def test_the_environment_comes_before_configuration(monkeypatch: pytest.MonkeyPatch, emu: Emulator) -> None:
    stored = Connection({"sendgridApiKey": "SG.stored.stored"})
    credential = SendGrid.credentials[0]
    assert credential.read(stored) == "SG.stored.stored"
    monkeypatch.setenv("SENDGRID_API_KEY", emu.credentials["SENDGRID_API_KEY"])
    assert credential.read(stored) == emu.credentials["SENDGRID_API_KEY"]


@pytest.mark.parametrize(
    ("vendor", "variable", "wrong"),
    [
        ("sendgrid", "SENDGRID_API_KEY", "SG.wrong.wrong"),
        ("twilio", "TWILIO_AUTH_TOKEN", "0" * 32),
        ("segment", "SEGMENT_PUBLIC_API_TOKEN", "sgp_" + "0" * 40),
    ],
)
def test_a_wrong_credential_says_which_to_replace(
    resources: Resources, monkeypatch: pytest.MonkeyPatch, vendor: str, variable: str, wrong: str
) -> None:
    monkeypatch.setenv(variable, wrong)
    with pytest.raises(VendorError, match=rf"\(40[13].*{variable}") as raised:
        resources.client(vendor).get(READS[vendor])
    assert wrong not in str(raised.value)


def test_no_message_repeats_a_credential_that_the_vendor_echoes(resources: Resources) -> None:
    key = resources.emulator.credentials["SENDGRID_API_KEY"]
    other = "SG." + "a" * 22 + "." + "b" * 43
    body = {"errors": [{"message": f"key {key} may not make {other}"}]}
    resources.emulator.fault(status=400, body=body)
    with pytest.raises(VendorError, match=r"key \[redacted\] may not make \[redacted\]"):
        resources.client("sendgrid").get("/v3/scopes")


def test_netrc_does_not_replace_the_credentials(
    resources: Resources, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    netrc = tmp_path_factory.mktemp("home") / "netrc"
    netrc.write_text("default login someone password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    for vendor, path in READS.items():
        resources.client(vendor).get(path)


def test_on_behalf_of_does_not_leak_into_the_parents_calls(resources: Resources) -> None:
    resources.create("sendgrid:Subuser")
    parent = SendGrid(Connection({"endpoint": resources.emulator.url}))
    child = parent.scoped({"subuser": "twilio_engage_app_example"})
    assert child.get("/v3/user/username")["username"] == "twilio_engage_app_example"
    assert parent.get("/v3/user/username")["username"] != "twilio_engage_app_example"


def test_a_subuser_that_answers_403_and_exists_is_not_gone(resources: Resources) -> None:
    resources.create("sendgrid:Subuser")
    child = SendGrid(Connection({"endpoint": resources.emulator.url}), "twilio_engage_app_example")
    resources.emulator.fault(status=403, path="api_keys")
    with pytest.raises(VendorError) as raised:
        child.get("/v3/api_keys")
    assert not isinstance(raised.value, NotFound)
    assert "IP access management" in str(raised.value)


def test_a_parents_wrong_key_does_not_make_a_subuser_gone(
    resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    resources.create("sendgrid:Subuser")
    monkeypatch.setenv("SENDGRID_API_KEY", "SG.revoked.revoked")
    child = SendGrid(Connection({"endpoint": resources.emulator.url}), "twilio_engage_app_example")
    with pytest.raises(VendorError) as raised:
        child.get("/v3/api_keys")
    assert not isinstance(raised.value, NotFound)


@pytest.mark.parametrize("vendor", READS)
def test_every_page_of_a_list_is_read(resources: Resources, monkeypatch: pytest.MonkeyPatch, vendor: str) -> None:
    module = __import__(f"providers.{vendor}.client", fromlist=["client"])
    monkeypatch.setattr(module, "PAGE" if vendor == "sendgrid" else "PAGE_SIZE", 2)
    client = resources.client(vendor)
    if vendor == "sendgrid":
        names = [f"twilio_engage_app_{number}" for number in range(5)]
        for name in names:
            resources.create("sendgrid:Subuser", username=name)
        assert [row["username"] for row in client.pages("/v3/subusers", "")] == names
    elif vendor == "twilio":
        for number in range(5):
            client.send("POST", "/v1/Services", body={"FriendlyName": f"{number}"})
        assert {row["friendly_name"] for row in client.pages("/v1/Services", "services")} == set("01234")
    else:
        for number in range(5):
            body = {"slug": f"{number}", "metadataId": "iUM16Md8P2", "enabled": True}
            client.send("POST", "/sources", body=body)
        assert {row["slug"] for row in client.pages("/sources", "sources")} == set("01234")


@responses.activate
def test_the_next_page_is_asked_of_the_same_host_whatever_the_vendor_names(resources: Resources) -> None:
    meta = {"next_page_url": "https://elsewhere.example.com/v1/Services?Page=1"}
    first = responses.get("https://messaging.twilio.com/v1/Services", json={"services": [{"sid": "1"}], "meta": meta})
    second = responses.get("https://messaging.twilio.com/v1/Services?Page=1", json={"services": [], "meta": {}})
    assert list(Twilio(Connection()).pages("/v1/Services", "services")) == [{"sid": "1"}]
    assert (first.call_count, second.call_count) == (1, 1)


@responses.activate
def test_a_path_of_twilios_2010_api_goes_to_its_host_with_the_account_in_it(resources: Resources) -> None:
    account = resources.emulator.credentials["TWILIO_ACCOUNT_SID"]
    url = f"https://api.twilio.com/2010-04-01/Accounts/{account}/Addresses.json"
    uri = f"/2010-04-01/Accounts/{account}/Addresses.json?Page=1"
    first = responses.get(url, json={"addresses": [{"sid": "1"}], "next_page_uri": uri})
    second = responses.get(f"{url}?Page=1", json={"addresses": [{"sid": "2"}], "next_page_uri": None})
    pages = Twilio(Connection()).pages("/2010-04-01/Accounts/{AccountSid}/Addresses.json", "addresses")
    assert [row["sid"] for row in pages] == ["1", "2"]
    assert (first.call_count, second.call_count) == (1, 1)


@responses.activate
def test_a_limit_that_is_lifted_already_is_waited_for_a_moment_alone(resources: Resources, waits: list[float]) -> None:
    past = {"X-RateLimit-Reset": str(int(time.time()) - 100)}
    responses.get("https://api.sendgrid.com/v3/scopes", status=429, headers=past)
    responses.get("https://api.sendgrid.com/v3/scopes", json={"scopes": []})
    SendGrid(Connection()).get("/v3/scopes")
    assert len(waits) == 1
    assert 0 < waits[0] <= 0.5


@pytest.mark.parametrize("client_class", [found for found in CLIENTS.values() if issubclass(found, Client)])
def test_without_an_endpoint_the_vendor_itself_is_called(client_class: type[Client]) -> None:
    client = client_class(Connection())
    assert client.connection.url(client.host()) == f"https://{client.host()}"


@responses.activate
def test_nothing_of_one_call_stays_for_the_next(resources: Resources) -> None:
    responses.get("https://api.sendgrid.com/v3/scopes", json={}, headers={"Set-Cookie": "who=parent"})
    again = responses.get("https://api.sendgrid.com/v3/scopes", json={})
    responses.get("https://api.sendgrid.com/v3/subusers", json=[])
    SendGrid(Connection(), "somebody").get("/v3/scopes")
    SendGrid(Connection()).get("/v3/scopes")
    assert {"Cookie", "on-behalf-of"} & set(again.calls[0].request.headers) == set()


def test_connections_are_used_again(resources: Resources, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[object] = []
    connect = HTTPConnection.connect

    def count(connection: HTTPConnection) -> None:
        opened.append(connection)
        connect(connection)

    monkeypatch.setattr(HTTPConnection, "connect", count)
    for _ in range(3):
        resources.client("sendgrid").get("/v3/scopes")
    assert len(opened) <= 1


@responses.activate
@pytest.mark.parametrize("error", [requests.exceptions.SSLError("self-signed"), requests.exceptions.ProxyError("no")])
def test_what_never_left_is_not_said_to_be_unknown(resources: Resources, error: requests.RequestException) -> None:
    responses.post("https://api.sendgrid.com/v3/api_keys", body=error)
    with pytest.raises(Unreachable, match=r"nothing was sent -> check .*REQUESTS_CA_BUNDLE"):
        SendGrid(Connection()).send("POST", "/v3/api_keys", body={})


@responses.activate
def test_a_vendors_words_about_its_own_trouble_are_passed_on(resources: Resources) -> None:
    body = {"errors": [{"message": "unable to validate IPs at this time"}]}
    responses.post("https://api.sendgrid.com/v3/subusers", status=500, json=body)
    with pytest.raises(Ambiguous, match="status 500: unable to validate IPs at this time"):
        SendGrid(Connection()).send("POST", "/v3/subusers", body={})


def test_what_is_not_emulated_is_said_at_once(resources: Resources, waits: list[float]) -> None:
    with pytest.raises(VendorError, match=r"\(501"):
        resources.client("sendgrid").get("/v3/unheard_of")
    assert waits == []


@pytest.mark.parametrize("vendor", ["sendgrid", "segment"])
def test_who_calls_is_asked_once_a_process_and_set_of_credentials(
    resources: Resources, monkeypatch: pytest.MonkeyPatch, vendor: str
) -> None:
    monkeypatch.setattr("providers.client._accounts", {})
    assert resources.client(vendor).account() == resources.client(vendor).account() is not None
    assert len(resources.emulator.requests) == 1
    variable = CLIENTS[vendor].credentials[0].variable
    monkeypatch.setenv(variable, resources.emulator.credentials[variable][:-1] + "x")
    with pytest.raises(VendorError):
        resources.client(vendor).account()
