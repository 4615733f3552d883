"""SendGrid's own package tries the key, as Segment's Verify does."""

from __future__ import annotations

import subprocess
import sys
import urllib.request
from typing import Any

import pytest

from emulator import Emulator
from emulator.made_up import sendgrid_key
from emulator.sendgrid.scopes import SUBUSER_FULL_ACCESS
from providers.declaration import find
from providers.errors import EngageError
from providers.key_check import TIMEOUT
from tests.providers.cases import CASES
from tests.providers.conftest import Resources
from tests.support import keys

TOKEN = "sendgrid:KeyCheck"
pytestmark = pytest.mark.usefixtures("handed_over")


def reasons(resources: Resources, **inputs: Any) -> list[str]:
    values = resources.create(TOKEN, **inputs).values
    assert (values["verified"], values["status"]) == ((False, "pending") if values["reasons"] else (True, "verified"))
    found: list[str] = values["reasons"]
    return found


def given(key: str) -> dict[str, str]:
    return {"api_key": key, "api_key_id": key.split(".")[1]}


def test_the_subusers_key_reads_its_mail_settings_through_the_official_package(
    resources: Resources, emu: Emulator
) -> None:
    assert reasons(resources) == []
    asked = [(entry.path, entry.headers["User-Agent"]) for entry in emu.requests]
    assert [path for path, _ in asked] == ["/v3/mail_settings", "/v3/scopes", "/v3/user/username"]
    assert all(agent.startswith("sendgrid/") for _, agent in asked)
    assert not [entry for entry in emu.requests if "On-Behalf-Of" in entry.headers]


def test_a_name_that_segment_does_not_take_is_told(resources: Resources, emu: Emulator) -> None:
    emu.state.alter("sendgrid", "subusers", keys.SUBUSER, username="engage")
    (reason,) = reasons(resources, username="engage")
    assert reason.startswith("username: does not begin with twilio_engage_app_ -> ")


def test_the_id_of_another_key_is_told(resources: Resources) -> None:
    (reason,) = reasons(resources, api_key_id="a" * 22)
    assert reason.startswith("api_key_id: is of another key")


def test_a_key_that_opens_nothing_is_tried_again_a_few_times_and_is_then_pending(
    resources: Resources, emu: Emulator, waits: list[float]
) -> None:
    (reason,) = reasons(resources, **given(sendgrid_key("revoked")))
    assert reason.startswith("api_key: SendGrid answered 401 to GET /v3/mail_settings: the key is wrong or was revoked")
    assert (len(emu.requests), waits) == (3, [2, 2])


def test_a_new_key_that_is_not_known_everywhere_yet_is_good_a_moment_later(resources: Resources, emu: Emulator) -> None:
    emu.fault(path="/mail_settings", status=401)
    assert reasons(resources) == []


def test_a_key_of_the_parent_or_of_another_subuser_is_told(resources: Resources, emu: Emulator) -> None:
    (reason,) = reasons(resources, **given(emu.credentials["SENDGRID_API_KEY"]))
    assert reason.startswith(f"api_key: is not a key of the subuser {keys.SUBUSER} -> ")


def test_a_key_of_the_parent_is_known_by_its_scopes_where_it_cannot_tell_its_user(
    resources: Resources, emu: Emulator
) -> None:
    key = sendgrid_key("parent's other")
    keys.give_sendgrid_key(emu, key, "engage_parent", ["mail.send", "mail_settings.read", "subusers.read"])
    (reason,) = reasons(resources, **given(key))
    assert reason.startswith("api_key: is not a key of the subuser")
    own = sendgrid_key("subuser's other")
    keys.give_sendgrid_key(emu, own, keys.SUBUSER, ["mail.send", "mail_settings.read"])
    assert reasons(resources, **given(own)) == []


def test_a_key_that_may_not_read_or_send_is_told(resources: Resources, emu: Emulator) -> None:
    emu.state.alter("sendgrid", "api_keys", keys.SENDGRID_KEY_ID, scopes=["mail.send"])
    (reason,) = reasons(resources)
    assert "answered 403 to GET /v3/mail_settings: the key may not read mail settings" in reason
    emu.state.alter("sendgrid", "api_keys", keys.SENDGRID_KEY_ID, scopes=sorted(SUBUSER_FULL_ACCESS - {"mail.send"}))
    assert reasons(resources) == ["api_key: may not send mail -> give it full access, as Segment asks for"]


def test_a_subuser_of_the_eu_is_told_as_segment_asks_the_global_host(resources: Resources, emu: Emulator) -> None:
    emu.state.alter("sendgrid", "subusers", keys.SUBUSER, region="eu")
    (reason,) = reasons(resources)
    assert "answered 451 to GET /v3/mail_settings: the subuser lives in the EU" in reason
    assert {entry.host for entry in emu.requests} == {"api.sendgrid.com"}


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ({"status": 429, "reset_in": 60}, "answered 429"),
        ({"status": 503, "html": True}, "answered 503"),
        ({"drop": "before"}, "gave no answer"),
    ],
)
def test_no_answer_is_no_failure(resources: Resources, emu: Emulator, fault: dict[str, Any], says: str) -> None:
    emu.fault(path="/mail_settings", times=99, **fault)
    (reason,) = reasons(resources)
    assert says in reason


def test_strict_fails_without_the_key_in_the_message(resources: Resources) -> None:
    key = sendgrid_key("revoked")
    with pytest.raises(EngageError, match=r"strict: the key does not work\n  api_key: SendGrid answered 401") as failed:
        resources.create(TOKEN, strict=True, **given(key))
    assert key not in str(failed.value)
    assert failed.value.__cause__ is None


def test_a_rotated_key_is_tried_in_the_same_update(resources: Resources, emu: Emulator) -> None:
    state = resources.create(TOKEN)
    key = sendgrid_key("rotated")
    keys.give_sendgrid_key(emu, key, keys.SUBUSER, sorted(SUBUSER_FULL_ACCESS))
    emu.state.remove("sendgrid", "api_keys", keys.SENDGRID_KEY_ID)
    rotated = {**CASES[TOKEN].inputs, **given(key)}
    assert set(resources.changed(TOKEN, state, rotated)) == {"api_key", "api_key_id"}
    assert resources.update(TOKEN, state, rotated).values["verified"] is True


def test_a_refresh_sees_a_key_that_was_revoked(resources: Resources, emu: Emulator, waits: list[float]) -> None:
    state = resources.create(TOKEN)
    emu.state.remove("sendgrid", "api_keys", keys.SENDGRID_KEY_ID)
    found = resources.read(TOKEN, state)
    assert found is not None
    assert (found.values["status"], waits) == ("pending", [])
    resources.delete(TOKEN, found)


def test_every_call_has_a_time_out(resources: Resources, monkeypatch: pytest.MonkeyPatch) -> None:
    """The package sets none by itself."""
    seen: list[Any] = []
    opened = urllib.request.OpenerDirector.open

    def open_(self: Any, fullurl: Any, data: Any = None, timeout: Any = None) -> Any:
        seen.append(timeout)
        return opened(self, fullurl, data, timeout)

    monkeypatch.setattr(urllib.request.OpenerDirector, "open", open_)
    assert reasons(resources) == []
    assert seen == [TIMEOUT] * 3


def test_a_key_without_its_shape_is_refused_before_anything_is_sent() -> None:
    checked = find(TOKEN).lifecycle.check({}, {**CASES[TOKEN].inputs, "api_key": "SG.only-half"})
    (failure,) = checked.failures
    assert failure.startswith("api_key: string should match pattern")
    assert "only-half" not in failure


def test_the_packages_are_not_imported_until_a_key_is_tried() -> None:
    """Every provider process would wait for them."""
    script = (
        "import sys\nfrom providers.declaration import all_declarations\nall_declarations()\n"
        "print({'sendgrid', 'twilio', 'python_http_client'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
