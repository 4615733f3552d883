"""`pulumi-resource-random` beside a built CLI: `RandomPassword` and `RandomId` of the official plugin, and no others.

Tokens, inputs, outputs, defaults, checks, what replaces and what an import gives are those of pulumi-random 4.21, which
is the Terraform provider 3.x behind a bridge, so that a stack can go from one to the other:
https://github.com/hashicorp/terraform-provider-random/blob/main/internal/provider/resource_password.go and
resource_id.go; what the official plugin answers is recorded in
https://github.com/pulumi/pulumi-random/tree/master/provider/testdata/recorded.
"""

# ruff: noqa: N802 (the protocol sets the names of its methods)

import base64
import binascii
import math
import secrets
import string
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, NoReturn, Protocol

import bcrypt
import grpc
from google.protobuf.empty_pb2 import Empty  # type: ignore[import-untyped]
from google.protobuf.json_format import MessageToDict  # type: ignore[import-untyped]
from google.protobuf.struct_pb2 import Struct  # type: ignore[import-untyped]
from pulumi.runtime.proto import plugin_pb2, provider_pb2_grpc
from pulumi.runtime.proto import provider_pb2 as pb
from pulumi.runtime.rpc import UNKNOWN, _special_secret_sig, _special_sig_key

from tools.engine.assemble import RANDOM_VERSION
from tools.engine.serving import refuse, serve

Properties = dict[str, Any]
NAMES = {int: "an integer", bool: "a boolean", str: "a string", dict: "a map"}


class Kind(Protocol):
    """A resource: its inputs by name and type, its computed outputs, and what happens to it."""

    inputs: ClassVar[Mapping[str, type]]
    required: ClassVar[str]
    computed: ClassVar[tuple[str, ...]]
    secret: ClassVar[bool]  # of the computed outputs

    def planned(self, inputs: Properties) -> Properties:
        """The inputs with the defaults, as they are among the outputs. May be given the outputs of older versions."""

    def problems(self, inputs: Properties) -> Iterator[tuple[str, str]]:
        """Properties and what is wrong with them. Inputs that are not known yet are not there."""

    def create(self, planned: Properties) -> tuple[str, Properties]:
        """The id and the computed outputs."""

    def imported(self, given: str) -> tuple[str, Properties, Properties]:
        """The id, the inputs and the computed outputs for what was given to `pulumi import`; ValueError if bad."""


class Password:
    """https://www.pulumi.com/registry/packages/random/api-docs/randompassword/"""

    classes: ClassVar[Mapping[str, tuple[str, str]]] = {
        "lower": (string.ascii_lowercase, "minLower"),
        "upper": (string.ascii_uppercase, "minUpper"),
        "numeric": (string.digits, "minNumeric"),
        "special": ("!@#$%&*()-_=+[]{}<>:?", "minSpecial"),
    }
    inputs: ClassVar[Mapping[str, type]] = {
        "length": int,
        **dict.fromkeys(("lower", "upper", "number", "numeric", "special"), bool),
        **dict.fromkeys(("minLower", "minUpper", "minNumeric", "minSpecial"), int),
        "overrideSpecial": str,
        "keepers": dict,
    }
    required: ClassVar[str] = "length"
    computed: ClassVar[tuple[str, ...]] = ("result", "bcryptHash")
    secret: ClassVar[bool] = True

    def planned(self, inputs: Properties) -> Properties:
        numeric = inputs.get("numeric", inputs.get("number", True))
        booleans = {name: inputs.get(name, True) for name in ("lower", "upper", "special")}
        minima = {minimum: inputs.get(minimum, 0) for _, minimum in self.classes.values()}
        # The version of the Terraform schema; without it the official plugin would take the state for an old one.
        meta = {"__meta": '{"schema_version":"3"}'}
        return {**_given(self, inputs), **booleans, **minima, "number": numeric, "numeric": numeric, **meta}

    def problems(self, inputs: Properties) -> Iterator[tuple[str, str]]:
        length, least = inputs.get("length"), sum(inputs.get(minimum, 0) for _, minimum in self.classes.values())
        if length is not None and length < 1:
            yield "length", f"length value must be at least 1, got: {length}"
        elif length is not None and length < least:
            yield "length", f"length must be at least minUpper + minLower + minNumeric + minSpecial ({least}): {length}"
        both = inputs.keys() >= {"number", "numeric"}
        if both and inputs["number"] != inputs["numeric"]:
            yield "number", "number and numeric are both configured with different values; number is deprecated"
        # Like the official one, this is a check of what is written in the program and not of the defaults.
        numeric = inputs.get("numeric", inputs.get("number"))
        if all(value is False for value in (numeric, *map(inputs.get, ("lower", "upper", "special")))):
            yield "special", "at least one of special, upper, lower and numeric must be true"

    def create(self, planned: Properties) -> tuple[str, Properties]:
        pools = {name: pool for name, (pool, _) in self.classes.items()}
        pools["special"] = planned.get("overrideSpecial") or pools["special"]
        # A minimum holds even for a class that is switched off, as in the official one.
        least = [pools[name] for name, (_, minimum) in self.classes.items() for _ in range(planned[minimum])]
        allowed = "".join(pool for name, pool in pools.items() if planned[name])
        characters = [secrets.choice(pool) for pool in least + [allowed] * (planned["length"] - len(least))]
        secrets.SystemRandom().shuffle(characters)
        return "none", _hashed("".join(characters))

    def imported(self, given: str) -> tuple[str, Properties, Properties]:
        return "none", {"length": len(given.encode())}, _hashed(given)


def _hashed(result: str) -> Properties:
    # bcrypt knows 72 bytes; the official one hashes as many of a longer password. $2a$ and 10 rounds are Go's.
    digest = bcrypt.hashpw(result.encode()[:72], bcrypt.gensalt(rounds=10, prefix=b"2a"))
    return {"result": result, "bcryptHash": digest.decode()}


class Id:
    """https://www.pulumi.com/registry/packages/random/api-docs/randomid/"""

    inputs: ClassVar[Mapping[str, type]] = {"byteLength": int, "prefix": str, "keepers": dict}
    required: ClassVar[str] = "byteLength"
    computed: ClassVar[tuple[str, ...]] = ("b64Std", "b64Url", "dec", "hex")
    secret: ClassVar[bool] = False

    def planned(self, inputs: Properties) -> Properties:
        return _given(self, inputs)

    def problems(self, inputs: Properties) -> Iterator[tuple[str, str]]:
        if inputs.get("byteLength", 1) < 1:
            yield "byteLength", f"byteLength value must be at least 1, got: {inputs['byteLength']}"

    def create(self, planned: Properties) -> tuple[str, Properties]:
        return self._written(secrets.token_bytes(planned["byteLength"]), planned.get("prefix", ""))

    def imported(self, given: str) -> tuple[str, Properties, Properties]:
        prefix, _, code = given.rpartition(",")
        try:
            number = base64.b64decode(code + "=" * (-len(code) % 4), altchars=b"-_", validate=True)
        except binascii.Error as error:
            raise ValueError(f"{code!r} is not URL-safe base64 without padding: {error}") from error
        inputs = {"byteLength": len(number), **({"prefix": prefix} if prefix else {})}
        return *self._written(number, prefix)[:1], inputs, self._written(number, prefix)[1]

    @staticmethod
    def _written(number: bytes, prefix: str) -> tuple[str, Properties]:
        url = base64.urlsafe_b64encode(number).decode().rstrip("=")
        forms = {
            "b64Std": base64.b64encode(number).decode(),
            "b64Url": url,
            "dec": str(int.from_bytes(number, "big")),
            "hex": number.hex(),
        }
        return url, {name: prefix + form for name, form in forms.items()}


KINDS: Mapping[str, Kind] = {
    "random:index/randomPassword:RandomPassword": Password(),
    "random:index/randomId:RandomId": Id(),
}


class RandomProvider(provider_pb2_grpc.ResourceProviderServicer):
    """The service; see `pulumi/provider.proto` in https://github.com/pulumi/pulumi/tree/master/proto."""

    def Handshake(
        self, request: pb.ProviderHandshakeRequest, context: grpc.ServicerContext
    ) -> pb.ProviderHandshakeResponse:
        return pb.ProviderHandshakeResponse()

    def GetPluginInfo(self, request: Empty, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version=RANDOM_VERSION)

    def CheckConfig(self, request: pb.CheckRequest, context: grpc.ServicerContext) -> pb.CheckResponse:
        return pb.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: pb.DiffRequest, context: grpc.ServicerContext) -> pb.DiffResponse:
        return pb.DiffResponse(changes=pb.DiffResponse.DIFF_NONE)

    def Configure(self, request: pb.ConfigureRequest, context: grpc.ServicerContext) -> pb.ConfigureResponse:
        # Like the official one: it takes no secrets and gives some.
        return pb.ConfigureResponse(supportsPreview=True)

    def Check(self, request: pb.CheckRequest, context: grpc.ServicerContext) -> pb.CheckResponse:
        kind, inputs = _kind(request.urn, context), _properties(request.news)
        problems = list(_misfits(kind, inputs))
        problems = problems or list(kind.problems({k: v for k, v in inputs.items() if v != UNKNOWN}))
        failures = [pb.CheckFailure(property=name, reason=reason) for name, reason in problems]
        return pb.CheckResponse(inputs=request.news, failures=failures)

    def Diff(self, request: pb.DiffRequest, context: grpc.ServicerContext) -> pb.DiffResponse:
        kind = _kind(request.urn, context)
        old, new = (kind.planned(_properties(state)) for state in (request.olds, request.news))
        changed = [name for name in kind.inputs if old.get(name) != new.get(name)]
        # An empty value given up for none at all is no change of what was made.
        replaces = [name for name in changed if (old.get(name) or None) != (new.get(name) or None)]
        changes = pb.DiffResponse.DIFF_SOME if changed else pb.DiffResponse.DIFF_NONE
        return pb.DiffResponse(changes=changes, diffs=changed, replaces=replaces)

    def Create(self, request: pb.CreateRequest, context: grpc.ServicerContext) -> pb.CreateResponse:
        kind = _kind(request.urn, context)
        planned = kind.planned(_properties(request.properties))
        made = "", dict.fromkeys(kind.computed, UNKNOWN)
        if not request.preview:
            made = kind.create(planned)
        return pb.CreateResponse(id=made[0], properties=_outputs(kind, made[0] or UNKNOWN, planned, made[1]))

    def Read(self, request: pb.ReadRequest, context: grpc.ServicerContext) -> pb.ReadResponse:
        kind, state = _kind(request.urn, context), _properties(request.properties)
        if state:  # a refresh; there is nothing but the state that could tell
            computed = {name: state.pop(name) for name in kind.computed if name in state}
            outputs = _outputs(kind, request.id, state, computed)
            return pb.ReadResponse(id=request.id, inputs=request.inputs, properties=outputs)
        try:
            name, inputs, computed = kind.imported(request.id)
        except ValueError as error:
            refuse(context, str(error))
        outputs = _outputs(kind, name, kind.planned(inputs), computed)
        return pb.ReadResponse(id=name, inputs=_struct(inputs), properties=outputs)

    def Update(self, request: pb.UpdateRequest, context: grpc.ServicerContext) -> pb.UpdateResponse:
        kind, state = _kind(request.urn, context), _properties(request.olds)
        computed = {name: state[name] for name in kind.computed}
        return pb.UpdateResponse(
            properties=_outputs(kind, request.id, kind.planned(_properties(request.news)), computed)
        )

    def Delete(self, request: pb.DeleteRequest, context: grpc.ServicerContext) -> Empty:
        return Empty()

    def Cancel(self, request: Empty, context: grpc.ServicerContext) -> Empty:
        return Empty()

    def GetSchema(self, request: object, context: grpc.ServicerContext) -> NoReturn:
        """Said plainly, as for the others below: `pulumi import` asks for it, to generate code."""
        _refuse_others("The schema (for import: --generate-code=false)", context)

    def Invoke(self, request: pb.InvokeRequest, context: grpc.ServicerContext) -> NoReturn:
        _refuse_others(request.tok, context)


def _kind(urn: str, context: grpc.ServicerContext) -> Kind:
    token = urn.split("::")[2].rpartition("$")[2]
    if token not in KINDS:
        _refuse_others(token, context)
    return KINDS[token]


def _refuse_others(what: str, context: grpc.ServicerContext) -> NoReturn:
    refuse(
        context,
        f"{what} is not served: this stand-in for the random plugin has RandomPassword and RandomId only. The official"
        " plugin has the rest and comes with the official Pulumi CLI: https://www.pulumi.com/docs/install/",
    )


def _misfits(kind: Kind, inputs: Properties) -> Iterator[tuple[str, str]]:
    if kind.required not in inputs:
        yield kind.required, f"missing required property '{kind.required}'"
    for name, expected in kind.inputs.items():
        value = inputs.get(name, UNKNOWN)
        if value != UNKNOWN and type(value) is not expected:
            yield name, f"must be {NAMES[expected]}"


def _given(kind: Kind, properties: Properties) -> Properties:
    return {name: properties[name] for name in kind.inputs if name in properties}


def _outputs(kind: Kind, name: str, planned: Properties, computed: Properties) -> Struct:
    if kind.secret:
        computed = {key: {_special_sig_key: _special_secret_sig, "value": value} for key, value in computed.items()}
    return _struct({"id": name, **planned, **computed})


def _struct(properties: Properties) -> Struct:
    struct = Struct()
    struct.update(properties)
    return struct


def _properties(struct: Struct) -> Properties:
    """As Python values: protobuf has no integers and no way to leave a null out."""
    properties: Properties = MessageToDict(struct)
    return {
        name: int(value) if isinstance(value, float) and math.isfinite(value) and value.is_integer() else value
        for name, value in properties.items()
        if value is not None
    }


def main() -> None:
    """Serve on a free port, printed on stdout."""
    serve(lambda server: provider_pb2_grpc.add_ResourceProviderServicer_to_server(RandomProvider(), server))
