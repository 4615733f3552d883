"""https://www.twilio.com/docs/sendgrid/api-reference/link-branding"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final, Literal

from providers.declaration import Values, tag
from providers.errors import OwnershipError
from providers.lifecycle import Reply
from providers.resource import Field, ListField, Resource, optional, output, owner, required
from providers.sendgrid.client import SendGrid
from providers.sendgrid.sender_authentication import Authentications
from providers.shapes import DomainName, Subdomain

_LIMIT: Final = 3000
"""As many as an account may have: the list has a `limit`, and no way to a next page."""

_ON_THE_WIRE: Final = {"global": "us", "eu": "eu"}


def _region(row: Reply) -> str:
    """Links of the EU lead to eu.sendgrid.net, all others to sendgrid.net.

    https://www.twilio.com/docs/sendgrid/api-reference/link-branding/associate-a-branded-link-with-a-subuser
    """
    targets = (record["data"] for record in row["dns"].values())
    return "eu" if any(target == "eu.sendgrid.net" for target in targets) else "global"


class _BrandedLinks(Authentications):
    """The host is one link's alone: what has it, in this account and region, is the one that is asked for."""

    unread: ClassVar[frozenset[str]] = frozenset({"region"})

    def derived(self, olds: Values, news: Values) -> Values:
        """A subdomain that was left out: the one that it has, or else `url` and the owner's digits."""
        if news.get("subdomain") is not None or news.get("marker") is None:
            return {}
        return {"subdomain": olds.get("subdomain") or f"url{int(tag(news['marker']), 16) % 1_000_000:06}"}

    def body(
        self, client: SendGrid, verb: str, values: Mapping[str, Any], olds: Mapping[str, Any] | None = None
    ) -> Values:
        """Its regions are `us` and `eu`, where those of all others are `global` and `eu`."""
        sent = super().body(client, verb, values, olds)
        return {**sent, "region": _ON_THE_WIRE[sent["region"]]} if "region" in sent else sent

    def find(self, client: SendGrid, inputs: Values) -> Reply | None:
        """Whether the parent's list has its subusers' links too is not documented: the user's number tells."""
        host = (inputs["domain"], inputs["subdomain"])
        rows = [row for row in client.get(self.path, limit=_LIMIT) if (row["domain"], row["subdomain"]) == host]
        if not rows:
            return None
        own = client.get("/v3/user/username")["user_id"]
        row = next((row for row in rows if row["user_id"] == own), None)
        if row is not None and _region(row) != inputs["region"]:
            raise OwnershipError(
                f"region: {row['subdomain']}.{row['domain']} is a branded link of the region {_region(row)} already"
                " -> choose another subdomain, or that region"
            )
        return row


class BrandedLink(Resource, module="sendgrid", kept=True):
    """A host that tracked links lead to in place of sendgrid.net, once the records in `dns_records` are published.

    It belongs to the subuser or, without `subuser`, to the parent, which can lend it by a `LinkAssociation`. An account
    has 3,000 at the most. It is kept on destroy: deleting it breaks every link in messages that were sent already. The
    next `up` finds it again by domain and subdomain. Only `default` changes in place.
    https://www.twilio.com/docs/sendgrid/api-reference/link-branding/create-a-branded-link
    """

    domain: Field[DomainName] = required("Domain of the sender's addresses.", sent="create", replaces=True)
    subuser: Field[str | None] = optional(
        "Username of the subuser to whom the link belongs.", default=None, sent="never", replaces=True
    )
    subdomain: Field[Subdomain | None] = optional(
        "Begins the links' host, as in links of links.example.com; it must not be that of an `AuthenticatedDomain`."
        " Left out, it is `url` and digits that are made from the owner.",
        default=None,
        sent="create",
        replaces=True,
    )
    default: Field[bool | None] = optional(
        "Is it used for senders of any other domain? An account has one: setting it takes it from the other.",
        default=None,
    )
    region: Field[Literal["global", "eu"]] = optional(
        "Where mail is sent from; that of an EU subuser is eu.", default="global", sent="create", replaces=True
    )
    adopt: Field[str | None] = optional(
        "The id of an existing branded link to take over.", default=None, sent="never", write_once=True
    )
    allow_replacement: Field[bool] = optional(
        "Lets a change of what cannot change make a second branded link, with records of its own.",
        default=False,
        sent="never",
        write_once=True,
    )
    marker: Field[str] = owner()
    dns_records: ListField[dict[str, Any]] = output("The records to publish: type, host, value and purpose of each.")
    valid: Field[bool] = output("Had SendGrid seen them when this was last read?")

    lifecycle = _BrandedLinks("/v3/whitelabel/links")
