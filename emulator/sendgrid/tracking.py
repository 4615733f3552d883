"""Tracking settings, one of each per account and subuser.

github.com/twilio/sendgrid-oai tsg_tracking_settings_v3.json

They can be changed and never removed. What a new account or subuser begins with is not documented: here opens and
clicks are tracked, and unsubscribe links are not added.
"""

from typing import Any, ClassVar

from flask import Blueprint, abort

from emulator.sendgrid.access import Body, Caller, authorize, json_body
from emulator.sendgrid.state import records

bp = Blueprint("tracking_settings", __name__)


class Setting(Body):
    title: ClassVar[str]
    read_only: ClassVar[dict[str, Any]] = {}
    """In replies, and not to be sent."""
    enabled: bool = False


class Click(Setting):
    title = "Click Tracking"
    read_only: ClassVar[dict[str, Any]] = {"enable_text": False}
    enabled: bool = True


class GoogleAnalytics(Setting):
    title = "Google Analytics"
    utm_campaign: str = ""
    utm_content: str = ""
    utm_medium: str = ""
    utm_source: str = ""
    utm_term: str = ""


class Open(Setting):
    title = "Open Tracking"
    enabled: bool = True


class Subscription(Setting):
    title = "Subscription Tracking"
    html_content: str = ""
    landing: str = ""
    plain_content: str = ""
    replace: str = ""
    url: str = ""


SETTINGS: dict[str, type[Setting]] = {
    "click": Click,
    "google_analytics": GoogleAnalytics,
    "open": Open,
    "subscription": Subscription,
}


def _current(caller: Caller, name: str) -> dict[str, Any]:
    changed: dict[str, Any] = records("tracking_settings").get(f"{caller.username}:{name}", {"values": {}})["values"]
    return SETTINGS[name]().model_dump() | SETTINGS[name].read_only | changed


@bp.get("/v3/tracking_settings")
def listing() -> dict[str, Any]:
    caller = authorize("tracking_settings.read")
    return {
        "result": [
            {
                "name": name,
                "title": setting.title,
                "description": f"{setting.title} of all messages.",
                "enabled": _current(caller, name)["enabled"],
            }
            for name, setting in SETTINGS.items()
        ]
    }


@bp.get("/v3/tracking_settings/<name>")
def read(name: str) -> dict[str, Any]:
    _known(name)
    return _current(authorize(f"tracking_settings.{name}.read"), name)


@bp.patch("/v3/tracking_settings/<name>")
def update(name: str) -> dict[str, Any]:
    """Fields that are left out keep their values."""
    _known(name)
    caller = authorize(f"tracking_settings.{name}.update")
    changes = json_body(SETTINGS[name]).model_dump(exclude_unset=True)
    record = records("tracking_settings").setdefault(
        f"{caller.username}:{name}", {"owner": caller.username, "values": {}}
    )
    record["values"].update(changes)
    return _current(caller, name)


def _known(name: str) -> None:
    if name not in SETTINGS:
        abort(404)
