"""What EngageStack declares: types, names, parents and options are in users' state and outputs."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest
from pulumi.runtime import mocks

from components.email import EmailArgs
from components.engage import EngageArgs, EngageStack
from components.segment import SegmentArgs
from components.sms import SmsArgs

EMAIL = EmailArgs(subuser="twilio_engage_app_acme_dev", address="engage@example.com", ips=["192.0.2.10"])
SMS = SmsArgs(service_name="Engage", inbound_webhook_url="https://example.com/inbound")
SEGMENT = SegmentArgs(source_slug="engage")


class Recorder(pulumi.runtime.Mocks):
    """Answers as a provider does in `up`, with an id made of the name."""

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        return f"{args.name}-id", {**args.inputs, "result": "made-up-password-1"}

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        return {}, None


class Monitor(mocks.MockMonitor):
    """Keeps what was registered, with its options: mocks are not shown these."""

    def __init__(self) -> None:
        super().__init__(Recorder())
        self.registered: dict[str, Any] = {}

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - gRPC's name
        self.registered[request.name] = request
        return super().RegisterResource(request)


@pytest.fixture
def monitor() -> Monitor:
    monitor = Monitor()
    mocks.set_mocks(
        Recorder(), project="twilio-engage", stack="test", preview=False, monitor=monitor, organization="acme"
    )
    return monitor


def declare(args: EngageArgs) -> EngageStack:
    made: list[EngageStack] = []

    @pulumi.runtime.test
    def program() -> None:
        made.append(EngageStack("engage", args))

    program()
    return made[0]


def test_the_whole_stack_is_declared_in_the_guides_order(monitor: Monitor) -> None:
    declare(EngageArgs(email=EMAIL, sms=SMS, segment=SEGMENT))
    declared = {name: request.type for name, request in monitor.registered.items() if request.parent}
    assert declared == {
        "engage": "twilio-engage:index:EngageStack",
        "engage-email": "twilio-engage:index:Email",
        "engage-email-password": "random:index/randomPassword:RandomPassword",
        "engage-email-subuser": "pulumi-python:dynamic/sendgrid:Subuser",
        "engage-email-unsubscribe": "pulumi-python:dynamic/sendgrid:SubscriptionTracking",
        "engage-email-key": "pulumi-python:dynamic/sendgrid:ApiKey",
        "engage-sms": "twilio-engage:index:Sms",
        "engage-sms-service": "pulumi-python:dynamic/twilio:MessagingService",
        "engage-segment": "twilio-engage:index:Segment",
        "engage-segment-source": "pulumi-python:dynamic/segment:Source",
    }


@pytest.mark.parametrize(
    ("part", "prefix"),
    [({"email": EMAIL}, "engage-email"), ({"sms": SMS}, "engage-sms"), ({"segment": SEGMENT}, "engage-segment")],
)
def test_a_part_works_alone(monitor: Monitor, part: dict[str, Any], prefix: str) -> None:
    engage = declare(EngageArgs(**part))
    assert set(engage.engage_settings) == set(part)
    assert {name for name in monitor.registered if name.startswith("engage-") and not name.startswith(prefix)} == set()


@pytest.mark.parametrize("keep", [True, False])
def test_the_subuser_and_what_lives_in_it_are_kept_unless_told_otherwise(monitor: Monitor, keep: bool) -> None:
    email = EmailArgs(subuser=EMAIL.subuser, address=EMAIL.address, ips=EMAIL.ips, keep_subuser=keep)
    declare(EngageArgs(email=email))
    assert monitor.registered["engage-email-subuser"].retainOnDelete is keep
    assert monitor.registered["engage-email-unsubscribe"].retainOnDelete is keep
    assert monitor.registered["engage-email-key"].retainOnDelete is False


def test_names_are_not_random_so_that_down_and_up_find_the_same(monitor: Monitor) -> None:
    declare(EngageArgs(email=EMAIL, sms=SMS, segment=SEGMENT))
    assert monitor.registered["engage-email-subuser"].object["username"] == EMAIL.subuser
    assert monitor.registered["engage-sms-service"].object["marker"] == "acme/twilio-engage/test/engage-sms-service"


def test_secrets_born_in_create_are_secret_outputs(monitor: Monitor) -> None:
    declare(EngageArgs(email=EMAIL, segment=SEGMENT))
    assert monitor.registered["engage-email-key"].additionalSecretOutputs == ["api_key"]
    assert monitor.registered["engage-email-subuser"].additionalSecretOutputs == ["password"]
    assert monitor.registered["engage-segment-source"].additionalSecretOutputs == ["write_keys"]


def test_the_outputs_have_stable_names(monitor: Monitor) -> None:
    engage = declare(EngageArgs(email=EMAIL, sms=SMS, segment=SEGMENT))
    assert {part: set(values) for part, values in engage.engage_settings.items()} == {
        "email": {"subuser_name", "subuser_api_key_id", "subuser_api_key"},
        "sms": {"account_sid", "messaging_service_sid", "messaging_service"},
        "segment": {"source_id", "source_slug", "write_keys"},
    }


def test_a_missing_inbound_webhook_is_a_manual_step(monitor: Monitor) -> None:
    steps = declare(EngageArgs(sms=SmsArgs(service_name="Engage"))).manual_steps
    assert any("inboundWebhookUrl" in step["what"] for step in steps)
    assert not any("inboundWebhookUrl" in step["what"] for step in declare(EngageArgs(sms=SMS)).manual_steps)


def test_every_manual_step_says_what_where_and_why(monitor: Monitor) -> None:
    steps = declare(EngageArgs(email=EMAIL, sms=SMS, segment=SEGMENT)).manual_steps
    assert steps
    for step in steps:
        assert all(step[key].strip() for key in ("what", "where", "why"))
