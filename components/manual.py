"""What is left for a person to do, in a form that outputs can carry."""

from __future__ import annotations

from typing import TypedDict


class ManualStep(TypedDict):
    """One thing to do: what, where (a page or a path through menus), and why no code does it."""

    what: str
    where: str
    why: str
