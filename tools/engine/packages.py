"""Which packages a program has installed, and which resource plugins they need."""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

from google.protobuf.json_format import ParseDict  # type: ignore[import-untyped]
from pulumi.runtime.proto import plugin_pb2

from tools.engine.interpreter import Interpreter, RefusedError

# Named like packages with a plugin, and without one.
WITHOUT_PLUGIN = {"pulumi-policy", "pulumi-esc-sdk"}


def installed(python: Interpreter, directory: str) -> list[dict[str, Any]]:
    """What is installed for `python`, by `installed.py`."""
    script = Path(__file__).with_name("installed.py")
    answer = subprocess.run(
        [python.command, script],
        cwd=directory or None,
        env=python.environment(dict(os.environ)),
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode:
        raise RefusedError(f"listing the packages of {python.command} failed: {answer.stderr.strip()}")
    found: list[dict[str, Any]] = json.loads(answer.stdout)
    return found


def dependency(package: dict[str, Any]) -> plugin_pb2.PackageDependency | None:
    """The resource plugin that an installed package needs, by its pulumi-plugin.json, else by its name and version."""
    name, plugin = package["name"].replace("_", "-"), package["plugin"]
    if plugin is None and (not name.startswith("pulumi-") or name in WITHOUT_PLUGIN):
        return None
    plugin = plugin or {"resource": True}
    number = plugin.get("version") or plugin_version(package["version"])
    if not plugin.get("resource") or number is None:
        return None
    parameters = plugin.get("parameterization")
    return plugin_pb2.PackageDependency(
        name=plugin.get("name") or name.removeprefix("pulumi-"),
        kind="resource",
        version=f"v{number.removeprefix('v')}",
        server=plugin.get("server", ""),
        # In the file the value is base64, which is what protobuf's JSON reads into bytes.
        parameterization=parameters and ParseDict(parameters, plugin_pb2.PackageParameterization()),
    )


def plugin_version(number: str) -> str | None:
    """The semantic version for one of PEP 440; None for those that have no counterpart."""
    found = re.fullmatch(r"(\d+(?:\.\d+){0,2})(?:(a|b|rc)(\d+))?", number)
    if found is None:
        return None
    release = ".".join([*found[1].split("."), "0", "0"][:3])
    return f"{release}-{ {'a': 'alpha', 'b': 'beta', 'rc': 'rc'}[found[2]] }.{found[3]}" if found[2] else release


def top_level(packages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those that no other of them requires."""
    required = {_canonical(name) for package in packages for name in package["requires"]}
    return [package for package in packages if _canonical(package["name"]) not in required]


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
