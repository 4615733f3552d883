"""A subaccount is found again by its tag, never closed by accident, and its own token is for what is in it."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.made_up import sid
from providers.connection import Connection
from providers.declaration import find, tag
from providers.dynamic import Provider
from providers.errors import CredentialError, OwnershipError, VendorError
from tests.providers.cases import CASES, MARKER
from tests.providers.conftest import Resources

TOKEN = "twilio:Subaccount"


def accounts(resources: Resources) -> dict[str, Any]:
    """Without the parent."""
    parent = resources.emulator.credentials["TWILIO_ACCOUNT_SID"]
    rows = resources.emulator.state.collection("twilio", "accounts")
    return {sid: row for sid, row in rows.items() if sid != parent}


def test_its_name_bears_the_owners_tag_and_reads_back_without(resources: Resources) -> None:
    state = resources.create(TOKEN)
    assert accounts(resources)[state.id]["friendly_name"] == f"Example [{tag(MARKER)}]"
    assert (state.values["friendly_name"], state.values["account_sid"]) == ("Example", state.id)
    assert (state.values["type"], state.values["owner_account_sid"]) == (
        "Full",
        resources.emulator.credentials["TWILIO_ACCOUNT_SID"],
    )


def test_it_survives_a_destroy_unless_two_options_say_otherwise() -> None:
    assert find(TOKEN).kept
    assert find(TOKEN).inputs["close_on_destroy"].default is False


def test_deleted_without_close_on_destroy_it_is_kept_and_that_is_said(
    resources: Resources, capsys: pytest.CaptureFixture[str]
) -> None:
    state = resources.create(TOKEN, close_on_destroy=False)
    provider = Provider(TOKEN)
    provider.connection = Connection({"endpoint": resources.emulator.url})
    provider.delete(state.id, state.values)
    assert accounts(resources)[state.id]["status"] == "active"
    told = capsys.readouterr().err
    assert told.startswith(f"warning: Subaccount example: subaccount {state.id} still exists, with its numbers")
    assert resources.create(TOKEN, close_on_destroy=False) == state


def test_closing_it_releases_its_numbers_and_cannot_be_undone(resources: Resources) -> None:
    state = resources.create(TOKEN)
    numbers = resources.emulator.state.collection("twilio", "incoming_phone_numbers")
    numbers["PN1"] = {"sid": "PN1", "account_sid": state.id}
    resources.delete(TOKEN, state)
    assert accounts(resources)[state.id]["status"] == "closed"
    assert numbers == {}
    assert resources.read(TOKEN, state) is None
    assert resources.create(TOKEN).id != state.id


def test_a_closed_one_is_neither_found_nor_adopted(resources: Resources) -> None:
    closed = resources.create(TOKEN)
    resources.emulator.state.alter("twilio", "accounts", closed.id, status="closed")
    assert resources.create(TOKEN).id != closed.id
    with pytest.raises(OwnershipError, match="there is no Subaccount"):
        resources.create(TOKEN, adopt=closed.id, marker="another")


def test_adopt_marks_an_existing_one_as_ours(resources: Resources) -> None:
    theirs = resources.create(TOKEN, marker="made/by/hand")
    adopted = resources.create(TOKEN, adopt=theirs.id)
    assert adopted.id == theirs.id
    assert accounts(resources)[theirs.id]["friendly_name"] == f"Example [{tag(MARKER)}]"


def test_it_can_be_made_suspended(resources: Resources) -> None:
    state = resources.create(TOKEN, status="suspended")
    assert (state.values["status"], accounts(resources)[state.id]["status"]) == ("suspended", "suspended")
    assert resources.update(TOKEN, state, CASES[TOKEN].inputs).values["status"] == "active"


def test_its_own_token_works_for_it_and_its_parents_says_why_not(
    resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = resources.create(TOKEN)
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", state.id)
    with pytest.raises(VendorError, match=r"code 20003\).*a subaccount's SID takes the subaccount's own token"):
        resources.create("twilio:MessagingService")
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", state.values["auth_token"])
    assert resources.create("twilio:MessagingService").values["account_sid"] == state.id


@pytest.mark.parametrize(
    ("prepare", "says"),
    [
        ({"type": "Trial"}, r"code 10002\).*a trial account cannot do this: upgrade it"),
        (
            {"owner_account_sid": sid("AC", "parent")},
            r"code 21101\).*a subaccount cannot have subaccounts: use the parent",
        ),
    ],
)
def test_who_cannot_have_any_is_told_why(resources: Resources, prepare: dict[str, str], says: str) -> None:
    account = resources.emulator.credentials["TWILIO_ACCOUNT_SID"]
    resources.emulator.state.alter("twilio", "accounts", account, **prepare)
    with pytest.raises(VendorError, match=says):
        resources.create(TOKEN)


def test_one_too_many_says_what_to_do(resources: Resources, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("emulator.twilio.accounts.LIMIT", 1)
    resources.create(TOKEN, marker="another")
    with pytest.raises(VendorError, match=r"code 21480\).* -> .*close one that nobody needs"):
        resources.create(TOKEN)


def test_one_that_is_closed_meanwhile_says_that_nothing_opens_it(resources: Resources) -> None:
    state = resources.create(TOKEN)
    resources.emulator.state.alter("twilio", "accounts", state.id, status="closed")
    with pytest.raises(VendorError, match=r"code 21479\).*cannot be opened again: run `pulumi refresh`"):
        resources.update(TOKEN, state, {**CASES[TOKEN].inputs, "status": "suspended"})


def test_a_parent_account_cannot_be_adopted_and_suspended(resources: Resources) -> None:
    account = resources.emulator.credentials["TWILIO_ACCOUNT_SID"]
    with pytest.raises(VendorError, match=r"code 21477\).*give the SID of one of its subaccounts"):
        resources.create(TOKEN, adopt=account, status="suspended")


def test_a_standard_key_cannot_make_one_and_that_is_said_before_it_is_tried(
    resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = resources.create("twilio:ApiKey", key_type="standard", policy=None).values
    monkeypatch.delenv("TWILIO_AUTH_TOKEN")
    monkeypatch.setenv("TWILIO_API_KEY", key["api_key_sid"])
    monkeypatch.setenv("TWILIO_API_SECRET", key["api_key_secret"])
    sent = len(resources.sent("POST"))
    with pytest.raises(CredentialError, match="was not sent, as a Standard key may not manage accounts and keys"):
        resources.create(TOKEN)
    assert len(resources.sent("POST")) == sent
