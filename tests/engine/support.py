"""A program in a directory of its own, and the real engine that runs it against an emulator."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Final
from unittest import mock

import yaml
from pulumi import automation
from pulumi.automation._stack import StackInitMode  # of the constructor alone, which `create` does not let derive

from emulator import Emulator
from tests.engine.runs import Run, name_of
from tools import engine

CHECKOUT: Final = Path(__file__).parents[2]
PROJECT: Final = "twilio-engage"
PASSPHRASE: Final = "engine-tests"
STACK: Final = "test"


class Command(automation.PulumiCommand):
    """The engine that `tools.engine` provides, in an environment that has nothing of the user's own."""

    def __init__(self, home: Path) -> None:
        directory = engine.ensure(report=lambda _line: None)
        self.home = home
        self._environment = {
            "PATH": os.pathsep.join((str(directory), os.environ.get("PATH", os.defpath))),
            "HOME": str(home),
            "NO_PROXY": "127.0.0.1",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            **engine.equip(directory, home),
        }
        self._within(super().__init__)
        self.command = str(directory / "pulumi")

    def run(self, *args: Any, **kwargs: Any) -> Any:
        return self._within(super().run, *args, **kwargs)

    def _within(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        with mock.patch.dict(os.environ, self._environment, clear=True):
            return function(*args, **kwargs)


class _Stack(automation.Stack):
    """Without the three runs of the CLI that follow upon every operation: outputs twice, and history."""

    def outputs(self) -> automation.OutputMap:
        return {}

    def info(self, show_secrets: bool = True) -> automation.UpdateSummary:
        return automation.UpdateSummary(
            kind="", start_time=datetime.now(UTC), message="", environment={}, config={}, result=""
        )


class Project:
    """A project directory with one stack, whose calls go to the emulator, and the engine's operations on it."""

    def __init__(self, directory: Path, command: Command, emulator: Emulator, stack: str = STACK) -> None:
        self.directory, self.command, self.emulator, self.name = directory, command, emulator, stack
        directory.mkdir(parents=True)
        (directory / "state").mkdir()
        # A dictionary that the workspace goes on to read: what a test changes holds from its next run on.
        self.environment = {
            **emulator.credentials,
            "PULUMI_BACKEND_URL": f"file://{directory / 'state'}",
            "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
        }

    @cached_property
    def workspace(self) -> automation.LocalWorkspace:
        return automation.LocalWorkspace(
            str(self.directory),
            pulumi_home=str(self.command.home),
            env_vars=self.environment,
            pulumi_command=self.command,
        )

    @cached_property
    def stack(self) -> automation.Stack:
        return _Stack(self.name, self.workspace, StackInitMode.CREATE)

    # -- settings ----------------------------------------------------------------------------------------------------

    @property
    def _file(self) -> Path:
        return self.directory / "stacks" / f"Pulumi.{self.name}.yaml"

    def configure(self, **parts: Any) -> None:
        """Change settings: `sms={"serviceName": "Engage"}` changes that one of the part, `sms=None` takes it away."""
        document = yaml.safe_load(self._file.read_text()) if self._file.exists() else {"config": {}}
        config = document["config"]
        for part, value in parts.items():
            key = f"{PROJECT}:{part}"
            if value is None:
                config.pop(key, None)
            else:
                config[key] = {**config.get(key, {}), **value} if isinstance(value, Mapping) else value
        self._file.parent.mkdir(exist_ok=True)
        self._file.write_text(yaml.safe_dump(document))

    def declare(self, resources: Mapping[str, Any]) -> None:
        """What the small program (program.py) declares from now on."""
        (self.directory / "resources.json").write_text(json.dumps(resources))

    # -- operations --------------------------------------------------------------------------------------------------

    def preview(self, **options: Any) -> Run:
        return self._run(Run(), self.stack.preview, **options)

    def up(self, **options: Any) -> Run:
        return self._run(Run(), self.stack.up, **options)

    def refresh(self, **options: Any) -> Run:
        return self._run(Run(refreshing=True), self.stack.refresh, **options)

    def preview_refresh(self, **options: Any) -> Run:
        return self._run(Run(refreshing=True), self.stack.preview_refresh, **options)

    def destroy(self, **options: Any) -> Run:
        return self._run(Run(), self.stack.destroy, **options)

    def preview_destroy(self, **options: Any) -> Run:
        return self._run(Run(), self.stack.preview_destroy, **options)

    def _run(self, run: Run, operation: Callable[..., Any], **options: Any) -> Run:
        before = len(self.emulator.requests)
        lines: list[str] = []
        hear = {"on_event": run.record, "on_output": lines.append, "on_error": lines.append}
        try:
            operation(color="never", **hear, **options)
        except automation.CommandError:
            run.ok = False
        run.output = "\n".join(lines)
        run.requests = self.emulator.requests[before:]
        return run

    # -- the state ---------------------------------------------------------------------------------------------------

    def cli(self, *arguments: str) -> str:
        """What any other command of the CLI prints. Raises automation.CommandError."""
        text: str = self.command.run(
            [*arguments, "--stack", self.name],
            str(self.directory),
            {**self.environment, "PULUMI_HOME": str(self.command.home)},
        ).stdout
        return text

    def export(self) -> str:
        """The state as it is stored, secrets encrypted."""
        return self.cli("stack", "export")

    def resources(self) -> dict[str, dict[str, Any]]:
        """What the state has of each resource, by its name."""
        return {name_of(resource["urn"]): resource for resource in json.loads(self.export())["deployment"]["resources"]}

    def outputs(self) -> dict[str, Any]:
        """The stack's outputs, secrets in clear."""
        values: dict[str, Any] = json.loads(self.cli("stack", "output", "--json", "--show-secrets"))
        return values


def full_project(directory: Path, command: Command, emulator: Emulator, stack: str = STACK) -> Project:
    """The project as it is in the checkout, with the settings of the stack `local`."""
    project = Project(directory, command, emulator, stack)
    for folder in ("providers", "components", "stacks"):
        shutil.copytree(CHECKOUT / folder, directory / folder)
    for file in ("Pulumi.yaml", "__main__.py"):
        shutil.copy2(CHECKOUT / file, directory / file)
    (directory / ".venv").symlink_to(sys.prefix)
    local = yaml.safe_load((CHECKOUT / "stacks" / "Pulumi.local.yaml").read_text())["config"]
    settings = {key.partition(":")[2]: value for key, value in local.items()}
    project.configure(**settings | {"endpoint": emulator.url})
    return project


def small_project(directory: Path, command: Command, emulator: Emulator, resources: Mapping[str, Any]) -> Project:
    """A project whose program (program.py) declares these resources: name -> {type, inputs}."""
    project = Project(directory, command, emulator)
    shutil.copy2(Path(__file__).with_name("program.py"), directory / "__main__.py")
    runtime = {"name": "python", "options": {"virtualenv": sys.prefix}}
    (directory / "Pulumi.yaml").write_text(
        yaml.safe_dump({"name": PROJECT, "runtime": runtime, "stackConfigDir": "stacks"})
    )
    project.environment["PYTHONPATH"] = str(CHECKOUT)
    project.configure(endpoint=emulator.url)
    project.declare(resources)
    return project


Small = Callable[[Mapping[str, Any]], Project]
