"""The emulator's credentials in the environment, and a way to run one resource's lifecycle against it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import dns.nameserver
import dns.resolver
import pytest
import tenacity
from moto.route53.models import Route53Backend
from moto.server import ThreadedMotoServer

from emulator import Emulator
from emulator.store import Collection
from providers.client import BaseClient, Client
from providers.connection import Connection
from providers.declaration import Values, find
from providers.lifecycle import State
from providers.vendors import CLIENTS
from tests.providers.cases import CASES, MARKER
from tests.support import keys, route53, sendgrid_objects, twilio_objects, twilio_registration


@dataclass(frozen=True)
class Resources:
    """Lifecycles on the emulator, with the inputs checked as the engine checks them."""

    emulator: Emulator
    fixture: Callable[[str], Any]

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
        if "allow_replacement" not in find(token).inputs:
            inputs.pop("allow_replacement", None)
        return find(token).lifecycle.create(self.base_client(token), self.checked(token, inputs))

    def make_needs(self, token: str) -> None:
        for name in CASES[token].fixtures:
            self.fixture(name)
        for needed in CASES[token].needs:
            self.create(needed)
        if arrange := CASES[token].arrange:
            arrange(self.emulator)

    def read(self, token: str, state: State) -> State | None:
        return find(token).lifecycle.read(self.base_client(token), state.id, state.values)

    def look_up(self, token: str, id_: str, **known: Any) -> State | None:
        """As `Resource.get` does."""
        lifecycle = find(token).lifecycle
        return lifecycle.look_up(self.base_client(token), id_, {**dict.fromkeys(lifecycle.declaration.inputs), **known})

    def update(self, token: str, state: State, inputs: Mapping[str, Any]) -> State:
        news = self.checked(token, inputs, state.values)
        return State(state.id, find(token).lifecycle.update(self.base_client(token), state.id, state.values, news))

    def delete(self, token: str, state: State) -> list[str]:
        """What it warns of."""
        return find(token).lifecycle.delete(self.base_client(token), state.id, state.values) or []

    def changed(self, token: str, state: State, inputs: Mapping[str, Any]) -> list[str]:
        return find(token).lifecycle.diff(state.values, self.checked(token, inputs)).changed

    def sent(self, method: str, path: str = "") -> list[Any]:
        """The bodies of the requests of this method whose path ends so."""
        return [entry.body for entry in self.emulator.requests if entry.method == method and entry.path.endswith(path)]


@pytest.fixture
def resources(emu: Emulator, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Resources:
    for variable, value in emu.credentials.items():
        monkeypatch.setenv(variable, value)
    address, port = emu.nameserver.split(":")
    nameserver = dns.nameserver.Do53Nameserver(address, int(port))
    # This machine's own resolver is the emulator's: no test asks the real DNS.
    monkeypatch.setattr(
        dns.resolver.Resolver, "read_resolv_conf", lambda self, _: setattr(self, "nameservers", [nameserver])
    )
    return Resources(emu, request.getfixturevalue)


@pytest.fixture
def published(emu: Emulator) -> Collection:
    """A domain, a branded link and reverse DNS that could be validated, as all their records are in the zone."""
    sendgrid_objects.make(emu)
    return emu.state.collection("dns", "zone")


@pytest.fixture
def handed_over(emu: Emulator) -> None:
    """A subuser with a key, and a Twilio account with a key and a messaging service: what a person gives to Segment."""
    keys.make(emu)


@pytest.fixture
def numbers(emu: Emulator) -> None:
    """Two phone numbers, each in no service."""
    twilio_objects.number(emu)
    twilio_objects.number(emu, twilio_objects.OTHER_NUMBER, "+15555550101")


@pytest.fixture
def short_codes(emu: Emulator) -> None:
    """Two short codes, each in no service."""
    twilio_objects.short_code(emu)
    twilio_objects.short_code(emu, twilio_objects.OTHER_SHORT_CODE, "555010")


@pytest.fixture
def channel_senders(emu: Emulator) -> None:
    """Two senders of WhatsApp, each in no service."""
    twilio_objects.channel_sender(emu)
    twilio_objects.channel_sender(emu, twilio_objects.OTHER_CHANNEL_SENDER)


@pytest.fixture
def registration(emu: Emulator) -> Emulator:
    """An emulator with what registrations at Twilio need, whose reviewers approve at once."""
    twilio_registration.make(emu)
    return emu


@pytest.fixture(scope="session")
def aws() -> Iterator[str]:
    """Where AWS is: moto, over HTTP."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        strict = route53.judged(Route53Backend.change_resource_record_sets)
        patch.setattr(Route53Backend, "change_resource_record_sets", strict)
        yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def hosted_zone(aws: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The id of a hosted zone example.com, in an AWS that AWS's own settings name."""
    for variable, value in route53.environment(aws).items():
        monkeypatch.setenv(variable, value)
    return route53.begin()


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that clients would have waited between attempts; none passes."""
    seconds: list[float] = []
    monkeypatch.setattr(tenacity.nap, "time", SimpleNamespace(sleep=seconds.append))
    return seconds
