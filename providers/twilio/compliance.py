"""What Twilio's regulatory compliance and TrustHub share, being one shape twice: items, and what a person reviews.

https://www.twilio.com/docs/phone-numbers/regulatory/api and https://www.twilio.com/docs/trust-hub/trusthub-rest-api
"""

from __future__ import annotations

from collections.abc import Collection as Sids
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Final

from pydantic import AfterValidator, StringConstraints

from providers.declaration import Values
from providers.errors import EngageError, NotFound
from providers.lifecycle import PENDING, WARNINGS, Collection, Reply, rule
from providers.twilio.client import Twilio

DRAFT: Final = "draft"
REJECTED: Final = "twilio-rejected"
APPROVED: Final = "twilio-approved"
EDITABLE: Final = (DRAFT, REJECTED)
"""Twilio's own statuses in which items can change: "a new Bundle that can be edited", or one to be corrected."""

REVIEWING: Final = (
    "a person at Twilio reviews it -> wait, as that may take days: the result is sent to `email`, and `up` sees it"
)
PROVISIONAL: Final = "it is approved provisionally -> wait for the final word, which is sent to `email`"
HELD_BACK: Final = "it is complete, and not submitted, as `submit` is false -> set `submit` once it may be reviewed"
CORRECT: Final = (
    "Twilio has rejected it, and written why to `email` -> correct that in the items, then raise `generation` to have"
    " it reviewed again"
)


def _item(value: str) -> str:
    if value.startswith("AD"):
        raise ValueError("an address is no item -> name it in `address_sids` of a document's attributes")
    return value


ItemSid = Annotated[str, StringConstraints(pattern="^(IT|RD|AD)[0-9a-fA-F]{32}$"), AfterValidator(_item)]
TypeName = Annotated[str, StringConstraints(pattern="^[a-z0-9_]+$")]
PolicySid = Annotated[str, StringConstraints(pattern="^RN[0-9a-fA-F]{32}$")]

ATTRIBUTES: Final = (
    "What its type asks for. Personal data, so it is encrypted in the state and never read back: a change that somebody"
    " else makes to it cannot be seen."
)
SUBMIT: Final = "Has it reviewed as soon as it is complete. What was submitted stays so."
GENERATION: Final = "Raise it to have it reviewed again after a rejection, once the items are corrected."
STATUS: Final = (
    "`approved`, `rejected`, `draft` if it is not to be submitted, or `pending`: then every `up` tries again."
)
REASONS: Final = "What is missing, waited for or was rejected, and what to do."
REVIEW_STATUS: Final = "Twilio's own word for it, such as `in-review`."


class Items(Collection[Twilio]):
    """End users and supporting documents. Their types and attributes are Twilio's data, and change with the law: what
    is wrong with them is told by the evaluation of what they are assigned to."""

    def __init__(self, path: str) -> None:
        super().__init__(path, id_key="sid", items="results", update="POST")

    def _present(self, client: Twilio, reply: Reply, inputs: Values, *, made: bool) -> Values:
        """What we have made has what we sent, in whatever form it comes back."""
        present = super()._present(client, reply, inputs, made=made)
        return {**present, "attributes": inputs["attributes"]} if made else present


class Reviewed(Collection[Twilio]):
    """A draft that items are assigned to, that is evaluated, submitted once it is complete, and reviewed by a person.

    It exists from the start, so that its SID is its id. An incomplete draft is pending, with what is missing as
    reasons. A rejected one is not submitted again unless its items change or `generation` is raised.

    path         of the collection
    assignments  what its collection of items is called
    documents    path of the supporting documents, which say why they were rejected
    also         the fields whose value is assigned like an item
    """

    def __init__(self, path: str, *, assignments: str, documents: str, also: tuple[str, ...] = ()) -> None:
        super().__init__(path, id_key="sid", items="results", update="POST")
        self.assignments, self.documents, self.also = assignments, documents, also

    @rule("items")
    def _each_once(self, items: list[str]) -> str | None:
        return "items: has the same SID twice -> name each once" if len(set(items)) < len(items) else None

    def find(self, client: Twilio, inputs: Values) -> Reply | None:
        left = super().find(client, inputs)
        return left and self.fetch(client, left["sid"], inputs)

    def post(self, client: Twilio, inputs: Values) -> Reply:
        return self._seen(client, super().post(client, inputs), inputs, assigned=())

    def fetch(self, client: Twilio, id_: str, values: Values) -> Reply:
        reply = super().fetch(client, id_, values)
        return self._seen(client, reply, values, self._assigned(client, id_))

    def _present(self, client: Twilio, reply: Reply, inputs: Values, *, made: bool) -> Values:
        """No reply names the country and the like: the tag, which is made of them, or the word of whoever adopts it,
        stands for them. A draft is pending, so that it is brought on."""
        present = super()._present(client, reply, inputs, made=made)
        for name, spec in self.declaration.inputs.items():
            if name in ("items", *self.also):
                present[name] = reply[name]
            elif spec.replaces and name not in reply:
                present[name] = inputs[name]
        return {**present, "status": PENDING} if reply["review_status"] == DRAFT else present

    def patch(self, client: Twilio, id_: str, olds: Values, news: Values) -> Reply | None:
        """Properties, items and status, each by requests of their own: https://www.twilio.com/docs/api/errors/22204"""
        changed = set(self.diff(olds, news).changed)
        reply = super().patch(client, id_, olds, news) if changed & self._properties() else None
        reply = reply or super().fetch(client, id_, news)
        wanted = {*news["items"], *(news[name] for name in self.also)}
        self._assign(client, reply, wanted)
        again = changed & {"submit", "generation", "items", *self.also} or _resubmitting(olds)
        if not (reply["status"] == DRAFT or (reply["status"] == REJECTED and news["submit"] and again)):
            return self._seen(client, reply, {**olds, **news}, wanted)
        reasons = self._evaluated(client, reply)
        if news["submit"] and not reasons:
            reply = client.send("POST", self.object_path(id_), body={"Status": "pending-review"})
            return self._seen(client, reply, news, wanted)
        trying = {**news, "review_status": reply["status"], "status": PENDING}
        return {**self._seen(client, reply, trying, wanted), "reasons": reasons or [HELD_BACK]}

    def _properties(self) -> set[str]:
        return {name for name, spec in self.declaration.inputs.items() if spec.sent in ("always", "update")}

    # -- items -----------------------------------------------------------------------------------------------------

    def _assigned(self, client: Twilio, id_: str) -> dict[str, str]:
        """The items, each with the SID of its assignment."""
        path = f"{self.object_path(id_)}/{self.assignments}"
        return {row["object_sid"]: row["sid"] for row in client.pages(path, self.items)}

    def _assign(self, client: Twilio, reply: Reply, wanted: set[str]) -> None:
        assigned = self._assigned(client, reply["sid"])
        if wanted == assigned.keys():
            return
        if reply["status"] not in EDITABLE:
            done = reply["status"] == APPROVED
            raise EngageError(
                f"items: those of {self.declaration.name} {reply['sid']} cannot change, as its status is"
                f" {reply['status']} -> change them back, or "
                + ("declare another one beside it" if done else "run the same command again after the review")
            )
        path = f"{self.object_path(reply['sid'])}/{self.assignments}"
        for item in sorted(wanted - assigned.keys()):
            client.send("POST", path, body={"ObjectSid": item})
        for item in sorted(assigned.keys() - wanted):
            client.send("DELETE", f"{path}/{assigned[item]}")

    # -- the review ------------------------------------------------------------------------------------------------

    def _seen(self, client: Twilio, reply: Reply, values: Values, assigned: Sids[str]) -> Reply:
        """Twilio's reply with all that the fields say of it, in place of its own `status`.

        An unchanged draft's reasons are those of its last evaluation, which only an attempt to submit repeats.
        """
        said, declared = reply["status"], values.get("items") or []
        others = set(assigned) - set(declared) - {values.get(name) for name in self.also}
        seen = {
            **reply,
            "items": [*(item for item in declared if item in assigned), *sorted(others)],
            **{name: values[name] if values[name] in assigned else None for name in self.also},
            "review_status": said,
            "approved": said == APPROVED,
            "status": _status(said, values),
            WARNINGS: _expiry(reply),
        }
        if said == REJECTED and not _resubmitting(values):
            seen["reasons"] = list(self._rejection(client, reply, assigned))
        elif said not in EDITABLE:
            seen["reasons"] = {APPROVED: [], "provisionally-approved": [PROVISIONAL]}.get(said, [REVIEWING])
        return seen

    def _evaluated(self, client: Twilio, reply: Reply) -> list[str]:
        """What Twilio finds missing, field by field; empty once it is complete."""
        policy = {"PolicySid": reply["policy_sid"]} if "policy_sid" in reply else None
        path = f"{self.object_path(reply['sid'])}/Evaluations"
        evaluation = client.send("POST", path, body=policy, idempotent=True)
        if evaluation["status"] == "compliant":
            return []
        reasons = [reason for result in evaluation["results"] or () for reason in _shortcomings(result)]
        return reasons or ["Twilio does not say what is missing -> look at it in https://console.twilio.com"]

    def _rejection(self, client: Twilio, reply: Reply, assigned: Iterable[str]) -> Iterator[str]:
        """What was wrong. A bundle has no word on it, its documents do; a profile has errors."""
        yield from map(_error, reply.get("errors") or ())
        for sid in sorted(item for item in assigned if item.startswith("RD")):
            try:
                document = client.get(f"{self.documents}/{sid}")
            except NotFound:  # which must not make the whole look gone
                continue
            if document["status"].lower() == "rejected":
                yield f"document {sid}: {document.get('failure_reason') or 'was rejected'}"
                yield from (f"document {sid}: {_error(error)}" for error in document.get("errors") or ())
        yield CORRECT


def _status(said: str, values: Values) -> str:
    if said == APPROVED:
        return "approved"
    if said == DRAFT and values.get("submit") is False:
        return "draft"
    return "rejected" if said == REJECTED and not _resubmitting(values) else PENDING


def _resubmitting(values: Values) -> bool:
    """Was it asked for, after a rejection, to be reviewed again, and found incomplete?"""
    refused = values.get("review_status") == REJECTED and values.get("status") == PENDING
    return refused and values.get("submit") is not False


def _expiry(reply: Reply) -> list[str]:
    # https://www.twilio.com/docs/phone-numbers/regulatory/getting-started/api-getting-started-compliance-information-update
    until = reply["valid_until"]
    return [f"is rejected after {until} -> bring its information up to date before, in the Console"] if until else []


def _shortcomings(result: dict[str, Any]) -> Iterator[str]:
    """What one requirement lacks, in Twilio's words: they name fields and never their values."""
    if result["passed"]:
        return
    what, kind = result["requirement_friendly_name"] or result["friendly_name"], result["object_type"]
    if result["failure_reason"]:
        yield f"{what}: {result['failure_reason']} -> have one of type {kind} among the items"
    for field in result["invalid"] or ():
        where = f"set {field['object_field']} in the attributes of the item of type {kind}"
        yield f"{what}, {field['friendly_name']}: {field['failure_reason']} -> {where}"


def _error(error: dict[str, Any]) -> str:
    code = error.get("code")
    return f"Twilio's error {code} -> see https://www.twilio.com/docs/errors/{code}"
