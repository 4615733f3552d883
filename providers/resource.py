"""What a resource is written with: a class whose annotated fields are its constructor's arguments and its outputs.

    class SubscriptionTracking(Resource, module="sendgrid"):
        enabled: Field[bool] = optional("Is the link added?", default=True)
        lifecycle = SubscriptionTrackingLifecycle("/v3/tracking_settings/subscription")

    SubscriptionTracking("unsubscribe", enabled=False).enabled  # an Output[bool]

Editors complete the arguments and type checkers refuse wrong ones (PEP 681). Validation, defaults, diff, requests,
reading, secrets and the reference are derived from the same lines.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from typing import (
    Any,
    ClassVar,
    Generic,
    Literal,
    Self,
    TypeVar,
    dataclass_transform,
    get_args,
    get_origin,
    get_type_hints,
)

import pulumi
import pulumi.dynamic

from providers.declaration import REGISTRY, Declaration, FieldSpec
from providers.dynamic import Provider
from providers.lifecycle import Lifecycle

T = TypeVar("T")
S = TypeVar("S")


class _Annotation(Generic[S, T]):
    """For type checkers alone: takes an S when the resource is declared, gives an Output[T] afterwards."""

    def __set__(self, instance: Resource, value: S) -> None:
        raise NotImplementedError

    def __get__(self, instance: Resource, owner: type[Resource]) -> pulumi.Output[T]:
        raise NotImplementedError


class Field(_Annotation[pulumi.Input[T], T]):
    """A field of one value; its type may carry bounds, as in `Field[Annotated[int, Ge(1)]]`."""


class ListField(_Annotation[pulumi.Input[Sequence[pulumi.Input[T]]] | None, list[T]]):
    """A field of several values, any of which may be another resource's output."""


class MapField(_Annotation[pulumi.Input[Mapping[str, pulumi.Input[T]]] | None, dict[str, T]]):
    """A field of named values, any of which may be another resource's output."""


class _Unnamed:
    """A field before its class statement has named it."""

    def __init__(self, **attributes: Any) -> None:
        self.attributes = attributes


def required(doc: str, **options: Any) -> Any:
    """An input that must be given. The options are the attributes of `declaration.FieldSpec`."""
    return _Unnamed(kind="required", doc=doc, **options)


def optional(doc: str, *, default: Any, **options: Any) -> Any:
    """An input with a default. A default of None means not managed: what the vendor has stays."""
    return _Unnamed(kind="optional", doc=doc, default=default, **options)


def output(doc: str, *, init: Literal[False] = False, **options: Any) -> Any:
    """What the vendor answers with. `init` tells type checkers that it is no argument of the constructor."""
    return _Unnamed(kind="output", doc=doc, **options)


ACCOUNT = FieldSpec(name="account", type=str, kind="output", doc="The vendor's account in which it was made.")
"""An output of every resource: see `Lifecycle.same_account`."""


def owner(*, init: Literal[False] = False) -> Any:
    """Who owns the object: organisation/project/stack/name, filled in when it is declared; see `declaration.tag`."""
    return _Unnamed(kind="marker", doc="Who owns the object: organisation/project/stack/name of the resource.")


def marker_of(resource_name: str) -> str:
    """The marker of this stack's resource of that name."""
    return "/".join((pulumi.get_organization(), pulumi.get_project(), pulumi.get_stack(), resource_name))


def _argument(*, default: Any = ..., kw_only: bool = True) -> Any:
    """An argument of every resource's constructor that is no field."""


@dataclass_transform(kw_only_default=True, field_specifiers=(required, optional, output, owner, _argument))
class _Transformed(pulumi.dynamic.Resource):
    """Carries the transform: the fields of the class that does are no arguments, those of its subclasses are."""


class Resource(_Transformed):
    """The base of every resource.

    module  the vendor's package, part of the type in users' state
    kept    survives `destroy` unless it is declared with `retain_on_delete=False`
    """

    resource_name: str = _argument(kw_only=False)
    opts: pulumi.ResourceOptions | None = _argument(default=None)

    declaration: ClassVar[Declaration]
    lifecycle: ClassVar[Lifecycle[Any]]

    def __init_subclass__(cls, *, module: str, kept: bool = False, **kwargs: Any) -> None:
        super().__init_subclass__(module=module, name=cls.__name__, **kwargs)
        specs = {}
        for name, annotation in inspect.get_annotations(cls, eval_str=True).items():
            unnamed = vars(cls).get(name)
            if isinstance(unnamed, _Unnamed):
                specs[name] = FieldSpec(name=name, type=_value_type(annotation), **unnamed.attributes)
                # Without a class attribute, the outputs that pulumi puts into the instance are found.
                delattr(cls, name)
                # pulumi reads annotations to translate outputs: ints come back as ints, not as protobuf's floats.
                cls.__annotations__[name] = pulumi.Output[_bare(specs[name].type)]  # type: ignore[misc]  # at run time
        specs["account"] = ACCOUNT
        cls.declaration = Declaration(
            module=module,
            name=cls.__name__,
            file=cls.__module__,
            fields=specs,
            lifecycle=cls.lifecycle,
            kept=kept,
            doc=inspect.cleandoc(cls.__doc__ or ""),
        )
        cls.lifecycle.declaration = cls.declaration
        REGISTRY[cls.declaration.token] = cls.declaration

    def __init__(self, resource_name: str, *, opts: pulumi.ResourceOptions | None = None, **values: Any) -> None:
        declared = {
            name: spec.default if values.get(name) is None else values[name]
            for name, spec in self.declaration.inputs.items()
            if spec.kind != "marker"
        }
        own = {
            name: marker_of(resource_name) for name, spec in self.declaration.inputs.items() if spec.kind == "marker"
        }
        self._register(resource_name, {**values, **declared, **own}, opts)

    @classmethod
    def get(
        cls, resource_name: str, object_id: str, *, opts: pulumi.ResourceOptions | None = None, **known: Any
    ) -> Self:
        """What exists under this id, for a program that only reads it: nothing of it is made, changed or deleted.

        `known` are the inputs that the vendor must be told to find it, such as the `subuser` in which it lives. What
        the vendor does not show, secrets above all, is None.
        """
        found = cls.__new__(cls)
        unmanaged = dict.fromkeys(cls.declaration.inputs)
        by_id = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(id=object_id))
        found._register(resource_name, {**unmanaged, **known}, by_id)
        return found

    def _register(self, resource_name: str, values: Mapping[str, Any], opts: pulumi.ResourceOptions | None) -> None:
        declaration = self.declaration
        if unknown := values.keys() - declaration.inputs.keys():
            raise TypeError(f"{declaration.name} has no field {', '.join(sorted(unknown))}")
        # Outputs are unknown in a preview, where an absent one would have no attribute.
        props: dict[str, Any] = {**dict.fromkeys(declaration.fields), **values}
        for name, spec in declaration.inputs.items():
            # An input given plainly would be shown in the preview and lie in clear in the state.
            if spec.secret and props[name] is not None:
                props[name] = pulumi.Output.secret(props[name])
        retained = declaration.kept if opts is None or opts.retain_on_delete is None else opts.retain_on_delete
        ours = pulumi.ResourceOptions(
            additional_secret_outputs=[name for name, spec in declaration.fields.items() if spec.secret],
            retain_on_delete=retained,
            # Said here, as `pulumi up --replace` does not ask the provider. What is retained is not deleted at all, and
            # need not take its children with it.
            delete_before_replace=declaration.lifecycle.delete_first and not retained,
        )
        super().__init__(Provider(declaration.token), resource_name, props, pulumi.ResourceOptions.merge(ours, opts))


def _value_type(annotation: Any) -> Any:
    """`Field[int]` is an int, `ListField[str]` a list of str, `MapField[str]` a dict of them."""
    (inner,) = get_args(annotation)
    kinds = {Field: inner, ListField: list[inner], MapField: dict[str, inner]}  # type: ignore[valid-type]  # at run time
    return kinds[get_origin(annotation)]


def _bare(type_: Any) -> Any:
    """The type without the bounds that `Annotated` carries, at any depth."""
    return get_type_hints(type("_", (), {"__annotations__": {"value": type_}}))["value"]
