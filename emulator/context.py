"""What a handler may reach besides its request: the state, the list of violations, its own address."""

from typing import TypeVar, cast
from urllib.parse import quote

from flask import current_app, request
from pydantic import BaseModel

from emulator.store import Collection, Store

M = TypeVar("M", bound=BaseModel)


def store() -> Store:
    return cast(Store, current_app.extensions["store"])


def collection(vendor: str, name: str) -> Collection:
    return store().collection(vendor, name)


def host() -> str:
    """The vendor's host that this request was meant for: the first segment of the path."""
    return request.path.split("/", 2)[1]


def vendor_path() -> str:
    """The path as the vendor would see it."""
    return "/" + request.path.split("/", 2)[2] if request.path.count("/") > 1 else "/"


def url(vendor_host: str, path: str) -> str:
    """An absolute URL that leads back to the emulator and not to the vendor."""
    return f"{request.host_url}{vendor_host}{quote(path)}"


def violation(message: str) -> None:
    """Notes what the vendor would let pass in silence and a client should still never send."""
    current_app.extensions["violations"].append(f"{request.method} {host()}{vendor_path()}: {message}")


def read_query(model: type[M]) -> M:
    """The query as the model has it; ValidationError for a wrong value, a violation for a name that nobody knows."""
    known = {field.alias or name for name, field in model.model_fields.items()}
    for name in request.args.keys() - known:
        violation(f"unknown query parameter {name!r}")
    return model.model_validate({k: v for k, v in request.args.items() if k in known})
