"""Writes the settings of a new stack after those of another: `make new-stack NAME=qa FROM=dev`.

Which parts and choices there are is taken over. What names something at a vendor is not, as two stacks with one subuser
or one slug would take over each other's: in its place stands a placeholder, which the program refuses until it is
replaced. Neither are secrets, which the other stack's key encrypts.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import Any, Final

import yaml

from stacks.settings import NEEDS, PLACEHOLDER
from tools import schema
from tools.local import CHECKOUT

STACKS: Final = CHECKOUT / "stacks"
NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,39}")

HEAD: Final = """{modeline}
# Settings of the stack {name}, after those of {source}. Replace what is in angle brackets by your own;
# leave a part, or what is optional, out to not make it. Credentials come from the environment: see README.md.
"""


class NewStackError(Exception):
    """There is no such stack to be made; the message says why and what to do."""


def write(name: str, source: str, directory: Path = STACKS) -> Path:
    """Write the file of the new stack, which must not exist. Raises NewStackError."""
    if not NAME.fullmatch(name):
        raise NewStackError(
            f"{name!r} cannot be the name of a stack -> begin with a small letter, go on with small letters, digits and"
            " hyphens, 40 characters at most; an organisation is named when the stack is used (STACK=acme/qa)"
        )
    settings = directory / f"Pulumi.{source}.yaml"
    if not NAME.fullmatch(source) or not settings.exists():
        there = ", ".join(sorted(file.name.split(".")[1] for file in directory.glob("Pulumi.*.yaml")))
        raise NewStackError(f"there is no stack {source!r} to begin with -> FROM one of {there}")
    config = _begun(yaml.safe_load(settings.read_text())["config"], name, source)
    head = HEAD.format(modeline=schema.MODELINE, name=name, source=source)
    file = directory / f"Pulumi.{name}.yaml"
    try:
        with file.open("x") as new:
            new.write(head + yaml.safe_dump({"config": config}, sort_keys=False, width=120))
    except FileExistsError:
        raise NewStackError(f"stacks/{file.name} exists -> edit it, or choose another name") from None
    return file


def _begun(config: dict[str, Any], name: str, source: str) -> dict[str, Any]:
    """What of another stack's configuration a new one has."""
    project, definitions = f"{schema.project_name()}:", schema.schema()["definitions"]
    begun = {}
    for key, value in config.items():
        if key.removeprefix(project) in NEEDS:
            begun[key] = _emptied(value, _part(key.removeprefix(project)), definitions, name, source)
        elif key != f"{project}endpoint" and not (isinstance(value, dict) and "secure" in value):
            begun[key] = value
    return begun


def _part(name: str) -> dict[str, Any]:
    part: dict[str, Any] = schema.schema()["properties"]["config"]["properties"][f"{schema.project_name()}:{name}"]
    return part


def _emptied(value: Any, shape: dict[str, Any], definitions: dict[str, Any], name: str, source: str) -> Any:
    """The same with a placeholder for every text that is no choice among several."""
    for reference in shape.get("allOf", ()):
        shape = definitions[reference["$ref"].rpartition("/")[2]]
    if isinstance(value, dict):
        fields = shape.get("properties", {})
        return {key: _emptied(item, fields.get(key, {}), definitions, name, source) for key, item in value.items()}
    if isinstance(value, list):
        return [_emptied(item, shape.get("items", {}), definitions, name, source) for item in value]
    if not isinstance(value, str) or "enum" in shape:
        return value
    if PLACEHOLDER.search(value):
        return re.sub(rf"(?<![a-z0-9]){source}(?![a-z0-9])", name, value)
    return f"<{source} has {value}>"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.new_stack", description=__doc__)
    parser.add_argument("name")
    parser.add_argument("source")
    given = parser.parse_args(arguments)
    try:
        file = write(given.name, given.source)
    except NewStackError as problem:
        print(f"error: {problem}", file=sys.stderr)
        return 1
    create = f"make pulumi STACK={given.name} ARGS='stack init {given.name}'"
    print(
        f"stacks/{file.name} is written. Next:\n"
        "  1. Replace what is in angle brackets in it.\n"
        f"  2. {create}, with --secrets-provider where no passphrase is wanted: docs/ci.md\n"
        f"  3. make preview STACK={given.name}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
