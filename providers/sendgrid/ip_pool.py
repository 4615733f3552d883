"""https://www.twilio.com/docs/sendgrid/api-reference/ip-address-management"""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from providers.declaration import Values
from providers.errors import OwnershipError
from providers.lifecycle import Reply, rule
from providers.resource import Field, ListField, Resource, optional, required
from providers.sendgrid.client import SendGrid
from providers.sendgrid.own_key import OwnKey, SubuserKey, subuser_key
from providers.shapes import Ipv4

LIMIT = 100
"""IPs in a pool. https://www.twilio.com/docs/sendgrid/api-reference/ip-address-management/create-an-ip-pool"""


PoolName = Annotated[str, StringConstraints(min_length=2, max_length=64, pattern=r"^[^. ]")]


class _IpPools(OwnKey):
    """Known by a name that is unique in the account, and changed through three different calls."""

    @rule("ips")
    def _some_ips(self, ips: list[str]) -> str | None:
        if not 1 <= len(ips) <= LIMIT:
            return f"ips: a pool has 1 to {LIMIT} IPs: mail that names an empty one cannot be sent"
        return "ips: names an IP twice" if len(set(ips)) < len(ips) else None

    def find(self, client: SendGrid, inputs: Values) -> Reply | None:
        """The name is what mail is sent by, so no tag stands in it; having the same IPs is the second proof."""
        rows = client.pages(self.path, "result", limit=LIMIT)
        row = next((row for row in rows if row["name"] == inputs["name"]), None)
        if row is None:
            return None
        found = self.fetch(client, row["id"], inputs)
        if set(found["ips"]) != set(inputs["ips"]):
            raise OwnershipError(
                f"name: a pool {inputs['name']} exists in this account with other IPs -> set adopt to {row['id']!r} to"
                " take it over, or choose another name"
            )
        return found

    def fetch(self, client: SendGrid, id_: str, values: Values) -> Reply:
        """The pool itself shows ten of its IPs."""
        pool = client.get(self.object_path(id_))
        rows = client.pages(f"{self.object_path(id_)}/ips", "result", limit=LIMIT)
        return {"id": pool["id"], "name": pool["name"], "ips": [row["ip"] for row in rows]}

    def patch(self, client: SendGrid, id_: str, olds: Values, news: Values) -> Reply | None:
        changed = self.diff(olds, news).changed
        path = self.object_path(id_)
        if "name" in changed:
            client.send("PUT", path, body={"name": news["name"]})
        if "ips" in changed:
            # Compared with what is there now: after a change of which half was lost, the other half is left to do.
            present, wanted = self.fetch(client, id_, news)["ips"], news["ips"]
            steps = [
                ("batchAdd", [ip for ip in wanted if ip not in present]),
                ("batchDelete", [ip for ip in present if ip not in wanted]),
            ]
            # First those that come, so that mail can go on; unless there is no room for them.
            for step, ips in steps if len({*present, *wanted}) <= LIMIT else reversed(steps):
                if ips:
                    client.send("POST", f"{path}/ips:{step}", body={"ips": ips})
        return None


class IpPool(Resource, module="sendgrid"):
    """Dedicated IPs under a name that mail can be sent by, of the account or, with `subuser`, of that subuser.

    SendGrid documents no `on-behalf-of` for pools, so a subuser's is made with its own key, in `subuser_key`. The IPs
    must be ones that the account may send from, and need a reverse DNS record. After a change it takes a minute until
    mail follows. Without its pool, mail that names it cannot be sent.
    https://www.twilio.com/docs/sendgrid/api-reference/ip-address-management/create-an-ip-pool-with-a-name-and-ip-assignments
    """

    name: Field[PoolName] = required("What mail is sent by, and Segment shows. Unique in the account.")
    ips: ListField[Ipv4] = required("The addresses in it.", unordered=True)
    subuser: Field[str | None] = optional(
        "Username of the subuser to whom the pool belongs.", default=None, sent="never", replaces=True
    )
    subuser_key: Field[SubuserKey | None] = subuser_key()
    adopt: Field[str | None] = optional(
        "The id of an existing pool to take over.", default=None, sent="never", write_once=True
    )

    lifecycle = _IpPools("/v3/send_ips/pools")
