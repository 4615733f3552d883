"""Event webhooks. github.com/twilio/sendgrid-oai tsg_webhooks_v3.json

A webhook belongs to the account that it was made for, on-behalf-of included; another account does not see it. Nothing
is ever sent to its URL.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from urllib.parse import urlsplit
from uuid import UUID

from flask import Blueprint
from pydantic import BaseModel

from emulator.context import store
from emulator.errors import VendorError
from emulator.made_up import sha256, token
from emulator.sendgrid.access import Body, Caller, Query, authorize, json_body, query
from emulator.sendgrid.errors import error, not_found
from emulator.sendgrid.state import NAME, parent, records
from emulator.store import Record

bp = Blueprint("event_webhooks", __name__)

SETTINGS = "/v3/user/webhooks/event/settings"
EVENTS = (
    "group_resubscribe",
    "delivered",
    "group_unsubscribe",
    "spam_report",
    "bounce",
    "deferred",
    "unsubscribe",
    "processed",
    "open",
    "click",
    "dropped",
)

# SendGrid's support pages have 1 for Free, 2 for Essentials and 5 for Pro, and the account here is Pro; whether a
# subuser has its parent's number is not documented.
MAX_ALLOWED = {"free": 1, "paid": 5}

# There is no scope to create or delete one. https://www.twilio.com/docs/sendgrid/api-reference/api-key-permissions
READ, WRITE = "user.webhooks.event.settings.read", "user.webhooks.event.settings.update"


class OAuth(BaseModel):
    oauth_client_id: str | None = None
    oauth_client_secret: str | None = None
    oauth_token_url: str | None = None


class Settings(Body, OAuth):
    """Of PATCH too, which wants the URL as POST does. What a boolean is that was left out is not documented: here it is
    false, so that who leaves one out notices."""

    url: str
    enabled: bool = False
    friendly_name: str | None = None
    group_resubscribe: bool = False
    delivered: bool = False
    group_unsubscribe: bool = False
    spam_report: bool = False
    bounce: bool = False
    deferred: bool = False
    unsubscribe: bool = False
    processed: bool = False
    open: bool = False
    click: bool = False
    dropped: bool = False


class Toggle(Body):
    enabled: bool


class Test(Body, OAuth):
    url: str
    id: str | None = None


class Include(Query):
    include: Literal["account_status_change"] | None = None


def _mine(caller: Caller) -> list[Record]:
    return [webhook for webhook in records("event_webhooks").values() if webhook["owner"] == caller.username]


def _webhook(caller: Caller, webhook_id: str) -> Record:
    webhook = records("event_webhooks").get(webhook_id)
    if webhook is None or webhook["owner"] != caller.username:
        raise not_found("Invalid id provided.")  # the document's example
    return webhook


def _refusal(message: str, **more: str) -> VendorError:
    """A webhook's errors have no `field`, and two more attributes where they are about another one."""
    return VendorError(400, {"errors": [{"message": message, **more}]})


def _apply(caller: Caller, webhook: Record, settings: Settings) -> None:
    """All refusals are the document's examples, but those about OAuth, whose words it does not give."""
    _check_url(settings.url)
    for other in _mine(caller):
        if other["url"] == settings.url and other["id"] != webhook.get("id"):
            message = f"Webhook at '{settings.url}' already exists. Please provide a unique URL."
            raise _refusal(message, id=other["id"], url=settings.url)
    given = settings.model_dump(exclude_unset=True, include=set(OAuth.model_fields))
    oauth = {"oauth_client_id": "", "oauth_token_url": "", **webhook.get("oauth", {}), **given}
    secret = oauth.pop("oauth_client_secret", None)
    if bool(oauth["oauth_client_id"]) != bool(oauth["oauth_token_url"]) or (secret and not oauth["oauth_client_id"]):
        raise error(400, "oauth_client_id, oauth_client_secret and oauth_token_url must be given together")
    if "oauth_client_secret" in given:
        # Kept when it is left out: "allowing you to update your client ID and Token URL without passing the secret".
        webhook["oauth_client_secret_sha256"] = sha256(secret) if secret else None
    if oauth["oauth_client_id"] and not webhook.get("oauth_client_secret_sha256"):
        raise error(400, "oauth_client_secret is required")
    name = {"friendly_name": settings.friendly_name} if "friendly_name" in settings.model_fields_set else {}
    chosen = settings.model_dump(include={"url", "enabled", *EVENTS})
    # Its own clock: two runs of the same calls give the same times.
    moment = (datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=store().number("moment"))).isoformat()
    webhook.update(chosen | name, oauth=oauth, updated_date=moment)


def _check_url(url: str) -> None:
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise _refusal(f"'{url}' is not a valid url")


def _view(webhook: Record, *, include: str | None = None, dates: bool = True, key: bool = True) -> dict[str, Any]:
    """`oauth_…` only where it is configured, `public_key` only where signing is on; a secret never."""
    view = {name: webhook[name] for name in ("id", "url", "enabled", *EVENTS)}
    if webhook.get("friendly_name") is not None:
        view["friendly_name"] = webhook["friendly_name"]
    if webhook["oauth"]["oauth_client_id"]:
        view |= webhook["oauth"]
    if key and webhook["public_key"]:
        view["public_key"] = webhook["public_key"]
    if dates:
        # null for a legacy webhook, which nobody can make any more: https://www.twilio.com/en-us/changelog/event-webhooks
        view |= {name: webhook[name] for name in ("created_date", "updated_date")}
    return view | ({"account_status_change": False} if include else {})


def _max_allowed() -> int:
    return int(parent().get("max_allowed", MAX_ALLOWED[parent()["type"]]))


@bp.post(SETTINGS)
def create() -> tuple[dict[str, Any], int]:
    caller = authorize(WRITE)
    asked = query(Include)
    settings = json_body(Settings)
    if len(_mine(caller)) >= _max_allowed():
        raise _refusal("You have reached the maximum number of webhooks per your current billing plan.")
    webhook: Record = {"owner": caller.username, "public_key": None}
    _apply(caller, webhook, settings)
    number = store().number("event_webhook")
    webhook_id = str(UUID(sha256(f"event webhook {number}")[:32]))
    records("event_webhooks")[webhook_id] = webhook | {"id": webhook_id, "created_date": webhook["updated_date"]}
    return _view(records("event_webhooks")[webhook_id], include=asked.include), 201


@bp.get(f"{SETTINGS}/all")
def listing() -> dict[str, Any]:
    caller = authorize(READ)
    asked = query(Include)
    rows = [_view(webhook, include=asked.include) for webhook in _mine(caller)]
    return {"max_allowed": _max_allowed(), "webhooks": rows or [{}]}  # the document's example of "Zero Webhooks"


@bp.get(f"{SETTINGS}/<webhook_id>")
def read(webhook_id: str) -> dict[str, Any]:
    webhook = _webhook(authorize(READ), webhook_id)
    return _view(webhook, include=query(Include).include, dates=False)


@bp.patch(f"{SETTINGS}/<webhook_id>")
def update(webhook_id: str) -> dict[str, Any]:
    """(Without an id the real one changes the oldest webhook. Here that is a 501, as nobody means it.)"""
    caller = authorize(WRITE)
    webhook = _webhook(caller, webhook_id)
    asked = query(Include)
    settings = json_body(Settings)
    # `max_allowed` is "the maximum number of Event Webhooks you can have enabled": one too many after a smaller plan.
    enabled = sum(other["enabled"] for other in _mine(caller) if other["id"] != webhook_id)
    if settings.enabled and enabled >= _max_allowed():
        raise _refusal("This webhook cannot be modified based on your current billing plan.")
    _apply(caller, webhook, settings)
    return _view(webhook, include=asked.include, key=False)


@bp.delete(f"{SETTINGS}/<webhook_id>")
def delete(webhook_id: str) -> tuple[str, int]:
    _webhook(authorize(WRITE), webhook_id)
    store().remove(NAME, "event_webhooks", webhook_id)
    return "", 204


@bp.get(f"{SETTINGS}/signed/<webhook_id>")
def public_key(webhook_id: str) -> dict[str, Any]:
    webhook = _webhook(authorize(READ), webhook_id)
    return {"id": webhook_id, "public_key": webhook["public_key"] or ""}


@bp.patch(f"{SETTINGS}/signed/<webhook_id>")
def sign(webhook_id: str) -> dict[str, Any]:
    """A new pair each time it is turned on: whether the real one keeps the key is not documented."""
    webhook = _webhook(authorize(WRITE), webhook_id)
    if not json_body(Toggle).enabled:
        webhook["public_key"] = None
    elif not webhook["public_key"]:
        webhook["public_key"] = token(124, "public key", webhook_id, store().number("public_key"))
    return {"id": webhook_id, "public_key": webhook["public_key"] or ""}


@bp.post("/v3/user/webhooks/event/test")
def test() -> tuple[str, int]:
    """The real one sends a made-up event to the URL."""
    caller = authorize("user.webhooks.event.test.create")
    asked = json_body(Test)
    _check_url(asked.url)
    if asked.id:
        _webhook(caller, asked.id)
    return "", 204
