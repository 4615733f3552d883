"""Writes docs/resources.md, the reference of every resource, from the declarations: `make docs`."""

from __future__ import annotations

import sys
import types
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

from providers.declaration import Declaration, FieldSpec, all_declarations

PAGE = Path(__file__).parents[1] / "docs" / "resources.md"
HEAD = """# Resources

Made by `make docs` from the declarations in `providers/`; a test fails where it is not up to date.

An input without a default is required. A default of none means not managed: what the vendor has stays. *Replaces*: a
change makes a new object. *Secret*: encrypted in the state, masked in diffs. *Once*: used when the object is made, not
compared afterwards. *Tagged*: the owner's tag stands behind it at the vendor.
"""


def page() -> str:
    """The whole reference, as Markdown."""
    return "\n".join([HEAD, *map(_section, all_declarations())])


def heading(declaration: Declaration) -> str:
    """That of a resource's section, which other pages link to."""
    return f"{declaration.module}: {declaration.name}"


def _section(declaration: Declaration) -> str:
    kept = "\nKept on destroy, unless it is declared with `retain_on_delete=False`.\n" if declaration.kept else ""
    inputs = [_input(spec) for spec in declaration.inputs.values() if spec.kind != "marker"]
    outputs = [f"| `{spec.name}` | {_type(spec.type)} | {_notes(spec)} |" for spec in declaration.outputs.values()]
    return "\n".join(
        [
            f"## {heading(declaration)}\n",
            f"`from {declaration.file} import {declaration.name}`, type `pulumi-python:dynamic/{declaration.module}:"
            f"{declaration.name}`.\n",
            f"{declaration.doc}\n{kept}",
            "| input | type | default | |\n|---|---|---|---|",
            *inputs,
            "\n| output | type | |\n|---|---|---|" if outputs else "",
            *outputs,
            "",
        ]
    )


def _input(spec: FieldSpec) -> str:
    default = "" if spec.kind == "required" else "none" if spec.default is None else f"`{spec.default!r}`"
    return f"| `{spec.name}` | {_type(spec.type)} | {default} | {_notes(spec)} |"


def _notes(spec: FieldSpec) -> str:
    flags = {
        "Replaces": spec.replaces,
        "Secret": spec.secret,
        "Once": spec.write_once,
        "Tagged": bool(spec.tagged),
        "In any order": spec.unordered,
    }
    named = ", ".join(flag for flag, holds in flags.items() if holds)
    return f"{spec.doc} {f'*{named}.*' if named else ''}".strip()


def _type(type_: Any) -> str:
    """A type as a reader writes it: bounds and None left out, as the default says the latter."""
    if hasattr(type_, "__metadata__"):
        return _type(type_.__origin__)
    origin, arguments = get_origin(type_), get_args(type_)
    if origin is Literal:
        return ", ".join(f"`{argument}`" for argument in arguments)
    if origin in (types.UnionType, Union):
        return _type(next(argument for argument in arguments if argument is not types.NoneType))
    if origin is list:
        return f"list of {_type(arguments[0])}"
    if origin is dict:
        return "map"
    return {str: "text", int: "integer", bool: "boolean"}.get(type_, "any")


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(PAGE.read_text() != page() and f"{PAGE.name} is not up to date: make docs")
    PAGE.write_text(page())
