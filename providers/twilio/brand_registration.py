"""https://www.twilio.com/docs/messaging/api/brand-registration-resource"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from annotated_types import Ge

from providers.declaration import Values
from providers.lifecycle import PENDING, Reply
from providers.resource import Field, ListField, Resource, optional, output, required
from providers.twilio import review
from providers.twilio.client import Twilio
from providers.twilio.shapes import BundleSid

PATH: Final = "/v1/a2p/BrandRegistrations"
PAGE: Final = "https://console.twilio.com/us1/develop/sms/regulatory-compliance/brands"
GUIDE: Final = (
    "https://www.twilio.com/docs/messaging/compliance/a2p-10dlc/troubleshooting-a2p-brands/"
    "troubleshooting-and-rectifying-a2p-standardlvs-brands"
)

_APPROVED: Final = "APPROVED"
_FAILED: Final = "FAILED"
_PROFILES: Final[Mapping[str, str]] = {
    "customer_profile_bundle_sid": "/v1/CustomerProfiles",
    "a2p_profile_bundle_sid": "/v1/TrustProducts",
}

_BETTER_FIRST: Final = (_APPROVED, "IN_REVIEW", "PENDING", "SUSPENDED", _FAILED, "DELETION_FAILED", "DELETION_PENDING")

_WAITING: Final[Mapping[str, str]] = {
    "PENDING": "Twilio is registering it, which takes minutes and seldom more than seven days -> wait, `up` sees the"
    " result",
    "IN_REVIEW": "people review it, which takes seven business days or more -> wait, `up` sees the result",
    "DELETION_PENDING": "it is being deleted -> run `pulumi refresh` once it is gone; the next `up` registers it anew",
}
_OTP: Final = (
    "its owner has not confirmed the mobile phone -> have them answer the text message that Twilio sent there; it can"
    f" be sent again at {PAGE}"
)
_CORRECT: Final = (
    "correct the customer profile or the trust product, then raise `generation` to have it registered again"
)
_DELETE: Final = (
    f"correct the customer profile or the trust product, delete the brand at {PAGE}, then run `pulumi refresh` and `up`"
)


def find(client: Twilio, id_: str) -> Reply | None:
    """The brand of an id or SID, or None where there is none yet.

    Of several of the same profiles, which only a hand can have made, it is the one that is furthest.
    """
    if id_.startswith("BN"):
        brand: Reply = client.get(f"{PATH}/{id_}")
        return brand
    rows = [row for row in client.pages(PATH, "data") if _id_of(row) == id_]
    return min(rows, key=lambda row: _BETTER_FIRST.index(row["status"]), default=None)


def sid_of(client: Twilio, id_: str) -> str | None:
    """The SID `BN…` of a brand's id, or None where it is not registered yet."""
    brand = find(client, id_)
    return str(brand["sid"]) if brand else None


def verdict(brand: Reply) -> tuple[str, list[str]]:
    """The status of a brand, and the reasons why it is not approved."""
    status = brand["status"]
    if status == _APPROVED:
        # twilio_messaging_v1.json, fetchSoleProprietorRegisteredUnverified. For mock brands, no message is sent:
        # https://www.twilio.com/docs/messaging/compliance/a2p-10dlc/create-mock-us-a2p-10dlc-brands-and-campaigns
        unconfirmed = brand["brand_type"] == "SOLE_PROPRIETOR" and brand["identity_status"] == "UNVERIFIED"
        return (PENDING, [_OTP]) if unconfirmed and not brand["mock"] else (review.APPROVED, [])
    if status in _WAITING:
        return PENDING, [_WAITING[status]]
    if status == _FAILED:
        todo = _CORRECT if resubmittable(brand) else _DELETE
        return review.REJECTED, [f"{error} -> {todo}" for error in review.said(brand["errors"]) or ["it failed"]]
    return review.REJECTED, [f"Twilio says {status} -> {review.SUPPORT}"]


def resubmittable(brand: Reply) -> bool:
    """Only "if you have received a FAILED brand status and the tcr_id is not null": see GUIDE."""
    return brand["status"] == _FAILED and brand["tcr_id"] is not None


def _id_of(values: Mapping[str, Any]) -> str:
    return "/".join(str(values[name]) for name in _PROFILES)


class _BrandRegistrations(review.Reviewed):
    def id_of(self, inputs: Values) -> str:
        return _id_of(inputs)

    def told(self, id_: str) -> Values:
        """Its SID says as much, where a program knows that."""
        return {"sid": id_} if id_.startswith("BN") else dict(zip(_PROFILES, id_.split("/"), strict=False))

    def awaits(self, client: Twilio, inputs: Values) -> list[str]:
        """The guide for resellers lets a brand be submitted before its trust product is approved; a registration that
        fails for that is paid for, and there are three more."""
        reasons = []
        for field, path in _PROFILES.items():
            status = client.get(f"{path}/{inputs[field]}")["status"]
            if status != "twilio-approved":
                reasons.append(
                    f"{field}: Twilio says {status} of this profile -> see the reasons of its resource, or"
                    " https://console.twilio.com/us1/account/trust-hub, and run `up` once it is approved"
                )
        return reasons

    def find(self, client: Twilio, values: Values) -> Reply | None:
        return find(client, values.get("sid") or _id_of(values))

    def make(self, client: Twilio, inputs: Values) -> Reply:
        reply: Reply = client.send("POST", self.path, body=self.body(client, "create", inputs))
        return reply

    def editable(self, reply: Reply) -> bool:
        return resubmittable(reply)

    def revise(self, client: Twilio, reply: Reply, olds: Values, news: Values) -> Values:
        """Submitted again once for each `generation`: "each brand resubmission entails a charge by our A2P ecosystem
        partners", of which Twilio bears three: see GUIDE."""
        raised = self.is_made(olds) and news["generation"] > (olds.get("generation") or 1)
        if raised and self.editable(reply):
            again: Reply = client.send("POST", self.edit_path(reply))
            return self._made(client, again, {**olds, **news})
        return super().revise(client, reply, {**olds, "generation": news["generation"]} if olds else {}, news)

    def verdict(self, reply: Reply) -> tuple[str, list[str]]:
        return verdict(reply)

    def remove(self, client: Twilio, values: Values) -> list[str]:
        return [
            f"Twilio has no API that deletes a brand: it stays registered -> delete it, if nobody needs it, at {PAGE}"
        ]

    def _made(self, client: Twilio, reply: Reply, values: Values) -> Values:
        return {**super()._made(client, reply, values), "brand_status": reply["status"]}


class BrandRegistration(Resource, module="twilio", kept=True):
    """The business that texts the United States over 10-digit numbers (A2P 10DLC), registered with the carriers.

    Its id is `<customer_profile_bundle_sid>/<a2p_profile_bundle_sid>`: a brand has no name, its profiles identify it,
    and a second one of the same is never made. It is pending until both are approved, and nothing is sent; then until
    it is approved itself, in minutes or days. A registration costs money. Twilio has no API that deletes one.

    Correct a rejected one in its profiles and raise `generation`: three times at no charge.
    https://www.twilio.com/docs/messaging/api/brand-registration-resource
    """

    customer_profile_bundle_sid: Field[BundleSid] = required(
        "The SID `BU…` of the customer profile of the business.", replaces=True
    )
    a2p_profile_bundle_sid: Field[BundleSid] = required(
        "The SID `BU…` of its trust product for A2P messaging.", wire="A2PProfileBundleSid", replaces=True
    )
    brand_type: Field[Literal["STANDARD", "SOLE_PROPRIETOR"]] = optional(
        "SOLE_PROPRIETOR is for those without a tax id, with one campaign of low volume; they confirm a text message.",
        default="STANDARD",
        replaces=True,
    )
    mock: Field[bool] = optional(
        "Registers it for tests: free, not reviewed, unable to send, and gone after 30 days.",
        default=False,
        replaces=True,
    )
    skip_automatic_sec_vet: Field[bool] = optional(
        "Leaves out the second vetting, which costs money: for brands of low volume.", default=False, replaces=True
    )
    generation: Field[Annotated[int, Ge(1)]] = optional(
        "Raise it to have a failed registration submitted again; without effect in any other status.",
        default=1,
        sent="never",
    )
    allow_replacement: Field[bool] = optional(
        "Lets a change register another brand, which costs money.", default=False, sent="never", write_once=True
    )
    status: Field[str] = output(review.STATUS)
    reasons: ListField[str] = output(review.REASONS)
    warnings: ListField[str] = output(review.WARNED)
    sid: Field[str | None] = output("The brand's SID, `BN…`; null until it is submitted.")
    brand_status: Field[str | None] = output("Twilio's own word for the status, such as `IN_REVIEW`.")
    identity_status: Field[str | None] = output("What the registry holds of its identity, such as `VERIFIED`.")
    brand_score: Field[int | None] = output("The registry's score, which limits how much it may send.")
    tcr_id: Field[str | None] = output("Its id at The Campaign Registry.")
    edit_allowed: Field[bool | None] = output(review.EDIT_ALLOWED)

    lifecycle = _BrandRegistrations(PATH, unchangeable="change it back")
