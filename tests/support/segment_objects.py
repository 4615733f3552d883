"""Ids of what the emulator makes first, and others of the same kinds that no resource here makes."""

from __future__ import annotations

from typing import Final

from emulator import Emulator
from emulator.made_up import token

SOURCE: Final = token(22, "source", 1)
DESTINATION: Final = token(24, "destination", 1)
TRACKING_PLAN: Final = f"tp_{token(27, 'tracking plan', 1)}"

OTHER_SOURCE: Final = token(22, "other source")
OTHER_DESTINATION: Final = token(24, "other destination")
OTHER_TRACKING_PLAN: Final = f"tp_{token(27, 'other tracking plan')}"

HTTP_API: Final = "iUM16Md8P2"
TWILIO_MESSAGING: Final = "674f23ece330374dc1ecc874"
SENDGRID: Final = "631a6f32946dd8197e9cab66"


def make_others(emulator: Emulator) -> None:
    """A source, a destination and a tracking plan of somebody else's."""
    emulator.state.collection("segment", "sources")[OTHER_SOURCE] = {
        "id": OTHER_SOURCE,
        "slug": "other",
        "name": "Other",
        "enabled": True,
        "metadataId": HTTP_API,
        "settings": {},
        "labels": [],
    }
    emulator.state.collection("segment", "destinations")[OTHER_DESTINATION] = {
        "id": OTHER_DESTINATION,
        "name": "Other",
        "enabled": False,
        "sourceId": OTHER_SOURCE,
        "owner": OTHER_SOURCE,
        "metadataId": SENDGRID,
        "settings": {},
        "secrets_sha256": {},
    }
    emulator.state.collection("segment", "tracking_plans")[OTHER_TRACKING_PLAN] = {
        "id": OTHER_TRACKING_PLAN,
        "name": "Other",
        "slug": "other",
        "type": "LIVE",
        "description": "",
        "createdAt": "2026-01-01T00:00:00.000Z",
        "updatedAt": "2026-01-01T00:00:00.000Z",
        "rules": [],
    }
