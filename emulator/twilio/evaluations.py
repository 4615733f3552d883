"""How a draft is evaluated: each result has the shape of the documents' example, its codes and, shortened, its words.

github.com/twilio/twilio-oai twilio_numbers_v2.json, twilio_trusthub_v1.json. What one looks like that passed, or that
asks for a customer profile, is not documented. A field is valid where it has a value; an address, where it exists.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from emulator.store import Record
from emulator.twilio.state import records


def results(requirements: Record, assigned: Iterable[Record]) -> list[Record]:
    items = list(assigned)
    found = [_end_user(wanted, items) for wanted in requirements["end_user"]]
    found += [_document(wanted, items) for group in requirements["supporting_document"] for wanted in group]
    found += [_profile(wanted, items) for wanted in requirements.get("supporting_customer_profiles", ())]
    return found


def _words(field: str) -> str:
    return field.replace("_", " ").title()


def _result(wanted: Record, kind: Record, reason: str | None, code: int, fields: Iterator[tuple[str, bool]]) -> Record:
    of = [(field, valid, _words(field)) for field, valid in fields]
    invalid = [
        {
            "friendly_name": words,
            "object_field": field,
            "failure_reason": f"The {words} is missing. Please enter in a {words} on the {kind['name']}.",
            "error_code": 22219 if field == "address_sids" else code + 1,
        }
        for field, valid, words in of
        if not valid
    ]
    return {
        "friendly_name": kind["name"],
        "object_type": kind["type"],
        "passed": reason is None and not invalid,
        "failure_reason": reason,
        "error_code": code if reason else None,
        "valid": [{"friendly_name": words, "object_field": field} for field, valid, words in of if valid],
        "invalid": invalid,
        "requirement_friendly_name": wanted["name"],
        "requirement_name": wanted.get("requirement_name", wanted["type"]),
    }


def _end_user(wanted: Record, items: list[Record]) -> Record:
    found = next((item for item in items if item.get("type") == wanted["type"]), None)
    reason = None if found else f"A {wanted['name']} End-User is missing. Please add one to the regulatory bundle."
    return _result(wanted, wanted, reason, 22214, _fields(wanted["fields"], found))


def _document(wanted: Record, items: list[Record]) -> Record:
    accepted = wanted["accepted_documents"]
    pairs = ((kind, item) for kind in accepted for item in items if item.get("type") == kind["type"])
    kind, found = next(pairs, (accepted[0], None))
    reason = None if found else f"A {kind['name']} is missing. Please add one to the regulatory bundle."
    return _result(wanted, kind, reason, 22216, _fields(kind["fields"], found))


def _profile(wanted: Record, items: list[Record]) -> Record:
    fits = [item for item in items if item["sid"] in records("customer_profiles")]
    if wanted["status"]:
        fits = [item for item in fits if item["status"] == wanted["status"]]
    reason = None if fits else f"A {wanted['name']} is missing, or not approved. Please add one."
    return _result(wanted, wanted, reason, 22214, iter(()))


def _fields(names: list[str], item: Record | None) -> Iterator[tuple[str, bool]]:
    attributes = item["attributes"] or {} if item else {}
    for name in names:
        yield name, _exist(attributes.get(name)) if name == "address_sids" else bool(attributes.get(name))


def _exist(sids: Any) -> bool:
    """TrustHub's example has one SID, the regulation's description several."""
    listed = sids if isinstance(sids, list) else [sids]
    return all(address in records("addresses") for address in listed)
