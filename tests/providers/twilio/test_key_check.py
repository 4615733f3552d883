"""Twilio's own package tries the key, as Segment's settings screen does."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from emulator import Emulator
from emulator.made_up import sha256, sid, token
from providers.errors import EngageError
from providers.key_check import TIMEOUT
from tests.providers.cases import CASES
from tests.providers.conftest import Resources
from tests.support import keys

TOKEN = "twilio:KeyCheck"
pytestmark = pytest.mark.usefixtures("handed_over")


def reasons(resources: Resources, **inputs: Any) -> list[str]:
    values = resources.create(TOKEN, **inputs).values
    assert (values["verified"], values["status"]) == ((False, "pending") if values["reasons"] else (True, "verified"))
    found: list[str] = values["reasons"]
    return found


def test_the_key_finds_the_messaging_service_through_the_official_package(resources: Resources, emu: Emulator) -> None:
    assert reasons(resources) == []
    assert [entry.path for entry in emu.requests] == [f"/v1/Services/{keys.SERVICE_SID}", "/v1/Services"]
    assert all(entry.headers["User-Agent"].startswith("twilio-python/") for entry in emu.requests)


def test_the_service_is_looked_for_on_every_page(
    resources: Resources, emu: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = emu.state.collection("twilio", "services")
    last = rows.pop(keys.SERVICE_SID)
    for number in range(3):
        keys.service(emu, sid("MG", number))
    rows[keys.SERVICE_SID] = last
    monkeypatch.setattr("providers.twilio.key_check.PAGE_SIZE", 2)
    assert reasons(resources) == []
    assert {entry.host for entry in emu.requests} == {"messaging.twilio.com"}
    assert len(emu.requests) == 3


def test_a_wrong_secret_is_tried_again_a_few_times_and_is_then_pending(
    resources: Resources, emu: Emulator, waits: list[float]
) -> None:
    (reason,) = reasons(resources, api_key_secret="wrong")
    assert reason.startswith("api_key_sid: Twilio answered 401: the key's SID and secret do not belong together")
    assert (len(emu.requests), waits) == (3, [2, 2])


def test_a_service_of_another_account_is_told(resources: Resources, emu: Emulator) -> None:
    keys.service(emu, sid("MG", "other"), keys.OTHER_ACCOUNT_SID)
    (reason,) = reasons(resources, service_sid=sid("MG", "other"))
    assert reason.startswith("api_key_sid: Twilio answered 404: the key's account has no such messaging service")


def test_another_accounts_sid_is_told(resources: Resources) -> None:
    (reason,) = reasons(resources, account_sid=keys.OTHER_ACCOUNT_SID)
    assert reason.startswith("account_sid: the key is of another account")


@pytest.mark.parametrize("path", [f"/Services/{keys.SERVICE_SID}$", "/Services$"])
@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ({"status": 429}, "answered 429: too many requests"),
        ({"status": 503, "html": True}, "answered 503: it is not known why"),
        ({"drop": "before"}, "gave no answer"),
    ],
)
def test_no_answer_is_no_failure(
    resources: Resources, emu: Emulator, path: str, fault: dict[str, Any], says: str
) -> None:
    """A list that fails has another exception than an object that does."""
    emu.fault(path=path, times=99, **fault)
    (reason,) = reasons(resources)
    assert says in reason


def test_strict_fails_without_the_secret_in_the_message(resources: Resources) -> None:
    secret = token(32, "wrong")
    with pytest.raises(EngageError, match=r"strict: the key does not work\n  api_key_sid: Twilio answered") as failed:
        resources.create(TOKEN, strict=True, api_key_secret=secret)
    assert secret not in str(failed.value)


def test_a_rotated_key_is_tried_in_the_same_update(resources: Resources, emu: Emulator) -> None:
    state = resources.create(TOKEN)
    row = emu.state.collection("twilio", "keys").pop(keys.TWILIO_KEY_SID)
    secret = token(32, "rotated")
    emu.state.collection("twilio", "keys")[keys.OTHER_KEY_SID] = {
        **row,
        "sid": keys.OTHER_KEY_SID,
        "secret_sha256": sha256(secret),
    }
    rotated = {**CASES[TOKEN].inputs, "api_key_sid": keys.OTHER_KEY_SID, "api_key_secret": secret}
    assert set(resources.changed(TOKEN, state, rotated)) == {"api_key_sid", "api_key_secret"}
    assert resources.update(TOKEN, state, rotated).values["verified"] is True


def test_a_refresh_sees_a_key_that_was_deleted(resources: Resources, emu: Emulator) -> None:
    state = resources.create(TOKEN)
    emu.state.remove("twilio", "keys", keys.TWILIO_KEY_SID)
    found = resources.read(TOKEN, state)
    assert found is not None
    assert found.values["status"] == "pending"
    resources.delete(TOKEN, found)


def test_the_environment_chooses_no_other_host(
    resources: Resources, emu: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The package reads these by itself."""
    monkeypatch.setenv("TWILIO_REGION", "ie1")
    monkeypatch.setenv("TWILIO_EDGE", "dublin")
    assert reasons(resources) == []
    assert {entry.host for entry in emu.requests} == {"messaging.twilio.com"}


def test_every_call_has_a_time_out(resources: Resources, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []
    send = requests.Session.send

    def send_(self: requests.Session, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        seen.append((options["timeout"], options["allow_redirects"]))
        return send(self, request, **options)

    monkeypatch.setattr(requests.Session, "send", send_)
    assert reasons(resources) == []
    assert seen == [(TIMEOUT, False)] * 2
