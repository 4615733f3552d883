"""Where the vendors are and who is calling: read when a call is made, the environment before configuration."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from providers.errors import CredentialError


def camel_case(name: str) -> str:
    """`SENDGRID_API_KEY` and `sendgrid_api_key` as `sendgridApiKey`: how a setting of that name is written."""
    first, *rest = name.lower().split("_")
    return first + "".join(word.capitalize() for word in rest)


@dataclass(frozen=True)
class Connection:
    """What the provider resource carries: `endpoint`, options, and the credentials if the owner chose to store them.

    The environment comes first and is read when a call is made: `pulumi destroy` runs no program and brings the
    configuration of the last `up`, so that it would fail after a rotation (https://github.com/pulumi/pulumi/issues/4981).
    """

    config: Mapping[str, str] = field(default_factory=dict)

    def url(self, host: str) -> str:
        """The base URL of a vendor's host: itself, or the first path segment behind `endpoint` (emulator, gateway)."""
        endpoint = self.config.get("endpoint")
        return f"{endpoint.rstrip('/')}/{host}" if endpoint else f"https://{host}"

    def find(self, variable: str) -> str | None:
        """A credential by the name of its environment variable, or None."""
        return os.environ.get(variable) or self.config.get(camel_case(variable))


@dataclass(frozen=True)
class Option:
    """How a vendor is reached, which is no secret: the name of a setting, what it may be, and what it is by default."""

    name: str
    pattern: str
    shape: str
    default: str | None = None

    def problem(self, connection: Connection) -> str | None:
        """Why it cannot be used, or None."""
        value = connection.config.get(self.name)
        if value is not None and not re.fullmatch(self.pattern, value):
            return f"{self.name}: must be {self.shape}"
        return None

    def read(self, connection: Connection) -> str | None:
        return connection.config.get(self.name) or self.default


@dataclass(frozen=True)
class Credential:
    """One credential: its environment variable, the shape it must have, and where a person finds it.

    optional  only some calls need it
    """

    variable: str
    pattern: str
    shape: str
    where: str
    optional: bool = False

    def problem(self, connection: Connection) -> str | None:
        """Why it cannot be used, or None. Never repeats the value."""
        value = connection.find(self.variable)
        if not value:
            return f"{self.variable} is not set: find it at {self.where}"
        if value != value.strip():
            return f"{self.variable} begins or ends with white space: copy it again, without spaces or a newline"
        if not re.fullmatch(self.pattern, value):
            return f"{self.variable} does not look right, it should be {self.shape}: find it at {self.where}"
        return None

    def read(self, connection: Connection) -> str:
        """The value. Raises CredentialError where it is missing or malformed."""
        if problem := self.problem(connection):
            raise CredentialError(problem)
        return connection.find(self.variable) or ""
