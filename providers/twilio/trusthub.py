"""https://www.twilio.com/docs/trust-hub/trusthub-rest-api"""

from __future__ import annotations

from typing import Annotated, Any, Final

from annotated_types import Ge

from providers.resource import Field, ListField, MapField, Resource, optional, output, owner, required
from providers.shapes import EmailAddress, WebhookUrl
from providers.twilio.compliance import (
    ATTRIBUTES,
    GENERATION,
    REASONS,
    REVIEW_STATUS,
    STATUS,
    SUBMIT,
    Items,
    ItemSid,
    PolicySid,
    Reviewed,
    TypeName,
)
from providers.twilio.shapes import TAG, BundleSid, FriendlyName

DOCUMENTS: Final = "/v1/SupportingDocuments"

SECONDARY_PROFILE: Final = "RNdfbf3fae0e1107f8aded0e7cead80bf5"
"""https://www.twilio.com/docs/messaging/compliance/a2p-10dlc/onboarding-isv-api, step 1.1"""

A2P_MESSAGING: Final = "RNb0d4771c2c98518d916a3d4cd70a8f8b"
"""As above, step 2.1: "A2P Messaging: Local - Business"."""


class TrustEndUser(Resource, module="twilio", kept=True):
    """A business, its representative or the like, as TrustHub wants to know them. Its id is its SID, `IT…`.

    It is kept on destroy, as what it was approved with is. The owner's tag behind its name tells it apart, so that it
    is found again. Once it is reviewed, Twilio may refuse to change it.
    https://www.twilio.com/docs/trust-hub/trusthub-rest-api
    """

    friendly_name: Field[FriendlyName] = required("Shown in lists, followed by the owner's tag.", tagged=TAG)
    type: Field[TypeName] = required(
        "Its kind, by the machine name that EndUserTypes has, such as customer_profile_business_information.",
        sent="create",
        replaces=True,
    )
    attributes: MapField[Any] = optional(ATTRIBUTES, default=None, secret=True)
    adopt: Field[str | None] = optional(
        "SID of an existing end user to take over.", default=None, sent="never", write_once=True
    )
    marker: Field[str] = owner()
    account_sid: Field[str] = output("The account that it belongs to.")

    lifecycle = Items("/v1/EndUsers")


class TrustDocument(Resource, module="twilio", kept=True):
    """What proves what is said of a business, such as its address. Its id is its SID, `RD…`.

    It has no file, as TrustHub's API takes none. It is kept on destroy.
    https://www.twilio.com/docs/trust-hub/trusthub-rest-api
    """

    friendly_name: Field[FriendlyName] = required("Shown in lists, followed by the owner's tag.", tagged=TAG)
    type: Field[TypeName] = required(
        "Its kind, by the machine name that SupportingDocumentTypes has, such as customer_profile_address.",
        sent="create",
        replaces=True,
    )
    attributes: MapField[Any] = optional(ATTRIBUTES, default=None, secret=True)
    adopt: Field[str | None] = optional(
        "SID of an existing document to take over.", default=None, sent="never", write_once=True
    )
    marker: Field[str] = owner()
    account_sid: Field[str] = output("The account that it belongs to.")
    mime_type: Field[str | None] = output("The type of its file; null without one.")
    review_status: Field[str] = output(REVIEW_STATUS, wire="Status")

    lifecycle = Items(DOCUMENTS)


class CustomerProfile(Resource, module="twilio", kept=True):
    """A secondary customer profile: the business that messages are sent for. Its id is its SID, `BU…`.

    The primary profile, which this one is vouched for by, is made in the Console alone:
    https://console.twilio.com/us1/account/trust-hub/customer-profiles. Whoever sends for themselves registers with that
    one, and needs no secondary one. It is made as a draft at once, and submitted when an evaluation finds nothing
    missing. A person at Twilio then reviews it: `up` does not wait for that. It is kept on destroy.
    https://www.twilio.com/docs/messaging/compliance/a2p-10dlc/onboarding-isv-api
    """

    friendly_name: Field[FriendlyName] = required("Shown in lists, followed by the owner's tag.", tagged=TAG)
    email: Field[EmailAddress] = required("Where Twilio writes to about the review.")
    primary_profile_sid: Field[BundleSid] = required("SID of the primary customer profile.", sent="never")
    items: ListField[ItemSid] = required(
        "SIDs of what describes the business: `TrustEndUser.id` and `TrustDocument.id`.", sent="never", unordered=True
    )
    policy_sid: Field[PolicySid] = optional(
        "What it is evaluated by: the policy of secondary customer profiles.",
        default=SECONDARY_PROFILE,
        sent="create",
        replaces=True,
    )
    status_callback: Field[WebhookUrl | None] = optional(
        "Called when the review has a result.", default=None, cleared=""
    )
    submit: Field[bool] = optional(SUBMIT, default=True, sent="never")
    generation: Field[Annotated[int, Ge(1)]] = optional(GENERATION, default=1, sent="never")
    adopt: Field[str | None] = optional(
        "SID of an existing profile to take over.", default=None, sent="never", write_once=True
    )
    marker: Field[str] = owner()
    account_sid: Field[str] = output("The account that it belongs to.")
    status: Field[str] = output(STATUS)
    reasons: ListField[str] = output(REASONS)
    review_status: Field[str] = output(REVIEW_STATUS)
    approved: Field[bool] = output("Can a brand be registered with it?")
    valid_until: Field[str | None] = output("When its approval ends, if it does.")
    warnings: ListField[str] = output("That its approval will end.")

    lifecycle = Reviewed(
        "/v1/CustomerProfiles", assignments="EntityAssignments", documents=DOCUMENTS, also=("primary_profile_sid",)
    )


class TrustProduct(Resource, module="twilio", kept=True):
    """What a customer profile is used for; by default, A2P messaging (the A2P profile). Its id is its SID, `BU…`.

    It is made as a draft at once, and submitted when an evaluation finds nothing missing. A person at Twilio then
    reviews it: `up` does not wait for that. It is kept on destroy.
    https://www.twilio.com/docs/messaging/compliance/a2p-10dlc/onboarding-isv-api
    """

    friendly_name: Field[FriendlyName] = required("Shown in lists, followed by the owner's tag.", tagged=TAG)
    email: Field[EmailAddress] = required("Where Twilio writes to about the review.")
    customer_profile_sid: Field[BundleSid] = required(
        "Whose it is: `CustomerProfile.id`, or the SID of the primary customer profile.", sent="never"
    )
    items: ListField[ItemSid] = required(
        "SIDs of what describes the use: for A2P messaging, of a `TrustEndUser` of type"
        " us_a2p_messaging_profile_information.",
        sent="never",
        unordered=True,
    )
    policy_sid: Field[PolicySid] = optional(
        "What it is evaluated by: the policy of A2P messaging.", default=A2P_MESSAGING, sent="create", replaces=True
    )
    status_callback: Field[WebhookUrl | None] = optional(
        "Called when the review has a result.", default=None, cleared=""
    )
    submit: Field[bool] = optional(SUBMIT, default=True, sent="never")
    generation: Field[Annotated[int, Ge(1)]] = optional(GENERATION, default=1, sent="never")
    adopt: Field[str | None] = optional(
        "SID of an existing trust product to take over.", default=None, sent="never", write_once=True
    )
    marker: Field[str] = owner()
    account_sid: Field[str] = output("The account that it belongs to.")
    status: Field[str] = output(STATUS)
    reasons: ListField[str] = output(REASONS)
    review_status: Field[str] = output(REVIEW_STATUS)
    approved: Field[bool] = output("Can a brand be registered with it?")
    valid_until: Field[str | None] = output("When its approval ends, if it does.")
    warnings: ListField[str] = output("That its approval will end.")

    lifecycle = Reviewed(
        "/v1/TrustProducts", assignments="EntityAssignments", documents=DOCUMENTS, also=("customer_profile_sid",)
    )
