"""https://www.rfc-editor.org/rfc/rfc7489"""

from __future__ import annotations

from typing import Any, Final

from providers.declaration import Values
from providers.dns.client import Dns
from providers.dns.lookup import Nameserver
from providers.dns.records import Answer, Hostname, Record, plain
from providers.lifecycle import PENDING, Lifecycle, State
from providers.resource import Field, ListField, MapField, Resource, optional, output, required

POLICY: Final = "v=DMARC1; p=none"
"""Asks receivers for nothing, and is what the mailbox providers ask for at least."""


class _DmarcChecks(Lifecycle[Dns]):
    """Looks only: there is nothing to make, to change or to remove."""

    def create(self, client: Dns, inputs: Values) -> State:
        return State(plain(inputs["domain"]), {**inputs, **_found(client, inputs)})

    def read(self, client: Dns, id_: str, values: Values) -> State | None:
        return State(id_, {**values, **_found(client, values)})

    def look_up(self, client: Dns, id_: str, known: Values) -> State | None:
        return super().look_up(client, id_, {**known, "domain": id_})

    def update(self, client: Dns, id_: str, olds: Values, news: Values) -> Values:
        return {**olds, **news, **_found(client, news)}

    def delete(self, client: Dns, id_: str, values: Values) -> None:
        """Nothing was made."""


def _found(client: Dns, inputs: Values) -> dict[str, Any]:
    """The policy of the domain or, where it has none, of the nearest domain above it that has one.

    Which of those is the organisational domain takes the list of public suffixes; asking all of them can at worst
    find a policy of a registry, which holds for the domain too (RFC 9091).
    """
    domain = plain(inputs["domain"])
    ask = client.lookup(inputs["nameservers"])
    labels = domain.split(".")
    for start in range(len(labels) - 1):
        host = "_dmarc." + ".".join(labels[start:])
        answer = ask(host, "TXT")
        if answer.outcome == "no answer":
            return _unknown(host, answer)
        policies = [value for value in answer.values if value.replace(" ", "").startswith("v=DMARC1")]
        if policies:
            return {
                "present": True,
                "existing": "\n".join(policies),
                "proposed": None,
                "status": "present",
                "reasons": [],
            }
    purpose = "DMARC: the mailbox providers ask for a policy, and this one changes nothing else"
    proposed = Record(type="TXT", host=f"_dmarc.{domain}", value=POLICY, purpose=purpose)
    return {
        "present": False,
        "existing": None,
        "proposed": proposed.as_dict(),
        "status": PENDING,
        "reasons": [f"{proposed.host}: is not in DNS -> add the TXT record {proposed.host} with the value {POLICY}"],
    }


def _unknown(host: str, answer: Answer) -> dict[str, Any]:
    return {
        "present": None,
        "existing": None,
        "proposed": None,
        "status": PENDING,
        "reasons": [
            f"{host}: the resolver gave no answer ({answer.detail}), so it is not known whether there is a policy"
            " -> run the same command again, or set other nameservers"
        ],
    }


class DmarcCheck(Resource, module="dns"):
    """Looks for a DMARC policy, and proposes one where the domain has none. An existing one is never touched.

    The mailbox providers refuse bulk mail from a domain without a policy: https://support.google.com/a/answer/81126
    Nothing is written to DNS: the proposal is for the zone file and the table. A `Record` must not take its value
    from it, as the proposal is gone once the record is there.
    """

    domain: Field[Hostname] = required("The domain that mail is sent from.", replaces=True)
    nameservers: ListField[Nameserver] = optional(
        "Resolvers to ask, with a port if it is not 53; left out, those of this machine.", default=None, write_once=True
    )
    present: Field[bool | None] = output("Is there a policy? Null if DNS could not be asked.")
    existing: Field[str | None] = output("The policy that was found.")
    proposed: MapField[str] = output(
        "The record to add, as type, host, value and purpose; null where there is a policy."
    )
    status: Field[str] = output("`present`, or `pending` while there is none or DNS could not be asked.")
    reasons: ListField[str] = output("What is missing, and what to do.")

    lifecycle = _DmarcChecks()
