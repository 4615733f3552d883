"""Who calls; and the readers of forms and pages."""

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin
from urllib.parse import urlencode, urlsplit

from flask import request
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from emulator.context import host, read_query, url, vendor_path, violation
from emulator.made_up import sha256
from emulator.store import Record
from emulator.twilio.errors import error, invalid, not_found, unauthorized
from emulator.twilio.state import ACCOUNT_SID, records

M = TypeVar("M", bound=BaseModel)


def _url(value: str) -> str:
    if urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).netloc:
        raise ValueError("not an absolute URL")
    return value


Url = Annotated[str, AfterValidator(_url)]
"""A webhook's, in a form."""
Method = Literal["GET", "POST"]


@dataclass(frozen=True)
class Caller:
    """Whose credentials came with the request: an account's token, or one of its keys.

    https://www.twilio.com/docs/iam/api-keys
    """

    account_sid: str
    key: Record | None = None

    @property
    def key_type(self) -> str | None:
        """A Main key may do everything that the token may."""
        return None if self.key is None else self.key.get("type", "standard")


def authorize() -> Caller:
    """Account SID and auth token, or API key SID and secret. https://www.twilio.com/docs/usage/requests-to-twilio"""
    given = request.authorization
    if given is None or given.type != "basic" or not given.username:
        raise unauthorized()
    secret = sha256(given.password or "")
    account, key = records("accounts").get(given.username), records("keys").get(given.username)
    if account is not None and account["auth_token_sha256"] == secret:
        caller = Caller(given.username)
    elif key is not None and key["secret_sha256"] == secret:
        caller = Caller(key.get("account_sid", ACCOUNT_SID), key)
    else:
        raise unauthorized()
    if records("accounts")[caller.account_sid]["status"] != "active":
        # https://www.twilio.com/docs/api/errors/20005, where the status is not documented.
        raise error(403, 20005, "Account not active")
    _permit(caller)
    return caller


def owned(collection: str, key: str) -> Record:
    """The caller's record: another account's is as good as none."""
    caller, row = authorize(), records(collection).get(key)
    if row is None or row["account_sid"] != caller.account_sid:
        raise not_found(vendor_path())
    return row


def manager() -> Caller:
    """Who may manage accounts and keys: no Standard key, which is refused as if its secret was wrong.

    https://www.twilio.com/docs/iam/api-keys/keys-in-console
    """
    caller = authorize()
    if caller.key_type == "standard":
        raise unauthorized()
    return caller


def reaches(caller: Caller, account_sid: str) -> bool:
    """A parent's credentials reach its subaccounts in the 2010 API alone, a subaccount's nothing but itself.

    https://www.twilio.com/docs/iam/api/subaccounts: a parent's Standard and restricted keys do not reach them; that its
    Main key does is the emulator's reading of "equivalent to using your Account SID and Auth Token".
    """
    if account_sid == caller.account_sid:
        return True
    account = records("accounts").get(account_sid)
    parent = account is not None and account["owner_account_sid"] == caller.account_sid
    return parent and caller.key_type in (None, "main")


def own(account_sid: str) -> None:
    """Refuse the 2010 API's paths of other accounts, as if there were none."""
    if not reaches(authorize(), account_sid):
        raise not_found(vendor_path())


_PERMISSIONS = {
    "messaging.twilio.com/v1/Services": "messaging/services",
    "messaging.twilio.com/v1/Services/*/PhoneNumbers": "messaging/services.phonenumbers",
    "messaging.twilio.com/v1/Services/*/ShortCodes": "messaging/services.shortcodes",
    "messaging.twilio.com/v1/Services/*/AlphaSenders": "messaging/services.alphasenders",
    "iam.twilio.com/v1/Keys": "iam/api-keys",
}
"""Collections for which a permission is known: /twilio/<this>/<action>. The lists are files to download from
https://www.twilio.com/docs/iam/api-keys/restricted-api-keys#permissions-available-with-restricted-api-keys"""

_ACTIONS = {"GET": ("list", "read"), "POST": ("create", "update"), "DELETE": ("delete", "delete")}
"""By method, of a collection and of one object."""


def _permit(caller: Caller) -> None:
    """A restricted key may do what its policy allows. https://www.twilio.com/docs/api/errors/70051

    The page gives no status. For what is not in the list above, there is no permission here.
    """
    if caller.key_type != "restricted" or caller.key is None:
        return
    *place, last = f"{host()}{vendor_path()}".split("/")
    of_one = len(last) == 34 and last[2:].isalnum()
    collection = "/".join("*" if len(part) == 34 else part for part in (place if of_one else [*place, last]))
    what, actions = _PERMISSIONS.get(collection), _ACTIONS.get(request.method)
    if what is None or actions is None:
        raise error(403, 70051, "Authorization failed: no permission of a restricted key covers this")
    needed = f"/twilio/{what}/{actions[of_one]}"
    if not {needed, f"/twilio/{what}/*"} & set(caller.key["policy"]["allow"]):
        raise error(403, 70051, f"Authorization failed: the key lacks the permission {needed}")


def _boolean(value: object) -> object:
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.lower(), value)
    return value


def _integer(value: object) -> object:
    """Digits alone: pydantic would take "60.0" for 60."""
    if isinstance(value, str) and not value.isdecimal():
        raise ValueError("not an integer")
    return value


FormInt = Annotated[int, BeforeValidator(_integer)]
FormBool = Annotated[bool, Field(strict=True), BeforeValidator(_boolean)]


def _is_list(annotation: Any) -> bool:
    """Is it a list, or a list that may be left out?"""
    return get_origin(annotation) is list or any(get_origin(each) is list for each in get_args(annotation))


def form(model: type[M]) -> dict[str, Any]:
    """The parameters that the model knows, by their wire names. Those of lists repeat the key.

    Twilio ignores others in silence (a debugger warning 20001, https://www.twilio.com/docs/api/errors/20001): no client
    should send any, so they are violations.
    """
    if request.get_data() and request.mimetype != "application/x-www-form-urlencoded":
        violation(f"the body is {request.mimetype or 'of no type'}, Twilio reads forms only")
    known = {field.alias: _is_list(field.annotation) for field in model.model_fields.values()}
    sent: dict[str, Any] = {}
    for name, values in request.form.lists():
        if name not in known:
            violation(f"unknown parameter {name!r}")
            continue
        if len(values) > 1 and not known[name]:
            violation(f"parameter {name!r} was sent more than once")
        sent[name] = values if known[name] else values[0]
    return sent


class Page(BaseModel):
    """The query of a list; a list with filters has them in a subclass."""

    model_config = ConfigDict(populate_by_name=True)

    size: int = Field(default=50, ge=1, le=1000, alias="PageSize")
    number: int = Field(default=0, ge=0, alias="Page")
    token: str = Field(default="", alias="PageToken")


def _token(offset: int) -> str:
    return "PA" + base64.urlsafe_b64encode(f"from {offset}".encode()).decode().rstrip("=")


def _offset(token: str) -> int:
    try:
        padded = token.removeprefix("PA") + "=" * (-len(token.removeprefix("PA")) % 4)
        return int(base64.urlsafe_b64decode(padded).decode().removeprefix("from "))
    except (binascii.Error, ValueError) as cause:
        raise error(400, 21481, "Invalid PageToken") from cause  # https://www.twilio.com/docs/api/errors/21481


P = TypeVar("P", bound=Page)


def query(model: type[P]) -> P:
    """The query of a list. A token is made by the server alone: no page after the first without one."""
    try:
        asked = read_query(model)
    except ValidationError as cause:
        raise invalid(cause) from cause
    if asked.number and not asked.token:
        raise error(400, 21481, "Invalid PageToken: a page after the first needs the token of the page before it")
    return asked


def cut(asked: Page, base: str, suffix: str, rows: Iterable[dict[str, Any]]) -> tuple[list[Any], int, dict[str, Any]]:
    """One page's rows, the number of its first, and its links, whose names end in `suffix`."""
    every = list(rows)
    start = _offset(asked.token) if asked.token else 0
    filters = {name: value for name, value in request.args.items() if not name.startswith("Page")}

    def link(number: int, offset: int) -> str:
        token = {"PageToken": _token(offset)} if number else {}
        return f"{base}?{urlencode(filters | {'PageSize': asked.size, 'Page': number} | token)}"

    rest = start + asked.size < len(every)
    links = {
        "page": asked.number,
        "page_size": asked.size,
        f"first_page_{suffix}": link(0, 0),
        f"previous_page_{suffix}": link(asked.number - 1, max(0, start - asked.size)) if asked.number else None,
        f"next_page_{suffix}": link(asked.number + 1, start + asked.size) if rest else None,
        suffix: link(asked.number, start),
    }
    return every[start : start + asked.size], start, links


def page(key: str, rows: Iterable[dict[str, Any]], asked: Page | None = None) -> dict[str, Any]:
    """One page in the style of the v1 APIs, with absolute URLs; `asked` where the list has filters.

    https://www.twilio.com/docs/usage/twilios-response#pagination
    """
    shown, _, links = cut(asked or query(Page), url(host(), vendor_path()), "url", rows)
    return {key: shown, "meta": {**links, "key": key}}


def page_2010(asked: Page, key: str, rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """One page in the style of the 2010 API: relative URIs, beside the rows; in the document's example, the `end` of
    no row and of one are the same 0."""
    shown, start, links = cut(asked, vendor_path(), "uri", rows)
    return {key: shown, "start": start, "end": start + max(0, len(shown) - 1), **links}
