"""Asking a real server on loopback: what is not there, and what could not be asked, are never the same."""

from __future__ import annotations

import socket

import dns.resolver
import pytest
from pydantic import TypeAdapter, ValidationError

from emulator import Emulator
from providers.dns import lookup
from providers.dns.lookup import Lookup, Nameserver
from providers.dns.records import Answer
from providers.errors import EngageError

LONG = "k=rsa; p=" + "A" * 400


@pytest.fixture
def ask(emu: Emulator) -> Lookup:
    emu.state.collection("dns", "zone").update(
        {
            "em1.example.com": {"type": "cname", "data": "u1.wl.sendgrid.net"},
            "m1._domainkey.example.com": {"type": "txt", "data": LONG},
            "mail.example.com/mx": {"type": "mx", "data": "mx.sendgrid.net"},
            "mail.example.com/txt": {"type": "txt", "data": ["one", "two"]},
            "broken.example.com": {"type": "rcode", "data": "SERVFAIL"},
        }
    )
    return Lookup([emu.nameserver])


@pytest.mark.parametrize(
    ("host", "type_", "answer"),
    [
        ("em1.example.com", "CNAME", Answer("found", ("u1.wl.sendgrid.net.",))),
        ("EM1.example.com.", "CNAME", Answer("found", ("u1.wl.sendgrid.net.",))),
        ("m1._domainkey.example.com", "TXT", Answer("found", (LONG,))),
        ("mail.example.com", "MX", Answer("found", ("10 mx.sendgrid.net.",))),
        ("mail.example.com", "A", Answer("no such record")),
        ("none.example.com", "A", Answer("no such name")),
        ("broken.example.com", "A", Answer("no answer", detail="NoNameservers")),
        ("a..example.com", "A", Answer("no answer", detail="EmptyLabel")),
    ],
)
def test_what_dns_says_is_told_apart(ask: Lookup, host: str, type_: str, answer: Answer) -> None:
    assert ask(host, type_) == answer


def test_records_come_in_any_order(ask: Lookup) -> None:
    assert sorted(ask("mail.example.com", "TXT").values) == ["one", "two"]


def test_a_resolver_that_is_silent_is_waited_for_no_longer_than_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "LIFETIME", 0.1)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        answer = Lookup([f"127.0.0.1:{silent.getsockname()[1]}"])("em1.example.com", "A")
    assert answer == Answer("no answer", detail="it timed out")


def test_a_machine_without_a_resolver_is_told_to_name_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreadable(*_: object) -> None:
        raise dns.resolver.NoResolverConfiguration

    monkeypatch.setattr(dns.resolver.Resolver, "read_resolv_conf", unreadable)
    with pytest.raises(EngageError, match="this machine has no DNS resolver -> set nameservers"):
        Lookup()


@pytest.mark.parametrize(
    "text", ["192.0.2.53", "192.0.2.53:5353", "2001:db8::53", "[2001:db8::53]", "[2001:db8::53]:53"]
)
def test_a_resolver_is_an_address_with_or_without_a_port(text: str) -> None:
    assert TypeAdapter(Nameserver).validate_python(text) == text


@pytest.mark.parametrize("text", ["dns.example.com", "192.0.2.53:", "192.0.2.53:dns", "192.0.2", ""])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="is no resolver's address"):
        TypeAdapter(Nameserver).validate_python(text)
