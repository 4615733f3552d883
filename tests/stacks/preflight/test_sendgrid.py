"""What is said of the parent account at SendGrid."""

from __future__ import annotations

import pytest

from components.engage import EngageArgs
from tests.stacks.preflight.conftest import IP, SUBUSER, Preflight, account, email


def test_an_account_that_is_ready_has_no_problem_and_nothing_is_written(look: Preflight) -> None:
    look.emulator.state.alter("sendgrid", "ips", IP, start_date=1)
    found = look("sendgrid")
    assert {finding.outcome for finding in found.values()} == {"ok"}, found
    assert {entry.method for entry in look.emulator.requests} == {"GET"}


def test_a_wrong_key_is_one_problem_and_nothing_else_is_asked(look: Preflight, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENDGRID_API_KEY", "SG." + "w" * 22 + "." + "w" * 43)
    (finding,) = look("sendgrid").values()
    assert (finding.outcome, finding.check) == ("problem", "SendGrid key")
    assert "was revoked" in finding.todo
    assert len(look.emulator.requests) == 1
    for explanation in ("shares the login", "banned or terminated", "bills", "confirms its address"):
        assert explanation in finding.todo


def test_a_key_that_cannot_make_subusers_is_told_from_one_that_lacks_something_else(look: Preflight) -> None:
    keys = look.emulator.state.collection("sendgrid", "api_keys")
    (parent,) = keys.values()
    every = parent["scopes"]
    parent["scopes"] = [scope for scope in every if not scope.startswith("subusers")]
    assert "of the parent account" in look("sendgrid")["SendGrid key"].todo
    parent["scopes"] = [scope for scope in every if scope != "api_keys.create"]
    assert look("sendgrid")["SendGrid key"].found == "lacks api_keys.create"


def test_a_free_plan_is_a_problem(look: Preflight) -> None:
    look.emulator.state.alter("sendgrid", "accounts", "engage_parent", type="free")
    finding = look("sendgrid")["SendGrid plan"]
    assert finding.outcome == "problem"
    assert "Pro plan" in finding.todo


def test_a_plan_that_is_paid_for_and_smaller_is_told_by_its_webhooks(look: Preflight) -> None:
    assert look("sendgrid")["SendGrid plan"].outcome == "ok"
    look.emulator.state.alter("sendgrid", "accounts", "engage_parent", max_allowed=2)
    finding = look("sendgrid")["SendGrid plan"]
    assert (finding.outcome, "event webhooks: 2, where Pro has 5" in finding.found) == ("warning", True)


def test_an_account_under_review_is_explained(look: Preflight) -> None:
    look.emulator.fault(path="/v3/scopes", status=403, body={"errors": [{"message": "account is under review"}]})
    (finding,) = look("sendgrid").values()
    assert (finding.outcome, "Account-Under-Review" in finding.todo) == ("problem", True)


def _make_subuser(look: Preflight, username: str, **values: object) -> None:
    row = {"id": 9, "username": username, "email": "engage@example.com", "disabled": False, "ips": [IP]}
    look.emulator.state.collection("sendgrid", "subusers")[username] = {**row, "region": "global", **values}


@pytest.mark.parametrize(
    ("values", "adopt", "outcome"),
    [
        ({}, False, "ok"),
        ({"email": "other@example.com"}, False, "problem"),
        ({"email": "other@example.com"}, True, "ok"),
        ({"disabled": True}, False, "warning"),
    ],
)
def test_a_subuser_of_that_name_is_ours_or_a_problem(
    look: Preflight, values: dict[str, object], adopt: bool, outcome: str
) -> None:
    _make_subuser(look, SUBUSER, **values)
    args = EngageArgs(account=account(), email=email(adopt_subuser=adopt))
    assert look("sendgrid", args=args)["SendGrid subuser"].outcome == outcome


def test_a_full_house_is_told_before_one_more_is_refused(look: Preflight) -> None:
    for number in range(15):
        _make_subuser(look, f"someone_{number}", id=number)
    assert look("sendgrid")["SendGrid subuser"].outcome == "warning"
    _make_subuser(look, SUBUSER)
    assert look("sendgrid")["SendGrid subuser"].outcome == "ok", "it is there already"


def test_each_address_is_there_and_warm_or_what_to_do_is_said(look: Preflight) -> None:
    args = EngageArgs(account=account(ips=[IP, "192.0.2.99"]), email=email())
    found = look("sendgrid", args=args)
    assert found["SendGrid IP 192.0.2.99"].outcome == "problem"
    assert (found[f"SendGrid IP {IP}"].outcome, found[f"SendGrid IP {IP}"].found) == ("warning", "was never warmed up")


def test_an_access_list_is_worth_a_thought(look: Preflight) -> None:
    look.emulator.state.collection("sendgrid", "allowed_ips")["1"] = {"ip": "192.0.2.0/24"}
    finding = look("sendgrid")["SendGrid IP access"]
    assert finding.outcome == "warning"
    assert "Segment's must be among them" in finding.todo
