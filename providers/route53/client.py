"""Route 53, through AWS's own client: https://docs.aws.amazon.com/Route53/latest/APIReference/Welcome.html

Credentials, profile and endpoint (`AWS_ENDPOINT_URL`) are AWS's own settings, read as every AWS tool reads them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Literal

from providers.client import MAX_ATTEMPTS, TIMEOUT, BaseClient
from providers.dns.records import plain
from providers.errors import Ambiguous, CredentialError, EngageError, NotFound, Unreachable, VendorError

_CREDENTIALS: Final = (
    "sign in as for any AWS tool (AWS_PROFILE, AWS_ACCESS_KEY_ID, a role), and allow route53:ListHostedZonesByName,"
    " route53:ListResourceRecordSets and route53:ChangeResourceRecordSets"
)
_HINTS: Final[Mapping[str, str]] = {
    "AccessDenied": _CREDENTIALS,
    "ExpiredToken": _CREDENTIALS,
    "InvalidClientTokenId": _CREDENTIALS,
    "SignatureDoesNotMatch": _CREDENTIALS,
    "NoSuchHostedZone": "the hosted zone is gone, or in another AWS account: correct `zone`",
    "InvalidChangeBatch": "the zone changed meanwhile, or the record does not fit in: run the same command again",
    "PriorRequestNotComplete": "another change of the zone is under way: run the same command again",
    "Throttling": "too many requests: run the same command again in a minute",
    "ThrottlingException": "too many requests: run the same command again in a minute",
}
# https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html

_GONE: Final = ("NoSuchHostedZone",)

_NOTHING: Final = {"Value": '"nothing"'}


@dataclass(frozen=True)
class RecordSet:
    """All records of one type at one name, as Route 53 has them: values as in a zone file.

    `raw` is the whole set: to delete one, Route 53 must be told all of it.
    """

    host: str
    type: str
    ttl: int | None
    values: tuple[str, ...]
    raw: Mapping[str, Any]

    @property
    def is_plain(self) -> bool:
        """Is it nothing but records, without an alias or a routing policy?"""
        return set(self.raw) == {"Name", "Type", "TTL", "ResourceRecords"}


@dataclass(frozen=True)
class Change:
    """One step of a batch, of which all steps are done or none."""

    action: Literal["CREATE", "DELETE"]
    set: Mapping[str, Any]


class Route53(BaseClient):
    """Calls as whoever AWS's own settings say."""

    vendor = "Route 53"

    def zone_id(self, zone: str) -> str:
        """A public hosted zone's id, by its id or its domain. Raises EngageError unless there is exactly one."""
        if "." not in zone:
            return zone
        found = [
            each["Id"].removeprefix("/hostedzone/")
            for each in self._zones(zone)
            if plain(each["Name"]) == plain(zone) and not each["Config"].get("PrivateZone")
        ]
        if len(found) != 1:
            these = f"{len(found)} public hosted zones ({', '.join(found)})" if found else "no public hosted zone"
            raise EngageError(f"zone: there is {these} of {zone} in this AWS account -> give the id of one")
        return str(found[0])

    def _zones(self, zone: str) -> list[dict[str, Any]]:
        # In the order of reversed labels: those of this name come first, and nobody has 100 of one name.
        reply = self._call("list_hosted_zones_by_name", DNSName=plain(zone), MaxItems="100")
        zones: list[dict[str, Any]] = reply["HostedZones"]
        return zones

    def at(self, zone_id: str, host: str) -> list[RecordSet]:
        """Every set of records at a name. Raises NotFound if the zone is gone."""
        return list(self._at(zone_id, plain(host)))

    def _at(self, zone_id: str, host: str) -> Iterator[RecordSet]:
        position: dict[str, str] = {"StartRecordName": host}
        while True:
            page = self._call("list_resource_record_sets", HostedZoneId=zone_id, **position)
            for raw in page["ResourceRecordSets"]:
                if _unescaped(raw["Name"]) != host:
                    # The list begins at the name and goes on behind it, in the order of reversed labels.
                    return
                values = tuple(each["Value"] for each in raw.get("ResourceRecords", ()))
                yield RecordSet(host, raw["Type"], raw.get("TTL"), values, raw)
            if not page["IsTruncated"]:
                return
            names = ("NextRecordName", "NextRecordType", "NextRecordIdentifier")
            position = {name.replace("Next", "Start"): page[name] for name in names if page.get(name)}

    def apex(self, zone_id: str) -> RecordSet:
        """The nameservers of a zone, as it has them itself. Its own name comes first in the order of its list."""
        (first,) = self._call("list_resource_record_sets", HostedZoneId=zone_id, MaxItems="1")["ResourceRecordSets"]
        return next(each for each in self.at(zone_id, _unescaped(first["Name"])) if each.type == "NS")

    def may_write(self, zone_id: str, domain: str) -> bool:
        """May its records be changed? AWS has no dry run: this asks to delete what does not exist, which changes
        nothing, and is refused for that reason only where it is allowed."""
        nothing = {"Name": f"_engage-preflight.{domain}", "Type": "TXT", "TTL": 1, "ResourceRecords": [_NOTHING]}
        try:
            self.change(zone_id, Change("DELETE", nothing))
        except VendorError as refused:
            if refused.code == "AccessDenied":
                return False
            if refused.code != "InvalidChangeBatch":
                raise
        return True

    def change(self, zone_id: str, *changes: Change) -> None:
        """All of these or none. Raises VendorError (InvalidChangeBatch) where the zone is not as assumed."""
        batch = [{"Action": change.action, "ResourceRecordSet": dict(change.set)} for change in changes]
        self._call("change_resource_record_sets", HostedZoneId=zone_id, ChangeBatch={"Changes": batch})

    def _call(self, operation: str, **arguments: Any) -> dict[str, Any]:
        import botocore.exceptions as failures  # type: ignore[import-untyped]  # the package has no types

        # Loaded here and above, as most stacks never need it and it takes a third of a second.
        call: Callable[..., dict[str, Any]]
        try:
            call = getattr(self._aws, operation)
            return call(**arguments)
        except failures.ClientError as refused:
            raise self._refusal(operation, refused.response) from None
        except (failures.EndpointConnectionError, failures.ConnectTimeoutError, failures.ProxyConnectionError):
            raise Unreachable("Route 53 cannot be reached -> check the network, a proxy, or AWS_ENDPOINT_URL") from None
        except failures.HTTPClientError as broken:
            raise Ambiguous(vendor=self.vendor, method="call", path=operation, reason=type(broken).__name__) from None
        except failures.BotoCoreError as unusable:
            # No credentials, half of them, an unknown profile, an expired log-in: the text names which, and no value.
            raise CredentialError(f"Route 53 cannot be called: {unusable} -> {_CREDENTIALS}") from None

    def _refusal(self, operation: str, response: Mapping[str, Any]) -> EngageError:
        error, about = response.get("Error", {}), response.get("ResponseMetadata", {})
        code, status = str(error.get("Code", "")), int(about.get("HTTPStatusCode", 0))
        if status >= 500:
            return Ambiguous(vendor=self.vendor, method="call", path=operation, reason=f"status {status}")
        return (NotFound if code in _GONE else VendorError)(
            vendor=self.vendor,
            method="call",
            path=operation,
            status=status,
            message=str(error.get("Message") or "without a message"),
            code=code,
            request_id=about.get("RequestId"),
            hint=_HINTS.get(code, "correct the record, or look at the hosted zone in the console of Route 53"),
        )

    @cached_property
    def _aws(self) -> Any:
        import boto3.session  # type: ignore[import-untyped]  # the package has no types
        from botocore.config import Config  # type: ignore[import-untyped]  # the package has no types

        connect, read = TIMEOUT
        config = Config(
            connect_timeout=connect,
            read_timeout=read,
            retries={"mode": "standard", "max_attempts": MAX_ATTEMPTS},
        )
        # A session of its own: boto3's default one is not made for several threads.
        session = boto3.session.Session()
        # Route 53 has no regions, but AWS's partitions have each its own: a region that is set says which.
        return session.client("route53", region_name=session.region_name or "us-east-1", config=config)


def _unescaped(name: str) -> str:
    r"""A name of Route 53, which writes `*` and the like as `\052`."""
    octal = {f"\\{code:03o}": chr(code) for code in range(33, 127)}
    for escape, character in octal.items():
        name = name.replace(escape, character)
    return plain(name)
