"""The rules of Twilio's brands, campaigns and toll-free verifications, and of lists in its forms."""

from typing import Any

import pytest

from emulator.made_up import sha256, sid
from tests.emulator.conftest import Client
from tests.emulator.test_twilio import new, refusal
from tests.support import twilio_registration as given

BRANDS = "/v1/a2p/BrandRegistrations"
VERIFICATIONS = "/v1/Tollfree/Verifications"
QE = "QE2c6890da8086d771620e9b13fadeba0b"
BRAND = {"CustomerProfileBundleSid": given.CUSTOMER_PROFILE, "A2PProfileBundleSid": given.TRUST_PRODUCT}
CHANGE = {
    "Description": "Offers of the Example shop, sent to those who asked for them.",
    "MessageFlow": "Customers tick a box that says so when they order at https://example.com/order.",
    "MessageSamples": ["Example: 10% off until Sunday.", "Example: your order is sent."],
    "HasEmbeddedLinks": "true",
    "HasEmbeddedPhone": "false",
    "AgeGated": "false",
    "DirectLending": "false",
}
VERIFICATION = {
    "TollfreePhoneNumberSid": given.NUMBER,
    "BusinessName": "Example Inc.",
    "BusinessWebsite": "https://example.com",
    "BusinessType": "SOLE_PROPRIETOR",
    "NotificationEmail": "engage@example.com",
    "UseCaseCategories": ["MARKETING", "EVENTS"],
    "UseCaseSummary": "Offers to customers who asked for them.",
    "ProductionMessageSample": "Example: 10% off until Sunday.",
    "OptInImageUrls": ["https://example.com/opt-in.png"],
    "OptInType": "WEB_FORM",
    "MessageVolume": "10,000",
    "ExternalReferenceId": "our own",
}


@pytest.fixture(autouse=True)
def _given(client: Client) -> None:
    given.make(client.emulator)


def brand(client: Client, **fields: Any) -> Any:
    reply = client.twilio("POST", BRANDS, data=BRAND | fields)
    assert reply.status_code == 201, reply.text
    return reply.json()


def campaign_path(client: Client, **service: Any) -> str:
    return f"/v1/Services/{new(client, **service)['sid']}/Compliance/Usa2p"


def campaign(client: Client, path: str, brand_sid: str, **fields: Any) -> Any:
    data = CHANGE | {"BrandRegistrationSid": brand_sid, "UsAppToPersonUsecase": "MARKETING"} | fields
    return client.twilio("POST", path, data=data)


def verification(client: Client, **fields: Any) -> Any:
    return client.twilio("POST", VERIFICATIONS, data=VERIFICATION | fields)


def undecided(client: Client) -> None:
    client.emulator.state.collection("twilio", "verdicts").clear()


def altered(client: Client, collection: str, key: str, **changes: Any) -> None:
    client.emulator.state.alter("twilio", collection, key, **changes)


# -- lists in forms ------------------------------------------------------------------------------------------------


def test_a_list_repeats_its_key_and_nothing_else_may(client: Client) -> None:
    assert verification(client).json()["use_case_categories"] == ["MARKETING", "EVENTS"]
    client.twilio("POST", BRANDS, data=[*BRAND.items(), ("Mock", "true"), ("Mock", "false")])
    client.expect_violation(f"POST messaging.twilio.com{BRANDS}: parameter 'Mock' was sent more than once")


# -- brands --------------------------------------------------------------------------------------------------------


def test_a_brand_is_pending_until_people_decide(client: Client) -> None:
    undecided(client)
    made = brand(client)
    assert made.items() >= {"status": "PENDING", "brand_type": "STANDARD", "mock": False, "errors": []}.items()
    altered(client, "brand_registrations", made["sid"], status="APPROVED")
    assert client.twilio("GET", f"{BRANDS}/{made['sid']}").json()["status"] == "APPROVED"
    assert [row["sid"] for row in client.twilio("GET", BRANDS).json()["data"]] == [made["sid"]]


@pytest.mark.parametrize("fields", [{"BrandType": "STARTER"}, {"A2PProfileBundleSid": "BU1"}, {"Mock": "perhaps"}])
def test_a_wrong_value_of_a_brand_is_refused(client: Client, fields: dict[str, str]) -> None:
    assert refusal(client.twilio("POST", BRANDS, data=BRAND | fields)) == (400, 20001)


def test_a_brand_of_unknown_profiles_fails(client: Client) -> None:
    made = brand(client, A2PProfileBundleSid=sid("BU", "nobody's"))
    assert (made["status"], made["errors"][0]["error_code"], made["tcr_id"]) == ("FAILED", 30793, None)


@pytest.mark.parametrize(
    "changes", [{"status": "PENDING"}, {"status": "APPROVED"}, {"status": "FAILED", "tcr_id": None}]
)
def test_only_a_failed_brand_that_the_registry_knows_is_resubmitted(client: Client, changes: dict[str, Any]) -> None:
    made = brand(client)
    altered(client, "brand_registrations", made["sid"], **changes)
    assert refusal(client.twilio("POST", f"{BRANDS}/{made['sid']}")) == (400, 21725)


def test_a_failed_brand_is_resubmitted_three_times_without_a_body(client: Client) -> None:
    undecided(client)
    own = f"{BRANDS}/{brand(client)['sid']}"
    for _ in range(3):
        altered(client, "brand_registrations", own.rpartition("/")[2], status="FAILED")
        reply = client.twilio("POST", own)
        assert (reply.status_code, reply.json()["status"]) == (202, "PENDING")
    altered(client, "brand_registrations", own.rpartition("/")[2], status="FAILED")
    assert refusal(client.twilio("POST", own)) == (400, 21724)


def test_a_brand_is_not_deleted(client: Client) -> None:
    assert client.twilio("DELETE", f"{BRANDS}/{brand(client)['sid']}").status_code == 501


# -- campaigns -----------------------------------------------------------------------------------------------------


def test_every_campaign_has_the_same_sid_and_each_service_its_own(client: Client) -> None:
    undecided(client)
    made = brand(client)
    altered(client, "brand_registrations", made["sid"], status="APPROVED")
    first, second = campaign_path(client), campaign_path(client)
    reply = campaign(client, first, made["sid"])
    assert (reply.status_code, reply.json()["sid"], reply.json()["campaign_status"]) == (201, QE, "PENDING")
    assert campaign(client, second, made["sid"], UsAppToPersonUsecase="MIXED").json()["sid"] == QE
    kinds = [client.twilio("GET", f"{path}/{QE}").json()["us_app_to_person_usecase"] for path in (first, second)]
    assert kinds == ["MARKETING", "MIXED"]
    (listed,) = client.twilio("GET", first).json()["compliance"]
    assert listed["opt_out_keywords"][0] == "STOP"


@pytest.mark.parametrize("status", ["PENDING", "IN_REVIEW", "FAILED", "SUSPENDED"])
def test_a_campaign_needs_an_approved_brand(client: Client, status: str) -> None:
    made = brand(client)
    altered(client, "brand_registrations", made["sid"], status=status)
    assert refusal(campaign(client, campaign_path(client), made["sid"])) == (400, 21717)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"UsAppToPersonUsecase": "marketing"}, 21720),
        ({"UsAppToPersonUsecase": "SOLE_PROPRIETOR"}, 21717),
        ({"MessageSamples": ["Example: 10% off until Sunday."]}, 20001),
        ({"Description": "x" * 39}, 20001),
        ({"HelpKeywords": ["HELP ME"]}, 20001),
    ],
)
def test_a_wrong_value_of_a_campaign_is_refused(client: Client, fields: dict[str, Any], code: int) -> None:
    assert refusal(campaign(client, campaign_path(client), brand(client)["sid"], **fields)) == (400, code)


@pytest.mark.parametrize(
    ("service", "use_case", "status"),
    [
        ("marketing", "MARKETING", 201),
        ("marketing", "MIXED", 201),
        ("undeclared", "2FA", 201),
        ("verification", "MARKETING", 400),
        ("marketing", "2FA", 400),
    ],
)
def test_a_campaigns_use_case_goes_with_the_services(client: Client, service: str, use_case: str, status: int) -> None:
    path = campaign_path(client, Usecase=service)
    reply = campaign(client, path, brand(client)["sid"], UsAppToPersonUsecase=use_case)
    assert reply.status_code == status
    assert status == 201 or refusal(reply) == (400, 21719)


def test_a_service_has_one_campaign_and_a_sole_proprietor_too(client: Client) -> None:
    made = brand(client, BrandType="SOLE_PROPRIETOR")
    path = campaign_path(client)
    assert campaign(client, path, made["sid"], UsAppToPersonUsecase="SOLE_PROPRIETOR").status_code == 201
    assert refusal(campaign(client, path, brand(client)["sid"])) == (409, 20409)
    again = campaign(client, campaign_path(client), made["sid"], UsAppToPersonUsecase="SOLE_PROPRIETOR")
    assert refusal(again) == (409, 20409)


def test_what_a_brand_may_register_is_told(client: Client) -> None:
    path = f"{campaign_path(client)}/Usecases"
    sole = brand(client, BrandType="SOLE_PROPRIETOR")["sid"]
    standard = client.twilio("GET", path, params={"BrandRegistrationSid": brand(client)["sid"]}).json()
    assert "MARKETING" in [each["code"] for each in standard["us_app_to_person_usecases"]]
    (only,) = client.twilio("GET", path, params={"BrandRegistrationSid": sole}).json()["us_app_to_person_usecases"]
    assert only["code"] == "SOLE_PROPRIETOR"


def test_the_policies_are_shown_in_the_later_version_alone(client: Client) -> None:
    path = campaign_path(client)
    campaign(client, path, brand(client)["sid"], PrivacyPolicyUrl="https://example.com/privacy")
    later = client.twilio("GET", f"{path}/{QE}", headers={"X-Twilio-Api-Version": "v1.2"}).json()
    assert (later["privacy_policy_url"], later["terms_and_conditions_url"]) == ("https://example.com/privacy", None)
    assert "privacy_policy_url" not in client.twilio("GET", f"{path}/{QE}").json()


@pytest.mark.parametrize("status", ["PENDING", "IN_PROGRESS", "VERIFIED", "FAILED"])
def test_only_a_failed_campaign_is_corrected(client: Client, status: str) -> None:
    path = campaign_path(client)
    campaign(client, path, brand(client)["sid"])
    undecided(client)
    altered(client, "campaigns", path.split("/")[3], campaign_status=status, errors=[given.REJECTED])
    reply = client.twilio("POST", f"{path}/{QE}", data=CHANGE | {"AgeGated": "true"})
    if status == "FAILED":
        assert reply.status_code == 200
        assert reply.json().items() >= {"age_gated": True, "campaign_status": "PENDING", "errors": []}.items()
    else:
        assert refusal(reply) == (409, 20409)


@pytest.mark.parametrize("name", CHANGE)
def test_a_correction_must_have_every_field(client: Client, name: str) -> None:
    path = campaign_path(client)
    campaign(client, path, brand(client)["sid"])
    altered(client, "campaigns", path.split("/")[3], campaign_status="FAILED")
    data = {key: value for key, value in CHANGE.items() if key != name}
    assert refusal(client.twilio("POST", f"{path}/{QE}", data=data)) == (400, 20001)


def test_a_deleted_campaign_is_gone_and_one_goes_with_its_service(client: Client) -> None:
    made = brand(client)["sid"]
    path = campaign_path(client)
    campaign(client, path, made)
    assert client.twilio("DELETE", f"{path}/{QE}").status_code == 204
    assert refusal(client.twilio("GET", f"{path}/{QE}")) == (404, 20404)
    assert client.twilio("GET", path).json()["compliance"] == []
    campaign(client, path, made)
    client.twilio("DELETE", path.removesuffix("/Compliance/Usa2p"))
    assert client.emulator.state.collection("twilio", "campaigns") == {}


# -- toll-free verifications ---------------------------------------------------------------------------------------


def test_a_verification_is_pending_until_people_decide(client: Client) -> None:
    undecided(client)
    made = verification(client).json()
    assert made["status"] == "PENDING_REVIEW"
    assert (made["tollfree_phone_number"], made["external_reference_id"]) == ("+18005550100", "our own")
    assert client.twilio("GET", f"{VERIFICATIONS}/{made['sid']}").json() == made


@pytest.mark.parametrize("name", [name for name in VERIFICATION if name not in ("ExternalReferenceId", "BusinessType")])
def test_a_verification_must_have_what_the_document_requires(client: Client, name: str) -> None:
    data = {key: value for key, value in VERIFICATION.items() if key != name}
    assert refusal(client.twilio("POST", VERIFICATIONS, data=data)) == (400, 20001)


@pytest.mark.parametrize(
    "fields",
    [
        {"BusinessType": "PRIVATE_PROFIT"},
        {"BusinessType": "LIMITED"},
        {"OptInType": "MAIL"},
        {"UseCaseCategories": ["SPAM"]},
        {"BusinessContactPhone": "555 0100"},
    ],
)
def test_a_wrong_value_of_a_verification_is_refused(client: Client, fields: dict[str, Any]) -> None:
    assert refusal(verification(client, **fields)) == (400, 20001)


def test_a_verification_is_of_a_toll_free_number_of_the_account_and_the_only_one(client: Client) -> None:
    assert refusal(verification(client, TollfreePhoneNumberSid=sid("PN", "nobody's"))) == (400, 21421)
    altered(client, "incoming_phone_numbers", given.OTHER_NUMBER, phone_number="+14155550100")
    assert refusal(verification(client, TollfreePhoneNumberSid=given.OTHER_NUMBER)) == (400, 20001)
    assert verification(client).status_code == 201
    assert refusal(verification(client)) == (409, 20409)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"ExternalReferenceId": "our own"}, 1),
        ({"ExternalReferenceId": "our"}, 0),
        ({"TollfreePhoneNumberSid": given.NUMBER}, 1),
        ({"TollfreePhoneNumberSid": given.OTHER_NUMBER, "Status": "TWILIO_APPROVED"}, 1),
        ({"Status": "TWILIO_REJECTED"}, 0),
        ({}, 2),
    ],
)
def test_the_list_of_verifications_has_filters(client: Client, query: dict[str, str], count: int) -> None:
    verification(client)
    verification(client, TollfreePhoneNumberSid=given.OTHER_NUMBER, ExternalReferenceId="another")
    assert len(client.twilio("GET", VERIFICATIONS, params=query).json()["verifications"]) == count


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"status": "TWILIO_REJECTED", "edit_allowed": True}, 202),
        ({"status": "TWILIO_REJECTED", "edit_allowed": False}, 409),
        ({"status": "IN_REVIEW"}, 409),
        ({"status": "TWILIO_APPROVED"}, 409),
    ],
)
def test_only_a_rejected_verification_that_may_be_edited_is(
    client: Client, changes: dict[str, Any], status: int
) -> None:
    own = f"{VERIFICATIONS}/{verification(client).json()['sid']}"
    undecided(client)
    altered(client, "tollfree_verifications", own.rpartition("/")[2], **changes)
    reply = client.twilio("POST", own, data={"BusinessName": "Example Ltd.", "EditReason": "Renamed"})
    assert reply.status_code == status
    if status == 202:
        expected = {"status": "PENDING_REVIEW", "business_name": "Example Ltd.", "edit_allowed": None}
        assert reply.json().items() >= expected.items()


def test_a_deleted_verification_is_gone(client: Client) -> None:
    own = f"{VERIFICATIONS}/{verification(client).json()['sid']}"
    assert client.twilio("DELETE", own).status_code == 204
    assert refusal(client.twilio("GET", own)) == (404, 20404)


# -- all of them ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [BRANDS, VERIFICATIONS])
def test_wrong_credentials_are_refused_and_a_standard_key_is_not(client: Client, path: str) -> None:
    key = sid("SK", "test")
    client.emulator.state.collection("twilio", "keys")[key] = {"sid": key, "secret_sha256": sha256("made up")}
    assert client.twilio("GET", path, auth=(key, "made up")).status_code == 200
    assert refusal(client.twilio("GET", path, auth=(key, "wrong"))) == (401, 20003)


@pytest.mark.parametrize("path", [f"{BRANDS}/BN{'0' * 32}", f"{VERIFICATIONS}/HH{'0' * 32}"])
def test_what_does_not_exist_is_not_found(client: Client, path: str) -> None:
    assert refusal(client.twilio("GET", path)) == (404, 20404)
