"""The kinds of sources and destinations that can be made: a few of Segment's hundreds.

Ids: github.com/segmentio/segment-docs, front matter of src/connections (HTTP API, and the destinations), and the
examples of github.com/segmentio/terraform-provider-segment (Javascript). What a destination asks for, and what its
actions do: github.com/segmentio/action-destinations, packages/destination-actions/src/destinations/*/metadata.json;
ids of actions and fields are made up, and of the fields only some are here.
"""

from typing import Any

from flask import Blueprint, Response

from emulator.made_up import token
from emulator.segment.access import authorize, page, reply
from emulator.segment.errors import not_found

bp = Blueprint("catalog", __name__)

_KINDS = {
    "iUM16Md8P2": ("http-api", "HTTP API", "Server"),
    "IqDTy1TpoU": ("javascript", "Javascript", "Website"),
}


def source_metadata(kind: str) -> dict[str, Any] | None:
    if kind not in _KINDS:
        return None
    slug, name, category = _KINDS[kind]
    return {
        "id": kind,
        "slug": slug,
        "name": name,
        "categories": [category],
        "description": f"{name} source.",
        "logos": {"default": f"https://cdn.example.com/{slug}.svg", "alt": None, "mark": None},
        "options": [],
        "isCloudEventSource": False,
    }


@bp.get("/catalog/sources")
def listing() -> Response:
    authorize()
    return page("sourcesCatalog", [row for row in map(source_metadata, _KINDS) if row])


@bp.get("/catalog/sources/<kind>")
def get(kind: str) -> Response:
    authorize()
    found = source_metadata(kind)
    if found is None:
        raise not_found(f"source metadata {kind}")
    return reply({"sourceMetadata": found})


_DESTINATIONS: dict[str, dict[str, Any]] = {
    "674f23ece330374dc1ecc874": {
        "slug": "actions-twilio-messaging",
        "name": "Twilio Messaging",
        "status": "PUBLIC_BETA",
        "options": {"accountSID": ("string", True), "apiKeySID": ("string", True), "apiKeySecret": ("password", True)},
        "actions": {
            "sendMessage": (
                "Send message",
                ("channel", "senderType", "contentTemplateType"),
                ("toPhoneNumber", "fromPhoneNumber", "messagingServiceSid", "contentSid", "inlineBody"),
            )
        },
    },
    "631a6f32946dd8197e9cab66": {
        "slug": "actions-sendgrid",
        "name": "SendGrid",
        "status": "PUBLIC",
        "options": {"sendGridApiKey": ("password", True), "endpoint": ("string", False)},
        "actions": {
            "updateUserProfile": ("Upsert Contact", (), ("primary_email", "phone_number", "first_name", "last_name")),
            "sendEmail": (
                "Send Email with Dynamic Template",
                ("from", "to", "template_id", "reply_to"),
                ("domain", "dynamic_template_data", "ip_pool_name", "group_id"),
            ),
        },
    },
}


def destination_metadata(kind: str) -> dict[str, Any] | None:
    known = _DESTINATIONS.get(kind)
    if known is None:
        return None
    return {
        "id": kind,
        "slug": known["slug"],
        "name": known["name"],
        "description": f"{known['name']} destination.",
        "logos": {"default": f"https://cdn.example.com/{known['slug']}.svg", "alt": None, "mark": None},
        "options": [
            {"name": name, "type": type_, "required": required, "label": name, "description": ""}
            for name, (type_, required) in known["options"].items()
        ],
        "status": known["status"],
        "previousNames": [known["name"]],
        "categories": ["Email Marketing" if "sendgrid" in known["slug"] else "SMS & Push Notifications"],
        "website": "https://www.example.com",
        "components": [],
        "supportedFeatures": {"cloudModeInstances": "MULTIPLE", "deviceModeInstances": "NONE", "replay": False},
        "supportedMethods": {"track": True, "identify": True, "group": True, "pageview": True, "alias": True},
        "supportedPlatforms": {"browser": True, "server": True, "mobile": True},
        "actions": [_action(known["slug"], slug, name, *fields) for slug, (name, *fields) in known["actions"].items()],
        "presets": [],
        "contacts": [],
        "partnerOwned": False,
    }


def _action(destination: str, slug: str, name: str, required: tuple[str, ...], more: tuple[str, ...]) -> dict[str, Any]:
    return {
        "id": token(22, "action", destination, slug),
        "slug": slug,
        "name": name,
        "description": f"{name}.",
        "platform": "CLOUD",
        "hidden": False,
        "defaultTrigger": None,
        "fields": [
            {
                "id": token(22, "field", destination, slug, key),
                "sortOrder": place,
                "fieldKey": key,
                "label": key,
                "type": "STRING",
                "description": "",
                "required": key in required,
                "multiple": False,
                "dynamic": False,
                "allowNull": False,
            }
            for place, key in enumerate((*required, *more))
        ],
    }


@bp.get("/catalog/destinations")
def destinations() -> Response:
    authorize()
    return page("destinationsCatalog", [row for row in map(destination_metadata, _DESTINATIONS) if row])


@bp.get("/catalog/destinations/<kind>")
def destination(kind: str) -> Response:
    authorize()
    found = destination_metadata(kind)
    if found is None:
        raise not_found(f"destination metadata {kind}")
    return reply({"destinationMetadata": found})
