"""https://www.twilio.com/docs/sendgrid/api-reference/domain-authentication"""

from __future__ import annotations

from providers.declaration import Values
from providers.lifecycle import Reply
from providers.resource import Field, ListField, Resource, output, required
from providers.sendgrid.client import SendGrid
from providers.sendgrid.sender_authentication import Association


class _DomainAssociations(Association):
    """Through the calls for up to five domains: those for one would take another's place."""

    def find(self, client: SendGrid, values: Values) -> Reply | None:
        rows = self.associated(client, f"{self.path}/subuser/all", values) or []
        return next((row for row in rows if str(row["id"]) == self.lent(values)), None)

    def make(self, client: SendGrid, inputs: Values) -> Reply:
        path = f"{self.path}/{self.lent(inputs)}/subuser:add"
        reply: Reply = client.send("POST", path, body={"username": inputs["username"]})
        return reply

    def remove(self, client: SendGrid, values: Values) -> None:
        path = f"{self.path}/{self.lent(values)}/subuser"
        client.send("DELETE", path, query={"username": values["username"]})


class DomainAssociation(Resource, module="sendgrid"):
    """Lets a subuser send from a domain that the parent authenticated, without seeing or changing it.

    It is pending until the domain is valid: nothing is sent, and the next `up` tries again. A subuser may have five; a
    domain of its own comes first. Its id is `<domain_id>/<username>`.
    https://www.twilio.com/docs/sendgrid/api-reference/domain-authentication/associate-an-authenticated-domain-with-a-subuser-multiple
    """

    domain_id: Field[str] = required("The id of an `AuthenticatedDomain` of the parent.", sent="never", replaces=True)
    username: Field[str] = required("Who may send from it, as in `Subuser.id`.", replaces=True)
    domain_valid: Field[bool] = required(
        "Is the domain valid, as a `DomainValidation` says? Of no account once it is associated.",
        sent="never",
        write_once=True,
    )
    status: Field[str] = output("pending or associated.")
    reasons: ListField[str] = output("What is waited for, and what to do.")
    domain: Field[str | None] = output("The domain; null while pending.")

    lifecycle = _DomainAssociations("/v3/whitelabel/domains", what="domain")
