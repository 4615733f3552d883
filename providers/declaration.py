"""What a declaration boils down to: a token, fields and a lifecycle; and the registry that finds one by its token.

Nothing here knows Pulumi, so that a second door (a native provider, a generator of docs) can use it.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Literal

from pydantic import TypeAdapter

from providers.vendors import CLIENTS

if TYPE_CHECKING:
    from providers.lifecycle import Lifecycle

Values = dict[str, Any]


class Unknown:
    """A value that is not known in a preview. Equal to nothing, itself included, as it may become anything."""

    def __eq__(self, other: object) -> bool:
        return False

    def __hash__(self) -> int:
        return id(self)

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()


def has_unknown(value: Any) -> bool:
    """Is there an unknown anywhere in this value?"""
    if isinstance(value, Mapping):
        return any(map(has_unknown, value.values()))
    if isinstance(value, list | tuple):
        return any(map(has_unknown, value))
    return isinstance(value, Unknown)


@dataclass(frozen=True, kw_only=True)
class FieldSpec:
    """All that is known of one field; the keyword arguments of `required`, `optional` and `output` say the same.

    kind        required and optional fields are inputs; the vendor answers with outputs; the door fills the marker
    wire        its name in requests, where the vendor's usual spelling of `name` is not it
    sent        which request bodies have it; "never" is for what goes elsewhere, as in a path or a header
    replaces    a change makes a new object
    secret      encrypted in state, masked in diffs
    write_once  used when the object is made, never compared afterwards
    unordered   a list whose order means nothing
    verbatim    white space at its ends belongs to the value
    tagged      how the owner's tag stands behind its value at the vendor, as in " [{}]": what proves an object ours
    cleared     what is sent for a value that was set and is no more, and what the vendor's null is taken for; None:
                there is no way to clear it
    """

    name: str
    type: Any
    kind: Literal["required", "optional", "output", "marker"]
    doc: str = ""
    default: Any = None
    wire: str | None = None
    sent: Literal["always", "create", "update", "never"] = "always"
    replaces: bool = False
    secret: bool = False
    write_once: bool = False
    unordered: bool = False
    verbatim: bool = False
    tagged: str = ""
    cleared: Any = None

    @property
    def is_input(self) -> bool:
        return self.kind != "output"

    @cached_property
    def adapter(self) -> TypeAdapter[Any]:
        """Validates and coerces one known value: 42.0 to 42 for an int, which is how protobuf brings it."""
        return TypeAdapter(self.type)


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """One kind of resource.

    file  the module that its class is imported from
    kept  it costs money or reputation, and survives `destroy` by default
    """

    module: str
    name: str
    file: str
    fields: Mapping[str, FieldSpec]
    lifecycle: Lifecycle[Any]
    kept: bool = False
    doc: str = field(default="", repr=False)

    @property
    def token(self) -> str:
        return f"{self.module}:{self.name}"

    @cached_property
    def inputs(self) -> Mapping[str, FieldSpec]:
        return {name: spec for name, spec in self.fields.items() if spec.is_input}

    @cached_property
    def outputs(self) -> Mapping[str, FieldSpec]:
        return {name: spec for name, spec in self.fields.items() if not spec.is_input}


REGISTRY: Final[dict[str, Declaration]] = {}
"""Every declaration whose file was imported, by token. Filled by the class statement of a resource."""


def find(token: str) -> Declaration:
    """The declaration of `module:Name`, as provider objects in users' state carry it. Raises LookupError."""
    if token not in REGISTRY:
        _import_resources(token.partition(":")[0])
    if token not in REGISTRY:
        raise LookupError(f"this version has no resource {token}: was it made by a newer one?")
    return REGISTRY[token]


def all_declarations() -> list[Declaration]:
    """Every declaration of every vendor, by token."""
    for module in CLIENTS:
        _import_resources(module)
    return [REGISTRY[token] for token in sorted(REGISTRY)]


def _import_resources(module: str) -> None:
    """Import every file of a vendor's package, so that a new resource is found without being listed anywhere."""
    if module in CLIENTS:
        package = importlib.import_module(f"providers.{module}")
        for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            importlib.import_module(found.name)


def tag(marker: str, *distinctions: Any) -> str:
    """Twelve characters that prove an object ours, short enough to be part of its name at the vendor.

    `marker` is organisation/project/stack/name; `distinctions` tell a replacement from what it replaces, while both
    exist. What a tag is made of never changes: it stands in names at the vendors.
    """
    return hashlib.sha256(json.dumps([marker, *distinctions]).encode()).hexdigest()[:12]
