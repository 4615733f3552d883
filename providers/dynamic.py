"""The door to `pulumi.dynamic`: everything that knows of `__provider`, floats, `Unknown` and pickling.

A resource's provider object is written into users' state, so it carries nothing but its declaration's token and the
name of `load` below: 88 characters that stay the same whatever is edited, on whatever machine.
"""

from __future__ import annotations

import re
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import pulumi
from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    ResourceProvider,
    UpdateResult,
)
from pulumi.output import Unknown as EngineUnknown

from providers.client import BaseClient
from providers.connection import Connection, camel_case
from providers.declaration import UNKNOWN, Declaration, Unknown, Values, find
from providers.errors import EngageError
from providers.lifecycle import WARNINGS, Lifecycle, State
from providers.vendors import CLIENTS, CREDENTIALS, OPTIONS

PROVIDER_KEY = "__provider"
NAMESPACE = "engage"
"""Of the provider resource's own inputs. With one, the SDK does not look them up under the project's name."""

WHOLE = 8
"""Characters from which on a secret is looked for inside of words too."""

SETTINGS = (
    "endpoint",
    *(option.name for option in OPTIONS),
    *(camel_case(credential.variable) for credential in CREDENTIALS),
)
"""What the provider resource may carry: how the vendors are reached, and the credentials if the owner stores them."""


def load(token: str) -> Provider:
    """What a provider object in state unpickles to. Its import path is in users' state: it never moves."""
    # The SDK answers every exception with its traceback; without frames, the message is what the user sees.
    sys.tracebacklimit = 0
    return Provider(token)


class Failed(Exception):
    """An EngageError on its way to the engine."""

    # The SDK's answer begins with module and name of the exception: `error: Failed: Twilio refused …`.
    __module__ = "builtins"


@contextmanager
def _readable(secrets: Iterable[str]) -> Iterator[None]:
    """What a person can act on becomes one message; for anything else, the stack goes to stderr, which is shown too.

    Vendors repeat what they were sent: no message has one of the resource's secrets.
    """
    try:
        yield
    except EngageError as error:
        message = str(error)
        raise Failed(_redacted(message, secrets)) from None
    except BaseException as bug:
        traceback.print_exception(bug, limit=64)
        raise


def _texts(value: Any) -> Iterator[str]:
    """Every text in a value, at any depth."""
    if isinstance(value, str) and value:
        yield value
    elif isinstance(value, Mapping | list):
        for item in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(item)


def _redacted(message: str, secrets: Iterable[str]) -> str:
    """The message without these: the long ones wherever they are, the short ones (a name, a YES) as words of it."""
    for secret in sorted(secrets, key=len, reverse=True):
        text = re.escape(secret)
        message = re.sub(text if len(secret) >= WHOLE else rf"(?<!\w){text}(?!\w)", "[redacted]", message)
    return message


_made: set[tuple[str, str]] = set()
"""Token and id of what `create` has answered with in this process, that is, in this run of the engine."""


class Provider(ResourceProvider):
    """One declaration's lifecycle, as the engine calls it."""

    # No secret is in it; True would encrypt a constant and show it as `[secret]` in every diff.
    serialize_as_secret_always = False

    def __init__(self, token: str) -> None:
        super().__init__()
        self.token = token
        self.connection = Connection()

    def __reduce__(self) -> tuple[Callable[[str], Provider], tuple[str]]:
        return load, (self.token,)

    @property
    def declaration(self) -> Declaration:
        return find(self.token)

    @cached_property
    def client(self) -> BaseClient:
        """Of this process: the SDK configures a provider once, and keeps it."""
        return CLIENTS[self.declaration.module](self.connection)

    def configure(self, req: ConfigureRequest) -> None:
        found = {name: req.config.get(f"{NAMESPACE}:{name}") for name in SETTINGS}
        self.connection = Connection({name: value for name, value in found.items() if value})

    def check(self, _olds: Values, news: Values) -> CheckResult:
        checked = self.declaration.lifecycle.check(_plain(_olds), _plain(news))
        # With a property name, the engine prints that property's value beside the reason, even if it is a secret.
        return CheckResult(_to_engine(checked.inputs), [CheckFailure("", reason) for reason in checked.failures])

    def diff(self, _id: str, _olds: Values, _news: Values) -> DiffResult:
        difference = self.declaration.lifecycle.diff(_plain(_olds), _plain(_news))
        return DiffResult(
            changes=bool(difference.changed),
            replaces=difference.replaces,
        )

    def create(self, props: Values) -> CreateResult:
        with self._calling(props) as (lifecycle, client, inputs):
            state = lifecycle.create(client, inputs)
            _made.add((self.token, state.id))
            self._warn(state.values)
            return CreateResult(state.id, {**state.values, "account": client.home()})

    def read(self, id_: str, props: Values) -> ReadResult:
        with self._calling(props) as (lifecycle, client, values):
            if any(values.get(name) is not None for name in self.declaration.outputs):
                state = lifecycle.read(client, id_, values)
            else:  # no state has no output: a program looks up what exists
                found = lifecycle.look_up(client, id_, values)
                if found is None:  # the engine would go on with a resource without values
                    what = f"there is no {self.declaration.name} {id_} to look up"
                    raise EngageError(f"{what} -> correct the id, or where it is looked for")
                state = State(found.id, {**found.values, "account": client.home()})
        if state is None:
            return ReadResult(None, {})
        self._warn(state.values)
        inputs = {name: value for name, value in state.values.items() if name in self.declaration.inputs}
        return ReadResult(state.id, dict(state.values), inputs)

    def update(self, _id: str, _olds: Values, _news: Values) -> UpdateResult:
        with self._calling(_olds, _news) as (lifecycle, client, olds):
            values = lifecycle.update(client, _id, olds, self._all(_news))
        self._warn(values)
        return UpdateResult(values)

    def delete(self, _id: str, _props: Values) -> None:
        if (self.token, _id) in _made:
            return  # `pulumi up --replace`: create has found the very object, by its tag or name, and taken it over
        with self._calling(_props) as (lifecycle, client, values):
            warnings = lifecycle.delete(client, _id, values)
        self._warn({**values, WARNINGS: warnings})

    @contextmanager
    def _calling(self, props: Values, *others: Values) -> Iterator[tuple[Lifecycle[Any], BaseClient, Values]]:
        """What a call to the vendor needs, in the account where the object was made; its errors made readable."""
        values = self._all(props)
        with _readable(self._secrets(values, *map(self._all, others))):
            self.declaration.lifecycle.same_account(self.client, values)
            yield self.declaration.lifecycle, self.client, values

    def _secrets(self, *values: Values) -> list[str]:
        names = [spec.name for spec in self.declaration.fields.values() if spec.secret]
        return [text for some in values for name in names for text in _texts(some.get(name))]

    def _warn(self, values: Values) -> None:
        """A provider has no way to warn but its stderr, of which the engine shows every line."""
        name = str(values.get("marker") or "").rpartition("/")[2]
        which = f"{self.declaration.name} {name}".strip()
        for warning in values.get(WARNINGS) or ():
            sys.stderr.write(f"warning: {which}: {warning}\n")

    def _all(self, props: Values) -> Values:
        """Every input field of the declaration: nulls do not survive the way through the engine."""
        return {**dict.fromkeys(self.declaration.inputs), **_plain(props)}


def _plain(value: Any) -> Any:
    """From the engine: 42.0 back to 42, its unknowns to ours, without the provider string; a copy throughout."""
    if isinstance(value, EngineUnknown):
        return UNKNOWN
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items() if key != PROVIDER_KEY}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


def _to_engine(value: Any) -> Any:
    """To the engine: our unknowns to its own."""
    if isinstance(value, Unknown):
        return pulumi.output.UNKNOWN
    if isinstance(value, dict):
        return {key: _to_engine(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_to_engine(item) for item in value]
    return value


class EngageProvider(pulumi.ProviderResource):
    """The process that makes the calls, and what it needs to know.

    endpoint      reach every vendor behind this URL instead, its host as first path segment (emulator, gateway)
    options       how a vendor is reached, by the names in `providers.vendors.OPTIONS`
    credentials   by environment variable, stored encrypted in the state; leave out what the environment has

    With this explicit provider, the stack's other configuration is not written into the state; with the default one of
    Pulumi's dynamic providers, all of it would be.
    """

    def __init__(
        self,
        name: str,
        *,
        endpoint: str | None = None,
        options: Mapping[str, str] | None = None,
        credentials: Mapping[str, pulumi.Input[str]] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        settings: dict[str, pulumi.Input[str] | None] = {"endpoint": endpoint, **(options or {})}
        for variable, value in (credentials or {}).items():
            settings[camel_case(variable)] = pulumi.Output.secret(value)
        if unknown := settings.keys() - set(SETTINGS):
            raise ValueError(f"EngageProvider takes no {', '.join(sorted(unknown))}")
        super().__init__("pulumi-python", name, {f"{NAMESPACE}:{key}": v for key, v in settings.items() if v}, opts)
