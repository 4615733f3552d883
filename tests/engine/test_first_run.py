"""Preview, up, up again."""

from __future__ import annotations

import json
from typing import Any

from sendgrid.sendgrid import SendGridAPIClient
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from tests.engine.conftest import Standing


def test_a_preview_asks_no_vendor_and_lists_what_up_then_makes(standing: Standing) -> None:
    assert standing.previewed.ok, standing.previewed.output
    assert standing.previewed.requests == []
    assert set(standing.previewed.ops.values()) == {"create"}
    assert standing.up.ok, standing.up.output
    assert standing.up.ops == standing.previewed.ops


def test_a_second_up_changes_nothing(standing: Standing) -> None:
    assert standing.again.ok, standing.again.output
    assert standing.again.changes == {}
    assert standing.again.ops.keys() == standing.up.ops.keys()
    assert standing.again.writes == []


def test_no_secret_is_shown_or_stored_in_clear(standing: Standing) -> None:
    project = standing.project
    in_clear = project.cli("stack", "export", "--show-secrets")
    password = next(
        json.loads(resource["outputs"]["result"]["plaintext"])
        for resource in json.loads(in_clear)["deployment"]["resources"]
        if resource["type"].startswith("random:")
    )
    settings = project.outputs()["engage_settings"]
    born = [password, settings["email"]["subuser_api_key"], *settings["segment"]["write_keys"]]
    assert all(secret in in_clear for secret in born), "what this test looks for is not where it would be"
    identifier = project.emulator.credentials["TWILIO_ACCOUNT_SID"]
    stored = project.export()
    shown = standing.previewed.output + standing.up.output + standing.again.output
    for secret in {*born, *project.emulator.credentials.values()} - {identifier}:
        assert secret not in stored
        assert secret not in shown


def test_sendgrids_own_sdk_opens_the_subusers_account_with_the_key(standing: Standing) -> None:
    """As Segment's Verify button does: `GET /v3/mail_settings` with the subuser's key."""
    settings = standing.project.outputs()["engage_settings"]["email"]
    emulator = standing.project.emulator
    client = SendGridAPIClient(settings["subuser_api_key"], host=f"{emulator.url}/api.sendgrid.com").client
    assert client.mail_settings.get(query_params={"limit": 1}).status_code == 200
    assert json.loads(client.user.username.get().body)["username"] == settings["subuser_name"]


def test_twilios_own_sdk_finds_the_messaging_service_by_its_sid(standing: Standing) -> None:
    settings = standing.project.outputs()["engage_settings"]["sms"]
    emulator = standing.project.emulator

    class ToEmulator(TwilioHttpClient):
        def request(self, *args: Any, **options: Any) -> Response:
            method, url = args
            return super().request(method, url.replace("https:/", emulator.url, 1), **options)

    http = ToEmulator()
    client = Client(settings["account_sid"], emulator.credentials["TWILIO_AUTH_TOKEN"], http_client=http)
    service = client.messaging.v1.services(settings["messaging_service_sid"]).fetch()
    assert http.session
    http.session.close()
    assert service.friendly_name == settings["messaging_service"]
    assert service.use_inbound_webhook_on_number is False
