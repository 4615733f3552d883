"""https://www.twilio.com/docs/sendgrid/api-reference/webhooks"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import StringConstraints

from providers.declaration import Values
from providers.errors import EngageError, NotFound, OwnershipError, VendorError
from providers.lifecycle import Collection, Reply, State, rule
from providers.resource import Field, ListField, Resource, optional, output, owner, required
from providers.sendgrid.client import SendGrid
from providers.sendgrid.tracking import SETTINGS
from providers.shapes import WebhookUrl

ENGAGE_URL: Final[Mapping[Literal["us", "eu"], str]] = {
    "us": "https://engage-ma-webhook-api.engage.segment.com/sendgrid",
    "eu": "https://engage-ma-webhook-api.euw1.engage.segment.com/sendgrid",
}
"""Where Engage wants SendGrid's events, by the region of the Segment workspace:
https://segment.com/docs/engage/onboarding/"""

EXISTS: Final = "already exists"
NEEDS: Final[Mapping[str, tuple[str, ...]]] = {
    "open": ("open",),
    "click": ("click",),
    "subscription": ("unsubscribe", "group_unsubscribe", "group_resubscribe"),
}
"""Events that come only while a tracking setting is on (tsg_webhooks_v3.json, EventWebhookRequest)."""


class _EventWebhooks(Collection[SendGrid]):
    """Read from the list, which alone shows all of one; every call names the id.

    A GET or PATCH without an id acts on the account's oldest webhook, whoever owns it:
    https://www.twilio.com/docs/sendgrid/api-reference/webhooks/update-an-event-webhook
    """

    @rule("oauth_client_id", "oauth_client_secret", "oauth_token_url")
    def _oauth_is_whole(self, *values: str | None) -> str | None:
        if any(values) and not all(values):
            return (
                "oauth_client_id: works only together with oauth_client_secret and oauth_token_url"
                " -> set all three, or none"
            )
        return None

    def create(self, client: SendGrid, inputs: Values) -> State:
        """A list may not show yet what an earlier run made; the refusal of its URL does."""
        try:
            return super().create(client, inputs)
        except VendorError as refused:
            if EXISTS not in refused.message:
                raise
            there = self.find(client.scoped(inputs), inputs)
            if there is None:
                raise
            return self._settle(client, there, inputs, made=False)

    def find(self, client: SendGrid, inputs: Values) -> Reply | None:
        """Ours bears the tag. No two of an account have the same URL."""
        suffix = self.suffix(self.declaration.inputs["friendly_name"], inputs)
        rows = list(self._rows(client))
        for row in rows:
            if row["friendly_name"].endswith(suffix):
                return self._judged(client, row)
        for row in rows:
            if row["url"] == inputs["url"]:
                raise OwnershipError(
                    f"url: event webhook {row['id']} of this account sends there already, and is not provably ours"
                    f" -> set adopt to {row['id']!r} to take it over, or delete it at"
                    " https://app.sendgrid.com/settings/mail_settings/webhook_settings"
                )
        return None

    def _rows(self, client: SendGrid) -> Iterator[Reply]:
        """The account's webhooks. Without any, the list has one empty row (tsg_webhooks_v3.json, ListEventWebhook)."""
        found = client.get(f"{self.path}/all")
        for row in found["webhooks"]:
            if row.get("id"):
                yield {
                    # Rows lack what is not set.
                    "oauth_client_id": None,
                    "oauth_token_url": None,
                    "public_key": None,
                    "created_date": None,
                    **row,
                    "friendly_name": row.get("friendly_name") or "",
                    "signed": bool(row.get("public_key")),
                    "max_allowed": found["max_allowed"],
                }

    def fetch(self, client: SendGrid, id_: str, values: Values) -> Reply:
        for row in self._rows(client):
            if row["id"] == id_:
                return self._judged(client, row)
        raise NotFound(
            vendor=client.vendor, method="GET", path=f"{self.path}/all", status=404, message=f"no event webhook {id_}"
        )

    def _judged(self, client: SendGrid, row: Reply) -> Reply:
        return {**row, "warnings": list(_missing(client, row))}

    def body(
        self, client: SendGrid, verb: str, values: Mapping[str, Any], olds: Mapping[str, Any] | None = None
    ) -> Values:
        """Signing has an operation of its own."""
        return {name: value for name, value in super().body(client, verb, values, olds).items() if name != "signed"}

    def post(self, client: SendGrid, inputs: Values) -> Reply:
        made = super().post(client, inputs)
        return self.fetch(client, made["id"], inputs)

    def patch(self, client: SendGrid, id_: str, olds: Values, news: Values) -> Reply | None:
        changed = self.diff(olds, news).changed
        if changed != ["signed"]:
            super().patch(client, id_, olds, news)
        if "signed" in changed:
            client.send("PATCH", f"{self.path}/signed/{id_}", body={"enabled": news["signed"]})
        return self.fetch(client, id_, news)


def _missing(client: SendGrid, row: Reply) -> Iterator[str]:
    """What keeps events from coming that the webhook asks for."""
    if not row["enabled"]:
        return
    try:
        settings = {setting["name"]: setting["enabled"] for setting in client.get(SETTINGS)["result"]}
    except EngageError:  # The webhook is what it should be, whether or not the key may read these too.
        yield "it is not known whether open, click and subscription tracking are on, which some of the events need"
        return
    for name, events in NEEDS.items():
        asked = [event for event in events if row[event]]
        if asked and not settings.get(name):
            yield (
                f"{name} tracking is off, so that no {', '.join(asked)} events come"
                f" -> turn it on ({name.capitalize()}Tracking), or these events off"
            )


class EventWebhook(Resource, module="sendgrid"):
    """Sends what happens to the messages of the account or, with `subuser`, of that subuser to a URL.

    Engage's guide wants all eleven events at `ENGAGE_URL`, and no authorization.
    https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event
    """

    url: Field[WebhookUrl] = required("Where the events go; no other webhook of the account may send there.")
    subuser: Field[str | None] = optional(
        "Username of the subuser whose events they are.", default=None, sent="never", replaces=True
    )
    friendly_name: Field[Annotated[str, StringConstraints(min_length=1)]] = optional(
        "What the list of webhooks shows, followed by the owner's tag.", default="Twilio Engage", tagged=" [{}]"
    )
    enabled: Field[bool] = optional("Are events sent?", default=True)
    processed: Field[bool] = optional("SendGrid has a message and will deliver it.", default=True)
    delivered: Field[bool] = optional("The receiving server has accepted a message.", default=True)
    deferred: Field[bool] = optional("The receiving server asked to wait.", default=True)
    bounce: Field[bool] = optional("The receiving server refused a message.", default=True)
    dropped: Field[bool] = optional("SendGrid did not send a message, with the reason.", default=True)
    open: Field[bool] = optional("A message was opened. Needs OpenTracking.", default=True)
    click: Field[bool] = optional("A link was clicked. Needs ClickTracking.", default=True)
    spam_report: Field[bool] = optional("A message was marked as spam.", default=True)
    unsubscribe: Field[bool] = optional("A reader unsubscribed. Needs SubscriptionTracking.", default=True)
    group_unsubscribe: Field[bool] = optional(
        "A reader left an unsubscribe group. Needs SubscriptionTracking.", default=True
    )
    group_resubscribe: Field[bool] = optional(
        "A reader joined an unsubscribe group again. Needs SubscriptionTracking.", default=True
    )
    signed: Field[bool] = optional("Does SendGrid sign what it sends, so that `public_key` proves it?", default=False)
    oauth_client_id: Field[str | None] = optional(
        "What SendGrid gets a token with, to send it along.", default=None, cleared=""
    )
    oauth_client_secret: Field[str | None] = optional(
        "The secret that belongs to it. SendGrid never shows it, so a change is told by what was last sent.",
        default=None,
        cleared="",
        secret=True,
    )
    oauth_token_url: Field[WebhookUrl | None] = optional("Where SendGrid gets the token.", default=None, cleared="")
    adopt: Field[str | None] = optional(
        "The id of an existing webhook to take over.", default=None, sent="never", write_once=True
    )
    marker: Field[str] = owner()
    public_key: Field[str | None] = output("Verifies the signatures; null unless `signed`.")
    max_allowed: Field[int] = output("How many webhooks the plan allows the account.")
    created_date: Field[str | None] = output(
        "When it was made; null for one from before an account could have several."
    )
    warnings: ListField[str] = output("Events that are asked for and cannot come, each with what to do.")

    lifecycle = _EventWebhooks("/v3/user/webhooks/event/settings")
