"""Writes docs/settings.md, the reference of every setting of a stack, from their schema: `make docs`.

Settings that are the inputs of a resource are not repeated: they link to its section of docs/resources.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from pathlib import Path
from typing import Annotated, Any, Final, get_args, get_origin, get_type_hints

from components.engage import EngageArgs
from components.inputs import InputsOf
from components.sms import EXISTING_KEY
from providers.connection import camel_case
from providers.vendors import CREDENTIALS
from stacks.settings import NEEDS
from tools import reference, schema

PAGE: Final = Path(__file__).parents[1] / "docs" / "settings.md"
HEAD: Final = """# Settings

Made by `make docs` from the settings' schema; a test fails where it is not up to date.

They stand in `stacks/Pulumi.<stack>.yaml`, below `config:`, each part under `twilio-engage:` and its name. What is
`email.domain.name` here is written so there:

```yaml
config:
  twilio-engage:email:
    domain:
      name: example.com
```

The parts are {parts}: one that is left out is not made. Within a part, a setting
without a default is required, and a default of none means that it may be left out. An unknown or malformed setting is
an error with its path, before anything is made.
"""

_CREDENTIALS: Final = """## Credentials

By preference they come from the environment, and are in neither settings nor state. Whoever stores one does so with
`pulumi config set --secret` and the name of its setting; the environment still comes first. Those of the key that is
handed over to Segment (`ENGAGE_…`) are in the state either way, encrypted.

| environment variable | setting | where it is found |
|---|---|---|"""
_STORED: Final = (*CREDENTIALS, *EXISTING_KEY)
_COLUMNS: Final = "| setting | type | default | |\n|---|---|---|---|"


@dataclass(frozen=True)
class Setting:
    """One line: `shape` is its schema, `inputs` the resource whose inputs it has; `is_part` has settings below it."""

    path: str
    shape: schema.Schema
    default: str
    inputs: InputsOf | None = None
    is_part: bool = False

    @property
    def type(self) -> str:
        if self.is_part:
            return f"[part](#{anchor(self.path)})"
        if self.inputs:
            declaration = self.inputs.declaration
            section = f"{reference.PAGE.name}#{anchor(reference.heading(declaration))}"
            return f"inputs of [{declaration.name}]({section})"
        return _type(self.shape)

    @property
    def meaning(self) -> str:
        said: str = self.shape["description"]
        if self.inputs and self.inputs.given:
            said += f", but for {' and '.join(f'`{camel_case(name)}`' for name in self.inputs.given)}"
        return said.replace("|", "\\|")


def page() -> str:
    """The whole page, as Markdown."""
    names = [f"`{name}`" for name in NEEDS]
    head = HEAD.format(parts=f"{', '.join(names[:-1])} and {names[-1]}")
    parts = [_table(f"`{path}`", _head(of), list(_settings(of, path))) for path, of in _parts(EngageArgs)]
    return "\n".join([head, _table("The stack", "Beside the parts.", _of_the_stack()), *parts, _credentials()])


def paths() -> set[str]:
    """Every path that a setting may have; of those that a user names, without the name too (`sms.numbers`)."""
    found = {*(setting.path for setting in _of_the_stack()), *(camel_case(each.variable) for each in _STORED)}
    for path, of in _parts(EngageArgs):
        found.add(path)
        for setting in _settings(of, path):
            above = setting.path.removesuffix(".*")
            found |= {above, *(f"{above}.{name}" for name in (setting.inputs.names if setting.inputs else ()))}
    return found | {path.partition(".<name>")[0] for path in found}


def anchor(heading: str) -> str:
    """The link to a heading of a Markdown file, as GitHub makes it."""
    return "".join(c for c in heading.lower().replace(" ", "-") if c.isalnum() or c in "-_")


def _parts(args: type, above: str = "") -> Iterator[tuple[str, type]]:
    """The parts of the settings at any depth, by their paths."""
    for name, hint in get_type_hints(args).items():
        for choice in get_args(hint) or (hint,):
            if is_dataclass(choice) and isinstance(choice, type):
                path = f"{above}.{camel_case(name)}".lstrip(".")
                yield path, choice
                yield from _parts(choice, path)


def _settings(of: type[Any], path: str) -> Iterator[Setting]:
    shapes = schema.schema()["definitions"][of.__name__]["properties"]
    below = {found for found, _ in _parts(of)}
    hints = get_type_hints(of, include_extras=True)
    for spec in fields(of):
        name = camel_case(spec.name)
        shape, inputs = shapes[name], _inputs(hints[spec.name])
        # Of one resource, or of several by a name of the user's choice.
        end = "" if inputs is None else ".*" if "properties" in shape else ".<name>.*"
        yield Setting(f"{path}.{name}{end}", shape, _default(spec), inputs, name in below)


def _default(spec: Field[Any]) -> str:
    value = spec.default if spec.default_factory is MISSING else spec.default_factory()
    if value is MISSING:
        return ""
    values = value if isinstance(value, list) else [value]
    return ", ".join(_text(each) for each in values if each not in (None, {})) or "none"


def _of_the_stack() -> list[Setting]:
    """The settings beside the parts, without credentials."""
    project = f"{schema.project_name()}:"
    config = schema.schema()["properties"]["config"]["properties"]
    others = {*NEEDS, *(camel_case(each.variable) for each in _STORED)}
    own = {key.removeprefix(project): shape for key, shape in config.items()}
    return [
        Setting(name, shape, _text(shape["default"]) if "default" in shape else "none")
        for name, shape in own.items()
        if name not in others
    ]


def _credentials() -> str:
    rows = [f"| `{each.variable}` | `{camel_case(each.variable)}` | {each.where} |" for each in _STORED]
    return "\n".join([_CREDENTIALS, *rows, ""])


def _head(of: type) -> str:
    text: str = schema.schema()["definitions"][of.__name__]["description"]
    return text.replace("\n", " ")


def _table(heading: str, text: str, settings: list[Setting]) -> str:
    rows = [f"| `{each.path}` | {each.type} | {each.default} | {each.meaning} |" for each in settings]
    return "\n".join([f"## {heading}\n", f"{text}\n", _COLUMNS, *rows, ""])


def _inputs(hint: Any) -> InputsOf | None:
    """The resource whose inputs a setting has, at whatever depth of its type that is said."""
    if get_origin(hint) is Annotated:
        for mark in hint.__metadata__:
            if isinstance(mark, InputsOf):
                return mark
    return next((found for each in get_args(hint) if (found := _inputs(each))), None)


def _type(shape: schema.Schema) -> str:
    """A type as a reader writes it; an editor and the program tell the bounds."""
    types = shape.get("type", "any")
    type_: str = types[0] if isinstance(types, list) else types
    if "enum" in shape and type_ != "boolean":
        return ", ".join(f"`{choice}`" for choice in shape["enum"])
    if type_ == "array":
        return f"list of {_type(shape['items'])}"
    return {"string": "text", "object": "map"}.get(type_, type_)


def _text(value: Any) -> str:
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


if __name__ == "__main__":
    PAGE.write_text(page())
