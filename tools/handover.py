"""Hands a stack's outputs to Segment's screens, field by field, by the clipboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyperclip

from components.screens import SCREENS, Screen

NO_CLIPBOARD = (
    "this machine has no clipboard that can be reached (on Linux, install xclip or wl-clipboard) -> make handover"
    " STACK=… FIELD=email.subuser_api_key prints one value, without a newline"
)


class HandoverError(Exception):
    """The outputs cannot be handed over; the message says why and what to do."""


@dataclass(frozen=True)
class Value:
    """One field of a screen, with what belongs into it."""

    screen: Screen
    name: str
    label: str
    text: str

    @property
    def path(self) -> str:
        return f"{self.screen.part}.{self.name}"


def values(settings: Mapping[str, Mapping[str, Any]]) -> list[Value]:
    """The fields of all screens that the stack has a part for, in their order. Raises HandoverError."""
    found = list(_values(settings))
    if not found:
        raise HandoverError("the stack has no outputs for Segment's screens yet -> run `make up` first")
    spaced = [value.path for value in found if value.text != value.text.strip()]
    if spaced:
        raise HandoverError(f"{', '.join(spaced)} begins or ends with white space, which no screen takes")
    return found


def _values(settings: Mapping[str, Mapping[str, Any]]) -> Iterator[Value]:
    for screen in SCREENS:
        part = settings.get(screen.part)
        for name, label in screen.fields.items() if part else ():
            text = part.get(name) if part else None
            if not isinstance(text, str) or not text:
                raise HandoverError(f"the stack has no {screen.part}.{name} yet -> see its outputs pending and status")
            yield Value(screen, name, label, text)


def one(settings: Mapping[str, Mapping[str, Any]], path: str) -> str:
    """The text of one field, by its path. Raises HandoverError."""
    found = values(settings)
    for value in found:
        if value.path == path:
            return value.text
    raise HandoverError(f"there is no field {path}: the fields are {', '.join(value.path for value in found)}")


def hand_over(
    settings: Mapping[str, Mapping[str, Any]],
    *,
    ask: Callable[[str], str] = input,
    say: Callable[[str], None] = print,
    copy: Callable[[str], None] = pyperclip.copy,
) -> None:
    """Put each value into the clipboard when its turn comes, and empty it at the end. Raises HandoverError."""
    found = values(settings)
    copied: list[str] = []

    def take(text: str) -> None:
        try:
            copy(text)
        except pyperclip.PyperclipException:
            raise HandoverError(NO_CLIPBOARD) from None
        copied.append(text)

    say("Enter copies a value, p prints it, s skips it, q ends.")
    try:
        _go_through(found, ask, say, take)
    except (EOFError, KeyboardInterrupt):  # Ctrl-D, Ctrl-C: as q
        say("")
    if copied:
        copy("")
        say("The clipboard is empty again.")


def _go_through(
    found: list[Value], ask: Callable[[str], str], say: Callable[[str], None], take: Callable[[str], None]
) -> None:
    for number, value in enumerate(found):
        if number == 0 or value.screen is not found[number - 1].screen:
            say(f"\n{value.screen.where}")
        answer = ask(f"  {value.label}: ").strip().lower()
        if answer == "q":
            return
        if answer == "p":
            say(f"    {value.text}")
        elif answer != "s":
            take(value.text)
            say("    copied, paste it")
        if number + 1 == len(found) or found[number + 1].screen is not value.screen:
            ask(f"  Now {value.screen.then}. Enter when that is done: ")
