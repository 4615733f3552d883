"""Failures on request."""

import re
import time
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
import requests

from emulator import Emulator, FaultError
from tests.emulator.conftest import Client


def test_sendgrids_429_tells_when_in_epoch_seconds(client: Client, emu: Emulator) -> None:
    emu.fault(vendor="sendgrid", method="POST", path="^/v3/api_keys$", status=429, reset_in=30)
    reply = client.sendgrid("POST", "/api_keys", json={"name": "k"})
    assert (reply.status_code, reply.json()) == (429, {"errors": [{"field": None, "message": "too many requests"}]})
    assert reply.headers["X-RateLimit-Remaining"] == "0"
    assert 25 < int(reply.headers["X-RateLimit-Reset"]) - time.time() <= 31


def test_segments_429_tells_when_in_the_body_and_as_a_date(client: Client, emu: Emulator) -> None:
    emu.fault(vendor="segment", status=429, reset_in=1.5)
    reply = client.segment("GET", "/")
    assert reply.json()["errors"][0]["data"]["msBeforeNext"] == 1500
    assert abs(parsedate_to_datetime(reply.headers["X-RateLimit-Reset"]).timestamp() - time.time()) < 5


def test_twilios_429_does_not_tell_when(client: Client, emu: Emulator) -> None:
    emu.fault(vendor="twilio", status=429)
    reply = client.twilio("GET", "/v1/Services")
    assert (reply.status_code, reply.json()["code"]) == (429, 20429)
    assert "Retry-After" not in reply.headers


@pytest.mark.parametrize("vendor", ["sendgrid", "twilio", "segment"])
def test_a_5xx_has_the_vendors_shape_or_is_a_page_of_html(client: Client, emu: Emulator, vendor: str) -> None:
    emu.fault(vendor=vendor, status=503)
    emu.fault(vendor=vendor, status=502, html=True)
    path = {"sendgrid": "/scopes", "twilio": "/v1/Services", "segment": "/"}[vendor]
    shaped, html, healthy = (getattr(client, vendor)("GET", path) for _ in range(3))
    assert shaped.status_code == 503
    assert "message" in (shaped.json() if vendor == "twilio" else shaped.json()["errors"][0])
    assert (html.status_code, html.headers["Content-Type"]) == (502, "text/html")
    assert healthy.status_code == 200


def test_a_failing_call_changes_nothing(client: Client, emu: Emulator) -> None:
    emu.fault(path="/v3/subusers", status=500)
    assert client.subuser().status_code == 500
    assert client.subuser().status_code == 200


def test_a_fault_may_have_its_own_body_and_headers(client: Client, emu: Emulator) -> None:
    emu.fault(status=403, body={"errors": [{"message": "plan"}]}, headers={"X-Plan": "free"})
    reply = client.sendgrid("GET", "/scopes")
    assert (reply.status_code, reply.json(), reply.headers["X-Plan"]) == (
        403,
        {"errors": [{"message": "plan"}]},
        "free",
    )


@pytest.mark.parametrize(("drop", "made"), [("before", 0), ("after", 1)])
def test_a_connection_can_break_before_or_after_the_change(client: Client, emu: Emulator, drop: str, made: int) -> None:
    emu.fault(method="POST", path="Services", drop=drop)
    with pytest.raises(requests.ConnectionError):
        client.twilio("POST", "/v1/Services", data={"FriendlyName": "a"})
    assert len(client.twilio("GET", "/v1/Services").json()["services"]) == made
    assert "connection dropped" in emu.requests[0].note


def test_a_reply_can_be_late(client: Client, emu: Emulator) -> None:
    emu.fault(latency_ms=80)
    began = time.perf_counter()
    assert client.sendgrid("GET", "/scopes").status_code == 200
    assert time.perf_counter() - began >= 0.08


def test_a_fault_can_wait_and_strike_more_than_once(client: Client, emu: Emulator) -> None:
    emu.fault(path="scopes", after=1, times=2, status=500)
    client.sendgrid("GET", "/user/account")
    assert [client.sendgrid("GET", "/scopes").status_code for _ in range(5)] == [200, 500, 500, 200, 200]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({}, "needs status, drop or latency_ms"),
        ({"status": 500, "statsu": 1}, "statsu"),
        ({"status": 200}, "status"),
        ({"drop": "during"}, "drop"),
        ({"status": 500, "drop": "after"}, "exclude each other"),
        ({"status": 500, "path": "("}, "not a regular expression"),
        ({"status": 500, "vendor": "mailgun"}, "vendor"),
        ({"status": 500, "times": 0}, "times"),
    ],
)
def test_a_fault_that_makes_no_sense_is_an_error(emu: Emulator, client: Client, fields: Any, reason: str) -> None:
    with pytest.raises(FaultError, match=re.escape(reason)):
        emu.fault(**fields)
    reply = client.session.post(f"{emu.url}/_emulator/faults", json=fields, timeout=10)
    assert reply.status_code == 400
    assert reason in reply.json()["message"]


def test_faults_are_set_seen_and_cleared_over_http(client: Client, emu: Emulator) -> None:
    where = f"{emu.url}/_emulator/faults"
    assert client.session.post(where, json={"status": 500, "path": "scopes"}, timeout=10).status_code == 201
    assert [fault["status"] for fault in client.session.get(where, timeout=10).json()] == [500]
    assert client.session.delete(where, timeout=10).status_code == 204
    assert client.sendgrid("GET", "/scopes").status_code == 200
