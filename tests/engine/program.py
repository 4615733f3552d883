"""The program of the small stacks: declares what resources.json beside it says, name -> {type, inputs, opts}.

`{"ref": "name.field"}` stands for another resource's output, `{"text": "name.field"}` for that as text.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pulumi

from providers.declaration import all_declarations
from providers.dynamic import EngageProvider
from providers.resource import Resource

DECLARED: dict[str, Resource] = {}


def value(given: Any) -> Any:
    if isinstance(given, dict) and len(given) == 1:
        (kind, path), *_ = given.items()
        if kind in ("ref", "text"):
            name, _, field = path.partition(".")
            output = getattr(DECLARED[name], field)
            return output if kind == "ref" else output.apply(str)
    return given


def main() -> None:
    all_declarations()
    classes = {cls.declaration.token: cls for cls in Resource.__subclasses__()}
    provider = EngageProvider("engage", endpoint=pulumi.Config().require("endpoint"))
    resources = json.loads((Path(__file__).parent / "resources.json").read_text())
    for name, given in resources.items():
        options = pulumi.ResourceOptions(provider=provider, **given.get("opts", {}))
        inputs = {field: value(item) for field, item in given["inputs"].items()}
        DECLARED[name] = classes[given["type"]](name, **inputs, opts=options)
        numbers = [field for field, spec in DECLARED[name].declaration.fields.items() if "int" in str(spec.type)]
        pulumi.export(name, {field: getattr(DECLARED[name], field) for field in DECLARED[name].declaration.fields})
        pulumi.export(
            f"{name} types", {n: getattr(DECLARED[name], n).apply(lambda v: type(v).__name__) for n in numbers}
        )


if __name__ == "__main__":
    main()
