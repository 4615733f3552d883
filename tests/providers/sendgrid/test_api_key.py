"""A key is shown once: no orphan stays, a rotation leaves the old key, full access is never diffed."""

from __future__ import annotations

from typing import Any

import pytest

from providers.declaration import UNKNOWN, find
from providers.errors import VendorError
from providers.lifecycle import State
from tests.providers.cases import CASES, MARKER, SUBUSER
from tests.providers.conftest import Resources

TOKEN = "sendgrid:ApiKey"
FULL = {"name": "example", "subuser": SUBUSER}
ROTATED = {**CASES[TOKEN].inputs, "generation": 2}


def keys(resources: Resources) -> set[str]:
    return {
        id_
        for id_, key in resources.emulator.state.collection("sendgrid", "api_keys").items()
        if key["owner"] == SUBUSER
    }


def refusals(state: State, inputs: dict[str, Any]) -> list[str]:
    return find(TOKEN).lifecycle.check(state.values, {**inputs, "marker": MARKER}).failures


@pytest.fixture(autouse=True)
def _subuser(resources: Resources) -> None:
    resources.create("sendgrid:Subuser")


def test_it_belongs_to_the_subuser_and_works_as_it(resources: Resources, monkeypatch: pytest.MonkeyPatch) -> None:
    state = resources.create(TOKEN)
    assert keys(resources) == {state.id}
    monkeypatch.setenv("SENDGRID_API_KEY", resources.create(TOKEN, scopes=None).values["api_key"])
    assert resources.client(TOKEN).get("/v3/user/username")["username"] == SUBUSER


@pytest.mark.parametrize("loss", [{"drop": "after"}, {"drop": "before"}, {"status": 503}])
def test_the_orphan_of_a_lost_reply_is_removed_and_another_key_made(resources: Resources, loss: dict[str, Any]) -> None:
    resources.emulator.fault(method="POST", path="api_keys", **loss)
    state = resources.create(TOKEN)
    assert keys(resources) == {state.id}
    assert state.values["previous_api_key_ids"] == []


def test_a_key_that_a_lost_state_may_know_is_told_and_left_alone(resources: Resources) -> None:
    """In a wrong backend nothing seems to exist: the key that is in use must not be revoked from there."""
    known = resources.create(TOKEN)
    again = resources.create(TOKEN)
    assert keys(resources) == {known.id, again.id}
    assert again.values["previous_api_key_ids"] == [known.id]
    assert known.id in again.values["warnings"][0]


def test_keys_of_other_owners_are_left_alone(resources: Resources) -> None:
    other = resources.create(TOKEN, marker="twilio-engage/prod/example")
    ours = resources.create(TOKEN)
    assert keys(resources) == {other.id, ours.id}


def test_an_empty_list_of_scopes_is_not_taken_for_full_access() -> None:
    given = {**CASES[TOKEN].inputs, "marker": MARKER, "scopes": []}
    (failure,) = find(TOKEN).lifecycle.check({}, given).failures
    assert failure.startswith("scopes: is empty")


def test_full_access_is_the_absence_of_scopes_and_never_a_change(resources: Resources) -> None:
    state = resources.create(TOKEN, scopes=None)
    assert "scopes" not in resources.sent("POST", "api_keys")[-1]
    read = resources.read(TOKEN, state)
    assert read is not None
    assert resources.changed(TOKEN, read, FULL) == []


def test_from_scopes_to_full_access_takes_a_new_key_and_thus_a_new_generation(resources: Resources) -> None:
    state = resources.create(TOKEN)
    (failure,) = refusals(state, FULL)
    assert failure.startswith("scopes: a key with scopes cannot get full access")
    rotated = resources.update(TOKEN, state, {**FULL, "generation": 2})
    assert rotated.values["api_key_id"] != state.id
    assert "scopes" not in resources.sent("POST", "api_keys")[-1]


def test_a_rename_leaves_the_scopes_as_they_are(resources: Resources) -> None:
    state = resources.create(TOKEN)
    renamed = resources.update(TOKEN, state, {**CASES[TOKEN].inputs, "name": "renamed"})
    read = resources.read(TOKEN, renamed)
    assert read is not None
    assert (read.values["name"], read.values["scopes"]) == ("renamed", ["mail.send"])
    assert renamed.values["api_key"] == state.values["api_key"]


def test_a_name_without_the_tag_is_drift(resources: Resources) -> None:
    state = resources.create(TOKEN)
    resources.emulator.state.alter("sendgrid", "api_keys", state.id, name="renamed by hand")
    read = resources.read(TOKEN, state)
    assert read is not None
    assert read.values["name"] == "renamed by hand"


def test_the_hundred_and_first_key_is_refused_and_says_what_to_do(resources: Resources) -> None:
    for number in range(100):
        resources.create(TOKEN, marker=f"twilio-engage/test/{number}")
    with pytest.raises(VendorError, match=r"\(403\).* -> the account has 100 API keys, .*: revoke what nobody uses"):
        resources.create(TOKEN)


def test_another_refusal_is_not_taken_for_the_limit(resources: Resources) -> None:
    resources.emulator.fault(method="POST", path="api_keys", status=403)
    with pytest.raises(VendorError, match="lacks a scope"):
        resources.create(TOKEN)


# -- rotation ------------------------------------------------------------------------------------------------------


def test_raising_the_generation_is_an_update_and_no_replacement(resources: Resources) -> None:
    """A replacement would have the engine revoke the old key in the same run."""
    state = resources.create(TOKEN)
    difference = find(TOKEN).lifecycle.diff(state.values, resources.checked(TOKEN, ROTATED, state.values))
    assert (difference.changed, difference.replaces) == (["generation"], [])


def test_a_rotation_makes_a_new_key_and_the_old_one_works_on(
    resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = resources.create(TOKEN)
    new = resources.update(TOKEN, old, ROTATED)
    assert new.id == old.id
    assert keys(resources) == {old.values["api_key_id"], new.values["api_key_id"]}
    assert new.values["previous_api_key_ids"] == [old.values["api_key_id"]]
    for state in (old, new):
        monkeypatch.setenv("SENDGRID_API_KEY", state.values["api_key"])
        assert "mail.send" in resources.client(TOKEN).get("/v3/scopes")["scopes"]


def test_a_rotation_tells_what_to_enter_where_and_what_comes_then(resources: Resources) -> None:
    old = resources.create(TOKEN)
    assert old.values["warnings"] == []
    (told,) = resources.update(TOKEN, old, ROTATED).values["warnings"]
    assert old.id in told
    assert "enter the outputs api_key_id and api_key wherever it is used, and then set revoke_previous" in told


def test_after_a_rotation_nothing_changes_until_something_is_asked_for(resources: Resources) -> None:
    state = resources.update(TOKEN, resources.create(TOKEN), ROTATED)
    assert resources.read(TOKEN, state) == state
    assert resources.changed(TOKEN, state, ROTATED) == []


def test_revoke_previous_revokes_the_old_key_and_leaves_the_new_one(resources: Resources) -> None:
    rotated = resources.update(TOKEN, resources.create(TOKEN), ROTATED)
    revoked = resources.update(TOKEN, rotated, {**ROTATED, "revoke_previous": True})
    assert keys(resources) == {rotated.values["api_key_id"]}
    assert (revoked.values["previous_api_key_ids"], revoked.values["warnings"]) == ([], [])
    assert revoked.values["api_key"] == rotated.values["api_key"]
    assert resources.read(TOKEN, revoked) == revoked


def test_revoking_what_somebody_revoked_already_succeeds(resources: Resources) -> None:
    first = resources.create(TOKEN)
    rotated = resources.update(TOKEN, first, ROTATED)
    resources.emulator.state.remove("sendgrid", "api_keys", first.id)
    assert resources.update(TOKEN, rotated, {**ROTATED, "revoke_previous": True}).values["previous_api_key_ids"] == []


def test_two_rotations_in_a_row_keep_both_old_keys(resources: Resources) -> None:
    first = resources.create(TOKEN)
    second = resources.update(TOKEN, first, ROTATED)
    third = resources.update(TOKEN, second, {**ROTATED, "generation": 3})
    assert set(third.values["previous_api_key_ids"]) == {first.id, second.values["api_key_id"]}
    resources.update(TOKEN, third, {**ROTATED, "generation": 3, "revoke_previous": True})
    assert keys(resources) == {third.values["api_key_id"]}


def test_a_revoke_previous_that_was_left_on_cannot_revoke_the_key_in_use(resources: Resources) -> None:
    rotated = resources.update(TOKEN, resources.create(TOKEN), ROTATED)
    revoked = resources.update(TOKEN, rotated, {**ROTATED, "revoke_previous": True})
    (failure,) = refusals(revoked, {**ROTATED, "generation": 3, "revoke_previous": True})
    assert failure.startswith("revoke_previous: is still set from an earlier rotation")
    again = resources.update(TOKEN, revoked, {**ROTATED, "generation": 3})
    assert keys(resources) == {rotated.values["api_key_id"], again.values["api_key_id"]}


def test_a_generation_cannot_go_back(resources: Resources) -> None:
    rotated = resources.update(TOKEN, resources.create(TOKEN), ROTATED)
    (failure,) = refusals(rotated, CASES[TOKEN].inputs)
    assert failure.startswith("generation: is below 2")


@pytest.mark.parametrize("field", ["generation", "scopes", "revoke_previous"])
def test_what_is_unknown_in_a_preview_is_not_refused(resources: Resources, field: str) -> None:
    state = resources.create(TOKEN)
    assert refusals(state, {**ROTATED, field: UNKNOWN}) == []


def test_a_rename_after_a_rotation_is_the_new_keys(resources: Resources) -> None:
    old = resources.create(TOKEN)
    rotated = resources.update(TOKEN, old, ROTATED)
    resources.update(TOKEN, rotated, {**ROTATED, "name": "renamed"})
    rows = resources.emulator.state.collection("sendgrid", "api_keys")
    assert rows[rotated.values["api_key_id"]]["name"].startswith("renamed")
    assert rows[old.id]["name"].startswith("example")


def test_destroying_it_revokes_the_old_key_too(resources: Resources) -> None:
    rotated = resources.update(TOKEN, resources.create(TOKEN), ROTATED)
    resources.delete(TOKEN, rotated)
    assert keys(resources) == set()
    resources.delete(TOKEN, rotated)


def test_a_refresh_notices_that_the_old_key_is_gone(resources: Resources) -> None:
    first = resources.create(TOKEN)
    rotated = resources.update(TOKEN, first, ROTATED)
    resources.emulator.state.remove("sendgrid", "api_keys", first.id)
    read = resources.read(TOKEN, rotated)
    assert read is not None
    assert (read.values["previous_api_key_ids"], read.values["warnings"]) == ([], [])


def test_a_refresh_notices_that_the_new_key_is_gone_though_the_old_one_is_not(resources: Resources) -> None:
    first = resources.create(TOKEN)
    rotated = resources.update(TOKEN, first, ROTATED)
    resources.emulator.state.remove("sendgrid", "api_keys", rotated.values["api_key_id"])
    assert resources.read(TOKEN, rotated) is None
    again = resources.create(TOKEN, generation=2)
    assert again.values["previous_api_key_ids"] == [first.id]


@pytest.mark.parametrize("revoke", [False, True])
def test_a_state_that_was_lost_finds_the_keys_of_earlier_generations(resources: Resources, revoke: bool) -> None:
    first = resources.create(TOKEN)
    again = resources.create(TOKEN, generation=2, revoke_previous=revoke)
    assert again.values["previous_api_key_ids"] == ([] if revoke else [first.id])
    assert keys(resources) == ({again.id} if revoke else {first.id, again.id})


@pytest.mark.parametrize("loss", [{"drop": "after"}, {"drop": "before"}, {"status": 503}])
def test_a_lost_reply_in_a_rotation_leaves_the_old_key_and_no_orphan(
    resources: Resources, loss: dict[str, Any]
) -> None:
    old = resources.create(TOKEN)
    resources.emulator.fault(method="POST", path="api_keys", **loss)
    new = resources.update(TOKEN, old, ROTATED)
    assert keys(resources) == {old.id, new.values["api_key_id"]}


def test_what_a_run_that_died_has_left_goes_with_the_previous_keys(resources: Resources) -> None:
    old = resources.create(TOKEN)
    lost = resources.update(TOKEN, old, ROTATED)
    new = resources.update(TOKEN, old, ROTATED)
    assert set(new.values["previous_api_key_ids"]) == {old.id, lost.values["api_key_id"]}
    resources.update(TOKEN, new, {**ROTATED, "revoke_previous": True})
    assert keys(resources) == {new.values["api_key_id"]}


def test_a_state_of_before_rotations_were_updates_rotates_too(resources: Resources) -> None:
    old = resources.create(TOKEN)
    before = {name: value for name, value in old.values.items() if name not in ("previous_api_key_ids", "warnings")}
    new = resources.update(TOKEN, State(old.id, {**before, "revoke_previous": None}), ROTATED)
    assert new.values["previous_api_key_ids"] == [old.id]
