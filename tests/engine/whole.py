"""One stack of every resource there is, on an emulator that answers DNS and an AWS that has the zone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from moto.route53.models import Route53Backend
from moto.server import ThreadedMotoServer

from emulator import Emulator
from providers.declaration import all_declarations, find
from tests.engine.command import Command
from tests.engine.specimens import Declared, everything, given, name
from tests.engine.support import Project, small_project
from tests.providers.cases import CASES
from tests.support import route53

WAITING: Final = {name(d.token) for d in all_declarations() if "status" in d.outputs}
"""What may be pending."""

AWAITING: Final = {
    name(d.token)
    for d in all_declarations()
    if d.module == "dns" or {"dns_records", "domain_valid", "link_valid"} & d.inputs.keys()
}
"""What is, until its records are in DNS."""

KEPT: Final = {name(d.token) for d in all_declarations() if d.kept}
REMOVABLE: Final = {name(token): case for token, case in CASES.items() if case.place}


@contextmanager
def zone_in_aws() -> Iterator[dict[str, str]]:
    """An AWS with one hosted zone, and the settings that lead there: those of this process, too."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    settings = route53.environment(f"http://{host}:{port}")
    with pytest.MonkeyPatch.context() as patch:
        strict = route53.judged(Route53Backend.change_resource_record_sets)
        patch.setattr(Route53Backend, "change_resource_record_sets", strict)
        for variable, value in settings.items():
            patch.setenv(variable, value)
        route53.begin()
        yield settings
    server.stop()


class Whole:
    """The stack of all; `resources` is what it declares."""

    def __init__(self, directory: Path, command: Command, emulator: Emulator, aws: dict[str, str]) -> None:
        self.resources: Declared = everything(emulator)
        self.emulator = emulator
        given(emulator)
        self.seeded = {each: set(self._collection(each)) for each in REMOVABLE}
        self.project: Project = small_project(directory, command, emulator, self.resources)
        self.project.environment.update(aws)

    def declare(self, **inputs: Any) -> None:
        """Other inputs for the resources of these names."""
        changed = {each: {**self.resources[each], "inputs": inputs[each]} for each in inputs}
        self.project.declare({**self.resources, **changed})

    def ids(self) -> dict[str, str]:
        state = self.project.resources()
        return {each: state[each]["id"] for each in self.resources}

    def made(self) -> dict[str, list[str]]:
        """The ids of what the vendors have of each kind, without what was there from the first."""
        return {each: [id_ for id_ in self._collection(each) if id_ not in seen] for each, seen in self.seeded.items()}

    def remove(self, which: str) -> None:
        """Somebody removes this object, if it did not go with another one already."""
        place, id_ = REMOVABLE[which].place, self.ids()[which]
        if place and id_ in self._collection(which):
            self.emulator.state.remove(*place, id_)

    def _collection(self, which: str) -> dict[str, Any]:
        """By id; of the senders in messaging services, those of this kind."""
        place, pool = REMOVABLE[which].place, getattr(find(self.resources[which]["type"]).lifecycle, "pool", None)
        records = self.emulator.state.collection(*place) if place else {}
        return {id_: record for id_, record in records.items() if pool is None or record["pool"] == pool}
