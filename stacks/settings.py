"""The only reader of stack configuration: `Pulumi.<stack>.yaml` as typed settings, or one error with all problems."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any, Final, Literal

import pulumi
from pulumi.runtime.config import CONFIG, get_config_env
from pydantic import TypeAdapter, ValidationError

from components.engage import EngageArgs
from components.inputs import ONE_VALUE, no_setting
from components.sms import EXISTING_KEY
from providers.connection import Connection, camel_case
from providers.segment.client import REGION
from providers.shapes import WebhookUrl
from providers.vendors import CLIENTS, CREDENTIALS, OPTIONS
from stacks.preflight import MODES, route53

NEEDS = {"account": "sendgrid", "email": "sendgrid", "sms": "twilio", "segment": "segment"}
"""The vendor that each part of the settings is made at."""

PLAIN = tuple(camel_case(field.name) for field in fields(EngageArgs) if field.name not in NEEDS)
"""The settings of the environment that are no part but one value."""

PLACEHOLDER: Final = re.compile("<[^<>]+>")
"""What stands in a new stack's settings for what only its owner knows."""


class SettingsError(pulumi.RunError):
    """Everything that is wrong with the settings; a RunError is shown without a traceback."""

    def __init__(self, problems: list[str]) -> None:
        lines = "\n".join(f"  - {problem}" for problem in problems)
        super().__init__(f"the settings of stack {pulumi.get_stack()} cannot be used:\n{lines}")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the program needs to know.

    endpoint     reach the vendors behind this URL (the emulator, a gateway) and not themselves
    options      how else the vendors are reached, by the names in `providers.vendors.OPTIONS`
    credentials  by environment variable, those that the owner chose to store in configuration
    engage       the environment
    existing_key SID and secret of the Twilio key to hand over, where that exists already
    preflight    off, warn or enforce: what becomes of what is wrong with the accounts
    """

    endpoint: str | None
    options: dict[str, str]
    credentials: dict[str, pulumi.Output[str]]
    engage: EngageArgs
    existing_key: tuple[str, pulumi.Output[str]] | None
    preflight: str
    connection: Connection = field(repr=False)

    @property
    def workspace_region(self) -> Literal["us", "eu"]:
        """Where Segment's workspace is."""
        return "eu" if REGION.read(self.connection) == "eu" else "us"

    @property
    def vendors(self) -> set[str]:
        """The modules of those that something is made at."""
        account = self.engage.account
        written = {"route53"} if route53.zones(self.engage) else set()
        texting = {"twilio"} if account and (account.brand or account.countries) else set()
        return written | texting | {vendor for part, vendor in NEEDS.items() if getattr(self.engage, part)}


def read() -> Settings:
    """The settings of the current stack. Raises SettingsError."""
    config = pulumi.Config()
    problems: list[str] = []
    stored = {c.variable: v for c in CREDENTIALS if (v := config.get(camel_case(c.variable)))}
    existing = {c.variable: v for c in EXISTING_KEY if (v := config.get(camel_case(c.variable)))}
    endpoint = config.get("endpoint")
    options = {option.name: value for option in OPTIONS if (value := config.get(option.name))}
    problems += _endpoint_problems(endpoint)
    parts, unreadable = _parts(config)
    problems += unreadable
    problems += _unknown_settings(config)
    unfilled = list(_placeholders(parts))
    problems += [f"{path}: has a placeholder -> replace what is in angle brackets" for path in unfilled]
    engage = EngageArgs()
    try:
        engage = TypeAdapter(EngageArgs).validate_python(parts)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        problems += [_sentence(detail) for detail in found if _path(detail) not in unfilled]
    if not parts.keys() & NEEDS.keys() and not problems:
        problems.append(f"nothing is set -> set at least one of {', '.join(NEEDS)}")
    if engage.account_stack == f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}":
        problems.append("accountStack: is this stack itself -> name the one that has the account, or set account here")
    connection = Connection(
        {
            **({"endpoint": endpoint} if endpoint else {}),
            **options,
            **{camel_case(variable): value for variable, value in (stored | existing).items()},
        }
    )
    problems += _connection_problems(parts, stored | existing, connection)
    if hands_over := engage.sms is not None and engage.sms.key == "existing":
        problems += filter(None, (credential.problem(connection) for credential in EXISTING_KEY))
    preflight = config.get("preflight") or "warn"
    if preflight not in MODES:
        problems.append(f"preflight: must be {', '.join(MODES)}")
    if problems:
        raise SettingsError(problems)
    secrets = {variable: config.require_secret(camel_case(variable)) for variable in stored}
    return Settings(
        endpoint=endpoint,
        options=options,
        credentials=secrets,
        engage=engage,
        existing_key=_existing_key(connection) if hands_over else None,
        preflight=preflight,
        connection=connection,
    )


def _endpoint_problems(endpoint: str | None) -> list[str]:
    try:
        TypeAdapter(WebhookUrl | None).validate_python(endpoint)
    except ValidationError as error:
        return [_sentence({**detail, "loc": ("endpoint",)}) for detail in error.errors(include_url=False)[:1]]
    return []


def _parts(config: pulumi.Config) -> tuple[dict[str, Any], list[str]]:
    """The parts that are set, and what is wrong with those that cannot be read."""
    parts: dict[str, Any] = {name: value for name in PLAIN if (value := config.get(name)) is not None}
    problems = []
    for part in NEEDS:
        if config.get(part) == "":
            problems.append(f"{part}: is empty -> fill it in, or remove it with its heading")
        elif _is_secret(part):
            problems.append(f"{part}: has a secret value, which would be shown in clear -> only credentials are secret")
        else:
            try:
                if (value := config.get_object(part)) is not None:
                    parts[part] = value
            except pulumi.ConfigTypeError:
                problems.append(f"{part}: {ONE_VALUE}")
    return parts, problems


def _placeholders(value: Any, path: str = "") -> Iterator[str]:
    """Where one is."""
    if isinstance(value, str):
        if PLACEHOLDER.search(value):
            yield path
    elif isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _placeholders(item, f"{path}.{key}" if path else str(key))


def _connection_problems(parts: dict[str, Any], stored: dict[str, str], connection: Connection) -> Iterator[str]:
    texting = ["twilio"] if {"brand", "countries"} & set(parts.get("account") or ()) else []
    for module in dict.fromkeys([*(module for part, module in NEEDS.items() if part in parts), *texting]):
        yield from CLIENTS[module].problems(connection)
    for variable in stored:
        if not _is_secret(name := camel_case(variable)):
            yield f"{name}: is stored in clear -> pulumi config set --secret {name}, or use {variable}"


def _existing_key(connection: Connection) -> tuple[str, pulumi.Output[str]]:
    """The key that a person made in the Console."""
    sid, secret = (credential.read(connection) for credential in EXISTING_KEY)
    return sid, pulumi.Output.secret(secret)


def _is_secret(setting: str) -> bool:
    return pulumi.runtime.is_config_secret(f"{pulumi.get_project()}:{setting}")


def _unknown_settings(config: pulumi.Config) -> Iterator[str]:
    given = (*(option.name for option in OPTIONS), *(camel_case(c.variable) for c in (*CREDENTIALS, *EXISTING_KEY)))
    known = {"endpoint", "preflight", *NEEDS, *PLAIN, *given}
    for key in {**get_config_env(), **CONFIG.get()}:
        namespace, _, name = key.partition(":")
        if namespace == config.name and name not in known:
            yield no_setting(name, f"the settings are {', '.join(sorted(known))}")


def _path(detail: Any) -> str:
    return ".".join(str(part) for part in detail["loc"])


def _sentence(detail: Any) -> str:
    path = _path(detail)
    message = detail["msg"].removeprefix("Value error, ")
    if detail["type"] == "unexpected_keyword_argument":
        return no_setting(path)
    if detail["type"] == "dataclass_type":
        message = ONE_VALUE
    elif detail["type"] in ("missing", "missing_argument"):
        message = "is required"
    return f"{path}: {message[:1].lower()}{message[1:]}" if path else message
