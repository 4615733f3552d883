"""Lost replies, limits, refusals: what each leaves, and what running the same again makes of it."""

from __future__ import annotations

from typing import Any

import pytest

from emulator import Emulator
from emulator.store import Store
from tests.engine.specimens import API_KEY, SERVICE, SOURCE, example, subuser
from tests.engine.support import Small

USERNAME = "engage_test"
FOREIGN = "twilio_engage_app_taken"
POSTS = {"sendgrid": ("/v3/subusers$", "/v3/api_keys$"), "twilio": ("/v1/Services$",), "segment": ("/sources$",)}
HOME = {"home": subuser(USERNAME)}
ALL: dict[str, Any] = HOME | {
    "key": example(API_KEY, subuser={"ref": "home.id"}),
    "service": example(SERVICE),
    "source": example(SOURCE),
}


def _at_every_post(emulator: Emulator, **failure: Any) -> None:
    for vendor, paths in POSTS.items():
        for path in paths:
            emulator.fault(vendor=vendor, method="POST", path=path, **failure)


def _exists(store: Store) -> dict[str, int]:
    vendors = store.vendors
    return {
        "home": len(vendors["sendgrid"]["subusers"]),
        "key": len([key for key in vendors["sendgrid"]["api_keys"].values() if key["owner"] == USERNAME]),
        "service": len(vendors["twilio"]["services"]),
        "source": len(vendors["segment"]["sources"]),
    }


ONE_OF_EACH = dict.fromkeys(ALL, 1)


def test_a_run_that_died_after_a_lost_reply_is_finished_by_the_next(small: Small, emulator: Emulator) -> None:
    """Looking again fails as well, so that nothing of what was made is in the state."""
    project = small(ALL)
    _at_every_post(emulator, drop="after")
    for vendor, path in (("sendgrid", "/v3/subusers$"), ("twilio", "/v1/Services$"), ("segment", "/sources$")):
        emulator.fault(vendor=vendor, method="GET", path=path, after=1, status=403)
    died = project.up()
    assert not died.ok
    # The engine may stop before it has begun all of them, but not before the subuser has failed.
    assert died.changes["home"] == "failed"
    assert not {"home", "service", "source"} & {name for name, op in died.changes.items() if op == "create"}
    # The first of these gets as far as the key, whose reply is lost too.
    project.up()
    last = project.up()
    assert last.ok, last.output
    assert _exists(emulator.state) == ONE_OF_EACH


def test_a_limit_is_waited_for(small: Small, emulator: Emulator) -> None:
    _at_every_post(emulator, status=429, reset_in=0.01)
    up = small(ALL).up()
    assert up.ok, up.output
    assert _exists(emulator.state) == ONE_OF_EACH
    assert [entry.status for entry in up.requests].count(429) == len(ALL)


def test_what_a_broken_vendor_did_not_make_is_made_by_the_next_run(small: Small, emulator: Emulator) -> None:
    project = small({"service": ALL["service"]})
    emulator.fault(vendor="twilio", method="POST", status=503, html=True)
    up = project.up()
    assert not up.ok
    (error,) = up.errors
    assert "Twilio gave no " in error
    assert " reply to POST /v1/Services (status 503" in error
    assert "run the same command again" in error
    assert "Traceback" not in up.output
    assert up.writes == ["POST /v1/Services"], "it was sent twice"
    assert project.up().ok
    assert _exists(emulator.state)["service"] == 1


def test_a_refusal_is_one_message_with_what_to_do(small: Small, emulator: Emulator) -> None:
    project = small({"service": ALL["service"]})
    emulator.fault(vendor="twilio", method="POST", status=401, body={"code": 20003, "message": "Authenticate"})
    up = project.up()
    assert not up.ok
    (error,) = up.errors
    assert "Twilio refused POST /v1/Services (401, code 20003): Authenticate -> " in error
    assert "https://console.twilio.com" in error
    assert "Traceback" not in up.output
    assert "\n" not in error


@pytest.mark.parametrize(
    ("username", "email", "said"),
    [
        pytest.param(USERNAME, "somebody@example.com", "set adopt to 'engage_test'", id="in this account"),
        pytest.param(FOREIGN, "engage@example.com", "choose another", id="in another account"),
    ],
)
def test_a_subuser_that_is_not_ours_is_left_alone(
    small: Small, emulator: Emulator, username: str, email: str, said: str
) -> None:
    foreign = {"id": 7, "username": USERNAME, "email": "engage@example.com", "disabled": False, "ips": ["192.0.2.10"]}
    foreign |= {"region": "global", "website_access_disabled": False, "password_sha256": ""}
    emulator.state.collection("sendgrid", "subusers")[USERNAME] = dict(foreign)
    up = small({"it": subuser(username, email=email)}).up()
    assert not up.ok
    (error,) = up.errors
    assert said in error
    assert "Traceback" not in up.output
    assert emulator.state.collection("sendgrid", "subusers") == {USERNAME: foreign}
