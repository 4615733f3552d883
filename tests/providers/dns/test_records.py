"""What is wrong with a record, by what DNS answers: the usual mistakes, each by its name."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from providers.dns.records import Answer, DnsRecord, Record, problem, problems

NO_NAME, NO_RECORD = Answer("no such name"), Answer("no such record")
CNAME = Record(type="CNAME", host="em1.example.com", value="u1.wl.sendgrid.net")
KEY = Record(type="TXT", host="m1._domainkey.example.com", value="k=rsa; t=s; p=" + "ABCD" * 90)
SPF = Record(type="TXT", host="example.com", value="v=spf1 include:em1.example.com -all")
PROOF = Record(type="TXT", host="_proof.example.com", value="06231e2e-5d7c")
MX = Record(type="MX", host="em1.example.com", value="mx.sendgrid.net")
A = Record(type="A", host="o1.example.com", value="192.0.2.10")


class Zone(dict[tuple[str, str], Answer]):
    """Answers by host and type; what is not among them is no such name."""

    def __call__(self, host: str, type_: str) -> Answer:
        return self.get((host, type_), NO_NAME)


def found(*values: str) -> Answer:
    return Answer("found", values)


def sentence(record: Record, zone: Zone, instead: str | None = None) -> str | None:
    said = problem(record, zone, instead)
    return said.sentence if said else None


@pytest.mark.parametrize(
    ("record", "values"),
    [
        (CNAME, ["u1.wl.sendgrid.net."]),
        (CNAME, ["U1.WL.SendGrid.net."]),
        (KEY, [KEY.value]),
        (KEY, [KEY.value.replace("; ", ";")]),
        (KEY, [KEY.value, "of somebody else"]),
        (SPF, [SPF.value, "of somebody else"]),
        (SPF, ["v=spf1 include:_spf.example.net include:em1.example.com ~all"]),
        (PROOF, [PROOF.value]),
        (MX, ["10 mx.sendgrid.net."]),
        (MX, ["0 MX.sendgrid.net."]),
        (A, ["192.0.2.10"]),
    ],
)
def test_a_record_that_is_there_is_no_problem(record: Record, values: list[str]) -> None:
    assert sentence(record, Zone({(record.host, record.type): found(*values)})) is None


@pytest.mark.parametrize(
    ("record", "answer", "says"),
    [
        (CNAME, NO_NAME, "em1.example.com: is not in DNS -> add the CNAME record em1.example.com with the value u1.wl"),
        (CNAME, NO_RECORD, "em1.example.com: has no CNAME record, only others -> add the CNAME record"),
        (CNAME, found("other.example.net."), "points to other.example.net and not to u1.wl.sendgrid.net -> correct"),
        (
            CNAME,
            found("u1.wl.sendgrid.net.example.com."),
            "appends example.com by itself -> write the value with a dot at its end: u1.wl.sendgrid.net.",
        ),
        (A, found("192.0.2.11"), "points to 192.0.2.11 and not to 192.0.2.10"),
        (A, found("192.0.2.10", "192.0.2.11"), "has A records besides 192.0.2.10 -> remove 192.0.2.11"),
        (MX, found("10 mx.sendgrid.net.", "20 mx.example.net."), "has MX records besides mx.sendgrid.net"),
        (KEY, found(f'"{KEY.value}"'), "quotation marks or backslashes that became part of it"),
        (KEY, found(KEY.value.replace(";", "\\;")), "quotation marks or backslashes that became part of it"),
        (KEY, found(KEY.value[255:], KEY.value[:255]), "the text is split over 2 records -> make it one record"),
        (KEY, found(KEY.value[:255]), "the text is cut off -> enter the whole of it"),
        (KEY, found("k=rsa; t=s; p=EFGH"), "no TXT record has the text that is asked for -> add"),
        (PROOF, found("something else"), "no TXT record has the text that is asked for -> add"),
        (SPF, found("something else"), "has no SPF record -> add"),
        (SPF, found("v=spf1 -all"), "the SPF record lacks include:em1.example.com -> add that to it"),
        (SPF, found("v=spf1 -all", SPF.value), "has 2 SPF records, and receivers then use none -> merge"),
    ],
)
def test_each_mistake_is_named_with_what_to_do(record: Record, answer: Answer, says: str) -> None:
    said = problem(record, Zone({(record.host, record.type): answer}))
    assert said is not None
    assert said.certain
    assert says in said.sentence
    assert said.sentence.startswith(f"{record.host}: ")


@pytest.mark.parametrize("type_", ["A", "AAAA"])
def test_addresses_in_place_of_a_cname_are_a_proxys(type_: str) -> None:
    zone = Zone({(CNAME.host, "CNAME"): NO_RECORD, (CNAME.host, type_): found("192.0.2.1")})
    assert "-> switch the proxy off (at Cloudflare: DNS only)" in str(sentence(CNAME, zone))


@pytest.mark.parametrize(
    ("host", "at", "enter"),
    [
        ("em1.example.com", "em1.example.com.example.com", "em1"),
        ("s1._domainkey.mail.example.com", "s1._domainkey.mail.example.com.example.com", "s1._domainkey.mail"),
        ("s1._domainkey.mail.example.com", "s1._domainkey.mail.example.com.mail.example.com", "s1._domainkey"),
    ],
)
def test_a_zone_that_was_appended_twice_is_found(host: str, at: str, enter: str) -> None:
    record = Record(type="CNAME", host=host, value="u1.wl.sendgrid.net")
    said = sentence(record, Zone({(at, "CNAME"): found("u1.wl.sendgrid.net.")}))
    assert f"the record is at {at}" in str(said)
    assert str(said).endswith(f"-> enter the name as {enter} there")


def test_a_resolver_that_fails_is_not_taken_for_a_missing_record() -> None:
    said = problem(CNAME, Zone({(CNAME.host, "CNAME"): Answer("no answer", detail="it timed out")}))
    assert said is not None
    assert not said.certain
    assert "(it timed out), so it is not known whether" in said.sentence


@pytest.mark.parametrize(
    ("value", "right"), [("cdn.example.net.", True), ("u1.wl.sendgrid.net.", True), ("other.example.net.", False)]
)
def test_another_target_will_do_where_it_is_named(value: str, *, right: bool) -> None:
    zone = Zone({(CNAME.host, "CNAME"): found(value)})
    assert (problems([CNAME], zone, {CNAME.host: "CDN.example.net"}) == []) is right


def test_all_that_is_wrong_is_told_at_once() -> None:
    assert [said.sentence.partition(":")[0] for said in problems([CNAME, A], Zone())] == [CNAME.host, A.host]


def test_the_shape_that_resources_exchange_is_read_whatever_its_case_and_dots() -> None:
    given = {"type": "cname", "host": "EM1.example.com.", "value": " u1.wl.sendgrid.net"}
    assert Record.of(given) == CNAME
    assert Record.of(CNAME.as_dict()) == CNAME


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"type": "CNAME", "host": "em1.example.com"}, "has no value"),
        ({"type": "NS", "host": "example.com", "value": "a"}, "type must be one of A, AAAA, CNAME, MX, TXT"),
        ({"type": "A", "host": "em1 .example.com", "value": "a"}, "without white space"),
        ({"type": "A", "host": "localhost", "value": "a"}, "must be a full name"),
        ({"type": "A", "host": "a..example.com", "value": "a"}, "no name that DNS can have"),
    ],
)
def test_a_dictionary_that_is_no_record_is_refused(values: dict[str, str], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        TypeAdapter(DnsRecord).validate_python(values)
