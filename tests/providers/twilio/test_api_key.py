"""A key of Twilio: Standard or restricted, of US1, rotated as SendGrid's; the official library calls with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from emulator.made_up import console_keys
from providers.connection import Connection
from providers.declaration import UNKNOWN, find, tag
from providers.errors import CredentialError, VendorError
from providers.lifecycle import State
from providers.twilio.client import Twilio
from tests.emulator.test_sdks import ToEmulator
from tests.providers.cases import CASES, MARKER
from tests.providers.conftest import Resources

TOKEN = "twilio:ApiKey"
STANDARD = {"friendly_name": "Example"}
RESTRICTED = CASES[TOKEN].inputs

twilio_client: Any = Client  # the library is not typed


def make(resources: Resources, **inputs: Any) -> State:
    return resources.create(TOKEN, **{"key_type": "standard", "policy": None, **inputs})


def keys(resources: Resources) -> dict[str, Any]:
    """Those that were not made in the Console."""
    console = {sid for sid, _ in console_keys.values()}
    rows = resources.emulator.state.collection("twilio", "keys")
    return {sid: row for sid, row in rows.items() if sid not in console}


def refusals(inputs: dict[str, Any], state: State | None = None) -> list[str]:
    olds = state.values if state else {}
    return find(TOKEN).lifecycle.check(olds, {**inputs, "marker": MARKER}).failures


@pytest.fixture
def transport(resources: Resources) -> Iterator[ToEmulator]:
    transport = ToEmulator(resources.emulator.url)
    yield transport
    if transport.session is not None:
        transport.session.close()


def official(resources: Resources, transport: ToEmulator, state: State) -> Any:
    """Twilio's own library, with the outputs of this resource."""
    account = resources.emulator.credentials["TWILIO_ACCOUNT_SID"]
    return twilio_client(
        state.values["api_key_sid"], state.values["api_key_secret"], account_sid=account, http_client=transport
    )


def names(services: list[Any]) -> list[str]:
    return [service.friendly_name for service in services]


def test_it_works_in_the_official_library_until_it_is_revoked(resources: Resources, transport: ToEmulator) -> None:
    resources.create("twilio:MessagingService")
    old = make(resources)
    new = resources.update(TOKEN, old, {**STANDARD, "generation": 2})
    expected = [f"Example [{tag(MARKER)}]"]
    for state in (old, new):
        assert names(official(resources, transport, state).messaging.v1.services.list()) == expected
    resources.update(TOKEN, new, {**STANDARD, "generation": 2, "revoke_previous": True})
    assert names(official(resources, transport, new).messaging.v1.services.list()) == expected
    with pytest.raises(TwilioRestException) as caught:
        official(resources, transport, old).messaging.v1.services.create(friendly_name="x")
    assert (caught.value.status, caught.value.code) == (401, 20003)
    resources.delete(TOKEN, new)
    with pytest.raises(TwilioRestException):
        official(resources, transport, new).messaging.v1.services.create(friendly_name="x")


def test_a_restricted_key_may_do_what_its_policy_names(resources: Resources, transport: ToEmulator) -> None:
    service = resources.create("twilio:MessagingService")
    state = resources.create(TOKEN, policy=["/twilio/messaging/services/read"])
    services = official(resources, transport, state).messaging.v1.services
    assert services(service.id).fetch().sid == service.id
    with pytest.raises(TwilioRestException) as caught:
        services(service.id).update(friendly_name="x")
    assert caught.value.code == 70051
    inputs = {**RESTRICTED, "policy": ["/twilio/messaging/services/*"]}
    resources.update(TOKEN, state, inputs)
    assert services(service.id).update(friendly_name="x").friendly_name == "x"


def test_a_standard_key_is_made_without_naming_its_type(resources: Resources) -> None:
    state = make(resources)
    assert resources.sent("POST")[-1].keys() == {"FriendlyName", "AccountSid"}
    assert state.values["powers"].startswith("Everything but accounts and API keys")
    assert resources.create(TOKEN, marker="another").values["powers"].startswith("What its policy allows")
    assert resources.sent("POST")[-1]["KeyType"] == "restricted"


def test_its_outputs_are_the_pair_that_a_program_calls_with(resources: Resources) -> None:
    state = make(resources)
    assert (state.values["api_key_sid"], len(state.values["api_key_secret"])) == (state.id, 32)
    assert find(TOKEN).fields["api_key_secret"].secret


@pytest.mark.parametrize(
    ("inputs", "says"),
    [
        ({**STANDARD, "policy": ["/twilio/messaging/services/read"]}, "policy: only a restricted key has one"),
        ({**RESTRICTED, "policy": None}, "policy: a restricted key has 1 to 100 permissions"),
        ({**RESTRICTED, "policy": []}, "policy: a restricted key has 1 to 100 permissions"),
        ({**RESTRICTED, "policy": [f"/twilio/a/b/c{n}" for n in range(101)]}, "policy: a restricted key has 1 to 100"),
        ({**RESTRICTED, "policy": ["messages/read"]}, "policy[0]: string should match pattern"),
        ({**STANDARD, "key_type": "main"}, "key_type: input should be 'standard' or 'restricted'"),
        ({"friendly_name": "x" * 50}, "friendly_name: string should have at most 49 characters"),
    ],
)
def test_bad_input_is_refused_before_any_call(inputs: dict[str, Any], says: str) -> None:
    (failure,) = refusals(inputs)
    assert failure.startswith(says)


def test_another_type_takes_a_new_key_and_thus_a_new_generation(resources: Resources) -> None:
    state = resources.create(TOKEN)
    (failure,) = refusals(STANDARD, state)
    assert failure.startswith("key_type: a key stays what it was made as")
    assert refusals({**STANDARD, "generation": 2}, state) == []
    assert refusals({**RESTRICTED, "key_type": UNKNOWN}, state) == []
    rotated = resources.update(TOKEN, state, {**STANDARD, "generation": 2})
    assert keys(resources)[rotated.values["api_key_sid"]]["type"] == "standard"


def test_a_type_that_an_old_state_does_not_have_is_standard(resources: Resources) -> None:
    state = make(resources)
    without = State(state.id, {name: value for name, value in state.values.items() if name != "key_type"})
    assert refusals(STANDARD, without) == []


def test_a_name_without_the_tag_is_drift_that_is_mended(resources: Resources) -> None:
    state = make(resources)
    resources.emulator.state.alter("twilio", "keys", state.id, friendly_name="Example")
    read = resources.read(TOKEN, state)
    assert read is not None
    resources.update(TOKEN, read, STANDARD)
    assert keys(resources)[state.id]["friendly_name"] == f"Example [{tag(MARKER)}]"


@pytest.mark.parametrize("loss", [{"drop": "after"}, {"drop": "before"}, {"status": 503}])
def test_a_lost_reply_in_a_rotation_leaves_the_old_key_and_no_orphan(
    resources: Resources, loss: dict[str, Any]
) -> None:
    old = make(resources)
    resources.emulator.fault(method="POST", path="/v1/Keys$", **loss)
    new = resources.update(TOKEN, old, {**STANDARD, "generation": 2})
    assert keys(resources).keys() == {old.id, new.values["api_key_sid"]}
    assert new.values["previous_api_key_sids"] == [old.id]
    assert "enter the outputs api_key_sid and api_key_secret" in new.values["warnings"][0]


def test_a_key_that_a_lost_state_may_know_is_found_on_a_later_page_and_left_alone(
    resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("providers.twilio.client.PAGE_SIZE", 1)
    known = make(resources)
    again = make(resources)
    assert again.values["previous_api_key_sids"] == [known.id]
    assert keys(resources).keys() == {known.id, again.id}


def test_one_key_too_many_says_what_to_do(resources: Resources) -> None:
    for number in range(98):
        make(resources, marker=f"another/{number}")
    with pytest.raises(VendorError, match=r"code 70151\).* -> .*revoke what nobody uses"):
        make(resources)


def test_a_permission_that_does_not_exist_says_where_they_are_listed(resources: Resources) -> None:
    with pytest.raises(VendorError, match=r"code 70002\).* -> correct `policy`"):
        resources.create(TOKEN, policy=["/twilio/messaging/services/Read"])


def test_no_key_is_made_in_a_region_where_engage_does_not_look_for_it(resources: Resources) -> None:
    place = {"endpoint": resources.emulator.url, "twilioEdge": "dublin", "twilioRegion": "ie1"}
    inputs = resources.checked(TOKEN, STANDARD)
    with pytest.raises(CredentialError, match=r"keys of the region us1 alone.* -> set twilioRegion to us1"):
        find(TOKEN).lifecycle.create(Twilio(Connection(place)), inputs)
    assert resources.emulator.requests == []
