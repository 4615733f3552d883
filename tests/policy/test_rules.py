"""The policies' rules, on plain values; tests/engine/test_policy.py runs them on the engine."""

from __future__ import annotations

from typing import Any

import pytest

from policy.rules import PROTECTED, RULES, UNKNOWN, Seen, is_address
from providers.declaration import all_declarations
from providers.shapes import WebhookUrl

HTTPS, OWN_KEY, PRODUCTION, SIGNED = (rule.name for rule in RULES)


def broken(token: str, inputs: dict[str, Any] | None = None, **more: Any) -> list[str]:
    """The rules that this resource breaks."""
    seen = Seen(type=f"pulumi-python:dynamic/{token}", inputs=inputs or {}, **more)
    return [rule.name for rule in RULES if list(rule.violations(seen))]


def test_what_is_kept_is_what_production_protects() -> None:
    """A new resource that is kept gets a line in PROTECTED."""
    assert sorted(d.token for d in all_declarations() if d.kept) == sorted(PROTECTED)


def test_every_input_that_takes_a_webhooks_address_is_judged_and_no_other() -> None:
    inputs = [spec for declaration in all_declarations() for spec in declaration.inputs.values()]
    judged = {spec.name for spec in inputs if is_address(spec.name)}
    assert judged == {spec.name for spec in inputs if spec.type in (WebhookUrl, WebhookUrl | None)}


@pytest.mark.parametrize("name", ["url", "inbound_request_url", "oauth_token_url", "status_callback"])
def test_an_address_without_encryption_is_refused_even_on_this_machine(name: str) -> None:
    assert broken("twilio:MessagingService", {name: "http://127.0.0.1:8787/"}) == [HTTPS]
    for fine in ("https://example.com", "HTTPS://example.com", None, "", UNKNOWN):
        assert broken("twilio:MessagingService", {name: fine}) == []


def test_an_address_of_another_projects_resource_is_not_ours_to_judge() -> None:
    seen = Seen(type="aws:sns/topicSubscription:TopicSubscription", inputs={"url": "http://example.com"}, protect=False)
    assert [rule.name for rule in RULES if list(rule.violations(seen))] == []


@pytest.mark.parametrize(
    ("inputs", "breaks"),
    [
        ({}, True),
        ({"subuser": None, "scopes": None}, True),
        ({"subuser": "", "scopes": []}, True),
        ({"subuser": "twilio_engage_app_acme"}, False),
        ({"subuser": UNKNOWN}, False),
        ({"scopes": ["mail.send"]}, False),
        ({"scopes": UNKNOWN}, False),
    ],
)
def test_a_key_with_full_access_belongs_to_a_subuser(inputs: dict[str, Any], breaks: bool) -> None:
    assert (OWN_KEY in broken("sendgrid:ApiKey", inputs)) == breaks


@pytest.mark.parametrize("token", PROTECTED)
def test_production_protects_what_is_kept(token: str) -> None:
    production = {"settings": {"production": True}}
    assert broken(token, **production) == [PRODUCTION]
    assert broken(token, **production, protect=True) == []
    assert broken(token) == []


def test_the_packs_own_configuration_comes_before_the_stacks_settings() -> None:
    subuser = "sendgrid:Subuser"
    assert broken(subuser, config={"production": True}) == [PRODUCTION]
    assert broken(subuser, config={"production": False}, settings={"production": True}) == []
    assert broken(subuser, config={"production": True, "types": ["twilio:MessagingService"]}) == []
    assert broken("twilio:MessagingService", config={"production": True, "types": ["twilio:MessagingService"]}) == [
        PRODUCTION
    ]
    assert broken("sendgrid:EventWebhook", config={"required": False}, settings={"email": {"signEvents": True}}) == []


@pytest.mark.parametrize(
    ("asked", "breaks"),
    [
        ({"settings": {"email": {"signEvents": True}}}, True),
        ({"settings": {"email": {"signEvents": False}}}, False),
        ({"settings": {"email": "malformed"}}, False),
        ({"config": {"required": True}}, True),
        ({}, False),
    ],
)
def test_where_signing_is_asked_for_no_webhook_is_unsigned(asked: dict[str, Any], breaks: bool) -> None:
    assert (SIGNED in broken("sendgrid:EventWebhook", {"signed": False}, **asked)) == breaks
    assert broken("sendgrid:EventWebhook", {"signed": True}, **asked) == []


def test_every_message_says_what_to_do_and_repeats_no_value() -> None:
    resources: dict[str, dict[str, Any]] = {
        "sendgrid:EventWebhook": {"url": "http://127.0.0.1/s3cr3t", "signed": False},
        "sendgrid:ApiKey": {"name": "s3cr3t"},
        "sendgrid:Subuser": {"password": "s3cr3t"},
    }
    for token, inputs in resources.items():
        seen = Seen(type=f"pulumi-python:dynamic/{token}", inputs=inputs, config={"production": True, "required": True})
        messages = [message for rule in RULES for message in rule.violations(seen)]
        assert messages
        assert all(" -> " in message and "s3cr3t" not in message for message in messages)
