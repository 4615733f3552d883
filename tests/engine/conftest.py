"""The real engine, an emulator that the vendors' documents judge, and projects that run on them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from emulator import Emulator
from tests.conformance import Conformance
from tests.engine.command import Command
from tests.engine.runs import Run
from tests.engine.support import Project, Small, full_project, small_project
from tests.engine.whole import Whole, zone_in_aws


@contextmanager
def judged(state: Path | None = None) -> Iterator[Emulator]:
    """An emulator, and at its end the verdict: no document forbids what went over the wire, nothing was careless."""
    conformance = Conformance()
    observer = conformance.observer if Conformance.available() else None
    with Emulator(state, observer=observer, dns_port=0) as emulator:
        yield emulator
        assert conformance.problems == []
        assert emulator.violations == []


@pytest.fixture(scope="session")
def command(tmp_path_factory: pytest.TempPathFactory) -> Command:
    """The engine, with a home of this worker's own."""
    return Command(tmp_path_factory.mktemp("pulumi-home"))


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with judged() as emulator:
        yield emulator


@pytest.fixture(scope="module")
def shared_emulator() -> Iterator[Emulator]:
    """For the one story that a module's tests look at from several sides."""
    with judged() as emulator:
        yield emulator


@pytest.fixture
def project(tmp_path: Path, command: Command, emulator: Emulator) -> Project:
    """The whole project, not yet brought up."""
    return full_project(tmp_path / "project", command, emulator)


@pytest.fixture
def small(tmp_path: Path, command: Command, emulator: Emulator) -> Small:
    """Makes a project of the given resources alone, not yet brought up."""
    return lambda resources: small_project(tmp_path / "project", command, emulator, resources)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, command: Command, shared_emulator: Emulator) -> Iterator[Whole]:
    """The stack of every resource, not yet brought up."""
    with zone_in_aws() as aws:
        yield Whole(tmp_path_factory.mktemp("whole") / "project", command, shared_emulator, aws)


@dataclass
class Standing:
    """The whole project, brought up, with the runs that led there. Nobody changes it: all tests share it."""

    project: Project
    previewed: Run
    up: Run
    again: Run


@pytest.fixture(scope="session")
def standing(tmp_path_factory: pytest.TempPathFactory, command: Command) -> Iterator[Standing]:
    with judged() as emulator:
        project = full_project(tmp_path_factory.mktemp("standing") / "project", command, emulator)
        previewed, up = project.preview(), project.up()
        project.publish()
        assert (settled := project.up()).ok, settled.output
        yield Standing(project, previewed, up, project.up())
