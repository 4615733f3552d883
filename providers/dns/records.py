"""Records that should be in DNS, in one shape, and what is wrong with what is there instead.

Nothing here asks DNS: `problem` is given a function that does, so that a table of answers tests it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Final, Literal, Self

import dns.exception
import dns.name
from pydantic import AfterValidator

TYPES: Final = ("A", "AAAA", "CNAME", "MX", "TXT")


@dataclass(frozen=True, kw_only=True)
class Record:
    """One record: `value` is a TXT record's text, a CNAME's or MX record's target, an A record's address."""

    type: str
    host: str
    value: str
    purpose: str = ""

    @classmethod
    def of(cls, values: Mapping[str, str]) -> Self:
        """From the dictionary that resources exchange; the case of the type, and dots at the ends, mean nothing."""
        return cls(
            type=values["type"].upper(),
            host=plain(values["host"]),
            value=values["value"].strip(),
            purpose=values.get("purpose", ""),
        )

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


def _record(values: dict[str, str]) -> dict[str, str]:
    missing = [name for name in ("type", "host", "value") if not values.get(name)]
    if missing:
        raise ValueError(f"has no {', '.join(missing)}: a record has type, host, value and purpose")
    if values["type"].upper() not in TYPES:
        raise ValueError(f"type must be one of {', '.join(TYPES)}")
    _host(values["host"])
    return values


def _host(host: str) -> str:
    try:
        dns.name.from_text(host)
    except dns.exception.DNSException:
        raise ValueError("host is no name that DNS can have") from None
    if any(character.isspace() for character in host) or "." not in host.strip("."):
        raise ValueError("host must be a full name without white space, like em1.example.com")
    return host


DnsRecord = Annotated[dict[str, str], AfterValidator(_record)]
"""A record as resources exchange it: type, host, value, purpose."""

Hostname = Annotated[str, AfterValidator(_host)]


def plain(name: str) -> str:
    """A host name as it is compared: in small letters, without a dot at its end."""
    return name.strip().rstrip(".").lower()


@dataclass(frozen=True)
class Answer:
    """What DNS says of one type at one name. A resolver that fails says nothing: that is no absence."""

    outcome: Literal["found", "no such name", "no such record", "no answer"]
    values: tuple[str, ...] = ()
    detail: str = ""


Ask = Callable[[str, str], Answer]


@dataclass(frozen=True)
class Problem:
    """Why a record is not as it should be. `certain` is false where DNS could not be asked."""

    sentence: str
    certain: bool = True


def problems(records: Iterable[Record], ask: Ask, instead: Mapping[str, str] | None = None) -> list[Problem]:
    """Everything that is wrong with these records. `instead` has, by host, a CNAME target that will also do."""
    found = (problem(record, ask, (instead or {}).get(record.host)) for record in records)
    return [each for each in found if each]


def problem(record: Record, ask: Ask, instead: str | None = None) -> Problem | None:
    """What is wrong with one record, and what to do; None if it is there."""
    answer = ask(record.host, record.type)
    if answer.outcome == "no answer":
        return Problem(
            f"{record.host}: the resolver gave no answer ({answer.detail}), so it is not known whether the"
            f" {record.type} record is there -> run the same command again, or set other nameservers",
            certain=False,
        )
    if answer.outcome == "no such name":
        return Problem(_at_twice_the_zone(record, ask) or f"{record.host}: is not in DNS -> add {_line(record)}{_LATE}")
    if answer.outcome == "no such record":
        return Problem(_something_else(record, ask))
    sentence = _COMPARE[record.type](record, answer.values)
    if sentence and instead and _targets(answer.values) == [plain(instead)]:
        return None
    return Problem(sentence) if sentence else None


_LATE: Final = " (one that was added a moment ago may take hours to be seen)"


def _line(record: Record) -> str:
    return f"the {record.type} record {record.host} with the value {record.value}"


def _at_twice_the_zone(record: Record, ask: Ask) -> str | None:
    """The usual mistake where a DNS host appends the zone to names by itself: em1.example.com.example.com."""
    labels = record.host.split(".")
    for start in range(1, len(labels) - 1):
        zone = ".".join(labels[start:])
        twice = f"{record.host}.{zone}"
        if ask(twice, record.type).outcome == "found":
            return (
                f"{record.host}: the record is at {twice}, as the DNS host appends {zone} by itself"
                f" -> enter the name as {'.'.join(labels[:start])} there"
            )
    return None


def _something_else(record: Record, ask: Ask) -> str:
    if record.type == "CNAME" and any(ask(record.host, type_).outcome == "found" for type_ in ("A", "AAAA")):
        return (
            f"{record.host}: has addresses in place of a CNAME record, as behind a proxy"
            f" -> switch the proxy off (at Cloudflare: DNS only), or remove the A record and add {_line(record)}"
        )
    return f"{record.host}: has no {record.type} record, only others -> add {_line(record)}{_LATE}"


def _targets(values: Sequence[str]) -> list[str]:
    """Host names or addresses, without an MX record's priority."""
    return [plain(value.split()[-1]) for value in values if value.split()]


def _compare_target(record: Record, values: Sequence[str]) -> str | None:
    found, (wanted,) = _targets(values), _targets([record.value])
    if found == [wanted]:
        return None
    if record.type != "CNAME" and wanted in found:
        others = ", ".join(target for target in found if target != wanted)
        return f"{record.host}: has {record.type} records besides {wanted} -> remove {others}"
    for target in found:
        zone = target.removeprefix(f"{wanted}.")
        if zone != target and record.host.endswith(zone):
            return (
                f"{record.host}: points to {target}, as the DNS host appends {zone} by itself"
                f" -> write the value with a dot at its end: {wanted}."
            )
    return f"{record.host}: points to {', '.join(found)} and not to {wanted} -> correct the value"


def _compare_text(record: Record, values: Sequence[str]) -> str | None:
    if record.value.lower().startswith("v=spf1"):
        return _compare_spf(record, values)
    wanted = _text(record.value)
    found = [_text(value) for value in values]
    if wanted in found:
        return None
    for value in values:
        if _text(value.strip().strip('"').replace("\\", "")) == wanted:
            return (
                f"{record.host}: the text is right but for quotation marks or backslashes that became part of it"
                " -> enter it without them"
            )
    parts = [part for part in found if part and part in wanted]
    if len(parts) > 1 and sum(map(len, parts)) == len(wanted):
        return (
            f"{record.host}: the text is split over {len(parts)} records"
            " -> make it one record (of several strings, if the DNS host takes no more than 255 characters in one)"
        )
    if parts and any(wanted.startswith(part) for part in parts):
        return f"{record.host}: the text is cut off -> enter the whole of it: {record.value}"
    return f"{record.host}: no TXT record has the text that is asked for -> add {_line(record)}"


def _text(value: str) -> str:
    # White space means nothing between and within the tags of DKIM keys and of policies: RFC 6376, 3.2.
    return "".join(value.split()) if "=" in value else value


def _compare_spf(record: Record, values: Sequence[str]) -> str | None:
    """One SPF record a name, whose other senders are nobody's business here: RFC 7208, 4.5."""
    found = [value for value in values if value.strip().lower().startswith("v=spf1")]
    if len(found) > 1:
        return f"{record.host}: has {len(found)} SPF records, and receivers then use none -> merge them into one"
    included = [term for term in record.value.split() if term.lower().startswith("include:")] or [record.value]
    if found and set(included) <= {*found[0].split(), found[0]}:
        return None
    if found:
        return f"{record.host}: the SPF record lacks {' '.join(included)} -> add that to it, before its last term"
    return f"{record.host}: has no SPF record -> add {_line(record)}"


_COMPARE: Final[Mapping[str, Callable[[Record, Sequence[str]], str | None]]] = {
    **dict.fromkeys(("A", "AAAA", "CNAME", "MX"), _compare_target),
    "TXT": _compare_text,
}
