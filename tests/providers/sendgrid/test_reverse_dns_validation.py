"""Reverse DNS is the parent account's alone."""

from __future__ import annotations

from emulator.store import Collection
from providers.declaration import find
from tests.providers.cases import CASES, SUBUSER
from tests.providers.conftest import Resources

TOKEN = "sendgrid:ReverseDnsValidation"


def test_it_takes_no_subuser() -> None:
    # https://www.twilio.com/docs/sendgrid/ui/account-and-settings/how-to-set-up-reverse-dns
    failures = find(TOKEN).lifecycle.check({}, {**CASES[TOKEN].inputs, "subuser": SUBUSER}).failures
    assert failures == ["subuser: ReverseDnsValidation has no such field"]


def test_it_is_validated_as_the_parent(resources: Resources) -> None:
    resources.make_needs(TOKEN)
    resources.create(TOKEN)
    (call,) = [entry for entry in resources.emulator.requests if entry.path.endswith("/validate")]
    assert "On-Behalf-Of" not in call.headers


def test_another_address_is_named(resources: Resources, published: Collection) -> None:
    resources.make_needs(TOKEN)
    published["o1.example.com"] = {"type": "a", "data": "192.0.2.11"}
    (reason,) = resources.create(TOKEN).values["reasons"]
    assert reason == "o1.example.com: points to 192.0.2.11 and not to 192.0.2.10 -> correct the value"
