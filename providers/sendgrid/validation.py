"""https://www.twilio.com/docs/sendgrid/ui/account-and-settings/how-to-set-up-domain-authentication"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Annotated, Any, Final

from annotated_types import Interval
from pydantic import StringConstraints

from providers.declaration import Values
from providers.dns.lookup import Lookup, Nameserver
from providers.dns.records import DnsRecord, Hostname, Problem, Record, problems
from providers.errors import Ambiguous, NotFound
from providers.lifecycle import PENDING, Lifecycle, Reply, State
from providers.resource import Field, ListField, Resource, optional, output, required
from providers.sendgrid.client import SendGrid

VALID: Final = "valid"

INTERVAL: Final = 15.0
"""Seconds between two attempts while `wait_seconds` runs."""

RESULTS: Final = ("validation_results", "validation_resuts")
"""Older replies have it misspelt: github.com/Jericho/StrongGrid reads no other name."""

Id = Annotated[str, StringConstraints(pattern=r"^\d+$")]


class Validation(Lifecycle[SendGrid]):
    """Asks SendGrid to look an object's DNS records up, once they are there.

    Not yet valid is no failure: the status is `pending`, and the next `up` tries again. The id is that of the object,
    so that what becomes valid in an update keeps it.

    path       of the objects' collection
    reference  the field with the object's id
    """

    def __init__(
        self,
        path: str,
        reference: str,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.path, self.reference = path, reference
        self.sleep, self.clock = sleep, clock

    def create(self, client: SendGrid, inputs: Values) -> State:
        return State(inputs[self.reference], {**inputs, **self._wait(client.scoped(inputs), inputs)})

    def update(self, client: SendGrid, id_: str, olds: Values, news: Values) -> Values:
        return {**olds, **news, **self._wait(client.scoped(news), news)}

    def read(self, client: SendGrid, id_: str, values: Values) -> State | None:
        """What SendGrid says of the object: it also looks by itself, and a person may have pressed its button."""
        try:
            valid = self._is_valid(client.scoped(values), id_)
        except NotFound:
            return None
        if valid:
            warnings = values["reasons"] if values["status"] == VALID else []
            return State(id_, {**values, **_outcome(warnings, valid=True)})
        return State(id_, {**values, **_outcome(values["reasons"] or [self._not_valid(id_)])})

    def look_up(self, client: SendGrid, id_: str, known: Values) -> State | None:
        return super().look_up(client, id_, {**known, self.reference: id_})

    def delete(self, client: SendGrid, id_: str, values: Values) -> None:
        """Nothing to undo: SendGrid has no call that makes an object invalid."""

    def _wait(self, client: SendGrid, inputs: Values) -> Values:
        """Attempts until it is valid or the deadline has passed; one, if there is none."""
        deadline = self.clock() + inputs["wait_seconds"]
        while True:
            outcome = self._attempt(client, inputs)
            left = deadline - self.clock()
            if outcome["valid"] or left <= 0:
                return outcome
            self.sleep(min(INTERVAL, left))

    def _attempt(self, client: SendGrid, inputs: Values) -> Values:
        """Our own look first, as it costs nothing of SendGrid's rate limit; then SendGrid's."""
        id_ = inputs[self.reference]
        found = self._missing(inputs)
        reasons = [problem.sentence for problem in found]
        if any(problem.certain for problem in found):
            return _outcome(reasons, valid=self._is_valid(client, id_))
        if self.settled(client, inputs):
            return _outcome([], valid=True)
        try:
            reply = client.send("POST", f"{self.path}/{id_}/validate")
        except Ambiguous:
            # 500 "internal error getting TXT", and whatever else gave no answer: validating again harms nothing.
            what = f"{self.reference} {id_}: SendGrid could not look its records up just now"
            return _outcome([*reasons, f"{what} -> run the same command again"])
        # The object's own word counts: the document's example has an invalid record in a valid domain.
        return _outcome([], valid=True) if reply["valid"] else _outcome([*reasons, *self._said(id_, reply)])

    def _missing(self, inputs: Values) -> list[Problem]:
        """What our own look at DNS finds wrong."""
        records = [Record.of(record) for record in inputs["dns_records"] or []]
        return problems(records, Lookup(inputs["nameservers"]), self.instead(records, inputs)) if records else []

    def instead(self, records: list[Record], inputs: Values) -> dict[str, str]:
        """By host, a CNAME target that will also do."""
        return {}

    def settled(self, client: SendGrid, inputs: Values) -> bool:
        """Is it valid for good, so that asking SendGrid could only spoil it?"""
        return False

    def _is_valid(self, client: SendGrid, id_: str) -> bool:
        return bool(client.get(f"{self.path}/{id_}")["valid"])

    def _said(self, id_: str, reply: Reply) -> list[str]:
        results: Reply = next((reply[name] for name in RESULTS if reply.get(name)), {})
        said = [
            f"{name}: SendGrid says: {result.get('reason') or 'not valid'}"
            " -> correct the record, or wait until its change is seen everywhere (up to 48 hours)"
            for name, result in results.items()
            if not result.get("valid")
        ]
        return said or [self._not_valid(id_)]

    def _not_valid(self, id_: str) -> str:
        return (
            f"{self.reference} {id_}: SendGrid has not found its records yet"
            " -> compare them at https://app.sendgrid.com/settings/sender_auth"
        )


def _outcome(reasons: list[str], *, valid: bool = False) -> dict[str, Any]:
    """SendGrid's word decides; in a valid object, reasons are warnings."""
    return {"valid": valid, "status": VALID if valid else PENDING, "reasons": reasons}


class _Links(Validation):
    """Once links are served over HTTPS, the first CNAME points to a CDN, which SendGrid's validation does not know.

    https://support.sendgrid.com/hc/en-us/articles/1260802541709-SSL-Click-Tracking-Steps
    """

    def instead(self, records: list[Record], inputs: Values) -> dict[str, str]:
        # "Only the first CNAME" goes to the CDN. The other one begins with the number of the account, and what else
        # proves the owner begins with an underscore.
        links = [record.host for record in records if not re.match(r"\d+\.|_", record.host)]
        target: str | None = inputs["cdn_target"]
        return dict.fromkeys(links, target) if target else {}

    def settled(self, client: SendGrid, inputs: Values) -> bool:
        """A link that is valid stays so behind a CDN, unless SendGrid is asked to look again."""
        return inputs["cdn_target"] is not None and self._is_valid(client, inputs[self.reference])


_RECORDS: Final = (
    "The records that must be in DNS, looked up before SendGrid is asked; left out, SendGrid is asked at once."
)
_NAMESERVERS: Final = "Resolvers to ask, with a port if it is not 53; left out, those of this machine."
_WAIT: Final = (
    "How long to wait for it, trying again every 15 seconds. It occupies one of the provider's four threads meanwhile:"
    " with more than 0, declare it on an `EngageProvider` of its own."
)
_STATUS: Final = "`valid`, or `pending`: then every `up` tries again."
_REASONS: Final = "Why it is pending: which record is missing or wrong, and what to do."

Seconds = Annotated[int, Interval(ge=0, le=172_800)]
"""Up to the 48 hours that SendGrid gives DNS."""


class DomainValidation(Resource, module="sendgrid"):
    """Asks SendGrid to validate an authenticated domain, once its records are in DNS.

    Removing it changes nothing at SendGrid: a domain stays valid.
    https://www.twilio.com/docs/sendgrid/api-reference/domain-authentication/validate-a-domain-authentication
    """

    domain_id: Field[Id] = required("The id of the authenticated domain.", replaces=True)
    subuser: Field[str | None] = optional(
        "Username of the subuser who owns the domain.", default=None, sent="never", replaces=True
    )
    dns_records: ListField[DnsRecord] = optional(_RECORDS, default=None, unordered=True)
    nameservers: ListField[Nameserver] = optional(_NAMESERVERS, default=None, write_once=True)
    wait_seconds: Field[Seconds] = optional(_WAIT, default=0, write_once=True)
    valid: Field[bool] = output("Does SendGrid hold it for valid?")
    status: Field[str] = output(_STATUS)
    reasons: ListField[str] = output(_REASONS)

    lifecycle = Validation("/v3/whitelabel/domains", "domain_id")


class LinkValidation(Resource, module="sendgrid"):
    """Asks SendGrid to validate a branded link, once its records are in DNS.

    Removing it changes nothing at SendGrid: a link stays valid.
    https://www.twilio.com/docs/sendgrid/api-reference/link-branding/validate-a-branded-link
    """

    link_id: Field[Id] = required("The id of the branded link.", replaces=True)
    subuser: Field[str | None] = optional(
        "Username of the subuser who owns the link.", default=None, sent="never", replaces=True
    )
    cdn_target: Field[Hostname | None] = optional(
        "The CDN's host name, to which the link's own CNAME may point instead: links under HTTPS go through one."
        " The link must have become valid before it is put behind the CDN.",
        default=None,
    )
    dns_records: ListField[DnsRecord] = optional(_RECORDS, default=None, unordered=True)
    nameservers: ListField[Nameserver] = optional(_NAMESERVERS, default=None, write_once=True)
    wait_seconds: Field[Seconds] = optional(_WAIT, default=0, write_once=True)
    valid: Field[bool] = output("Does SendGrid hold it for valid?")
    status: Field[str] = output(_STATUS)
    reasons: ListField[str] = output(_REASONS)

    lifecycle = _Links("/v3/whitelabel/links", "link_id")


class ReverseDnsValidation(Resource, module="sendgrid"):
    """Asks SendGrid to validate reverse DNS of a dedicated IP, once its A record is in DNS. The parent account's alone.

    Removing it changes nothing at SendGrid: reverse DNS stays valid.
    https://www.twilio.com/docs/sendgrid/api-reference/reverse-dns/validate-a-reverse-dns-record
    """

    reverse_dns_id: Field[Id] = required("The id of the reverse DNS.", replaces=True)
    dns_records: ListField[DnsRecord] = optional(_RECORDS, default=None, unordered=True)
    nameservers: ListField[Nameserver] = optional(_NAMESERVERS, default=None, write_once=True)
    wait_seconds: Field[Seconds] = optional(_WAIT, default=0, write_once=True)
    valid: Field[bool] = output("Does SendGrid hold it for valid?")
    status: Field[str] = output(_STATUS)
    reasons: ListField[str] = output(_REASONS)

    lifecycle = Validation("/v3/whitelabel/ips", "reverse_dns_id")
