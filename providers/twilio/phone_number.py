"""https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource"""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, Final

from annotated_types import Gt, Interval
from pydantic import StringConstraints

from providers.declaration import FieldSpec, Values, tag
from providers.errors import Ambiguous, EngageError, NotFound, OwnershipError, VendorError
from providers.lifecycle import PENDING, WARNINGS, Difference, Reply, State, rule
from providers.resource import Field, ListField, MapField, Resource, optional, output, owner, required
from providers.shapes import E164, HttpMethod, WebhookUrl
from providers.twilio.client import Twilio
from providers.twilio.collection_2010 import Collection2010
from providers.twilio.number_release import leave_pool, unregister
from providers.twilio.number_search import NORTH_AMERICA, awaited, candidates, price_of
from providers.twilio.pricing import NOT_PRICED, NumberType
from providers.twilio.shapes import (
    TAG,
    AddressSid,
    ApplicationSid,
    BundleSid,
    FriendlyName,
    IdentitySid,
    IsoCountry,
    PhoneNumberSid,
    TrunkSid,
)

ACTIVE: Final = "active"
LOST: Final = "lost"
TAKEN: Final = "21422"
BUNDLE_REQUIRED: Final = "21649"

LONGEST_NAME: Final = 64

MOST: Final = 5
"""Numbers that are tried, where others buy them meanwhile."""

_ID: Final = "id"
"""Beside a number's values: the tag that is its id. No field has this name."""

_CONSOLE: Final = "https://console.twilio.com/us1/develop/phone-numbers/manage/incoming"
_purchase: Final = threading.Lock()
"""One purchase at a time, as the engine's calls come on four threads: buying what the account just bought is answered
like a purchase, and would make two resources of one number. https://github.com/danielberkompas/ex_twilio/pull/116"""

_log: Final = logging.getLogger(__name__)


class _PhoneNumbers(Collection2010):
    """What was bought is found again by the tag in its name: nothing is bought while that has not been looked for.

    A number that had to wait for its bundle has its owner's tag as id, as an update cannot change one.
    """

    def __init__(
        self, *, sleep: Callable[[float], None] = time.sleep, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__("IncomingPhoneNumbers", "incoming_phone_numbers")
        self.sleep, self.clock = sleep, clock

    @rule("iso_country", "area_code", "in_region", "in_postal_code")
    def _american_criteria(self, country: str, *values: Any) -> str | None:
        names = ("area_code", "in_region", "in_postal_code")
        given = [name for name, value in zip(names, values, strict=True) if value is not None]
        if given and country not in NORTH_AMERICA:
            return f"{given[0]}: is known in the US and CA only -> remove it, or search by in_locality or contains"
        return None

    @rule("trunk_sid", "voice_application_sid")
    def _one_for_calls(self, trunk: str | None, application: str | None) -> str | None:
        # "Setting a trunk_sid will automatically delete your voice_application_sid and vice versa."
        return (
            "trunk_sid: cannot stand beside voice_application_sid -> set one of them" if trunk and application else None
        )

    @rule("sms_fallback_url", "sms_url")
    def _sms_fallback_of_something(self, fallback: str | None, url: str | None) -> str | None:
        return _alone("sms_fallback_url", "sms_url") if fallback and not url else None

    @rule("voice_fallback_url", "voice_url")
    def _voice_fallback_of_something(self, fallback: str | None, url: str | None) -> str | None:
        return _alone("voice_fallback_url", "voice_url") if fallback and not url else None

    def diff(self, olds: Values, news: Values) -> Difference:
        """The number that it has is no other one for being named, or no longer named; and while it has none, any may
        be named. One that was lost is a change of its `status`: a new one, if that was asked for by its SID.

        Without outputs, as `check` is asked, it is not known which number was found; `find` knows."""
        difference = super().diff(olds, news)
        number, had = news.get("phone_number"), olds.get("number") or olds.get("phone_number")
        free = number is None or had is None or number == had or olds.get("status") == PENDING
        replaces = [name for name in difference.replaces if not (name == "phone_number" and free)]
        if olds.get("status") != LOST:
            return Difference(difference.changed, replaces)
        again = ["status"] if news.get("replace_lost") == olds.get("sid") else []
        return Difference([*difference.changed, "status"], replaces + again)

    # -- buying ----------------------------------------------------------------------------------------------------

    def create(self, client: Twilio, inputs: Values) -> State:
        scoped = client.scoped(inputs)
        if inputs["adopt"]:
            named = self.named(scoped, inputs)
            if named["bundle_sid"] != inputs["bundle_sid"] and (reasons := awaited(scoped, inputs)):
                return self._pending(inputs, reasons)
            return self._settle(scoped, _kept(named), inputs, made=False)
        with _purchase:
            left = self.find(scoped, inputs)
            if left is not None:
                return self._settle(scoped, _kept(left), inputs, made=False)
            if reasons := awaited(scoped, inputs):
                return self._pending(inputs, reasons)
            return self._buy(scoped, inputs)

    def find(self, client: Twilio, inputs: Values) -> Reply | None:
        """What an earlier attempt bought. Raises OwnershipError where that, or what is named, cannot be told."""
        number, ours = inputs["phone_number"], list(self.tagged(client, inputs))
        if number is None:
            if len(ours) > 1:
                raise OwnershipError(
                    f"the account has {_named(ours)}, all bought for this resource -> set phone_number to one of them"
                )
            return ours[0] if ours else None
        named = next((row for row in ours if row["phone_number"] == number), None) or self._owned(client, number)
        if named is not None and named not in ours:
            raise OwnershipError(
                f"phone_number: the account has it already, and not by this resource -> set adopt to {named['sid']} to"
                " take it over"
            )
        if named is None and ours and not inputs["allow_replacement"]:
            raise OwnershipError(
                f"phone_number: the account has {_named(ours)}, bought for this resource earlier, so no other one was"
                " bought now -> set phone_number to it, or set allow_replacement to buy another beside it"
            )
        return named

    def _owned(self, client: Twilio, number: str) -> Reply | None:
        """The list's filter matches parts of a number, too."""
        rows = client.pages(self.path, self.items, PhoneNumber=number)
        return next((row for row in rows if row["phone_number"] == number), None)

    def named(self, client: Twilio, inputs: Values) -> Reply:
        """The number that `adopt` names. Raises OwnershipError where there is none, or another one is meant."""
        try:
            reply = self.fetch(client, inputs["adopt"], inputs)
        except NotFound:
            raise OwnershipError("adopt: the account has no number with this SID -> see " + _CONSOLE) from None
        if inputs["phone_number"] not in (None, reply["phone_number"]):
            raise OwnershipError("adopt: is the SID of another number than phone_number -> remove one of them")
        return reply

    def _buy(self, client: Twilio, inputs: Values) -> State:
        offered = candidates(client, inputs)
        price = price_of(client, offered[0], inputs)
        # A provider has no way to inform but its stderr, where Python writes what is at least a warning.
        _log.warning("buying %s for %s; %s", offered[0], price or "a price that Twilio does not tell", NOT_PRICED)
        for candidate in offered[:MOST]:
            if self._owned(client, candidate.number):
                continue  # another program with these credentials has just bought it
            try:
                reply = self._post(client, candidate.number, inputs)
            except VendorError as refused:
                if refused.code == TAKEN and inputs["phone_number"] is None:
                    continue
                if refused.code == BUNDLE_REQUIRED and inputs["bundle_sid"]:
                    return self._pending(inputs, [_NOT_TAKEN])
                raise
            cost = {"monthly_price": price and price.current_price, "price_unit": price and price.unit}
            return self._settle(client, {**reply, **cost, "bought": True}, inputs, made=True)
        raise EngageError("others bought every number that was found, so none was bought -> run the same command again")

    def _post(self, client: Twilio, number: str, inputs: Values) -> Reply:
        """After a lost reply it is this number or none: no other one is bought while its fate is unknown."""
        body = {**self.body(client, "create", inputs), "PhoneNumber": number}
        try:
            reply: Reply = client.send("POST", self.path, body=body)
        except Ambiguous:
            ours = [row for row in self.tagged(client, inputs) if row["phone_number"] == number]
            if not ours:
                raise
            return ours[0]
        return reply

    def _pending(self, inputs: Values, reasons: list[str]) -> State:
        nothing = dict.fromkeys(self.declaration.outputs)
        return State(tag(inputs["marker"]), {**inputs, **nothing, "status": PENDING, "reasons": reasons})

    def suffix(self, spec: FieldSpec, values: Mapping[str, Any]) -> str:
        """One that had to wait goes on to bear its id in front of its owner's tag, where those are no longer the same:
        its children find it by the one, and the next `create` by the other."""
        ends = dict.fromkeys([values.get(_ID), tag(values["marker"])])
        return "".join(spec.tagged.format(end) for end in ends if end)

    def tagged(self, client: Twilio, inputs: Values) -> Iterator[Reply]:
        """An attempt whose reply was lost has bought it for the owner of that time."""
        ends = tuple(TAG.format(end) for end in (inputs.get(_ID), tag(inputs["marker"])) if end)
        return (row for row in self.rows(client) if str(row["friendly_name"]).endswith(ends))

    # -- having ----------------------------------------------------------------------------------------------------

    def plain(self, reply: Reply) -> Reply:
        """The vendor's own `status` is always in-use."""
        failed = reply["emergency_address_status"] == "registration-failure"
        return {
            **reply,
            "number": reply["phone_number"],
            "status": ACTIVE,
            "reasons": [],
            "warnings": [_EMERGENCY_FAILED] if failed else [],
        }

    def read(self, client: Twilio, id_: str, values: Values) -> State | None:
        """One that vanished stays in the state: gone from there, the next `up` would buy another in silence."""
        scoped, named = client.scoped(values), _by_id(id_, values)
        if values.get("status") == PENDING:
            left = self._left(scoped, named)
            if left is None:
                return State(id_, values)
            found = self.plain(_kept(left))
            return State(id_, _declared({**self.drifted(scoped, found, named), **self.outputs(scoped, found)}))
        state = super().read(client, values["sid"], named)
        if state is not None:
            return State(id_, _declared(state.values))
        lost = [_lost(values["sid"])]
        return State(id_, {**values, "status": LOST, "reasons": lost, WARNINGS: lost})

    def _left(self, client: Twilio, values: Values) -> Reply | None:
        """What an attempt has bought whose reply was lost. A number that was replaced bears the same tag."""
        number = values["phone_number"]
        rows = [row for row in self.tagged(client, values) if number in (None, row["phone_number"])]
        return rows[0] if len(rows) == 1 else None

    def look_up(self, client: Twilio, id_: str, known: Values) -> State | None:
        sid = sid_of(client.scoped(known), id_)
        found = super().look_up(client, sid, known) if sid else None
        return State(id_, found.values) if found else None

    def update(self, client: Twilio, id_: str, olds: Values, news: Values) -> Values:
        named = _by_id(id_, news)
        (name,) = (spec for spec in self.declaration.inputs.values() if spec.tagged)
        if len(news[name.name] + self.suffix(name, named)) > LONGEST_NAME:
            raise EngageError(
                f"friendly_name: has to bear two tags, as the number waited under another name of the resource ->"
                f" shorten it to {LONGEST_NAME - len(self.suffix(name, named))} characters"
            )
        if olds.get("status") == PENDING:
            return {**_declared(self.create(client, named).values), "account": olds.get("account")}
        if olds.get("status") == LOST:
            raise EngageError(_lost(olds["sid"]))
        try:
            return _declared(super().update(client, olds["sid"], olds, named))
        except NotFound:
            raise EngageError(_lost(olds["sid"])) from None

    def patch(self, client: Twilio, id_: str, olds: Values, news: Values) -> Reply | None:
        """Only what changed is sent: to name an emergency address again is to register it again."""
        changed = {"friendly_name" if name == "marker" else name for name in self.diff(olds, news).changed}
        sent = {client.wire_name(name) for name in changed}
        body = {name: v for name, v in self.body(client, "update", news, olds).items() if name in sent}
        if not body:
            return None
        if body.get("EmergencyAddressSid") and olds.get("emergency_address_sid"):
            unregister(client, id_, sleep=self.sleep, clock=self.clock)
        reply: Reply = client.send("POST", self.object_path(id_), body=body, idempotent=True)
        return reply

    # -- releasing -------------------------------------------------------------------------------------------------

    def delete(self, client: Twilio, id_: str, values: Values) -> list[str] | None:
        sid = values.get("sid")
        if values.get("status") == PENDING and (left := self._left(client.scoped(values), _by_id(id_, values))):
            sid = left["sid"]
        if sid is None or values.get("status") == LOST:
            return None
        if values.get("release_on_destroy"):
            return super().delete(client, sid, values)
        return [
            f"{values.get('number') or sid} stays in the account and goes on costing money -> to release it, set"
            f" release_on_destroy and run `up` before it is destroyed, or release it at {_CONSOLE}"
        ]

    def remove(self, client: Twilio, id_: str, values: Values) -> list[str] | None:
        """Out of its sender pool first, then without an emergency address."""
        leave_pool(client, id_)
        unregister(client, id_, sleep=self.sleep, clock=self.clock)
        return super().remove(client, id_, values)


_NOT_TAKEN: Final = (
    "bundle_sid: the bundle is approved, and Twilio does not take it for this number yet -> run the same command again;"
    " if it stays so, use a bundle for this country and type of number"
)
_EMERGENCY_FAILED: Final = (
    "emergency_address_sid: Twilio could not register the address for emergency calls -> correct the twilio.Address"
)


def _alone(name: str, other: str) -> str:
    # https://www.twilio.com/docs/api/errors/21405 and 21406
    return f"{name}: cannot be set without {other} -> set both or neither"


def _named(rows: list[Reply]) -> str:
    return ", ".join(f"{row['phone_number']} ({row['sid']})" for row in rows)


def _kept(reply: Reply) -> Reply:
    """Of a number that was there. What it was bought for, no one has recorded."""
    return {**reply, "bought": False, "monthly_price": None, "price_unit": None}


def _by_id(id_: str, values: Values) -> Values:
    """The values with the tag that is the id; without any, where the SID is."""
    return values if id_.startswith("PN") else {**values, _ID: id_}


def _declared(values: Values) -> Values:
    return {name: value for name, value in values.items() if name != _ID}


def _lost(sid: str) -> str:
    return (
        f"the account has no number {sid} any more: it was released, taken back by Twilio or moved to another account,"
        f" and no other one was bought -> set replace_lost to {sid} to get a new one; if you bought it back in the"
        f" Console, set adopt to its new SID as well; if you no longer need it, remove the resource"
    )


def sid_of(client: Twilio, id_: str) -> str | None:
    """The number's SID, by the id of its `PhoneNumber`; None while it is pending."""
    if id_.startswith("PN"):
        return id_
    ends = re.compile(rf"{re.escape(TAG.format(id_))}( \[[0-9a-f]{{12}}\])?$")  # see `suffix`
    lifecycle = PhoneNumber.lifecycle
    rows = client.pages(lifecycle.path, lifecycle.items)
    return next((str(row["sid"]) for row in rows if ends.search(str(row["friendly_name"]))), None)


class PhoneNumber(Resource, module="twilio", kept=True):
    """A phone number, bought once: the one that is named or, by criteria, one that Twilio has to offer.

    Its id is its SID, `PN…`; that of a number which had to wait for its bundle is the owner's tag. Before a purchase
    and after a lost reply, what the account owns is looked through for that tag, which stands in the friendly name:
    what bears it is taken over, and no second one is bought. What the law asks for (an address, a bundle) is found out
    before the purchase, and named. Criteria serve the purchase alone: to change them later does nothing.

    A number that is gone at Twilio is not bought again by itself: its status is `lost`, a preview shows a change, and
    `up` fails until `replace_lost` has its SID.

    Destroying this keeps the number, and goes on paying for it. To release it, set `release_on_destroy`, run `up`, and
    declare it with `retain_on_delete=False`. Twilio does not sell a released number again: for ten days the Console
    gives it back.
    https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource
    """

    friendly_name: Field[FriendlyName] = required(
        "Shown in the Console, followed by the owner's tag; 64 characters together.", tagged=TAG
    )
    phone_number: Field[E164 | None] = optional(
        "The very number to have, as +14155550100; left out, one is searched for.",
        default=None,
        sent="never",
        replaces=True,
    )
    iso_country: Field[IsoCountry] = optional(
        "The country of the number, as two capital letters of ISO 3166.", default="US", sent="never", write_once=True
    )
    number_type: Field[NumberType] = optional(
        "What kind of number to search for.", default="local", sent="never", write_once=True
    )
    area_code: Field[Annotated[int, Interval(ge=200, le=999)] | None] = optional(
        "Its area code; in the US and CA only.", default=None, sent="never", write_once=True
    )
    contains: Field[
        Annotated[str, StringConstraints(pattern=r"^\+?[*%]*[0-9a-zA-Z]{2,}[*%]*\$?$", max_length=16)] | None
    ] = optional(
        "Digits, or letters of the keypad, that are in it: `+` is its beginning, `$` its end, `*` one digit and `%` any"
        " number of them.",
        default=None,
        sent="never",
        write_once=True,
    )
    in_region: Field[str | None] = optional(
        "The state or province, as two letters; in the US and CA only.", default=None, sent="never", write_once=True
    )
    in_locality: Field[str | None] = optional("The city.", default=None, sent="never", write_once=True)
    in_postal_code: Field[str | None] = optional(
        "The postal code; in the US and CA only.", default=None, sent="never", write_once=True
    )
    sms_enabled: Field[bool] = optional("Must it have SMS?", default=True, sent="never", write_once=True)
    mms_enabled: Field[bool] = optional("Must it have MMS?", default=False, sent="never", write_once=True)
    voice_enabled: Field[bool] = optional("Must it have calls?", default=False, sent="never", write_once=True)
    exclude_all_address_required: Field[bool] = optional(
        "Leaves numbers out that need an address.", default=False, sent="never", write_once=True
    )
    exclude_local_address_required: Field[bool] = optional(
        "Leaves numbers out that need an address in their country.", default=False, sent="never", write_once=True
    )
    exclude_foreign_address_required: Field[bool] = optional(
        "Leaves numbers out that need an address outside of their country.",
        default=False,
        sent="never",
        write_once=True,
    )
    beta: Field[bool | None] = optional(
        "May it be new to Twilio's platform? Left out, it may.", default=None, sent="never", write_once=True
    )
    max_monthly_price: Field[Annotated[float, Gt(0)] | None] = optional(
        "The most that a number may cost a month, in the account's currency: for more, none is bought.",
        default=None,
        sent="never",
        write_once=True,
    )
    sms_url: Field[WebhookUrl | None] = optional(
        "Called with every message that it receives, unless its messaging service has a URL of its own.",
        default=None,
        cleared="",
    )
    sms_method: Field[HttpMethod | None] = optional("How it is called.", default=None)
    sms_fallback_url: Field[WebhookUrl | None] = optional("Called where sms_url fails.", default=None, cleared="")
    sms_fallback_method: Field[HttpMethod | None] = optional("How that is called.", default=None)
    sms_application_sid: Field[ApplicationSid | None] = optional(
        "The application that has the URLs for messages, in place of the number's own.", default=None, cleared=""
    )
    voice_url: Field[WebhookUrl | None] = optional("Called with every call.", default=None, cleared="")
    voice_method: Field[HttpMethod | None] = optional("How it is called.", default=None)
    voice_fallback_url: Field[WebhookUrl | None] = optional("Called where voice_url fails.", default=None, cleared="")
    voice_fallback_method: Field[HttpMethod | None] = optional("How that is called.", default=None)
    voice_application_sid: Field[ApplicationSid | None] = optional(
        "The application that has the URLs for calls, in place of the number's own.", default=None, cleared=""
    )
    voice_caller_id_lookup: Field[bool | None] = optional(
        "Looks up the name of every caller, which costs money.", default=None
    )
    trunk_sid: Field[TrunkSid | None] = optional(
        "The SIP trunk that takes its calls, in place of an application.", default=None, cleared=""
    )
    status_callback: Field[WebhookUrl | None] = optional(
        "Called with every change of a call's status.", default=None, cleared=""
    )
    status_callback_method: Field[HttpMethod | None] = optional("How it is called.", default=None)
    address_sid: Field[AddressSid | None] = optional(
        "The `Address` of who uses it, where the law asks for one.", default=None, cleared=""
    )
    bundle_sid: Field[BundleSid | None] = optional(
        "The `RegulatoryBundle`, where the law asks for one: until it is approved, the number is pending.",
        default=None,
        cleared="",
    )
    identity_sid: Field[IdentitySid | None] = optional(
        "The identity document, where the law asks for one outside of a bundle.", default=None, cleared=""
    )
    emergency_address_sid: Field[AddressSid | None] = optional(
        "The `Address`, with emergency_enabled, that is told to emergency services.", default=None, cleared=""
    )
    adopt: Field[PhoneNumberSid | None] = optional(
        "SID of a number of the account to take over, in place of buying one.",
        default=None,
        sent="never",
        write_once=True,
    )
    allow_replacement: Field[bool] = optional(
        "Lets a change of phone_number buy another number.", default=False, sent="never", write_once=True
    )
    replace_lost: Field[PhoneNumberSid | None] = optional(
        "SID of the number that is lost: a new one is bought for it, and for no other.",
        default=None,
        sent="never",
        write_once=True,
    )
    release_on_destroy: Field[bool] = optional(
        "Gives the number back, for good, once this is deleted.", default=False, sent="never"
    )
    marker: Field[str] = owner()
    sid: Field[str | None] = output("Its SID; null while pending.")
    number: Field[str | None] = output("The number, whether it was named or found; null while pending.")
    status: Field[str] = output("pending, active or lost.")
    reasons: ListField[str] = output("What is waited for or lost, and what to do.")
    bought: Field[bool | None] = output("Did this buy it? False: it was there, and was taken over.")
    monthly_price: Field[float | None] = output("What it cost a month when this bought it, without other fees.")
    price_unit: Field[str | None] = output("The currency of that, as USD.")
    capabilities: MapField[bool] = output("What it can: voice, sms, mms, fax.")
    address_requirements: Field[str | None] = output("The address that it needs: none, any, local or foreign.")
    emergency_address_status: Field[str | None] = output("Is its emergency address registered?")
    account_sid: Field[str | None] = output("The account that it belongs to.")
    display_name: Field[str | None] = output("Its friendly name as every list shows it.", wire="FriendlyName")
    warnings: ListField[str] = output("What is wrong with it, and what to do.")

    lifecycle = _PhoneNumbers()
