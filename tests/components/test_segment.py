"""What the Segment part declares of each setting."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from components.engage import EngageArgs
from tests.components.test_engage import ACCOUNT, EMAIL, SEGMENT, SMS, Monitor, declare, monitor, resolved

__all__ = ["monitor"]

FED = replace(SEGMENT, destinations=["sendgrid", "twilio"])


def inputs(monitor: Monitor, name: str) -> Any:
    return monitor.registered[name].object


def test_a_space_is_looked_up_by_name_and_used_by_its_id(monitor: Monitor) -> None:
    declare(EngageArgs(segment=SEGMENT))
    assert inputs(monitor, "engage-segment-space")["space"] == "dev"
    assert inputs(monitor, "engage-segment-identifiers")["space_id"] == "engage-segment-space-id"


def test_an_id_of_a_space_is_used_as_it_is(monitor: Monitor) -> None:
    declare(EngageArgs(segment=replace(SEGMENT, space="spa_1")))
    assert "engage-segment-space" not in monitor.registered
    assert inputs(monitor, "engage-segment-identifiers")["space_id"] == "spa_1"


def test_destinations_get_keys_of_their_own_and_the_secrets_as_secrets(monitor: Monitor) -> None:
    engage = declare(EngageArgs(account=ACCOUNT, email=EMAIL, sms=SMS, segment=FED))
    sendgrid, twilio = inputs(monitor, "engage-segment-sendgrid"), inputs(monitor, "engage-segment-twilio")
    assert inputs(monitor, "engage-segment-sendgrid-key-1")["subuser"] == "engage-email-subuser-id"
    assert dict(sendgrid["settings"]) == {"endpoint": "https://api.sendgrid.com"}
    assert twilio["settings"]["apiKeySID"] == "SK1"
    assert "sendGridApiKey" not in sendgrid["settings"]
    assert set(engage.engage_settings["segment"]["destinations"]) == {"sendgrid", "twilio"}


def test_a_rotation_makes_new_keys_beside_the_old_ones(monitor: Monitor) -> None:
    """The engine makes what is new, updates the destination, and deletes what is declared no more."""
    declare(EngageArgs(account=ACCOUNT, email=EMAIL, sms=SMS, segment=replace(FED, key_generation=2)))
    assert {"engage-segment-sendgrid-key-2", "engage-segment-twilio-key-2"} <= set(monitor.registered)
    assert "engage-segment-sendgrid-key-1" not in monitor.registered


def test_a_destination_without_its_part_is_refused() -> None:
    with pytest.raises(ValueError, match=r"destinations has sendgrid, for which the part email is needed"):
        EngageArgs(segment=FED, sms=SMS)


def test_a_tracking_plan_and_labels_belong_to_the_source(monitor: Monitor) -> None:
    declare(EngageArgs(segment=replace(SEGMENT, tracking_plan="Engage", labels={"environment": "dev"})))
    assert inputs(monitor, "engage-segment-tracking-plan-source")["source_id"] == "engage-segment-source-id"
    assert dict(inputs(monitor, "engage-segment-labels")["labels"][0]) == {"key": "environment", "value": "dev"}


def test_identifiers_that_are_not_proven_come_first_among_the_manual_steps(monitor: Monitor) -> None:
    step = {"what": "Add phone", "where": "Unify settings", "why": "no API"}
    monitor.vendor |= {"manual_steps": [step], "proven": False, "reasons": ["phone: unproven"]}
    engage = declare(EngageArgs(segment=SEGMENT, sms=SMS))
    assert resolved(engage.manual_steps)[0] == step
    assert resolved(engage.status["identifiers"]) == {"state": "manual", "reasons": ["phone: unproven"]}


def test_the_engage_team_is_told_of_a_warm_up_with_workspace_space_and_address(monitor: Monitor) -> None:
    warming = replace(ACCOUNT, warmup="manual")
    engage = declare(EngageArgs(account=warming, email=EMAIL, segment=replace(SEGMENT, workspace="acme")))
    (told,) = [step for step in resolved(engage.manual_steps) if "Engage team" in step["what"]]
    assert all(part in told["what"] for part in ("Workspace: acme.", "Space: dev.", "192.0.2.10"))
    assert not any(
        "Engage team" in step["what"] for step in resolved(declare(EngageArgs(account=ACCOUNT)).manual_steps)
    )


def test_the_status_of_the_whole_guide_has_stable_names(monitor: Monitor) -> None:
    engage = declare(EngageArgs(account=ACCOUNT, email=EMAIL, sms=SMS, segment=SEGMENT))
    assert list(engage.status) == [
        *("dedicated_ip", "reverse_dns", "ip_warmup"),
        *("subuser", "domain_authentication", "link_branding", "subscription_tracking", "event_webhook"),
        *("sendgrid_api_key", "segment_email_screen"),
        *("twilio_account", "phone_number", "registration", "messaging_service", "inbound_webhook"),
        *("twilio_api_key", "segment_sms_screen", "identifiers"),
    ]
    states = {name: resolved(status)["state"] for name, status in engage.status.items()}
    assert set(states.values()) <= {"done", "verified", "pending", "manual"}
    assert states["event_webhook"] == "done"
    assert states["domain_authentication"] == "verified"
    assert states["segment_email_screen"] == "manual"
