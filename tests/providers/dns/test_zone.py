"""The texts for a zone that is kept by hand: read back by dnspython's own parser."""

from __future__ import annotations

import dns.name
import dns.rdatatype
import dns.zone
import pytest
from dns.rdtypes.txtbase import TXTBase

from providers.dns.zone import bind_zone, markdown_table

LONG = "k=rsa; p=" + "A" * 600
ODD = 'says "hi", and \\ and é; done'
RECORDS = [
    {"type": "CNAME", "host": "em1.example.com", "value": "u1.wl.sendgrid.net", "purpose": "bounces\nand SPF"},
    {"type": "cname", "host": "S1._domainkey.Example.com.", "value": "s1.domainkey.u1.wl.sendgrid.net."},
    {"type": "TXT", "host": "m1._domainkey.example.com", "value": LONG, "purpose": "DKIM"},
    {"type": "TXT", "host": "example.com", "value": ODD, "purpose": ""},
    {"type": "MX", "host": "mail.example.com", "value": "mx.sendgrid.net", "purpose": "a | b"},
    {"type": "MX", "host": "mail2.example.com", "value": "20 mx.sendgrid.net.", "purpose": ""},
    {"type": "A", "host": "o1.example.com", "value": "192.0.2.10", "purpose": ""},
]


def parsed(origin: str = "example.com") -> dict[tuple[str, str], tuple[int, object]]:
    text = bind_zone(RECORDS, origin, ttl=600)
    zone = dns.zone.from_text(text, relativize=False, check_origin=False)
    assert zone.origin == dns.name.from_text(origin)
    return {
        (name.to_text(), dns.rdatatype.to_text(data.rdtype)): (ttl, data) for name, ttl, data in zone.iterate_rdatas()
    }


@pytest.mark.parametrize(
    ("host", "type_", "value"),
    [
        ("em1.example.com.", "CNAME", "u1.wl.sendgrid.net."),
        ("s1._domainkey.example.com.", "CNAME", "s1.domainkey.u1.wl.sendgrid.net."),
        ("mail.example.com.", "MX", "10 mx.sendgrid.net."),
        ("mail2.example.com.", "MX", "20 mx.sendgrid.net."),
        ("o1.example.com.", "A", "192.0.2.10"),
    ],
)
def test_a_record_reads_back_as_it_was_given(host: str, type_: str, value: str) -> None:
    assert (parsed()[host, type_][0], str(parsed()[host, type_][1])) == (600, value)


@pytest.mark.parametrize(("host", "text"), [("m1._domainkey.example.com.", LONG), ("example.com.", ODD)])
def test_a_text_is_cut_and_quoted_so_that_it_reads_back_whole(host: str, text: str) -> None:
    data = parsed()[host, "TXT"][1]
    assert isinstance(data, TXTBase)
    assert b"".join(data.strings).decode() == text
    assert all(len(part) <= 255 for part in data.strings)


def test_names_are_relative_to_the_zone_and_the_zone_itself_is_an_at_sign() -> None:
    lines = bind_zone(RECORDS, "Example.com.").splitlines()
    assert lines[:4] == [
        "$ORIGIN example.com.",
        "$TTL 3600",
        "; bounces and SPF",
        "em1\tIN\tCNAME\tu1.wl.sendgrid.net.",
    ]
    assert [line.split("\t")[0] for line in lines if "\tTXT\t" in line] == ["m1._domainkey", "@"]


def test_what_lies_outside_of_the_zone_is_named_in_full() -> None:
    text = bind_zone(RECORDS, "le.com")
    assert "em1.example.com.\tIN\tCNAME" in text


def test_a_table_has_a_row_for_each_record_and_no_purpose_breaks_it() -> None:
    rows = markdown_table(RECORDS).splitlines()
    assert len(rows) == len(RECORDS) + 2
    assert {len(row) for row in rows} == {len(rows[0])}
    assert rows[2].split(" | ")[0] == "| CNAME"
    assert r"| a \| b " in rows[6]
    assert "bounces and SPF" in rows[2]
