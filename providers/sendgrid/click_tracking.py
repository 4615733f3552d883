"""https://www.twilio.com/docs/sendgrid/api-reference/settings-tracking/update-click-tracking-settings"""

from __future__ import annotations

from typing import Any

from providers.resource import Field, MapField, Resource, optional, output
from providers.sendgrid.tracking import TrackingSetting


class ClickTracking(Resource, module="sendgrid"):
    """Sends every link of every message of the account or, with `subuser`, of that subuser through SendGrid.

    Events of the type `click` come only while it is on. The setting is always there: this takes it over, remembers
    what it replaced, and restores that on delete. On a subuser that is kept, declare it with `retain_on_delete`, so
    that the setting stays with it.
    https://www.twilio.com/docs/sendgrid/ui/account-and-settings/tracking#click-tracking
    """

    subuser: Field[str | None] = optional(
        "Username of the subuser whose setting it is.", default=None, sent="never", replaces=True
    )
    # https://support.sendgrid.com/hc/en-us/articles/1260802541709-SSL-Click-Tracking-Steps
    enabled: Field[bool] = optional(
        "Are clicks tracked? SendGrid has no certificate for a branded link: under a domain whose HSTS policy includes"
        " its subdomains every tracked link breaks, until a CDN with a certificate stands before the branded link and"
        " SendGrid's support has turned SSL click tracking on.",
        default=True,
    )
    # An input in older documents; tsg_tracking_settings_v3.json only shows it.
    enable_text: Field[bool] = output("Are links in plain-text messages tracked too? It cannot be set here.")
    previous: MapField[Any] = output("What each managed field was before it was managed.")

    lifecycle = TrackingSetting("click")
