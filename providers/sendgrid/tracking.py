"""What SendGrid's tracking settings have in common: https://www.twilio.com/docs/sendgrid/api-reference/settings-tracking"""

from __future__ import annotations

from typing import Final

from providers.declaration import Values
from providers.lifecycle import Singleton
from providers.sendgrid.client import SendGrid

SETTINGS: Final = "/v3/tracking_settings"


class TrackingSetting(Singleton[SendGrid]):
    """One of an account's or a subuser's tracking settings, by the name that it has in the list of them."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{SETTINGS}/{name}")
        self.name = name

    def id_of(self, inputs: Values) -> str:
        return f"{inputs['subuser'] or 'account'}/{self.name}"
