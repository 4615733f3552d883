"""A key is shown once: no orphan stays, no rotation leaves a gap, full access is never diffed."""

from __future__ import annotations

import pytest

from providers.declaration import find
from providers.errors import EngageError
from tests.providers.cases import CASES, SUBUSER
from tests.providers.conftest import Resources

TOKEN = "sendgrid:ApiKey"
FULL = {"name": "example", "subuser": SUBUSER}


def keys(resources: Resources) -> set[str]:
    return {
        id_
        for id_, key in resources.emulator.state.collection("sendgrid", "api_keys").items()
        if key["owner"] == SUBUSER
    }


@pytest.fixture(autouse=True)
def _subuser(resources: Resources) -> None:
    resources.create("sendgrid:Subuser")


def test_it_belongs_to_the_subuser_and_works_as_it(resources: Resources, monkeypatch: pytest.MonkeyPatch) -> None:
    state = resources.create(TOKEN)
    assert keys(resources) == {state.id}
    monkeypatch.setenv("SENDGRID_API_KEY", resources.create(TOKEN, scopes=None).values["api_key"])
    assert resources.client(TOKEN).get("/v3/user/username")["username"] == SUBUSER


def test_the_orphan_of_a_lost_reply_is_removed_by_the_next_run(resources: Resources) -> None:
    resources.emulator.fault(method="POST", path="api_keys", drop="after")
    with pytest.raises(EngageError, match="run the same command again"):
        resources.create(TOKEN)
    (orphan,) = keys(resources)
    state = resources.create(TOKEN)
    assert keys(resources) == {state.id}
    assert state.id != orphan


def test_keys_of_other_owners_are_left_alone(resources: Resources) -> None:
    other = resources.create(TOKEN, marker="twilio-engage/prod/example")
    ours = resources.create(TOKEN)
    assert keys(resources) == {other.id, ours.id}


def test_rotation_makes_the_new_key_and_leaves_the_old_to_the_engine(resources: Resources) -> None:
    old = resources.create(TOKEN)
    new = resources.create(TOKEN, generation=2)
    assert keys(resources) == {old.id, new.id}
    resources.delete(TOKEN, old)
    assert keys(resources) == {new.id}
    assert find(TOKEN).lifecycle.diff(old.values, new.values).replaces == ["generation"]


def test_full_access_is_the_absence_of_scopes_and_never_a_change(resources: Resources) -> None:
    state = resources.create(TOKEN, scopes=None)
    assert "scopes" not in resources.sent("POST", "api_keys")[-1]
    read = resources.read(TOKEN, state)
    assert read is not None
    assert resources.changed(TOKEN, read, FULL) == []


def test_from_scopes_to_full_access_takes_a_new_key(resources: Resources) -> None:
    state = resources.create(TOKEN)
    news = resources.checked(TOKEN, FULL)
    assert find(TOKEN).lifecycle.diff(state.values, news).replaces == ["scopes"]


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


def test_the_hundred_and_first_key_is_refused_with_the_vendors_words(resources: Resources) -> None:
    for number in range(100):
        resources.create(TOKEN, marker=f"twilio-engage/test/{number}")
    with pytest.raises(EngageError, match=r"\(403\)"):
        resources.create(TOKEN)
