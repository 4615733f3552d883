"""Writes stacks/settings.schema.json, by which editors complete and check the stacks' settings: `make docs`.

Everything in it comes from what `stacks/settings.py` reads the settings with: types and bounds from the components'
arguments, descriptions from the lists of fields in their docstrings.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import TypeAdapter

from components.engage import EngageArgs
from providers.connection import camel_case
from providers.vendors import CREDENTIALS, OPTIONS
from stacks.settings import NEEDS, PLACEHOLDER, Settings

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
    for part in (parts, *parts["$defs"].values()):
        _describe(part, parts["$defs"])
        _refuse_placeholders(part)
    return whole


def project_name() -> str:
    """The namespace of the settings."""
    name: str = yaml.safe_load((CHECKOUT / "Pulumi.yaml").read_text())["name"]
    return name


def _own() -> dict[str, Schema]:
    """The settings beside the parts."""
    said = described(inspect.cleandoc(Settings.__doc__ or ""))
    settings: dict[str, Schema] = {
        "endpoint": {"type": "string", "description": said["endpoint"]},
        # `pulumi config set` writes it as text.
        "production": {"enum": [True, False, "true", "false"], "default": False, "description": said["production"]},
    }
    for option in OPTIONS:
        default = {"default": option.default} if option.default else {}
        settings[option.name] = {"type": "string", "pattern": f"^({option.pattern})$", **default}
        settings[option.name]["description"] = f"Must be {option.shape}."
    for credential in CREDENTIALS:
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


def _describe(part: Schema, definitions: Mapping[str, Schema]) -> None:
    """Give each setting its line of the docstring, and take away what repeats its name."""
    part.pop("title", None)
    text = part.get("description", "")
    part["description"] = text.partition("\n\n")[0]
    fields = {camel_case(name): line for name, line in described(text).items()}
    for name, field in part["properties"].items():
        field.pop("title", None)
        _without_null(field)
        for reference in field.get("allOf", ()):
            of_part = definitions[reference["$ref"].rpartition("/")[2]]["description"].partition("\n\n")[0]
            field["description"] = of_part
        if name in fields:
            field["description"] = fields[name]


def _without_null(field: Schema) -> None:
    """What may be left out may be null as well; that a heading has nothing below it is rather a slip."""
    if field.get("default", "") is None:
        del field["default"]
        given = [choice for choice in field.pop("anyOf") if choice.get("type") != "null"]
        field.update(given[0] if len(given) == 1 else {"anyOf": given})
    if "$ref" in field:  # Beside which draft 7 ignores all else.
        field["allOf"] = [{"$ref": field.pop("$ref")}]


def described(docstring: str) -> dict[str, str]:
    """The list of fields in a docstring: `name   text`, further lines of the text indented."""
    found: dict[str, str] = {}
    name = ""
    for line in docstring.partition("\n\n")[2].splitlines():
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
