"""Writes stacks/settings.schema.json, by which editors complete and check the stacks' settings: `make docs`.

Everything in it comes from what `stacks/settings.py` reads the settings with: types and bounds from the components'
arguments, descriptions from the lists of fields in their docstrings.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any, Final, get_args, get_type_hints

import yaml
from pydantic import TypeAdapter

from components.engage import EngageArgs
from components.sms import EXISTING_KEY
from providers.connection import camel_case
from providers.vendors import CREDENTIALS, OPTIONS
from stacks.preflight import MODES
from stacks.settings import NEEDS, PLACEHOLDER, PLAIN, Settings

CHECKOUT: Final = Path(__file__).parents[1]
FILE: Final = CHECKOUT / "stacks" / "settings.schema.json"
MODELINE: Final = f"# yaml-language-server: $schema={FILE.name}"
"""The first line of a stack's settings: tells editors where the schema is."""

Schema = dict[str, Any]


def document() -> str:
    """The whole file."""
    return json.dumps(schema(), indent=2) + "\n"


def schema() -> Schema:
    """Of a `Pulumi.<stack>.yaml`. Draft 7, which the YAML language server knows best."""
    parts = TypeAdapter(EngageArgs).json_schema(ref_template="#/definitions/{model}")
    settings = {**_own(), **parts["properties"]}
    for name in PLAIN:
        if settings[name].get("type") == "boolean":
            # `pulumi config set` writes it as text.
            settings[name].update(type=["boolean", "string"], enum=[True, False, "true", "false"])
    project = f"{project_name()}:"
    config = {
        "type": "object",
        "properties": {project + name: settings[name] for name in sorted(settings)},
        "patternProperties": {f"^(?!{project})": {}},  # of other packages, as aws:region
        "additionalProperties": False,
        "anyOf": [{"required": [project + part]} for part in NEEDS],
    }
    whole = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Settings of a stack",
        "description": f"Made by `make docs` from the arguments of the components. {_head(EngageArgs)}",
        "type": "object",
        "properties": {
            "config": config,
            "environment": {"description": "Environments of Pulumi ESC."},
            **{name: {"type": "string"} for name in ("secretsprovider", "encryptedkey", "encryptionsalt")},
        },
        "required": ["config"],
        "additionalProperties": False,
        "definitions": parts["$defs"],
    }
    _describe(parts, EngageArgs)
    for part in _parts(EngageArgs):
        _describe(parts["$defs"][part.__name__], part)
    for shape in (*parts["$defs"].values(), *(settings[name] for name in PLAIN)):
        _refuse_placeholders(shape)
    return whole


def project_name() -> str:
    """The namespace of the settings."""
    name: str = yaml.safe_load((CHECKOUT / "Pulumi.yaml").read_text())["name"]
    return name


def _own() -> dict[str, Schema]:
    """The settings beside the parts."""
    said = described(Settings)
    settings: dict[str, Schema] = {
        "endpoint": {"type": "string", "description": said["endpoint"]},
        "preflight": {"enum": list(MODES), "default": "warn", "description": said["preflight"]},
    }
    for option in OPTIONS:
        default = {"default": option.default} if option.default else {}
        settings[option.name] = {"type": "string", "pattern": f"^({option.pattern})$", **default}
        settings[option.name]["description"] = f"Must be {option.shape}."
    for credential in (*CREDENTIALS, *EXISTING_KEY):
        name = camel_case(credential.variable)
        settings[name] = {
            "type": "object",
            "properties": {"secure": {"type": "string"}},
            "required": ["secure"],
            "additionalProperties": False,
            "description": f"In place of the environment variable {credential.variable}, encrypted by"
            f" `pulumi config set --secret {name}`. {credential.where}",
        }
    return settings


def _parts(args: type) -> Iterator[type]:
    """The parts that settings consist of, at any depth."""
    for hint in get_type_hints(args).values():
        for choice in get_args(hint) or (hint,):
            if is_dataclass(choice) and isinstance(choice, type):
                yield choice
                yield from _parts(choice)


def _describe(shape: Schema, args: type) -> None:
    """Give each setting its line of the docstring, or of that of a base; take away what repeats its name."""
    shape.pop("title", None)
    shape["description"] = _head(args)
    hints = get_type_hints(args)
    lines = {name: line for base in reversed(args.__mro__) for name, line in described(base).items()}
    for name, hint in hints.items():
        field = shape["properties"][camel_case(name)]
        field.pop("title", None)
        _without_null(field)
        heads = [_head(part) for part in (get_args(hint) or (hint,)) if is_dataclass(part) and isinstance(part, type)]
        if line := lines.get(name) or next(iter(heads), None):
            field["description"] = line


def _without_null(field: Schema) -> None:
    """What may be left out may be null as well; that a heading has nothing below it is rather a slip."""
    if field.get("default", "") is None:
        del field["default"]
        given = [choice for choice in field.pop("anyOf") if choice.get("type") != "null"]
        field.update(given[0] if len(given) == 1 else {"anyOf": given})
    if "$ref" in field:  # Beside which draft 7 ignores all else.
        field["allOf"] = [{"$ref": field.pop("$ref")}]


def described(of: type) -> dict[str, str]:
    """The list of fields in a docstring: `name   text`, further lines of the text indented."""
    found: dict[str, str] = {}
    name = ""
    for line in inspect.cleandoc(vars(of).get("__doc__") or "").partition("\n\n")[2].splitlines():
        if match := re.fullmatch(r"(\w+) +(\S.*)", line):
            name = match[1]
            found[name] = match[2]
        elif name and line.startswith(" "):
            found[name] += f" {line.strip()}"
    return found


def _head(of: type) -> str:
    return inspect.cleandoc(of.__doc__ or "").partition("\n\n")[0]


def _refuse_placeholders(value: Any) -> None:
    """No text may still have something in angle brackets."""
    if isinstance(value, dict):
        if value.get("type") == "string" and "enum" not in value:
            value["not"] = {"pattern": PLACEHOLDER.pattern}
        for item in value.values():
            _refuse_placeholders(item)
    elif isinstance(value, list):
        for item in value:
            _refuse_placeholders(item)


if __name__ == "__main__":
    FILE.write_text(document())
