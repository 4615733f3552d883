"""Our `pulumi-resource-random`: over gRPC against what the official plugin is recorded to answer, then on the engine.

The recordings: https://github.com/pulumi/pulumi-random/tree/master/provider/testdata/recorded/TestProviderUpgrade.
"""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import bcrypt
import grpc
import pytest
from google.protobuf.json_format import MessageToDict  # type: ignore[import-untyped]
from google.protobuf.struct_pb2 import Struct  # type: ignore[import-untyped]
from pulumi.runtime.proto import provider_pb2 as pb
from pulumi.runtime.proto import provider_pb2_grpc
from pulumi.runtime.rpc import UNKNOWN, _special_secret_sig, _special_sig_key

from tests.tools.conftest import Project
from tools.engine.resource_random import RandomProvider

PASSWORD, ID = "random:index/randomPassword:RandomPassword", "random:index/randomId:RandomId"
DEFAULTS = {
    "__meta": '{"schema_version":"3"}',
    "id": "none",
    **dict.fromkeys(("lower", "upper", "number", "numeric", "special"), True),
    **dict.fromkeys(("minLower", "minUpper", "minNumeric", "minSpecial"), 0),
}
RECORDED: dict[str, Any] = {
    **DEFAULTS,
    **dict.fromkeys(("minLower", "minUpper", "minNumeric", "minSpecial"), 2),
    "length": 16,
    "result": "Qp7:#8odTqS)5#bS",
    "bcryptHash": "$2a$10$HsFvLK4wI7aLBcqPQiJ8DOGYyeymRSM.MNTWUbd/Q3.SykJ/ukpBi",
}
RECORDED_INPUTS = {
    name: RECORDED[name] for name in RECORDED.keys() - {"__meta", "id", "numeric", "result", "bcryptHash"}
}


class Plugin:
    """A client of the plugin, with Python values in and out."""

    def __init__(self, port: int) -> None:
        self.channel = grpc.insecure_channel(f"127.0.0.1:{port}")
        self.stub = provider_pb2_grpc.ResourceProviderStub(self.channel)

    @staticmethod
    def struct(values: dict[str, Any]) -> Struct:
        struct = Struct()
        struct.update(values)
        return struct

    @staticmethod
    def urn(token: str) -> str:
        return f"urn:pulumi:test::test::parent:index:Parent${token}::name"

    def check(self, token: str, inputs: dict[str, Any]) -> list[tuple[str, str]]:
        answer = self.stub.Check(pb.CheckRequest(urn=self.urn(token), news=self.struct(inputs)))
        assert MessageToDict(answer.inputs) == inputs
        return [(failure.property, failure.reason) for failure in answer.failures]

    def create(self, token: str, inputs: dict[str, Any], preview: bool = False) -> tuple[str, dict[str, Any]]:
        answer = self.stub.Create(
            pb.CreateRequest(urn=self.urn(token), properties=self.struct(inputs), preview=preview)
        )
        return answer.id, MessageToDict(answer.properties)

    def diff(self, token: str, state: dict[str, Any], inputs: dict[str, Any]) -> pb.DiffResponse:
        olds, news = self.struct(state), self.struct(inputs)
        answer: pb.DiffResponse = self.stub.Diff(pb.DiffRequest(urn=self.urn(token), id="none", olds=olds, news=news))
        return answer

    def read(self, token: str, given: str, **state: Struct) -> tuple[str, dict[str, Any], dict[str, Any]]:
        answer = self.stub.Read(pb.ReadRequest(urn=self.urn(token), id=given, **state))
        return answer.id, MessageToDict(answer.inputs), MessageToDict(answer.properties)


def clear(outputs: dict[str, Any]) -> dict[str, Any]:
    """The outputs of a password without the marks of secrets, which have to be on both."""
    marked = {name for name, value in outputs.items() if isinstance(value, dict) and _special_sig_key in value}
    assert marked == {"result", "bcryptHash"}
    assert {outputs[name][_special_sig_key] for name in marked} == {_special_secret_sig}
    return {name: value["value"] if name in marked else value for name, value in outputs.items()}


@pytest.fixture(scope="module")
def plugin() -> Iterator[Plugin]:
    server = grpc.server(ThreadPoolExecutor(4))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(RandomProvider(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    client = Plugin(port)
    yield client
    client.channel.close()
    server.stop(None).wait()


def test_a_password_has_the_outputs_of_the_official_plugin(plugin: Plugin) -> None:
    assert plugin.check(PASSWORD, RECORDED_INPUTS) == []
    name, outputs = plugin.create(PASSWORD, RECORDED_INPUTS)
    made = clear(outputs)
    assert name == "none"
    assert {**made, "result": RECORDED["result"], "bcryptHash": RECORDED["bcryptHash"]} == RECORDED
    assert made["bcryptHash"].startswith("$2a$10$")
    assert bcrypt.checkpw(made["result"].encode(), made["bcryptHash"].encode())
    assert bcrypt.checkpw(RECORDED["result"].encode(), RECORDED["bcryptHash"].encode())


def test_defaults_are_outputs_and_not_inputs(plugin: Plugin) -> None:
    made = clear(plugin.create(PASSWORD, {"length": 8})[1])
    assert made.keys() - {"result", "bcryptHash"} == {*DEFAULTS, "length"}
    assert {name: made[name] for name in DEFAULTS} == DEFAULTS
    off = clear(plugin.create(PASSWORD, {"length": 8, "number": False})[1])
    assert (off["number"], off["numeric"]) == (False, False)


@pytest.mark.parametrize(
    ("inputs", "allowed"),
    [
        ({"upper": False, "numeric": False, "special": False}, "abcdefghijklmnopqrstuvwxyz"),
        ({"lower": False, "number": False, "special": False}, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
        ({"lower": False, "upper": False, "special": False}, "0123456789"),
        ({"lower": False, "upper": False, "numeric": False}, "!@#$%&*()-_=+[]{}<>:?"),
        ({"lower": False, "upper": False, "numeric": False, "overrideSpecial": "_~"}, "_~"),
        ({"lower": False, "upper": False, "numeric": False, "overrideSpecial": ""}, "!@#$%&*()-_=+[]{}<>:?"),
    ],
)
def test_a_password_is_of_the_classes_asked_for(plugin: Plugin, inputs: dict[str, Any], allowed: str) -> None:
    result = clear(plugin.create(PASSWORD, {"length": 400, **inputs})[1])["result"]
    assert len(result) == 400
    assert set(result) <= set(allowed)
    assert len(set(result)) > len(allowed) / 2


def test_minima_hold_even_for_a_class_that_is_off_as_in_the_official_plugin(plugin: Plugin) -> None:
    minima = {"minLower": 1, "minUpper": 2, "minNumeric": 3, "minSpecial": 4}
    result = clear(plugin.create(PASSWORD, {"length": 10, "upper": False, **minima})[1])["result"]
    counts = [sum(map(test, result)) for test in (str.islower, str.isupper, str.isdigit)]
    assert counts == [1, 2, 3]


def test_the_hash_of_a_long_password_is_of_its_first_72_bytes(plugin: Plugin) -> None:
    made = clear(plugin.create(PASSWORD, {"length": 100})[1])
    assert bcrypt.checkpw(made["result"][:72].encode(), made["bcryptHash"].encode())


def test_two_passwords_are_different(plugin: Plugin) -> None:
    assert len({clear(plugin.create(PASSWORD, {"length": 20})[1])["result"] for _ in range(5)}) == 5


def test_a_preview_knows_the_inputs_and_defaults_and_not_what_is_random(plugin: Plugin) -> None:
    name, outputs = plugin.create(PASSWORD, {"length": 8, "keepers": {"of": UNKNOWN}}, preview=True)
    assert name == ""
    assert {"result": UNKNOWN, "bcryptHash": UNKNOWN, "length": 8, "minLower": 0}.items() <= clear(outputs).items()


@pytest.mark.parametrize(
    ("token", "inputs", "failing", "reason"),
    [
        (PASSWORD, {}, "length", "missing required property"),
        (PASSWORD, {"length": "16"}, "length", "must be an integer"),
        (PASSWORD, {"length": 1.5}, "length", "must be an integer"),
        (PASSWORD, {"length": 8, "lower": 1}, "lower", "must be a boolean"),
        (PASSWORD, {"length": 0}, "length", "at least 1"),
        (PASSWORD, {"length": 4, "minLower": 3, "minSpecial": 2}, "length", "minSpecial (5): 4"),
        (PASSWORD, {"length": 8, "number": True, "numeric": False}, "number", "different values"),
        (
            PASSWORD,
            {"length": 8, "lower": False, "upper": False, "special": False, "numeric": False},
            "special",
            "at least one of",
        ),
        (ID, {}, "byteLength", "missing required property"),
        (ID, {"byteLength": 0}, "byteLength", "at least 1"),
        (ID, {"byteLength": 4, "keepers": "none"}, "keepers", "must be a map"),
    ],
)
def test_wrong_inputs_are_told_by_property(
    plugin: Plugin, token: str, inputs: dict[str, Any], failing: str, reason: str
) -> None:
    ((found, why),) = plugin.check(token, inputs)
    assert found == failing
    assert reason in why


@pytest.mark.parametrize(
    "inputs",
    [
        {"length": UNKNOWN, "minLower": 100},
        {"length": 2, "minLower": UNKNOWN},
        {"length": 4, "lower": False, "upper": False, "special": False, "numeric": UNKNOWN},
        {"length": 4, "keepers": UNKNOWN, "overrideSpecial": UNKNOWN},
    ],
)
def test_what_is_not_known_yet_is_not_wrong(plugin: Plugin, inputs: dict[str, Any]) -> None:
    assert plugin.check(PASSWORD, inputs) == []


@pytest.mark.parametrize(
    ("change", "replaces"),
    [
        ({}, []),
        ({"numeric": True}, []),
        ({"length": 17}, ["length"]),
        ({"length": UNKNOWN}, ["length"]),
        ({"lower": False}, ["lower"]),
        ({"number": False}, ["number", "numeric"]),
        ({"minUpper": 3}, ["minUpper"]),
        ({"overrideSpecial": "!"}, ["overrideSpecial"]),
        ({"keepers": {"of": "a"}}, ["keepers"]),
    ],
)
def test_any_change_of_a_password_made_by_the_official_plugin_replaces_it(
    plugin: Plugin, change: dict[str, Any], replaces: list[str]
) -> None:
    answer = plugin.diff(PASSWORD, RECORDED, {**RECORDED_INPUTS, **change})
    assert list(answer.replaces) == replaces
    assert answer.changes == (pb.DiffResponse.DIFF_SOME if replaces else pb.DiffResponse.DIFF_NONE)


def test_an_empty_value_given_up_is_an_update_that_keeps_the_password(plugin: Plugin) -> None:
    state, inputs = {**RECORDED, "overrideSpecial": "", "keepers": {}}, RECORDED_INPUTS
    answer = plugin.diff(PASSWORD, state, inputs)
    assert (answer.changes, list(answer.replaces)) == (pb.DiffResponse.DIFF_SOME, [])
    request = {"olds": plugin.struct(state), "news": plugin.struct(inputs)}
    updated = plugin.stub.Update(pb.UpdateRequest(urn=plugin.urn(PASSWORD), id="none", **request))
    assert clear(MessageToDict(updated.properties)) == RECORDED


def test_a_state_of_an_older_official_plugin_is_no_change(plugin: Plugin) -> None:
    older = {name: value for name, value in RECORDED.items() if name not in ("numeric", "__meta", "bcryptHash")}
    assert plugin.diff(PASSWORD, older, RECORDED_INPUTS).changes == pb.DiffResponse.DIFF_NONE


def test_a_refresh_gives_back_what_is_known_and_marks_the_secrets(plugin: Plugin) -> None:
    state = {"properties": plugin.struct(RECORDED), "inputs": plugin.struct(RECORDED_INPUTS)}
    name, inputs, outputs = plugin.read(PASSWORD, "none", **state)
    assert (name, inputs, clear(outputs)) == ("none", RECORDED_INPUTS, RECORDED)


def test_an_imported_password_has_the_defaults_and_its_own_length(plugin: Plugin) -> None:
    name, inputs, outputs = plugin.read(PASSWORD, "securepassword")
    made = clear(outputs)
    assert (name, inputs) == ("none", {"length": 14})
    assert bcrypt.checkpw(b"securepassword", made.pop("bcryptHash").encode())
    assert made == {**DEFAULTS, "length": 14, "result": "securepassword"}
    assert plugin.diff(PASSWORD, made, inputs).changes == pb.DiffResponse.DIFF_NONE


def test_an_id_has_the_outputs_of_the_official_plugin(plugin: Plugin) -> None:
    forms = {"b64Std": "gEtk2V/GVJQ=", "b64Url": "gEtk2V_GVJQ", "dec": "9244593544885589140", "hex": "804b64d95fc65494"}
    outputs = {"id": "gEtk2V_GVJQ", "byteLength": 8, **forms}
    assert plugin.read(ID, "gEtk2V_GVJQ") == ("gEtk2V_GVJQ", {"byteLength": 8}, outputs)
    name, made = plugin.create(ID, {"byteLength": 8})
    assert made.keys() == outputs.keys()
    assert plugin.read(ID, name) == (name, {"byteLength": 8}, made)


def test_the_prefix_of_an_id_is_before_every_form_and_not_in_the_id(plugin: Plugin) -> None:
    name, inputs, outputs = plugin.read(ID, "my,prefix-,p-9hUg")
    assert (name, inputs) == ("p-9hUg", {"byteLength": 4, "prefix": "my,prefix-"})
    assert outputs["id"] == "p-9hUg"
    assert {outputs[form][:10] for form in ("b64Std", "b64Url", "dec", "hex")} == {"my,prefix-"}


@pytest.mark.parametrize("change", [{"byteLength": 5}, {"prefix": "b-"}, {"keepers": {"of": "b"}}])
def test_any_change_of_an_id_replaces_it(plugin: Plugin, change: dict[str, Any]) -> None:
    inputs = {"byteLength": 4, "prefix": "a-", "keepers": {"of": "a"}}
    _, state = plugin.create(ID, inputs)
    assert plugin.diff(ID, state, inputs).changes == pb.DiffResponse.DIFF_NONE
    assert list(plugin.diff(ID, state, {**inputs, **change}).replaces) == list(change)


def test_what_can_not_be_an_id_is_not_imported(plugin: Plugin) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        plugin.read(ID, "not base64")
    assert "'not base64' is not URL-safe base64 without padding" in str(caught.value)


def test_any_other_resource_or_function_is_refused_in_plain_words(plugin: Plugin) -> None:
    for call in (
        lambda: plugin.create("random:index/randomPet:RandomPet", {}),
        lambda: plugin.stub.Invoke(pb.InvokeRequest(tok="random:index:other")),
    ):
        with pytest.raises(grpc.RpcError) as caught:
            call()
        assert "has RandomPassword and RandomId only. The official plugin has the rest" in str(caught.value)


PROGRAM = """
    import pulumi, pulumi_random as random
    password = random.RandomPassword("password", length={length}, keepers={{"of": "{keeper}"}})
    pulumi.export("result", password.result)
    pulumi.export("hash", password.bcrypt_hash)
    pulumi.export("id", random.RandomId("id", byte_length=4).hex)
"""


def test_a_password_is_stable_and_secret_until_it_is_replaced(project: Project) -> None:
    def state() -> dict[str, Any]:
        project.up()
        outputs = project.outputs()
        for said in (project.pulumi("stack", "export"), project.pulumi("preview", "--diff")):
            assert outputs["result"] not in said
            assert outputs["hash"] not in said
        return outputs

    project.program(PROGRAM.format(length=20, keeper="a"))
    first = state()
    assert len(first["result"]) == 20
    project.up("--expect-no-changes")
    project.pulumi("refresh", "--yes", "--expect-no-changes")
    assert project.outputs() == first

    project.program(PROGRAM.format(length=20, keeper="b"))
    second = state()
    assert second["result"] != first["result"]
    assert second["id"] == first["id"]

    project.program(PROGRAM.format(length=21, keeper="b"))
    assert len(state()["result"]) == 21
    project.pulumi("destroy", "--yes")


def test_an_imported_password_stays_what_it_is_when_the_program_declares_it(project: Project) -> None:
    project.program("")
    options = ("--yes", "--generate-code=false", "--protect=false")
    project.pulumi("import", *options, PASSWORD, "password", "securepassword")
    assert "securepassword" not in project.pulumi("stack", "export")
    project.program("""
        import pulumi, pulumi_random as random
        pulumi.export("result", random.RandomPassword("password", length=14).result)
    """)
    project.up()
    assert project.outputs() == {"result": "securepassword"}
    deployment = json.loads(project.pulumi("stack", "export", "--show-secrets"))["deployment"]
    (resource,) = (one for one in deployment["resources"] if one["type"] == PASSWORD)
    assert resource["id"] == "none"


def test_another_resource_of_the_package_fails_with_where_to_get_it(project: Project) -> None:
    project.program("import pulumi_random as random\nrandom.RandomPet('pet')")
    said = project.pulumi("preview", code=1)
    assert "random:index/randomPet:RandomPet is not served" in said
    assert "https://www.pulumi.com/docs/install/" in said
    assert "Traceback" not in said
