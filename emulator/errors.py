"""What the vendors' refusals have in common: a status and a body that the handler raises instead of returning."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError


class VendorError(Exception):
    """A refusal in the vendor's own words. Each vendor's errors.py builds these."""

    def __init__(self, status: int, body: Any, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(f"{status} {body}")
        self.status = status
        self.body = body
        self.headers = dict(headers or {})


def problems(error: ValidationError) -> Iterator[tuple[str | None, str, str]]:
    """(field, message, pydantic's type) of all that is wrong; a vendor's errors.py puts it into its own shape."""
    for problem in error.errors(include_url=False, include_context=False, include_input=False):
        yield ".".join(map(str, problem["loc"])) or None, problem["msg"], problem["type"]
