"""https://www.twilio.com/docs/sendgrid/api-reference/link-branding"""

from __future__ import annotations

from providers.declaration import Values
from providers.errors import OwnershipError
from providers.lifecycle import Reply
from providers.resource import Field, ListField, Resource, output, required
from providers.sendgrid.client import SendGrid
from providers.sendgrid.sender_authentication import Association


class _LinkAssociations(Association):
    """A subuser has one, and it is taken away by the subuser's name alone: so what is there is compared first."""

    def find(self, client: SendGrid, values: Values) -> Reply | None:
        found: Reply | None = self.associated(client, f"{self.path}/subuser", values)
        return found if found is not None and str(found["id"]) == self.lent(values) else None

    def make(self, client: SendGrid, inputs: Values) -> Reply:
        """What a second one does to the first is not documented: it is not tried."""
        other = self.associated(client, f"{self.path}/subuser", inputs)
        if other is not None:
            raise OwnershipError(
                f"username: the branded link {other['id']} is associated with this subuser -> take it away at"
                " https://app.sendgrid.com/settings/subusers, or declare that link_id"
            )
        path = f"{self.path}/{self.lent(inputs)}/subuser"
        reply: Reply = client.send("POST", path, body={"username": inputs["username"]})
        return reply

    def remove(self, client: SendGrid, values: Values) -> None:
        client.send("DELETE", f"{self.path}/subuser", query={"username": values["username"]})


class LinkAssociation(Resource, module="sendgrid"):
    """Lets a subuser's links lead to a host that the parent branded, without seeing or changing it.

    It is pending until the link is valid: nothing is sent, and the next `up` tries again. A subuser has one. Its id is
    `<link_id>/<username>`.
    https://www.twilio.com/docs/sendgrid/api-reference/link-branding/associate-a-branded-link-with-a-subuser
    """

    link_id: Field[str] = required("The id of a `BrandedLink` of the parent.", sent="never", replaces=True)
    username: Field[str] = required("Whose links they are, as in `Subuser.id`.", replaces=True)
    link_valid: Field[bool] = required(
        "Is the link valid, as a `LinkValidation` says? Of no account once it is associated.",
        sent="never",
        write_once=True,
    )
    status: Field[str] = output("pending or associated.")
    reasons: ListField[str] = output("What is waited for, and what to do.")
    domain: Field[str | None] = output("The link's domain; null while pending.")

    lifecycle = _LinkAssociations("/v3/whitelabel/links", what="link")
