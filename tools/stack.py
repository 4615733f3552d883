"""Runs `pulumi` for one stack, in the environment that belongs to it: what the Makefile calls.

The stack `local` runs on the emulator, with its backend, home and passphrase within the checkout, and never touches the
user's own. Any other stack runs in the user's environment as it is: backend, login and credentials are theirs.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tools import engine, local

STACKS = local.CHECKOUT / "stacks"


def up(run: Run) -> int:
    """Bring the stack to its settings, then say what it gives and what is left to do."""
    # A person is asked before anything real changes; what the emulator holds needs no asking.
    consent = ["--yes", "--skip-preview"] if run.is_local else []
    code = run("up", "--suppress-outputs", *consent)
    if code == 0:
        (last,) = run.read("stack", "history", "--page-size", "1")
        if set(last["resourceChanges"]) == {"same"}:
            print("no changes: everything is as the settings say")
        _summarise(run.read("stack", "output"))
    return code


def preview(run: Run) -> int:
    """Show what `up` would change."""
    return run("preview", "--diff", "--suppress-outputs")


def refresh(run: Run) -> int:
    """Compare the stack's state with what exists, and take over what has changed or gone."""
    return run("refresh", *(["--yes", "--skip-preview"] if run.is_local else []))


def down(run: Run) -> int:
    """Destroy the stack, except for what is kept, and stop the emulator; what is kept stays in its state."""
    code = run("destroy", *(["--yes", "--skip-preview"] if run.is_local else []))
    if code == 0 and run.is_local and local.stop_emulator():
        _say("stopped the emulator; what it holds is kept in .local/emulator")
    return code


COMMANDS: Mapping[str, Callable[[Run], int]] = {
    function.__name__: function for function in (up, preview, refresh, down)
}


class Run:
    """`pulumi` with its environment, for one stack."""

    def __init__(self, stack: str) -> None:
        self.stack, self.is_local = stack, stack == "local"
        directory = engine.ensure()
        home = local.DIRECTORY / "home" if self.is_local else _own_home()
        home.mkdir(parents=True, exist_ok=True)
        self.environment = {
            **os.environ,
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_STACK": stack,
            **(local.environment(home) if self.is_local else {}),
            **engine.equip(directory, home),
            "PATH": os.pathsep.join((str(directory), os.environ.get("PATH", os.defpath))),
        }

    def prepare(self) -> None:
        """Start the emulator where it is needed, and select the stack, made if it is new."""
        if self.is_local:
            _say(f"the emulator is at {local.start_emulator()}")
        # The user's own backend may ask for a passphrase: its questions must be seen.
        if self._pulumi("stack", "select", self.stack, "--create", capture=self.is_local).returncode != 0:
            raise local.LocalError(f"stack {self.stack} cannot be selected {self.last_error}".strip())

    def __call__(self, *arguments: str) -> int:
        return self._pulumi(*arguments).returncode

    def read(self, *arguments: str) -> Any:
        """What a command prints with --json."""
        return json.loads(self._pulumi(*arguments, "--json", capture=True).stdout)

    def _pulumi(self, *arguments: str, capture: bool = False) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            ["pulumi", *arguments],
            cwd=local.CHECKOUT,
            env=self.environment,
            capture_output=capture,
            text=True,
            check=False,
        )
        self.last_error = (done.stderr or "").strip()
        return done


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.stack", description=__doc__)
    parser.add_argument("command", choices=[*COMMANDS, "pulumi"])
    parser.add_argument("stack", help="as in stacks/Pulumi.<stack>.yaml")
    parser.add_argument("arguments", nargs="?", default="", help="of `pulumi`, in one string")
    given = parser.parse_args(arguments)
    known = sorted(file.name.split(".")[1] for file in STACKS.glob("Pulumi.*.yaml"))
    try:
        if given.stack not in known:
            raise local.LocalError(f"there is no stacks/Pulumi.{given.stack}.yaml: the stacks are {', '.join(known)}")
        run = Run(given.stack)
        run.prepare()
        if given.command == "pulumi":
            return run(*shlex.split(given.arguments))
        return COMMANDS[given.command](run)
    except (local.LocalError, engine.EngineError) as problem:
        _say(f"error: {problem}")
        return 1
    except KeyboardInterrupt:
        return 130


def _own_home() -> Path:
    return Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi")


def _summarise(outputs: Mapping[str, Any]) -> None:
    """Print outputs for reading; secrets come masked from `pulumi stack output`."""
    print("\nEngage settings, for Segment's screens (secrets: make pulumi ARGS='stack output --show-secrets'):")
    for part, settings in outputs.get("engage_settings", {}).items():
        print(f"  {part}")
        for name, value in settings.items():
            print(f"    {name:<24}{value}")
    print("\nLeft for a person to do:")
    for number, step in enumerate(outputs.get("manual_steps", []), start=1):
        print(f"  {number}. {step['what']}\n     where: {step['where']}\n     why: {step['why']}")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
