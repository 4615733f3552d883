"""The tree keeps its shape: imports point one way, and the reference says what the code does."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path

import pytest

from providers.resource import Resource
from tools import reference

CHECKOUT = Path(__file__).parents[1]


def test_the_reference_is_up_to_date() -> None:
    assert reference.PAGE.read_text() == reference.page(), "make docs"


@pytest.mark.parametrize("statement", re.findall(r"^`(from .* import .*)`, type", reference.page(), re.MULTILINE))
def test_every_import_of_the_reference_works(statement: str) -> None:
    _, module, _, name = statement.split(" ")
    assert issubclass(getattr(importlib.import_module(module), name), Resource)


def imports_of(file: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def test_only_the_door_and_what_is_declared_with_know_pulumi() -> None:
    knowing = {
        file.relative_to(CHECKOUT / "providers").as_posix()
        for file in (CHECKOUT / "providers").rglob("*.py")
        if any(name.partition(".")[0] == "pulumi" for name in imports_of(file))
    }
    assert knowing == {"dynamic.py", "resource.py"}


@pytest.mark.parametrize(
    ("package", "never"),
    [
        ("emulator", ("providers", "components", "stacks", "pulumi")),
        ("providers", ("components", "stacks", "emulator", "tools")),
        ("components", ("stacks", "emulator", "tools")),
        ("stacks", ("emulator", "tools")),
    ],
)
def test_imports_point_one_way(package: str, never: tuple[str, ...]) -> None:
    for file in (CHECKOUT / package).rglob("*.py"):
        assert [name for name in imports_of(file) if name.partition(".")[0] in never] == [], file
