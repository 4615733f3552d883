"""Settings that cannot be used: one error with everything that is wrong, before anything is sent."""

from __future__ import annotations

from emulator import Emulator
from tests.engine.specimens import subuser
from tests.engine.support import Project, Small


def test_all_problems_are_told_at_once_with_their_places_and_without_secrets(
    project: Project, emulator: Emulator
) -> None:
    project.environment["SENDGRID_API_KEY"] += "\n"
    project.environment["TWILIO_AUTH_TOKEN"] = malformed = "hunter2-is-no-token"
    del project.environment["SEGMENT_PUBLIC_API_TOKEN"]
    project.configure(
        email={"subuser": "engage", "ips": [], "colour": "blue"},
        sms={"inboundWebhookUrl": "http://example.com/in", "serviceName": "x" * 54},
        segment={"sourceSlug": "Not A Slug"},
        emial={"subuser": "x"},
    )
    run = project.preview()
    assert not run.ok
    (error,) = run.errors
    places = ("email.subuser", "email.ips", "email.colour", "sms.inboundWebhookUrl", "sms.serviceName", "emial")
    for place in (*places, "segment.sourceSlug"):
        assert f"- {place}: " in error
    for variable in ("SENDGRID_API_KEY", "TWILIO_AUTH_TOKEN", "SEGMENT_PUBLIC_API_TOKEN"):
        assert f"- {variable} " in error
    assert "Traceback" not in run.output
    for secret in (emulator.credentials["SENDGRID_API_KEY"], malformed):
        assert secret not in run.output
    assert emulator.requests == []


def test_a_credential_that_is_stored_in_clear_is_refused_without_being_shown(
    project: Project, emulator: Emulator
) -> None:
    secret = project.environment.pop("SENDGRID_API_KEY")
    project.configure(sendgridApiKey=secret)
    run = project.preview()
    assert not run.ok
    (error,) = run.errors
    assert "sendgridApiKey: is stored in clear" in error
    assert secret not in run.output


def test_a_failed_check_of_a_secret_does_not_show_it(small: Small, emulator: Emulator) -> None:
    run = small({"it": subuser("engage_test", password="hunter2secret", email="nobody")}).up()
    assert not run.ok
    assert any("password: must have 16 to 128 characters" in error for error in run.errors)
    assert any("email: is no e-mail address" in error for error in run.errors)
    assert "hunter2secret" not in run.output
    assert emulator.requests == []
