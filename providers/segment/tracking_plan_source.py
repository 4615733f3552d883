"""https://docs.segmentapis.com/tag/Tracking-Plans"""

from __future__ import annotations

from typing import Any

from providers.declaration import Values
from providers.errors import NotFound
from providers.lifecycle import Collection, Reply
from providers.resource import Field, Resource, required
from providers.segment.client import Segment


class _Connections(Collection[Segment]):
    """Two ids and nothing else: found in the list of the plan's sources."""

    def find(self, client: Segment, inputs: Values) -> Reply | None:
        rows = client.pages(self._path(inputs), self.items)
        return self._reply(inputs) if any(row["id"] == inputs["source_id"] for row in rows) else None

    def post(self, client: Segment, inputs: Values) -> Reply:
        client.send("POST", self._path(inputs), body={"sourceId": inputs["source_id"]})
        return self._reply(inputs)

    def fetch(self, client: Segment, id_: str, values: Values) -> Reply:
        found = self.find(client, values)
        if found is None:
            raise NotFound(
                vendor=client.vendor, method="GET", path=self._path(values), status=404, message=f"no connection {id_}"
            )
        return found

    def remove(self, client: Segment, id_: str, values: Values) -> None:
        if self.find(client, values) is not None:
            client.send("DELETE", self._path(values), query={"sourceId": values["source_id"]})

    def _path(self, values: Values) -> str:
        return f"{self.path}/{values['tracking_plan_id']}/sources"

    def _reply(self, values: Values) -> dict[str, Any]:
        plan, source = values["tracking_plan_id"], values["source_id"]
        return {"id": f"{plan}/{source}", "trackingPlanId": plan, "sourceId": source}


class TrackingPlanSource(Resource, module="segment"):
    """Holds the events of a source against a tracking plan. Its id is `<tracking_plan_id>/<source_id>`.

    What happens to an event that does not fit is a setting of the source's schema, and left as it is. The workspace
    needs the feature Protocols.
    https://docs.segmentapis.com/tag/Tracking-Plans#operation/addSourceToTrackingPlan
    """

    tracking_plan_id: Field[str] = required("The id of the `TrackingPlan`.", sent="create", replaces=True)
    source_id: Field[str] = required("The id of the `Source`; it has one plan at most.", sent="create", replaces=True)

    lifecycle = _Connections("/tracking-plans", items="sources")
