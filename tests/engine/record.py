"""`python -m tests.engine.record 0.2.0` writes what the tests of later releases hold this release's state against.

Run it once, when a release is made. It writes four files into golden/, and never over those of an earlier release.
`--again` writes over those of a release that nobody has yet, and drops URNs that are gone:

    checkpoint-VERSION.json  the state of the stack `golden`, encrypted with support.PASSPHRASE
    emulator-VERSION.json    what the vendors have
    settings-VERSION.yaml    the stack's settings; in the state, the emulator's addresses are ENDPOINT and NAMESERVER
    urns.txt                 the names of the resources
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import yaml

from emulator import Emulator
from tests.engine.command import Command
from tests.engine.support import full_project, local_settings

GOLDEN: Final = Path(__file__).with_name("golden")
STACK: Final = "golden"
URNS: Final = GOLDEN / "urns.txt"
ENDPOINT: Final = "http://ENDPOINT"
NAMESERVER: Final = "192.0.2.53:53"

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


def urns() -> list[str]:
    return URNS.read_text().splitlines()


def without_places(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_places(item) for key, item in value.items() if key not in _PLACES}
    return [without_places(item) for item in value] if isinstance(value, list) else value


def normal_urns(urns: Iterable[str], stack: str) -> list[str]:
    """As urns.txt has them: of no stack. Default providers have a version in their names: left out."""
    normal = (urn.replace(f":{stack}::", ":STACK::").replace(f"engage-{stack}", "engage-STACK") for urn in urns)
    return sorted(urn for urn in normal if "::default_" not in urn)


def record(version: str, *, again: bool = False) -> None:
    for file in (checkpoint(version), emulator_state(version), settings(version)):
        if file.exists() and not again:
            raise FileExistsError(f"{file.name} exists: a release's state is never recorded anew")
    with tempfile.TemporaryDirectory() as temporary:
        home = Path(temporary) / "home"
        home.mkdir()
        kept = Path(temporary) / "emulator.json"
        with Emulator(kept, dns_port=0) as emulator:
            project = full_project(Path(temporary) / "project", Command(home), emulator, STACK)
            if not (run := project.bring_up()).ok:
                raise RuntimeError(run.output)
            exported = json.dumps(without_places(json.loads(project.export())), indent=1)
            found = normal_urns((resource["urn"] for resource in project.resources().values()), STACK)
            if (gone := set(urns()) - set(found)) and not again:
                raise RuntimeError(f"gone from the stack, but in users' states: {', '.join(sorted(gone))}")
            exported = exported.replace(emulator.url, ENDPOINT).replace(emulator.nameserver, NAMESERVER)
            checkpoint(version).write_text(exported + "\n")
            URNS.write_text("\n".join(found) + "\n")
        emulator_state(version).write_text(kept.read_text() + "\n")
    settings(version).write_text(yaml.safe_dump(local_settings()))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.engine.record")
    parser.add_argument("version")
    parser.add_argument("--again", action="store_true", help="of a release that nobody has yet")
    record(**vars(parser.parse_args()))
