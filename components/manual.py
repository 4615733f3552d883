"""What is left for a person to do, in a form that outputs can carry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

import pulumi


class ManualStep(TypedDict):
    """One thing to do: what, where (a page or a path through menus), and why no code does it."""

    what: str
    where: str
    why: str


@dataclass(frozen=True)
class Until:
    """A step that is left as long as one of these outputs has reasons."""

    step: ManualStep
    reasons: Sequence[pulumi.Output[Any]]


def left(steps: Sequence[ManualStep | Until]) -> list[ManualStep] | pulumi.Output[list[ManualStep]]:
    """Those that are left, each once; an output only where one depends on outputs."""
    reasons = {number: each.reasons for number, each in enumerate(steps) if isinstance(each, Until)}
    if not reasons:
        return _once(steps, {})
    known = pulumi.Output.all(*(pulumi.Output.all(*of_one) for of_one in reasons.values()))
    return known.apply(lambda found: _once(steps, dict(zip(reasons, map(any, found), strict=True))))


def _once(steps: Sequence[ManualStep | Until], open_: dict[int, bool]) -> list[ManualStep]:
    there = [
        each.step if isinstance(each, Until) else each for number, each in enumerate(steps) if open_.get(number, True)
    ]
    return [step for number, step in enumerate(there) if step not in there[:number]]
