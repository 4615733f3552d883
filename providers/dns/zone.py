"""Records as text, for a zone that is kept by hand or by another tool: a BIND zone file, and a table to read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from providers.dns.records import Record, plain

TTL: Final = 3600
STRING: Final = 255
"""Bytes in one string of a TXT record: RFC 1035, 3.3.14."""

PRIORITY: Final = "10"
"""Of an MX record that comes without one."""


def quoted(text: str) -> str:
    """A TXT record's text as a zone file has it: strings of 255 bytes, in quotation marks."""
    data = text.encode()
    parts = [data[start : start + STRING] for start in range(0, len(data), STRING)] or [b""]
    return " ".join('"' + "".join(map(_escaped, part)) + '"' for part in parts)


def _escaped(byte: int) -> str:
    character = chr(byte)
    if character in '"\\':
        return f"\\{character}"
    return character if 32 <= byte < 127 else f"\\{byte:03d}"


def wire(record: Record) -> str:
    """A record's value as a zone file has it: names in full, with a dot at their end."""
    if record.type == "TXT":
        return quoted(record.value)
    if record.type == "CNAME":
        return f"{plain(record.value)}."
    if record.type == "MX":
        *priority, target = record.value.split()
        return f"{' '.join(priority) or PRIORITY} {plain(target)}."
    return record.value


def bind_zone(records: Sequence[Mapping[str, str]], origin: str, ttl: int = TTL) -> str:
    """The records as a fragment of the zone file of `origin`; what lies outside of it is named in full."""
    origin = plain(origin)
    lines = [f"$ORIGIN {origin}.", f"$TTL {ttl}"]
    for record in map(Record.of, records):
        if record.purpose:
            lines.append(f"; {' '.join(record.purpose.split())}")
        lines.append(f"{_relative(record.host, origin)}\tIN\t{record.type}\t{wire(record)}")
    return "\n".join(lines) + "\n"


def _relative(host: str, origin: str) -> str:
    if host == origin:
        return "@"
    relative = host.removesuffix(f".{origin}")
    return relative if relative != host else f"{host}."


def markdown_table(records: Sequence[Mapping[str, str]]) -> str:
    """The records as a table that reads well as plain text too."""
    rows = [("type", "name", "value", "purpose")]
    rows += [(record.type, record.host, record.value, record.purpose) for record in map(Record.of, records)]
    cells = [[re.sub(r"\s+", " ", cell).replace("|", r"\|") for cell in row] for row in rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(rows[0]))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in cells
    ]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([lines[0], rule, *lines[1:]]) + "\n"
