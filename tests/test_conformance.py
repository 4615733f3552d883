"""The judge is judged: it must say no where the documents do."""

from collections.abc import Mapping

import pytest

from emulator.exchange import RawRequest, RawResponse
from tests.conformance import MISSING, Conformance

pytestmark = pytest.mark.skipif(not Conformance.available(), reason=MISSING)

SERVICE = "POST", "messaging.twilio.com", "/v1/Services"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}


def request(
    method: str,
    host: str,
    path: str,
    body: bytes = b"",
    headers: Mapping[str, str] = JSON,
    query: tuple[tuple[str, str], ...] = (),
) -> RawRequest:
    return RawRequest(method, host, path, query, headers, body)


def problems(sent: RawRequest, status: int, body: bytes = b"", *, emulated: bool = False) -> list[str]:
    conformance = Conformance()
    conformance.observer(sent, RawResponse(status, JSON, body, emulated))
    return conformance.problems


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (request(*SERVICE, b"Usecase=marketing", FORM), "'FriendlyName' is a required property"),
        (request(*SERVICE, b"FriendlyName=a&InboundMethod=PUT", FORM), "'PUT' is not one of"),
        (request(*SERVICE, b"FriendlyName=a&ValidityPeriod=day", FORM), "'day'"),
        (request(*SERVICE, b"FriendlyName=a&UseCase=b", FORM), "unknown form parameter 'UseCase'"),
        (request(*SERVICE, b"FriendlyName=a&FriendlyName=b", FORM), "more than once"),
        (request(*SERVICE, b"{}", JSON), "application/json"),
        (request("GET", "messaging.twilio.com", "/v1/Services/MG1"), "MG1"),
        (request("GET", "messaging.twilio.com", "/v1/Services", query=(("PageSzie", "1"),)), "PageSzie"),
        (request("GET", "messaging.twilio.com", "/v1/Nothing"), "no document has this operation"),
        (request("POST", "api.sendgrid.com", "/v3/api_keys", b'{"scopes": []}'), "'name' is a required property"),
        (request("POST", "api.sendgrid.com", "/v3/api_keys", b'{"name": "a", "x": 1}'), "'x'"),
        (request("PATCH", "api.eu.sendgrid.com", "/v3/tracking_settings/open", b'{"enabled": "yes"}'), "boolean"),
        (request("GET", "api.sendgrid.com", "/v3/subusers", headers={"On-Behalf-Of": "a"}), "no on-behalf-of"),
        (request("GET", "api.sendgrid.com", "/v3/scopes", b"{}"), "no body here"),
        (request("POST", "api.segmentapis.com", "/sources", b"{}"), "application/json"),
        (
            request("GET", "eu1.api.segmentapis.com", "/sources", query=(("pagination[count]", "x"),)),
            "'x'",
        ),
    ],
)
def test_a_wrong_request_is_found(sent: RawRequest, reason: str) -> None:
    found = problems(sent, 200)
    assert any(reason in problem for problem in found), found


@pytest.mark.parametrize(
    ("sent", "status", "body", "reason"),
    [
        (request("GET", "api.sendgrid.com", "/v3/scopes"), 200, b'{"scopes": "all"}', "'all' is not of type 'array'"),
        (request("GET", "api.sendgrid.com", "/v3/scopes"), 200, b'{"scopes": [], "more": 1}', "'more'"),
        (request("GET", "api.sendgrid.com", "/v3/scopes"), 201, b"{}", "201"),
        (request("GET", "api.sendgrid.com", "/v3/scopes"), 404, b'{"error": "x"}', "'errors' is a required property"),
        (
            request("GET", "api.sendgrid.com", "/v3/scopes"),
            418,
            b'{"errors": [{"message": "x"}]}',
            "not in the document",
        ),
        (
            request("GET", "messaging.twilio.com", "/v1/Services"),
            400,
            b'{"errors": []}',
            "'code' is a required property",
        ),
        (request("GET", "messaging.twilio.com", "/v1/Services"), 200, b'{"services": [{"sid": "x"}]}', "required"),
    ],
)
def test_a_wrong_response_is_found(sent: RawRequest, status: int, body: bytes, reason: str) -> None:
    found = problems(sent, status, body, emulated=True)
    assert any(reason in problem for problem in found), found


def test_a_wrong_request_that_was_refused_is_nobodys_problem() -> None:
    refusal = b'{"code": 20001, "message": "m", "more_info": "https://www.twilio.com/docs/errors/20001", "status": 400}'
    assert problems(request(*SERVICE, b"", FORM), 400, refusal, emulated=True) == []


def test_a_fault_and_a_501_are_not_judged_as_the_vendors_words() -> None:
    assert problems(request("GET", "api.sendgrid.com", "/v3/scopes"), 500, b"<html>") == []
    assert problems(request("GET", "api.sendgrid.com", "/v3/nothing"), 501, b"{}") == []


def test_a_host_without_a_document_is_judged_by_none_and_only_if_that_is_known() -> None:
    assert problems(request("GET", "profiles.segment.com", "/v1/spaces/a"), 200, b"{}", emulated=True) == []
    with pytest.raises(KeyError):
        problems(request("GET", "forgotten.example.com", "/"), 200)


def test_a_deviation_that_was_not_needed_is_told() -> None:
    conformance = Conformance()
    every = len(conformance.unused)
    gone = request("DELETE", "api.sendgrid.com", "/v3/subusers/a")
    conformance.observer(gone, RawResponse(404, JSON, b'{"errors": [{"message": "m"}]}', emulated=True))
    assert (len(conformance.unused), conformance.problems) == (every - 1, [])
