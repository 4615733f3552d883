"""Twilio's refusals, in the classic shape `{code, message, more_info, status}`.

They are not in Twilio's OpenAPI documents; the shape is what github.com/twilio/twilio-python base/version.py reads.
Codes: https://www.twilio.com/docs/api/errors
"""

from http import HTTPStatus

from pydantic import ValidationError

from emulator.errors import VendorError, problems


def error(status: int, code: int, message: str) -> VendorError:
    more_info = f"https://www.twilio.com/docs/errors/{code}"
    return VendorError(status, {"code": code, "message": message, "more_info": more_info, "status": status})


def unauthorized() -> VendorError:
    refusal = error(401, 20003, "Authenticate")
    refusal.headers["WWW-Authenticate"] = 'Basic realm="Twilio API"'
    return refusal


def not_found(path: str) -> VendorError:
    return error(404, 20404, f"The requested resource {path} was not found")


# Codes that have a page of their own; for all other wrong values none is documented, but where `otherwise` names one.
_CODES = {
    "FriendlyName": (20002, "Invalid FriendlyName"),
    "Usecase": (21713, "Invalid Usecase"),
}


def invalid(cause: ValidationError, otherwise: int = 20001) -> VendorError:
    """Twilio names one mistake at a time."""
    name, words, kind = next(problems(cause))
    parameter = str(name)
    if kind == "missing":
        return error(400, 20001, f"Missing required parameter {parameter} in the post body")
    code, message = _CODES.get(parameter, (otherwise, f"Invalid {parameter}"))
    return error(400, code, f"{message}: {words}")


def failure(status: int, _reset_in: float) -> VendorError:
    """429 is a limit of concurrency: it comes without Retry-After. https://www.twilio.com/docs/api/errors/20429"""
    if status == 429:
        return error(429, 20429, "Too Many Requests")
    return error(status, 20500, HTTPStatus(status).phrase)
