"""https://www.twilio.com/docs/sendgrid/api-reference/reverse-dns"""

from __future__ import annotations

from typing import Any

from providers.declaration import Values
from providers.errors import OwnershipError
from providers.lifecycle import Reply
from providers.resource import Field, ListField, Resource, optional, output, required
from providers.sendgrid.client import SendGrid
from providers.sendgrid.sender_authentication import CONSOLE, Authentications
from providers.shapes import DomainName, Ipv4, Subdomain


class _ReverseDns(Authentications):
    """One for each address, and no way to change one."""

    delete_first = True  # an address has one name at a time

    def find(self, client: SendGrid, inputs: Values) -> Reply | None:
        """`ip` is compared by its beginning there. The name that an address has is the proof that it is the one."""
        row = next((row for row in client.pages(self.path, "", ip=inputs["ip"]) if row["ip"] == inputs["ip"]), None)
        if row is None:
            return None
        if row["domain"] != inputs["domain"] or inputs["subdomain"] not in (None, row.get("subdomain")):
            raise OwnershipError(
                f"ip: has reverse DNS already, which is {row['rdns']} -> declare that domain and subdomain to adopt it,"
                f" or delete it at {CONSOLE}"
            )
        return row


class ReverseDns(Resource, module="sendgrid", kept=True):
    """The name that a dedicated IP address goes by, once the A record in `dns_records` is published.

    Of the parent alone, on the subdomain of its authenticated domain. It is kept on destroy, as mail from an address
    without a name is refused. The next `up` finds it again by address, domain and subdomain. Nothing changes in place.
    https://www.twilio.com/docs/sendgrid/ui/account-and-settings/how-to-set-up-reverse-dns
    """

    ip: Field[Ipv4] = required("A dedicated IP address of the account; it has one name.", replaces=True)
    domain: Field[DomainName] = required("As in the `AuthenticatedDomain`.", replaces=True)
    subdomain: Field[Subdomain | None] = optional(
        "As in the `AuthenticatedDomain`; no underscore is allowed in it.", default=None, replaces=True
    )
    allow_replacement: Field[bool] = optional(
        "Lets a change of what cannot change make another; the old one must be deleted where the address is the same.",
        default=False,
        sent="never",
        write_once=True,
    )
    rdns: Field[str] = output("The name of the address, as in o1.mail.example.com.")
    dns_records: ListField[dict[str, Any]] = output("The record to publish: its type, host, value and purpose.")
    valid: Field[bool] = output("Had SendGrid seen it when this was last read?")

    lifecycle = _ReverseDns("/v3/whitelabel/ips")
