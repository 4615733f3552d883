"""https://www.twilio.com/docs/messaging/api/usapptoperson-resource"""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import StringConstraints

from providers.declaration import Values
from providers.errors import EngageError, OwnershipError
from providers.lifecycle import PENDING, Difference, Reply, rule
from providers.resource import Field, ListField, Resource, optional, output, required
from providers.shapes import PublicUrl
from providers.twilio import brand_registration, review
from providers.twilio.client import Twilio
from providers.twilio.shapes import ServiceSid

PAGE: Final = "https://console.twilio.com/us1/develop/sms/regulatory-compliance/campaigns"

HIGH_RISK: Final = 30885
"""Such a campaign "is ineligible for resubmission": https://www.twilio.com/docs/api/errors/30885"""

_WAITING: Final = ("PENDING", "IN_PROGRESS")
_REVIEWING: Final = "the carriers review it, which takes some weeks -> wait, `up` sees the result"
_CORRECT: Final = "correct the fields that are named: a change is submitted for another review, which may be charged"
_DELETE: Final = (
    f"it cannot be submitted again: {review.SUPPORT}, or delete it at {PAGE}, then run `pulumi refresh` and `up`"
)
_REPLACE: Final = (
    "Twilio takes corrections of failed campaigns alone: change it back, or set allow_replacement and"
    " retain_on_delete=False to delete it and register another, without which nothing is sent for weeks"
)

Description = Annotated[str, StringConstraints(min_length=40, max_length=4096)]
MessageFlow = Annotated[str, StringConstraints(min_length=40, max_length=2048)]
Sample = Annotated[str, StringConstraints(min_length=20, max_length=1024)]
AutoReply = Annotated[str, StringConstraints(min_length=20, max_length=320)]
Keyword = Annotated[str, StringConstraints(pattern="^[0-9A-Za-z]{1,255}$")]
BrandId = Annotated[str, StringConstraints(pattern="^(BN[0-9a-fA-F]{32}|BU[0-9a-fA-F]{32}/BU[0-9a-fA-F]{32})$")]
UseCase = Annotated[str, StringConstraints(pattern="^[0-9A-Z_]+$")]


def _fails_for_good(campaign: Reply) -> bool:
    return any(isinstance(error, dict) and error.get("error_code") == HIGH_RISK for error in campaign["errors"] or ())


class _Campaigns(review.Reviewed):
    """All campaigns have the same SID: one is known by its service, which has no other. So a replacement deletes first.

    The SID is QE2c6890da8086d771620e9b13fadeba0b in every example of twilio_messaging_v1.json and in Twilio's guides:
    https://www.twilio.com/docs/messaging/compliance/a2p-10dlc/create-mock-us-a2p-10dlc-brands-and-campaigns
    """

    delete_first = True

    @rule("message_samples")
    def _two_to_five(self, samples: list[str]) -> str | None:
        return None if 2 <= len(samples) <= 5 else "message_samples: two to five are needed"

    @rule("opt_in_keywords", "opt_in_message")
    def _answered(self, keywords: list[str] | None, message: str | None) -> str | None:
        # "This field is required if end users can text in a keyword to start receiving messages", say both.
        if bool(keywords) == bool(message):
            return None
        return "opt_in_message: is the answer to opt_in_keywords -> set both or neither"

    def diff(self, olds: Values, news: Values) -> Difference:
        """The same brand by its SID in place of its id is no change."""
        difference = super().diff(olds, news)
        same = {"brand"} if news.get("brand") == (olds.get("brand_registration_sid") or "") else set()
        return Difference(
            [name for name in difference.changed if name not in same],
            [name for name in difference.replaces if name not in same],
        )

    def id_of(self, inputs: Values) -> str:
        return str(inputs["service_sid"])

    def told(self, id_: str) -> Values:
        return {"service_sid": id_}

    def awaits(self, client: Twilio, inputs: Values) -> list[str]:
        brand = brand_registration.find(client, inputs["brand"])
        if brand is None:
            return ["its brand is not registered yet -> see the reasons of the BrandRegistration, and run `up` again"]
        status, reasons = brand_registration.verdict(brand)
        if status == review.APPROVED:
            return []
        return [f"its brand {brand['sid']} is not approved: {reason}" for reason in reasons]

    def find(self, client: Twilio, values: Values) -> Reply | None:
        """The service's campaign, ours if brand and use case are the same."""
        campaign = next(client.pages(self._path(values), "compliance"), None)
        if campaign is None or values["brand"] is None:  # it is only looked up
            return campaign
        brand = values.get("brand_registration_sid") or brand_registration.sid_of(client, values["brand"])
        ours = (brand, values["use_case"])
        if (campaign["brand_registration_sid"], campaign["us_app_to_person_usecase"]) != ours:
            raise OwnershipError(
                "service_sid: the messaging service has a campaign of another brand or use case, namely"
                f" {campaign['brand_registration_sid']} and {campaign['us_app_to_person_usecase']} -> declare these to"
                f" take it over, name another service, or delete it at {PAGE}"
            )
        return campaign

    def make(self, client: Twilio, inputs: Values) -> Reply:
        brand = brand_registration.sid_of(client, inputs["brand"])
        self._check_use_case(client, brand, inputs)
        body = {**self.body(client, "create", inputs), "BrandRegistrationSid": brand}
        reply: Reply = client.send("POST", self._path(inputs), body=body)
        return reply

    def _check_use_case(self, client: Twilio, brand: str | None, inputs: Values) -> None:
        """Before it is paid for. Whether it goes with the service's own use case, Twilio tells when it is sent."""
        reply = client.get(f"{self._path(inputs)}/Usecases", BrandRegistrationSid=brand)
        possible = [each["code"] for each in reply["us_app_to_person_usecases"]]
        if inputs["use_case"] not in possible:
            raise EngageError(
                f"use_case: is not among those that this brand may register -> set it to one of {', '.join(possible)}"
            )

    def editable(self, reply: Reply) -> bool:
        """Failed ones, as "it is now possible to edit a FAILED Campaign via both the Console and the API": whether any
        other can be is not documented.
        https://www.twilio.com/docs/messaging/compliance/a2p-10dlc/troubleshooting-a2p-brands/troubleshooting-and-rectifying-a2p-campaigns-1
        """
        return bool(reply["campaign_status"] == "FAILED") and not _fails_for_good(reply)

    def edit_path(self, reply: Reply) -> str:
        return f"{self._path({'service_sid': reply['messaging_service_sid']})}/{reply['sid']}"

    def verdict(self, reply: Reply) -> tuple[str, list[str]]:
        """Twilio's document has "Examples: IN_PROGRESS, VERIFIED, FAILED" and PENDING in each of its replies."""
        status = reply["campaign_status"]
        if status == "VERIFIED":
            return review.APPROVED, []
        if status in _WAITING:
            return PENDING, [_REVIEWING]
        if status == "FAILED":
            todo = _CORRECT if self.editable(reply) else _DELETE
            return review.REJECTED, [f"{error} -> {todo}" for error in review.said(reply["errors"]) or ["it failed"]]
        return review.REJECTED, [f"Twilio says {status} -> {review.SUPPORT}"]

    def remove(self, client: Twilio, values: Values) -> None:
        campaign = self.find(client, values)
        if campaign is not None:
            client.send("DELETE", self.edit_path(campaign))

    def _path(self, values: Values) -> str:
        return self.path.format(**values)


class Campaign(Resource, module="twilio", kept=True):
    """What a messaging service sends to the United States over 10-digit numbers (A2P 10DLC), as the carriers want to
    know it.

    Its id is the SID of the service, which has one. It is pending until its brand is approved, and nothing is sent;
    then until it is approved itself, which takes weeks. Registering it costs money, once and every month. A campaign of
    the same brand and use case that the service has is taken over.

    Only a failed one can be corrected: a changed field is then submitted for another review, which may be charged.
    Deleting one stops its traffic until another is approved, so it is kept on destroy. Replacing it, which deletes it
    first, takes `allow_replacement` and `retain_on_delete=False`.
    https://www.twilio.com/docs/messaging/api/usapptoperson-resource
    """

    service_sid: Field[ServiceSid] = required("The `.id` of the MessagingService.", sent="never", replaces=True)
    brand: Field[BrandId] = required(
        "The `.id` of the BrandRegistration, or the SID `BN…` of one.", sent="never", replaces=True
    )
    use_case: Field[UseCase] = optional(
        "Which one of those that the brand may register: it must go with the service's own.",
        default="MARKETING",
        wire="UsAppToPersonUsecase",
        sent="create",
        replaces=True,
    )
    description: Field[Description] = required("What it sends, to whom and why; 40 to 4096 characters.")
    message_flow: Field[MessageFlow] = required(
        "How people agree to receive it, with every way that there is; 40 to 2048 characters."
    )
    message_samples: ListField[Sample] = required("Two to five messages as they are sent, of 20 to 1024 characters.")
    has_embedded_links: Field[bool] = required("Do messages have links?")
    has_embedded_phone: Field[bool] = required("Do messages have phone numbers?")
    privacy_policy_url: Field[PublicUrl] = required("The privacy policy, without which campaigns are rejected.")
    terms_and_conditions_url: Field[PublicUrl] = required(
        "The terms and conditions, without which campaigns are rejected."
    )
    age_gated: Field[bool] = optional("Are messages for adults alone?", default=False)
    direct_lending: Field[bool] = optional("Are messages about loans from the sender?", default=False)
    subscriber_opt_in: Field[bool | None] = optional(
        "Does it ask subscribers to opt in?", default=None, sent="create", replaces=True
    )
    opt_in_message: Field[AutoReply | None] = optional(
        "The answer to who texts one of opt_in_keywords; 20 to 320 characters.",
        default=None,
        sent="create",
        replaces=True,
    )
    opt_out_message: Field[AutoReply | None] = optional(
        "The answer to who opts out; without it, that of Twilio.", default=None, sent="create", replaces=True
    )
    help_message: Field[AutoReply | None] = optional(
        "The answer to who asks for help; without it, that of Twilio.", default=None, sent="create", replaces=True
    )
    opt_in_keywords: ListField[Keyword] = optional(
        "What to text in order to opt in.", default=None, sent="create", replaces=True, unordered=True
    )
    opt_out_keywords: ListField[Keyword] = optional(
        "What to text in order to opt out; without them, those of Twilio.",
        default=None,
        sent="create",
        replaces=True,
        unordered=True,
    )
    help_keywords: ListField[Keyword] = optional(
        "What to text in order to get help; without them, those of Twilio.",
        default=None,
        sent="create",
        replaces=True,
        unordered=True,
    )
    allow_replacement: Field[bool] = optional(
        "Lets a change that Twilio does not take register another campaign, for which money is due again.",
        default=False,
        sent="never",
        write_once=True,
    )
    status: Field[str] = output(review.STATUS)
    reasons: ListField[str] = output(review.REASONS)
    warnings: ListField[str] = output(review.WARNED)
    sid: Field[str | None] = output("Twilio's SID, the same for all campaigns; null until it is submitted.")
    brand_registration_sid: Field[str | None] = output("The SID of its brand, `BN…`.")
    campaign_status: Field[str | None] = output("Twilio's own word for the status, such as `IN_PROGRESS`.")
    campaign_id: Field[str | None] = output("Its id at The Campaign Registry.")
    edit_allowed: Field[bool | None] = output(review.EDIT_ALLOWED)

    lifecycle = _Campaigns("/v1/Services/{service_sid}/Compliance/Usa2p", unchangeable=_REPLACE)
