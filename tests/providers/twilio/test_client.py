"""Who calls Twilio, with what, in which region; and what a key may not do."""

from __future__ import annotations

from typing import Any

import pytest
import responses

from emulator.made_up import console_keys, sid
from providers.connection import Connection
from providers.declaration import find
from providers.dynamic import Provider
from providers.errors import CredentialError, OwnershipError, VendorError
from providers.twilio.client import Twilio
from tests.providers.conftest import Resources

PAIR = ("TWILIO_API_KEY", "TWILIO_API_SECRET")
KEYS, SERVICES, ACCOUNT = "/v1/Keys", "/v1/Services", "/2010-04-01/Accounts/{AccountSid}.json"


@pytest.fixture(autouse=True)
def _asked_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("providers.twilio.client._kinds", {})


def call_with(monkeypatch: pytest.MonkeyPatch, kind: str, token: str = "") -> None:
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", token)
    for variable, value in zip(PAIR, console_keys[kind], strict=True):
        monkeypatch.setenv(variable, value)


def problems(**config: str) -> list[str]:
    return Twilio.problems(Connection(config))


# -- credentials ---------------------------------------------------------------------------------------------------


def test_a_token_or_a_key_will_do(resources: Resources, monkeypatch: pytest.MonkeyPatch) -> None:
    assert problems() == []
    call_with(monkeypatch, "standard")
    assert problems() == []
    assert resources.client("twilio").get(SERVICES)["services"] == []


def test_with_neither_both_ways_are_named(resources: Resources, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TWILIO_AUTH_TOKEN")
    (problem,) = problems()
    assert problem.startswith("TWILIO_AUTH_TOKEN is not set: find it at")
    assert "or set TWILIO_API_KEY and TWILIO_API_SECRET" in problem
    with pytest.raises(CredentialError, match="TWILIO_AUTH_TOKEN is not set"):
        resources.client("twilio").get(SERVICES)


@pytest.mark.parametrize("missing", PAIR)
def test_half_a_pair_names_the_other_half(resources: Resources, monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    call_with(monkeypatch, "standard")
    monkeypatch.delenv(missing)
    (problem,) = problems()
    assert problem.startswith(f"{missing} is not set: find it at")
    with pytest.raises(CredentialError, match=f"{missing} is not set"):
        resources.client("twilio").get(SERVICES)
    assert resources.emulator.requests == []


def test_of_both_the_token_is_used_and_the_pair_not_looked_at(
    resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    call_with(monkeypatch, "standard", token=resources.emulator.credentials["TWILIO_AUTH_TOKEN"])
    monkeypatch.setenv("TWILIO_API_SECRET", "not a secret")
    assert problems() == []
    assert resources.create("twilio:ApiKey").id.startswith("SK")


def test_a_malformed_key_is_named_and_not_repeated(resources: Resources, monkeypatch: pytest.MonkeyPatch) -> None:
    call_with(monkeypatch, "standard")
    account = resources.emulator.credentials["TWILIO_ACCOUNT_SID"]
    monkeypatch.setenv("TWILIO_API_KEY", account)
    monkeypatch.setenv("TWILIO_API_SECRET", console_keys["standard"][1] + "\n")
    first, second = problems()
    assert first.startswith("TWILIO_API_KEY does not look right, it should be 'SK'")
    assert account not in first
    assert second.startswith("TWILIO_API_SECRET begins or ends with white space")


def test_a_stored_key_is_used_as_one_of_the_environment(resources: Resources, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TWILIO_AUTH_TOKEN")
    key_sid, secret = console_keys["standard"]
    stored = {"endpoint": resources.emulator.url, "twilioApiKey": key_sid, "twilioApiSecret": secret}
    assert Twilio(Connection(stored)).get(SERVICES)["services"] == []


def test_no_message_repeats_the_secret_of_a_key(resources: Resources, monkeypatch: pytest.MonkeyPatch) -> None:
    call_with(monkeypatch, "standard")
    secret = console_keys["standard"][1]
    resources.emulator.fault(path=SERVICES, status=400, body={"code": 1, "message": f"not {secret}"})
    with pytest.raises(VendorError, match=r"not \[redacted\]"):
        resources.client("twilio").get(SERVICES)
    other = Twilio(Connection({"endpoint": resources.emulator.url})).with_key(sid("SK", "x"), "b" * 32)
    assert other.redact("b" * 32) == "[redacted]"


# -- what a key may do ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", KEYS),
        ("GET", "/v1/Keys?AccountSid=x"),
        ("DELETE", f"/v1/Keys/{sid('SK', 'x')}"),
        ("GET", ACCOUNT),
        ("POST", "/2010-04-01/Accounts.json"),
        ("GET", "/2010-04-01/Accounts/{AccountSid}/Keys.json"),
        ("GET", f"/2010-04-01/Accounts/{{AccountSid}}/Keys/{sid('SK', 'x')}.json"),
    ],
)
def test_what_a_standard_key_may_not_do_is_said_before_it_is_sent(
    resources: Resources, monkeypatch: pytest.MonkeyPatch, method: str, path: str
) -> None:
    call_with(monkeypatch, "standard")
    resources.client("twilio").get(SERVICES)
    sent = len(resources.emulator.requests)
    with pytest.raises(CredentialError, match="Standard key may not manage accounts and keys -> set TWILIO_AUTH_TOKEN"):
        resources.client("twilio").send(method, path)
    assert len(resources.emulator.requests) == sent


def test_a_standard_key_may_do_everything_else(resources: Resources, monkeypatch: pytest.MonkeyPatch) -> None:
    call_with(monkeypatch, "standard")
    for token in ("twilio:MessagingService", "twilio:Address", "twilio:MessagingGeoPermissions"):
        state = resources.create(token)
        assert resources.read(token, state) == state


def test_a_main_key_may_do_what_the_token_may(resources: Resources, monkeypatch: pytest.MonkeyPatch) -> None:
    call_with(monkeypatch, "main")
    for token in ("twilio:ApiKey", "twilio:Subaccount"):
        state = resources.create(token)
        assert resources.read(token, state) == state


def test_a_restricted_key_is_let_try_and_told_what_it_lacks(
    resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = resources.create("twilio:ApiKey", policy=["/twilio/messaging/services/list"]).values
    monkeypatch.delenv("TWILIO_AUTH_TOKEN")
    for variable, name in zip(PAIR, ("api_key_sid", "api_key_secret"), strict=True):
        monkeypatch.setenv(variable, key[name])
    client = resources.client("twilio")
    assert client.get(SERVICES)["services"] == []
    with pytest.raises(VendorError, match=r"code 70051\).*services/create -> .*give it to the key"):
        client.send("POST", SERVICES, body={"FriendlyName": "x"})


def test_what_kind_the_callers_key_is_is_asked_once(resources: Resources, monkeypatch: pytest.MonkeyPatch) -> None:
    call_with(monkeypatch, "standard")
    for _ in range(3):
        resources.client("twilio").get(SERVICES)
    paths = [entry.path.rpartition("/")[2] for entry in resources.emulator.requests]
    account = resources.emulator.credentials["TWILIO_ACCOUNT_SID"]
    assert paths == [f"{account}.json", "Addresses.json", "Services", "Services", "Services"]


def test_a_key_of_another_account_makes_nothing_there(resources: Resources, monkeypatch: pytest.MonkeyPatch) -> None:
    """Most paths do not name the account: what is asked for would be made in the key's own."""
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", sid("AC", "another"))
    call_with(monkeypatch, "standard")
    with pytest.raises(CredentialError, match=r"does not accept the API key, so nothing was sent -> .*another account"):
        resources.create("twilio:MessagingService")
    assert resources.sent("POST") == []


@pytest.mark.parametrize("kind", ["main", "standard"])
def test_a_parents_key_does_not_act_for_a_subaccount(
    resources: Resources, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", resources.create("twilio:Subaccount").id)
    call_with(monkeypatch, kind)
    sent = len(resources.sent("POST"))
    with pytest.raises(CredentialError, match="a subaccount's SID takes the subaccount's own token or key"):
        resources.create("twilio:MessagingService")
    assert len(resources.sent("POST")) == sent


def test_a_subaccounts_own_key_acts_for_it(resources: Resources, monkeypatch: pytest.MonkeyPatch) -> None:
    subaccount = resources.create("twilio:Subaccount").values
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", subaccount["account_sid"])
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", subaccount["auth_token"])
    key = resources.create("twilio:ApiKey", key_type="standard", policy=None).values
    monkeypatch.delenv("TWILIO_AUTH_TOKEN")
    for variable, name in zip(PAIR, ("api_key_sid", "api_key_secret"), strict=True):
        monkeypatch.setenv(variable, key[name])
    service = resources.create("twilio:MessagingService")
    assert service.values["account_sid"] == subaccount["account_sid"]


def test_a_key_that_was_revoked_names_the_pair(resources: Resources, monkeypatch: pytest.MonkeyPatch) -> None:
    call_with(monkeypatch, "standard")
    resources.client("twilio").get(SERVICES)
    resources.emulator.state.remove("twilio", "keys", console_keys["standard"][0])
    with pytest.raises(VendorError, match=r"code 20003\).*TWILIO_API_KEY and TWILIO_API_SECRET do not belong together"):
        resources.client("twilio").get(SERVICES)


# -- regions -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "place", "host"),
    [
        (SERVICES, {}, "messaging.twilio.com"),
        (SERVICES, {"twilioEdge": "dublin", "twilioRegion": "ie1"}, "messaging.dublin.ie1.twilio.com"),
        (ACCOUNT, {"twilioEdge": "ashburn-ix", "twilioRegion": "us1"}, "api.ashburn-ix.us1.twilio.com"),
        (KEYS, {"twilioEdge": "sydney", "twilioRegion": "au1"}, "iam.sydney.au1.twilio.com"),
    ],
)
def test_edge_and_region_are_in_the_name_of_the_host(path: str, place: dict[str, str], host: str) -> None:
    assert Twilio(Connection(place)).host(path) == host


@responses.activate
def test_calls_go_to_the_region(resources: Resources) -> None:
    there = responses.get("https://messaging.dublin.ie1.twilio.com/v1/Services", json={"services": [], "meta": {}})
    client = Twilio(Connection({"twilioEdge": "dublin", "twilioRegion": "ie1"}))
    assert list(client.pages(SERVICES, "services")) == []
    assert there.call_count == 1


@pytest.mark.parametrize(
    ("place", "says"),
    [
        ({"twilioRegion": "ie1"}, "twilioEdge: is needed with twilioRegion"),
        ({"twilioEdge": "dublin"}, "twilioRegion: is needed with twilioEdge"),
        ({"twilioEdge": "Dublin", "twilioRegion": "ie1"}, "twilioEdge: must be an edge location of Twilio"),
        ({"twilioEdge": "dublin", "twilioRegion": "eu"}, "twilioRegion: must be a region of Twilio"),
    ],
)
def test_half_a_place_or_a_malformed_one_is_a_problem(resources: Resources, place: dict[str, str], says: str) -> None:
    (problem,) = problems(**place)
    assert problem.startswith(says)


def test_half_a_place_is_not_called(resources: Resources) -> None:
    with pytest.raises(CredentialError, match="twilioEdge: is needed with twilioRegion"):
        Twilio(Connection({"twilioRegion": "ie1"})).get(SERVICES)


def test_what_was_made_in_one_region_is_not_taken_for_gone_in_another(resources: Resources) -> None:
    token = "twilio:MessagingService"
    account = resources.emulator.credentials["TWILIO_ACCOUNT_SID"]
    here: dict[str, Any] = {"account": account}
    there = Twilio(Connection({"twilioEdge": "dublin", "twilioRegion": "ie1"}))
    with pytest.raises(OwnershipError, match=f"made in the Twilio account {account}, .* those of {account} in ie1"):
        find(token).lifecycle.same_account(there, here)
    find(token).lifecycle.same_account(Twilio(Connection()), here)
    find(token).lifecycle.same_account(Twilio(Connection({"twilioEdge": "ashburn", "twilioRegion": "us1"})), here)


def test_the_account_is_recorded_as_before_where_no_region_is_set(resources: Resources) -> None:
    provider = Provider("twilio:MessagingService")
    provider.connection = Connection({"endpoint": resources.emulator.url})
    inputs = resources.checked("twilio:MessagingService", {"friendly_name": "Example"})
    outputs = provider.create(inputs).outs or {}
    assert outputs["account"] == resources.emulator.credentials["TWILIO_ACCOUNT_SID"]
