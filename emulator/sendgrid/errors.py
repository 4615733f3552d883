"""SendGrid's refusals.

Shape: `{"errors":[{"message","field"}]}`, github.com/twilio/sendgrid-oai `ErrorResponse`. Statuses:
https://www.twilio.com/docs/sendgrid/api-reference/how-to-use-the-sendgrid-v3-api/responses
"""

import time
from collections.abc import Mapping
from http import HTTPStatus

from pydantic import ValidationError

from emulator.errors import VendorError, problems

RATE_LIMIT = 600


def error(status: int, message: str, field: str | None = None) -> VendorError:
    return VendorError(status, {"errors": [{"field": field, "message": message}]})


def unauthorized() -> VendorError:
    return error(401, "authorization required")  # the document's example


def forbidden() -> VendorError:
    return error(403, "access forbidden")  # the document's example, tsg_scopes_v3.json


def not_found(message: str = "not found") -> VendorError:
    return error(404, message)


# "missing required argument" is what API users report for api_keys; for other wrong bodies no text is documented.
_WORDS = {"missing": "missing required argument", "extra_forbidden": "unknown field", "json_invalid": "invalid JSON"}


def invalid(cause: ValidationError) -> VendorError:
    """Everything that is wrong with a body or a query, in one 400."""
    found = [{"field": field, "message": _WORDS.get(kind, words)} for field, words, kind in problems(cause)]
    return VendorError(400, {"errors": found})


def rate_limit_headers(remaining: int = RATE_LIMIT - 1, reset_in: float = 60.0) -> Mapping[str, str]:
    """On every reply; Reset is the time in epoch seconds. The limits themselves are not published.

    https://www.twilio.com/docs/sendgrid/api-reference/how-to-use-the-sendgrid-v3-api/rate-limits
    """
    return {
        "X-RateLimit-Limit": str(RATE_LIMIT),
        "X-RateLimit-Remaining": str(remaining),
        "X-RateLimit-Reset": str(int(time.time() + reset_in)),
    }


def failure(status: int, reset_in: float) -> VendorError:
    if status == 429:
        refusal = error(429, "too many requests")
        refusal.headers = dict(rate_limit_headers(0, reset_in))
        return refusal
    return error(status, HTTPStatus(status).phrase.lower())
