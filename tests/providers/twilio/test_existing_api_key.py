"""A key from the Console is called with, told what it is, and left alone."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.made_up import console_keys, sha256, sid
from providers.connection import Connection
from providers.declaration import find
from providers.errors import CredentialError, VendorError
from providers.lifecycle import State
from providers.twilio.client import Twilio
from tests.providers.cases import CASES, MARKER
from tests.providers.conftest import Resources

TOKEN = "twilio:ExistingApiKey"
SECRET = "a" * 32


def seed(resources: Resources, account_sid: str, kind: str = "standard", **fields: Any) -> dict[str, str]:
    """A key that somebody made, as inputs."""
    key_sid, at = sid("SK", account_sid, kind), "2026-01-01T00:00:00Z"
    key = {"sid": key_sid, "account_sid": account_sid, "friendly_name": None, "type": kind, "policy": None}
    made = key | {"date_created": at, "date_updated": at, "secret_sha256": sha256(SECRET)} | fields
    resources.emulator.state.collection("twilio", "keys")[key_sid] = made
    return {"api_key_sid": key_sid, "api_key_secret": SECRET}


def account(resources: Resources) -> str:
    return resources.emulator.credentials["TWILIO_ACCOUNT_SID"]


@pytest.mark.parametrize(
    ("kind", "powers"),
    [("main", "Everything that the auth token may do"), ("standard", "Everything but accounts and API keys")],
)
def test_what_it_may_do_is_found_out_and_said(resources: Resources, kind: str, powers: str) -> None:
    key_sid, secret = console_keys[kind]
    state = resources.create(TOKEN, api_key_sid=key_sid, api_key_secret=secret)
    assert (state.id, state.values["kind"]) == (key_sid, kind)
    assert state.values["powers"].startswith(powers)
    assert (state.values["api_key_sid"], state.values["api_key_secret"]) == (key_sid, secret)


def test_a_restricted_one_is_told_from_its_refusal(resources: Resources) -> None:
    inputs = seed(resources, account(resources), "restricted", policy={"allow": ["/twilio/messaging/services/read"]})
    assert resources.create(TOKEN, **inputs).values["kind"] == "restricted"


def test_nothing_is_made_changed_or_deleted(resources: Resources) -> None:
    before = dict(resources.emulator.state.collection("twilio", "keys"))
    state = resources.create(TOKEN)
    resources.read(TOKEN, state)
    resources.update(TOKEN, state, CASES[TOKEN].changes)
    resources.delete(TOKEN, state)
    assert {entry.method for entry in resources.emulator.requests} == {"GET"}
    assert resources.emulator.state.collection("twilio", "keys") == before


def test_only_the_key_itself_is_called_with(resources: Resources, monkeypatch: pytest.MonkeyPatch) -> None:
    """The token that may do everything is not needed to find out what the key may do."""
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "0" * 32)
    assert resources.create(TOKEN).values["kind"] == "main"


def test_a_wrong_secret_is_no_standard_key(resources: Resources) -> None:
    with pytest.raises(
        CredentialError, match=r"does not accept them .*: the secret is another key's.* -> correct them"
    ):
        resources.create(TOKEN, api_key_secret=SECRET)


@pytest.mark.parametrize("kind", ["main", "standard"])
@pytest.mark.parametrize("other", ["a stranger", "a subaccount"])
def test_a_key_of_another_account_is_refused(resources: Resources, kind: str, other: str) -> None:
    if other == "a subaccount":
        place = resources.create("twilio:Subaccount").id
    else:
        place = sid("AC", "stranger")
        accounts = resources.emulator.state.collection("twilio", "accounts")
        accounts[place] = {**accounts[account(resources)], "sid": place, "owner_account_sid": place}
    with pytest.raises(CredentialError, match="of another account or subaccount"):
        resources.create(TOKEN, **seed(resources, place, kind))


@pytest.mark.parametrize("kind", ["main", "standard"])
def test_a_parents_key_is_not_taken_for_the_subaccounts_own(
    resources: Resources, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    child = resources.create("twilio:Subaccount").id
    parents, own = console_keys[kind], seed(resources, child, kind)
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", child)
    assert resources.create(TOKEN, **own).values["kind"] == kind
    with pytest.raises(CredentialError, match="of another account or subaccount"):
        resources.create(TOKEN, api_key_sid=parents[0], api_key_secret=parents[1])


def test_a_key_that_was_revoked_is_gone_and_then_says_what_to_do(resources: Resources) -> None:
    state = resources.create(TOKEN)
    resources.emulator.state.remove("twilio", "keys", state.id)
    assert resources.read(TOKEN, state) is None
    with pytest.raises(CredentialError, match="the key was revoked"):
        resources.create(TOKEN)


def test_without_credentials_of_ours_it_is_not_taken_for_gone(
    resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = resources.create(TOKEN)
    monkeypatch.delenv("TWILIO_ACCOUNT_SID")
    with pytest.raises(CredentialError, match="TWILIO_ACCOUNT_SID is not set"):
        resources.read(TOKEN, state)


def test_an_account_that_is_suspended_does_not_make_it_gone(resources: Resources) -> None:
    state = resources.create(TOKEN)
    resources.emulator.state.alter("twilio", "accounts", account(resources), status="suspended")
    with pytest.raises(VendorError, match="the account is suspended"):
        resources.read(TOKEN, state)


def test_another_key_takes_its_place_without_a_replacement(resources: Resources) -> None:
    state = resources.create(TOKEN)
    difference = find(TOKEN).lifecycle.diff(state.values, resources.checked(TOKEN, CASES[TOKEN].changes, state.values))
    assert (sorted(difference.changed), difference.replaces) == (["api_key_secret", "api_key_sid"], [])
    assert resources.update(TOKEN, state, CASES[TOKEN].changes).values["kind"] == "standard"


def test_a_key_of_another_region_is_of_no_use_to_engage(resources: Resources) -> None:
    place = {"endpoint": resources.emulator.url, "twilioEdge": "sydney", "twilioRegion": "au1"}
    with pytest.raises(CredentialError, match="keys of the region us1 alone"):
        find(TOKEN).lifecycle.create(Twilio(Connection(place)), resources.checked(TOKEN, CASES[TOKEN].inputs))


KEY_SID, KEY_SECRET = console_keys["main"]


@pytest.mark.parametrize(
    ("inputs", "says"),
    [
        ({"api_key_sid": f" {KEY_SID}"}, "api_key_sid: begins or ends with white space"),
        ({"api_key_secret": f"{KEY_SECRET}\n"}, "api_key_secret: begins or ends with white space"),
        ({"api_key_sid": sid("AC", "x")}, "api_key_sid: is the SID of an account"),
        ({"api_key_sid": KEY_SECRET}, "api_key_sid: does not look right, it should be 'SK' and 32 hexadecimal digits"),
        ({"api_key_secret": KEY_SID}, "api_key_secret: is the SID of a key and not its secret"),
        ({"api_key_secret": "short"}, "api_key_secret: does not look right, it should be 32 letters and digits"),
    ],
)
def test_what_cannot_be_right_is_named_before_any_call_and_not_repeated(inputs: dict[str, str], says: str) -> None:
    (failure,) = find(TOKEN).lifecycle.check({}, {**CASES[TOKEN].inputs, "marker": MARKER, **inputs}).failures
    assert failure.startswith(says)
    assert not any(value.strip() in failure for value in inputs.values())


def test_where_it_was_made_is_not_forgotten_in_an_update(resources: Resources) -> None:
    """Without `account`, the next run would take credentials of any account."""
    resources.make_needs(TOKEN)
    state = resources.create(TOKEN)
    made = State(state.id, {**state.values, "account": "AC" + "0" * 32})
    assert resources.update(TOKEN, made, CASES[TOKEN].inputs).values["account"] == "AC" + "0" * 32
