"""https://www.twilio.com/docs/sendgrid/api-reference/domain-authentication"""

from __future__ import annotations

import re
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import StringConstraints

from providers.declaration import UNKNOWN, Values, has_unknown, tag
from providers.errors import OwnershipError
from providers.lifecycle import Checked, Reply, rule
from providers.resource import Field, ListField, Resource, optional, output, owner, required
from providers.sendgrid.client import SendGrid
from providers.sendgrid.sender_authentication import Authentications
from providers.shapes import DomainName, Ipv4, Subdomain

_ALPHANUMERIC: Final = "abcdefghijklmnopqrstuvwxyz0123456789"


def selector(marker: str, region: str) -> str:
    """Three characters that tell owners apart, and the regions in which one of them has a domain."""
    number = int(tag(f"{marker}@{region}"), 16)
    letters = ""
    for _ in range(3):
        number, index = divmod(number, len(_ALPHANUMERIC))
        letters += _ALPHANUMERIC[index]
    return letters


def _signs_with(row: Reply, asked: str) -> bool:
    """Do the DKIM records stand under this selector? A second one has a digit behind it."""
    labels = (record["host"].partition("._domainkey.") for record in row["dns"].values())
    return any(rest and re.fullmatch(rf"{asked}\d?", label, re.IGNORECASE) for label, _, rest in labels)


class _AuthenticatedDomains(Authentications):
    """Several may be of one domain: which is ours is proven by the DKIM selector, which is made from the owner."""

    unread: ClassVar[frozenset[str]] = frozenset({"region", "custom_dkim_selector", "ips"})

    @rule("automatic_security", "custom_spf")
    def _spf_is_manual(self, automatic_security: bool, custom_spf: bool | None) -> str | None:
        # tsg_domain_authentication_v3.json: "only available to authenticated domains set up for manual security".
        if automatic_security and custom_spf:
            return "custom_spf: SendGrid manages SPF -> set automatic_security=False, or leave custom_spf out"
        return None

    @rule("custom_spf", "ips")
    def _addresses_have_a_record(self, custom_spf: bool | None, ips: list[str] | None) -> str | None:
        if ips and not custom_spf:
            return "ips: are for a custom SPF record alone -> set custom_spf=True, or leave ips out"
        return None

    def derived(self, olds: Values, news: Values) -> Values:
        """A selector that was left out: the one that it has, or else the owner's."""
        if news.get("custom_dkim_selector") is not None or news.get("marker") is None:
            return {}
        region = news.get("region") or "global"
        if has_unknown(region):
            return {"custom_dkim_selector": UNKNOWN}
        had = olds.get("custom_dkim_selector") if olds.get("region") == region else None
        return {"custom_dkim_selector": had or selector(news["marker"], region)}

    def check(self, olds: Values, news: Values) -> Checked:
        """No reply shows the region: two of one domain, subdomain and selector could not be told apart."""
        checked = super().check(olds, news)
        moved = {"domain", "subdomain", "subuser", "region", "custom_dkim_selector"}.intersection(
            self.diff(olds, checked.inputs).changed if olds else ()
        )
        if moved == {"region"} and not has_unknown(checked.inputs["region"]):
            checked.failures.append("custom_dkim_selector: must change with region -> choose another, or leave it out")
        return checked

    def find(self, client: SendGrid, inputs: Values) -> Reply | None:
        """`domain` only filters the list, which for the parent has its subusers' domains too."""
        scope = {"exclude_subusers": "true"} if client.subuser is None else {}
        rows = [
            row
            for row in client.pages(self.path, "", domain=inputs["domain"], **scope)
            if row["domain"] == inputs["domain"] and inputs["subdomain"] in (None, row["subdomain"])
        ]
        ours = next((row for row in rows if _signs_with(row, inputs["custom_dkim_selector"])), None)
        if ours is None and rows and inputs["subdomain"] is not None:
            raise OwnershipError(
                f"subdomain: {inputs['subdomain']}.{inputs['domain']} is authenticated in this account already, with"
                f" another DKIM selector -> set adopt to {str(rows[0]['id'])!r} to take it over as it is, or choose"
                " another subdomain"
            )
        return ours

    def patch(self, client: SendGrid, id_: str, olds: Values, news: Values) -> Reply | None:
        """The addresses have calls of their own, one for each.

        https://www.twilio.com/docs/sendgrid/api-reference/domain-authentication/add-an-ip-to-an-authenticated-domain
        """
        reply: Reply | None = None
        if {"default", "custom_spf"} & set(self.diff(olds, news).changed):
            reply = super().patch(client, id_, olds, news)
        if news["ips"] is not None:
            had, wanted = set(olds.get("ips") or []), set(news["ips"])
            for ip in sorted(wanted - had):
                reply = client.send("POST", f"{self.object_path(id_)}/ips", body={"ip": ip}, idempotent=True)
            for ip in sorted(had - wanted):
                reply = client.send("DELETE", f"{self.object_path(id_)}/ips/{ip}")
        return reply

    def _present(self, client: SendGrid, reply: Reply, inputs: Values, *, made: bool) -> Values:
        """What was adopted may lack addresses; SendGrid shows none even where it has some, and takes them again."""
        present = super()._present(client, reply, inputs, made=made)
        return present if made or inputs["ips"] is None else {**present, "ips": reply["ips"]}


class AuthenticatedDomain(Resource, module="sendgrid", kept=True):
    """A domain that mail is sent from in its own name, once the records in `dns_records` are published.

    It belongs to the subuser or, without `subuser`, to the parent, which can lend it by a `DomainAssociation`. An
    account has 3,000 at the most. It is kept on destroy, as mail stops being signed without it. The next `up` finds it
    again by domain, subdomain and DKIM selector. Only `default`, `custom_spf` and `ips` change in place.
    https://www.twilio.com/docs/sendgrid/api-reference/domain-authentication/authenticate-a-domain
    """

    domain: Field[DomainName] = required("Domain of the sender's addresses.", sent="create", replaces=True)
    subuser: Field[str | None] = optional(
        "Username of the subuser to whom the domain belongs.", default=None, sent="never", replaces=True
    )
    subdomain: Field[Subdomain | None] = optional(
        "Where bounces go, as in mail of mail.example.com; left out, SendGrid chooses one, which `mail_subdomain` has."
        " That of a `BrandedLink` must be another.",
        default=None,
        sent="create",
        replaces=True,
    )
    automatic_security: Field[bool] = optional(
        "SendGrid manages SPF, DKIM keys and their rotation through three CNAMEs; otherwise there are MX and TXT"
        " records, which are yours to keep up to date.",
        default=True,
        sent="create",
        replaces=True,
    )
    custom_spf: Field[bool | None] = optional(
        "An SPF record of your own, with `ips`, where security is not automatic.", default=None
    )
    ips: ListField[Ipv4] = optional(
        "All addresses that the custom SPF record has.", default=None, sent="create", unordered=True
    )
    default: Field[bool | None] = optional(
        "Is it used for senders of any other domain? An account has one: setting it takes it from the other.",
        default=None,
    )
    custom_dkim_selector: Field[Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]{3}$")] | None] = optional(
        "Three letters or digits that begin the DKIM records' hosts; left out, they are made from the owner, so that"
        " two stacks can hold one domain.",
        default=None,
        sent="create",
        replaces=True,
    )
    region: Field[Literal["global", "eu"]] = optional(
        "Where mail is sent from; that of an EU subuser is eu.", default="global", sent="create", replaces=True
    )
    adopt: Field[str | None] = optional(
        "The id of an existing authenticated domain to take over.", default=None, sent="never", write_once=True
    )
    allow_replacement: Field[bool] = optional(
        "Lets a change of what cannot change make a second authenticated domain, with records of its own.",
        default=False,
        sent="never",
        write_once=True,
    )
    marker: Field[str] = owner()
    mail_subdomain: Field[str] = output("The subdomain in use, given or chosen by SendGrid.", wire="subdomain")
    dns_records: ListField[dict[str, Any]] = output("The records to publish: type, host, value and purpose of each.")
    valid: Field[bool] = output("Had SendGrid seen them when this was last read?")

    lifecycle = _AuthenticatedDomains("/v3/whitelabel/domains")
