"""A2P 10DLC campaigns, as a service lists them. github.com/twilio/twilio-oai twilio_messaging_v1.json"""

from typing import Any

from flask import Blueprint

from emulator.context import url
from emulator.store import Record
from emulator.twilio.access import authorize, page
from emulator.twilio.services import campaigns, owned

bp = Blueprint("campaigns", __name__)
HOST = "messaging.twilio.com"
PATH = "/v1/Services/<service_sid>/Compliance/Usa2p"


def _view(campaign: Record) -> dict[str, Any]:
    path = f"/v1/Services/{campaign['messaging_service_sid']}/Compliance/Usa2p/{campaign['sid']}"
    return campaign | {"url": url(HOST, path)}


@bp.get(PATH)
def listing(service_sid: str) -> dict[str, Any]:
    owned(authorize().account_sid, service_sid)
    return page("compliance", map(_view, campaigns(service_sid)))
