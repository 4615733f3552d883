"""What authenticated domains, branded links and reverse DNS have in common.

A record of theirs has `id`, `owner` (a username), `valid`, and `dns` or `a_record` in the shape of replies. They become
valid by the operations `validate`, or by setting `valid` from outside.
"""

from typing import Annotated, Any

from pydantic import AfterValidator, Field

from emulator.context import store
from emulator.sendgrid.access import Body, Caller, Query
from emulator.sendgrid.errors import error, not_found
from emulator.sendgrid.state import NAME, PARENT, records
from emulator.store import Record

LIMIT = 3000
"""Of domains, and of links, for each user.

https://www.twilio.com/docs/sendgrid/api-reference/domain-authentication/authenticate-a-domain
"""


def _host(value: str) -> str:
    """Not documented: host names are compared without case, and here they are small."""
    labels = value.lower().split(".")
    if not all(label and label.replace("-", "").replace("_", "").isalnum() for label in labels):
        raise ValueError("invalid host name")
    return value.lower()


def _domain(value: str) -> str:
    if "." not in value:
        raise ValueError("invalid domain")
    return _host(value)


Host = Annotated[str, AfterValidator(_host)]
Domain = Annotated[str, AfterValidator(_domain)]


class Username(Body):
    username: str = Field(min_length=1)


class OfSubuser(Query):
    username: str = ""


def dns(kind: str, host: str, data: str) -> dict[str, Any]:
    """One record that the domain's owner is to publish."""
    return {"valid": False, "type": kind, "host": host, "data": data}


def found(collection: str, caller: Caller, id_: int) -> Record:
    """A record of the caller's, or of any subuser of the parent. No 404 is documented; the words are the emulator's."""
    record = records(collection).get(str(id_))
    if record is None or (caller.is_subuser and record["owner"] != caller.username):
        raise not_found("not found")
    return record


def own(collection: str, username: str) -> list[Record]:
    return [record for record in records(collection).values() if record["owner"] == username]


def add(collection: str, record: Record) -> Record:
    """Keeps a new record, unless its user has as many as allowed. The status and words are the emulator's."""
    if len(own(collection, record["owner"])) >= LIMIT:
        raise error(400, f"the maximum of {LIMIT} is reached")
    records(collection)[str(record["id"])] = record
    return record


def remove(collection: str, caller: Caller, id_: int) -> tuple[str, int]:
    store().remove(NAME, collection, str(found(collection, caller, id_)["id"]))
    return "", 204


def make_default(collection: str, record: Record) -> None:
    """ "When setting a new default, the existing default ... will have its default status removed automatically"
    (tsg_link_branding_v3.json; the same is taken to hold for domains)"""
    for other in own(collection, record["owner"]):
        other["default"] = False
    record["default"] = True


def lendable(collection: str, caller: Caller, id_: int) -> Record:
    """ "the parent account must first authenticate and validate" it (tsg_domain_authentication_v3.json,
    tsg_link_branding_v3.json). Status and words of the refusal are the emulator's."""
    record = found(collection, caller, id_)
    if record["owner"] != PARENT:
        raise error(400, "only what belongs to the parent can be associated with a subuser")
    if not record["valid"]:
        raise error(400, "it must be validated before it can be associated with a subuser")
    return record


def subuser(username: str) -> Record:
    record: Record | None = records("subusers").get(username)
    if record is None:
        raise not_found("invalid username")
    return record


def associate(collection: str, record: Record, username: str) -> None:
    records(collection)[f"{record['id']}/{username}"] = {"id": record["id"], "owner": username}


def dissociate(collection: str, username: str | None = None, id_: int | None = None) -> int:
    """Takes away the associations of this user, this object, or both; how many there were."""
    keys = [
        key for key, row in records(collection).items() if username in (None, row["owner"]) and id_ in (None, row["id"])
    ]
    for key in keys:
        store().remove(NAME, collection, key)
    return len(keys)


def associated(collection: str, of: str, username: str) -> list[Record]:
    """What is associated with a subuser, oldest first."""
    subuser(username)
    ids = [str(row["id"]) for row in records(collection).values() if row["owner"] == username]
    return [records(of)[id_] for id_ in ids if id_ in records(of)]
