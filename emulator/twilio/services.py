"""Messaging services. github.com/twilio/twilio-oai twilio_messaging_v1.json

Names are not unique, and the list has no filters. Which states of a campaign make the service registered is not
documented; here, it is VERIFIED, the last of PENDING, IN_PROGRESS, VERIFIED and FAILED.
"""

from typing import Annotated, Any, Literal

from flask import Blueprint
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_pascal

from emulator.context import store, url
from emulator.made_up import sid
from emulator.store import Record
from emulator.twilio.access import FormBool, FormInt, Method, Url, authorize, form, owned, page
from emulator.twilio.errors import invalid
from emulator.twilio.state import NAME, now, records

bp = Blueprint("services", __name__)
HOST = "messaging.twilio.com"
PATH = "/v1/Services"

# The document's example has the first two descriptions; the values are those of the field Usecase.
USECASES = {
    "notifications": "Notify my users.",
    "marketing": "Market my services.",
    "verification": "Verify my users.",
    "discussion": "Discuss with my users.",
    "poll": "Poll my users.",
    "undeclared": "Undeclared.",
}


def _usecase(value: str) -> str:
    if value not in USECASES:
        raise ValueError(f"must be one of {', '.join(USECASES)}")
    return value


class Service(BaseModel):
    """What a service is made of: the fields of a request in PascalCase, of a reply in snake_case.

    The document names the defaults of InboundMethod and ValidityPeriod; the others are the emulator's choice.
    """

    model_config = ConfigDict(alias_generator=to_pascal, populate_by_name=True)

    friendly_name: str = Field(min_length=1, max_length=64)
    inbound_request_url: Url | None = None
    inbound_method: Method = "POST"
    fallback_url: Url | None = None
    fallback_method: Method = "POST"
    status_callback: Url | None = None
    sticky_sender: FormBool = True
    mms_converter: FormBool = True
    smart_encoding: FormBool = True
    scan_message_content: Literal["inherit", "enable", "disable"] = "inherit"
    fallback_to_long_code: FormBool = True
    area_code_geomatch: FormBool = True
    validity_period: FormInt = Field(default=36_000, ge=1, le=36_000)
    synchronous_validation: FormBool = False
    usecase: Annotated[str, AfterValidator(_usecase)] = "undeclared"
    use_inbound_webhook_on_number: FormBool = False


def _validated(current: dict[str, Any]) -> dict[str, Any]:
    """The fields after this request. An empty value clears what can be empty."""
    sent = form(Service)
    names = {field.alias: name for name, field in Service.model_fields.items()}
    cleared = {a for a, value in sent.items() if value == "" and Service.model_fields[names[a]].default is None}
    fields = {alias: current[name] for alias, name in names.items() if name in current} | sent
    try:
        return Service.model_validate({a: v for a, v in fields.items() if a not in cleared}).model_dump()
    except ValidationError as cause:
        raise invalid(cause) from cause


def _view(service: Record) -> dict[str, Any]:
    path, campaign = f"{PATH}/{service['sid']}", records("campaigns").get(service["sid"], {})
    links = {
        "phone_numbers": "PhoneNumbers",
        "short_codes": "ShortCodes",
        "alpha_senders": "AlphaSenders",
        "messages": "Messages",
        "us_app_to_person": "Compliance/Usa2p",
        "us_app_to_person_usecases": "Compliance/Usa2p/Usecases",
        "channel_senders": "ChannelSenders",
        "destination_alpha_senders": "DestinationAlphaSenders",
    }
    return service | {
        "us_app_to_person_registered": campaign.get("campaign_status") == "VERIFIED",
        "url": url(HOST, path),
        "links": {name: url(HOST, f"{path}/{part}") for name, part in links.items()},
    }


@bp.post(PATH)
def create() -> tuple[dict[str, Any], int]:
    caller = authorize()
    fields = _validated({})
    service_sid = sid("MG", store().number("service"))
    stamps = {"date_created": now(), "date_updated": now()}
    service = {"sid": service_sid, "account_sid": caller.account_sid} | fields | stamps
    records("services")[service_sid] = service
    return _view(service), 201


@bp.get(PATH)
def listing() -> dict[str, Any]:
    caller = authorize()
    own = [service for service in records("services").values() if service["account_sid"] == caller.account_sid]
    return page("services", map(_view, own))


@bp.get(f"{PATH}/Usecases")
def usecases() -> dict[str, Any]:
    authorize()
    return {"usecases": [{"usecase": u, "description": p, "purpose": p} for u, p in USECASES.items()]}


@bp.get(f"{PATH}/<service_sid>")
def fetch(service_sid: str) -> dict[str, Any]:
    return _view(owned("services", service_sid))


@bp.post(f"{PATH}/<service_sid>")
def update(service_sid: str) -> dict[str, Any]:
    """Fields that are left out keep their values."""
    service = owned("services", service_sid)
    service.update(_validated(service), date_updated=now())
    return _view(service)


@bp.delete(f"{PATH}/<service_sid>")
def delete(service_sid: str) -> tuple[str, int]:
    """What is in its pool stays in the account. What becomes of a campaign is not documented; here, it goes as well."""
    owned("services", service_sid)
    store().remove(NAME, "services", service_sid)
    return "", 204
