"""What sources, destinations, subscriptions and tracking plans have in common."""

from __future__ import annotations

from typing import Any

from providers.declaration import FieldSpec
from providers.lifecycle import Collection, Reply
from providers.segment.client import Segment


class Objects(Collection[Segment]):
    """Answers, but not lists, have an object under a name of its own; requests say metadataId, replies have all of it.

    names  what an answer has the object under
    """

    def __init__(self, path: str, *, items: str, names: tuple[str, ...]) -> None:
        super().__init__(path, items=items)
        self.names = names

    def plain(self, reply: Reply) -> Reply:
        found: Reply = next((reply[name] for name in self.names if name in reply), reply)
        return {**found, "metadataId": found["metadata"]["id"]} if "metadata" in found else found

    def in_reply(self, client: Segment, reply: Reply, spec: FieldSpec) -> Any:
        """A name that somebody took away is one without the tag, in a list as in an answer."""
        if spec.tagged and client.wire_name(spec.name) == "name":
            return reply.get("name") or ""
        return super().in_reply(client, reply, spec)
