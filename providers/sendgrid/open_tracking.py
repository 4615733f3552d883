"""https://www.twilio.com/docs/sendgrid/api-reference/settings-tracking/update-open-tracking-settings"""

from __future__ import annotations

from typing import Any

from providers.resource import Field, MapField, Resource, optional, output
from providers.sendgrid.tracking import TrackingSetting


class OpenTracking(Resource, module="sendgrid"):
    """Adds an invisible image to every HTML message of the account or, with `subuser`, of that subuser.

    Events of the type `open` come only while it is on. The setting is always there: this takes it over, remembers what
    it replaced, and restores that on delete. On a subuser that is kept, declare it with `retain_on_delete`, so that
    the setting stays with it.
    https://www.twilio.com/docs/sendgrid/ui/account-and-settings/tracking#open-tracking
    """

    subuser: Field[str | None] = optional(
        "Username of the subuser whose setting it is.", default=None, sent="never", replaces=True
    )
    enabled: Field[bool] = optional("Is the image added?", default=True)
    previous: MapField[Any] = output("What each managed field was before it was managed.")

    lifecycle = TrackingSetting("open")
