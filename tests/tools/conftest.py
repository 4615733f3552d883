"""The engine for the tests, and small projects to run it on."""

import json
import os
import subprocess
import sysconfig
import textwrap
import venv
from pathlib import Path
from typing import Any

import pytest

from tools.engine import ensure, equip
from tools.engine.assemble import MARKER


def write(directory: Path, **files: str) -> Path:
    """Write files named like `main_py` or `Pulumi_yaml`; `main_py` is `__main__.py`."""
    directory.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        stem, _, suffix = name.rpartition("_")
        file = "__main__.py" if name == "main_py" else f"{stem}.{suffix}"
        (directory / file).write_text(textwrap.dedent(text))
    return directory


def virtualenv(directory: Path) -> Path:
    """A virtual environment that has what this one has, without installing anything."""
    venv.EnvBuilder(symlinks=True).create(directory)
    site = next((directory / "lib").glob("python*/site-packages"))
    (site / "tests.pth").write_text(sysconfig.get_path("purelib"))
    return directory


class Project:
    """A Pulumi project of its own, with its own backend and home, and the CLI to run on it."""

    def __init__(self, directory: Path, engine: Path) -> None:
        self.directory = directory
        (directory / "state").mkdir(parents=True)
        self.environment = {
            **os.environ,
            "PATH": os.pathsep.join([str(engine), os.environ["PATH"]]),
            "PULUMI_BACKEND_URL": (directory / "state").as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "test",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            **equip(engine, directory / "home"),
        }
        runtime = "runtime: {name: python, options: {virtualenv: .venv}}"
        write(directory, Pulumi_yaml=f"name: test\n{runtime}\n")
        virtualenv(directory / ".venv")
        self.pulumi("stack", "init", "test")

    def program(self, text: str) -> None:
        write(self.directory, main_py=text)

    def pulumi(self, *arguments: str, code: int = 0) -> str:
        """Run the CLI; its output, with stderr, once it has ended with `code`."""
        done = subprocess.run(
            ["pulumi", "--non-interactive", *arguments],
            cwd=self.directory,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == code, done.stdout
        return done.stdout

    def up(self, *arguments: str, code: int = 0) -> str:
        return self.pulumi("up", "--yes", "--skip-preview", *arguments, code=code)

    def outputs(self) -> dict[str, Any]:
        outputs: dict[str, Any] = json.loads(self.pulumi("stack", "output", "--json", "--show-secrets"))
        return outputs


@pytest.fixture(scope="session")
def engine() -> Path:
    """The engine beside which our two programs stand."""
    directory = ensure()
    if not (directory / MARKER).exists():
        pytest.skip("the official Pulumi CLI is in use here, and our own programs are not")
    return directory


@pytest.fixture
def project(tmp_path: Path, engine: Path) -> Project:
    return Project(tmp_path / "project", engine)
