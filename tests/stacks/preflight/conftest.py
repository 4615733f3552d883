"""A preflight against the emulator, of the settings that a test gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pulumi
import pytest

from components.account import AccountArgs
from components.domain import DomainArgs
from components.email import EmailArgs
from components.engage import EngageArgs
from components.segment import SegmentArgs
from components.sms import SmsArgs
from emulator import Emulator
from providers.connection import Connection
from stacks import preflight
from stacks.preflight.findings import Finding

IP = "192.0.2.10"
MARKER = "acme/twilio-engage/dev/engage-sms-number-main"
SUBUSER = "twilio_engage_app_acme"


def account(**values: Any) -> AccountArgs:
    return AccountArgs(**{"ips": [IP], **values})


def email(**values: Any) -> EmailArgs:
    given = {"subuser": SUBUSER, "address": "engage@example.com", "domain": DomainArgs(name="example.com")}
    return EmailArgs(**{**given, **values})


def sms(numbers: dict[str, dict[str, Any]] | None = None, **values: Any) -> SmsArgs:
    given = {"service_name": "Engage", "inbound_webhook_url": "https://example.com/inbound", **values}
    return SmsArgs(numbers=numbers or {}, **given)


def segment(space: str = "dev", **values: Any) -> SegmentArgs:
    return SegmentArgs(space=space, source_slug="engage", **values)


@dataclass(frozen=True)
class Preflight:
    """What it finds, by the check."""

    emulator: Emulator

    def __call__(self, *vendors: str, args: EngageArgs | None = None, **config: str) -> dict[str, Finding]:
        connection = Connection({"endpoint": self.emulator.url, **config})
        findings = preflight.look(connection, args or EngageArgs(account=account(), email=email()), set(vendors))
        found = {finding.check: finding for finding in findings}
        assert len(found) == len(findings), "two findings of one name"
        assert all(finding.todo for finding in findings if finding.outcome != "ok")
        return found


Look = Callable[..., dict[str, Finding]]


@pytest.fixture
def look(emu: Emulator, monkeypatch: pytest.MonkeyPatch) -> Preflight:
    for variable, value in emu.credentials.items():
        monkeypatch.setenv(variable, value)
    place = pulumi.runtime.Settings(organization="acme", project="twilio-engage", stack="dev")
    pulumi.runtime.settings.configure(place)
    return Preflight(emu)
