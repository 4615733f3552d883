"""Ids of Segment's catalog: the kinds of sources and destinations that this project is about.

Sources of the ids: github.com/segmentio/segment-docs, front matter of src/connections; of settings and actions:
github.com/segmentio/action-destinations, packages/destination-actions/src/destinations/*/metadata.json
"""

from __future__ import annotations

from typing import Any, Final

from providers.errors import EngageError, NotFound
from providers.lifecycle import Reply
from providers.segment.client import Segment

HTTP_API: Final = "iUM16Md8P2"
"""A source: what sends events over HTTP by itself."""

TWILIO_MESSAGING: Final = "674f23ece330374dc1ecc874"
"""A destination: SMS, MMS, WhatsApp, RCS and Messenger. Settings `accountSID`, `apiKeySID` and, secret, `apiKeySecret`;
action `sendMessage`. https://segment.com/docs/connections/destinations/catalog/actions-twilio-messaging/"""

SENDGRID: Final = "631a6f32946dd8197e9cab66"
"""A destination: SendGrid (Actions). Settings `endpoint` and, secret, `sendGridApiKey`; actions `sendEmail` and
`updateUserProfile`. https://segment.com/docs/connections/destinations/catalog/actions-sendgrid/"""


def destination_metadata(client: Segment, metadata_id: str) -> Reply:
    """What the catalog says of a kind of destination: its `options` and `actions`."""
    try:
        found: Reply = client.get(f"/catalog/destinations/{metadata_id}")["destinationMetadata"]
    except NotFound:
        raise EngageError(
            f"metadata_id: Segment's catalog has no destination {metadata_id} -> take the id from"
            " https://docs.segmentapis.com/tag/Catalog#operation/getDestinationsCatalog"
        ) from None
    return found


def action_of(destination: Reply, asked: str) -> dict[str, Any]:
    """The action of a destination that has this id, slug or name."""
    actions: list[dict[str, Any]] = destination["metadata"]["actions"]
    for key in ("id", "slug", "name"):
        for action in actions:
            if action[key] == asked:
                return action
    known = ", ".join(action["slug"] for action in actions) or "none"
    raise EngageError(
        f"action: {destination['metadata']['name']} has no action {asked!r} -> take one of its own: {known}"
    )
