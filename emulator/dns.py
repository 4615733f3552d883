"""DNS over UDP, from the collection `zone` of "dns": what the emulated vendors look up, and any resolver can ask.

A record stands under its host, or under `host/anything` where a host has several:

    {"em1.example.com": {"type": "cname", "data": "u1.wl.sendgrid.net"}}

`data` is a value or a list of values; a TXT value is its text, which goes over the wire in strings of 255 bytes. The
type `rcode` answers everything about its host with that failure, as in `{"type": "rcode", "data": "SERVFAIL"}`. The
records belong to nobody: real hosts are not asked, and what is not in the collection does not exist.
"""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

from emulator.store import Collection, Store

NAME = "dns"
TTL = 60
_CHAIN = 8
"""CNAMEs that are followed."""


def zone(store: Store) -> Collection:
    """What is in DNS: what was put there and, where the DNS host publishes by itself, what the vendors ask for."""
    return {**(_asked_for(store) if store.publishes else {}), **store.collection(NAME, "zone")}


def _asked_for(store: Store) -> Collection:
    """The records of every domain, link and reverse DNS entry, and a DMARC policy for each domain."""
    found: Collection = {}
    for collection in ("domains", "links", "reverse_dns"):
        for record in store.collection("sendgrid", collection).values():
            for name, wanted in (record["dns"] if "dns" in record else {"a_record": record["a_record"]}).items():
                found[f"{wanted['host']}/{collection}-{name}"] = {"type": wanted["type"], "data": wanted["data"]}
            found[f"_dmarc.{record['domain']}/dmarc"] = {"type": "txt", "data": "v=DMARC1; p=none"}
    return found


def lookup(records: Collection, host: str, type_: str) -> list[str]:
    """The values of one type at a host, without following a CNAME."""
    return [value for _, found, value in _at(records, host) if found == type_.upper()]


def exists(records: Collection, host: str) -> bool:
    """Is there a record of any type at the host or below it? (A name above an existing one exists: RFC 8020.)"""
    return any(name == _plain(host) or name.endswith(f".{_plain(host)}") for name in map(_host, records))


def _at(records: Collection, host: str) -> Iterator[tuple[str, str, str]]:
    for key, record in records.items():
        if _host(key) == _plain(host):
            data = record["data"]
            for value in data if isinstance(data, list) else [data]:
                yield _host(key), record["type"].upper(), value


def _host(key: str) -> str:
    return _plain(key.partition("/")[0])


def _plain(host: str) -> str:
    return host.rstrip(".").lower()


def _wire(type_: str, value: str) -> str:
    """A value as a zone file has it."""
    if type_ == "TXT":
        text = value.encode().decode("latin-1")
        parts = [text[start : start + 255] for start in range(0, len(text), 255)] or [""]
        return " ".join('"' + "".join(f"\\{ord(c):03d}" for c in part) + '"' for part in parts)
    if type_ in ("CNAME", "MX"):
        *priority, target = value.split()
        return " ".join([*(priority or (["10"] if type_ == "MX" else [])), _plain(target) + "."])
    return value


def answer(records: Collection, query: dns.message.Message) -> dns.message.Message:
    """The reply to one question: NXDOMAIN and a name without such a record are two things, as everywhere."""
    reply = dns.message.make_response(query, recursion_available=True)
    reply.flags |= dns.flags.AA
    question = query.question[0]
    asked = dns.rdatatype.to_text(question.rdtype)
    host = _plain(question.name.to_text())
    for _ in range(_CHAIN):
        if failures := lookup(records, host, "rcode"):
            reply.set_rcode(dns.rcode.from_text(failures[0]))
            return reply
        type_ = asked if lookup(records, host, asked) else "CNAME"
        values = lookup(records, host, type_)
        if not values:
            break
        name = dns.name.from_text(host)
        reply.answer.append(dns.rrset.from_text_list(name, TTL, "IN", type_, [_wire(type_, v) for v in values]))
        if type_ == asked:
            return reply
        host = _plain(values[0])
    if not exists(records, host):
        reply.set_rcode(dns.rcode.NXDOMAIN)
    return reply


class DnsServer:
    """Serves the zone at a loopback address until it is closed."""

    def __init__(self, store: Store, host: str, port: int) -> None:
        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                packet, channel = self.request
                try:
                    query = dns.message.from_wire(packet)
                except dns.exception.DNSException:
                    return  # no question, no answer
                with store.lock:
                    reply = answer(zone(store), query)
                channel.sendto(reply.to_wire(), self.client_address)

        class Server(socketserver.UDPServer):
            allow_reuse_address = False  # two servers on one UDP port would take turns

        self._server = Server((host, port), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        port: int = self._server.socket.getsockname()[1]
        return port

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
