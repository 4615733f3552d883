"""The program of the small stacks: declares what resources.json beside it says, name -> {type, inputs, opts, after}.

One with `get` is looked up by that id. `{"ref": "name.field"}` stands for another resource's output,
`{"text": "name.field"}` for that as text; `after` names what must exist before, beside that.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pulumi

from providers.declaration import all_declarations
from providers.dynamic import EngageProvider
from providers.resource import Resource


class Program:
    """Resources are declared when first referred to: their order in the file means nothing."""

    def __init__(self, resources: dict[str, Any]) -> None:
        all_declarations()
        self.resources = resources
        self.classes = {cls.declaration.token: cls for cls in Resource.__subclasses__()}
        self.provider = EngageProvider("engage", endpoint=pulumi.Config().require("endpoint"))
        self.declared: dict[str, Resource] = {}

    def declare(self, name: str) -> Resource:
        if name not in self.declared:
            given = self.resources[name]
            inputs = {field: self.value(item) for field, item in given["inputs"].items()}
            after = [self.declare(other) for other in given.get("after", ())]
            options = pulumi.ResourceOptions(provider=self.provider, depends_on=after, **given.get("opts", {}))
            cls = self.classes[given["type"]]
            if "get" in given:
                self.declared[name] = cls.get(name, given["get"], opts=options, **inputs)
            else:
                self.declared[name] = cls(name, **inputs, opts=options)
            self.export(name, self.declared[name])
        return self.declared[name]

    def value(self, given: Any) -> Any:
        if isinstance(given, dict) and len(given) == 1:
            (kind, path), *_ = given.items()
            if kind in ("ref", "text"):
                name, _, field = path.partition(".")
                output = getattr(self.declare(name), field)
                return output if kind == "ref" else output.apply(str)
        return [self.value(each) for each in given] if isinstance(given, list) else given

    @staticmethod
    def export(name: str, resource: Resource) -> None:
        fields = resource.declaration.fields
        numbers = [field for field, spec in fields.items() if "int" in str(spec.type)]
        pulumi.export(name, {field: getattr(resource, field) for field in fields})
        pulumi.export(
            f"{name} types", {field: getattr(resource, field).apply(lambda v: type(v).__name__) for field in numbers}
        )


if __name__ == "__main__":
    program = Program(json.loads((Path(__file__).parent / "resources.json").read_text()))
    for each in program.resources:
        program.declare(each)
