"""https://www.twilio.com/docs/phone-numbers/regulatory/api"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from annotated_types import Ge

from providers.lifecycle import rule
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
from providers.twilio.shapes import TAG, FriendlyName, IsoCountry

API = "/v2/RegulatoryCompliance"

EndUserType = Literal["individual", "business"]


class _Bundles(Reviewed):
    @rule("regulation_sid", "iso_country", "number_type", "end_user_type")
    def _one_regulation(self, sid: str | None, *which: str | None) -> str | None:
        if any(which) if sid else not all(which):
            return "regulation_sid: set either this, or all of iso_country, number_type and end_user_type"
        return None


class RegulatoryEndUser(Resource, module="twilio", kept=True):
    """Who a phone number is for, as the law of its country wants to know. Its id is its SID, `IT…`.

    It is kept on destroy, as what it was approved with is. The owner's tag behind its name tells it apart, so that it
    is found again. Once it is reviewed, Twilio may refuse to change it.
    https://www.twilio.com/docs/phone-numbers/regulatory/api/end-users
    """

    friendly_name: Field[FriendlyName] = required("Shown in lists, followed by the owner's tag.", tagged=TAG)
    type: Field[EndUserType] = required("A person or a business.", sent="create", replaces=True)
    attributes: MapField[Any] = optional(ATTRIBUTES, default=None, secret=True)
    adopt: Field[str | None] = optional(
        "SID of an existing end user to take over.", default=None, sent="never", write_once=True
    )
    marker: Field[str] = owner()
    account_sid: Field[str] = output("The account that it belongs to.")

    lifecycle = Items(f"{API}/EndUsers")


class RegulatoryDocument(Resource, module="twilio", kept=True):
    """What proves what is said of an end user or an address. Its id is its SID, `RD…`.

    It has no file: Twilio takes files at another host, numbers-upload.twilio.com, which its API document does not have.
    Where one is asked for, upload it in the Console, and give its SID to a `RegulatoryBundle`, or here to `adopt`.
    An address is proven by a document whose attributes name it in `address_sids`. It is kept on destroy.
    https://www.twilio.com/docs/phone-numbers/regulatory/api/supporting-documents
    """

    friendly_name: Field[FriendlyName] = required("Shown in lists, followed by the owner's tag.", tagged=TAG)
    type: Field[TypeName] = required(
        "Its kind, by the machine name that SupportingDocumentTypes has.", sent="create", replaces=True
    )
    attributes: MapField[Any] = optional(ATTRIBUTES, default=None, secret=True)
    adopt: Field[str | None] = optional(
        "SID of an existing document to take over, such as one with a file.",
        default=None,
        sent="never",
        write_once=True,
    )
    marker: Field[str] = owner()
    account_sid: Field[str] = output("The account that it belongs to.")
    mime_type: Field[str | None] = output("The type of its file; null without one.")
    review_status: Field[str] = output(REVIEW_STATUS, wire="Status")
    failure_reason: Field[str | None] = output("Why it was rejected.")

    lifecycle = Items(f"{API}/SupportingDocuments")


class RegulatoryBundle(Resource, module="twilio", kept=True):
    """All that the law of a country asks for before a number can be bought there. Its id is its SID, `BU…`.

    It is made as a draft at once, and submitted when an evaluation finds nothing missing. A person at Twilio then
    reviews it: `up` does not wait for that. Once submitted, its items cannot change; once approved, they can only be
    replaced in the Console. It is kept on destroy, and cannot be deleted while a number needs it.
    https://www.twilio.com/docs/phone-numbers/regulatory/api/bundles
    """

    friendly_name: Field[FriendlyName] = required("Shown in lists, followed by the owner's tag.", tagged=TAG)
    email: Field[EmailAddress] = required("Where Twilio writes to about the review.")
    items: ListField[ItemSid] = required(
        "SIDs of the end user and the documents: `RegulatoryEndUser.id` and `RegulatoryDocument.id`.",
        sent="never",
        unordered=True,
    )
    iso_country: Field[IsoCountry | None] = optional(
        "The number's country, as two capital letters of ISO 3166.", default=None, sent="create", replaces=True
    )
    number_type: Field[Literal["local", "mobile", "national", "toll-free"] | None] = optional(
        "The kind of number.", default=None, sent="create", replaces=True
    )
    end_user_type: Field[EndUserType | None] = optional(
        "The type of the end user.", default=None, sent="create", replaces=True
    )
    regulation_sid: Field[PolicySid | None] = optional(
        "The regulation, in place of country, number type and end user type.",
        default=None,
        sent="create",
        replaces=True,
    )
    status_callback: Field[WebhookUrl | None] = optional(
        "Called when the review has a result.", default=None, cleared=""
    )
    is_test: Field[bool] = optional(
        "Makes one to try things out, which is rejected at once.", default=False, sent="create", replaces=True
    )
    submit: Field[bool] = optional(SUBMIT, default=True, sent="never")
    generation: Field[Annotated[int, Ge(1)]] = optional(GENERATION, default=1, sent="never")
    adopt: Field[str | None] = optional(
        "SID of an existing bundle to take over, which must be for that country and type.",
        default=None,
        sent="never",
        write_once=True,
    )
    marker: Field[str] = owner()
    account_sid: Field[str] = output("The account that it belongs to.")
    status: Field[str] = output(STATUS)
    reasons: ListField[str] = output(REASONS)
    review_status: Field[str] = output(REVIEW_STATUS)
    approved: Field[bool] = output("Can numbers be bought with it?")
    valid_until: Field[str | None] = output("When its approval ends, if it does.")
    warnings: ListField[str] = output("That its approval will end.")

    lifecycle = _Bundles(f"{API}/Bundles", assignments="ItemAssignments", documents=f"{API}/SupportingDocuments")
