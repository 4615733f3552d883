"""https://www.twilio.com/docs/sendgrid/api-reference/settings-tracking/update-google-analytics-settings"""

from __future__ import annotations

from typing import Any

from providers.resource import Field, MapField, Resource, optional, output
from providers.sendgrid.tracking import TrackingSetting


class GoogleAnalyticsTracking(Resource, module="sendgrid"):
    """Adds Google Analytics' parameters to the links in messages of the account or, with `subuser`, of that subuser.

    The setting is always there: this takes it over, remembers what it replaced, and restores that on delete. On a
    subuser that is kept, declare it with `retain_on_delete`, so that the setting stays with it.
    https://www.twilio.com/docs/sendgrid/ui/account-and-settings/tracking#google-analytics-tracking
    """

    subuser: Field[str | None] = optional(
        "Username of the subuser whose setting it is.", default=None, sent="never", replaces=True
    )
    enabled: Field[bool] = optional("Are the parameters added?", default=True)
    utm_source: Field[str | None] = optional("Name of the referrer.", default=None, cleared="")
    utm_medium: Field[str | None] = optional("Name of the medium, such as email.", default=None, cleared="")
    utm_term: Field[str | None] = optional("Paid keywords.", default=None, cleared="")
    utm_content: Field[str | None] = optional("What tells advertisements apart.", default=None, cleared="")
    utm_campaign: Field[str | None] = optional("Name of the campaign.", default=None, cleared="")
    previous: MapField[Any] = output("What each managed field was before it was managed.")

    lifecycle = TrackingSetting("google_analytics")
