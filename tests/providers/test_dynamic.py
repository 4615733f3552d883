"""The door, through the server that the engine starts: `python -m pulumi.dynamic`, over gRPC."""

from __future__ import annotations

import asyncio
import base64
import os
import pickle
import pickletools
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import grpc
import pulumi
import pytest
from google.protobuf import json_format, struct_pb2  # type: ignore[import-untyped]  # ships no types
from pulumi.dynamic.dynamic import serialize_provider
from pulumi.runtime import rpc
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from emulator import Emulator, credentials
from providers.connection import Connection
from providers.declaration import UNKNOWN, all_declarations, find
from providers.dynamic import Provider, _plain, _to_engine
from providers.rotation import Rotating
from providers.twilio.client import Twilio
from tests.providers.cases import CASES, MARKER
from tests.providers.conftest import Resources

CHECKOUT = Path(__file__).parents[2]
SERVICE = "twilio:MessagingService"
GOLDEN = CHECKOUT / "tests" / "engine" / "golden" / "providers.txt"
PINNED = dict(line.split(" ") for line in GOLDEN.read_text().splitlines())
"""What is in users' state, by token. A string there is never changed, only added."""


def provider_string(token: str) -> str:
    return str(serialize_provider(Provider(token)))


class Server:
    """Calls of the engine, with plain dictionaries."""

    def __init__(self, stub: provider_pb2_grpc.ResourceProviderStub) -> None:
        self.stub = stub

    @staticmethod
    def struct(token: str, values: Mapping[str, Any]) -> struct_pb2.Struct:
        struct = struct_pb2.Struct()
        json_format.ParseDict({**values, "__provider": provider_string(token)}, struct)
        return struct

    def configure(self, **settings: str) -> None:
        args = struct_pb2.Struct()
        args.update({f"engage:{name}": value for name, value in settings.items()})
        self.stub.Configure(provider_pb2.ConfigureRequest(args=args))

    def check(self, token: str, news: Mapping[str, Any], olds: Mapping[str, Any] | None = None) -> Any:
        request = provider_pb2.CheckRequest(news=self.struct(token, news), olds=self.struct(token, olds or {}))
        return self.stub.Check(request)

    def inputs(self, token: str, news: Mapping[str, Any]) -> dict[str, Any]:
        reply = self.check(token, news)
        assert not reply.failures, reply.failures
        return json_format.MessageToDict(reply.inputs)

    def diff(self, token: str, olds: Mapping[str, Any], news: Mapping[str, Any]) -> Any:
        request = provider_pb2.DiffRequest(id="x", olds=self.struct(token, olds), news=self.struct(token, news))
        return self.stub.Diff(request)

    def create(self, token: str, values: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        reply = self.stub.Create(provider_pb2.CreateRequest(properties=self.struct(token, values)))
        return reply.id, json_format.MessageToDict(reply.properties)

    def read(self, token: str, id_: str, values: Mapping[str, Any]) -> Any:
        return self.stub.Read(provider_pb2.ReadRequest(id=id_, properties=self.struct(token, values)))

    def update(self, token: str, id_: str, olds: Mapping[str, Any], news: Mapping[str, Any]) -> dict[str, Any]:
        request = provider_pb2.UpdateRequest(id=id_, olds=self.struct(token, olds), news=self.struct(token, news))
        return json_format.MessageToDict(self.stub.Update(request).properties)


@pytest.fixture(scope="module")
def _process() -> Iterator[provider_pb2_grpc.ResourceProviderStub]:
    """As the engine starts it: in the project's folder, with the environment of the CLI."""
    environment = {**os.environ, **credentials, "PULUMI_PROJECT": "twilio-engage", "PYTHONPATH": str(CHECKOUT)}
    command = [sys.executable, "-u", "-m", "pulumi.dynamic", "127.0.0.1:1"]
    with subprocess.Popen(command, cwd=CHECKOUT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        with grpc.insecure_channel(f"127.0.0.1:{process.stdout.readline().strip()}") as channel:
            yield provider_pb2_grpc.ResourceProviderStub(channel)
        process.kill()


@pytest.fixture
def server(_process: provider_pb2_grpc.ResourceProviderStub, emu: Emulator) -> Server:
    server = Server(_process)
    server.configure(endpoint=emu.url)
    return server


GIVEN = {**CASES[SERVICE].inputs, "marker": MARKER}


def test_provider_strings_are_pinned_and_name_nothing_but_load_and_a_token() -> None:
    assert {declaration.token for declaration in all_declarations()} == set(PINNED)
    for token, pinned in PINNED.items():
        assert provider_string(token) == pinned
        operations = list(pickletools.genops(base64.b64decode(pinned)))
        assert [argument for _, argument, _ in operations if isinstance(argument, str)] == [
            "providers.dynamic",
            "load",
            token,
        ]


@pytest.fixture
def _frames(monkeypatch: pytest.MonkeyPatch) -> None:
    """`load` takes the frames out of tracebacks, which only the provider's own process wants."""
    monkeypatch.setattr(sys, "tracebacklimit", 1000, raising=False)


@pytest.mark.usefixtures("_frames")
def test_a_provider_string_of_python_3_14s_pickle_protocol_loads_too() -> None:
    for token in PINNED:
        assert pickle.loads(pickle.dumps(Provider(token), protocol=5)).token == token  # noqa: S301 - our own bytes


def test_a_float_of_protobuf_becomes_the_integer_it_was(server: Server, emu: Emulator) -> None:
    inputs = server.inputs(SERVICE, {**GIVEN, "validity_period": 600.0})
    id_, values = server.create(SERVICE, inputs)
    (sent,) = [entry.body for entry in emu.requests if entry.method == "POST"]
    assert sent["ValidityPeriod"] == "600"
    assert server.diff(SERVICE, values, inputs).changes == provider_pb2.DiffResponse.DIFF_NONE
    assert server.read(SERVICE, id_, values).id == id_


def test_a_float_deep_in_a_map_becomes_an_integer(server: Server, emu: Emulator) -> None:
    given = {**CASES["segment:Source"].inputs, "marker": MARKER, "settings": {"a": {"b": [1, 2.5]}}}
    server.create("segment:Source", server.inputs("segment:Source", given))
    (sent,) = [entry.body for entry in emu.requests if entry.method == "POST"]
    assert repr(sent["settings"]) == "{'a': {'b': [1, 2.5]}}"


def test_nulls_dropped_on_the_way_are_no_change(server: Server) -> None:
    inputs = server.inputs(SERVICE, {**GIVEN, "status_callback": None})
    _, values = server.create(SERVICE, inputs)
    olds = {name: value for name, value in values.items() if value is not None}
    news = {name: value for name, value in inputs.items() if value is not None}
    assert server.diff(SERVICE, olds, news).changes == provider_pb2.DiffResponse.DIFF_NONE


@pytest.mark.parametrize(
    ("token", "unknown"),
    [
        (SERVICE, {"inbound_request_url": rpc.UNKNOWN}),
        ("sendgrid:Subuser", {"ips": ["192.0.2.10", rpc.UNKNOWN]}),
        ("segment:Source", {"settings": {"a": [{"b": rpc.UNKNOWN}]}}),
    ],
)
def test_check_and_diff_take_unknowns_at_any_depth(server: Server, token: str, unknown: dict[str, Any]) -> None:
    given = {**CASES[token].inputs, "marker": MARKER}
    given = given if token != "sendgrid:Subuser" else CASES[token].inputs
    inputs = server.inputs(token, {**given, **unknown})
    assert {name: inputs[name] for name in unknown} == unknown
    difference = server.diff(token, server.inputs(token, given), inputs)
    assert difference.changes == provider_pb2.DiffResponse.DIFF_SOME
    assert list(difference.replaces) == []


def test_an_unknown_parent_replaces_its_child(server: Server) -> None:
    token = "sendgrid:ApiKey"
    given = {**CASES[token].inputs, "marker": MARKER}
    news = server.inputs(token, {**given, "subuser": rpc.UNKNOWN})
    difference = server.diff(token, server.inputs(token, given), news)
    assert list(difference.replaces) == ["subuser"]


def test_an_update_keeps_every_output(server: Server) -> None:
    id_, values = server.create(SERVICE, server.inputs(SERVICE, GIVEN))
    updated = server.update(SERVICE, id_, values, server.inputs(SERVICE, {**GIVEN, "inbound_method": "GET"}))
    assert updated == {**values, "inbound_method": "GET"}


def test_a_read_returns_the_inputs_too_so_that_drift_shows(server: Server, emu: Emulator) -> None:
    id_, values = server.create(SERVICE, server.inputs(SERVICE, GIVEN))
    CASES[SERVICE].alter(emu, id_)
    reply = server.read(SERVICE, id_, values)
    inputs = json_format.MessageToDict(reply.inputs)
    assert inputs["inbound_method"] == "GET"
    assert inputs["__provider"] == provider_string(SERVICE)
    assert "account_sid" not in inputs


# A key is shown once: it cannot be taken over, and a new one is made before the old one is revoked.
FOUND_AGAIN = [
    token
    for token, case in CASES.items()
    if case.place and not case.needs and not isinstance(find(token).lifecycle, Rotating)
]


@pytest.mark.parametrize("token", FOUND_AGAIN)
def test_a_forced_replacement_does_not_delete_what_it_has_taken_over(server: Server, emu: Emulator, token: str) -> None:
    """`pulumi up --replace` creates with unchanged inputs, and then deletes the id that it had."""
    given = {**CASES[token].inputs, **({"marker": MARKER} if "marker" in find(token).inputs else {})}
    first, values = server.create(token, server.inputs(token, given))
    second, _ = server.create(token, server.inputs(token, given))
    assert first == second
    server.stub.Delete(provider_pb2.DeleteRequest(id=first, properties=server.struct(token, values)))
    place = CASES[token].place
    assert place is not None
    assert first in emu.state.collection(*place)


def test_another_accounts_credentials_do_not_make_everything_gone(server: Server, emu: Emulator) -> None:
    id_, values = server.create(SERVICE, server.inputs(SERVICE, GIVEN))
    elsewhere = {**values, "account": "AC" + "9" * 32}
    for call in (
        lambda: server.read(SERVICE, id_, elsewhere),
        lambda: server.update(SERVICE, id_, elsewhere, server.inputs(SERVICE, GIVEN)),
    ):
        with pytest.raises(grpc.RpcError, match=r"made in the Twilio account AC9+, and the credentials are those of"):
            call()


def test_no_message_repeats_a_secret_of_the_resource_that_the_vendor_echoes(server: Server, emu: Emulator) -> None:
    given = CASES["sendgrid:Subuser"].inputs
    emu.fault(status=400, method="POST", body={"errors": [{"message": f"{given['password']} is too common"}]})
    with pytest.raises(grpc.RpcError, match=r"\[redacted\] is too common"):
        server.create("sendgrid:Subuser", server.inputs("sendgrid:Subuser", given))


def test_nor_does_one_repeat_what_is_deep_in_a_secret_value_nor_mangle_words_for_a_short_one(
    server: Server, emu: Emulator
) -> None:
    token, attributes = "twilio:RegulatoryEndUser", {"names": [{"first": "Al"}], "business_name": "Example GmbH"}
    message = "Also invalid: Al of Example GmbHs"
    emu.fault(status=400, method="POST", body={"code": 20001, "message": message})
    with pytest.raises(grpc.RpcError, match=r"Also invalid: \[redacted\] of \[redacted\]s"):
        server.create(token, server.inputs(token, {**CASES[token].inputs, "marker": MARKER, "attributes": attributes}))


def test_no_message_repeats_a_secret_that_stands_in_a_map_or_in_another(server: Server, emu: Emulator) -> None:
    token = "segment:Destination"
    given = {**CASES[token].inputs, "marker": MARKER, "secret_settings": {"apiKeySecret": "abcd", "other": "abcdefgh"}}
    echoed = {"errors": [{"type": "validation", "message": "abcdefgh and abcd are taken", "status": 422}]}
    emu.fault(method="GET", path="/destinations", status=422, body=echoed)
    with pytest.raises(grpc.RpcError, match=r"\[redacted\] and \[redacted\] are taken") as raised:
        server.create(token, server.inputs(token, given))
    assert "abcd" not in str(raised.value)


def test_what_is_gone_reads_as_gone(server: Server, emu: Emulator) -> None:
    id_, values = server.create(SERVICE, server.inputs(SERVICE, GIVEN))
    emu.state.remove("twilio", "services", id_)
    assert server.read(SERVICE, id_, values).id == ""


def test_a_failed_check_names_no_property_so_that_the_engine_cannot_print_its_value(server: Server) -> None:
    given = {**CASES["sendgrid:Subuser"].inputs, "password": "hunter2", "ips": "hunter2"}
    failures = server.check("sendgrid:Subuser", given).failures
    assert [failure.property for failure in failures] == ["", ""]
    assert [failure.reason.partition(":")[0] for failure in failures] == ["password", "ips"]
    assert "hunter2" not in str(failures)


def test_a_vendors_refusal_is_one_message_without_a_traceback(server: Server, emu: Emulator) -> None:
    emu.fault(status=403, method="POST")
    with pytest.raises(grpc.RpcError) as raised:
        server.create(SERVICE, server.inputs(SERVICE, GIVEN))
    details = raised.value.details()  # type: ignore[attr-defined]  # grpc's stubs leave it out
    assert details.startswith("Failed: Twilio refused POST /v1/Services (403")
    assert "Traceback" not in details
    assert "File " not in details
    assert len(details.strip().splitlines()) == 1


def test_what_a_lifecycle_warns_of_is_shown_after_each_call(
    resources: Resources, capsys: pytest.CaptureFixture[str]
) -> None:
    token = "sendgrid:ApiKey"
    resources.make_needs(token)
    provider = Provider(token)
    provider.connection = Connection({"endpoint": resources.emulator.url})
    inputs = resources.checked(token, CASES[token].inputs)
    made = provider.create(inputs)
    values: dict[str, Any] = dict(made.outs or {})
    assert capsys.readouterr().err == ""
    values = dict(provider.update(made.id, values, {**inputs, "generation": 2}).outs or {})
    line = f"warning: ApiKey example: {values['warnings'][0]}\n"
    assert capsys.readouterr().err == line
    provider.read(made.id, values)
    assert capsys.readouterr().err == line


def test_what_was_looked_up_elsewhere_is_found_again_there(
    resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In another region of Twilio than US1, that is part of where it is at home."""
    made = resources.create(SERVICE, **GIVEN)
    monkeypatch.setattr(Twilio, "home", lambda client: f"{client.account()} in ie1")
    provider = Provider(SERVICE)
    provider.connection = Connection({"endpoint": resources.emulator.url})
    found = dict(provider.read(made.id, {}).outs or {})
    assert str(found["account"]).endswith(" in ie1")
    assert provider.read(made.id, found).id == made.id


def test_a_resource_of_a_newer_release_is_named(server: Server) -> None:
    with pytest.raises(grpc.RpcError, match="this version has no resource twilio:Newer"):
        server.check("twilio:Newer", {})


def test_the_engine_gets_our_unknowns_as_its_own() -> None:
    value = {"a": [UNKNOWN, {"b": UNKNOWN}]}
    there = _to_engine(value)
    assert isinstance(there["a"][0], pulumi.output.Unknown)
    assert _plain(there)["a"][0] is UNKNOWN
    assert _plain(there)["a"][1]["b"] is UNKNOWN
    loop = asyncio.new_event_loop()
    assert loop.run_until_complete(rpc.serialize_properties({"v": there}, {}))["v"]["a"][0] == rpc.UNKNOWN
    loop.close()
