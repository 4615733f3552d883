"""https://docs.segmentapis.com/tag/Destinations"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from providers.declaration import FieldSpec, Values
from providers.errors import EngageError
from providers.lifecycle import Reply, rule
from providers.resource import Field, ListField, MapField, Resource, optional, output, owner, required
from providers.segment.catalog import destination_metadata
from providers.segment.client import Segment
from providers.segment.objects import Objects

_MASKED = re.compile(r"[•*]{3,}")
"""How a secret reads back: "censored" (github.com/segmentio/terraform-provider-segment, pull request 211)."""


class _Destinations(Objects):
    """One map of settings at Segment is two here: what can be compared, and what is a secret."""

    @rule("settings", "secret_settings")
    def _each_setting_once(self, settings: Values | None, secret: Values | None) -> str | None:
        if both := sorted((settings or {}).keys() & (secret or {}).keys()):
            return f"settings: {', '.join(both)} is in secret_settings too -> give it there alone"
        return None

    def body(
        self, client: Segment, verb: str, values: Mapping[str, Any], olds: Mapping[str, Any] | None = None
    ) -> Values:
        """Secrets go with every change of a setting: that an update keeps what it leaves out is not documented."""
        sent = super().body(client, verb, values, olds)
        settings = {**sent.pop("settings", {}), **sent.pop("secretSettings", {})}
        return {**sent, "settings": settings} if settings or verb == "create" else sent

    def post(self, client: Segment, inputs: Values) -> Reply:
        self._check_settings(client, inputs)
        return self._judged(super().post(client, inputs), inputs)

    def fetch(self, client: Segment, id_: str, values: Values) -> Reply:
        return self._judged(super().fetch(client, id_, values), values)

    def patch(self, client: Segment, id_: str, olds: Values, news: Values) -> Reply | None:
        if _names(olds) != _names(news):
            self._check_settings(client, news)
        reply = super().patch(client, id_, olds, news)
        return self._judged(reply, news) if reply else None

    def _judged(self, reply: Reply, values: Values) -> Reply:
        found = self.plain(reply)
        shown = found["settings"]
        return {
            **found,
            "warnings": [
                f"settings.{name}: Segment holds it for a secret, and here it stands in clear in the state"
                " -> give it in secret_settings, and make a new one"
                for name in sorted(values["settings"] or {})
                if _is_masked(shown.get(name))
            ],
        }

    def _check_settings(self, client: Segment, inputs: Values) -> None:
        """Segment says little about a setting that its kind does not have, and shows secrets to nobody."""
        if not any(_names(inputs)):
            return
        metadata = destination_metadata(client, inputs["metadata_id"])
        kinds = {option["name"]: option["type"] for option in metadata["options"]}
        if not kinds:
            return  # what a function asks for stands elsewhere
        problems = [
            f"{field}.{name}: {metadata['name']} has no such setting -> take one of {', '.join(sorted(kinds))}"
            for field in ("settings", "secret_settings")
            for name in sorted(set(inputs[field] or {}) - kinds.keys())
        ]
        problems += [
            f"settings.{name}: is a secret of {metadata['name']} -> give it in secret_settings"
            for name in sorted(inputs["settings"] or {})
            if kinds.get(name) == "password"
        ]
        if problems:
            raise EngageError("; ".join(problems))

    def reply_value(self, client: Segment, reply: Reply, spec: FieldSpec, values: Mapping[str, Any]) -> Any:
        """A setting that Segment masks counts as what was declared, if it was."""
        value = super().reply_value(client, reply, spec, values)
        if spec.name == "settings" and isinstance(value, dict):
            declared = values.get(spec.name) or {}
            shown = {name: item for name, item in value.items() if name in declared or not _is_masked(item)}
            return {name: declared[name] if _is_masked(item) else item for name, item in shown.items()}
        return value


def _names(values: Values) -> tuple[set[str], set[str]]:
    return set(values.get("settings") or {}), set(values.get("secret_settings") or {})


def _is_masked(value: Any) -> bool:
    return isinstance(value, str) and _MASKED.search(value) is not None


class Destination(Resource, module="segment"):
    """Where events of a source go, with the credentials that this takes. Its id is Segment's.

    Its name bears the owner's tag, by which it is found again after a lost reply. `secret_settings` are compared with
    what was last sent, as Segment shows none: a rotated key is a change, and is sent in the same `up`. An adopted
    destination is not deleted with the stack. `providers/segment/catalog.py` has the ids of SendGrid and Twilio.
    https://docs.segmentapis.com/tag/Destinations#operation/createDestination
    """

    source_id: Field[str] = required("The id of the `Source` that it is connected to.", sent="create", replaces=True)
    metadata_id: Field[str] = required("Its kind: an id of the catalog of destinations.", sent="create", replaces=True)
    name: Field[str] = required("Shown in the list of destinations, with the owner's tag behind it.", tagged=" [{}]")
    enabled: Field[bool] = optional("Does it receive events?", default=True)
    settings: MapField[Any] = optional(
        "What its kind asks for, as the catalog's options say; a setting left out is not managed.", default=None
    )
    secret_settings: MapField[str] = optional("Those of its settings that are credentials.", default=None, secret=True)
    adopt: Field[str | None] = optional(
        "Id of an existing destination to take over.", default=None, sent="never", write_once=True
    )
    delete_adopted: Field[bool] = optional(
        "Deletes it at the end even though it was adopted.", default=False, sent="never"
    )
    marker: Field[str] = owner()
    warnings: ListField[str] = output("Settings that should be given as secrets.")

    lifecycle = _Destinations("/destinations", items="destinations", names=("destination",))
