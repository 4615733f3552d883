"""What is said of the account at Twilio."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import pytest

from components.engage import EngageArgs
from emulator import credentials
from emulator.made_up import console_keys, sha256, sid, token
from emulator.twilio import services
from stacks.preflight.findings import Finding
from tests.stacks.preflight.conftest import Preflight, account, segment, sms

ACCOUNT = credentials["TWILIO_ACCOUNT_SID"]


def alter(look: Preflight, **changes: Any) -> None:
    look.emulator.state.alter("twilio", "accounts", ACCOUNT, **changes)


def of_account(look: Preflight, settings: Any = MappingProxyType({}), **config: str) -> dict[str, Finding]:
    return look("twilio", args=EngageArgs(sms=sms(**settings)), **config)


def use_key(monkeypatch: pytest.MonkeyPatch, key_sid: str, secret: str) -> None:
    monkeypatch.setattr("providers.twilio.client._kinds", {})
    monkeypatch.delenv("TWILIO_AUTH_TOKEN")
    monkeypatch.setenv("TWILIO_API_KEY", key_sid)
    monkeypatch.setenv("TWILIO_API_SECRET", secret)


def test_an_account_that_is_ready_is_well_and_nothing_is_written(look: Preflight) -> None:
    found = of_account(look)
    assert {check: finding.outcome for check, finding in found.items()} == {
        "Twilio account": "ok",
        "Twilio credentials": "ok",
        "Twilio balance": "ok",
        "Twilio use case": "ok",
    }
    assert [entry.method for entry in look.emulator.requests] == ["GET"] * 3


def test_a_trial_is_a_problem_and_nothing_else_is_asked(look: Preflight) -> None:
    alter(look, type="Trial")
    found = of_account(look)
    assert (found["Twilio account"].outcome, found["Twilio account"].found) == ("problem", "Engage, Trial, active")
    assert "upgrade it" in found["Twilio account"].todo
    assert len(look.emulator.requests) == 1


def test_a_suspended_account_is_explained(look: Preflight) -> None:
    alter(look, status="suspended")
    (finding,) = of_account(look).values()
    assert finding.outcome == "problem"
    assert [part for part in ("add funds", "parent account", "e-mail") if part not in finding.todo] == []


def test_a_suspended_account_that_still_answers_is_one_too(look: Preflight, monkeypatch: pytest.MonkeyPatch) -> None:
    row = {"friendly_name": "Engage", "type": "Full", "status": "suspended"}
    monkeypatch.setattr("providers.twilio.client.Twilio.get", lambda *_, **__: row)
    assert of_account(look)["Twilio account"].outcome == "problem"


def test_a_main_key_may_do_everything(look: Preflight, monkeypatch: pytest.MonkeyPatch) -> None:
    use_key(monkeypatch, *console_keys["main"])
    found = of_account(look)
    assert found["Twilio credentials"].found == "a Main key, which may do everything"
    assert found["Twilio account"].outcome == "ok"


def test_what_a_standard_key_cannot_tell_is_said(look: Preflight, monkeypatch: pytest.MonkeyPatch) -> None:
    use_key(monkeypatch, *console_keys["standard"])
    found = of_account(look, {"key": "existing"})
    assert found["Twilio credentials"].outcome == "warning"
    assert "what type of account" in found["Twilio credentials"].found
    assert "Twilio account" not in found
    assert found["Twilio balance"].outcome == "ok"


def test_a_standard_key_that_is_to_make_keys_is_a_problem(look: Preflight, monkeypatch: pytest.MonkeyPatch) -> None:
    use_key(monkeypatch, *console_keys["standard"])
    (finding,) = of_account(look).values()
    assert (finding.outcome, "TWILIO_AUTH_TOKEN" in finding.todo) == ("problem", True)
    fed = EngageArgs(sms=sms(key="existing"), segment=segment(destinations=["twilio"]))
    assert look("twilio", args=fed)["Twilio credentials"].outcome == "problem"


def test_what_a_restricted_key_may_not_read_is_not_known(look: Preflight, monkeypatch: pytest.MonkeyPatch) -> None:
    key_sid, secret = sid("SK", "preflight"), token(32, "preflight")
    look.emulator.state.collection("twilio", "keys")[key_sid] = {
        "sid": key_sid,
        "account_sid": ACCOUNT,
        "friendly_name": "Engage",
        "type": "restricted",
        "policy": {"allow": ["/twilio/messaging/services/*"]},
        "secret_sha256": sha256(secret),
    }
    use_key(monkeypatch, key_sid, secret)
    found = of_account(look)
    assert "restricted" in found["Twilio credentials"].found
    assert found["Twilio balance"].outcome == "warning"
    assert "is not known" in found["Twilio balance"].found


def test_a_key_that_is_not_accepted_is_one_problem(look: Preflight, monkeypatch: pytest.MonkeyPatch) -> None:
    use_key(monkeypatch, console_keys["main"][0], token(32, "wrong"))
    (finding,) = of_account(look).values()
    assert (finding.outcome, finding.check) == ("problem", "Twilio credentials")
    assert "do not belong together" in finding.todo


def test_another_region_is_a_problem_before_anybody_is_asked(look: Preflight) -> None:
    (finding,) = of_account(look, twilioRegion="ie1", twilioEdge="dublin").values()
    assert (finding.outcome, finding.check) == ("problem", "Twilio region")
    assert "set twilioRegion to us1" in finding.todo
    assert look.emulator.requests == []


@pytest.mark.parametrize(
    ("amount", "outcome"), [("10.00", "ok"), ("9.99", "warning"), ("0.00", "problem"), ("-0.50", "problem")]
)
def test_a_balance_is_enough_low_or_gone(look: Preflight, amount: str, outcome: str) -> None:
    alter(look, balance=amount)
    finding = of_account(look)["Twilio balance"]
    assert (finding.outcome, finding.found) == (outcome, f"{float(amount):.2f} USD")


def test_a_subaccount_has_no_balance_of_its_own(look: Preflight) -> None:
    look.emulator.fault(path="/Balance.json", status=404)
    assert of_account(look)["Twilio balance"].found == "is its parent's, as a subaccount has none"


def test_an_account_that_may_not_market_is_a_problem(look: Preflight, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(services.USECASES, "marketing")
    finding = of_account(look)["Twilio use case"]
    assert (finding.outcome, "notifications" in finding.found) == ("problem", True)


def test_countries_of_numbers_may_be_texted_or_what_allows_it_is_named(look: Preflight) -> None:
    args = EngageArgs(
        account=account(countries=["CA"]),
        sms=sms({"main": {}, "berlin": {"iso_country": "DE"}, "toronto": {"iso_country": "CA"}}),
    )
    found = look("twilio", args=args)
    assert found["Twilio texts to US"].outcome == "ok"
    assert found["Twilio texts to DE"].outcome == "warning"
    assert "geo-permissions" in found["Twilio texts to DE"].todo
    asked = [entry.query for entry in look.emulator.requests if entry.path.endswith("/GeoPermissions")]
    assert asked == [{"CountryCode": "DE,US"}], "Canada is allowed by this stack"


def test_an_account_that_texts_for_others_needs_no_use_case(look: Preflight) -> None:
    found = look("twilio", args=EngageArgs(account=account(countries=["US"])))
    assert {*found} == {"Twilio account", "Twilio credentials", "Twilio balance"}


def test_a_service_that_drops_what_comes_in_is_worth_a_thought(look: Preflight) -> None:
    finding = of_account(look, {"inbound_webhook_url": None})["inbound webhook"]
    assert (finding.outcome, "sms.inboundWebhookUrl" in finding.todo) == ("warning", True)
