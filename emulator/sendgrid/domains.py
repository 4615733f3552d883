"""Authenticated domains. github.com/twilio/sendgrid-oai tsg_domain_authentication_v3.json

Of its two shapes of `dns` each has the one that its security gives it, in all operations; the document has one of the
two for each operation.
"""

from ipaddress import IPv4Address
from typing import Any, Literal

from flask import Blueprint
from pydantic import Field

from emulator.context import store
from emulator.made_up import token
from emulator.sendgrid import whitelabel
from emulator.sendgrid.access import Body, Query, authorize, json_body, query
from emulator.sendgrid.errors import error, not_found
from emulator.sendgrid.state import records
from emulator.sendgrid.whitelabel import OfSubuser, Username
from emulator.store import Record

bp = Blueprint("domains", __name__)

PATH = "/v3/whitelabel/domains"
ASSOCIATIONS = "domain_associations"
# "a subuser can have up to five associated authenticated domains"
ASSOCIATED = 5


class NewDomain(Body):
    """What is left out is false, but for security: that the screen has automatic security on is documented."""

    domain: whitelabel.Domain
    subdomain: whitelabel.Host | None = None
    username: str | None = None
    ips: list[IPv4Address] = Field(default=[])
    custom_spf: bool = False
    default: bool = False
    automatic_security: bool = True
    custom_dkim_selector: str | None = Field(default=None, pattern="^[A-Za-z0-9]{3}$")
    region: Literal["global", "eu"] = "global"


class Change(Body):
    default: bool | None = None
    custom_spf: bool | None = None


class Address(Body):
    ip: IPv4Address


class ListQuery(Query):
    # No default page size is documented.
    limit: int = Field(default=50, ge=1)
    offset: int = Field(default=0, ge=0)
    exclude_subusers: bool = False
    username: str | None = None
    domain: str = ""


class DefaultQuery(Query):
    domain: str | None = None


def _dns(domain: Record) -> dict[str, Any]:
    """Hosts below the domain, data with the user's number: `u7.wl.sendgrid.net` in the document, with a number behind
    `wl` in what users show. The second selector is the first with a 2 behind it. (Targets of the EU are a guess, after
    those of links.)"""
    name, sub, chosen = domain["domain"], f"{domain['subdomain']}.{domain['domain']}", domain["selector"]
    if domain["automatic_security"]:
        net = "eu.sendgrid.net" if domain["region"] == "eu" else "sendgrid.net"
        target = f"u{domain['user_id']}.wl{domain['id'] % 1000:03}.{net}"
        first, second = (chosen, f"{chosen}2") if chosen else ("s1", "s2")
        return {
            "mail_cname": whitelabel.dns("cname", sub, target),
            "dkim1": whitelabel.dns("cname", f"{first}._domainkey.{name}", f"{first}.domainkey.{target}"),
            "dkim2": whitelabel.dns("cname", f"{second}._domainkey.{name}", f"{second}.domainkey.{target}"),
        }
    senders = [f"ip4:{ip}" for ip in domain["ips"]] if domain["custom_spf"] else ["include:sendgrid.net"]
    return {
        "mail_server": whitelabel.dns("mx", sub, "mx.sendgrid.net"),
        "subdomain_spf": whitelabel.dns("txt", sub, " ".join(["v=spf1", *senders, "-all"])),
        "domain_spf": whitelabel.dns("txt", name, f"v=spf1 include:{sub} -all"),
        "dkim": whitelabel.dns(
            "txt", f"{chosen or 'm1'}._domainkey.{name}", f"k=rsa; t=s; p={token(40, 'dkim', domain['id'])}"
        ),
    }


def _renew(domain: Record) -> None:
    """New records where the settings ask for others; what changed is to be validated anew."""
    for name, record in _dns(domain).items():
        if record["data"] != domain["dns"][name]["data"]:
            domain["dns"][name] = record
            domain["valid"] = False


def _view(domain: Record, *more: str) -> dict[str, Any]:
    """`ips` comes back empty, whatever was sent: so clients report. `region` and the selector are in no reply."""
    names = (
        "id", "user_id", "subdomain", "domain", "custom_spf", "default", "automatic_security", "valid", "dns",
    )  # fmt: skip
    view = {name: domain[name] for name in names}
    return view | {"username": domain["owner"], "ips": [], "legacy": False, **{name: domain[name] for name in more}}


def _row(domain: Record) -> dict[str, Any]:
    users = [row["owner"] for row in records(ASSOCIATIONS).values() if row["id"] == domain["id"]]
    subusers = [{"user_id": records("subusers")[user]["id"], "username": user} for user in users]
    attempt = {"last_validation_attempt_at"} & domain.keys()
    return _view(domain, *attempt) | {"subusers": subusers}


def _check(domain: Record) -> None:
    # "This option is only available to authenticated domains set up for manual security."
    if domain["custom_spf"] and domain["automatic_security"]:
        raise error(400, "custom SPF is not available with automated security", "custom_spf")


@bp.post(PATH)
def create() -> tuple[dict[str, Any], int]:
    caller = authorize("whitelabel.create")
    body = json_body(NewDomain)
    owner, user_id = caller.username, caller.user_id
    if body.username not in (None, owner):
        if caller.is_subuser:
            raise error(400, "invalid username", "username")
        owner, user_id = str(body.username), whitelabel.subuser(str(body.username))["id"]
    number = store().number("domain")
    domain: Record = {
        **body.model_dump(mode="json", exclude={"username", "custom_dkim_selector"}),
        "id": 1_000_000 + number,
        "subdomain": body.subdomain or f"em{1000 + number}",
        "selector": body.custom_dkim_selector,
        "owner": owner,
        "user_id": user_id,
        "valid": False,
    }
    _check(domain)
    # Two of one host in one account could not be told apart; status and words are the emulator's.
    if any((d["domain"], d["subdomain"]) == (domain["domain"], domain["subdomain"]) for d in _own(owner)):
        raise error(400, "an authenticated domain exists for this domain and subdomain", "subdomain")
    domain["dns"] = _dns(domain)
    whitelabel.add("domains", domain)
    if body.default:
        whitelabel.make_default("domains", domain)
    return _view(domain), 201


def _own(username: str) -> list[Record]:
    return whitelabel.own("domains", username)


@bp.get(PATH)
def listing() -> list[dict[str, Any]]:
    caller = authorize("whitelabel.read")
    asked = query(ListQuery)
    # "Search for authenticated domains": a part of the name suffices, so that a client must compare for itself.
    rows = [
        domain
        for domain in records("domains").values()
        if asked.domain in domain["domain"]
        and asked.username in (None, domain["owner"])
        and (domain["owner"] == caller.username or not (caller.is_subuser or asked.exclude_subusers))
    ]
    return [_row(domain) for domain in rows[asked.offset :][: asked.limit]]


@bp.get(f"{PATH}/default")
def default() -> list[dict[str, Any]]:
    caller = authorize("whitelabel.read")
    asked = query(DefaultQuery)
    rows = [domain for domain in _own(caller.username) if domain["default"]]
    return [_row(domain) for domain in rows if asked.domain in (None, domain["domain"])]


@bp.get(f"{PATH}/<int:domain_id>")
def read(domain_id: int) -> dict[str, Any]:
    return _view(whitelabel.found("domains", authorize("whitelabel.read"), domain_id))


@bp.patch(f"{PATH}/<int:domain_id>")
def update(domain_id: int) -> dict[str, Any]:
    """One object, as github.com/kenzo0107/sendgrid authenticated_domain.go reads it; the document has a list."""
    domain = whitelabel.found("domains", authorize("whitelabel.update"), domain_id)
    changes = json_body(Change).model_dump(exclude_none=True)
    _check(domain | changes)
    domain.update(changes)
    if domain["default"]:
        whitelabel.make_default("domains", domain)
    _renew(domain)
    return _view(domain)


@bp.delete(f"{PATH}/<int:domain_id>")
def delete(domain_id: int) -> tuple[str, int]:
    """What becomes of associations is not documented: here they go with it."""
    reply = whitelabel.remove("domains", authorize("whitelabel.delete"), domain_id)
    whitelabel.dissociate(ASSOCIATIONS, id_=domain_id)
    return reply


@bp.post(f"{PATH}/<int:domain_id>/ips")
def add_ip(domain_id: int) -> dict[str, Any]:
    """ "Used for manually specifying IPs for custom SPF". Adding one again is not documented: here it does nothing."""
    domain = whitelabel.found("domains", authorize("whitelabel.update"), domain_id)
    ip = str(json_body(Address).ip)
    if not domain["custom_spf"]:
        raise error(400, "the domain has no custom SPF", "ip")
    domain["ips"] = [*domain["ips"], *([] if ip in domain["ips"] else [ip])]
    _renew(domain)
    return _view(domain)


@bp.delete(f"{PATH}/<int:domain_id>/ips/<ip>")
def remove_ip(domain_id: int, ip: str) -> dict[str, Any]:
    domain = whitelabel.found("domains", authorize("whitelabel.update"), domain_id)
    if ip not in domain["ips"]:
        raise not_found("the domain has no such IP")
    domain["ips"] = [other for other in domain["ips"] if other != ip]
    _renew(domain)
    return _view(domain)


@bp.post(f"{PATH}/<int:domain_id>/subuser")
def associate(domain_id: int) -> tuple[dict[str, Any], int]:
    """For one domain: that it takes the place of others is taken from there being another call for several."""
    return _associate(domain_id, alone=True)


@bp.post(f"{PATH}/<int:domain_id>/subuser:add")
def associate_another(domain_id: int) -> tuple[dict[str, Any], int]:
    return _associate(domain_id, alone=False)


def _associate(domain_id: int, *, alone: bool) -> tuple[dict[str, Any], int]:
    domain = whitelabel.lendable("domains", authorize("whitelabel.update", parent_only=True), domain_id)
    username = json_body(Username).username
    others = [
        other for other in whitelabel.associated(ASSOCIATIONS, "domains", username) if other["id"] != domain["id"]
    ]
    if alone:
        whitelabel.dissociate(ASSOCIATIONS, username)
    elif len(others) >= ASSOCIATED:
        # The status is the emulator's, the words are the page's.
        raise error(400, "a subuser can have up to five associated authenticated domains")
    whitelabel.associate(ASSOCIATIONS, domain, username)
    return _view(domain), 201


@bp.delete(f"{PATH}/<int:domain_id>/subuser")
def dissociate_one(domain_id: int) -> tuple[str, int]:
    authorize("whitelabel.update", parent_only=True)
    return _dissociate(query(OfSubuser).username, domain_id)


@bp.delete(f"{PATH}/subuser")
def dissociate() -> tuple[str, int]:
    authorize("whitelabel.update", parent_only=True)
    return _dissociate(query(OfSubuser).username)


def _dissociate(username: str, domain_id: int | None = None) -> tuple[str, int]:
    if not whitelabel.dissociate(ASSOCIATIONS, username, domain_id):
        raise not_found("no domain is associated with this user")
    return "", 204


@bp.get(f"{PATH}/subuser")
def associated() -> dict[str, Any]:
    """404 where there is none: github.com/digitalocean/terraform-provider-sendgrid issue 6."""
    domains = _associated()
    if not domains:
        raise not_found("no domain is associated with this user")
    return _view(domains[0])


@bp.get(f"{PATH}/subuser/all")
def all_associated() -> list[dict[str, Any]]:
    return [_view(domain) for domain in _associated()]


def _associated() -> list[Record]:
    authorize("whitelabel.read", parent_only=True)
    return whitelabel.associated(ASSOCIATIONS, "domains", query(OfSubuser).username)
