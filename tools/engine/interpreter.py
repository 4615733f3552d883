"""Which Python runs a program or a plugin, as the official host decides it.

See https://github.com/pulumi/pulumi/blob/master/sdk/python/toolchain/pip.go.
"""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from google.protobuf.json_format import MessageToDict  # type: ignore[import-untyped]
from pulumi.runtime.proto import language_pb2 as pb

OFFICIAL = "the official Pulumi CLI has it: https://www.pulumi.com/docs/install/"


class RefusedError(Exception):
    """What the user has to be told instead of an answer."""


@dataclass(frozen=True)
class Interpreter:
    """The Python of a program or a plugin: that of its virtual environment, or the one on PATH."""

    command: str
    virtualenv: Path | None

    def environment(self, base: dict[str, str]) -> dict[str, str]:
        """`base` with the virtual environment activated, as its `activate` script would."""
        if self.virtualenv is None:
            return base
        path = os.pathsep.join(filter(None, [str(self.virtualenv / "bin"), base.get("PATH", "")]))
        kept = {key: value for key, value in base.items() if key != "PYTHONHOME"}
        return {**kept, "PATH": path, "VIRTUAL_ENV": str(self.virtualenv)}


def interpreter(info: pb.ProgramInfo, default: str = "") -> Interpreter:
    """The Python for what `info` describes; `default` is its virtual environment when its options name none.

    Raises `RefusedError` when it is not there, with the commands that make it, or when an option can't be served.
    """
    option = virtualenv_option(info, default)
    if not option:
        return Interpreter(python_on_path(), None)
    virtualenv = Path(info.root_directory, option)
    python = virtualenv / "bin" / "python"
    if python.is_file():
        return Interpreter(str(python), virtualenv)
    state = "doesn't appear to be a virtual environment" if virtualenv.exists() else "doesn't exist"
    raise RefusedError(
        f'The \'virtualenv\' option in Pulumi.yaml is set to "{option}", but "{virtualenv}" {state}; '
        "run the following commands to create the virtual environment and install dependencies into it:\n\n"
        f"    1. python3 -m venv {virtualenv}\n"
        f"    2. {python} -m pip install -r requirements.txt\n\n"
        "For more information see: https://www.pulumi.com/docs/intro/languages/python/#virtual-environments"
    )


def virtualenv_option(info: pb.ProgramInfo, default: str = "") -> str:
    """The option `virtualenv`; raises `RefusedError` for options that this host does not serve."""
    options: dict[str, Any] = MessageToDict(info.options)
    if options.get("toolchain", "pip") != "pip" or "typechecker" in options:
        raise RefusedError(f"This Python host serves no toolchain but pip, and no typechecker; {OFFICIAL}")
    option = options.get("virtualenv", default)
    if not isinstance(option, str):
        raise RefusedError("virtualenv option must be a string")
    return option or default


def python_on_path() -> str:
    """`$PULUMI_PYTHON_CMD`, else python3, else python; raises `RefusedError` when there is none."""
    names = [os.environ["PULUMI_PYTHON_CMD"]] if os.environ.get("PULUMI_PYTHON_CMD") else ["python3", "python"]
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        raise RefusedError(f"failed to locate any of {names} on your PATH. Have you installed Python 3.6 or greater?")
    return found
