"""What all tests share: no credentials but made-up ones, and an emulator judged by the vendors' documents."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from emulator import Emulator
from tests.conformance import Conformance


@pytest.fixture(scope="session")
def conformance() -> Conformance:
    return Conformance()


@pytest.fixture(scope="session")
def _server(conformance: Conformance) -> Iterator[Emulator]:
    with Emulator(observer=conformance.observer if Conformance.available() else None, dns_port=0) as emulator:
        yield emulator


@pytest.fixture
def emu(_server: Emulator, conformance: Conformance) -> Iterator[Emulator]:
    """Fails the test if a document forbids what went over the wire, or if it did not expect a violation."""
    _server.reset()
    conformance.problems.clear()
    yield _server
    assert conformance.problems == []
    assert _server.violations == []


@pytest.fixture(autouse=True, scope="session")
def _no_environment_of_the_user() -> None:
    """Nobody's real credentials, backend or login are within reach of a test."""
    for name in list(os.environ):
        if name.startswith(("PULUMI_", "SENDGRID_", "TWILIO_", "SEGMENT_", "AWS_")):
            del os.environ[name]
