"""What an account can read about itself.

github.com/twilio/sendgrid-oai tsg_user_v3.json, tsg_scopes_v3.json, tsg_mail_settings_v3.json
"""

from typing import Any

from flask import Blueprint
from pydantic import Field

from emulator.sendgrid.access import Body, EmailAddress, Query, authorize, json_body, query
from emulator.sendgrid.state import parent, records

bp = Blueprint("account", __name__)

# The document's example.
_MAIL_SETTINGS = {
    "address_whitelist": "Address Whitelist",
    "bounce_purge": "Bounce Purge",
    "event_notify": "Event Notification",
    "footer": "Footer",
    "forward_bounce": "Forward Bounce",
    "forward_spam": "Forward Spam",
    "template": "Legacy Email Template",
    "plain_content": "Plain Content",
    "spam_check": "Spam Checker",
}


class ListQuery(Query):
    limit: int | None = Field(default=None, ge=1)
    offset: int = Field(default=0, ge=0)


@bp.get("/v3/user/account")
def account() -> dict[str, Any]:
    authorize("user.account.read")
    return {name: parent()[name] for name in ("type", "reputation")}


@bp.get("/v3/user/username")
def username() -> dict[str, Any]:
    caller = authorize("user.username.read")
    return {"username": caller.username, "user_id": caller.user_id}


class Email(Body):
    email: EmailAddress


@bp.put("/v3/user/email")
def change_email() -> dict[str, Any]:
    """The caller's own, and so a subuser's by on-behalf-of (tsg_user_v3.json, UpdateEmail)."""
    caller = authorize("user.email.update")
    email = json_body(Email).email
    record = records("subusers")[caller.username] if caller.is_subuser else parent()
    record["email"] = email
    return {"email": email}


@bp.get("/v3/scopes")
def scopes() -> dict[str, Any]:
    """What the key may do; on behalf of a subuser, what it may do there."""
    return {"scopes": sorted(authorize(None).scopes)}


@bp.get("/v3/access_settings/whitelist")
def allowed() -> dict[str, Any]:
    """Who may call; empty where everybody may (tsg_ip_access_management_v3.json). Adding to it is not emulated."""
    authorize("access_settings.whitelist.read")
    rows = records("allowed_ips").items()
    return {"result": [{"id": int(number), "created_at": 0, "updated_at": 0} | row for number, row in rows]}


@bp.get("/v3/mail_settings")
def mail_settings() -> dict[str, Any]:
    """Segment's "Verify" button calls this with the subuser's key
    (github.com/segmentio/action-destinations, engage/sendgrid testAuthentication)."""
    authorize("mail_settings.read")
    asked = query(ListQuery)
    rows = [
        {"name": name, "title": title, "description": f"{title}.", "enabled": False}
        for name, title in _MAIL_SETTINGS.items()
    ]
    return {"result": rows[asked.offset :][: asked.limit]}
