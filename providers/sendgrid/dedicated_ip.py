"""https://www.twilio.com/docs/sendgrid/api-reference/ip-address-management"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any, Final, Literal

from providers.declaration import Values
from providers.errors import Ambiguous, EngageError, OwnershipError
from providers.lifecycle import Collection, Difference, Reply, State, rule
from providers.resource import Field, ListField, Resource, optional, output
from providers.sendgrid.client import SendGrid
from providers.shapes import Ipv4

_PAGE: Final = "https://app.sendgrid.com/settings/ip_addresses"
_purchase: Final = threading.Lock()
"""One purchase at a time: which IP is new is seen by comparing lists, and the engine's calls come on four threads."""


class _DedicatedIps(Collection[SendGrid]):
    """Parent-only. An IP has no name or other place for a mark, so nothing proves which run bought it."""

    @rule("ip", "buy")
    def _taken_or_bought(self, ip: str | None, buy: bool) -> str | None:
        if buy == (ip is not None):
            return "ip: either name an IP that the account has, or leave it out and set buy, which costs money"
        return None

    def diff(self, olds: Values, news: Values) -> Difference:
        """An IP that is there is neither bought again nor another one for being named, or no longer named."""
        difference = super().diff(olds, news)
        ip = news.get("ip")
        same = ip is None or ip == olds.get("address")
        return Difference(difference.changed, [name for name in difference.replaces if not (name == "ip" and same)])

    def create(self, client: SendGrid, inputs: Values) -> State:
        if inputs["buy"]:
            with _purchase:
                return self._buy(client, inputs)
        reply = {**self.fetch(client, inputs["ip"], inputs), "bought": False}
        return self._settle(client, reply, inputs, made=False)

    def _buy(self, client: SendGrid, inputs: Values) -> State:
        """Nothing is called after an answered purchase, as a failure would lose the address that was paid for."""
        before = self._inventory(client)
        spare = self._unused(client, before, inputs)
        if spare:
            raise OwnershipError(
                f"buy: nothing uses {', '.join(spare)} of this account, which an earlier run may have bought, so none"
                " was bought now -> set ip to it in place of buy, or, if it is for something else, name it in spares"
            )
        try:
            reply = self.post(client, inputs)
        except Ambiguous:
            after = self._inventory(client)
            new = self._unused(client, {ip: row for ip, row in after.items() if ip not in before}, inputs)
            if len(new) != 1:
                found = f"{', '.join(new)} are new, and any may be it" if new else "no new one is to be seen yet"
                raise EngageError(
                    f"buy: SendGrid gave no usable reply to the purchase of an IP, and of the account's IPs {found} ->"
                    f" look at {_PAGE}: if one was bought, set ip to it in place of buy; if after some minutes none"
                    " was, run the same command again"
                ) from None
            reply = {"ip": new[0]}
        sent = {"is_parent_assigned": bool(inputs["parent_assigned"]), "subusers": []}
        return self._settle(client, {**sent, **reply, "bought": True}, inputs, made=True)

    def body(
        self, client: SendGrid, verb: str, values: Mapping[str, Any], olds: Mapping[str, Any] | None = None
    ) -> Values:
        """A purchase must say both; warming up is the business of `IpWarmup`, and nobody may send before it is told."""
        said = super().body(client, verb, values, olds)
        if verb != "create":
            return said
        return {"is_parent_assigned": False, **said, "is_auto_warmup": False, "include_region": True}

    def _inventory(self, client: SendGrid) -> dict[str, Reply]:
        """Every IP of the account, as its two lists show it: the newer has the region, the older who uses it."""
        newer = client.pages(self.path, "result", limit=100, include_region="true")
        rows = {row["ip"]: {"subusers": [], "whitelabeled": False, "start_date": None, **row} for row in newer}
        for row in client.pages("/v3/ips", ""):
            rows[row["ip"]] = {**rows.get(row["ip"], {}), **row}
        return rows

    def _unused(self, client: SendGrid, rows: Mapping[str, Reply], inputs: Values) -> list[str]:
        """Those that this could have bought: of its region, in nobody's use, and not said to be for something else.

        Whether the parent itself may send from it says nothing: so it is with one that was bought for the parent.
        """
        if not rows:
            return []
        parent = client.get("/v3/user/username")["username"]
        return [
            ip
            for ip, row in rows.items()
            if ip not in (inputs["spares"] or ())
            and not (set(row["subusers"]) - {parent} or row["pools"] or row["whitelabeled"] or row["start_date"])
            and inputs["region"] in (None, row.get("region"))
        ]

    def fetch(self, client: SendGrid, id_: str, values: Values) -> Reply:
        reply = client.get(self.object_path(id_), include_region="true")
        row = client.find_ip(id_)
        return {**reply, "subusers": row["subusers"] if row else []}

    def plain(self, reply: Reply) -> Reply:
        """Answers to POST and PATCH have a flag only where it is true."""
        return {"is_parent_assigned": False, **reply, "address": reply["ip"]}

    def patch(self, client: SendGrid, id_: str, olds: Values, news: Values) -> Reply | None:
        # Whatever else changed is not the vendor's.
        assigned = "parent_assigned" in self.diff(olds, news).changed and news["parent_assigned"] is not None
        return super().patch(client, id_, olds, news) if assigned else None

    def remove(self, client: SendGrid, id_: str, values: Values) -> list[str]:
        return [
            f"SendGrid has no API that gives a dedicated IP back: {id_} stays in the account and goes on costing money"
            " -> cancel it through https://support.sendgrid.com"
        ]


class DedicatedIp(Resource, module="sendgrid", kept=True):
    """A dedicated IP of the parent account: one that is there or, with `buy`, a new one.

    Its id is the address. SendGrid has no API that gives an IP back, so that destroying or replacing this leaves it in
    the account, and on the bill.

    `buy` buys once. An IP has no name to know it by, so after a run that broke off in the middle this never guesses:
    while the account has an IP that nothing uses, it buys none, and names it, to be set as `ip` or listed in `spares`.
    One IP a month can be bought so; SendGrid's support sells more.

    Which subusers may send from it ("Allow my subusers to send mail using this IP address") is said by `Subuser.ips`
    alone.
    https://www.twilio.com/docs/sendgrid/api-reference/ip-address-management/add-a-twilio-sendgrid-ip-address
    """

    ip: Field[Ipv4 | None] = optional(
        "The address of an IP that the account has.", default=None, sent="never", replaces=True
    )
    buy: Field[bool] = optional(
        "Buys a new IP, which costs money every month.", default=False, sent="never", write_once=True
    )
    spares: ListField[Ipv4] = optional(
        "IPs that nothing uses and that are for something else: what `buy` is not to stop at.",
        default=None,
        sent="never",
        write_once=True,
    )
    region: Field[Literal["us", "eu"] | None] = optional(
        "Where it is: `eu` for subusers of that region, `us` for all others.",
        default=None,
        sent="create",
        replaces=True,
    )
    parent_assigned: Field[bool | None] = optional(
        "May the parent account itself send from it, and put it into its pools?",
        default=None,
        wire="is_parent_assigned",
    )
    allow_replacement: Field[bool] = optional(
        "Lets a change of ip or region take or buy another IP.", default=False, sent="never", write_once=True
    )
    address: Field[str] = output("The address, whether it was named or bought.")
    bought: Field[bool] = output("Did this buy it?")
    subusers: ListField[str] = output("Who may send from it, at the last refresh.")

    lifecycle = _DedicatedIps("/v3/send_ips/ips", id_key="ip")
