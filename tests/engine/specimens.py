"""The examples of tests/providers/cases.py as resources of the small program: one by one, and all in one stack."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from emulator import Emulator
from providers.declaration import UNKNOWN, Values, all_declarations, find
from tests.providers.cases import CASES

SUBUSER: Final = "sendgrid:Subuser"
API_KEY: Final = "sendgrid:ApiKey"
TRACKING: Final = "sendgrid:SubscriptionTracking"
SERVICE: Final = "twilio:MessagingService"
PLACE: Final = "twilio:Address"
SOURCE: Final = "segment:Source"

Inputs = dict[str, Any]
Declared = dict[str, dict[str, Any]]

_REFERENCES: Final = {
    "domain_id": "AuthenticatedDomain.id",
    "link_id": "BrandedLink.id",
    "reverse_dns_id": "ReverseDns.id",
    "domain_valid": "DomainValidation.valid",
    "link_valid": "LinkValidation.valid",
}
"""What a field of this name is given in a stack of all resources, where the examples have a value made up."""


def example(token: str, **inputs: Any) -> dict[str, Any]:
    return {"type": token, "inputs": {**CASES[token].inputs, **inputs}}


def subuser(username: str, **inputs: Any) -> dict[str, Any]:
    return example(SUBUSER, username=username, **inputs)


def name(token: str) -> str:
    """What a resource of this kind is called in the stack of all."""
    return find(token).name


def everything(emulator: Emulator) -> Declared:
    """One of each, which refer to each other as those of a user's program do."""
    return {name(d.token): _connected(d.token, emulator.nameserver) for d in all_declarations()}


def _connected(token: str, nameserver: str) -> dict[str, Any]:
    username = CASES[SUBUSER].inputs["username"]
    inputs = dict(CASES[token].inputs)
    for field, value in inputs.items():
        if token != SUBUSER and field in ("subuser", "username") and value == username:
            inputs[field] = {"ref": f"{name(SUBUSER)}.id"}
    for field, path in _REFERENCES.items():
        if field in inputs:
            inputs[field] = {"ref": path}
        if field in inputs and "dns_records" in inputs:  # of the account's own domain, link or address
            inputs["dns_records"] = {"ref": path.replace(".id", ".dns_records")}
            inputs.pop("subuser", None)
    if "nameservers" in find(token).inputs:
        inputs["nameservers"] = [nameserver]
    return {"type": token, "inputs": inputs, "after": [name(needed) for needed in CASES[token].needs]}


def parents(declared: Mapping[str, Any]) -> set[str]:
    """The names of what a resource refers to, or comes after."""
    refs = [value["ref"] for value in declared["inputs"].values() if isinstance(value, dict) and "ref" in value]
    return {ref.partition(".")[0] for ref in refs} | set(declared.get("after", ()))


def gone_with(resources: Declared, removed: set[str]) -> set[str]:
    """What is gone once these are: they, and what lives in them."""
    gone = set(removed)
    while more := {each for each, declared in resources.items() if parents(declared) & gone} - gone:
        gone |= more
    return gone


def rounds(token: str, inputs: Inputs) -> list[Inputs]:
    """Inputs which together change every field that can change, as many at a time as may stand together."""
    case, base, result = CASES[token], dict(inputs), []
    left = dict(case.changes)
    while left:
        changes: Inputs = {}
        for field, value in left.items():
            more = {field: value, **case.alongside.get(field, {})}
            fits = all(changes.get(key, item) == item for key, item in more.items())
            if fits and not _failures(token, base, {**base, **changes, **more}):
                changes |= more
        done = {field for field, value in left.items() if changes.get(field, left) == value}
        assert done, f"{token}: {', '.join(left)} cannot be changed"
        left = {field: value for field, value in left.items() if field not in done}
        result.append({**base, **changes})
        base |= {field: changes[field] for field in done & set(case.one_way)}
    return result


def _failures(token: str, olds: Inputs, news: Inputs) -> list[str]:
    lifecycle = find(token).lifecycle
    return lifecycle.check(lifecycle.check({}, _seen(olds)).inputs, _seen(news)).failures


def _seen(inputs: Inputs) -> Values:
    """As in a preview, where another resource's outputs are unknown."""
    return {
        field: UNKNOWN if isinstance(value, dict) and value.keys() == {"ref"} else value
        for field, value in inputs.items()
    }


def needed() -> set[str]:
    """The names of what others need."""
    return {name(token) for case in CASES.values() for token in case.needs}
