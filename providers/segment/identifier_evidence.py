"""The ways to see, from outside, that a space has an identifier; none of them sees that it has not.

No API reads a space's identifiers, so each way looks for a profile that has an external id of that type.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import tenacity

from providers.connection import Connection
from providers.errors import Ambiguous, EngageError, NotFound
from providers.segment.client import Segment
from providers.segment.profiles import Profiles, Tracking

UNCHECKED: Final = "unchecked"
UNPROVEN: Final = "unproven"
PROVEN: Final = "proven"
_RANK: Final = (UNCHECKED, UNPROVEN, PROVEN)

LOOK_UP: Final = "profile_look_up"
PREVIEW: Final = "audience_preview"
CANARY: Final = "canary"
_WAYS: Final = (LOOK_UP, PREVIEW, CANARY)

CANARY_INTERVAL: Final = 10
"""Seconds between two looks for the canary's profile."""


class Findings:
    """What each way says of each identifier: now and, for what is not asked again, in earlier runs."""

    def __init__(self, names: Iterable[str], earlier: Iterable[Mapping[str, str]] = ()) -> None:
        known = {row["identifier"]: dict(row) for row in earlier}
        self.rows = {name: known.get(name, {"identifier": name, "checked_at": ""}) for name in names}

    def forget(self, names: Iterable[str], way: str) -> None:
        """What a way said before it is asked again."""
        for name in names:
            self.rows[name].pop(way, None)

    def note(self, names: Iterable[str], way: str, status: str, text: str) -> None:
        """Of several answers of one way, the strongest counts."""
        for name in names:
            row = self.rows[name]
            before, _, said = row.get(way, "").partition(": ")
            if before and _RANK.index(before) > _RANK.index(status):
                continue
            row[way] = f"{status}: {f'{said}; {text}' if before == status else text}"
            if status != UNCHECKED:
                row["checked_at"] = datetime.now(UTC).isoformat(timespec="seconds")

    def status(self, name: str) -> str:
        said = {self.rows[name].get(way, UNCHECKED).partition(":")[0] for way in _WAYS}
        return max(said, key=_RANK.index)

    def open(self) -> list[str]:
        """Those that are not proven."""
        return [name for name in self.rows if self.status(name) != PROVEN]

    def results(self) -> list[dict[str, str]]:
        return [
            {**row, "status": self.status(name), "evidence": self._evidence(name)} for name, row in self.rows.items()
        ]

    def _evidence(self, name: str) -> str:
        said = [self.rows[name][way].partition(": ") for way in _WAYS if way in self.rows[name]]
        proof = [text for status, _, text in said if status == PROVEN]
        return "; ".join(proof or [text for _, _, text in said]) or (
            "nothing was asked: set `profiles` or audience_previews"
        )


def look_up(connection: Connection, space_id: str, profiles: Iterable[str], findings: Findings) -> None:
    """In profiles that are there. Free, but for the 100 calls a second of a space."""
    asked = findings.open()
    findings.forget(asked, LOOK_UP)
    for number, reference in enumerate(profiles, 1):
        which = f"profile {number} of `profiles`"
        names = findings.open()
        try:
            types = Profiles(connection).identifiers(space_id, reference, names) if names else set()
        except EngageError as error:
            findings.note(names, LOOK_UP, UNCHECKED, f"{which}: {error}")
            continue
        if types is None:
            findings.note(names, LOOK_UP, UNCHECKED, f"{which} is not in the space")
            continue
        findings.note(types & set(names), LOOK_UP, PROVEN, f"{which} has an external id of this type")
        findings.note(set(names) - types, LOOK_UP, UNPROVEN, f"{which} has no external id of this type")


# -- audience previews: 5 a minute and 700 a month of a space ----------------------------------------------------------


def ask_previews(client: Segment, space_id: str, names: Iterable[str], findings: Findings) -> dict[str, str]:
    """Begin one preview of each; return their ids. It is one call of the budget each, so none is ever sent twice.

    Of all profiles, those are counted that have an external id of this type; the query lets every profile pass.
    https://docs.segmentapis.com/tag/Audiences#operation/createAudiencePreview
    """
    running = {}
    for name in names:
        findings.forget([name], PREVIEW)
        body = {
            "definition": {"query": f"trait('{name}').exists() OR trait('{name}').absent()"},
            "audienceType": "USERS",
            "options": {"filterByExternalIds": [name]},
        }
        try:
            made = client.send("POST", f"/spaces/{space_id}/audiences/previews", body=body)
            running[name] = made["audiencePreview"]["id"]
        except Ambiguous:
            findings.note([name], PREVIEW, UNCHECKED, "the reply to the audience preview was lost: raise generation")
        except EngageError as error:
            findings.note([name], PREVIEW, UNCHECKED, f"there was no audience preview: {error}")
    return running


def read_previews(client: Segment, space_id: str, running: Mapping[str, str], findings: Findings) -> dict[str, str]:
    """What they found; return those that run on. Reading costs nothing of the budget."""
    left = {}
    for name, preview_id in running.items():
        if findings.status(name) == PROVEN:
            continue
        findings.forget([name], PREVIEW)
        try:
            preview = _until_completed()(client.get, f"/spaces/{space_id}/audiences/previews/{preview_id}")
        except NotFound:
            findings.note([name], PREVIEW, UNCHECKED, "the audience preview is gone: raise generation")
            continue
        except EngageError as error:
            left[name] = preview_id
            findings.note([name], PREVIEW, UNCHECKED, f"the audience preview could not be read: {error}")
            continue
        found = preview["audiencePreview"]
        if found["status"] == "RUNNING":
            left[name] = preview_id
            findings.note([name], PREVIEW, UNCHECKED, "the audience preview still runs")
        else:
            findings.note([name], PREVIEW, *_found(found))
    return left


def _until_completed() -> tenacity.Retrying:
    """For about a minute: what runs longer is read by the next `up`."""
    return tenacity.Retrying(
        retry=tenacity.retry_if_result(lambda reply: reply["audiencePreview"]["status"] == "RUNNING"),
        wait=tenacity.wait_exponential(max=10),
        stop=tenacity.stop_after_attempt(10),
        retry_error_callback=_last,
    )


def _last(state: tenacity.RetryCallState) -> Any:
    return state.outcome.result() if state.outcome else None


def _found(preview: Mapping[str, Any]) -> tuple[str, str]:
    if preview["status"] == "FAILED":
        return UNCHECKED, f"the audience preview failed ({preview.get('failureReason')}): raise generation"
    count = (preview.get("size") or {}).get("count")
    if count is None:
        return UNCHECKED, "the audience preview did not say how many profiles it found"
    if count:
        return PROVEN, f"an audience preview found profiles with an external id of this type: {count}"
    return UNPROVEN, "an audience preview found no profile with an external id of this type"


# -- the canary: a made-up person, sent and deleted --------------------------------------------------------------------


def send_canary(
    client: Segment,
    space_id: str,
    user_id: str,
    write_key: str,
    wait_seconds: int,
    findings: Findings,
    names: list[str],
) -> bool:
    """Identify a made-up person, and look for the profile. Was anything sent that must be deleted?

    Its values are looked up first: a profile that has one is a proof already, and would be merged with the canary. It
    may be the canary's own, of a run that broke off before its end.
    """
    profiles, left = Profiles(client.connection), False
    findings.forget(names, CANARY)
    try:
        left = profiles.identifiers(space_id, f"user_id:{user_id}", names) is not None
        for name in names:
            if profiles.identifiers(space_id, f"{name}:{_made_up(name, user_id)}", [name]) is not None:
                findings.note([name], CANARY, PROVEN, "a profile is found by an external id of this type")
        names = [name for name in names if findings.status(name) != PROVEN]
        if not names:
            return left
        traits = {name: _made_up(name, user_id) for name in names}
        Tracking(client.connection).identify(write_key, user_id, traits)
    except Ambiguous as error:
        # It may have been the event whose reply was lost; deleting what is not there does no harm.
        findings.note(names, CANARY, UNCHECKED, f"no canary: {error}")
        return True
    except EngageError as error:
        findings.note(names, CANARY, UNCHECKED, f"no canary: {error}")
        return left
    _await_canary(profiles, space_id, user_id, wait_seconds, findings, names)
    return True


def _await_canary(
    profiles: Profiles, space_id: str, user_id: str, wait_seconds: int, findings: Findings, names: list[str]
) -> None:
    waiting = tenacity.Retrying(
        retry=tenacity.retry_if_result(lambda types: types is None),
        wait=tenacity.wait_fixed(CANARY_INTERVAL),
        stop=tenacity.stop_after_attempt(wait_seconds // CANARY_INTERVAL + 1),
        retry_error_callback=_last,
    )
    try:
        types = waiting(profiles.identifiers, space_id, f"user_id:{user_id}", names)
    except EngageError as error:
        findings.note(names, CANARY, UNCHECKED, f"the canary's profile could not be read: {error}")
        return
    if types is None:
        findings.note(
            names,
            CANARY,
            UNCHECKED,
            f"the canary had no profile after {wait_seconds} seconds: canary_write_key must be of a source that is"
            " connected to the space, and one generation's canary is suppressed once it was sent: raise generation",
        )
        return
    findings.note(types & set(names), CANARY, PROVEN, "the canary's profile got an external id of this type")
    findings.note(set(names) - types, CANARY, UNPROVEN, "the canary's profile got no external id of this type")


def _made_up(name: str, user_id: str) -> str:
    """Values that reach nobody: RFC 2606, and the numbers that are kept for fiction (+1 202 555 0100 to 0199)."""
    if name == "email":
        return f"{user_id}@example.com"
    if name == "phone":
        return f"+120255501{int(user_id[-6:], 16) % 100:02d}"
    return user_id


def delete_canaries(client: Segment, user_ids: Iterable[str]) -> list[str]:
    """Have Segment forget them, and take nothing of them any more; return those that it was not told of.

    Within 30 days: https://www.twilio.com/docs/segment/privacy/user-deletion-and-suppression
    """
    left = []
    for user_id in user_ids:
        body = {"regulationType": "SUPPRESS_WITH_DELETE", "subjectType": "USER_ID", "subjectIds": [user_id]}
        try:
            client.send("POST", "/regulations", body=body, idempotent=True)
        except EngageError:
            left.append(user_id)
    return left
