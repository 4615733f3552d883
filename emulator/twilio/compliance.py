"""What regulatory compliance and TrustHub share, being one shape twice. github.com/twilio/twilio-oai

twilio_numbers_v2.json, twilio_trusthub_v1.json, https://www.twilio.com/docs/phone-numbers/regulatory/api/bundles.
Not documented, and chosen here: items are assigned, and items change, while nothing that has them is in review or
approved; one is assigned once; only what is complete can be submitted, from a draft or after a rejection, which may
also become a draft again; a refusal for any of this is 409, 20409. The lists' filters are not emulated. What a person
at Twilio does is done by altering the record's `status`, and `errors` or a document's `failure_reason`.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from flask import Blueprint
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_pascal

from emulator.context import store, url, vendor_path
from emulator.made_up import sid
from emulator.store import Record
from emulator.twilio.access import authorize, form, owned, page
from emulator.twilio.errors import error, invalid, not_found
from emulator.twilio.evaluations import results
from emulator.twilio.state import NAME, now, records

EDITABLE = ("draft", "twilio-rejected")
DELETABLE = (*EDITABLE, "twilio-approved")
"""https://www.twilio.com/docs/phone-numbers/regulatory/api/bundles#delete-a-bundle-instance"""

STATUSES = (*DELETABLE, "pending-review", "in-review")

Answer = dict[str, Any] | tuple[dict[str, Any], int] | tuple[str, int]


class Form(BaseModel):
    model_config = ConfigDict(alias_generator=to_pascal, populate_by_name=True)


class ItemChange(Form):
    friendly_name: str = Field(min_length=1)
    attributes: dict[str, Any] = {}


class NewItem(ItemChange):
    type: str = Field(min_length=1)


class HolderChange(Form):
    friendly_name: str = Field(min_length=1)
    email: str = Field(min_length=1)
    status_callback: str | None = None


class StatusChange(HolderChange):
    status: str


class Assignment(Form):
    object_sid: str = Field(pattern="^[a-zA-Z]{2}[0-9a-fA-F]{32}$")


def refused(message: str) -> Exception:
    return error(409, 20409, message)


def accepted(model: type[Form], sent: dict[str, Any]) -> Record:
    try:
        return model.model_validate(sent).model_dump()
    except ValidationError as cause:
        raise invalid(cause) from cause


def _listing(collection: str, view: Callable[[Record], Record]) -> Answer:
    account = authorize().account_sid
    return page("results", [view(row) for row in records(collection).values() if row["account_sid"] == account])


@dataclass(frozen=True, kw_only=True)
class Items:
    """End users or supporting documents.

    path        of the collection at its host
    collection  where the records are
    prefix      of their SIDs
    holders     the collections of what they can be assigned to
    draft       the status of a new one that has one, and once it is submitted
    also        what else a reply has, where nothing was said
    types       those that there are, where the document lists them
    """

    host: str
    path: str
    collection: str
    prefix: str
    holders: tuple[str, ...]
    draft: tuple[str, str] | None = None
    also: tuple[str, ...] = ()
    types: tuple[str, ...] = ()

    def register(self, bp: Blueprint) -> None:
        one = f"{self.path}/<item_sid>"
        routes = (
            ("POST", self.path, self.create),
            ("GET", self.path, partial(_listing, self.collection, self._view)),
            ("GET", one, self.fetch),
            ("POST", one, self.update),
            ("DELETE", one, self.delete),
        )
        _register(bp, self.collection, routes)

    def create(self) -> Answer:
        caller = authorize()
        fields = accepted(NewItem, _read(NewItem))
        if self.types and fields["type"] not in self.types:
            raise error(400, 22200, "Invalid End-User Type")
        item_sid = sid(self.prefix, self.collection, store().number(self.collection))
        status = {"status": self.draft[0]} if self.draft else {}
        stamps = {"date_created": now(), "date_updated": now()}
        row = {"sid": item_sid, "account_sid": caller.account_sid} | fields | status | stamps
        records(self.collection)[item_sid] = row
        return self._view(row), 201

    def fetch(self, item_sid: str) -> Answer:
        return self._view(owned(self.collection, item_sid))

    def update(self, item_sid: str) -> Answer:
        row = owned(self.collection, item_sid)
        sent = _read(ItemChange)
        if any(holder["status"] not in EDITABLE for holder in self._holding(item_sid)):
            raise refused("It is in review or approved, and cannot be changed.")
        row.update(accepted(ItemChange, _present(ItemChange, row) | sent), date_updated=now())
        return self._view(row)

    def delete(self, item_sid: str) -> Answer:
        row = owned(self.collection, item_sid)
        if self.draft and row["status"] == self.draft[1]:
            # https://www.twilio.com/docs/api/errors/21646
            raise error(400, 21646, "Supporting Document is not eligible for deletion")
        holding = list(self._holding(item_sid))
        if any(holder["status"] not in EDITABLE for holder in holding):
            raise refused("It is in review or approved, and cannot be deleted.")
        for holder in holding:
            for key in [key for key, each in holder["assignments"].items() if each["object_sid"] == item_sid]:
                del holder["assignments"][key]
        store().remove(NAME, self.collection, item_sid)
        return "", 204

    def _holding(self, item_sid: str) -> Iterator[Record]:
        for collection in self.holders:
            for holder in records(collection).values():
                if any(each["object_sid"] == item_sid for each in holder.get("assignments", {}).values()):
                    yield holder

    def _view(self, row: Record) -> Record:
        return dict.fromkeys(self.also) | row | {"url": url(self.host, f"{self.path}/{row['sid']}")}


@dataclass(frozen=True, kw_only=True)
class Holders:
    """What items are assigned to: bundles, customer profiles or trust products.

    name         a reply's key for the SID of one
    requirement  the key for what one is evaluated by, and the collection that has it
    assignments  the last part of the path of its assignments
    items        the collections of what can be assigned
    documents    those that a submission takes along, with the status that they get
    submitted    the status after a submission
    links        a reply's links, each with the last part of its path
    also         what else a reply has, where nothing was said
    statuses     those that there are
    new          the form of a new one, and in `settle` what becomes of its fields
    in_use       refuses the removal of one that is needed
    evaluation   the form of an evaluation
    """

    host: str
    path: str
    collection: str
    name: str
    requirement: tuple[str, str]
    assignments: str
    items: tuple[str, ...]
    documents: tuple[str, str]
    submitted: str
    links: dict[str, str]
    also: tuple[str, ...] = ()
    statuses: tuple[str, ...] = STATUSES
    new: type[HolderChange] = HolderChange
    settle: Callable[[Record], Record] = field(default=lambda fields: fields)
    in_use: Callable[[str], None] = field(default=lambda _sid: None)
    evaluation: type[Form] = Form

    def register(self, bp: Blueprint) -> None:
        one = f"{self.path}/<holder_sid>"
        assignments, evaluations = f"{one}/{self.assignments}", f"{one}/Evaluations"
        routes = (
            ("POST", self.path, self.create),
            ("GET", self.path, partial(_listing, self.collection, self._view)),
            ("GET", one, self.fetch),
            ("POST", one, self.update),
            ("DELETE", one, self.delete),
            ("POST", assignments, self.assign),
            ("GET", assignments, partial(self._parts, part="assignments")),
            ("GET", f"{assignments}/<key>", partial(self._part, part="assignments")),
            ("DELETE", f"{assignments}/<key>", self.unassign),
            ("POST", evaluations, self.evaluate),
            ("GET", evaluations, partial(self._parts, part="evaluations")),
            ("GET", f"{evaluations}/<key>", partial(self._part, part="evaluations")),
        )
        _register(bp, self.collection, routes)

    def create(self) -> Answer:
        caller = authorize()
        fields = self.settle(accepted(self.new, form(self.new)))
        holder_sid = sid("BU", self.collection, store().number(self.collection))
        parts: Record = {"assignments": {}, "evaluations": {}, "date_created": now(), "date_updated": now()}
        row = {"sid": holder_sid, "account_sid": caller.account_sid, "status": "draft"} | fields | parts
        records(self.collection)[holder_sid] = row
        return self._view(row), 201

    def fetch(self, holder_sid: str) -> Answer:
        return self._view(owned(self.collection, holder_sid))

    def update(self, holder_sid: str) -> Answer:
        row = owned(self.collection, holder_sid)
        sent = form(StatusChange)
        if "Status" in sent and len(sent) > 1:
            # https://www.twilio.com/docs/api/errors/22204
            raise error(400, 22204, "Bundle status and properties cannot be updated in the same request")
        if "Status" in sent:
            self._move(row, sent["Status"])
        else:
            cleared = {"StatusCallback"} if sent.get("StatusCallback") == "" else set()
            fields = {k: v for k, v in (_present(HolderChange, row) | sent).items() if k not in cleared}
            row.update(accepted(HolderChange, fields))
        row["date_updated"] = now()
        return self._view(row)

    def _move(self, row: Record, status: str) -> None:
        if status not in self.statuses:
            raise error(400, 22203, "Unable to parse bundle status")  # https://www.twilio.com/docs/api/errors/22203
        if status not in ("pending-review", "draft") or row["status"] not in EDITABLE:
            raise refused(f"Status {status} cannot follow {row['status']}")
        if status == "pending-review" and not all(result["passed"] for result in self._results(row)):
            raise refused("Noncompliant: it cannot be submitted")
        if status == "pending-review" and row.get("is_test"):
            row["status"] = "twilio-rejected"  # "Bundle is a Test Bundle and will be Auto-Rejected"
            return
        row["status"] = self.submitted if status == "pending-review" else status
        if status == "pending-review":
            collection, pending = self.documents
            for document in self._items(row):
                if document["sid"] in records(collection):
                    document["status"] = pending

    def delete(self, holder_sid: str) -> Answer:
        row = owned(self.collection, holder_sid)
        if row["status"] not in DELETABLE:
            raise refused("It is in review, and cannot be deleted")
        self.in_use(holder_sid)
        store().remove(NAME, self.collection, holder_sid)
        return "", 204

    def assign(self, holder_sid: str) -> Answer:
        row = owned(self.collection, holder_sid)
        item_sid = accepted(Assignment, form(Assignment))["object_sid"]
        item = next((records(name)[item_sid] for name in self.items if item_sid in records(name)), None)
        if item is None or item["account_sid"] != row["account_sid"] or item_sid == holder_sid:
            # https://www.twilio.com/docs/api/errors/22205
            raise error(400, 22205, "Attempting to assign invalid object_sid to Bundle")
        self._changeable(row)
        if any(each["object_sid"] == item_sid for each in row["assignments"].values()):
            raise refused("It is assigned already")
        key = sid("BV", holder_sid, store().number("assignment"))
        row["assignments"][key] = {"sid": key, "object_sid": item_sid, "date_created": now()}
        return self._part(holder_sid, key, "assignments"), 201

    def unassign(self, holder_sid: str, key: str) -> Answer:
        row = owned(self.collection, holder_sid)
        self._part(holder_sid, key, "assignments")
        self._changeable(row)
        del row["assignments"][key]
        return "", 204

    @staticmethod
    def _changeable(row: Record) -> None:
        if row["status"] not in EDITABLE:
            raise refused(f"Items cannot change while the status is {row['status']}")

    def evaluate(self, holder_sid: str) -> Answer:
        row = owned(self.collection, holder_sid)
        asked, (requirement, _) = accepted(self.evaluation, form(self.evaluation)), self.requirement
        if asked.get(requirement, row[requirement]) != row[requirement]:
            raise error(400, 20001, "Invalid PolicySid: it is not that of what is evaluated")
        found = self._results(row)
        key = sid("EL", holder_sid, store().number("evaluation"))
        status = "compliant" if all(result["passed"] for result in found) else "noncompliant"
        own = {requirement: row[requirement]}
        row["evaluations"][key] = {"sid": key, "status": status, "results": found, "date_created": now()} | own
        return self._part(holder_sid, key, "evaluations"), 201

    def _results(self, row: Record) -> list[Record]:
        requirement, collection = self.requirement
        return results(records(collection)[row[requirement]]["requirements"], self._items(row))

    def _items(self, row: Record) -> list[Record]:
        wanted = [each["object_sid"] for each in row["assignments"].values()]
        return [records(name)[key] for name in self.items for key in wanted if key in records(name)]

    def _part(self, holder_sid: str, key: str, part: str) -> Record:
        row = owned(self.collection, holder_sid)
        if key not in row[part]:
            raise not_found(vendor_path())
        last = self.assignments if part == "assignments" else "Evaluations"
        own = {self.name: holder_sid, "account_sid": row["account_sid"]}
        shown: Record = row[part][key] | own | {"url": url(self.host, f"{self.path}/{holder_sid}/{last}/{key}")}
        return shown

    def _parts(self, holder_sid: str, part: str) -> Answer:
        row = owned(self.collection, holder_sid)
        return page("results", [self._part(holder_sid, key, part) for key in row[part]])

    def _view(self, row: Record) -> Record:
        own = f"{self.path}/{row['sid']}"
        shown = ("sid", "account_sid", "friendly_name", "status", "valid_until", "email", "status_callback")
        dates = {name: row.get(name, now()) for name in ("date_created", "date_updated")}
        return {
            **{name: row.get(name) for name in (*shown, self.requirement[0], *self.also)},
            **dates,
            "url": url(self.host, own),
            "links": {name: url(self.host, f"{own}/{last}") for name, last in self.links.items()},
        }


def _register(bp: Blueprint, name: str, routes: Iterable[tuple[str, str, Callable[..., Answer]]]) -> None:
    for number, (method, rule, view) in enumerate(routes):
        bp.add_url_rule(rule, f"{name}_{number}", view, methods=[method])


def _read(model: type[Form]) -> dict[str, Any]:
    """A form of which one field is an object in JSON."""
    sent: dict[str, Any] = dict(form(model))
    if "Attributes" in sent:
        try:
            sent["Attributes"] = json.loads(sent["Attributes"])
        except ValueError as cause:
            raise error(400, 20001, "Invalid Attributes: not JSON") from cause
    return sent


def _present(model: type[Form], row: Record) -> Record:
    """What a record has, as a form would say it."""
    return {to_pascal(name): row[name] for name in model.model_fields if name in row and row[name] is not None}
