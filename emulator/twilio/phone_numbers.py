"""Numbers of the account. github.com/twilio/twilio-oai twilio_api_v2010.json,
https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource

Buying a number that the account has already is no error but an update, answered with 201:
github.com/danielberkompas/ex_twilio/pull/116. What is not documented and chosen here: that a release leaves the number
unavailable, that the numbers which depend on an address are those that name it, and what refuses a release while the
emergency address is registered (409, "wrong state"). That address is registered at once, and unregistered once it was
read `emergency_reads` times: a field of the record, 0 if there is none. A number that is being ported out: set
`porting` of its record. Neither applications nor trunks nor identities are emulated.
"""

import re
from typing import Annotated, Any

from flask import Blueprint
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_pascal

from emulator.context import store, vendor_path, violation
from emulator.made_up import sid
from emulator.store import Record
from emulator.twilio.access import FormBool, Method, Page, Url, form, own, page_2010, query
from emulator.twilio.available_phone_numbers import NORTH_AMERICA, area_code, formatted
from emulator.twilio.errors import error, invalid, not_found
from emulator.twilio.regulations import regulated
from emulator.twilio.state import NAME, now, records, rfc_2822

bp = Blueprint("phone_numbers", __name__)
HOST = "api.twilio.com"
PATH = "/2010-04-01/Accounts/<account_sid>/IncomingPhoneNumbers"


Application = Annotated[str, Field(pattern="^AP[0-9a-fA-F]{32}$")] | None
Trunk = Annotated[str, Field(pattern="^TK[0-9a-fA-F]{32}$")] | None
Address = Annotated[str, Field(pattern="^AD[0-9a-fA-F]{32}$")] | None
Identity = Annotated[str, Field(pattern="^RI[0-9a-fA-F]{32}$")] | None
Bundle = Annotated[str, Field(pattern="^BU[0-9a-fA-F]{32}$")] | None


class Settings(BaseModel):
    """What can be changed of a number. That an empty value clears is what clients count on:
    https://www.twilio.com/docs/voice/sip/api/emergency-calling-api says "set Emergency Address to Null"."""

    model_config = ConfigDict(alias_generator=to_pascal, populate_by_name=True)

    friendly_name: str | None = Field(default=None, max_length=64)
    sms_url: Url | None = None
    sms_method: Method = "POST"
    sms_fallback_url: Url | None = None
    sms_fallback_method: Method = "POST"
    sms_application_sid: Application = None
    voice_url: Url | None = None
    voice_method: Method = "POST"
    voice_fallback_url: Url | None = None
    voice_fallback_method: Method = "POST"
    voice_application_sid: Application = None
    voice_caller_id_lookup: FormBool = False
    trunk_sid: Trunk = None
    status_callback: Url | None = None
    status_callback_method: Method = "POST"
    emergency_address_sid: Address = None
    address_sid: Address = None
    identity_sid: Identity = None
    bundle_sid: Bundle = None


class Purchase(Settings):
    phone_number: str | None = None
    area_code: Annotated[str, Field(pattern="^[2-9][0-9]{2}$")] | None = None


class Filter(Page):
    model_config = ConfigDict(alias_generator=to_pascal, populate_by_name=True)

    beta: FormBool = True
    friendly_name: str | None = None
    phone_number: str | None = None
    origin: str | None = None


def _settings(number: Record, sent: dict[str, str]) -> dict[str, Any]:
    """The settings after this request: what is left out stays as it was."""
    names = {field.alias: name for name, field in Settings.model_fields.items()}
    fields = {alias: number[name] for alias, name in names.items() if number.get(name) is not None}
    fields |= {alias: value for alias, value in sent.items() if alias in names}
    try:
        accepted = Settings.model_validate({alias: value for alias, value in fields.items() if value != ""})
    except ValidationError as cause:
        raise invalid(cause) from cause
    after = accepted.model_dump()
    # "Setting a trunk_sid will automatically delete your voice_application_sid and vice versa."
    if sent.get("TrunkSid"):
        after["voice_application_sid"] = None
    elif sent.get("VoiceApplicationSid"):
        after["trunk_sid"] = None
    for fallback, url, code in (("voice_fallback_url", "voice_url", 21405), ("sms_fallback_url", "sms_url", 21406)):
        if after[fallback] and not after[url]:  # https://www.twilio.com/docs/api/errors/21405 and 21406
            raise error(400, code, f"Cannot set {to_pascal(fallback)} without setting {to_pascal(url)}")
    for name in ("address_sid", "emergency_address_sid"):
        if after[name] and after[name] not in records("addresses"):
            raise error(400, 21651, "Document does not satisfy regulatory requirement")
    return after


def _requirements(number: Record, settings: dict[str, Any]) -> None:
    """What the law asks for, of a number to be bought as of one that is changed."""
    kinds = {"local": "local", "mobile": "mobile", "toll free": "toll-free"}
    bundle, country = records("bundles").get(settings["bundle_sid"] or ""), number.get("iso_country", "US")
    if regulated(country, kinds[number["type"]]):
        regulation = records("regulations").get((bundle or {}).get("regulation_sid") or "", {})
        fits = regulation.get("iso_country", country) == country
        if bundle is None or bundle["status"] != "twilio-approved" or not fits:
            # https://twilio.com/en-us/changelog/regulated-number-bundle-provisioning-requirement
            raise error(400, 21649, "Bundle required: the number needs an approved Bundle that is valid for it")
    need, address = number["address_requirements"], records("addresses").get(settings["address_sid"] or "")
    if need != "none" and address is None:
        raise error(400, 21631, "Phone Number Requires an Address")
    if need == "local" and address and address["iso_country"] != country:
        raise error(400, 21615, "Phone Number Requires a Local Address")
    if need == "foreign" and address and address["iso_country"] == country:
        raise error(400, 21631, "Phone Number Requires an Address outside of its country")


def _apply(number: Record, settings: dict[str, Any]) -> None:
    had, wanted = number.get("emergency_address_sid"), settings["emergency_address_sid"]
    if wanted != had:
        if wanted and number.get("emergency_address_status") not in (None, "unregistered"):
            # https://www.twilio.com/docs/voice/sip/api/emergency-calling-api: unregistered first, then the new one
            raise error(409, 20409, "The emergency address of this number is not unregistered")
        waits = not wanted and number.get("emergency_reads")
        number["emergency_address_status"] = (
            "registered" if wanted else "pending-unregistration" if waits else "unregistered"
        )
    name = settings["friendly_name"] or formatted(number["phone_number"])
    number.update(settings, friendly_name=name, date_updated=now())


def _number(account_sid: str, phone_number_sid: str) -> Record:
    own(account_sid)
    number = records("incoming_phone_numbers").get(phone_number_sid)
    if number is None or number["account_sid"] != account_sid:
        raise not_found(vendor_path())
    return number


def _view(number: Record) -> dict[str, Any]:
    """SIDs that are not set are null, but for the SMS application's: the document's examples have it empty."""
    settings = Settings.model_validate({name: number.get(name) for name in Settings.model_fields if number.get(name)})
    path = f"/2010-04-01/Accounts/{number['account_sid']}/IncomingPhoneNumbers/{number['sid']}.json"
    shown = ("sid", "account_sid", "phone_number", "capabilities", "address_requirements", "type")
    return (
        settings.model_dump()
        | {name: number[name] for name in shown}
        | {name: rfc_2822(number.get(name) or now()) for name in ("date_created", "date_updated")}
        | {
            "sms_application_sid": number.get("sms_application_sid") or "",
            "emergency_address_status": number.get("emergency_address_status", "unregistered"),
            "emergency_status": "Active" if number.get("emergency_address_sid") else "Inactive",
            "voice_receive_mode": "voice",
            "beta": number.get("beta", False),
            "origin": "twilio",
            "status": "in-use",
            "api_version": "2010-04-01",
            "uri": path,
        }
    )


def _chosen(bought: Purchase) -> str:
    """The number that is asked for; of an area code, any."""
    if (bought.phone_number is None) == (bought.area_code is None):
        raise error(400, 20001, "One of PhoneNumber and AreaCode is required")
    if bought.phone_number is not None:
        if not re.fullmatch(r"\+[1-9]\d{6,14}", bought.phone_number):
            raise error(400, 21421, "Phone Number is invalid")  # https://www.twilio.com/docs/errors/21421
        return bought.phone_number
    stock = records("available_phone_numbers").values()
    of_code = (
        str(row["phone_number"])
        for row in stock
        if row["iso_country"] in NORTH_AMERICA and str(area_code(row["phone_number"])) == bought.area_code
    )
    found = next(of_code, None)
    if found is None:
        raise error(400, 21452, "No phone numbers found in area code")
    return found


@bp.post(f"{PATH}.json")
def create(account_sid: str) -> tuple[dict[str, Any], int]:
    own(account_sid)
    sent = form(Purchase)
    try:
        bought = Purchase.model_validate({name: value for name, value in sent.items() if value != ""})
    except ValidationError as cause:
        raise invalid(cause, 21451 if "AreaCode" in str(cause) else 20001) from cause
    owned = {n["phone_number"]: n for n in records("incoming_phone_numbers").values()}
    chosen = _chosen(bought)
    if chosen in owned and owned[chosen]["account_sid"] == account_sid:
        return _changed(owned[chosen], sent), 201
    if records("accounts")[account_sid]["type"] == "Trial" and owned:
        # Its words: github.com/stefanjudis/create-phone-number-forwarding/issues/6
        raise error(400, 21404, "Trial accounts are allowed only one Twilio number.")
    offered = records("available_phone_numbers").get(chosen)
    if offered is None:
        raise error(400, 21422, "PhoneNumber is not available")  # https://www.twilio.com/docs/errors/21422
    kept = ("phone_number", "iso_country", "type", "address_requirements", "beta")
    number: Record = {name: offered[name] for name in kept} | {
        "sid": sid("PN", store().number("phone number")),
        "account_sid": account_sid,
        "capabilities": offered["capabilities"] | {"fax": False},
        "date_created": now(),
    }
    settings = _settings(number, sent)
    _requirements(number, settings)
    _apply(number, settings)
    store().remove(NAME, "available_phone_numbers", chosen)
    records("incoming_phone_numbers")[number["sid"]] = number
    return _view(number), 201


@bp.get(f"{PATH}.json")
def listing(account_sid: str) -> dict[str, Any]:
    """`PhoneNumber` may be a part of one, with `*` for any digit; a name is compared as a whole, which is not
    documented."""
    own(account_sid)
    asked = query(Filter)
    part = re.sub(r"[^\d*]", "", asked.phone_number or "").replace("*", r"\d")
    rows = [
        row
        for row in records("incoming_phone_numbers").values()
        if row["account_sid"] == account_sid
        and re.search(part, row["phone_number"])
        and asked.friendly_name in (None, row["friendly_name"])
        and asked.origin in (None, "twilio")
        and (asked.beta or not row.get("beta"))
    ]
    return page_2010(asked, "incoming_phone_numbers", map(_view, rows))


@bp.get(f"{PATH}/<phone_number_sid>.json")
def fetch(account_sid: str, phone_number_sid: str) -> dict[str, Any]:
    number = _number(account_sid, phone_number_sid)
    if number.get("emergency_address_status") == "pending-unregistration":
        number["emergency_reads"] -= 1
        if not number["emergency_reads"]:
            number["emergency_address_status"] = "unregistered"
    return _view(number)


_NOT_SHOWN_OF_DEPENDENTS = {
    *("address_sid", "beta", "bundle_sid", "emergency_address_status", "identity_sid"),
    *("origin", "status", "type", "voice_receive_mode"),
}


def dependent(address_sid: str) -> list[Record]:
    rows = records("incoming_phone_numbers").values()
    return [row for row in rows if address_sid in (row.get("address_sid"), row.get("emergency_address_sid"))]


@bp.get("/2010-04-01/Accounts/<account_sid>/Addresses/<address_sid>/DependentPhoneNumbers.json")
def dependents(account_sid: str, address_sid: str) -> dict[str, Any]:
    """As the numbers' own list, but for a SID that is not set: only there does the document have it empty."""
    own(account_sid)
    if records("addresses").get(address_sid, {}).get("account_sid") != account_sid:
        raise not_found(vendor_path())
    rows = [
        {name: value for name, value in _view(number).items() if name not in _NOT_SHOWN_OF_DEPENDENTS}
        | {"sms_application_sid": number.get("sms_application_sid")}
        for number in dependent(address_sid)
    ]
    return page_2010(query(Page), "dependent_phone_numbers", rows)


def _changed(number: Record, sent: dict[str, str]) -> dict[str, Any]:
    settings = _settings(number, sent)
    _requirements(number, settings)
    _apply(number, settings)
    return _view(number)


@bp.post(f"{PATH}/<phone_number_sid>.json")
def update(account_sid: str, phone_number_sid: str) -> dict[str, Any]:
    number = _number(account_sid, phone_number_sid)
    return _changed(number, form(Settings))


@bp.delete(f"{PATH}/<phone_number_sid>.json")
def delete(account_sid: str, phone_number_sid: str) -> tuple[str, int]:
    number = _number(account_sid, phone_number_sid)
    if number.get("porting"):
        raise error(400, 22350, "The phone number is being ported out and cannot be released")
    if number.get("emergency_address_status", "unregistered") != "unregistered":
        raise error(409, 20409, "The emergency address of this number is not unregistered")
    if any(row.get("sid") == phone_number_sid for row in records("service_senders").values()):
        violation("a number was released that is still in a sender pool")
    store().remove(NAME, "incoming_phone_numbers", phone_number_sid)
    return "", 204
