"""Settings that are the inputs of a resource, so that no field of it is written down a second time."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from providers.connection import camel_case
from providers.declaration import UNKNOWN
from providers.resource import Resource

ONE_VALUE: Final = "is one value where several settings are expected -> indent them below it"


def no_setting(path: str, todo: str = "") -> str:
    """What is wrong with a name that is none; messages of resources spell their fields otherwise than settings are."""
    if "_" in path.rpartition(".")[2]:
        todo = "settings are spelled without underscores, as keyGeneration"
    return f"{path}: is no setting -> {todo}" if todo else f"{path}: is no setting"


class InputsOf:
    """Annotates a setting, a dict, that has the inputs of this resource, but for those that its component gives.

    Names are spelled as settings are. Everything that is wrong with the values is said at once, as the resource's own
    check says it. The value is what the resource's constructor takes.
    """

    def __init__(self, resource: type[Resource], *given: str) -> None:
        self.declaration, self.given = resource.declaration, given

    @cached_property
    def names(self) -> dict[str, str]:
        """The names of inputs, by the settings'."""
        inputs = self.declaration.inputs.values()
        return {camel_case(s.name): s.name for s in inputs if s.kind != "marker" and s.name not in self.given}

    def read(self, value: Any) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise ValueError(ONE_VALUE)
        unknown = [no_setting(name) for name in value if name not in self.names]
        inputs = {self.names[name]: item for name, item in value.items() if name in self.names}
        given = dict.fromkeys(self.given, UNKNOWN)
        failures = self.declaration.lifecycle.check({}, {**given, **inputs}).failures
        if problems := [*unknown, *map(_renamed, failures)]:
            raise ValueError("; ".join(problems))
        return inputs

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self.read, handler(source))

    def __get_pydantic_json_schema__(self, _: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        specs = {setting: self.declaration.inputs[name] for setting, name in self.names.items()}
        fields = {name: {**spec.adapter.json_schema(), "description": spec.doc} for name, spec in specs.items()}
        return {
            "type": "object",
            "properties": fields,
            "required": [name for name, spec in specs.items() if spec.kind == "required"],
            "additionalProperties": False,
        }


def _renamed(problem: str) -> str:
    name, colon, said = problem.partition(":")
    return f"{camel_case(name)}{colon}{said}"
