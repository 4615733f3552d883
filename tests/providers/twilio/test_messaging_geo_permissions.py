"""Only the named countries are managed, each is restored, and what the Console alone can allow is said."""

from __future__ import annotations

from typing import Any

import pytest

from providers.declaration import UNKNOWN, find
from providers.errors import EngageError
from tests.providers.cases import MARKER
from tests.providers.conftest import Resources

TOKEN = "twilio:MessagingGeoPermissions"


def permissions(resources: Resources) -> dict[str, bool]:
    account = resources.emulator.credentials["TWILIO_ACCOUNT_SID"]
    return resources.emulator.state.collection("twilio", "geo_permissions")[account]


def allowed(resources: Resources) -> set[str]:
    return {code for code, enabled in permissions(resources).items() if enabled}


def test_what_is_not_named_is_left_alone_and_what_is_so_already_is_not_sent(resources: Resources) -> None:
    resources.create(TOKEN, countries={"US": True, "DE": True})
    (sent,) = resources.sent("PATCH")
    assert sent == {"Permissions": '{"country_code": "DE", "type": "country", "enabled": true}'}
    assert allowed(resources) == {"US", "DE"}


def test_nothing_is_sent_where_all_is_so_already(resources: Resources) -> None:
    resources.create(TOKEN, countries={"US": True})
    assert resources.sent("PATCH") == []


def test_deleting_it_restores_what_each_was(resources: Resources) -> None:
    state = resources.create(TOKEN, countries={"US": False, "DE": True})
    assert state.values["previous"] == {"US": True, "DE": False}
    resources.delete(TOKEN, state)
    assert allowed(resources) == {"US"}


def test_a_country_that_is_no_longer_named_gets_back_what_it_was(resources: Resources) -> None:
    state = resources.create(TOKEN, countries={"DE": True, "FR": True})
    updated = resources.update(TOKEN, state, {"countries": {"FR": True, "GB": True}})
    assert allowed(resources) == {"US", "FR", "GB"}
    assert updated.values["previous"] == {"FR": False, "GB": False}
    resources.delete(TOKEN, updated)
    assert allowed(resources) == {"US"}


def test_a_second_run_still_remembers_what_was_there_before_the_first(resources: Resources) -> None:
    state = resources.create(TOKEN, countries={"DE": True})
    updated = resources.update(TOKEN, state, {"countries": {"DE": False}})
    again = resources.update(TOKEN, updated, {"countries": {"DE": True}})
    assert again.values["previous"] == {"DE": False}


def test_two_for_one_account_are_two(resources: Resources) -> None:
    one = resources.create(TOKEN, countries={"DE": True})
    other = resources.create(TOKEN, countries={"FR": True}, marker="another")
    assert one.id != other.id
    resources.delete(TOKEN, other)
    assert allowed(resources) == {"US", "DE"}


# -- what only the Console can allow -------------------------------------------------------------------------------


def test_a_country_of_high_risk_is_told_and_pending_and_the_others_are_allowed(resources: Resources) -> None:
    state = resources.create(TOKEN, countries={"DE": True, "PK": True})
    assert allowed(resources) == {"US", "DE"}
    assert state.values["status"] == "pending"
    (told,) = state.values["warnings"]
    assert told.startswith("texting PK could not be allowed (High risk country permission cannot be updated) -> do it")
    assert resources.read(TOKEN, state) == state
    assert resources.changed(TOKEN, state, {"countries": {"DE": True, "PK": True}}) == ["status"]


def test_it_is_pending_no_more_once_a_person_has_allowed_it(resources: Resources) -> None:
    countries = {"countries": {"PK": True}}
    state = resources.create(TOKEN, **countries)
    permissions(resources)["PK"] = True
    read = resources.read(TOKEN, state)
    assert read is not None
    assert (read.values["status"], read.values["warnings"]) == ("applied", [])
    assert resources.changed(TOKEN, read, countries) == []
    updated = resources.update(TOKEN, state, countries)
    assert (updated.values["status"], resources.sent("PATCH")[1:]) == ("applied", [])


def test_what_a_person_has_allowed_is_not_taken_back(resources: Resources) -> None:
    state = resources.create(TOKEN, countries={"PK": True})
    permissions(resources)["PK"] = True
    updated = resources.update(TOKEN, state, {"countries": {"PK": True}})
    resources.delete(TOKEN, updated)
    assert allowed(resources) == {"US", "PK"}


def test_a_refused_country_can_be_left_out_again(resources: Resources) -> None:
    state = resources.create(TOKEN, countries={"DE": True, "PK": True})
    updated = resources.update(TOKEN, state, {"countries": {"DE": True}})
    assert (updated.values["status"], updated.values["refused"], updated.values["warnings"]) == ("applied", {}, [])
    assert resources.read(TOKEN, updated) == updated


@pytest.mark.parametrize("step", ["delete", "update"])
def test_what_cannot_be_restored_is_said_until_somebody_has_done_it(
    resources: Resources, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    state = resources.create(TOKEN, countries={"DE": True})
    monkeypatch.setattr("emulator.twilio.geo_permissions.HIGH_RISK", frozenset({"DE"}))

    def run() -> None:
        if step == "delete":
            resources.delete(TOKEN, state)
        else:
            resources.update(TOKEN, state, {"countries": {"US": True}})

    with pytest.raises(EngageError, match="did not restore the permissions of DE -> set them"):
        run()
    permissions(resources)["DE"] = False
    run()


def test_a_country_that_twilio_does_not_know_is_named_before_anything_changes(resources: Resources) -> None:
    with pytest.raises(EngageError, match="countries: Twilio has no permission for CU, XX -> correct the code"):
        resources.create(TOKEN, countries={"XX": True, "CU": True, "DE": True})
    assert allowed(resources) == {"US"}


@pytest.mark.parametrize("countries", [{}, {"us": True}, {"USA": True}, {"": True}])
def test_what_is_no_code_is_refused_before_any_call(countries: dict[str, Any]) -> None:
    (failure,) = find(TOKEN).lifecycle.check({}, {"countries": countries, "marker": MARKER}).failures
    assert failure.startswith("countries: must be two capital letters")


def test_what_is_unknown_in_a_preview_is_a_change_and_no_failure(resources: Resources) -> None:
    state = resources.create(TOKEN, countries={"DE": True})
    checked = find(TOKEN).lifecycle.check(state.values, {"countries": {"DE": UNKNOWN}, "marker": MARKER})
    assert checked.failures == []
    assert find(TOKEN).lifecycle.diff(state.values, checked.inputs).changed == ["countries"]
