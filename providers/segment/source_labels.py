"""https://docs.segmentapis.com/tag/Labels"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator
from pydantic.types import Strict

from providers.declaration import Values
from providers.errors import Ambiguous, NotFound
from providers.lifecycle import Lifecycle, State
from providers.resource import Field, ListField, Resource, output, required
from providers.segment.client import Segment

Labels = list[dict[str, str]]


def _label(value: dict[str, str]) -> dict[str, str]:
    if value.keys() != {"key", "value"} or not all(value.values()):
        raise ValueError("must be {'key': ..., 'value': ...}, like environment and dev")
    return value


Label = Annotated[dict[str, Annotated[str, Strict()]], AfterValidator(_label)]


class _SourceLabels(Lifecycle[Segment]):
    """Adds labels to those of a source, and takes the same away: others, which let people in too, are not touched.

    What cannot be told: after a crash between the call and the writing of the state, the next run takes our own labels
    for those from before, and leaves them in the end.
    """

    def create(self, client: Segment, inputs: Values) -> State:
        before = [label for label in self._present(client, inputs["source_id"]) if label in inputs["labels"]]
        self._add(client, inputs["source_id"], _without(inputs["labels"], before))
        return State(inputs["source_id"], {**inputs, "had_before": before})

    def read(self, client: Segment, id_: str, values: Values) -> State | None:
        try:
            present = self._present(client, id_)
        except NotFound:
            return None
        return State(id_, {**values, "labels": [label for label in values["labels"] if label in present]})

    def update(self, client: Segment, id_: str, olds: Values, news: Values) -> Values:
        present = self._present(client, id_)
        taken = _without(news["labels"], olds["labels"])
        before = [label for label in olds["had_before"] if label in news["labels"]]
        before += [label for label in taken if label in present and label not in before]
        self._take_away(client, id_, present, _without(_without(olds["labels"], news["labels"]), olds["had_before"]))
        self._add(client, id_, _without(news["labels"], present))
        return {**olds, **news, "had_before": before}

    def delete(self, client: Segment, id_: str, values: Values) -> None:
        try:
            present = self._present(client, id_)
        except NotFound:
            return
        self._take_away(client, id_, present, _without(values["labels"], values["had_before"]))

    def _present(self, client: Segment, source_id: str) -> Labels:
        return [_plain(label) for label in client.get(f"/sources/{source_id}")["source"]["labels"]]

    def _add(self, client: Segment, source_id: str, labels: Labels) -> None:
        if not labels:
            return
        known = self._known(client)
        for label in _without(labels, known):
            try:
                client.send("POST", "/labels", body={"label": label})
            except Ambiguous:
                if label not in self._known(client):
                    raise
        # To add a label that is there already changes nothing, so this may be sent twice.
        client.send("POST", f"/sources/{source_id}/labels", body={"labels": labels}, idempotent=True)

    def _known(self, client: Segment) -> Labels:
        """A source takes only labels that the workspace has: "Adds an existing label to a Source"."""
        return [_plain(label) for label in client.get("/labels")["labels"]]

    def _take_away(self, client: Segment, source_id: str, present: Labels, labels: Labels) -> None:
        left = _without(present, labels)
        if left != present:
            client.send("PUT", f"/sources/{source_id}/labels", body={"labels": left})


def _plain(label: dict[str, Any]) -> dict[str, str]:
    return {"key": label["key"], "value": label["value"]}


def _without(labels: Labels, others: Labels) -> Labels:
    return [label for label in labels if label not in others]


class SourceLabels(Resource, module="segment"):
    """Labels of a source, by which the workspace says who may see and change it. Its id is the source's.

    Labels that the workspace lacks are made in it, and left there: others may use them. Labels that the source has
    beside these are not touched; those of these that it had before stay when this is destroyed.
    https://docs.segmentapis.com/tag/Sources#operation/addLabelsToSource
    """

    source_id: Field[str] = required("The id of the `Source`.", replaces=True)
    labels: ListField[Label] = required("A key and a value each, as environment and dev.", unordered=True)
    had_before: ListField[dict[str, str]] = output("Those of them that the source had before.")

    lifecycle = _SourceLabels()
