"""A program in a directory of its own, and the real engine that runs it against an emulator."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import yaml
from pulumi import automation
from pulumi.automation._stack import StackInitMode  # of the constructor alone, which `create` does not let derive

from emulator import Emulator
from providers.lifecycle import PENDING
from tests.engine.command import Command, UnaskedStack
from tests.engine.runs import Run, name_of
from tools import drift
from tools.drift import Found

CHECKOUT: Final = Path(__file__).parents[2]
PROJECT: Final = "twilio-engage"
PASSPHRASE: Final = "engine-tests"
STACK: Final = "test"
DYNAMIC: Final = "pulumi-python:dynamic/"


class Project:
    """A project directory with one stack, whose calls go to the emulator, and the engine's operations on it."""

    def __init__(self, directory: Path, command: Command, emulator: Emulator, stack: str = STACK) -> None:
        self.directory, self.command, self.emulator, self.name = directory, command, emulator, stack
        self.secrets_provider: str | None = None
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
            secrets_provider=self.secrets_provider,
            pulumi_command=self.command,
        )

    @cached_property
    def stack(self) -> automation.Stack:
        return UnaskedStack(self.name, self.workspace, StackInitMode.CREATE)

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

    def ask(self, nameserver: str) -> None:
        """Look records up there, and nowhere else."""
        parts = yaml.safe_load(self._file.read_text())["config"]
        if domain := (parts.get(f"{PROJECT}:email") or {}).get("domain"):
            self.configure(email={"domain": {**domain, "nameservers": [nameserver]}})

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

    def bring_up(self) -> Run:
        """Up; all records that this asks for published; and up again, if anything waited for them."""
        first = self.up()
        if not (first.ok and self.pending()):
            return first
        self.publish()
        return self.up()

    def publish(self) -> None:
        """Somebody puts all records into DNS that the resources ask for."""
        for resource in self.resources().values():
            outputs = resource.get("outputs", {})
            if resource["type"].startswith(DYNAMIC):
                records = [*(outputs.get("dns_records") or ()), *filter(None, [outputs.get("proposed")])]
                self.publish_records(records)

    def publish_records(self, records: list[dict[str, str]]) -> None:
        zone = self.emulator.state.collection("dns", "zone")
        for record in records:
            zone[f"{record['host']}/{record['type']}"] = {"type": record["type"], "data": record["value"]}

    def look_for_drift(self) -> Found:
        """What `make drift` says."""
        log = self.directory / "events"
        log.unlink(missing_ok=True)
        self.cli(*drift.command(log), environment=drift.ENVIRONMENT)
        return drift.judged(log)

    # -- the state ---------------------------------------------------------------------------------------------------

    def run_cli(self, *arguments: str, environment: Mapping[str, str] | None = None) -> str:
        """What any other command of the CLI prints. Raises automation.CommandError."""
        variables = {**self.environment, "PULUMI_HOME": str(self.command.home), **(environment or {})}
        text: str = self.command.run([*arguments], str(self.directory), variables).stdout
        return text

    def cli(self, *arguments: str, environment: Mapping[str, str] | None = None) -> str:
        """What any other command of the CLI prints for the stack."""
        return self.run_cli(*arguments, "--stack", self.name, environment=environment)

    def export(self, *, show_secrets: bool = False) -> str:
        """The state as it is stored, secrets encrypted unless they are asked for."""
        return self.cli("stack", "export", *(["--show-secrets"] if show_secrets else []))

    def resources(self, *, show_secrets: bool = False) -> dict[str, dict[str, Any]]:
        """What the state has of each resource, by its name."""
        state = json.loads(self.export(show_secrets=show_secrets))
        return {name_of(resource["urn"]): resource for resource in state["deployment"]["resources"]}

    def pending(self) -> dict[str, list[str]]:
        """The reasons of what is pending, by its name."""
        outputs = {name: resource.get("outputs", {}) for name, resource in self.resources().items()}
        return {name: some["reasons"] for name, some in outputs.items() if some.get("status") == PENDING}

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
    # A preflight asks the vendors in every run: its own tests turn it on.
    project.configure(**local_settings(), endpoint=emulator.url, preflight="off")
    project.ask(emulator.nameserver)
    return project


def local_settings() -> dict[str, Any]:
    """Those of the stack `local`, but for where the emulator is."""
    config = yaml.safe_load((CHECKOUT / "stacks" / "Pulumi.local.yaml").read_text())["config"]
    return {key.partition(":")[2]: value for key, value in config.items() if not key.endswith(":endpoint")}


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
