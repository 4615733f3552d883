"""Segment's refusals: `{"errors":[{type, message, field, data, status}]}`.

github.com/segmentio/public-api-sdk-java api/openapi.yaml, RequestErrorEnvelope; only 404, 422 and 429 are documented.
The values of `type` are not, beyond "validation, server, unknown, etc".
"""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http import HTTPStatus
from typing import Any

from pydantic import ValidationError

from emulator.errors import VendorError, problems

RATE_LIMIT = 200


def error(status: int, kind: str, message: str, **more: Any) -> VendorError:
    return VendorError(status, {"errors": [{"type": kind, "message": message, "status": status} | more]})


def unauthorized() -> VendorError:
    return error(401, "unauthorized", "a valid token is required")


def not_found(what: str) -> VendorError:
    return error(404, "not-found", f"{what} was not found")


def unprocessable(message: str, field: str) -> VendorError:
    return error(422, "validation", message, field=field)


def invalid(cause: ValidationError) -> VendorError:
    """Everything that is wrong, in one 422."""
    found = [
        {"type": "validation", "message": words, "status": 422} | ({"field": field} if field else {})
        for field, words, _ in problems(cause)
    ]
    return VendorError(422, {"errors": found})


def failure(status: int, reset_in: float) -> VendorError:
    """429 tells the wait in the body, and in a header that is a date and not a number of seconds.

    https://docs.segmentapis.com/tag/Rate-Limits
    """
    if status != 429:
        return error(status, "server", HTTPStatus(status).phrase)
    points = {"msBeforeNext": int(reset_in * 1000), "remainingPoints": 0, "consumedPoints": RATE_LIMIT + 1}
    refusal = error(429, "too-many-requests", "Too Many Requests", data=points)
    refusal.headers = {
        "X-RateLimit-Consumed": str(RATE_LIMIT + 1),
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": format_datetime(datetime.now(UTC) + timedelta(seconds=reset_in), usegmt=True),
    }
    return refusal
