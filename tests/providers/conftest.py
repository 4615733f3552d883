"""The emulator's credentials in the environment, and a way to run one resource's lifecycle against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
import tenacity

from emulator import Emulator
from providers.client import BaseClient, Client
from providers.connection import Connection
from providers.declaration import Values, find
from providers.lifecycle import State
from providers.vendors import CLIENTS
from tests.providers.cases import CASES, MARKER


@dataclass(frozen=True)
class Resources:
    """Lifecycles on the emulator, with the inputs checked as the engine checks them."""

    emulator: Emulator

    def base_client(self, token: str) -> BaseClient:
        return CLIENTS[token.partition(":")[0]](Connection({"endpoint": self.emulator.url}))

    def client(self, token: str) -> Client:
        client = self.base_client(token)
        assert isinstance(client, Client)
        return client

    def checked(self, token: str, inputs: Mapping[str, Any], olds: Values | None = None) -> Values:
        declaration = find(token)
        own = {"marker": MARKER} if "marker" in declaration.inputs else {}
        checked = declaration.lifecycle.check(olds or {}, {**own, **inputs})
        assert checked.failures == []
        return checked.inputs

    def create(self, token: str, **inputs: Any) -> State:
        """The example of this resource, with these inputs instead of its own."""
        inputs = {**CASES[token].inputs, **inputs}
        return find(token).lifecycle.create(self.base_client(token), self.checked(token, inputs))

    def make_needs(self, token: str) -> None:
        for needed in CASES[token].needs:
            self.create(needed)

    def read(self, token: str, state: State) -> State | None:
        return find(token).lifecycle.read(self.base_client(token), state.id, state.values)

    def update(self, token: str, state: State, inputs: Mapping[str, Any]) -> State:
        news = self.checked(token, inputs, state.values)
        return State(state.id, find(token).lifecycle.update(self.base_client(token), state.id, state.values, news))

    def delete(self, token: str, state: State) -> None:
        find(token).lifecycle.delete(self.base_client(token), state.id, state.values)

    def changed(self, token: str, state: State, inputs: Mapping[str, Any]) -> list[str]:
        return find(token).lifecycle.diff(state.values, self.checked(token, inputs)).changed

    def sent(self, method: str, path: str = "") -> list[Any]:
        """The bodies of the requests of this method whose path ends so."""
        return [entry.body for entry in self.emulator.requests if entry.method == method and entry.path.endswith(path)]


@pytest.fixture
def resources(emu: Emulator, monkeypatch: pytest.MonkeyPatch) -> Resources:
    for variable, value in emu.credentials.items():
        monkeypatch.setenv(variable, value)
    return Resources(emu)


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that clients would have waited between attempts; none passes."""
    seconds: list[float] = []
    monkeypatch.setattr(tenacity.nap, "time", SimpleNamespace(sleep=seconds.append))
    return seconds
