"""From a stack's outputs into Segment's screens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyperclip
import pytest

from components.screens import SCREENS
from tools.handover import HandoverError, hand_over, one, values

SETTINGS: dict[str, dict[str, Any]] = {
    "segment": {"source_id": "s"},
    "sms": {
        "messaging_service_sid": "MG1",
        "messaging_service": "Engage [0123456789ab]",
        "api_key_secret": "made-up-twilio",
        "api_key_sid": "SK1",
        "account_sid": "AC1",
    },
    "email": {"subuser_api_key": "made-up", "subuser_api_key_id": "id", "subuser_name": "twilio_engage_app_acme"},
}
IN_ORDER = [
    "email.subuser_name",
    "email.subuser_api_key_id",
    "email.subuser_api_key",
    "sms.account_sid",
    "sms.api_key_sid",
    "sms.api_key_secret",
    "sms.messaging_service",
]


def answering(*answers: str) -> Callable[[str], str]:
    left = list(answers)
    return lambda _: left.pop(0) if left else ""


def test_the_fields_come_in_the_screens_order_whatever_the_outputs_have() -> None:
    assert [value.path for value in values(SETTINGS)] == IN_ORDER


def test_each_is_copied_as_it_is_and_the_clipboard_is_emptied() -> None:
    copied: list[str] = []
    hand_over(SETTINGS, ask=answering(), say=lambda _: None, copy=copied.append)
    expected = [SETTINGS[part][name] for part, name in (path.split(".") for path in IN_ORDER)]
    assert copied == [*expected, ""]


def test_nothing_is_shown_unless_it_is_asked_for() -> None:
    said: list[str] = []
    hand_over(SETTINGS, ask=answering("", "", "", "", "s", "s", "s", "p"), say=said.append, copy=lambda _: None)
    shown = "\n".join(said)
    assert "made-up\n" not in shown
    assert "made-up-twilio" not in shown
    assert "Engage [0123456789ab]" in shown
    assert all(screen.where in shown for screen in SCREENS)


def test_it_can_be_left_in_the_middle() -> None:
    copied: list[str] = []
    hand_over(SETTINGS, ask=answering("", "q"), say=lambda _: None, copy=copied.append)
    assert copied == ["twilio_engage_app_acme", ""]


def test_one_value_by_its_path_or_the_paths_there_are() -> None:
    assert one(SETTINGS, "sms.api_key_secret") == "made-up-twilio"
    with pytest.raises(HandoverError, match=r"email\.subuser_name, email\.subuser_api_key_id"):
        one(SETTINGS, "email.key")


@pytest.mark.parametrize("missing", [None, "", {"unknown": True}])
def test_a_value_that_is_not_there_yet_is_named(missing: object) -> None:
    with pytest.raises(HandoverError, match=r"no sms\.api_key_sid yet -> "):
        values({**SETTINGS, "sms": {**SETTINGS["sms"], "api_key_sid": missing}})
    with pytest.raises(HandoverError, match="make up"):
        values({"segment": {"source_id": "s"}})


def test_white_space_is_never_handed_over() -> None:
    with pytest.raises(HandoverError, match=r"sms\.api_key_sid begins or ends with white space"):
        values({**SETTINGS, "sms": {**SETTINGS["sms"], "api_key_sid": "SK1\n"}})


def test_without_a_clipboard_it_says_how_to_go_on() -> None:
    def none(_: str) -> None:
        raise pyperclip.PyperclipException

    with pytest.raises(HandoverError, match=r"xclip or wl-clipboard.*FIELD="):
        hand_over(SETTINGS, ask=answering(), say=lambda _: None, copy=none)


@pytest.mark.parametrize("left", [EOFError, KeyboardInterrupt])
def test_it_can_be_left_by_the_keyboard_and_the_clipboard_is_emptied(left: type[BaseException]) -> None:
    copied: list[str] = []

    def ask(_: str) -> str:
        if copied:
            raise left
        return ""

    hand_over(SETTINGS, ask=ask, say=lambda _: None, copy=copied.append)
    assert (len(copied), copied[-1]) == (2, "")
