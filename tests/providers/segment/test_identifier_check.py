"""Evidence, in the order of its price; and never a claim that something was made."""

from __future__ import annotations

from typing import Any

import pytest

from emulator import Emulator
from providers.connection import Connection
from providers.declaration import UNKNOWN, Values, find
from providers.errors import EngageError
from providers.lifecycle import State
from providers.segment.profiles import Profiles, Tracking
from tests.providers.conftest import Resources
from tests.support.profiles import DEV, PHONE, WRITE_KEY, add_identifier, connect_source, give_phone

TOKEN = "segment:IdentifierCheck"
EMAIL = "email:Somebody@Example.com"
CANARY = {"canary": True, "canary_write_key": WRITE_KEY, "canary_wait_seconds": 30, "audience_previews": False}


def statuses(values: Values) -> dict[str, str]:
    return {row["identifier"]: row["status"] for row in values["results"]}


def evidence(values: Values, name: str) -> str:
    return next(row["evidence"] for row in values["results"] if row["identifier"] == name)


def inputs(**more: Any) -> dict[str, Any]:
    return {"space_id": DEV, **more}


def previews(resources: Resources) -> list[Any]:
    return resources.sent("POST", "/previews")


# -- profiles ----------------------------------------------------------------------------------------------------------


def test_a_profile_that_has_such_external_ids_proves_both_for_nothing(resources: Resources, emu: Emulator) -> None:
    give_phone(emu)
    state = resources.create(TOKEN, profiles=[EMAIL])
    assert (state.id, state.values["proven"], state.values["status"]) == (DEV, True, "proven")
    assert statuses(state.values) == {"email": "proven", "phone": "proven"}
    assert evidence(state.values, "phone") == "profile 1 of `profiles` has an external id of this type"
    assert all(row["checked_at"] for row in state.values["results"])
    assert (state.values["reasons"], state.values["manual_steps"]) == ([], [])
    assert previews(resources) == []


def test_a_phone_number_is_looked_up_with_its_plus_escaped(resources: Resources, emu: Emulator) -> None:
    give_phone(emu)
    assert resources.create(TOKEN, profiles=[f"phone:{PHONE}"]).values["proven"] is True


def test_a_reference_is_looked_up_in_small_letters_and_then_as_it_was_written(
    resources: Resources, emu: Emulator
) -> None:
    rows = next(iter(emu.state.collection("segment", "profiles").values()))["external_ids"]
    rows[0]["id"] = "U1"
    state = resources.create(TOKEN, profiles=["user_id:U1"], identifiers=["email"])
    assert state.values["proven"] is True
    paths = [entry.path.split("/")[-2] for entry in emu.requests if entry.path.endswith("/external_ids")]
    assert paths == ["user_id:u1", "user_id:U1"]


def test_a_list_of_external_ids_is_read_to_its_end(
    resources: Resources, emu: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_phone(emu)
    monkeypatch.setattr("providers.segment.profiles.PAGE_SIZE", 1)
    assert resources.create(TOKEN, profiles=["user_id:u1"]).values["proven"] is True


def test_a_second_profile_is_asked_for_what_the_first_one_lacks(resources: Resources, emu: Emulator) -> None:
    give_phone(emu)
    state = resources.create(TOKEN, profiles=["user_id:nobody", "user_id:u1"])
    assert "profile 2 of `profiles`" in evidence(state.values, "email")


def test_while_something_is_missing_every_up_looks_again_and_no_preview_is_spent(
    resources: Resources, emu: Emulator
) -> None:
    state = resources.create(TOKEN, profiles=[EMAIL])
    assert statuses(state.values) == {"email": "proven", "phone": "unproven"}
    assert state.values["status"] == "pending"
    assert resources.changed(TOKEN, state, inputs(profiles=[EMAIL])) == ["status"]
    again = resources.update(TOKEN, state, inputs(profiles=[EMAIL]))
    assert again.values["status"] == "pending"
    assert len(previews(resources)) == 1
    give_phone(emu)
    proven = resources.update(TOKEN, again, inputs(profiles=[EMAIL]))
    assert (proven.values["proven"], proven.values["status"]) == (True, "proven")
    assert len(previews(resources)) == 1


@pytest.mark.parametrize(
    ("token", "fault", "says"),
    [
        (None, None, "SEGMENT_PROFILE_API_TOKEN is not set: find it at Segment > Unify > Unify settings > API access"),
        ("b" * 32, None, "401, code authentication_error): no external ids can be read -> SEGMENT_PROFILE_API_TOKEN"),
        (True, {"status": 429, "reset_in": 900}, "429"),
        (True, {"status": 500}, "status 500"),
    ],
)
def test_a_look_up_without_an_answer_leaves_it_unchecked_and_says_nothing_of_the_person(
    resources: Resources, monkeypatch: pytest.MonkeyPatch, token: Any, fault: Any, says: str
) -> None:
    if token is None:
        monkeypatch.delenv("SEGMENT_PROFILE_API_TOKEN")
    elif isinstance(token, str):
        monkeypatch.setenv("SEGMENT_PROFILE_API_TOKEN", token)
    if fault:
        resources.emulator.fault(path="/external_ids", times=99, **fault)
    state = resources.create(TOKEN, profiles=[EMAIL], audience_previews=False)
    assert statuses(state.values) == {"email": "unchecked", "phone": "unchecked"}
    assert says in evidence(state.values, "email")
    shown = {name: value for name, value in state.values.items() if name != "profiles"}
    assert "somebody" not in str(shown).lower()
    assert state.values["results"][0]["checked_at"] == ""


def test_a_profile_that_is_not_there_proves_nothing(resources: Resources) -> None:
    state = resources.create(TOKEN, profiles=["email:nobody@example.com"], audience_previews=False)
    assert evidence(state.values, "email") == "profile 1 of `profiles` is not in the space"


# -- audience previews -------------------------------------------------------------------------------------------------


def test_a_preview_proves_what_some_profile_has(resources: Resources) -> None:
    state = resources.create(TOKEN)
    assert statuses(state.values) == {"email": "proven", "phone": "unproven"}
    assert evidence(state.values, "email") == "an audience preview found profiles with an external id of this type: 1"
    assert [body["options"] for body in previews(resources)] == [
        {"filterByExternalIds": ["email"]},
        {"filterByExternalIds": ["phone"]},
    ]


def test_what_nothing_free_can_settle_is_no_change_in_every_preview(resources: Resources) -> None:
    state = resources.create(TOKEN)
    assert (state.values["status"], resources.changed(TOKEN, state, inputs())) == ("unproven", [])
    (reason,) = state.values["reasons"]
    assert reason.startswith("phone: unproven: an audience preview found no profile")
    assert reason.endswith("and raise generation")


def test_previews_are_asked_again_only_when_generation_is_raised(resources: Resources, emu: Emulator) -> None:
    state = resources.create(TOKEN)
    give_phone(emu)
    same = resources.update(TOKEN, state, inputs(identifiers=["phone", "email"], strict=False))
    assert (same.values["proven"], len(previews(resources))) == (False, 2)
    raised = resources.update(TOKEN, same, inputs(generation=2))
    assert (raised.values["proven"], len(previews(resources))) == (True, 4)
    lowered = resources.update(TOKEN, raised, inputs(generation=1))
    assert (lowered.values["proven"], len(previews(resources))) == (True, 4)


def test_an_identifier_that_is_added_is_asked_alone(resources: Resources) -> None:
    state = resources.create(TOKEN)
    added = resources.update(TOKEN, state, inputs(identifiers=["email", "phone", "user_id"]))
    assert statuses(added.values)["user_id"] == "proven"
    assert len(previews(resources)) == 3


def test_previews_that_are_switched_on_are_asked(resources: Resources) -> None:
    state = resources.create(TOKEN, audience_previews=False)
    assert statuses(state.values) == {"email": "unchecked", "phone": "unchecked"}
    assert "nothing was asked" in evidence(state.values, "email")
    assert previews(resources) == []
    assert statuses(resources.update(TOKEN, state, inputs()).values)["email"] == "proven"


def test_check_diff_and_refresh_ask_nobody(resources: Resources) -> None:
    state = resources.create(TOKEN)
    before = len(resources.emulator.requests)
    lifecycle = find(TOKEN).lifecycle
    checked = lifecycle.check(state.values, {**inputs(profiles=UNKNOWN), "generation": UNKNOWN, "marker": "a/b/c/d"})
    assert checked.failures == []
    assert "generation" in lifecycle.diff(state.values, checked.inputs).changed
    assert resources.read(TOKEN, state) == state
    assert len(resources.emulator.requests) == before


def test_a_preview_that_runs_on_is_read_by_the_next_up_and_not_asked_again(
    resources: Resources, emu: Emulator, waits: list[float]
) -> None:
    emu.state.alter("segment", "switches", "audiences", runs_for=12)
    state = resources.create(TOKEN, identifiers=["email"])
    assert (state.values["status"], list(state.values["previews"])) == ("pending", ["email"])
    assert evidence(state.values, "email") == "the audience preview still runs"
    assert sum(waits) < 70
    later = resources.update(TOKEN, state, inputs(identifiers=["email"]))
    assert (later.values["proven"], later.values["previews"]) == (True, {})
    assert len(previews(resources)) == 1


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"enabled": False}, "403, code forbidden): the Audience feature is not enabled in this workspace"),
        ({"fails": "too complex"}, "the audience preview failed (too complex): raise generation"),
    ],
)
def test_without_the_feature_or_a_result_it_is_unchecked(
    resources: Resources, emu: Emulator, change: dict[str, Any], says: str
) -> None:
    emu.state.alter("segment", "switches", "audiences", **change)
    state = resources.create(TOKEN)
    assert statuses(state.values) == {"email": "unchecked", "phone": "unchecked"}
    assert says in evidence(state.values, "email")


def test_a_budget_that_is_used_up_is_not_hammered(resources: Resources, emu: Emulator, waits: list[float]) -> None:
    emu.fault(method="POST", path="/previews", status=429, reset_in=86_400, times=99)
    state = resources.create(TOKEN)
    assert "429" in evidence(state.values, "email")
    assert (len(previews(resources)), waits) == (2, [])


def test_a_lost_reply_is_not_asked_again(resources: Resources, emu: Emulator) -> None:
    emu.fault(method="POST", path="/previews", drop="after")
    state = resources.create(TOKEN, identifiers=["email"])
    assert evidence(state.values, "email") == "the reply to the audience preview was lost: raise generation"
    assert len(previews(resources)) == 1


def test_what_cannot_be_read_is_kept_and_what_is_gone_is_not(resources: Resources, emu: Emulator) -> None:
    emu.fault(method="GET", path="/previews/", status=503, times=6)
    state = resources.create(TOKEN, identifiers=["email"])
    assert "could not be read" in evidence(state.values, "email")
    assert state.values["status"] == "pending"
    emu.state.collection("segment", "audience_previews").clear()
    gone = resources.update(TOKEN, state, inputs(identifiers=["email"]))
    assert "is gone: raise generation" in evidence(gone.values, "email")
    assert (gone.values["status"], gone.values["previews"]) == ("unproven", {})


# -- the canary --------------------------------------------------------------------------------------------------------


@pytest.fixture
def connected(emu: Emulator) -> None:
    connect_source(emu)
    add_identifier(emu)


@pytest.mark.usefixtures("connected")
def test_a_canary_proves_and_is_deleted(resources: Resources, emu: Emulator) -> None:
    state = resources.create(TOKEN, **CANARY)
    assert (state.values["proven"], state.values["status"]) == (True, "proven")
    assert evidence(state.values, "phone") == "the canary's profile got an external id of this type"
    (event,) = resources.sent("POST", "/identify")
    assert event["traits"]["email"].endswith("@example.com")
    assert event["traits"]["phone"].startswith("+120255501")
    assert len(event["traits"]["phone"]) == 12
    assert "context" not in event
    (regulation,) = resources.sent("POST", "/regulations")
    assert regulation == {
        "regulationType": "SUPPRESS_WITH_DELETE",
        "subjectType": "USER_ID",
        "subjectIds": [event["userId"]],
    }
    assert len(emu.state.collection("segment", "profiles")) == 1
    assert (state.values["canaries"], state.values["warnings"]) == ([], [])


@pytest.mark.usefixtures("connected")
def test_a_canary_is_sent_once_a_generation_and_only_for_what_is_not_proven(
    resources: Resources, emu: Emulator
) -> None:
    state = resources.create(TOKEN, **{**CANARY, "audience_previews": True})
    (first,) = resources.sent("POST", "/identify")
    assert list(first["traits"]) == ["phone"]
    resources.update(TOKEN, state, inputs(**CANARY, strict=True))
    assert len(resources.sent("POST", "/identify")) == 1
    resources.update(TOKEN, state, inputs(**CANARY, generation=2))
    assert resources.sent("POST", "/identify")[1]["userId"] != first["userId"]


def test_a_canary_whose_profile_lacks_the_identifier_says_so(resources: Resources, emu: Emulator) -> None:
    connect_source(emu)
    state = resources.create(TOKEN, **CANARY)
    assert statuses(state.values) == {"email": "proven", "phone": "unproven"}
    assert "got no external id of this type" in evidence(state.values, "phone")


def test_a_canary_that_never_arrives_is_waited_for_no_longer_than_is_allowed(
    resources: Resources, waits: list[float]
) -> None:
    state = resources.create(TOKEN, **CANARY)
    assert statuses(state.values) == {"email": "unchecked", "phone": "unchecked"}
    assert "must be of a source that is connected to the space" in evidence(state.values, "phone")
    assert waits == [10, 10, 10]
    assert len(resources.sent("POST", "/regulations")) == 1


@pytest.mark.usefixtures("connected")
def test_a_profile_with_the_canarys_values_is_a_proof_and_is_not_merged_with_it(
    resources: Resources, emu: Emulator
) -> None:
    give_phone(emu)
    rows = next(iter(emu.state.collection("segment", "profiles").values()))["external_ids"]
    resources.create(TOKEN, **CANARY)
    (event,) = resources.sent("POST", "/identify")
    rows[-1]["id"] = event["traits"]["phone"]
    emu.state.collection("segment", "suppressed_users").clear()
    state = resources.create(TOKEN, **CANARY)
    assert evidence(state.values, "phone") == "a profile is found by an external id of this type"
    assert list(resources.sent("POST", "/identify")[1]["traits"]) == ["email"]


@pytest.mark.usefixtures("connected")
def test_a_canary_that_could_not_be_deleted_is_deleted_by_the_next_up(resources: Resources, emu: Emulator) -> None:
    emu.fault(method="POST", path="/regulations", status=503, times=6)
    state = resources.create(TOKEN, **CANARY)
    assert (state.values["proven"], state.values["status"]) == (True, "pending")
    (user_id,) = state.values["canaries"]
    (warning,) = state.values["warnings"]
    assert warning.startswith(f"the canary {user_id} is not deleted yet -> run `up` again")
    after = resources.update(TOKEN, state, inputs(**CANARY))
    assert (after.values["status"], after.values["canaries"], after.values["warnings"]) == ("proven", [], [])
    assert resources.sent("POST", "/regulations")[-1]["subjectIds"] == [user_id]


@pytest.mark.usefixtures("connected")
def test_a_canary_of_a_run_that_broke_off_is_deleted_by_the_next_one(resources: Resources, emu: Emulator) -> None:
    emu.fault(method="POST", path="/regulations", status=503, times=6)
    resources.create(TOKEN, **CANARY)  # what is told of it is in no state
    state = resources.create(TOKEN, **CANARY)
    assert (state.values["status"], state.values["canaries"]) == ("proven", [])
    (event,) = resources.sent("POST", "/identify")
    assert resources.sent("POST", "/regulations")[-1]["subjectIds"] == [event["userId"]]
    assert len(resources.sent("POST", "/regulations")) == 7


@pytest.mark.usefixtures("connected")
def test_a_canary_whose_reply_was_lost_is_deleted_too(resources: Resources, emu: Emulator) -> None:
    emu.fault(method="POST", path="/identify", drop="after", times=99)
    state = resources.create(TOKEN, **CANARY)
    assert "no canary" in evidence(state.values, "email")
    assert len(resources.sent("POST", "/regulations")) == 1


def test_no_canary_is_sent_that_could_not_be_seen(resources: Resources, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SEGMENT_PROFILE_API_TOKEN")
    state = resources.create(TOKEN, **CANARY)
    assert "no canary: SEGMENT_PROFILE_API_TOKEN is not set" in evidence(state.values, "email")
    assert resources.sent("POST") == []


# -- what is said ------------------------------------------------------------------------------------------------------


def test_the_step_on_the_screen_is_exact(resources: Resources) -> None:
    (step,) = resources.create(TOKEN).values["manual_steps"]
    assert "Custom Identifiers, enter exactly phone under 'Trait / Property key to match on'" in step["what"]
    assert "leave Value Limit at 5, Ever" in step["what"]
    assert "(^[0-]*$, a pattern), -1, null, anonymous; press Add New Identifier" in step["what"]
    assert "E.164, as +12025550123" in step["what"]
    assert step["where"] == (
        f"Segment > Unify > Unify settings > Identity resolution of the space {DEV}, as a Workspace Owner or with the"
        " role Identity Admin (Business plan)"
    )
    assert "can never be renamed or deleted" in step["why"]


def test_one_of_segments_own_is_chosen_and_not_entered(resources: Resources) -> None:
    state = resources.create(TOKEN, identifiers=["anonymous_id", "user_id"], audience_previews=False)
    anonymous, user = (step["what"] for step in state.values["manual_steps"])
    assert "Default Identifiers, choose anonymous_id, leave Value Limit at 5, Ever" in anonymous
    assert "E.164" not in anonymous
    assert "leave Value Limit at 1, Ever" in user


def test_strict_fails_with_the_steps(resources: Resources) -> None:
    with pytest.raises(EngageError, match=r"strict: not every identifier is proven\n  phone: unproven") as failed:
        resources.create(TOKEN, strict=True)
    assert "Identity resolution of the space" in str(failed.value)
    assert "email: " not in str(failed.value)


def test_removing_it_removes_nothing_and_says_so(resources: Resources) -> None:
    state = resources.create(TOKEN)
    written = len(resources.sent("POST"))
    (warning,) = resources.delete(TOKEN, state)
    assert (len(resources.sent("POST")), resources.sent("DELETE")) == (written, [])
    assert f"The identifiers of the space {DEV} stay as they are: this check made none" in warning


@pytest.mark.usefixtures("connected")
def test_removing_it_deletes_a_canary_that_was_left(resources: Resources, emu: Emulator) -> None:
    emu.fault(method="POST", path="/regulations", status=503, times=12)
    state = resources.create(TOKEN, **CANARY)
    assert f"the canary {state.values['canaries'][0]} is not deleted yet" in resources.delete(TOKEN, state)[0]
    resources.delete(TOKEN, state)
    assert resources.sent("POST", "/regulations")[-1]["subjectIds"] == state.values["canaries"]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"identifiers": []}, "identifiers: is empty"),
        ({"identifiers": ["a') OR trait('b"]}, "identifiers[0]: string should match pattern"),
        ({"profiles": ["somebody@example.com"]}, "profiles[0]: string should match pattern"),
        ({"profiles": [" email:a@example.com"]}, "profiles: begins or ends with white space"),
        ({"canary": True}, "canary_write_key: is needed with `canary`"),
        ({"canary_write_key": "a"}, "canary: a write key alone sends nothing"),
        ({"canary_wait_seconds": 901}, "canary_wait_seconds: input should be less than or equal to 900"),
        ({"generation": 0}, "generation: input should be greater than or equal to 1"),
        ({"space_id": "a/b"}, "space_id: string should match pattern"),
    ],
)
def test_what_cannot_be_meant_is_refused(given: dict[str, Any], reason: str) -> None:
    checked = find(TOKEN).lifecycle.check({}, {"marker": "a/b/c/d", **inputs(**given)})
    assert [failure.partition(" ->")[0] for failure in checked.failures] != []
    assert checked.failures[0].startswith(reason)


@pytest.mark.parametrize(
    ("region", "hosts"),
    [
        ("us", ("profiles.segment.com", "api.segment.io")),
        ("eu", ("profiles.euw1.segment.com", "events.eu1.segmentapis.com")),
    ],
)
def test_each_region_has_its_hosts(region: str, hosts: tuple[str, str]) -> None:
    connection = Connection({"segmentRegion": region})
    assert (Profiles(connection).host(), Tracking(connection).host()) == hosts


def test_in_the_eu_all_of_it_goes_there(emu: Emulator, resources: Resources) -> None:
    connect_source(emu)
    add_identifier(emu)
    emu.state.alter("segment", "workspaces", next(iter(emu.state.collection("segment", "workspaces"))), region="eu")
    lifecycle, given = find(TOKEN).lifecycle, resources.checked(TOKEN, inputs(**CANARY))
    client = type(resources.client(TOKEN))(Connection({"endpoint": emu.url, "segmentRegion": "eu"}))
    state: State = lifecycle.create(client, given)
    assert state.values["proven"] is True
    assert {entry.host for entry in emu.requests} == {
        "profiles.euw1.segment.com",
        "events.eu1.segmentapis.com",
        "eu1.api.segmentapis.com",
    }
