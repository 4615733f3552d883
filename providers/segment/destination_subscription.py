"""https://docs.segmentapis.com/tag/Destinations"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from providers.declaration import FieldSpec, Values
from providers.lifecycle import Reply, State
from providers.resource import Field, MapField, Resource, optional, output, owner, required
from providers.segment.catalog import action_of
from providers.segment.client import Segment
from providers.segment.objects import Objects


class _Subscriptions(Objects):
    """They lie in a destination, and name an action by an id that only the catalog knows."""

    def create(self, client: Segment, inputs: Values) -> State:
        destination = client.get(f"/destinations/{inputs['destination_id']}")["destination"]
        return super().create(client, {**inputs, "action_id": action_of(destination, inputs["action"])["id"]})

    def tagged(self, client: Segment, inputs: Values) -> Iterator[Reply]:
        suffix = self.suffix(self.declaration.inputs["name"], inputs)
        rows = client.pages(_path(inputs), self.items)
        return (row for row in rows if row["name"].endswith(suffix))

    def body(
        self, client: Segment, verb: str, values: Mapping[str, Any], olds: Mapping[str, Any] | None = None
    ) -> Values:
        sent = super().body(client, verb, values, olds)
        if sent.pop("action", None):
            sent["actionId"] = values["action_id"]
        return sent

    def post(self, client: Segment, inputs: Values) -> Reply:
        reply: Reply = client.send("POST", _path(inputs), body=self.body(client, "create", inputs))
        return reply

    def fetch(self, client: Segment, id_: str, values: Values) -> Reply:
        reply: Reply = client.get(f"{_path(values)}/{id_}")
        return reply

    def patch(self, client: Segment, id_: str, olds: Values, news: Values) -> Reply | None:
        body = {"input": self.body(client, "update", news, olds)}
        reply: Reply | None = client.send("PATCH", f"{_path(news)}/{id_}", body=body)
        return reply

    def remove(self, client: Segment, id_: str, values: Values) -> None:
        client.send("DELETE", f"{_path(values)}/{id_}")

    def reply_value(self, client: Segment, reply: Reply, spec: FieldSpec, values: Mapping[str, Any]) -> Any:
        """An action counts as declared, by whichever of its names, while it is the one that this was made with."""
        if spec.name == "action":
            same = values.get("action_id") == reply["actionId"]
            return values["action"] if same else reply["actionSlug"]
        return super().reply_value(client, reply, spec, values)


def _path(values: Mapping[str, Any]) -> str:
    return f"/destinations/{values['destination_id']}/subscriptions"


class DestinationSubscription(Resource, module="segment"):
    """Lets an action of a destination act on the events that a trigger picks: a "mapping" on the screen.

    Its name bears the owner's tag. The operations are in alpha, need the feature Destination Subscriptions, and Segment
    takes five changes a minute: more are waited for. A mapping by hand of the same action stays as it is, and acts too.
    https://docs.segmentapis.com/tag/Destinations#operation/createDestinationSubscription
    """

    destination_id: Field[str] = required("The id of the `Destination`.", sent="never", replaces=True)
    name: Field[str] = required("Shown in the list of mappings, with the owner's tag behind it.", tagged=" [{}]")
    action: Field[str] = required(
        "What it does: slug, name or id of an action of the destination, as `sendEmail`.", sent="create", replaces=True
    )
    trigger: Field[str] = required(
        "Which events, in FQL (https://segment.com/docs/api/public-api/fql/), as"
        ' `type = "track" and event = "Order Completed"`.'
    )
    enabled: Field[bool] = optional("Does it act?", default=True)
    settings: MapField[Any] = optional(
        'A value for each of the action\'s fields, as {"@path": "$.traits.phone"}; one left out is not managed.',
        default=None,
    )
    marker: Field[str] = owner()
    action_id: Field[str] = output("The id of the action.")
    action_slug: Field[str] = output("The slug of the action.")

    lifecycle = _Subscriptions(
        "/destinations", items="subscriptions", names=("destinationSubscription", "subscription")
    )
