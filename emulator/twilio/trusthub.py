"""TrustHub: customer profiles, trust products, end users, documents, policies. github.com/twilio/twilio-oai

twilio_trusthub_v1.json, https://www.twilio.com/docs/messaging/compliance/a2p-10dlc/onboarding-isv-api. The assignments
of channel endpoints (phone numbers) are not emulated.
"""

from typing import Any

from flask import Blueprint
from pydantic import Field

from emulator.context import url, vendor_path
from emulator.store import Record
from emulator.twilio import compliance
from emulator.twilio.access import authorize, page
from emulator.twilio.errors import error, not_found
from emulator.twilio.state import records

bp = Blueprint("trusthub", __name__)
HOST = "trusthub.twilio.com"
PATH = "/v1"


class Evaluation(compliance.Form):
    policy_sid: str = Field(pattern="^RN[0-9a-fA-F]{32}$")


class Profile(compliance.HolderChange):
    policy_sid: str = Field(pattern="^RN[0-9a-fA-F]{32}$")


def _of_a_policy(fields: Record) -> Record:
    if fields["policy_sid"] not in records("policies"):
        raise error(400, 20001, "Invalid PolicySid: there is no such policy")
    return fields


def _holders(name: str, collection: str, one: str) -> None:
    links = {
        f"{collection}_entity_assignments": "EntityAssignments",
        f"{collection}_evaluations": "Evaluations",
        f"{collection}_channel_endpoint_assignment": "ChannelEndpointAssignments",
    }
    compliance.Holders(
        host=HOST,
        path=f"{PATH}/{name}",
        collection=collection,
        name=f"{one}_sid",
        requirement=("policy_sid", "policies"),
        assignments="EntityAssignments",
        items=("trust_end_users", "trust_documents", "customer_profiles"),
        documents=("trust_documents", "PENDING_REVIEW"),
        # The document's example `updateToInReview`.
        submitted="in-review",
        links=links,
        also=("errors",),
        new=Profile,
        settle=_of_a_policy,
        evaluation=Evaluation,
    ).register(bp)


_holders("CustomerProfiles", "customer_profiles", "customer_profile")
_holders("TrustProducts", "trust_products", "trust_product")

HOLDERS = ("customer_profiles", "trust_products")

compliance.Items(
    host=HOST, path=f"{PATH}/EndUsers", collection="trust_end_users", prefix="IT", holders=HOLDERS
).register(bp)

compliance.Items(
    host=HOST,
    path=f"{PATH}/SupportingDocuments",
    collection="trust_documents",
    prefix="RD",
    holders=HOLDERS,
    draft=("DRAFT", "PENDING_REVIEW"),
    also=("mime_type",),
).register(bp)


def _policy(row: Record) -> Record:
    return row | {"url": url(HOST, f"{PATH}/Policies/{row['sid']}")}


@bp.get(f"{PATH}/Policies")
def policies() -> dict[str, Any]:
    authorize()
    return page("results", map(_policy, records("policies").values()))


@bp.get(f"{PATH}/Policies/<policy_sid>")
def policy(policy_sid: str) -> dict[str, Any]:
    authorize()
    if policy_sid not in records("policies"):
        raise not_found(vendor_path())
    return _policy(records("policies")[policy_sid])
