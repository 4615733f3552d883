"""What must hold for every stack: rules on plain values, so that they can be tested without the engine.

A resource's inputs are what the engine sends after the provider has checked them, defaults filled in. A message says
what to do behind `->` and never repeats a value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

UNKNOWN: Final = object()
"""A value that is not known in a preview; it is one, though."""

PROTECTED: Final = (
    "sendgrid:AuthenticatedDomain",
    "sendgrid:BrandedLink",
    "sendgrid:DedicatedIp",
    "sendgrid:ReverseDns",
    "sendgrid:Subuser",
    "twilio:BrandRegistration",
    "twilio:Campaign",
    "twilio:CustomerProfile",
    "twilio:PhoneNumber",
    "twilio:RegulatoryBundle",
    "twilio:RegulatoryDocument",
    "twilio:RegulatoryEndUser",
    "twilio:Subaccount",
    "twilio:TollFreeVerification",
    "twilio:TrustDocument",
    "twilio:TrustEndUser",
    "twilio:TrustProduct",
)
"""What costs money or has a reputation, and is kept on destroy for that: a production stack protects it as well."""

SETTINGS: Final = ("production", "email")
"""Those of the stack that rules look at, without the project's name."""

_DYNAMIC: Final = "pulumi-python:dynamic/"
_ADDRESS: Final = re.compile(r"(^|_)(url|callback)$")
_PAGES: Final = ("privacy_policy_url", "terms_and_conditions_url")
"""What people read, and nothing is sent to."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A resource as the engine shows it to a policy, with what the stack and the pack are set to.

    type      as in state
    settings  of the stack, by name
    config    of the policy, from --policy-pack-config
    """

    type: str
    inputs: Mapping[str, Any]
    protect: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict)
    config: Mapping[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """`sendgrid:Subuser` of `pulumi-python:dynamic/sendgrid:Subuser`; empty for what is not of this project."""
        return self.type.removeprefix(_DYNAMIC) if self.type.startswith(_DYNAMIC) else ""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One policy: what its violations are, each a message. `config` is the JSON schema of what it can be set to."""

    name: str
    description: str
    violations: Callable[[Seen], Iterator[str]]
    config: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def is_address(name: str) -> bool:
    """Is this input a URL that a vendor sends something to?"""
    return bool(_ADDRESS.search(name)) and name not in _PAGES


def _https(seen: Seen) -> Iterator[str]:
    for name, value in seen.inputs.items() if seen.kind else ():
        if is_address(name) and isinstance(value, str) and value and not value.lower().startswith("https://"):
            yield f"{name} does not begin with https:// -> set an address that can be sent to encrypted"


def _own_key(seen: Seen) -> Iterator[str]:
    if seen.kind == "sendgrid:ApiKey" and not (seen.inputs.get("subuser") or seen.inputs.get("scopes")):
        yield (
            "This one may do everything in the parent account, with all of its subusers -> set subuser, or name the"
            " scopes that it needs"
        )


def _protected(seen: Seen) -> Iterator[str]:
    production = seen.config.get("production", seen.settings.get("production", False))
    if production and not seen.protect and seen.kind in seen.config.get("types", PROTECTED):
        yield (
            "It is not, so that a slip in the settings would let go of it -> declare it with protect=True; to let go of"
            " it on purpose, run `pulumi state unprotect` first"
        )


def _signed(seen: Seen) -> Iterator[str]:
    email = seen.settings.get("email")
    asked = seen.config.get("required", isinstance(email, dict) and email.get("signEvents"))
    if asked and seen.kind == "sendgrid:EventWebhook" and not seen.inputs.get("signed"):
        yield "This one is not, so that anybody can send events there -> set signed=True, and verify with public_key"


RULES: Final = (
    Rule(
        name="https-webhooks",
        description="Vendors send events, messages and calls to HTTPS addresses alone.",
        violations=_https,
    ),
    Rule(
        name="no-full-access-key-of-the-parent",
        description="A SendGrid key with full access belongs to a subuser.",
        violations=_own_key,
    ),
    Rule(
        name="production-is-protected",
        description="In production, what costs money or has a reputation is protected.",
        violations=_protected,
        config={
            "production": {"type": "boolean"},  # by default, the stack's setting of that name
            "types": {"type": "array", "items": {"type": "string"}},  # by default, PROTECTED
        },
    ),
    Rule(
        name="signed-event-webhooks",
        description="Where signing is asked for, every event webhook is signed.",
        violations=_signed,
        config={"required": {"type": "boolean"}},  # by default, the stack's setting email.signEvents
    ),
)
