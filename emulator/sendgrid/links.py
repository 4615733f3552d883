"""Branded links. github.com/twilio/sendgrid-oai tsg_link_branding_v3.json"""

from typing import Any, Literal

from flask import Blueprint
from pydantic import Field

from emulator.context import store
from emulator.sendgrid import whitelabel
from emulator.sendgrid.access import Body, Query, authorize, json_body, query
from emulator.sendgrid.errors import error, not_found
from emulator.sendgrid.state import records
from emulator.sendgrid.whitelabel import OfSubuser, Username
from emulator.store import Record

bp = Blueprint("links", __name__)

PATH = "/v3/whitelabel/links"
ASSOCIATIONS = "link_associations"


class NewLink(Body):
    domain: whitelabel.Domain
    subdomain: whitelabel.Host | None = None
    default: bool = False
    # Its own two words, where domains and subusers have `global` and `eu`.
    region: Literal["us", "eu"] = "us"


class Change(Body):
    default: bool | None = None


class ListQuery(Query):
    """There is no way to a second page."""

    limit: int | None = Field(default=None, ge=1)


class DefaultQuery(Query):
    domain: str | None = None


def _view(link: Record) -> dict[str, Any]:
    names = ("id", "user_id", "subdomain", "domain", "default", "valid", "dns")
    return {name: link[name] for name in names} | {"username": link["owner"], "legacy": False}


@bp.post(PATH)
def create() -> tuple[dict[str, Any], int]:
    caller = authorize("whitelabel.create")
    body = json_body(NewLink)
    number = store().number("link")
    subdomain = body.subdomain or f"url{1000 + number}"
    host = (body.domain, subdomain)
    # "Must be different from the subdomain you used for authenticating your domain." The words are the emulator's.
    if any((domain["domain"], domain["subdomain"]) == host for domain in whitelabel.own("domains", caller.username)):
        raise error(400, "the subdomain must be different from that of the authenticated domain", "subdomain")
    if any((link["domain"], link["subdomain"]) == host for link in whitelabel.own("links", caller.username)):
        raise error(400, "a branded link exists for this domain and subdomain", "subdomain")
    # "eu.sendgrid.net for Regional Email": the page of any operation on links.
    target = "eu.sendgrid.net" if body.region == "eu" else "sendgrid.net"
    link = whitelabel.add(
        "links",
        {
            "id": 2_000_000 + number,
            "owner": caller.username,
            "user_id": caller.user_id,
            "domain": body.domain,
            "subdomain": subdomain,
            "default": False,
            "valid": False,
            "dns": {
                "domain_cname": whitelabel.dns("cname", f"{subdomain}.{body.domain}", target),
                "owner_cname": whitelabel.dns("cname", f"{caller.user_id}.{body.domain}", target),
            },
        },
    )
    if body.default:
        whitelabel.make_default("links", link)
    return _view(link), 201


@bp.get(PATH)
def listing() -> list[dict[str, Any]]:
    """Whether the parent sees its subusers' links is not documented: here it does, as with domains."""
    caller = authorize("whitelabel.read")
    rows = [link for link in records("links").values() if caller.username == link["owner"] or not caller.is_subuser]
    return [_view(link) for link in rows[: query(ListQuery).limit]]


@bp.get(f"{PATH}/default")
def default() -> dict[str, Any]:
    caller = authorize("whitelabel.read")
    asked = query(DefaultQuery)
    for link in whitelabel.own("links", caller.username):
        if link["default"] and link["valid"] and asked.domain in (None, link["domain"]):
            return _view(link)
    raise not_found("there is no default link")  # otherwise SendGrid's own host is used, which has no id


@bp.get(f"{PATH}/<int:link_id>")
def read(link_id: int) -> dict[str, Any]:
    return _view(whitelabel.found("links", authorize("whitelabel.read"), link_id))


@bp.patch(f"{PATH}/<int:link_id>")
def update(link_id: int) -> dict[str, Any]:
    link = whitelabel.found("links", authorize("whitelabel.update"), link_id)
    wanted = json_body(Change).default
    if wanted:
        whitelabel.make_default("links", link)
    elif wanted is False:
        link["default"] = False
    return _view(link)


@bp.delete(f"{PATH}/<int:link_id>")
def delete(link_id: int) -> tuple[str, int]:
    """What becomes of associations is not documented: here they go with it."""
    reply = whitelabel.remove("links", authorize("whitelabel.delete"), link_id)
    whitelabel.dissociate(ASSOCIATIONS, id_=link_id)
    return reply


@bp.post(f"{PATH}/<int:link_id>/subuser")
def associate(link_id: int) -> dict[str, Any]:
    """200, as the document has it (older pages had 201). A subuser has one, as the calls to read and to take it away
    name no link: that a second takes the first one's place is the emulator's choice."""
    link = whitelabel.lendable("links", authorize("whitelabel.update", parent_only=True), link_id)
    username = json_body(Username).username
    whitelabel.subuser(username)
    whitelabel.dissociate(ASSOCIATIONS, username)
    whitelabel.associate(ASSOCIATIONS, link, username)
    return _view(link)


@bp.get(f"{PATH}/subuser")
def associated() -> dict[str, Any]:
    authorize("whitelabel.read", parent_only=True)
    links = whitelabel.associated(ASSOCIATIONS, "links", query(OfSubuser).username)
    if not links:
        raise not_found("no link is associated with this user")  # as with domains
    return _view(links[0])


@bp.delete(f"{PATH}/subuser")
def dissociate() -> tuple[str, int]:
    authorize("whitelabel.update", parent_only=True)
    if not whitelabel.dissociate(ASSOCIATIONS, query(OfSubuser).username):
        raise not_found("no link is associated with this user")
    return "", 204
