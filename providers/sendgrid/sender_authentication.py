"""What domains, links and reverse DNS share: the records to publish, and what no reply shows.

https://www.twilio.com/docs/sendgrid/ui/account-and-settings/how-to-set-up-domain-authentication
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from providers.declaration import FieldSpec, Values
from providers.errors import NotFound
from providers.lifecycle import Awaiting, Checked, Collection, Difference, Reply
from providers.sendgrid.client import SendGrid

CONSOLE: Final = "https://app.sendgrid.com/settings/sender_auth"

_PURPOSES: Final[Mapping[str, str]] = {
    "mail_cname": "mail CNAME: bounces come back to SendGrid, and SPF passes under your own domain",
    "dkim1": "DKIM 1: the key that messages are signed with",
    "dkim2": "DKIM 2: the key that SendGrid changes to when it rotates",
    "mail_server": "mail MX: bounces come back to SendGrid",
    "subdomain_spf": "SPF of the subdomain: who may send with it as return path",
    "domain_spf": "SPF of the domain: who may send for it; merge it with the SPF record that the domain has",
    "dkim": "DKIM: the key that messages are signed with",
    "domain_cname": "link CNAME: tracked links and images lead to SendGrid",
    "owner_cname": "link owner CNAME: proves whose link branding it is",
    "a_record": "reverse DNS A: the name that the sending IP address goes by",
}


def dns_records(dns: Mapping[str, Mapping[str, Any]]) -> list[dict[str, str]]:
    """A reply's `dns` as a list. Which names it has depends on the kind of object and its settings: any is taken.

    Whether a record is seen yet is left out: what publishes the records would change each time one is.
    """
    return [
        {
            "type": str(record["type"]).upper(),
            "host": record["host"],
            "value": record["data"],
            "purpose": _PURPOSES.get(name, name.replace("_", " ")),
        }
        for name, record in sorted(dns.items(), key=_place)
    ]


def _place(named: tuple[str, Any]) -> tuple[int, str]:
    """One order whatever SendGrid's is, so that no refresh turns the list around."""
    name = named[0]
    return (list(_PURPOSES).index(name) if name in _PURPOSES else len(_PURPOSES)), name


class Authentications(Collection[SendGrid]):
    """Objects of which most never changes, and whose replies carry DNS records.

    unread  the inputs that no reply shows: they are taken to be as declared
    """

    unread: ClassVar[frozenset[str]] = frozenset()

    def check(self, olds: Values, news: Values) -> Checked:
        return super().check(olds, {**news, **self.derived(olds, news)})

    def derived(self, olds: Values, news: Values) -> Values:
        """Values, in place of those that were left out, that depend on the owner."""
        return {}

    def diff(self, olds: Values, news: Values) -> Difference:
        """A subdomain that is no longer named stays what it is."""
        difference = super().diff(olds, news)
        released = {"subdomain"} if news.get("subdomain") is None else set()
        return Difference(
            [name for name in difference.changed if name not in released],
            [name for name in difference.replaces if name not in released],
        )

    def plain(self, reply: Reply) -> Reply:
        dns = reply["dns"] if "dns" in reply else {"a_record": reply["a_record"]}
        return {**reply, "dns_records": dns_records(dns)}

    def patch(self, client: SendGrid, id_: str, olds: Values, news: Values) -> Reply | None:
        """One object in reality; a list in tsg_domain_authentication_v3.json, which does not say of what."""
        if not self.body(client, "update", news, olds):
            return None
        reply = super().patch(client, id_, olds, news)
        return reply if isinstance(reply, dict) else None

    def in_reply(self, client: SendGrid, reply: Reply, spec: FieldSpec) -> Any:
        if spec.name in self.unread:
            raise KeyError(spec.name)
        return super().in_reply(client, reply, spec)

    def _present(self, client: SendGrid, reply: Reply, inputs: Values, *, made: bool) -> Values:
        present = super()._present(client, reply, inputs, made=made)
        return {**present, **{name: inputs[name] for name in self.unread}}


class Association(Awaiting[SendGrid]):
    """Lends what the parent account authenticated to a subuser, which must be valid first.

    path  of the collection that what is lent is in
    what  its kind: the declaration has inputs `<what>_id`, `<what>_valid` and `username`
    """

    def __init__(self, path: str, *, what: str) -> None:
        super().__init__(done="associated")
        self.path, self.what = path, what

    def id_of(self, inputs: Values) -> str:
        return f"{self.lent(inputs)}/{inputs['username']}"

    def lent(self, values: Values) -> str:
        """The id of what is lent."""
        return str(values[f"{self.what}_id"])

    def awaits(self, client: SendGrid, inputs: Values) -> list[str]:
        # "the parent account must first authenticate and validate the domain"; the same for a link.
        # https://www.twilio.com/docs/sendgrid/api-reference/domain-authentication/associate-an-authenticated-domain-with-a-subuser
        if inputs[f"{self.what}_valid"]:
            return []
        return [f"{self.what} {self.lent(inputs)} is not valid yet -> publish its DNS records, then run `up` again"]

    def drifted(self, client: SendGrid, reply: Reply, values: Values) -> Values:
        """The reply is of what is lent, its username the parent's; an association is there or not."""
        return values

    def associated(self, client: SendGrid, path: str, values: Values) -> Any:
        """What is associated with the subuser, or None: 404 is the answer where nothing is.

        github.com/digitalocean/terraform-provider-sendgrid issue 6
        """
        try:
            return client.get(path, username=values["username"])
        except NotFound:
            return None
