"""https://docs.segmentapis.com/tag/Tracking-Plans"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Final

from pydantic import AfterValidator

from providers.declaration import FieldSpec, Values
from providers.lifecycle import Reply, rule
from providers.resource import Field, ListField, MapField, Resource, optional, output, owner, required
from providers.segment.client import Segment
from providers.segment.objects import Objects

IDENTITY_TRAITS: Final[Mapping[str, Any]] = {
    "email": {"type": "string", "description": "E-mail address."},
    "phone": {"type": "string", "description": "Phone number, as +14155550100."},
}
"""What Engage reaches people by."""

TYPES: Final = ("COMMON", "GROUP", "IDENTIFY", "PAGE", "SCREEN", "TRACK")
_DRAFT: Final = "http://json-schema.org/draft-07/schema#"


def _rule(value: dict[str, Any]) -> dict[str, Any]:
    if not {"type", "json_schema"} <= value.keys() <= {"type", "key", "json_schema", "version"}:
        raise ValueError("must have type and json_schema, and may have key and version")
    if value["type"] not in TYPES:
        raise ValueError(f"must be of a type among {', '.join(TYPES)}")
    if value["type"] == "TRACK" and not value.get("key"):
        raise ValueError("of the type TRACK must have a key: the name of the event")
    if not isinstance(value["json_schema"], dict):
        raise ValueError("must have a JSON schema in json_schema, as a map")
    return {"version": 1, **value}


Rule = Annotated[dict[str, Any], AfterValidator(_rule)]


class _TrackingPlans(Objects):
    """A plan in one place, its rules in another: both are read and written together."""

    @rule("identify_traits", "rules")
    def _one_rule_for_identify(self, traits: Values, rules: list[Values] | None) -> str | None:
        if traits and any(rule["type"] == "IDENTIFY" for rule in rules or []):
            return (
                "rules: one of them is of the type IDENTIFY -> put its traits into identify_traits, or set that to {}"
            )
        return None

    def body(
        self, client: Segment, verb: str, values: Mapping[str, Any], olds: Mapping[str, Any] | None = None
    ) -> Values:
        sent = super().body(client, verb, values, olds)
        plan = {name: value for name, value in sent.items() if name not in ("identifyTraits", "rules")}
        return {**plan, "type": "LIVE"} if verb == "create" else plan

    def find(self, client: Segment, inputs: Values) -> Reply | None:
        found = super().find(client, inputs)
        return found and self.fetch(client, found["id"], inputs)

    def post(self, client: Segment, inputs: Values) -> Reply:
        made = self.plain(super().post(client, inputs))
        return self._ruled(client, made, inputs)

    def fetch(self, client: Segment, id_: str, values: Values) -> Reply:
        plan = self.plain(super().fetch(client, id_, values))
        rules = [_plain(each) for each in client.pages(f"{self.object_path(id_)}/rules", "rules")]
        return {**plan, "rules": rules, "rulesDigest": _digest(rules)}

    def patch(self, client: Segment, id_: str, olds: Values, news: Values) -> Reply | None:
        changed = set(self.diff(olds, news).changed)
        if changed - {"identify_traits", "rules"}:
            super().patch(client, id_, olds, news)
        if changed & {"identify_traits", "rules"}:
            return self._ruled(client, {"id": id_}, news)
        return None

    def _ruled(self, client: Segment, plan: Reply, values: Values) -> Reply:
        """Puts the rules in. What Segment makes of them is how it is told later whether somebody changed them."""
        rules = list(_sent(values))
        client.send("PUT", f"{self.object_path(plan['id'])}/rules", body={"rules": rules})
        found = self.fetch(client, plan["id"], values)
        return {**found, "asDeclared": True}

    def reply_value(self, client: Segment, reply: Reply, spec: FieldSpec, values: Mapping[str, Any]) -> Any:
        """Rules count as declared while Segment has what it made of them; it may have rewritten them.

        github.com/segmentio/terraform-provider-segment docs/resources/tracking_plan.md: "might not show an exact
        representation"
        """
        if spec.name not in ("identify_traits", "rules"):
            return super().reply_value(client, reply, spec, values)
        if reply.get("asDeclared") or values.get("rules_digest") == reply["rulesDigest"]:
            return values.get(spec.name)
        whole = any(each["type"] == "IDENTIFY" for each in values["rules"] or [])
        of_identify = [each for each in reply["rules"] if each["type"] == "IDENTIFY" and not whole]
        if spec.name == "identify_traits":
            schema = of_identify[0]["json_schema"] if of_identify else {}
            return schema.get("properties", {}).get("traits", {}).get("properties", {})
        return [each for each in reply["rules"] if each not in of_identify]


def _sent(values: Mapping[str, Any]) -> Iterable[Reply]:
    if values["identify_traits"]:
        traits = {"type": "object", "properties": values["identify_traits"]}
        schema = {
            "$schema": _DRAFT,
            "type": "object",
            "properties": {"context": {}, "properties": {}, "traits": traits},
        }
        yield {"type": "IDENTIFY", "version": 1, "jsonSchema": schema}
    for each in values["rules"] or []:
        yield {"jsonSchema" if name == "json_schema" else name: value for name, value in each.items()}


def _plain(rule_: Reply) -> Values:
    """A rule as `rules` has it: without its times."""
    named = {"json_schema": rule_["jsonSchema"], **{name: rule_.get(name) for name in ("type", "key", "version")}}
    return {name: value for name, value in named.items() if value not in (None, "")}


def _digest(rules: list[Values]) -> str:
    """Tells two sets of rules apart, whatever their order."""
    texts = sorted(json.dumps(each, sort_keys=True) for each in rules)
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]


class TrackingPlan(Resource, module="segment"):
    """What events a source may send: by default, that `identify` carries `email` and `phone`. Its id is Segment's.

    Its name bears the owner's tag. All its rules are of this resource, and those made by hand in it are taken away.
    The workspace needs the feature Protocols. It makes no identifier: that is done on a screen of Unify alone.
    https://docs.segmentapis.com/tag/Tracking-Plans#operation/createTrackingPlan
    """

    name: Field[str] = required("Shown in the list of plans, with the owner's tag behind it.", tagged=" [{}]")
    description: Field[str | None] = optional("What it is for.", default=None, cleared="")
    identify_traits: MapField[Any] = optional(
        "The traits of `identify` calls, each with its JSON schema; {} for none.",
        default=dict(IDENTITY_TRAITS),
    )
    rules: ListField[Rule] = optional(
        "Further rules (https://segment.com/docs/protocols/tracking-plan/create/), each with `type`, `key` (for TRACK:"
        " the event's name), `json_schema` and `version` (by default 1).",
        default=[],
        unordered=True,
    )
    marker: Field[str] = owner()
    slug: Field[str] = output("Its slug in the workspace.")
    rules_digest: Field[str] = output("Tells the rules, as Segment has them, from others.")

    lifecycle = _TrackingPlans("/tracking-plans", items="trackingPlans", names=("trackingPlan",))
