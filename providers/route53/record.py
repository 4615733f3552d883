"""https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import dns.exception
import dns.rdata
from annotated_types import Interval
from dns.rdtypes.txtbase import TXTBase
from pydantic import AfterValidator, BeforeValidator, StringConstraints

from providers.declaration import Values
from providers.dns import records, zone
from providers.dns.records import Hostname, plain
from providers.errors import Ambiguous, NotFound, OwnershipError, VendorError
from providers.lifecycle import Lifecycle, State
from providers.resource import Field, Resource, optional, output, owner, required
from providers.route53.client import Change, RecordSet, Route53


class _Records(Lifecycle[Route53]):
    """A record that we wrote has the value that we wrote: there is nowhere to put a mark.

    So what has that value is ours, and what has another one is somebody's, which is never overwritten or removed.
    """

    def create(self, client: Route53, inputs: Values) -> State:
        """The id is the owner's mark and not the place, so that the record can move in an update."""
        zone_id = client.zone_id(inputs["zone"])
        self._write(client, zone_id, inputs, None)
        return State(inputs["marker"], {**inputs, "zone_id": zone_id, "written": inputs["value"]})

    def read(self, client: Route53, id_: str, values: Values) -> State | None:
        try:
            found = client.at(values["zone_id"], values["host"])
        except NotFound:
            return None
        present = next((each for each in found if each.type == values["type"]), None)
        if present is None:
            return None
        same = _is(present, values, values["value"])
        return State(id_, {**values, "value": values["value"] if same else _shown(present), "ttl": present.ttl})

    def look_up(self, client: Route53, id_: str, known: Values) -> State | None:
        """By zone, type and host, as the id says nothing of the place."""
        zone_id = client.zone_id(known["zone"])
        return super().look_up(client, id_, {**known, "zone_id": zone_id, "value": ""})

    def update(self, client: Route53, id_: str, olds: Values, news: Values) -> Values:
        self._write(client, olds["zone_id"], news, olds)
        return {**olds, **news, "written": news["value"]}

    def delete(self, client: Route53, id_: str, values: Values) -> None:
        """What is not as we wrote it is somebody else's by now, and stays."""
        try:
            ours = _ours(client, values)
            if ours is not None:
                client.change(values["zone_id"], Change("DELETE", ours.raw))
        except NotFound:
            return

    def _write(self, client: Route53, zone_id: str, inputs: Values, olds: Values | None) -> None:
        changes = _plan(client, zone_id, inputs, olds)
        if not changes:
            return
        try:
            client.change(zone_id, *changes)
        except (Ambiguous, VendorError) as failed:
            # AWS's client repeats what got no reply, and the second time the change is refused as it was made already.
            if isinstance(failed, VendorError) and failed.code != "InvalidChangeBatch":
                raise
            if _plan(client, zone_id, inputs, olds):
                raise


def _plan(client: Route53, zone_id: str, inputs: Values, olds: Values | None) -> list[Change]:
    """What is to be done, in one batch. Raises OwnershipError if something that is not ours is in the way."""
    stale = _ours(client, olds) if olds else None
    kept, gone = None, [stale] if stale else []
    for each in client.at(zone_id, inputs["host"]):
        # A CNAME tolerates no other type beside it, nor the others a CNAME.
        if each.type != inputs["type"] and "CNAME" not in (each.type, inputs["type"]):
            continue
        ours = each.type == inputs["type"] and _is(each, inputs, inputs["value"])
        if not ours and each != stale:
            raise _taken(inputs, each)
        if ours and each.ttl == inputs["ttl"]:
            kept = each
        elif each not in gone:
            gone.append(each)
    removed = [Change("DELETE", each.raw) for each in gone if each != kept]
    return removed if kept else [*removed, Change("CREATE", _set(inputs))]


def _ours(client: Route53, values: Values) -> RecordSet | None:
    """The record as we wrote it last, if it still is."""
    found = client.at(values["zone_id"], values["host"])
    return next((each for each in found if each.type == values["type"] and _is(each, values, values["written"])), None)


def _dns(inputs: Mapping[str, Any], value: str) -> records.Record:
    return records.Record.of({"type": inputs["type"], "host": inputs["host"], "value": value})


def _set(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The record as Route 53 wants it."""
    return {
        "Name": plain(inputs["host"]),
        "Type": inputs["type"],
        "TTL": inputs["ttl"],
        "ResourceRecords": [{"Value": zone.wire(_dns(inputs, inputs["value"]))}],
    }


def _is(present: RecordSet, inputs: Mapping[str, Any], value: str) -> bool:
    """Is this value all that there is?"""
    if not present.is_plain or len(present.values) != 1:
        return False
    wanted = zone.wire(_dns(inputs, value))
    if inputs["type"] == "TXT":
        return _text(present.values[0]) == _text(wanted)
    return plain(present.values[0]) == plain(wanted)


def _text(value: str) -> str:
    """The text of a TXT record, however it is cut into strings."""
    try:
        data = dns.rdata.from_text("IN", "TXT", value)
    except dns.exception.DNSException:
        return value
    return b"".join(data.strings).decode("utf-8", "replace") if isinstance(data, TXTBase) else value


def _shown(present: RecordSet) -> str:
    """What there is, as a person would write it."""
    if "AliasTarget" in present.raw:
        return f"alias of {plain(present.raw['AliasTarget']['DNSName'])}"
    values = [_text(value) if present.type == "TXT" else value.removesuffix(".") for value in present.values]
    return ", ".join(values) + ("" if present.is_plain else " (with a routing policy)")


def _taken(inputs: Mapping[str, Any], present: RecordSet) -> OwnershipError:
    return OwnershipError(
        f"{plain(inputs['host'])}: has the {present.type} record {_shown(present)!r}, which this resource did not"
        f" write, where the {inputs['type']} record {inputs['value']!r} should be -> remove what is there if nothing"
        " needs it, or ask for the value that it has"
    )


def _ascii(value: str) -> str:
    # Route 53 writes other bytes as octal numbers, DNS itself as decimal ones; no vendor's record here has any.
    if not (value.isascii() and value.isprintable()):
        raise ValueError("must have printable ASCII characters only")
    return value


def _upper(value: Any) -> Any:
    return value.upper() if isinstance(value, str) else value


class Record(Resource, module="route53"):
    """One DNS record in a hosted zone of Route 53, by the AWS account that AWS's own settings name.

    A record of the same value that is there is taken over; one of another value is an error that names both, and is
    never overwritten or removed. It goes with its resource: where what it belongs to is kept on destroy, declare it
    with the same `retain_on_delete`. It may take its fields from another resource's outputs, as only `zone` replaces.
    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html
    """

    zone: Field[Annotated[str, StringConstraints(pattern=r"^(Z[A-Z0-9]+|[^\s/]+\.[^\s/]+)$")]] = required(
        "The public hosted zone: its id, or its domain if only one has that.", replaces=True
    )
    type: Field[Annotated[Literal["A", "AAAA", "CNAME", "MX", "TXT"], BeforeValidator(_upper)]] = required(
        "The type of the record."
    )
    host: Field[Hostname] = required("The full name of the record.")
    value: Field[Annotated[str, StringConstraints(min_length=1, max_length=4000), AfterValidator(_ascii)]] = required(
        "A TXT record's text, without quotation marks; a CNAME's or MX record's target; an address."
    )
    ttl: Field[Annotated[int, Interval(ge=0, le=2_147_483_647)]] = optional(
        "How many seconds resolvers may remember it.", default=300
    )
    marker: Field[str] = owner()
    zone_id: Field[str] = output("The id of the hosted zone.")
    written: Field[str] = output("The value that was written last: what has another one is not ours.")

    lifecycle = _Records()
