"""A record of somebody else is never overwritten and never removed, and ours is what has the value that we wrote."""

from __future__ import annotations

from typing import Any

import botocore.httpsession  # type: ignore[import-untyped]  # the package has no types
import pytest

from providers.declaration import find
from providers.errors import Ambiguous, CredentialError, EngageError, NotFound, OwnershipError, Unreachable, VendorError
from tests.providers.cases import CASES
from tests.providers.conftest import Resources
from tests.support import route53

TOKEN = "route53:Record"
HOST, VALUE = "em1.example.com", "u1.wl.sendgrid.net"
OURS = {("CNAME", HOST): [f"{VALUE}."]}


@pytest.fixture(autouse=True)
def _zone(hosted_zone: str) -> str:
    return hosted_zone


def test_its_id_is_its_owner_so_that_it_can_move(resources: Resources, hosted_zone: str) -> None:
    state = resources.create(TOKEN)
    assert state.id == state.values["marker"]
    assert state.values["zone_id"] == hosted_zone
    moved = resources.update(TOKEN, state, {**CASES[TOKEN].inputs, "host": "em2.example.com", "type": "TXT"})
    assert moved.id == state.id
    assert route53.everything() == {("TXT", "em2.example.com"): [f'"{VALUE}"']}


def test_the_same_value_is_taken_over_and_nothing_is_written(resources: Resources) -> None:
    route53.put("CNAME", HOST, f"{VALUE.upper()}.")
    state = resources.create(TOKEN)
    assert route53.everything() == {("CNAME", HOST): [f"{VALUE.upper()}."]}
    assert resources.read(TOKEN, state) == state


def test_another_value_is_an_error_that_names_both_and_changes_nothing(resources: Resources) -> None:
    route53.put("CNAME", HOST, "other.example.net.")
    with pytest.raises(OwnershipError) as raised:
        resources.create(TOKEN)
    assert str(raised.value).startswith(
        f"{HOST}: has the CNAME record 'other.example.net', which this resource did not"
    )
    assert f"where the CNAME record {VALUE!r} should be -> remove what is there" in str(raised.value)
    assert route53.everything() == {("CNAME", HOST): ["other.example.net."]}


@pytest.mark.parametrize(("there", "asked"), [("TXT", "CNAME"), ("CNAME", "TXT"), ("CNAME", "A")])
def test_a_cname_and_another_type_at_one_name_are_an_error(resources: Resources, there: str, asked: str) -> None:
    present = {"TXT": '"text"', "CNAME": "other.example.net."}[there]
    route53.put(there, HOST, present)
    with pytest.raises(OwnershipError, match=f"has the {there} record '(text|other.example.net)'"):
        resources.create(TOKEN, type=asked)
    assert route53.everything() == {(there, HOST): [present]}


def test_other_types_beside_it_are_no_business_of_ours(resources: Resources) -> None:
    route53.put("TXT", HOST, '"text"')
    state = resources.create(TOKEN, type="MX")
    assert route53.everything() == {("MX", HOST): [f"10 {VALUE}."], ("TXT", HOST): ['"text"']}
    resources.delete(TOKEN, state)
    assert route53.everything() == {("TXT", HOST): ['"text"']}


def test_more_values_than_ours_are_somebody_elses_set(resources: Resources) -> None:
    route53.put("TXT", "example.com", '"proof=1"', '"v=spf1 -all"')
    with pytest.raises(OwnershipError, match="has the TXT record 'proof=1, v=spf1 -all'"):
        resources.create(TOKEN, type="TXT", host="example.com", value="v=spf1 -all")


def test_an_alias_is_shown_as_one(resources: Resources, hosted_zone: str) -> None:
    target = {"HostedZoneId": hosted_zone, "DNSName": "web.example.com.", "EvaluateTargetHealth": False}
    route53.put("A", HOST, AliasTarget=target)
    with pytest.raises(OwnershipError, match=r"has the A record 'alias of web\.example\.com"):
        resources.create(TOKEN, type="A", value="192.0.2.10")


def test_a_long_text_is_cut_into_strings_and_read_back_whole(resources: Resources) -> None:
    text = 'k=rsa; p="' + "A" * 400
    state = resources.create(TOKEN, type="TXT", value=text)
    ((written,),) = route53.everything().values()
    assert written.count('" "') == 1
    assert resources.read(TOKEN, state) == state
    assert state.values["value"] == text


def test_what_somebody_changed_shows_as_drift_and_is_not_overwritten(resources: Resources) -> None:
    state = resources.create(TOKEN)
    route53.put("CNAME", HOST, "other.example.net.")
    found = resources.read(TOKEN, state)
    assert found is not None
    assert found.values["value"] == "other.example.net"
    assert resources.changed(TOKEN, found, CASES[TOKEN].inputs) == ["value"]
    with pytest.raises(OwnershipError, match="which this resource did not write"):
        resources.update(TOKEN, found, CASES[TOKEN].inputs)
    resources.delete(TOKEN, found)
    assert route53.everything() == {("CNAME", HOST): ["other.example.net."]}


def test_asking_for_what_somebody_changed_it_to_makes_it_ours(resources: Resources) -> None:
    state = resources.create(TOKEN)
    route53.put("CNAME", HOST, "other.example.net.")
    updated = resources.update(TOKEN, state, {**CASES[TOKEN].inputs, "value": "other.example.net"})
    resources.delete(TOKEN, updated)
    assert route53.everything() == {}


def test_what_is_gone_reads_as_gone_and_an_update_makes_it_again(resources: Resources) -> None:
    state = resources.create(TOKEN)
    route53.remove("CNAME", HOST)
    assert resources.read(TOKEN, state) is None
    resources.delete(TOKEN, state)
    resources.update(TOKEN, state, {**CASES[TOKEN].inputs, "ttl": 60})
    assert route53.everything() == OURS


def test_a_zone_that_is_gone_took_its_records_along(resources: Resources, hosted_zone: str) -> None:
    state = resources.create(TOKEN)
    resources.delete(TOKEN, state)
    with route53.client() as aws:
        aws.delete_hosted_zone(Id=hosted_zone)
    assert resources.read(TOKEN, state) is None
    resources.delete(TOKEN, state)
    with pytest.raises(NotFound, match="-> the hosted zone is gone, or in another AWS account"):
        resources.create(TOKEN, zone="Z0000000EXAMPLE")


def test_a_zone_is_named_by_its_id_or_by_a_domain_that_only_one_has(resources: Resources, hosted_zone: str) -> None:
    route53.make_zone(VPC={"VPCRegion": "us-east-1", "VPCId": "vpc-1"}, HostedZoneConfig={"PrivateZone": True})
    assert resources.create(TOKEN, zone="Example.com.").values["zone_id"] == hosted_zone
    other = route53.make_zone()
    with pytest.raises(EngageError, match=rf"2 public hosted zones \({hosted_zone}, {other}\) of example\.com"):
        resources.create(TOKEN)
    with pytest.raises(EngageError, match=r"no public hosted zone of example\.org in this AWS account -> give the id"):
        resources.create(TOKEN, zone="example.org")


class Wire:
    """What happens between botocore and AWS, once."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.real = botocore.httpsession.URLLib3Session.send
        self.posts = 0
        self.failures: list[Any] = []
        monkeypatch.setattr(
            botocore.httpsession.URLLib3Session, "send", lambda session, request: self.send(session, request)
        )

    def send(self, session: Any, request: Any) -> Any:
        reply = None
        if request.method == "POST":
            self.posts += 1
            if self.failures:
                failure, after = self.failures.pop(0)
                reply = self.real(session, request) if after else None
                raise failure
        return reply or self.real(session, request)


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
    return Wire(monkeypatch)


@pytest.mark.parametrize("after", [True, False], ids=["done", "not-done"])
def test_a_lost_reply_is_repeated_by_awss_client_and_makes_one(
    resources: Resources, wire: Wire, *, after: bool
) -> None:
    lost = botocore.httpsession.ConnectionClosedError(endpoint_url="http://127.0.0.1")
    wire.failures.append((lost, after))
    state = resources.create(TOKEN)
    assert wire.posts == 2
    assert route53.everything() == OURS
    assert resources.read(TOKEN, state) == state


def test_what_is_lost_to_the_last_is_looked_for_before_it_is_an_error(resources: Resources, wire: Wire) -> None:
    lost = botocore.httpsession.ConnectionClosedError(endpoint_url="http://127.0.0.1")
    wire.failures += [(lost, False)] * 10
    with pytest.raises(Ambiguous, match="Route 53 gave no good reply to call change_resource_record_sets"):
        resources.create(TOKEN)
    wire.failures[:] = [(lost, True)] + [(lost, False)] * 10
    assert resources.create(TOKEN).values["written"] == VALUE
    assert route53.everything() == OURS


def test_a_host_that_cannot_be_reached_says_where_to_look(resources: Resources, wire: Wire) -> None:
    wire.failures += [(botocore.httpsession.EndpointConnectionError(endpoint_url="http://127.0.0.1"), False)] * 10
    with pytest.raises(Unreachable, match="-> check the network, a proxy, or AWS_ENDPOINT_URL"):
        resources.create(TOKEN)


def test_a_refusal_has_the_vendors_words_and_what_to_do(resources: Resources) -> None:
    with pytest.raises(VendorError, match=r"Route 53 refused call change_resource_record_sets \(400, code .* -> "):
        resources.create(TOKEN, host="em1.example.org")


@pytest.mark.parametrize("missing", [["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"], ["AWS_SECRET_ACCESS_KEY"]])
def test_without_aws_credentials_it_says_how_to_sign_in(
    resources: Resources, monkeypatch: pytest.MonkeyPatch, missing: list[str]
) -> None:
    for variable in missing:
        monkeypatch.delenv(variable)
    with pytest.raises(CredentialError, match=r"Route 53 cannot be called: .* -> sign in as for any AWS tool"):
        resources.create(TOKEN)


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("type", "NS", "'A', 'AAAA', 'CNAME', 'MX' or 'TXT'"),
        ("host", "em1", "must be a full name"),
        ("value", "caf\u00e9", "printable ASCII"),
        ("value", "two\nlines", "printable ASCII"),
        ("zone", "/hostedzone/Z1", "match pattern"),
        ("ttl", -1, "greater than or equal to 0"),
    ],
)
def test_bad_input_is_refused_before_any_call(field: str, value: object, says: str) -> None:
    (failure,) = find(TOKEN).lifecycle.check({}, {**CASES[TOKEN].inputs, "marker": "p/s/n", field: value}).failures
    assert failure.startswith(field)
    assert says in failure
