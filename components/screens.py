"""Segment's screens that a person enters the outputs into: the one list for outputs, steps and tools."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from components.manual import ManualStep


@dataclass(frozen=True)
class Screen:
    """One screen.

    part    the part of `engage_settings` that it takes
    where   the path through Segment's menus
    fields  the label of each field, in the screen's order, by the name of the value in that part
    then    what to do once they are entered
    alone   what of it no other space may have
    """

    part: str
    where: str
    fields: Mapping[str, str]
    then: str
    alone: str

    @property
    def step(self) -> ManualStep:
        return ManualStep(
            what=f"Enter {', '.join(self.fields.values())} (`make handover` hands them over), and {self.then}",
            where=self.where,
            why=f"Segment has no API for this screen, which takes {self.alone} for one space alone",
        )


# github.com/segmentio/segment-docs src/engage/onboarding.md, and the pictures of the screens that it shows.
EMAIL: Final = Screen(
    part="email",
    where="Segment > Engage > Engage settings > Channels > Email Service with SendGrid > Get Started",
    fields={
        "subuser_name": "Subuser name",
        "subuser_api_key_id": "Subuser API Key ID",
        "subuser_api_key": "Subuser API Key",
    },
    then="choose Verify",
    alone="an API key",
)
SMS: Final = Screen(
    part="sms",
    where="Segment > Engage > Engage settings > Channels > SMS Service with Twilio > Get Started",
    fields={
        "account_sid": "Account SID",
        "api_key_sid": "API Key SID",
        "api_key_secret": "API Key Secret",
        "messaging_service": "Messaging service",
    },
    then="choose Verify, then the messaging service in the list, then Save Twilio Account",
    alone="a messaging service",
)
SCREENS: Final = (EMAIL, SMS)
