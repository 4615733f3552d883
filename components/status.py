"""How far each step of the guide is, in a form that outputs can carry."""

from __future__ import annotations

from typing import Any, TypedDict

import pulumi

from providers.lifecycle import PENDING


class StepStatus(TypedDict):
    """`state` is done (by code), verified (and found to be so), pending, or manual (left to a person); why it is not
    done, and what to do, is in `reasons`."""

    state: str
    reasons: list[str]


Status = StepStatus | pulumi.Output[StepStatus]

DONE: Status = StepStatus(state="done", reasons=[])


def manual(reason: str) -> Status:
    return StepStatus(state="manual", reasons=[reason])


def in_settings(said: pulumi.Output[Any], field: str, setting: str) -> pulumi.Output[Any]:
    """What a resource says, with the setting's name for that of its field."""

    def renamed(text: Any) -> Any:
        return (
            [each.replace(field, setting) for each in text] if isinstance(text, list) else text.replace(field, setting)
        )

    return said.apply(lambda text: text and renamed(text))


def waiting(reasons: pulumi.Output[Any], then: str = "done") -> Status:
    """Pending while there are reasons."""
    return reasons.apply(lambda found: StepStatus(state=PENDING if found else then, reasons=list(found or ())))


def waiting_for_all(each: list[pulumi.Output[Any]], then: str = "done") -> Status:
    """Pending while one of them has reasons."""
    return waiting(
        pulumi.Output.all(*each).apply(lambda lists: [reason for found in lists for reason in found or ()]), then
    )
