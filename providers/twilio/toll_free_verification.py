"""https://www.twilio.com/docs/messaging/api/tollfree-verification-resource"""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import StringConstraints

from providers.declaration import Values, tag
from providers.errors import OwnershipError
from providers.lifecycle import PENDING, Reply, rule
from providers.resource import Field, ListField, Resource, optional, output, owner, required
from providers.shapes import E164, EmailAddress, PublicUrl
from providers.twilio import phone_number, review
from providers.twilio.client import Twilio
from providers.twilio.shapes import BundleSid, IsoCountry, PhoneNumberId

PAGE: Final = "https://console.twilio.com/us1/develop/phone-numbers/regulatory-compliance/toll-free-verifications"

_WAITING: Final = {
    "PENDING_REVIEW": "Twilio has it, and nobody reviews it yet -> wait, `up` sees the result",
    "IN_REVIEW": "people review it, which may take weeks -> wait, `up` sees the result",
}
_DELETE: Final = (
    f"it cannot be corrected: delete it at {PAGE}, then run `pulumi refresh` and `up`, which submits it anew"
)
_REPLACE: Final = (
    "Twilio takes corrections only of what was rejected, until edit_expiration: change it back, or delete the"
    f" verification at {PAGE}, run `pulumi refresh` and `up`, which submits it anew; until that is approved, nothing is"
    " sent"
)
_PERSONAL: Final = "; personal, so it is encrypted in the state and never compared with what Twilio has"

Text = Annotated[str, StringConstraints(min_length=1)]
Volume = Annotated[str, StringConstraints(pattern=r"^[0-9][0-9,]*\+?$")]
Category = Literal[
    "TWO_FACTOR_AUTHENTICATION",
    "ACCOUNT_NOTIFICATIONS",
    "CUSTOMER_CARE",
    "CHARITY_NONPROFIT",
    "DELIVERY_NOTIFICATIONS",
    "FRAUD_ALERT_MESSAGING",
    "EVENTS",
    "HIGHER_EDUCATION",
    "K12",
    "MARKETING",
    "POLLING_AND_VOTING_NON_POLITICAL",
    "POLITICAL_ELECTION_CAMPAIGNS",
    "PUBLIC_SERVICE_ANNOUNCEMENT",
    "SECURITY_ALERT",
]
OptInType = Literal["VERBAL", "WEB_FORM", "PAPER_FORM", "VIA_TEXT", "MOBILE_QR_CODE", "IMPORT", "IMPORT_PLEASE_REPLACE"]
BusinessType = Literal["PRIVATE_PROFIT", "PUBLIC_PROFIT", "SOLE_PROPRIETOR", "NON_PROFIT", "GOVERNMENT"]
Authority = Literal[
    "EIN",
    "CBN",
    "CRN",
    "PROVINCIAL_NUMBER",
    "VAT",
    "ACN",
    "ABN",
    "BRN",
    "SIREN",
    "SIRET",
    "NZBN",
    "USt-IdNr",
    "CIF",
    "NIF",
    "CNPJ",
    "UID",
    "NEQ",
    "OTHER",
]


class _Verifications(review.Reviewed):
    """Found again by the owner's tag as Twilio's `ExternalReferenceId`, which is "echoed back on status retrieval"."""

    @rule(
        "business_type",
        "business_registration_number",
        "business_registration_authority",
        "business_registration_country",
    )
    def _registered(self, business: str, *registration: str | None) -> str | None:
        # twilio_messaging_v1.json; https://www.twilio.com/docs/messaging/compliance/toll-free/new-policy-api-onboarding
        if business == "SOLE_PROPRIETOR" or all(registration):
            return None
        return (
            "business_registration_number, business_registration_authority, business_registration_country: are required"
            " of all but sole proprietors since 2026"
        )

    @rule("use_case_categories", "vetting_provider", "vetting_id")
    def _vetted(self, categories: list[str], provider: str | None, vetting: str | None) -> str | None:
        # https://www.twilio.com/docs/messaging/compliance/toll-free/api-onboarding
        if bool(provider) != bool(vetting):
            return "vetting_id: goes with vetting_provider -> set both or neither"
        if "POLITICAL_ELECTION_CAMPAIGNS" in categories and not vetting:
            return "vetting_id: a political campaign is rejected without its token of Campaign Verify -> set it"
        return None

    @rule("use_case_categories", "opt_in_image_urls")
    def _some(self, categories: list[str], images: list[str]) -> str | None:
        return None if categories and images else "use_case_categories, opt_in_image_urls: each needs one at least"

    def id_of(self, inputs: Values) -> str:
        """Another number is another verification."""
        return tag(inputs["marker"], ["phone_number_sid", inputs["phone_number_sid"]])

    def told(self, id_: str) -> Values:
        """Its SID says which one it is. An id made of owner and number is found by both."""
        return {"sid": id_} if id_.startswith("HH") else {}

    def awaits(self, client: Twilio, inputs: Values) -> list[str]:
        if phone_number.sid_of(client, inputs["phone_number_sid"]):
            return []
        return ["its number is not bought yet -> see the reasons of the PhoneNumber, and run `up` again"]

    def find(self, client: Twilio, values: Values) -> Reply | None:
        """By its SID; or else among those of the number, by our reference or by what `adopt` names."""
        rows: list[Reply]
        if sid := values.get("sid"):
            rows = [client.get(f"{self.path}/{sid}")]
        else:
            number = values["phone_number_sid"] and phone_number.sid_of(client, values["phone_number_sid"])
            rows = list(client.pages(self.path, "verifications", TollfreePhoneNumberSid=number)) if number else []
        ours = (values.get("sid"), values["adopt"])
        for row in rows:
            if row["external_reference_id"] == tag(values["marker"]) or row["sid"] in ours:
                return row
        if values["adopt"]:
            raise OwnershipError("adopt: there is no such verification of this number -> correct adopt or the number")
        if rows:
            raise OwnershipError(
                f"phone_number_sid: the number has the verification {rows[0]['sid']}, which is not this resource's ->"
                " set adopt to it, to take it over"
            )
        return None

    def make(self, client: Twilio, inputs: Values) -> Reply:
        body = {
            **self.body(client, "create", inputs),
            "TollfreePhoneNumberSid": phone_number.sid_of(client, inputs["phone_number_sid"]),
            "ExternalReferenceId": tag(inputs["marker"]),
        }
        reply: Reply = client.send("POST", self.path, body=body)
        return reply

    def editable(self, reply: Reply) -> bool:
        return bool(reply["status"] == "TWILIO_REJECTED" and reply["edit_allowed"])

    def verdict(self, reply: Reply) -> tuple[str, list[str]]:
        status = reply["status"]
        if status == "TWILIO_APPROVED":
            return review.APPROVED, []
        if status in _WAITING:
            return PENDING, [_WAITING[status]]
        errors = review.said(reply["rejection_reasons"]) or [reply["rejection_reason"] or "it was rejected"]
        return review.REJECTED, [f"{error} -> {self._todo(reply)}" for error in errors]

    def _todo(self, reply: Reply) -> str:
        """What comes late is "handled like a new verification instead of a priority resubmission", as long as it can be
        edited at all: https://www.twilio.com/docs/api/errors/30824"""
        if not self.editable(reply):
            return _DELETE
        until = (
            f" until {reply['edit_expiration']}, for what comes later waits longer," if reply["edit_expiration"] else ""
        )
        return f"correct{until} the fields in question; if none is wrong, set edit_reason to what has changed elsewhere"

    def _made(self, client: Twilio, reply: Reply, values: Values) -> Values:
        return {**super()._made(client, reply, values), "verification_status": reply["status"]}

    def remove(self, client: Twilio, values: Values) -> None:
        found = self.find(client, values)
        if found is not None:
            client.send("DELETE", f"{self.path}/{found['sid']}")


class TollFreeVerification(Resource, module="twilio", kept=True):
    """Whose toll-free number it is and what it texts: without it, it cannot text the United States and Canada.

    Its id is made of its owner and its number. It is pending until the number is bought, and nothing is sent; then
    until Twilio has approved it, in days or weeks. The owner's tag is its external reference id, by which it is found
    again.

    A rejected one is corrected, as long as `edit_allowed` is true, by changing fields; within seven days it comes first
    in the queue. Deleting it takes the number's right to text, so it is kept on destroy.
    https://www.twilio.com/docs/messaging/api/tollfree-verification-resource
    """

    phone_number_sid: Field[PhoneNumberId] = required(
        "The `.id` of the toll-free PhoneNumber.", sent="never", replaces=True
    )
    business_name: Field[Text] = required("Its legal name.")
    business_website: Field[PublicUrl] = required("Its website, or a page on a social network.")
    business_type: Field[BusinessType] = required("Its kind.")
    business_registration_number: Field[Text | None] = optional(
        "The number under which it is registered; needed of all but sole proprietors.", default=None
    )
    business_registration_authority: Field[Authority | None] = optional(
        "What kind of number that is; needed of all but sole proprietors.", default=None
    )
    business_registration_country: Field[IsoCountry | None] = optional(
        "Where it is registered, as two letters; needed of all but sole proprietors.", default=None
    )
    business_registration_phone_number: Field[E164 | None] = optional("Its phone number.", default=None)
    doing_business_as: Field[Text | None] = optional("The name that its customers know.", default=None)
    business_street_address: Field[Text | None] = optional("Number and street.", default=None)
    business_street_address2: Field[Text | None] = optional("Suite, floor or the like.", default=None)
    business_city: Field[Text | None] = optional("The city.", default=None)
    business_state_province_region: Field[Text | None] = optional("State, province or region.", default=None)
    business_postal_code: Field[Text | None] = optional("The postal code.", default=None)
    business_country: Field[IsoCountry | None] = optional("The country, as two letters.", default=None)
    business_contact_first_name: Field[Text | None] = optional(
        f"Whom Twilio may ask{_PERSONAL}.", default=None, secret=True
    )
    business_contact_last_name: Field[Text | None] = optional(
        f"Whom Twilio may ask{_PERSONAL}.", default=None, secret=True
    )
    business_contact_email: Field[EmailAddress | None] = optional(
        f"How to ask them{_PERSONAL}.", default=None, secret=True
    )
    business_contact_phone: Field[E164 | None] = optional(f"How to ask them{_PERSONAL}.", default=None, secret=True)
    notification_email: Field[EmailAddress] = required(f"Where the result is sent{_PERSONAL}.", secret=True)
    use_case_categories: ListField[Category] = required("What it sends: all that apply.", unordered=True)
    use_case_summary: Field[Text] = required("How messages are used.")
    production_message_sample: Field[Text] = required("A message as it is sent.")
    message_volume: Field[Volume] = required("About how many a month, as `10,000`.")
    opt_in_type: Field[OptInType] = required("How people agree to receive messages.")
    opt_in_image_urls: ListField[PublicUrl] = required("Public pictures or pages that show how.", unordered=True)
    opt_in_keywords: ListField[Text] = optional("What to text in order to opt in.", default=None, unordered=True)
    opt_in_confirmation_message: Field[Text | None] = optional("What then is answered.", default=None)
    help_message_sample: Field[Text | None] = optional("What is answered to HELP.", default=None)
    privacy_policy_url: Field[PublicUrl | None] = optional("The privacy policy.", default=None)
    terms_and_conditions_url: Field[PublicUrl | None] = optional("The terms and conditions.", default=None)
    age_gated_content: Field[bool | None] = optional("Are messages for adults alone?", default=None)
    additional_information: Field[Text | None] = optional("What else a reviewer should know.", default=None)
    vetting_provider: Field[Literal["CAMPAIGN_VERIFY"] | None] = optional(
        "Who vetted a political campaign.", default=None
    )
    vetting_id: Field[Annotated[str, StringConstraints(max_length=500)] | None] = optional(
        "The token of that vetting.", default=None, secret=True
    )
    customer_profile_sid: Field[BundleSid | None] = optional(
        "The SID `BU…` of the customer profile of the business.", default=None, sent="create", replaces=True
    )
    edit_reason: Field[Text | None] = optional(
        "What was corrected, such as 'Website fixed'. A change of it alone submits a rejected one again.",
        default=None,
        sent="update",
    )
    adopt: Field[Annotated[str, StringConstraints(pattern="^HH[0-9a-fA-F]{32}$")] | None] = optional(
        "SID of an existing verification of this number to take over.", default=None, sent="never", write_once=True
    )
    marker: Field[str] = owner()
    status: Field[str] = output(review.STATUS)
    reasons: ListField[str] = output(review.REASONS)
    warnings: ListField[str] = output(review.WARNED)
    sid: Field[str | None] = output("Its SID, `HH…`; null until it is submitted.")
    verification_status: Field[str | None] = output("Twilio's own word for the status, such as `IN_REVIEW`.")
    edit_allowed: Field[bool | None] = output(review.EDIT_ALLOWED)
    edit_expiration: Field[str | None] = output(
        "Until when a correction comes first in the queue; null if none is due."
    )

    lifecycle = _Verifications("/v1/Tollfree/Verifications", unchangeable=_REPLACE)
