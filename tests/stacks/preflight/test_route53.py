"""What is said of the zones that records are written to."""

from __future__ import annotations

from collections.abc import Iterator

import boto3  # type: ignore[import-untyped]  # the package has no types
import pytest
from moto.route53.models import Route53Backend
from moto.server import ThreadedMotoServer

from components.domain import DomainArgs
from components.engage import EngageArgs
from providers.dns.lookup import Lookup
from providers.dns.records import Answer
from providers.errors import VendorError
from providers.route53.client import Route53
from tests.stacks.preflight.conftest import Preflight, account, email
from tests.support import route53

ZONE = "Route 53 zone example.com"


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    strict = route53.judged(Route53Backend.change_resource_record_sets)
    monkeypatch.setattr(Route53Backend, "change_resource_record_sets", strict)
    for variable, value in route53.environment(f"http://{host}:{port}").items():
        monkeypatch.setenv(variable, value)
    yield route53.begin()
    server.stop()


def _args(zone: str = "example.com") -> EngageArgs:
    return EngageArgs(account=account(), email=email(domain=DomainArgs(name="example.com", route53_zone=zone)))


def _dns_says(monkeypatch: pytest.MonkeyPatch, answer: Answer) -> None:
    monkeypatch.setattr(Lookup, "__call__", lambda _self, _host, _type: answer)


def _nameservers(zone_id: str) -> tuple[str, ...]:
    client = boto3.session.Session().client("route53", region_name="us-east-1")
    servers = client.get_hosted_zone(Id=zone_id)["DelegationSet"]["NameServers"]
    client.close()
    return tuple(servers)


def test_a_zone_that_the_world_asks_is_well_and_nothing_is_changed(
    look: Preflight, aws: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _dns_says(monkeypatch, Answer("found", tuple(f"{server}." for server in _nameservers(aws))))
    assert look("route53", args=_args())[ZONE].outcome == "ok"
    assert look("route53", args=_args(aws))[f"Route 53 zone {aws}"].outcome == "ok", "by its id"
    assert route53.everything() == {}


def test_a_zone_that_nobody_asks_is_a_problem(look: Preflight, aws: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _dns_says(monkeypatch, Answer("found", ("ns1.example.net.",)))
    finding = look("route53", args=_args())[ZONE]
    assert (finding.outcome, "ns1.example.net" in finding.found) == ("problem", True)
    assert all(server in finding.todo for server in _nameservers(aws))


def test_dns_that_does_not_answer_is_no_problem_of_the_zone(
    look: Preflight, aws: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _dns_says(monkeypatch, Answer("no answer", detail="it timed out"))
    assert look("route53", args=_args())[ZONE].outcome == "warning"


def test_a_zone_that_may_only_be_read_is_a_problem(look: Preflight, aws: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise VendorError(vendor="Route 53", method="call", path="x", status=403, message="no", code="AccessDenied")

    monkeypatch.setattr(Route53, "change", refuse)
    assert "route53:ChangeResourceRecordSets" in look("route53", args=_args())[ZONE].todo


def test_a_zone_that_is_not_there_is_a_problem(look: Preflight, aws: str) -> None:
    (finding,) = look("route53", args=_args("example.org")).values()
    assert (finding.outcome, "no public hosted zone of example.org" in finding.found) == ("problem", True)
