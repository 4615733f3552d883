"""https://www.twilio.com/docs/sendgrid/api-reference/ip-warmup"""

from __future__ import annotations

import time
from typing import Annotated, Any, Final, Literal

from annotated_types import Ge

from providers.declaration import Values
from providers.errors import Ambiguous, EngageError, NotFound, OwnershipError
from providers.lifecycle import Collection, Reply, State
from providers.resource import Field, Resource, optional, output, required
from providers.sendgrid.client import SendGrid
from providers.shapes import Ipv4

WARM_AFTER: Final = 30 * 86_400
"""Seconds after which a warm-up that no longer runs is taken to have come to its end.

"Automated IP warmup takes 30 days": https://segment.com/docs/engage/onboarding/. What SendGrid shows of one that was
stopped earlier is not documented.
"""


class _IpWarmups(Collection[SendGrid]):
    """A state of an IP, and no object of its own: it is read from the list of IPs, as the 404 of `/v3/ips/warmup/{ip}`
    says of three different states only that the IP does not warm up now."""

    def create(self, client: SendGrid, inputs: Values) -> State:
        row = self._row(client, inputs["ip"])
        if row["warmup"] and inputs["mode"] != "automated":
            raise OwnershipError(
                f"mode: {inputs['ip']} is being warmed up already, and {inputs['mode']!r} would stop that -> set mode"
                " to 'automated' to take it over as it is, or stop it at https://app.sendgrid.com/settings/ip_addresses"
            )
        if inputs["mode"] == "automated" and _state(row, {}) in ("never", "stopped"):
            self._start(client, row, inputs)
        return State(inputs["ip"], self._seen(client, inputs["ip"], inputs))

    def read(self, client: SendGrid, id_: str, values: Values) -> State | None:
        """One that somebody has started is drift; one that has ended, or was stopped, is not started again."""
        try:
            seen = self._seen(client, id_, values)
        except NotFound:
            return None
        started = seen["state"] == "warming" and values["mode"] != "automated"
        return State(id_, {**seen, "mode": "automated"} if started else seen)

    def look_up(self, client: SendGrid, id_: str, known: Values) -> State | None:
        return self.read(client, id_, {**known, "ip": id_})

    def update(self, client: SendGrid, id_: str, olds: Values, news: Values) -> Values:
        row = self._row(client, id_)
        changed = self.diff(olds, news).changed
        if news["mode"] != "automated":
            if row["warmup"]:
                self._stop(client, id_)
        elif not row["warmup"] and changed:
            # Mail from an IP that is warm would be held back for nothing, unless that is what was asked for.
            again = "generation" in changed or _state(row, olds) != "completed"
            if again:
                self._start(client, row, news)
        return self._seen(client, id_, {**olds, **news})

    def delete(self, client: SendGrid, id_: str, values: Values) -> None:
        """Leaves it as it is: stopping would let a cold IP send at full speed, and lose the days so far."""

    def _start(self, client: SendGrid, row: Reply, inputs: Values) -> None:
        if not inputs["accept_delays"] and not self._has_warm_company(client, row):
            raise EngageError(
                f"ip: no other IP that is not itself being warmed up serves those who send from {row['ip']}, so what is"
                " over the warm-up's limit (20 messages an hour on its first day) is tried again for 72 hours and then"
                " lost -> set mode to 'manual' and raise the volume yourself, as Segment's guide has it for a new"
                " account; or assign a warm IP to them too; or set accept_delays"
            )
        try:
            client.send("POST", self.path, body={"ip": row["ip"]})
        except Ambiguous:
            if not self._row(client, row["ip"])["warmup"]:
                raise

    @staticmethod
    def _has_warm_company(client: SendGrid, row: Reply) -> bool:
        """https://www.twilio.com/docs/sendgrid/ui/sending-email/warming-up-an-ip-address"""
        others = [other for other in client.pages("/v3/ips", "") if other["ip"] != row["ip"] and not other["warmup"]]
        served = {name for other in others for name in other["subusers"]}
        return set(row["subusers"]) <= served if row["subusers"] else bool(others)

    def _stop(self, client: SendGrid, ip: str) -> None:
        try:
            client.send("DELETE", self.object_path(ip))
        except NotFound:
            return

    def _row(self, client: SendGrid, ip: str) -> Reply:
        row = client.find_ip(ip)
        if row is None:
            raise NotFound(
                vendor=client.vendor,
                method="GET",
                path="/v3/ips",
                status=404,
                message=f"no IP {ip}",
                hint="name a dedicated IP of this account: https://app.sendgrid.com/settings/ip_addresses",
            )
        return row

    def _seen(self, client: SendGrid, ip: str, values: Values) -> Values:
        row = self._row(client, ip)
        started = row["start_date"] or values.get("start_date")
        return {**values, "state": _state(row, values), "start_date": started}


def _state(row: Reply, before: Values) -> Literal["never", "warming", "stopped", "completed"]:
    """What an IP's row says and, where it is silent, what was seen before."""
    started: Any = row["start_date"]
    if row["warmup"]:
        return "warming"
    if started is None:
        return "stopped" if before.get("start_date") else "never"
    known_to_be_stopped = before.get("state") == "stopped" and before.get("start_date") == started
    return "stopped" if known_to_be_stopped or time.time() - started < WARM_AFTER else "completed"


class IpWarmup(Resource, module="sendgrid"):
    """How a dedicated IP of the parent account is warmed up: not yet, by SendGrid, or by hand.

    Its id is the address. A warm-up begins once, when `mode` becomes `automated`: one that runs, has ended or was
    stopped by somebody is never begun anew by a refresh or the next `up`. To do it again (after 30 days without mail an
    IP is cold), raise `generation`. Destroying this leaves a warm-up as it is; to stop it, set `mode` to `off` first.
    https://www.twilio.com/docs/sendgrid/ui/sending-email/warming-up-an-ip-address
    """

    ip: Field[Ipv4] = required("The address.", replaces=True)
    mode: Field[Literal["off", "automated", "manual"]] = optional(
        "`automated` when the stack is ready to send: SendGrid then limits the mail per hour. `manual`: you raise the"
        " volume day by day, and nothing is sent to SendGrid. `off`: not yet.",
        default="off",
    )
    accept_delays: Field[bool] = optional(
        "Lets `automated` begin where no other warm IP takes what is over the limit: such mail is held back for up to"
        " 72 hours, and then lost.",
        default=False,
        write_once=True,
    )
    generation: Field[Annotated[int, Ge(1)]] = optional("Raise it to warm the IP up once more.", default=1)
    state: Field[str] = output("`never`, `warming`, `completed` or `stopped`, at the last refresh.")
    start_date: Field[int | None] = output("When its last warm-up began, in seconds since 1970.")

    lifecycle = _IpWarmups("/v3/ips/warmup", id_key="ip")
