"""https://www.twilio.com/docs/sendgrid/api-reference/subusers-api"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, StringConstraints

from providers.declaration import Values
from providers.errors import NotFound, OwnershipError
from providers.lifecycle import Collection, Reply, State
from providers.resource import Field, ListField, Resource, optional, output, required
from providers.sendgrid.client import SendGrid
from providers.shapes import EmailAddress, Ipv4


def _password(value: str) -> str:
    # https://www.twilio.com/docs/sendgrid/ui/account-and-settings/account
    if not (16 <= len(value) <= 128 and any(map(str.isalpha, value)) and any(map(str.isdigit, value))):
        raise ValueError("must have 16 to 128 characters, among them a letter and a digit")
    return value


class _Subusers(Collection[SendGrid]):
    """Parent-only, found by an exact username, and changed through three different calls."""

    def find(self, client: SendGrid, inputs: Values) -> Reply | None:
        """The username is unique in all of SendGrid; the e-mail address is the second proof that it is ours."""
        row = client.find_subuser(inputs["username"])
        if row is not None and row["email"] != inputs["email"]:
            raise OwnershipError(
                f"username: a subuser {inputs['username']} exists in this account with another e-mail address"
                f" -> set adopt to {inputs['username']!r} to take it over as it is, or choose another username"
            )
        return None if row is None else self._with_ips(client, row)

    def fetch(self, client: SendGrid, id_: str, values: Values) -> Reply:
        """There is no documented GET of one subuser, so it is looked for in the list."""
        row = client.find_subuser(id_)
        if row is None:
            raise NotFound(
                vendor=client.vendor, method="GET", path="/v3/subusers", status=404, message=f"no subuser {id_}"
            )
        return self._with_ips(client, row)

    @staticmethod
    def _with_ips(client: SendGrid, row: Reply) -> Reply:
        ips = [row["ip"] for row in client.pages("/v3/ips", "", subuser=row["username"])]
        return {**row, "ips": ips}

    def plain(self, reply: Reply) -> Reply:
        """The list says `id` where the answer to POST says `user_id`. That answer's log-in tokens are not kept."""
        fields = ("username", "email", "ips", "region", "disabled")
        return {"user_id": reply.get("user_id", reply.get("id")), **{k: reply[k] for k in fields if k in reply}}

    def body(
        self, client: SendGrid, verb: str, values: Mapping[str, Any], olds: Mapping[str, Any] | None = None
    ) -> Values:
        """Without `include_region`, the answer says nothing of the region."""
        return {**super().body(client, verb, values, olds), "include_region": True}

    def _settle(self, client: SendGrid, reply: Reply, inputs: Values, *, made: bool) -> State:
        """Nobody can read a password: that of an adopted subuser is unknown, and not the one that was declared."""
        state = super()._settle(client, reply, inputs, made=made)
        return state if made else State(state.id, {**state.values, "password": None})

    def patch(self, client: SendGrid, id_: str, olds: Values, news: Values) -> Reply | None:
        changed = self.diff(olds, news).changed
        if "ips" in changed:
            # A bare array that replaces all there are.
            client.send("PUT", f"{self.object_path(id_)}/ips", body=news["ips"])
        if "email" in changed:
            # The only way from the parent: tsg_user_v3.json, UpdateEmail, which takes on-behalf-of.
            client.scoped({"subuser": id_}).send("PUT", "/v3/user/email", body={"email": news["email"]})
        if "disabled" in changed:
            client.send("PATCH", self.object_path(id_), body={"disabled": news["disabled"]})
        if "website_access" in changed and news["website_access"] is not None:
            path = f"{self.object_path(id_)}/website_access"
            client.send("PATCH", path, body={"disabled": not news["website_access"]})
        return None


class Subuser(Resource, module="sendgrid", kept=True):
    """A separate account below the parent's, with reputation, keys and settings of its own.

    Its id is its username. It is kept on destroy: deleting one is permanent and takes its keys, webhooks, domains and
    suppressions with it at once. The next `up` finds it again by username and e-mail address.

    One of the region `eu` lives on another host than its parent: what has it as `subuser` is sent there by itself. Its
    IPs must be of that region, and its mail is to be sent to api.eu.sendgrid.com.
    https://www.twilio.com/docs/sendgrid/api-reference/subusers-api/create-subuser
    """

    username: Field[Annotated[str, StringConstraints(min_length=3, max_length=64, pattern=r"^[\w.@+-]+$")]] = required(
        "Unique in all of SendGrid.", sent="create", replaces=True
    )
    email: Field[EmailAddress] = required("Where SendGrid writes to about this subuser.", sent="create")
    password: Field[Annotated[str, AfterValidator(_password)]] = required(
        "Used when the subuser is made; nobody can read it again, and null if the subuser was adopted.",
        sent="create",
        secret=True,
        write_once=True,
    )
    ips: ListField[Ipv4] = required(
        "All dedicated IPs that it may send from: the one place that assigns IPs to it.", unordered=True
    )
    region: Field[Literal["global", "eu"]] = optional(
        "Where its data and its IPs are.", default="global", sent="create", replaces=True
    )
    disabled: Field[bool] = optional("Stops it from sending.", default=False, sent="update")
    website_access: Field[bool | None] = optional(
        "May it log in to SendGrid's website? It sends either way. SendGrid does not tell what it is set to.",
        default=None,
        sent="update",
    )
    adopt: Field[str | None] = optional(
        "The username of an existing subuser to take over.", default=None, sent="never", write_once=True
    )
    allow_replacement: Field[bool] = optional(
        "Lets a change of username or region make a second subuser.",
        default=False,
        sent="never",
        write_once=True,
    )
    user_id: Field[int] = output("SendGrid's number of the subuser, part of the host names of its DNS records.")

    lifecycle = _Subusers("/v3/subusers", id_key="username")
