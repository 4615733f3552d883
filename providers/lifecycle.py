"""check, diff, create, read, update and delete, written once, on plain values.

`check` and `diff` are pure (no HTTP, no clock, no environment) and take unknown values anywhere; the others call the
vendor. A resource's own file overrides the one step in which it is odd. Nothing here knows Pulumi.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, ClassVar, Final, Generic, TypeVar

from pydantic import ValidationError

from providers.client import BaseClient, Client
from providers.declaration import Declaration, FieldSpec, Values, has_unknown, tag
from providers.errors import Ambiguous, EngageError, NotFound, OwnershipError

B = TypeVar("B", bound=BaseClient)
C = TypeVar("C", bound=Client)
Reply = dict[str, Any]
Rule = Callable[..., str | None]

PENDING: Final = "pending"
"""The value of an output `status` while a person, DNS or another object's approval is waited for."""

WARNINGS: Final = "warnings"
"""An output of this name, a list of sentences, is shown to whoever runs `up` or `refresh`."""


@dataclass(frozen=True)
class Checked:
    """Inputs with defaults and coerced values, and every reason why they cannot be used."""

    inputs: Values
    failures: list[str]


@dataclass(frozen=True)
class Difference:
    """The inputs that change, and those among them that make a new object."""

    changed: list[str]
    replaces: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class State:
    """One object: its id and the values of all fields, inputs and outputs."""

    id: str
    values: Values


def rule(*fields: str) -> Callable[[Rule], Rule]:
    """Marks a method of a lifecycle as a rule across these fields: called with their values once all are known, it
    returns what is wrong and what to do, or None."""

    def mark(function: Rule) -> Rule:
        function.fields = fields  # type: ignore[attr-defined]  # read back in Lifecycle.__init_subclass__
        return function

    return mark


class Lifecycle(Generic[B]):
    """The steps that every kind of resource has. `Collection` and `Singleton` are the two common shapes.

    delete_first  a replacement deletes before it creates. What is always there has no other way: restored afterwards,
                  it would undo its successor
    """

    declaration: Declaration
    delete_first: ClassVar[bool] = False
    _rules: ClassVar[tuple[Rule, ...]] = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls._rules += tuple(value for value in vars(cls).values() if hasattr(value, "fields"))

    # -- pure ------------------------------------------------------------------------------------------------------

    def check(self, olds: Values, news: Values) -> Checked:
        """Defaults for absent fields, coercion of known ones; unknown values pass through untouched."""
        specs = self.declaration.inputs
        failures = [f"{name}: {self.declaration.name} has no such field" for name in news if name not in specs]
        inputs: Values = {}
        for name, spec in specs.items():
            inputs[name], problems = _check_field(spec, news.get(name))
            failures += problems
        failures += self._refused_replacements(olds, inputs)
        if not failures:
            for rule_ in self._rules:
                values = [inputs[name] for name in rule_.fields]  # type: ignore[attr-defined]  # set by rule()
                if not has_unknown(values) and (problem := rule_(self, *values)):
                    failures.append(problem)
        return Checked(inputs, failures)

    def _refused_replacements(self, olds: Values, inputs: Values) -> Iterator[str]:
        if not olds or inputs.get("allow_replacement", True):
            return
        for name in self.diff(olds, inputs).replaces:
            if name in inputs and not has_unknown(inputs[name]):
                fate = "kept, and paid for" if self.declaration.kept else "deleted"
                yield (
                    f"{name}: cannot change on an existing {self.declaration.name}: a new one would be made and the old"
                    f" one {fate} -> change it back, or set allow_replacement"
                )

    def diff(self, olds: Values, news: Values) -> Difference:
        """What changes between an object's values and new inputs.

        An unknown is a change, and a replacement in a field that replaces: the engine asks with unknowns which children
        a replaced parent takes with it. What is pending is a change of its `status`, so that every `up` tries again.
        """
        changed = [
            name
            for name, spec in self.declaration.inputs.items()
            if not spec.write_once and _differs(spec, olds.get(name), news.get(name))
        ]
        if "status" in self.declaration.outputs and olds.get("status") == PENDING:
            changed.append("status")
        return Difference(changed, [name for name in changed if self.declaration.fields[name].replaces])

    # -- calls -----------------------------------------------------------------------------------------------------

    def same_account(self, client: B, values: Values) -> None:
        """Refuse to look for an object with another account's credentials: there, everything would seem gone.

        Raises OwnershipError. `account` is recorded when an object is made; what an older release made has none.
        """
        made_in, calling = values.get("account"), values.get("account") and client.home()
        if made_in and calling and made_in != calling:
            raise OwnershipError(
                f"this {self.declaration.name} was made in the {client.vendor} account {made_in}, and the credentials"
                f" are those of {calling} -> use the credentials of {made_in}"
            )

    def create(self, client: B, inputs: Values) -> State:
        raise NotImplementedError

    def read(self, client: B, id_: str, values: Values) -> State | None:
        """The object as it is now, or None if it is gone."""
        raise NotImplementedError

    def look_up(self, client: B, id_: str, known: Values) -> State | None:
        """What exists under this id, with every value that the vendor shows, or None if there is nothing.

        `known` has what it takes to find it, and None for all other inputs.
        """
        return self.read(client, id_, {**dict.fromkeys(self.declaration.fields), **known})

    def told(self, id_: str) -> Values:
        """What an id that is made of other values says of them, so that a look-up need not be given those."""
        return {}

    def update(self, client: B, id_: str, olds: Values, news: Values) -> Values:
        """Bring the object to the new inputs; return the values of all its fields."""
        raise NotImplementedError

    def delete(self, client: B, id_: str, values: Values) -> list[str] | None:
        """Remove the object. Succeeds where it is gone already. Returns what to warn of, as of what is kept."""
        raise NotImplementedError

    # -- between values and the wire -------------------------------------------------------------------------------

    def body(self, client: B, verb: str, values: Mapping[str, Any], olds: Mapping[str, Any] | None = None) -> Values:
        """The request body for `verb` (create or update): every managed value, and how to clear one that was.

        A value of None is not managed: it is not sent, and what the vendor has stays.
        """
        sent: Values = {}
        for name, spec in self.declaration.inputs.items():
            if spec.kind == "marker" or spec.sent not in ("always", verb):
                continue
            value = values.get(name)
            if value is None and (olds or {}).get(name) is not None:
                value = spec.cleared
            if value is not None:
                sent[spec.wire or client.wire_name(name)] = value + self.suffix(spec, values) if spec.tagged else value
        return sent

    def suffix(self, spec: FieldSpec, values: Mapping[str, Any]) -> str:
        """What a tagged field's value ends with at the vendor."""
        distinctions = [
            [name, values[name]]
            for name, replacing in self.declaration.inputs.items()
            if replacing.replaces and replacing.sent != "never" and values.get(name) not in (None, replacing.default)
        ]
        return spec.tagged.format(tag(values["marker"], *distinctions))

    def in_reply(self, client: B, reply: Reply, spec: FieldSpec) -> Any:
        """A field's raw value in a reply; KeyError where the reply does not have it."""
        return reply[client.reply_name(spec.wire or client.wire_name(spec.name))]

    def reply_value(self, client: B, reply: Reply, spec: FieldSpec, values: Mapping[str, Any]) -> Any:
        """A field's value in a reply, as it is declared; KeyError where the reply does not have it."""
        value = self.in_reply(client, reply, spec)
        if spec.cleared is not None and value == spec.cleared:
            return None
        declared = values.get(spec.name)
        if isinstance(declared, dict) and isinstance(value, dict):
            return {key: item for key, item in value.items() if key in declared}  # vendors add their own defaults
        return value.removesuffix(self.suffix(spec, values)) if spec.tagged and isinstance(value, str) else value

    def outputs(self, client: B, reply: Reply) -> Values:
        """The output fields that a reply has."""
        return dict(self._read(client, reply, self.declaration.outputs, {}))

    def drifted(self, client: B, reply: Reply, values: Values) -> Values:
        """The values with what the vendor has now in every managed input."""
        managed = {
            name: spec
            for name, spec in self.declaration.inputs.items()
            if values.get(name) is not None and spec.kind != "marker" and not (spec.secret or spec.write_once)
        }
        drifted = {**values, **dict(self._read(client, reply, managed, values))}
        for spec in managed.values():
            if spec.tagged and not str(self.in_reply(client, reply, spec)).endswith(self.suffix(spec, values)):
                drifted["marker"] = None  # the proof that it is ours is gone, and the next update restores it
        return drifted

    def shown(self, client: B, reply: Reply, known: Values) -> Values:
        """The values of all fields that a reply has, beside those that are known."""
        return {**known, **dict(self._read(client, reply, self.declaration.fields, known))}

    def _read(
        self, client: B, reply: Reply, specs: Mapping[str, FieldSpec], values: Values
    ) -> Iterator[tuple[str, Any]]:
        for name, spec in specs.items():
            try:
                yield name, self.reply_value(client, reply, spec, values)
            except KeyError:
                continue


class Collection(Lifecycle[C]):
    """Objects in a collection: POST makes one, its own path reads, changes and deletes it.

    path    of the collection; the objects' path is this with `/id` behind it
    id_key  where a reply has the id
    items   where a page of the list has them
    update  the method of a change

    With an input `delete_adopted`, what was taken over by `adopt` is deleted only where that is set.
    """

    def __init__(self, path: str, *, id_key: str = "id", items: str = "result", update: str = "PATCH") -> None:
        self.path, self.id_key, self.items, self.update_method = path, id_key, items, update

    # The steps a resource may need to override:

    def find(self, client: C, inputs: Values) -> Reply | None:
        """What an earlier attempt left, proven ours by the tag in its name.

        A resource without a tagged field proves it by a natural key and a second attribute, and raises OwnershipError
        where the place is taken by something that is not ours.
        """
        return next(self.tagged(client, inputs), None)

    def rows(self, client: C) -> Iterator[Reply]:
        """Everything in the collection that may be ours."""
        return client.pages(self.path, self.items)

    def tagged(self, client: C, inputs: Values) -> Iterator[Reply]:
        """Everything in the collection that bears this resource's tag."""
        for spec in self.declaration.inputs.values():
            if spec.tagged:
                suffix = self.suffix(spec, inputs)
                for item in self.rows(client):
                    if str(self.in_reply(client, item, spec)).endswith(suffix):
                        yield item

    def post(self, client: C, inputs: Values) -> Reply:
        reply: Reply = client.send("POST", self.path, body=self.body(client, "create", inputs))
        return reply

    def fetch(self, client: C, id_: str, values: Values) -> Reply:
        """The object's reply. Raises NotFound where it is gone."""
        reply: Reply = client.get(self.object_path(id_))
        return reply

    def patch(self, client: C, id_: str, olds: Values, news: Values) -> Reply | None:
        body = self.body(client, "update", news, olds)
        reply: Reply | None = client.send(self.update_method, self.object_path(id_), body=body, idempotent=True)
        return reply

    def remove(self, client: C, id_: str, values: Values) -> list[str] | None:
        """Returns what to warn of, as of what is kept."""
        client.send("DELETE", self.object_path(id_))
        return None

    def object_path(self, id_: str) -> str:
        return f"{self.path}/{id_}"

    def plain(self, reply: Reply) -> Reply:
        """The object in any of the vendor's answers, its values where the fields look for them."""
        return reply

    # The lifecycle:

    def create(self, client: C, inputs: Values) -> State:
        """Look for what is there, adopt it or make it; after a lost reply, look again. Nothing is made twice."""
        scoped = client.scoped(inputs)
        if adopt := inputs.get("adopt"):
            try:
                return self._settle(client, self.fetch(scoped, adopt, inputs), inputs, made=False)
            except NotFound:
                raise OwnershipError(f"adopt: there is no {self.declaration.name} {adopt} to adopt") from None
        left = self.find(scoped, inputs)
        if left is not None:
            return self._settle(client, left, inputs, made=False)
        try:
            reply = self.post(scoped, inputs)
        except Ambiguous:
            made = self.find(scoped, inputs)
            if made is None:
                raise
            return self._settle(client, made, inputs, made=True)
        return self._settle(client, reply, inputs, made=True)

    def _settle(self, client: C, reply: Reply, inputs: Values, *, made: bool) -> State:
        """Bring what was made or adopted to the inputs, where it differs from them."""
        reply = self.plain(reply)
        id_ = str(reply[self.id_key])
        present = self._present(client, reply, inputs, made=made)
        difference = self.diff(present, inputs)
        if difference.replaces:
            fields = ", ".join(difference.replaces)
            raise OwnershipError(
                f"{self.declaration.name} {id_} exists, and its {fields} cannot be changed to what is asked for"
                " -> ask for what it has, or for a new one by another name"
            )
        return State(id_, self.update(client, id_, present, inputs) if difference.changed else present)

    def _present(self, client: C, reply: Reply, inputs: Values, *, made: bool) -> Values:
        """What the vendor has now, as a reply shows it; what it does not show is taken to be as sent if we made it."""
        present = self.outputs(client, reply)
        for name, spec in self.declaration.inputs.items():
            if inputs[name] is None or spec.kind == "marker" or spec.sent == "never":
                present[name] = inputs[name]
                continue
            try:
                present[name] = self.reply_value(client, reply, spec, inputs)
            except KeyError:
                present[name] = inputs[name] if made and spec.sent != "update" else spec.default
        return present

    def read(self, client: C, id_: str, values: Values) -> State | None:
        scoped = client.scoped(values)
        try:
            reply = self.plain(self.fetch(scoped, id_, values))
        except NotFound:
            return None
        return State(id_, {**self.drifted(scoped, reply, values), **self.outputs(scoped, reply)})

    def look_up(self, client: C, id_: str, known: Values) -> State | None:
        scoped = client.scoped(known)
        try:
            reply = self.plain(self.fetch(scoped, id_, known))
        except NotFound:
            return None
        return State(id_, self.shown(scoped, reply, known))

    def update(self, client: C, id_: str, olds: Values, news: Values) -> Values:
        scoped = client.scoped(news)
        reply = self.patch(scoped, id_, olds, news)
        return {**olds, **news, **self._used_once(olds), **(self.outputs(scoped, self.plain(reply)) if reply else {})}

    def _used_once(self, olds: Values) -> Values:
        """What was used when the object was made stays as it was then."""
        return {name: olds.get(name) for name, spec in self.declaration.inputs.items() if spec.write_once}

    def delete(self, client: C, id_: str, values: Values) -> list[str] | None:
        scoped = client.scoped(values)
        adopted = "delete_adopted" in self.declaration.inputs and values.get("adopt")
        try:
            if adopted and not values.get("delete_adopted"):
                return self._let_go(scoped, id_, values)
            return self.remove(scoped, id_, values)
        except NotFound:
            return None

    def _let_go(self, client: C, id_: str, values: Values) -> list[str]:
        """What was taken over stays, without our tag: what bears it would count as made by us in the next `up`."""
        reply, bare = self.plain(self.fetch(client, id_, values)), {}
        for name, spec in self.declaration.inputs.items():
            if spec.tagged:
                tagged, suffix = str(self.in_reply(client, reply, spec)), self.suffix(spec, values)
                if tagged.endswith(suffix):
                    bare[spec.wire or client.wire_name(name)] = tagged.removesuffix(suffix)
        if bare:
            client.send(self.update_method, self.object_path(id_), body=bare, idempotent=True)
        return [
            f"{id_} stays with its settings, as it was taken over -> to have it deleted, adopt it again with"
            f" delete_adopted and destroy that, or delete it at {client.vendor}"
        ]


class Singleton(Lifecycle[C]):
    """A setting that is always there, once an account: remembers what it replaced and restores it.

    update  the method of a change

    The declaration has an output `previous`: what each managed field was when it became managed, in create or in a
    later update. A field that is managed no longer gets that back, and so does every field on delete. A field's
    `cleared` is what a null of the vendor counts as, and is restored as; without it, a null cannot be restored.

    What cannot be told: after a crash between the PATCH and the writing of the state, the next run finds our own values
    and takes them for those from before. So does a setting that was retained and is declared again. Of two resources
    for one setting, the second remembers what the first one set.

    The subuser whose setting it is must be given by an output of its resource: a destroy then restores the setting
    before it deletes the subuser. On a kept subuser the setting is restored too, unless it is retained itself.
    """

    delete_first = True

    def __init__(self, path: str, *, update: str = "PATCH") -> None:
        self.path, self.update_method = path, update

    def id_of(self, inputs: Values) -> str:
        """Tells the accounts apart that have this setting."""
        raise NotImplementedError

    def path_of(self, values: Values) -> str:
        """Where it is, for a setting that an account has more than one of."""
        return self.path

    def create(self, client: C, inputs: Values) -> State:
        scoped = client.scoped(inputs)
        found = scoped.get(self.path_of(inputs))
        previous = self._shown(scoped, found, self._managed(inputs))
        reply = self._send(scoped, inputs, self.body(scoped, "create", inputs)) or found
        return State(self.id_of(inputs), {**inputs, **self.outputs(scoped, reply), "previous": previous})

    def read(self, client: C, id_: str, values: Values) -> State | None:
        scoped = client.scoped(values)
        try:
            reply = scoped.get(self.path_of(values))
        except NotFound:
            return None
        return State(id_, {**self.drifted(scoped, reply, values), **self.outputs(scoped, reply)})

    def look_up(self, client: C, id_: str, known: Values) -> State | None:
        scoped, known = client.scoped(known), {**known, **self.told(id_)}
        try:
            return State(id_, self.shown(scoped, scoped.get(self.path_of(known)), known))
        except NotFound:
            return None

    def update(self, client: C, id_: str, olds: Values, news: Values) -> Values:
        scoped = client.scoped(news)
        before, now = self._managed(olds), self._managed(news)
        previous = {name: value for name, value in (olds.get("previous") or {}).items() if name in before & now}
        if taken := now - before:
            previous |= self._shown(scoped, scoped.get(self.path_of(olds)), taken)
        body = {**self._restoring(scoped, olds, before - now), **self.body(scoped, "update", news)}
        reply = self._send(scoped, olds, body) or {}
        return {**olds, **news, **self.outputs(scoped, reply), "previous": previous}

    def delete(self, client: C, id_: str, values: Values) -> None:
        scoped = client.scoped(values)
        try:
            self._send(scoped, values, self._restoring(scoped, values, self._managed(values)))
        except NotFound:
            return

    def reply_value(self, client: C, reply: Reply, spec: FieldSpec, values: Mapping[str, Any]) -> Any:
        """An input that is empty is `cleared` and not None, which would read as not managed."""
        value = super().reply_value(client, reply, spec, values)
        return spec.cleared if value is None and spec.is_input else value

    def _managed(self, values: Values) -> set[str]:
        specs = self.declaration.inputs
        return {name for name, spec in specs.items() if spec.sent != "never" and values.get(name) is not None}

    def _shown(self, client: C, reply: Reply, names: set[str]) -> Values:
        """What these fields are at the vendor."""
        specs = {name: self.declaration.inputs[name] for name in names}
        return {name: value for name, value in self._read(client, reply, specs, {}) if value is not None}

    def _restoring(self, client: C, values: Values, names: set[str]) -> Values:
        """A body that brings these fields back to what they were before; a state without `previous` has none."""
        previous = values.get("previous") or {}
        restored = {name: previous[name] for name in names & previous.keys()}
        return self.body(client, "update", restored, {name: values[name] for name in restored})

    def _send(self, client: C, values: Values, body: Values) -> Reply | None:
        """The reply; None where there is nothing to send."""
        if not body:
            return None
        reply: Reply | None = client.send(self.update_method, self.path_of(values), body=body, idempotent=True)
        return reply


class Awaiting(Lifecycle[C]):
    """What can be made only once something else is ready: until then it is pending, and nothing is sent.

    The declaration has outputs `status` and `reasons`, unless it never waits; its other outputs are null until it is
    made. The id is known before the vendor answers: every later attempt is an update, and an update cannot change it.

    What people review stays pending once it is made, until `verdict` says otherwise: every `up` looks again.

    done  the value of `status` once it is made, and through where it is reviewed
    """

    def __init__(self, *, done: str) -> None:
        self.done = done

    def id_of(self, inputs: Values) -> str:
        """The id that it has, made or not."""
        raise NotImplementedError

    def awaits(self, client: C, inputs: Values) -> list[str]:
        """What is not ready yet and what to do about it; empty once it can be made."""
        raise NotImplementedError

    def find(self, client: C, values: Values) -> Reply | None:
        """What the vendor has of it, or None if it is not there."""
        raise NotImplementedError

    def make(self, client: C, inputs: Values) -> Reply:
        raise NotImplementedError

    def remove(self, client: C, values: Values) -> list[str] | None:
        """Returns what to warn of, as of what is kept."""
        raise NotImplementedError

    def verdict(self, reply: Reply) -> tuple[str, list[str]]:
        """The status of what is made, and the reasons why that is not `done`."""
        return self.done, []

    def revise(self, client: C, reply: Reply, olds: Values, news: Values) -> Values:
        """The values of what is there, brought to new inputs where it can be. Here, nothing changes in place."""
        return self._made(client, reply, {**olds, **news})

    def create(self, client: C, inputs: Values) -> State:
        return State(self.id_of(inputs), self._attempt(client.scoped(inputs), {}, inputs))

    def read(self, client: C, id_: str, values: Values) -> State | None:
        scoped = client.scoped(values)
        found = self._found(scoped, values)
        if found is not None:
            return State(id_, self._made(scoped, found, self.drifted(scoped, found, values)))
        return None if self.is_made(values) else State(id_, values)

    def look_up(self, client: C, id_: str, known: Values) -> State | None:
        scoped, known = client.scoped(known), {**known, **self.told(id_)}
        found = self._found(scoped, known)
        return State(id_, self._made(scoped, found, self.shown(scoped, found, known))) if found else None

    def update(self, client: C, id_: str, olds: Values, news: Values) -> Values:
        """Another attempt. What is made stays so, even if what it waited for is ready no more."""
        return self._attempt(client.scoped(news), olds, news)

    def delete(self, client: C, id_: str, values: Values) -> list[str] | None:
        """A pending one is looked for too: the reply of the attempt that made it may have been lost."""
        scoped = client.scoped(values)
        if self._found(scoped, values) is None:
            return None
        try:
            return self.remove(scoped, values)
        except NotFound:
            return None

    def is_made(self, values: Values) -> bool:
        """Has the vendor answered that it is there?"""
        own = self.declaration.outputs.keys() - {"status", "reasons", "account", WARNINGS}
        return any(values.get(name) is not None for name in own)

    def _attempt(self, client: C, olds: Values, inputs: Values) -> Values:
        values, made = {**olds, **inputs}, self.is_made(olds)
        if not made and (reasons := self.awaits(client, inputs)):
            return {**dict.fromkeys(self.declaration.outputs), **values, "status": PENDING, "reasons": reasons}
        reply = self.find(client, values)
        if reply is not None:
            return self.revise(client, reply, olds, inputs)
        if made:
            raise EngageError(
                f"this {self.declaration.name} is gone at {client.vendor} -> run `pulumi refresh`, and the next `up`"
                " makes it again"
            )
        try:
            reply = self.make(client, inputs)
        except Ambiguous:
            reply = self.find(client, inputs)
            if reply is None:
                raise
        return self._made(client, reply, values)

    def _made(self, client: C, reply: Reply, values: Values) -> Values:
        settled = dict(zip(("status", "reasons"), self.verdict(reply), strict=True))
        shown = {name: value for name, value in settled.items() if name in self.declaration.outputs}
        return {**values, **self.outputs(client, reply), **shown}

    def _found(self, client: C, values: Values) -> Reply | None:
        try:
            return self.find(client, values)
        except (NotFound, OwnershipError):  # of an account or a parent that is gone, or somebody else's in its place
            return None


def _check_field(spec: FieldSpec, value: Any) -> tuple[Any, list[str]]:
    """The value to use and what is wrong with it. Messages never repeat the value: it may be a secret."""
    if value is None:
        return spec.default, [f"{spec.name}: is required"] if spec.kind == "required" else []
    if has_unknown(value):
        return value, []
    if not spec.verbatim and _has_outer_space(value):
        return value, [f"{spec.name}: begins or ends with white space -> remove it"]
    try:
        return spec.adapter.dump_python(spec.adapter.validate_python(value), mode="json"), []
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=False, include_input=False)
        return value, [f"{spec.name}{_where(detail['loc'])}: {_said(detail['msg'])}" for detail in details]


def _has_outer_space(value: Any) -> bool:
    if isinstance(value, str):
        return value != value.strip()
    if isinstance(value, Mapping):
        return any(map(_has_outer_space, value.values()))
    return isinstance(value, list) and any(map(_has_outer_space, value))


def _where(location: tuple[int | str, ...]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)


def _said(message: str) -> str:
    """Pydantic's sentence in our form: without its prefix for validators, and beginning small."""
    message = message.removeprefix("Value error, ")
    return message[:1].lower() + message[1:]


def _differs(spec: FieldSpec, old: Any, new: Any) -> bool:
    if has_unknown(new):
        return True
    # An older release did not have the field: what it left alone is the default.
    old = spec.default if old is None else old
    if spec.unordered and isinstance(old, list) and isinstance(new, list):
        # The engine does not keep the order of a map's keys either: https://github.com/pulumi/pulumi/issues/16582
        by_content = partial(json.dumps, sort_keys=True)
        old, new = sorted(old, key=by_content), sorted(new, key=by_content)
    return bool(old != new)
