"""`python -m tests.engine.record 0.2.0` writes what the tests of later releases hold this release's state against.

Run it once, when a release is made. It writes three files into golden/, and never over those of an earlier release:

    checkpoint-VERSION.json  the state of the stack `golden`, encrypted with support.PASSPHRASE
    emulator-VERSION.json    what the vendors have
    settings-VERSION.yaml    the stack's settings; in all three, the emulator's address is ENDPOINT
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

import yaml

from emulator import Emulator
from tests.engine.support import CHECKOUT, Command, full_project

GOLDEN: Final = Path(__file__).with_name("golden")
STACK: Final = "golden"
ENDPOINT: Final = "http://ENDPOINT"

_PLACES: Final = ("sourcePosition", "stackTrace", "created", "modified", "time")
"""Where and when: different in every run, and nothing that an upgrade depends on."""


def checkpoint(version: str) -> Path:
    return GOLDEN / f"checkpoint-{version}.json"


def emulator_state(version: str) -> Path:
    return GOLDEN / f"emulator-{version}.json"


def settings(version: str) -> Path:
    return GOLDEN / f"settings-{version}.yaml"


def versions() -> list[str]:
    return sorted(file.stem.partition("-")[2] for file in GOLDEN.glob("checkpoint-*.json"))


def without_places(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_places(item) for key, item in value.items() if key not in _PLACES}
    return [without_places(item) for item in value] if isinstance(value, list) else value


def record(version: str) -> None:
    for file in (checkpoint(version), emulator_state(version), settings(version)):
        if file.exists():
            raise FileExistsError(f"{file.name} exists: a release's state is never recorded anew")
    with tempfile.TemporaryDirectory() as temporary:
        home = Path(temporary) / "home"
        home.mkdir()
        kept = Path(temporary) / "emulator.json"
        with Emulator(kept) as emulator:
            project = full_project(Path(temporary) / "project", Command(home), emulator, STACK)
            if not (run := project.up()).ok:
                raise RuntimeError(run.output)
            exported = json.dumps(without_places(json.loads(project.export())), indent=1)
            checkpoint(version).write_text(exported.replace(emulator.url, ENDPOINT) + "\n")
        emulator_state(version).write_text(kept.read_text() + "\n")
    local = yaml.safe_load((CHECKOUT / "stacks" / "Pulumi.local.yaml").read_text())["config"]
    parts = {key.partition(":")[2]: value for key, value in local.items()}
    settings(version).write_text(yaml.safe_dump({**parts, "endpoint": ENDPOINT}))


if __name__ == "__main__":
    record(sys.argv[1])
