"""The rules of what is evaluated and reviewed: bundles at the regulators' API, profiles and products at TrustHub."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest

from emulator.made_up import sha256, sid
from emulator.twilio.requirements import SECONDARY, VOICE
from emulator.twilio.state import PRIMARY_PROFILE_SID
from tests.emulator.conftest import Client
from tests.emulator.test_twilio import refusal

ATTRIBUTES = {"business_name": "Example SARL", "business_registration_number": "123"}


@dataclass(frozen=True)
class Api:
    """One of the two APIs, and how one of its containers is made."""

    client: Client
    host: str
    path: str
    holders: str
    collection: str
    assignments: str
    new: dict[str, str]
    evaluation: dict[str, str]

    def send(self, method: str, path: str, **data: Any) -> Any:
        credentials = self.client.emulator.credentials
        auth = (credentials["TWILIO_ACCOUNT_SID"], credentials["TWILIO_AUTH_TOKEN"])
        return self.client.send(method, self.host, f"{self.path}{path}", data=data or None, auth=auth)

    def made(self, path: str, **data: Any) -> Any:
        reply = self.send("POST", path, **data)
        assert reply.status_code == 201, reply.text
        return reply.json()

    def holder(self, **data: Any) -> str:
        return f"{self.holders}/{self.made(self.holders, **self.new, **data)['sid']}"

    def end_user(self, **attributes: Any) -> Any:
        data = {"FriendlyName": "Example", "Type": "business", "Attributes": json.dumps(attributes)}
        return self.made("/EndUsers", **data)

    def assign(self, holder: str, object_sid: str) -> Any:
        return self.send("POST", f"{holder}/{self.assignments}", ObjectSid=object_sid)

    def alter(self, holder: str, **changes: Any) -> None:
        self.client.emulator.state.alter("twilio", self.collection, holder.rpartition("/")[2], **changes)


@pytest.fixture(params=["regulators", "trusthub"])
def api(request: pytest.FixtureRequest, client: Client) -> Api:
    return (regulators if request.param == "regulators" else trusthub)(client)


def regulators(client: Client) -> Api:
    new = {
        "FriendlyName": "Example",
        "Email": "legal@example.com",
        "IsoCountry": "FR",
        "EndUserType": "business",
        "NumberType": "local",
    }
    numbers = ("numbers.twilio.com", "/v2/RegulatoryCompliance", "/Bundles", "bundles", "ItemAssignments")
    return Api(client, *numbers, new, {})


def trusthub(client: Client) -> Api:
    new = {"FriendlyName": "Example", "Email": "legal@example.com", "PolicySid": SECONDARY}
    hub = ("trusthub.twilio.com", "/v1", "/CustomerProfiles", "customer_profiles", "EntityAssignments")
    return Api(client, *hub, new, {"PolicySid": SECONDARY})


@pytest.fixture
def bundles(client: Client) -> Api:
    return regulators(client)


@pytest.fixture
def hub(client: Client) -> Api:
    return trusthub(client)


def complete(api: Api) -> str:
    """A bundle that lacks nothing."""
    bundle = api.holder()
    api.client.emulator.state.collection("twilio", "addresses")[sid("AD", 1)] = {"sid": sid("AD", 1)}
    documents = {"utility_bill": ATTRIBUTES, "address": {"address_sids": [sid("AD", 1)]}}
    items = [api.end_user(**ATTRIBUTES)["sid"]]
    for kind, attributes in documents.items():
        data = {"FriendlyName": "Example", "Type": kind, "Attributes": json.dumps(attributes)}
        items.append(api.made("/SupportingDocuments", **data)["sid"])
    for item in items:
        assert api.assign(bundle, item).status_code == 201
    return bundle


def test_what_was_made_is_read_and_listed(api: Api) -> None:
    holder = api.holder(StatusCallback="https://example.com/status")
    made = api.send("GET", holder).json()
    assert (made["status"], made["valid_until"]) == ("draft", None)
    assert made["status_callback"] == "https://example.com/status"
    assert made in api.send("GET", api.holders).json()["results"]


def test_attributes_are_json_in_the_form_and_an_object_in_the_reply(api: Api) -> None:
    made = api.end_user(**ATTRIBUTES)
    assert made["attributes"] == ATTRIBUTES
    changed = api.send("POST", f"/EndUsers/{made['sid']}", Attributes='{"business_name": "Another"}').json()
    assert (changed["attributes"], changed["friendly_name"]) == ({"business_name": "Another"}, "Example")


@pytest.mark.parametrize("attributes", ["no JSON", "[]"])
def test_attributes_that_are_no_object_are_refused(api: Api, attributes: str) -> None:
    data = {"FriendlyName": "Example", "Type": "business", "Attributes": attributes}
    assert refusal(api.send("POST", "/EndUsers", **data)) == (400, 20001)


@pytest.mark.parametrize("name", ["FriendlyName", "Type"])
def test_an_item_needs_a_name_and_a_type(api: Api, name: str) -> None:
    data = {key: value for key, value in {"FriendlyName": "a", "Type": "business"}.items() if key != name}
    assert api.send("POST", "/SupportingDocuments", **data).status_code == 400


def test_the_type_of_an_item_does_not_change(api: Api) -> None:
    made = api.end_user()
    api.send("POST", f"/EndUsers/{made['sid']}", Type="individual")
    host = f"POST {api.host}{api.path}/EndUsers/{made['sid']}"
    api.client.expect_violation(f"{host}: unknown parameter 'Type'")


def test_an_item_is_assigned_once_and_can_be_taken_away(api: Api) -> None:
    holder, item = api.holder(), api.end_user()["sid"]
    made = api.assign(holder, item).json()
    assert made["object_sid"] == item
    assert refusal(api.assign(holder, item)) == (409, 20409)
    own = f"{holder}/{api.assignments}/{made['sid']}"
    assert api.send("GET", own).json() == made
    assert api.send("GET", f"{holder}/{api.assignments}").json()["results"] == [made]
    assert api.send("DELETE", own).status_code == 204
    assert refusal(api.send("DELETE", own)) == (404, 20404)


def test_what_is_not_of_the_account_cannot_be_assigned(api: Api) -> None:
    holder, item = api.holder(), api.end_user()["sid"]
    assert refusal(api.assign(holder, sid("IT", "nobody's"))) == (400, 22205)
    assert refusal(api.assign(holder, holder.rpartition("/")[2])) == (400, 22205)
    for row in api.client.emulator.state.collection("twilio", "end_users").values():
        row["account_sid"] = sid("AC", "other")
    for row in api.client.emulator.state.collection("twilio", "trust_end_users").values():
        row["account_sid"] = sid("AC", "other")
    assert refusal(api.assign(holder, item)) == (400, 22205)


@pytest.mark.parametrize("status", ["pending-review", "in-review", "twilio-approved"])
def test_items_do_not_change_in_review_nor_after(api: Api, status: str) -> None:
    holder, item, other = api.holder(), api.end_user()["sid"], api.end_user()["sid"]
    assignment = api.assign(holder, item).json()["sid"]
    api.alter(holder, status=status)
    assert refusal(api.assign(holder, other)) == (409, 20409)
    assert refusal(api.send("DELETE", f"{holder}/{api.assignments}/{assignment}")) == (409, 20409)
    assert refusal(api.send("POST", f"/EndUsers/{item}", FriendlyName="Another")) == (409, 20409)
    assert refusal(api.send("DELETE", f"/EndUsers/{item}")) == (409, 20409)
    assert api.send("POST", f"/EndUsers/{other}", FriendlyName="Another").status_code == 200


def test_an_item_that_is_deleted_is_assigned_no_more(api: Api) -> None:
    holder, item = api.holder(), api.end_user()["sid"]
    api.assign(holder, item)
    assert api.send("DELETE", f"/EndUsers/{item}").status_code == 204
    assert api.send("GET", f"{holder}/{api.assignments}").json()["results"] == []


def test_status_and_properties_do_not_change_together(api: Api) -> None:
    holder = api.holder()
    reply = api.send("POST", holder, Status="pending-review", FriendlyName="Another")
    assert refusal(reply) == (400, 22204)
    assert api.send("GET", holder).json()["friendly_name"] == "Example"


def test_a_status_that_is_none_is_refused(api: Api) -> None:
    assert refusal(api.send("POST", api.holder(), Status="submitted")) == (400, 22203)


@pytest.mark.parametrize("status", ["in-review", "twilio-approved", "twilio-rejected"])
def test_only_twilio_reviews(api: Api, status: str) -> None:
    assert refusal(api.send("POST", api.holder(), Status=status)) == (409, 20409)


def test_properties_change_and_an_empty_callback_is_none(api: Api) -> None:
    holder = api.holder(StatusCallback="https://example.com/status")
    changed = api.send("POST", holder, Email="other@example.com", StatusCallback="").json()
    assert (changed["email"], changed["status_callback"], changed["friendly_name"]) == (
        "other@example.com",
        None,
        "Example",
    )


def test_what_is_incomplete_cannot_be_submitted_and_its_evaluation_says_why(api: Api) -> None:
    holder = api.holder()
    assert refusal(api.send("POST", holder, Status="pending-review")) == (409, 20409)
    made = api.made(f"{holder}/Evaluations", **api.evaluation)
    assert made["status"] == "noncompliant"
    first = made["results"][0]
    assert (first["passed"], first["error_code"]) == (False, 22214)
    assert {field["error_code"] for field in first["invalid"]} == {22215}
    assert "business_name" in [field["object_field"] for field in first["invalid"]]
    assert api.send("GET", f"{holder}/Evaluations/{made['sid']}").json() == made
    assert api.send("GET", f"{holder}/Evaluations").json()["results"] == [made]


@pytest.mark.parametrize("status", ["pending-review", "in-review"])
def test_what_is_in_review_is_not_deleted(api: Api, status: str) -> None:
    holder = api.holder()
    api.alter(holder, status=status)
    assert refusal(api.send("DELETE", holder)) == (409, 20409)
    api.alter(holder, status="twilio-rejected")
    assert api.send("DELETE", holder).status_code == 204
    assert refusal(api.send("GET", holder)) == (404, 20404)


def test_nobody_elses_is_found(api: Api) -> None:
    holder = api.holder()
    api.alter(holder, account_sid=sid("AC", "other"))
    assert refusal(api.send("GET", holder)) == (404, 20404)
    assert holder.rpartition("/")[2] not in [row["sid"] for row in api.send("GET", api.holders).json()["results"]]


def test_a_standard_key_may_do_this(bundles: Api) -> None:
    key = sid("SK", "test")
    keys = bundles.client.emulator.state.collection("twilio", "keys")
    keys[key] = {"sid": key, "secret_sha256": sha256("made up")}
    auth = (key, "made up")
    assert bundles.client.send("GET", bundles.host, f"{bundles.path}/Bundles", auth=auth).status_code == 200
    assert bundles.client.send("GET", bundles.host, f"{bundles.path}/Bundles").status_code == 401


def test_a_complete_bundle_is_submitted_with_its_documents_and_may_be_again_after_a_rejection(bundles: Api) -> None:
    bundle = complete(bundles)
    evaluation = bundles.made(f"{bundle}/Evaluations")
    assert evaluation["status"] == "compliant"
    assert all(result["passed"] and not result["invalid"] for result in evaluation["results"])
    assert bundles.send("POST", bundle, Status="pending-review").json()["status"] == "pending-review"
    documents = bundles.send("GET", "/SupportingDocuments").json()["results"]
    assert {document["status"] for document in documents} == {"pending-review"}
    assert refusal(bundles.send("DELETE", f"/SupportingDocuments/{documents[0]['sid']}")) == (400, 21646)
    assert refusal(bundles.send("POST", bundle, Status="pending-review")) == (409, 20409)
    bundles.alter(bundle, status="twilio-rejected")
    assert bundles.send("POST", bundle, Status="draft").json()["status"] == "draft"
    assert bundles.send("POST", bundle, Status="pending-review").status_code == 200


def test_a_test_bundle_is_rejected_at_once(bundles: Api) -> None:
    bundle = complete(bundles)
    bundles.alter(bundle, is_test=True)
    assert bundles.send("POST", bundle, Status="pending-review").json()["status"] == "twilio-rejected"


def test_a_document_needs_an_address_that_exists(bundles: Api) -> None:
    bundle = complete(bundles)
    bundles.client.emulator.state.collection("twilio", "addresses").clear()
    (failed,) = (each for each in bundles.made(f"{bundle}/Evaluations")["results"] if not each["passed"])
    assert [(field["object_field"], field["error_code"]) for field in failed["invalid"]] == [("address_sids", 22219)]


def test_a_bundle_with_a_number_is_not_deleted(bundles: Api) -> None:
    bundle = bundles.holder()
    numbers = bundles.client.emulator.state.collection("twilio", "incoming_phone_numbers")
    numbers[sid("PN", 1)] = {"bundle_sid": bundle.rpartition("/")[2]}
    assert refusal(bundles.send("DELETE", bundle)) == (400, 21648)


def test_a_bundle_is_of_a_regulation_or_of_what_names_one(bundles: Api) -> None:
    regulation = sid("RN", "FR", "local", "business")
    by_name = bundles.send("GET", bundles.holder()).json()
    assert by_name["regulation_sid"] == regulation
    named = {"FriendlyName": "Example", "Email": "legal@example.com"}
    assert bundles.made("/Bundles", **named, RegulationSid=regulation)["regulation_sid"] == regulation
    assert refusal(bundles.send("POST", "/Bundles", **named)) == (400, 20001)
    assert refusal(bundles.send("POST", "/Bundles", **named, RegulationSid=sid("RN", "no"))) == (400, 22200)
    assert refusal(bundles.send("POST", "/Bundles", **{**bundles.new, "IsoCountry": "US"})) == (400, 22200)


def test_an_end_user_of_the_regulators_is_a_person_or_a_business(bundles: Api) -> None:
    assert refusal(bundles.send("POST", "/EndUsers", FriendlyName="a", Type="company")) == (400, 22200)


def test_a_profile_needs_a_policy_that_exists(hub: Api) -> None:
    assert refusal(hub.send("POST", "/CustomerProfiles", **{**hub.new, "PolicySid": sid("RN", "no")})) == (400, 20001)
    policies = hub.send("GET", "/Policies").json()["results"]
    assert SECONDARY in [policy["sid"] for policy in policies]
    assert hub.send("GET", f"/Policies/{SECONDARY}").json() in policies
    assert refusal(hub.send("GET", f"/Policies/{sid('RN', 'no')}")) == (404, 20404)


def test_an_evaluation_is_by_the_policy_of_what_is_evaluated(hub: Api) -> None:
    profile = hub.holder()
    assert refusal(hub.send("POST", f"{profile}/Evaluations")) == (400, 20001)
    assert refusal(hub.send("POST", f"{profile}/Evaluations", PolicySid=VOICE)) == (400, 20001)


def test_the_primary_profile_is_there_and_approved(hub: Api) -> None:
    primary = hub.send("GET", f"/CustomerProfiles/{PRIMARY_PROFILE_SID}").json()
    assert (primary["status"], primary["errors"]) == ("twilio-approved", None)


@pytest.mark.parametrize(("status", "passed"), [("twilio-approved", True), ("in-review", False)])
def test_a_secondary_profile_needs_an_approved_primary_one(hub: Api, status: str, passed: bool) -> None:
    profile = hub.holder()
    hub.assign(profile, PRIMARY_PROFILE_SID)
    hub.client.emulator.state.alter("twilio", "customer_profiles", PRIMARY_PROFILE_SID, status=status)
    results = hub.made(f"{profile}/Evaluations", PolicySid=SECONDARY)["results"]
    assert [each["passed"] for each in results if each["object_type"] == "primary_customer_profile"] == [passed]


def test_a_trust_product_with_its_profile_goes_straight_into_review(hub: Api) -> None:
    data = {"FriendlyName": "Example", "Email": "legal@example.com", "PolicySid": VOICE}
    product = f"/TrustProducts/{hub.made('/TrustProducts', **data)['sid']}"
    assert refusal(hub.send("POST", product, Status="pending-review")) == (409, 20409)
    assert hub.assign(product, PRIMARY_PROFILE_SID).json()["trust_product_sid"] == product.rpartition("/")[2]
    assert hub.send("POST", product, Status="pending-review").json()["status"] == "in-review"
