"""What the SMS part declares of each setting."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from components.account import AccountArgs
from components.engage import EngageArgs
from components.sms import SmsArgs
from tests.components.test_engage import SMS, Monitor, declare, monitor, resolved

__all__ = ["monitor"]

CAMPAIGN = {
    "description": "Offers of a made-up shop to people who asked for them in the shop.",
    "message_flow": "People tick a box in the shop's form that says what they will be sent, and how often.",
    "message_samples": ["Example: today everything costs less. STOP ends it.", "Example: new things in. STOP ends it."],
    "has_embedded_links": True,
    "has_embedded_phone": False,
    "privacy_policy_url": "https://example.com/privacy",
    "terms_and_conditions_url": "https://example.com/terms",
}
BRAND = {"customer_profile_bundle_sid": "BU" + "1" * 32, "a2p_profile_bundle_sid": "BU" + "2" * 32}


def inputs(monitor: Monitor, name: str) -> Any:
    return monitor.registered[name].object


def test_each_number_is_bought_by_its_own_settings_and_becomes_a_sender(monitor: Monitor) -> None:
    numbers: dict[str, dict[str, Any]] = {"main": {"area_code": 415}, "free": {"number_type": "toll_free"}}
    engage = declare(EngageArgs(sms=replace(SMS, numbers=numbers)))
    assert inputs(monitor, "engage-sms-number-main")["area_code"] == 415
    assert inputs(monitor, "engage-sms-number-free")["number_type"] == "toll_free"
    for each in numbers:
        member = inputs(monitor, f"engage-sms-sender-{each}")
        assert member["phone_number_sid"] == f"engage-sms-number-{each}-id"
        assert member["service_sid"] == "engage-sms-service-id"
    assert set(engage.engage_settings["sms"]["numbers"]) == set(numbers)
    assert {"number_main", "sender_free"} <= set(engage.pending)


def test_a_number_is_kept_unless_it_is_to_be_released(monitor: Monitor) -> None:
    declare(EngageArgs(sms=replace(SMS, numbers={"a": {}, "b": {"release_on_destroy": True}})))
    assert monitor.registered["engage-sms-number-a"].retainOnDelete
    assert not monitor.registered["engage-sms-number-b"].retainOnDelete


def test_an_address_is_declared_once_and_given_to_every_number_without_one(monitor: Monitor) -> None:
    place = {
        **{"customer_name": "Example", "street": "1 Main St", "city": "Berlin", "region": "Berlin"},
        **{"postal_code": "10115", "iso_country": "DE"},
    }
    other = "AD" + "1" * 32
    declare(EngageArgs(sms=replace(SMS, address=place, numbers={"a": {}, "b": {"address_sid": other}})))
    assert inputs(monitor, "engage-sms-number-a")["address_sid"] == "engage-sms-address-id"
    assert inputs(monitor, "engage-sms-number-b")["address_sid"] == other


def test_the_other_senders_join_the_pool(monitor: Monitor) -> None:
    code, channel = "SC" + "1" * 32, "XE" + "1" * 32
    declare(EngageArgs(sms=replace(SMS, short_codes=[code], alpha_sender="Example", channel_senders=[channel])))
    assert inputs(monitor, f"engage-sms-sender-{code}")["short_code_sid"] == code
    assert inputs(monitor, f"engage-sms-sender-{channel}")["channel_sender_sid"] == channel
    assert inputs(monitor, "engage-sms-alpha-sender")["alpha_sender"] == "Example"


@pytest.mark.parametrize(
    ("args", "brand"),
    [
        (EngageArgs(sms=replace(SMS, campaign=CAMPAIGN, brand="BN" + "1" * 32)), "BN" + "1" * 32),
        (EngageArgs(sms=replace(SMS, campaign=CAMPAIGN), account=AccountArgs(brand=BRAND)), "engage-account-brand-id"),
        (EngageArgs(sms=replace(SMS, campaign=CAMPAIGN), account_stack="acme/engage/account"), "brand-of-the-account"),
    ],
)
def test_a_campaign_is_of_the_brand_that_is_named_or_the_accounts(
    monitor: Monitor, args: EngageArgs, brand: str
) -> None:
    engage = declare(args)
    campaign = monitor.registered["engage-sms-campaign"]
    assert campaign.object["brand"] == brand
    assert any("engage-sms-sender-main" in urn for urn in campaign.dependencies)
    assert resolved(engage.status["registration"]) == {"state": "verified", "reasons": []}
    assert not any("sms.campaign" in step["what"] for step in resolved(engage.manual_steps))


def test_a_campaign_without_any_brand_is_refused() -> None:
    with pytest.raises(ValueError, match=r"sms\.campaign needs a brand"):
        EngageArgs(sms=replace(SMS, campaign=CAMPAIGN), account=AccountArgs(ips=["192.0.2.10"]))


def test_what_us_carriers_would_block_is_a_manual_step(monitor: Monitor) -> None:
    engage = declare(EngageArgs(sms=SMS))
    assert any("30034" in step["why"] for step in resolved(engage.manual_steps))
    assert engage.status["registration"]["state"] == "manual"
    for numbers in ({"uk": {"iso_country": "GB"}}, {"free": {"number_type": "toll_free"}}):
        engage = declare(EngageArgs(sms=replace(SMS, numbers=numbers)))
        assert not any("30034" in step["why"] for step in resolved(engage.manual_steps))


def test_a_service_without_senders_is_a_manual_step(monitor: Monitor) -> None:
    engage = declare(EngageArgs(sms=replace(SMS, numbers={})))
    assert any("sms.numbers" in step["what"] for step in resolved(engage.manual_steps))
    assert engage.status["phone_number"]["state"] == "manual"


def test_a_toll_free_number_is_verified_with_its_number(monitor: Monitor) -> None:
    verification = {"business_name": "Example"}  # the settings check what is required
    numbers: dict[str, Any] = {"free": {"number_type": "toll_free"}}
    engage = declare(EngageArgs(sms=replace(SMS, numbers=numbers, verifications={"free": verification})))
    assert inputs(monitor, "engage-sms-verification-free")["phone_number_sid"] == "engage-sms-number-free-id"
    assert "verification_free" in engage.pending
    with pytest.raises(ValueError, match="verifications has main, which numbers has not"):
        SmsArgs(service_name="Engage", verifications={"main": verification})


def test_a_key_is_made_or_the_consoles_is_handed_over(monitor: Monitor) -> None:
    declare(EngageArgs(sms=replace(SMS, key="existing")), existing_key=("SK2", "made-up-2"))
    assert "engage-sms-key" not in monitor.registered
    assert inputs(monitor, "engage-sms-existing-key")["api_key_sid"] == "SK2"
    assert inputs(monitor, "engage-sms-key-check")["api_key_sid"] == "SK2"


def test_production_protects_numbers_and_registrations(monitor: Monitor) -> None:
    sms = replace(SMS, campaign=CAMPAIGN)
    declare(EngageArgs(sms=sms, account=AccountArgs(brand=BRAND), production=True))
    protected = {name for name, request in monitor.registered.items() if request.protect}
    assert protected == {"engage-account-brand", "engage-sms-number-main", "engage-sms-campaign"}


def test_countries_that_may_be_texted_are_the_accounts(monitor: Monitor) -> None:
    engage = declare(EngageArgs(account=AccountArgs(countries=["US", "DE"])))
    assert dict(inputs(monitor, "engage-account-countries")["countries"]) == {"US": True, "DE": True}
    assert "countries" in engage.pending
