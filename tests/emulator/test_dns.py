"""The emulator's own zone, asked by dnspython's resolver and not by ours."""

import socket

import dns.nameserver
import dns.rdatatype
import dns.resolver
import pytest
import requests

from emulator import Emulator, StartError

LONG = "v=DKIM1; k=rsa; p=" + "A" * 400


@pytest.fixture
def resolver(emu: Emulator) -> dns.resolver.Resolver:
    emu.state.collection("dns", "zone").update(
        {
            "em1.example.com": {"type": "cname", "data": "u1.wl.sendgrid.net"},
            "u1.wl.sendgrid.net": {"type": "a", "data": ["192.0.2.1", "192.0.2.2"]},
            "m1._domainkey.example.com": {"type": "txt", "data": LONG},
            "mail.example.com/mx": {"type": "mx", "data": "mx.sendgrid.net."},
            "mail.example.com/txt": {"type": "txt", "data": ["v=spf1 include:sendgrid.net ~all", 'says "hi"']},
            "broken.example.com": {"type": "rcode", "data": "SERVFAIL"},
        }
    )
    address, port = emu.nameserver.split(":")
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = [dns.nameserver.Do53Nameserver(address, int(port))]
    resolver.lifetime = 2.0
    return resolver


def texts(resolver: dns.resolver.Resolver, host: str, type_: str) -> list[str]:
    return sorted(item.to_text() for item in resolver.resolve(host, type_, search=False))


def test_a_record_is_answered_whatever_the_case_of_its_name(resolver: dns.resolver.Resolver) -> None:
    assert texts(resolver, "EM1.Example.com.", "CNAME") == ["u1.wl.sendgrid.net."]


def test_a_cname_is_followed_to_the_addresses(resolver: dns.resolver.Resolver) -> None:
    assert texts(resolver, "em1.example.com", "A") == ["192.0.2.1", "192.0.2.2"]


def test_a_long_text_goes_over_the_wire_in_strings_of_255_bytes(resolver: dns.resolver.Resolver) -> None:
    (answer,) = resolver.resolve("m1._domainkey.example.com", "TXT")
    assert [len(part) for part in answer.strings] == [255, len(LONG) - 255]
    assert b"".join(answer.strings).decode() == LONG


def test_a_host_may_have_records_of_several_types(resolver: dns.resolver.Resolver) -> None:
    assert texts(resolver, "mail.example.com", "MX") == ["10 mx.sendgrid.net."]
    assert texts(resolver, "mail.example.com", "TXT") == [
        '"says \\"hi\\""',
        '"v=spf1 include:sendgrid.net ~all"',
    ]


@pytest.mark.parametrize(
    ("host", "failure"),
    [
        ("nothing.example.com", dns.resolver.NXDOMAIN),
        ("mail.example.com", dns.resolver.NoAnswer),
        ("_domainkey.example.com", dns.resolver.NoAnswer),  # nothing there, and something below
        ("broken.example.com", dns.resolver.NoNameservers),
    ],
)
def test_no_name_no_such_record_and_a_failure_are_three_things(
    resolver: dns.resolver.Resolver, host: str, failure: type[Exception]
) -> None:
    with pytest.raises(failure):
        resolver.resolve(host, "A")


def test_what_is_no_question_is_not_answered_and_harms_nobody(resolver: dns.resolver.Resolver, emu: Emulator) -> None:
    address, port = emu.nameserver.split(":")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        stranger.sendto(b"?", (address, int(port)))
    assert texts(resolver, "em1.example.com", "CNAME") == ["u1.wl.sendgrid.net."]


def test_a_record_is_published_and_shown_by_the_emulators_own_api(
    resolver: dns.resolver.Resolver, emu: Emulator
) -> None:
    url = f"{emu.url}/_emulator/state/dns/zone/new.example.com"
    assert requests.put(url, json={"type": "a", "data": "192.0.2.9"}, timeout=10).status_code == 204
    assert texts(resolver, "new.example.com", "A") == ["192.0.2.9"]
    assert "new.example.com" in requests.get(emu.url, timeout=10).text
    assert requests.put(url, json=["a"], timeout=10).status_code == 400


def test_a_taken_port_is_named_and_nothing_keeps_running() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
        emulator = Emulator(dns_port=port)
        with pytest.raises(StartError, match=rf"cannot answer DNS on 127\.0\.0\.1:{port}: .* --dns-port"):
            emulator.start()
        with pytest.raises(StartError, match="not running"):
            _ = emulator.url


def test_without_a_port_there_is_no_dns() -> None:
    with Emulator() as emulator, pytest.raises(StartError, match="serves no DNS"):
        _ = emulator.nameserver
