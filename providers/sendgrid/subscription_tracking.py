"""https://www.twilio.com/docs/sendgrid/api-reference/settings-tracking"""

from __future__ import annotations

from typing import Any

from providers.lifecycle import rule
from providers.resource import Field, MapField, Resource, optional, output
from providers.sendgrid.tracking import TrackingSetting
from providers.shapes import WebhookUrl


class _SubscriptionTracking(TrackingSetting):
    @rule("plain_content")
    def _has_place_for_the_link(self, plain_content: str | None) -> str | None:
        # tsg_tracking_settings_v3.json: "otherwise the user will have no URL for unsubscribing".
        if plain_content and "<%" not in plain_content:
            return "plain_content: has no <% %>, so that the reader gets no link -> add it where the link shall stand"
        return None


class SubscriptionTracking(Resource, module="sendgrid"):
    """Adds an unsubscribe link to every message of the account or, with `subuser`, of that subuser.

    The setting is always there: this takes it over, remembers what it replaced, and restores that on delete.
    On a subuser that is kept, declare it with `retain_on_delete`, so that the setting stays with it.
    https://www.twilio.com/docs/sendgrid/ui/account-and-settings/tracking#subscription-tracking
    """

    subuser: Field[str | None] = optional(
        "Username of the subuser whose setting it is.", default=None, sent="never", replaces=True
    )
    enabled: Field[bool] = optional("Is the link added?", default=True)
    html_content: Field[str | None] = optional(
        "HTML around the link, which stands at <% %>.", default=None, verbatim=True, cleared=""
    )
    plain_content: Field[str | None] = optional(
        "Plain text around the link, which stands at <% %>.", default=None, verbatim=True, cleared=""
    )
    landing: Field[str | None] = optional(
        "HTML of the page that a reader sees after unsubscribing.", default=None, verbatim=True, cleared=""
    )
    replace_tag: Field[str | None] = optional(
        "Text in a message that the link takes the place of.", default=None, wire="replace", cleared=""
    )
    url: Field[WebhookUrl | None] = optional("A page of your own to send the reader to.", default=None, cleared="")
    previous: MapField[Any] = output("What each managed field was before it was managed.")

    lifecycle = _SubscriptionTracking("subscription")
