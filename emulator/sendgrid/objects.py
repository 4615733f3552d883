"""Reading what is validated, by its id.

github.com/twilio/sendgrid-oai tsg_domain_authentication_v3.json, tsg_link_branding_v3.json, tsg_reverse_dns_v3.json
"""

from typing import Any

from flask import Blueprint

from emulator.sendgrid.access import authorize
from emulator.sendgrid.errors import not_found
from emulator.sendgrid.state import records

bp = Blueprint("objects", __name__)

_HIDDEN = ("owner", "selector", "region", "ips")


def _view(collection: str, id_: int) -> dict[str, Any]:
    caller = authorize("whitelabel.read")
    record = records(collection).get(str(id_))
    if record is None or (caller.is_subuser and record["owner"] != caller.username):
        raise not_found()
    return {name: value for name, value in record.items() if name not in _HIDDEN} | {"legacy": False}


@bp.get("/v3/whitelabel/domains/<int:id_>")
def domain(id_: int) -> dict[str, Any]:
    view = _view("domains", id_)
    return view | {"username": records("domains")[str(id_)]["owner"], "ips": []}


@bp.get("/v3/whitelabel/links/<int:id_>")
def link(id_: int) -> dict[str, Any]:
    return _view("links", id_) | {"username": records("links")[str(id_)]["owner"]}


@bp.get("/v3/whitelabel/ips/<int:id_>")
def reverse_dns(id_: int) -> dict[str, Any]:
    return _view("reverse_dns", id_) | {"users": []}
