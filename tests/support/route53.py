"""Route 53 as anybody else would use it: boto3, without our client."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import boto3  # type: ignore[import-untyped]  # the package has no types
from moto.backends import get_backend
from moto.route53.exceptions import ResourceRecordAlreadyExists, Route53ClientError
from moto.route53.models import Route53Backend

ZONE = "example.com"
Change = Callable[[Route53Backend, str, list[dict[str, Any]]], None]


def judged(change: Change) -> Change:
    """moto's change of a zone, as strict as the real one: it lets a CREATE of what exists and a DELETE of what does not
    pass, and refuses a CREATE of what the same batch deletes.

    https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html
    """

    def change_resource_record_sets(backend: Route53Backend, zoneid: str, change_list: list[dict[str, Any]]) -> None:
        present = {(each.name, each.type): _content(vars(each)) for each in backend.get_hosted_zone(zoneid).rrsets}
        for each in change_list:
            record = each["ResourceRecordSet"]
            key = (record["Name"].rstrip(".") + ".", record["Type"])
            content = _content({"ttl": record.get("TTL"), "records": record.get("ResourceRecords", ())})
            if each["Action"] == "CREATE" and key in present:
                raise ResourceRecordAlreadyExists(*key)
            if each["Action"] == "DELETE" and present.pop(key, None) != content:
                said = (
                    f"Tried to delete resource record set {key} but the values provided do not match the current values"
                )
                raise Route53ClientError("InvalidChangeBatch", said)
            if each["Action"] != "DELETE":
                present[key] = content
        actions = {"CREATE": "UPSERT"}
        change(
            backend, zoneid, [{**each, "Action": actions.get(each["Action"], each["Action"])} for each in change_list]
        )

    return change_resource_record_sets


def _content(record: dict[str, Any]) -> tuple[int, list[str]]:
    values = [each["Value"] if isinstance(each, dict) else each for each in record["records"] or ()]
    return int(record["ttl"] or 0), values


def environment(endpoint: str) -> dict[str, str]:
    """AWS's own settings, and nothing of the user's."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "made-up",
        "AWS_SECRET_ACCESS_KEY": "made-up",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


@contextmanager
def client() -> Iterator[Any]:
    made = boto3.session.Session().client("route53", region_name="us-east-1")
    yield made
    made.close()


def begin() -> str:
    """An AWS account with one hosted zone; its id."""
    get_backend("route53").reset()
    return make_zone()


def make_zone(name: str = ZONE, **config: Any) -> str:
    with client() as aws:
        count = len(aws.list_hosted_zones()["HostedZones"])
        made = aws.create_hosted_zone(Name=name, CallerReference=str(count), **config)
    return str(made["HostedZone"]["Id"].removeprefix("/hostedzone/"))


def _zone_id(aws: Any) -> str:
    return str(aws.list_hosted_zones()["HostedZones"][0]["Id"])


def put(type_: str, host: str, *values: str, ttl: int = 300, **more: Any) -> None:
    """Somebody writes a record, whatever was there."""
    record = {"Name": host, "Type": type_, **more}
    if values:
        record |= {"TTL": ttl, "ResourceRecords": [{"Value": value} for value in values]}
    with client() as aws:
        batch = {"Changes": [{"Action": "UPSERT", "ResourceRecordSet": record}]}
        aws.change_resource_record_sets(HostedZoneId=_zone_id(aws), ChangeBatch=batch)


def remove(type_: str, host: str) -> None:
    with client() as aws:
        zone = _zone_id(aws)
        (found,) = [each for each in _sets(aws, zone) if (each["Type"], each["Name"]) == (type_, f"{host}.")]
        batch = {"Changes": [{"Action": "DELETE", "ResourceRecordSet": found}]}
        aws.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)


def everything() -> dict[tuple[str, str], list[str]]:
    """The values of all records but the zone's own, by type and host."""
    with client() as aws:
        return {
            (each["Type"], each["Name"].removesuffix(".")): [one["Value"] for one in each.get("ResourceRecords", ())]
            for each in _sets(aws, _zone_id(aws))
            if each["Type"] not in ("NS", "SOA")
        }


def _sets(aws: Any, zone: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = aws.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    return found
