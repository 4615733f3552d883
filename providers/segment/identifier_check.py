"""https://www.twilio.com/docs/segment/unify/identity-resolution"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated

from annotated_types import Ge, Interval
from pydantic import StringConstraints

from providers.declaration import Values, tag
from providers.errors import EngageError
from providers.lifecycle import PENDING, Lifecycle, State, rule
from providers.resource import Field, ListField, MapField, Resource, optional, output, owner, required
from providers.segment import identifier_evidence as evidence
from providers.segment.client import Segment
from providers.segment.identifier_evidence import PROVEN, UNPROVEN, Findings
from providers.segment.identifier_steps import manual_step


class _IdentifierChecks(Lifecycle[Segment]):
    """Looks only, the canary apart. What costs is asked once a generation, what is free by every `up` that may help."""

    @rule("identifiers")
    def _something_to_check(self, identifiers: list[str]) -> str | None:
        return None if identifiers else "identifiers: is empty -> name one, or leave it out for email and phone"

    @rule("canary", "canary_write_key")
    def _canary_with_its_key(self, canary: bool, canary_write_key: str | None) -> str | None:
        if canary and not canary_write_key:
            return "canary_write_key: is needed with `canary` -> give it a write key of a source of the space"
        if canary_write_key and not canary:
            return "canary: a write key alone sends nothing -> set canary too, or leave canary_write_key out"
        return None

    def create(self, client: Segment, inputs: Values) -> State:
        return State(inputs["space_id"], self._checked(client, inputs, {}))

    def read(self, client: Segment, id_: str, values: Values) -> State | None:
        """A refresh asks nobody."""
        return State(id_, values)

    def update(self, client: Segment, id_: str, olds: Values, news: Values) -> Values:
        return {**olds, **self._checked(client, news, olds)}

    def delete(self, client: Segment, id_: str, values: Values) -> list[str]:
        left = evidence.delete_canaries(client, values.get("canaries") or [])
        stay = (
            f"The identifiers of the space {id_} stay as they are: this check made none, and Segment lets nobody delete"
            " one"
        )
        return [*_left(left), stay]

    def _checked(self, client: Segment, inputs: Values, olds: Values) -> Values:
        """Each way in turn, the dearest last and for what the others have not proven."""
        space, asked_anew = inputs["space_id"], inputs["generation"] > (olds.get("generation") or 0)
        earlier = [] if asked_anew else olds.get("results") or []
        findings = Findings(inputs["identifiers"], earlier)

        def due(way: str) -> list[str]:
            """What a way that costs was not asked of yet in this generation."""
            before = {row["identifier"] for row in earlier} if olds.get(way) else set()
            return [name for name in findings.open() if inputs[way] and name not in before]

        evidence.look_up(client.connection, space, inputs["profiles"] or [], findings)
        previews = {} if asked_anew else olds.get("previews") or {}
        begun = evidence.ask_previews(client, space, due("audience_previews"), findings)
        asked = {name: id_ for name, id_ in {**previews, **begun}.items() if name in findings.rows}
        running = evidence.read_previews(client, space, asked, findings)
        canaries = [*(olds.get("canaries") or []), *self._canary(client, inputs, findings, due("canary"))]
        return self._outcome(inputs, findings, running, evidence.delete_canaries(client, canaries))

    def _canary(self, client: Segment, inputs: Values, findings: Findings, names: list[str]) -> list[str]:
        """Its user id, if one was sent: the same in every attempt, so that a run that broke off left no other."""
        if not names:
            return []
        user_id = f"engage-canary-{tag(inputs['marker'], inputs['generation'])}"
        key, seconds = inputs["canary_write_key"], inputs["canary_wait_seconds"]
        sent = evidence.send_canary(client, inputs["space_id"], user_id, key, seconds, findings, names)
        return [user_id] if sent else []

    def _outcome(
        self, inputs: Values, findings: Findings, running: Mapping[str, str], canaries: Sequence[str]
    ) -> Values:
        results, missing = findings.results(), findings.open()
        # With nothing to look up for free, a change in every preview would be a promise that nobody keeps.
        pending = bool(canaries or running or (missing and inputs["profiles"]))
        reasons = [*_reasons(results, again="run `up` again" if pending else "raise generation"), *_left(canaries)]
        steps = [manual_step(inputs["space_id"], name) for name in missing]
        if missing and inputs["strict"]:
            todo = [f"{step['where']}: {step['what']}. {step['why']}." for step in steps]
            raise EngageError("\n  ".join(["strict: not every identifier is proven", *reasons, *todo]))
        return {
            **inputs,
            "proven": not missing,
            "status": PENDING if pending else UNPROVEN if missing else PROVEN,
            "results": results,
            "reasons": reasons,
            "manual_steps": steps,
            "previews": dict(running),
            "canaries": list(canaries),
            "warnings": _left(canaries),
        }


def _reasons(results: Iterable[Mapping[str, str]], again: str) -> list[str]:
    return [
        f"{row['identifier']}: {row['status']}: {row['evidence']} -> do the step in `manual_steps`, have a person with"
        f" such an id sent to the space, and {again}"
        for row in results
        if row["status"] != PROVEN
    ]


def _left(canaries: Iterable[str]) -> list[str]:
    return [
        f"the canary {user_id} is not deleted yet -> run `up` again, or delete that user id at Segment > Settings >"
        " End User Privacy"
        for user_id in canaries
    ]


SpaceId = Annotated[str, StringConstraints(pattern=r"^\w+$")]
IdentifierKey = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][\w.-]*$")]
"""It becomes part of a query: nothing in it ends a text there."""
ProfileReference = Annotated[str, StringConstraints(pattern=r"^[\w.-]+:.+$")]


class IdentifierCheck(Resource, module="segment"):
    """Verifies that a space has identifiers, such as `email` and `phone`. It makes none: Segment has no API for that.

    A person adds them, and `manual_steps` says where and how. This looks for evidence, in the order of its price: a
    profile that has such an external id (`profiles`, free), an audience preview that finds some (700 a month of a
    space), and the profile of a made-up person that is sent for it (`canary`). Each can prove that an identifier is
    there, and none that it is not: an identifier without any profile stays `unproven`.

    Nothing is asked in a preview or a refresh. Previews and the canary are asked once, and again when `generation` is
    raised; `profiles` are looked up by every `up` until all is proven. With `strict`, an `up` fails instead, and
    remembers nothing: what costs is then asked again by each.

    The canary reaches every destination of its source, counts as a tracked user, and is deleted afterwards, for which
    Segment takes up to 30 days. Destroying this deletes no identifier, as nobody can.
    https://www.twilio.com/docs/segment/unify/identity-resolution/identity-resolution-onboarding
    """

    space_id: Field[SpaceId] = required("The id of the space.", sent="never", replaces=True)
    identifiers: ListField[IdentifierKey] = optional(
        "The identifiers that it must have.", default=["email", "phone"], sent="never", unordered=True
    )
    profiles: ListField[ProfileReference] = optional(
        "External ids of profiles that are there, as `email:someone@example.com` or `phone:+12025550123`, best of one"
        " that has all identifiers. Looked up with SEGMENT_PROFILE_API_TOKEN, the space's own.",
        default=None,
        sent="never",
        secret=True,
    )
    audience_previews: Field[bool] = optional(
        "Asks for one audience preview of each identifier that `profiles` do not prove.", default=True, sent="never"
    )
    canary: Field[bool] = optional(
        "Sends a made-up person for what is not proven otherwise, and has it deleted. Takes SEGMENT_PROFILE_API_TOKEN.",
        default=False,
        sent="never",
    )
    canary_write_key: Field[str | None] = optional(
        "The write key of a source that is connected to the space.", default=None, sent="never", secret=True
    )
    canary_wait_seconds: Field[Annotated[int, Interval(ge=0, le=900)]] = optional(
        "How long to look for the canary's profile, every 10 seconds. It occupies one of the provider's four threads.",
        default=120,
        sent="never",
        write_once=True,
    )
    generation: Field[Annotated[int, Ge(1)]] = optional(
        "Raise it to have everything asked again, previews and canary too.", default=1, sent="never"
    )
    strict: Field[bool] = optional("Fails while an identifier is not proven.", default=False, sent="never")
    marker: Field[str] = owner()
    proven: Field[bool] = output("Are all of them proven?")
    status: Field[str] = output(
        "`proven`; `pending` while every `up` looks again, which it can for free; or `unproven`."
    )
    results: ListField[dict[str, str]] = output(
        "Of each identifier: `identifier`, `status` (`proven`, `unproven` or `unchecked`), `evidence` and `checked_at`;"
        " and what each way said, as `profile_look_up`, `audience_preview` and `canary`."
    )
    reasons: ListField[str] = output("Of each that is not proven, what was seen and what to do.")
    manual_steps: ListField[dict[str, str]] = output("What is left for a person: `what`, `where` and `why`.")
    previews: MapField[str] = output("Audience previews that still run, by identifier: the next `up` reads them.")
    canaries: ListField[str] = output("User ids of canaries that are still to be deleted.")
    warnings: ListField[str] = output("Canaries that are still to be deleted, each with what to do.")

    lifecycle = _IdentifierChecks()
