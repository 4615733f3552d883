"""Asks DNS, by a resolver of one's choice. The only file here that sends anything."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from typing import Annotated, Final

import dns.exception
import dns.nameserver
import dns.rdata
import dns.rdatatype
import dns.resolver
from dns.rdtypes.txtbase import TXTBase
from pydantic import AfterValidator

from providers.dns.records import Answer
from providers.errors import EngageError

LIFETIME: Final = 5.0
"""Seconds for one question, over all its attempts and nameservers."""


def _address(text: str) -> tuple[str, int]:
    """`192.0.2.53`, `192.0.2.53:5353`, `2001:db8::53` or `[2001:db8::53]:5353` as address and port."""
    host, _, port = text.rpartition(":")
    if not port.isdigit() or not (host.startswith("[") or host.count(":") == 0):
        host, port = text, "53"
    try:
        return str(ipaddress.ip_address(host.removeprefix("[").removesuffix("]"))), int(port)
    except ValueError:
        raise ValueError("is no resolver's address, like 192.0.2.53 or 192.0.2.53:5353") from None


def _nameserver(text: str) -> str:
    _address(text)
    return text


Nameserver = Annotated[str, AfterValidator(_nameserver)]
"""The IP address of a resolver, with a port if it is not 53."""


class Lookup:
    """Answers questions: by these nameservers, or by what this machine is set to."""

    def __init__(self, nameservers: Sequence[str] | None = None) -> None:
        try:
            self._resolver = dns.resolver.Resolver(configure=not nameservers)
        except dns.resolver.NoResolverConfiguration:
            raise EngageError("this machine has no DNS resolver -> set nameservers, like ['192.0.2.53']") from None
        if nameservers:
            self._resolver.nameservers = [dns.nameserver.Do53Nameserver(*_address(text)) for text in nameservers]
        self._resolver.lifetime = LIFETIME

    def __call__(self, host: str, type_: str) -> Answer:
        """The records of one type at a host. Nothing that goes wrong on the way there is taken for their absence."""
        try:
            found = self._resolver.resolve(host.rstrip(".") + ".", type_, search=False)
        except dns.resolver.NXDOMAIN:
            return Answer("no such name")
        except dns.resolver.NoAnswer:
            return Answer("no such record")
        except dns.exception.Timeout:
            return Answer("no answer", detail="it timed out")
        except dns.exception.DNSException as failed:
            # NoNameservers, mostly: every one failed or refused.
            return Answer("no answer", detail=type(failed).__name__)
        return Answer("found", tuple(map(_value, found)))


def _value(data: dns.rdata.Rdata) -> str:
    """A TXT record's strings are one text: RFC 7208, 3.3."""
    return b"".join(data.strings).decode("utf-8", "replace") if isinstance(data, TXTBase) else data.to_text()
