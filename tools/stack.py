"""Runs `pulumi` for one stack, in the environment that belongs to it: what the Makefile calls.

The stack `local` runs on the emulator, with its backend, home and passphrase within the checkout, and never touches the
user's own. Any other stack runs in the user's environment as it is: backend, login and credentials are theirs.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from components.screens import SCREENS
from tools import engine, local
from tools.drift import ENVIRONMENT, IncompleteError, command, judged
from tools.handover import HandoverError, hand_over, one

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
        print()
        return outputs(run)
    return code


def outputs(run: Run) -> int:
    """Say what the stack gives and what is left to do, as after `up`."""
    if run.capture("stack", "output", "--json") != 0:
        _say(run.printed)
        return 1
    _summarise(run.stack, json.loads(run.printed))
    return 0


def preview(run: Run) -> int:
    """Show what `up` would change."""
    return run("preview", "--diff", "--suppress-outputs")


def policy(run: Run) -> int:
    """Show what `up` would change, and fail where the policy pack forbids something."""
    return run("preview", "--suppress-outputs", "--policy-pack", "policy")


def refresh(run: Run) -> int:
    """Compare the stack's state with what exists, and take over what has changed or gone."""
    return run("refresh", *(["--yes", "--skip-preview"] if run.is_local else []))


def drift(run: Run) -> int:
    """Say what differs from the stack's state, which stays as it is; 2 if anything does, other than what is pending."""
    with tempfile.TemporaryDirectory() as directory:
        log = Path(directory, "events")
        run.environment |= ENVIRONMENT
        if run.capture(*command(log)) != 0:
            _say(run.printed)
            return 1
        try:
            found = judged(log)
        except IncompleteError as problem:
            _say(f"error: {problem}")
            return 1
    print(found.report(run.stack))
    return 2 if found.drift else 0


def down(run: Run) -> int:
    """Destroy the stack, except for what is kept, and stop the emulator; what is kept stays in its state."""
    resources = run.resources()
    if protected := [_named(r) for r in resources if r.get("protect")]:
        # The engine deletes what is not protected before it stops at what is: keys that are in use, for one.
        _say(
            f"error: this stack is in production, and protects {', '.join(sorted(protected))} -> nothing was destroyed."
            f" To let go of it on purpose, set production to false, make up STACK={run.stack}, and do this again"
        )
        return 1
    kept = [_named(r) for r in resources if r.get("retainOnDelete")]
    code = run("destroy", *(["--yes", "--skip-preview"] if run.is_local else []))
    if code == 0 and kept:
        print("\nKept at the vendors, where the next `make up` finds it again (IPs and numbers go on costing money):")
        print("\n".join(f"  {one}" for one in sorted(kept)))
    if code == 0 and run.is_local and local.stop_emulator():
        _say("stopped the emulator; what it holds is kept in .local/emulator")
    return code


def handover(run: Run) -> int:
    """Hand the outputs to Segment's screens by the clipboard; FIELD=part.name prints that one, without a newline."""
    settings = run.read("stack", "output", "--show-secrets").get("engage_settings", {})
    if path := os.environ.get("FIELD"):
        sys.stdout.write(one(settings, path))
    else:
        signal.signal(signal.SIGINT, signal.default_int_handler)  # No `pulumi` runs any more.
        hand_over(settings)
    return 0


COMMANDS: Mapping[str, Callable[[Run], int]] = {
    function.__name__: function for function in (up, outputs, preview, policy, refresh, drift, down, handover)
}


class Run:
    """`pulumi` with its environment, for one stack."""

    def __init__(self, stack: str) -> None:
        self.stack, self.is_local = stack, stack == "local"
        directory = engine.ensure()
        home = local.DIRECTORY / "home"
        self.environment = {
            **os.environ,
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_STACK": stack,
            "PATH": os.pathsep.join((str(directory), os.environ.get("PATH", os.defpath))),
        }
        if self.is_local:
            self.environment |= local.environment()
        if self.is_local or engine.is_built(directory):
            # The stand-ins beside a built CLI stay out of the user's own home; the login is still found there.
            home.mkdir(parents=True, exist_ok=True)
            own = os.environ.get("PULUMI_HOME") or str(Path.home() / ".pulumi")
            credentials = {"PULUMI_CREDENTIALS_PATH": os.environ.get("PULUMI_CREDENTIALS_PATH") or own}
            self.environment |= engine.equip(directory, home) | ({} if self.is_local else credentials)

    def prepare(self) -> None:
        """Start the emulator where it is needed, and see to it that the stack exists.

        Only the local stack is made by itself: in a wrong backend, a new stack would look as if nothing existed yet,
        and its `up` would take over what belongs to the real one.
        """
        if self.is_local:
            _say(f"the emulator is at {local.start_emulator()}")
        creation = ["--create"] if self.is_local else []
        if self._pulumi("stack", "select", self.stack, *creation, capture=self.is_local) != 0:
            raise local.LocalError(
                f"stack {self.stack} cannot be selected. If it is new, and this the backend that it shall live in:"
                f" make pulumi STACK={self.stack} ARGS='stack init {self.stack}' {self.printed}".strip()
            )

    def __call__(self, *arguments: str) -> int:
        return self._pulumi(*arguments)

    def capture(self, *arguments: str) -> int:
        """The same, with `printed` in place of what it would print."""
        return self._pulumi(*arguments, capture=True)

    def read(self, *arguments: str) -> Any:
        """What a command prints with --json."""
        self._pulumi(*arguments, "--json", capture=True)
        return json.loads(self.printed)

    def resources(self) -> list[dict[str, Any]]:
        """What the state has, before anything else is done to it."""
        self._pulumi("stack", "export", capture=True)
        resources: list[dict[str, Any]] = json.loads(self.printed)["deployment"].get("resources") or []
        return resources

    def _pulumi(self, *arguments: str, capture: bool = False) -> int:
        """Run it to its end, and remember what it printed if that is captured."""
        done = subprocess.run(
            ["pulumi", *arguments],
            cwd=local.CHECKOUT,
            env=self.environment,
            capture_output=capture,
            text=True,
            check=False,
        )
        self.printed = (done.stdout or done.stderr or "").strip()
        return done.returncode


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.stack", description=__doc__)
    parser.add_argument("command", choices=[*COMMANDS, "pulumi"])
    parser.add_argument("stack", help="as in stacks/Pulumi.<stack>.yaml, an organisation may stand before it")
    parser.epilog = "The arguments of `pulumi` are read from the environment variable ARGS, unharmed by shell and make."
    given = parser.parse_args(arguments)
    # Ctrl-C reaches pulumi as well, and it needs its time to end what it has begun: killed, it would leave a lock, and
    # objects that nobody recorded. A handler, as an ignored signal would be ignored by pulumi too.
    signal.signal(signal.SIGINT, lambda *_: None)
    known = sorted(file.name.split(".")[1] for file in STACKS.glob("Pulumi.*.yaml"))
    try:
        if given.stack.rpartition("/")[2] not in known:
            raise local.LocalError(f"there is no stacks/Pulumi.{given.stack}.yaml: the stacks are {', '.join(known)}")
        run = Run(given.stack)
        if given.command == "pulumi":
            if run.is_local:
                run.prepare()
            return run(*shlex.split(os.environ.get("ARGS", "")))
        run.prepare()
        return COMMANDS[given.command](run)
    except (local.LocalError, engine.EngineError, HandoverError) as problem:
        _say(f"error: {problem}")
        return 1


def _summarise(stack: str, outputs: Mapping[str, Any]) -> None:
    """Print outputs for reading; secrets come masked from `pulumi stack output`."""
    secrets = f"make pulumi STACK={stack} ARGS='stack output --show-secrets'"
    print(f"Engage settings, for Segment's screens (with secrets: {secrets}):")
    for part, settings in outputs.get("engage_settings", {}).items():
        print(f"  {part}")
        labels = next((screen.fields for screen in SCREENS if screen.part == part), {})
        for name in (*labels, *sorted(settings.keys() - labels.keys())):
            if settings.get(name) is not None:
                print(f"    {labels.get(name, name):<24}{_plain(settings[name])}")
    print("\nThe guide's steps:")
    states = {name: status["state"] for name, status in outputs.get("status", {}).items()}
    for state in dict.fromkeys(states.values()):
        print(f"  {state:<10}{', '.join(name for name, each in states.items() if each == state)}")
    pending = {name: reasons for name, reasons in outputs.get("pending", {}).items() if reasons}
    if pending:
        print("\nNot done yet (run again to try again):")
        for name, reasons in pending.items():
            print("\n".join(f"  {name}: {reason}" for reason in reasons))
    print("\nLeft for a person to do:")
    for number, step in enumerate(outputs.get("manual_steps", []), start=1):
        print(f"  {number}. {step['what']}\n     where: {step['where']}\n     why: {step['why']}")


def _plain(value: Any) -> Any:
    return ", ".join(f"{name} {item}" for name, item in value.items()) if isinstance(value, dict) else value


def _named(resource: Mapping[str, Any]) -> str:
    return f"{resource['type'].rpartition(':')[2]} {resource['id']}"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
