"""DNS records of a part: where they are written and looked for."""

from __future__ import annotations

from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import pulumi
from pydantic import ConfigDict

from components.manual import ManualStep, Until
from providers.connection import camel_case
from providers.dns.lookup import Nameserver
from providers.route53.record import Record


@dataclass(frozen=True, kw_only=True)
class DnsArgs:
    """Settings of a name's DNS.

    route53_zone   the hosted zone that the records are written to; without it, a person adds them
    nameservers    resolvers to ask for the records; without them, this machine's
    """

    __pydantic_config__ = ConfigDict(alias_generator=camel_case, extra="forbid")

    route53_zone: str | None = None
    nameservers: list[Nameserver] | None = None

    def steps(self, *reasons: pulumi.Output[Any]) -> list[Until]:
        """What a person must do until the validations that give these reasons have none."""
        return [] if self.route53_zone else [Until(_ADD_RECORDS, reasons)]

    def write(
        self, name: str, records: pulumi.Output[list[dict[str, str]]], count: int, opts: pulumi.ResourceOptions
    ) -> pulumi.ResourceOptions:
        """The records in Route 53, if that is where they go; their number must be known in a preview.

        The options are those of the validation that looks for them.
        """
        if self.route53_zone is None:
            return pulumi.ResourceOptions(parent=opts.parent)
        written = [
            Record(
                f"{name}-record-{number}",
                zone=self.route53_zone,
                type=record.apply(lambda found: found["type"].upper()),
                host=record.apply(itemgetter("host")),
                value=record.apply(itemgetter("value")),
                opts=opts,
            )
            for number, record in enumerate(map(records.apply, map(itemgetter, range(count))), start=1)
        ]
        return pulumi.ResourceOptions(parent=opts.parent, depends_on=written)


_ADD_RECORDS = ManualStep(
    what="Add the records of the output dns_records (or zone_file) to DNS, without a proxy before them; then run again",
    where="the domain's DNS host",
    why="without route53Zone, DNS is not ours to write",
)
