"""The examples of tests/providers/cases.py as resources of the small program: one by one, and all in one stack."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from emulator import Emulator
from providers.declaration import UNKNOWN, Values, all_declarations, find
from tests.providers.cases import CASES, another_primary_profile
from tests.support import keys, segment_objects, twilio_objects, twilio_registration

SUBUSER: Final = "sendgrid:Subuser"
API_KEY: Final = "sendgrid:ApiKey"
TRACKING: Final = "sendgrid:SubscriptionTracking"
SERVICE: Final = "twilio:MessagingService"
SENDER: Final = "twilio:ServiceShortCode"
PLACE: Final = "twilio:Address"
SOURCE: Final = "segment:Source"

Inputs = dict[str, Any]
Declared = dict[str, dict[str, Any]]

_REFERENCES: Final = {
    "domain_id": "sendgrid:AuthenticatedDomain.id",
    "link_id": "sendgrid:BrandedLink.id",
    "reverse_dns_id": "sendgrid:ReverseDns.id",
    "domain_valid": "sendgrid:DomainValidation.valid",
    "link_valid": "sendgrid:LinkValidation.valid",
    "service_sid": "twilio:MessagingService.id",
    "short_code_sid": "twilio:ShortCode.id",
    "brand": "twilio:BrandRegistration.id",
    "customer_profile_sid": "twilio:CustomerProfile.id",
    "space_id": "segment:SpaceLookup.id",
    "source_id": "segment:Source.id",
    "destination_id": "segment:Destination.id",
    "tracking_plan_id": "segment:TrackingPlan.id",
    "twilio:ServicePhoneNumber.phone_number_sid": "twilio:PhoneNumber.id",
    "twilio:RegulatoryBundle.items": "twilio:RegulatoryEndUser.id",
    "twilio:CustomerProfile.items": "twilio:TrustEndUser.id",
    "twilio:TrustProduct.items": "twilio:TrustEndUser.id",
}
"""What a field, or that of one resource, is given in a stack of all, where the examples have a value made up. A list
is given it as its only item."""

_INDEPENDENT: Final = ("twilio:PhoneNumber", "sendgrid:KeyCheck", "twilio:KeyCheck")
"""What stays when that is gone to which it refers."""


def example(token: str, **inputs: Any) -> dict[str, Any]:
    return {"type": token, "inputs": {**CASES[token].inputs, **inputs}}


def subuser(username: str, **inputs: Any) -> dict[str, Any]:
    return example(SUBUSER, username=username, **inputs)


def name(token: str) -> str:
    """What a resource of this kind is called in the stack of all."""
    return token.replace(":", "-")


def given(emulator: Emulator) -> None:
    """What no resource makes and some need: others' objects, approvals, keys that a person hands over."""
    twilio_registration.make(emulator)
    twilio_objects.short_code(emulator)
    twilio_objects.channel_sender(emulator)
    segment_objects.make_others(emulator)
    another_primary_profile(emulator)
    keys.give(emulator)


def everything(emulator: Emulator) -> Declared:
    """One of each, which refer to each other as those of a user's program do."""
    return {name(d.token): _connected(d.token, emulator.nameserver) for d in all_declarations()}


def _connected(token: str, nameserver: str) -> dict[str, Any]:
    username = CASES[SUBUSER].inputs["username"]
    inputs = dict(CASES[token].inputs)
    for field, value in inputs.items():
        if token != SUBUSER and field in ("subuser", "username") and value == username:
            inputs[field] = _ref(f"{SUBUSER}.id")
    for field in [*inputs]:
        path = _REFERENCES.get(f"{token}.{field}") or _REFERENCES.get(field)
        if path:
            inputs[field] = [_ref(path)] if isinstance(inputs[field], list) else _ref(path)
            if "dns_records" in inputs:  # of the account's own domain, link or address
                inputs["dns_records"] = _ref(path.replace(".id", ".dns_records"))
                inputs.pop("subuser", None)
    if "nameservers" in find(token).inputs:
        inputs["nameservers"] = [nameserver]
    return {"type": token, "inputs": inputs, "after": [name(needed) for needed in CASES[token].needs]}


def _ref(path: str) -> dict[str, str]:
    """To the output of a resource in the stack of all."""
    token, _, field = path.partition(".")
    return {"ref": f"{name(token)}.{field}"}


def _is_ref(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {"ref"}


def parents(declared: Mapping[str, Any]) -> set[str]:
    """The names of what a resource refers to, or comes after."""
    values = [each for value in declared["inputs"].values() for each in (value if isinstance(value, list) else [value])]
    return {value["ref"].partition(".")[0] for value in values if _is_ref(value)} | set(declared.get("after", ()))


def gone_with(resources: Declared, removed: set[str]) -> set[str]:
    """What is gone once these are: they, and what lives in them."""
    gone = set(removed)
    inside = {each: declared for each, declared in resources.items() if declared["type"] not in _INDEPENDENT}
    while more := {each for each, declared in inside.items() if parents(declared) & gone} - gone:
        gone |= more
    return gone


def rounds(token: str, inputs: Inputs) -> tuple[list[Inputs], Inputs]:
    """Inputs which together change every field that can change, as many at a time as may stand together, and the
    inputs afterwards: all that changes back has done so."""
    case, base, result = CASES[token], dict(inputs), []
    left = dict(case.changes)
    while left:
        changes: Inputs = {}
        together = {field: value for field, value in left.items() if field not in case.last} or left
        for field, value in together.items():
            more = {field: value, **case.alongside.get(field, {})}
            fits = all(changes.get(key, item) == item for key, item in more.items())
            if fits and not _failures(token, base, {**base, **changes, **more}):
                changes |= more
        done = {field for field, value in left.items() if changes.get(field, left) == value}
        assert done, f"{token}: {', '.join(left)} cannot be changed"
        left = {field: value for field, value in left.items() if field not in done}
        result.append({**base, **changes})
        for field in done & set(case.one_way):
            base |= {field: changes[field], **case.alongside.get(field, {})}
    return result, base


def _failures(token: str, olds: Inputs, news: Inputs) -> list[str]:
    lifecycle = find(token).lifecycle
    return lifecycle.check(lifecycle.check({}, _seen(olds)).inputs, _seen(news)).failures


def _seen(inputs: Inputs) -> Values:
    """As in a preview, where another resource's outputs are unknown."""
    return {
        field: UNKNOWN if _is_ref(value) or (isinstance(value, list) and any(map(_is_ref, value))) else value
        for field, value in inputs.items()
    }


def needed() -> set[str]:
    """The names of what others need."""
    return {name(token) for case in CASES.values() for token in case.needs}
