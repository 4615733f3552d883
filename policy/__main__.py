"""The policy pack: `make policy STACK=…`, or `pulumi preview --policy-pack policy`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pulumi_policy import (
    EnforcementLevel,
    PolicyConfigSchema,
    PolicyPack,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    policy,
)
from pulumi_policy.proxy import UnknownValueError
from rules import RULES, SETTINGS, UNKNOWN, Rule, Seen

stack: dict[str, Any] = {}
"""The settings of the stack that the rules look at."""


class Servicer(policy._PolicyAnalyzerServicer):  # type: ignore[misc]  # Any: it is not in the program's environment
    """Takes the stack's settings, which the engine sends with this call.

    pulumi-policy 1.21 keeps nothing of it but the tags: a `pulumi.Config()` in a policy is empty, and a rule that asks
    it would never find anything.
    """

    def ConfigureStack(self, request: Any, _context: Any) -> Any:  # noqa: N802 (the protocol's name)
        sent = {name: request.config.get(f"{request.project}:{name}") for name in SETTINGS}
        stack.update({name: parsed(text) for name, text in sent.items() if text})
        return super().ConfigureStack(request, _context)


policy._PolicyAnalyzerServicer = Servicer


def parsed(text: str) -> Any:
    """A setting's value; of what is malformed, the program says what is wrong."""
    try:
        return json.loads(text)
    except ValueError:
        return None


def as_policy(rule: Rule) -> ResourceValidationPolicy:
    def validate(args: ResourceValidationArgs, report_violation: ReportViolation) -> None:
        seen = Seen(
            type=args.resource_type,
            inputs=known(args.props),
            protect=args.opts.protect,
            settings=stack,
            config=args.get_config() or {},
        )
        for message in rule.violations(seen):
            report_violation(message, None)

    schema = PolicyConfigSchema({name: dict(schema) for name, schema in rule.config.items()})
    return ResourceValidationPolicy(rule.name, rule.description, validate, config_schema=schema)


def known(value: Any) -> Any:
    """Plain values. pulumi_policy's raise where one is unknown, and the policy would not be run at all."""
    if isinstance(value, Mapping):
        return {key: item(value, key) for key in value}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [item(value, index) for index in range(len(value))]
    return value


def item(container: Any, key: Any) -> Any:
    try:
        return known(container[key])
    except UnknownValueError:
        return UNKNOWN


PolicyPack("twilio-engage", [as_policy(rule) for rule in RULES], EnforcementLevel.MANDATORY)
