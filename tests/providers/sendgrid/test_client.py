"""What SendGrid refuses, and what the message says to do about it."""

from __future__ import annotations

from typing import Any

import pytest

from emulator import Emulator
from providers.connection import Connection
from providers.errors import NotFound, VendorError
from providers.sendgrid.client import SendGrid
from tests.providers.conftest import Resources

FIELD: dict[str, Any] = {"field": None}
REVIEW = "360041790293-Account-Under-Review"


@pytest.fixture
def client(resources: Resources) -> SendGrid:
    return SendGrid(Connection({"endpoint": resources.emulator.url}))


def refused(client: SendGrid, emu: Emulator, status: int, body: Any, call: tuple[str, str]) -> VendorError:
    emu.fault(status=status, body=body)
    with pytest.raises(VendorError) as raised:
        client.send(*call)
    return raised.value


@pytest.mark.parametrize(
    ("status", "says"),
    [
        (400, ["correct the field", "a small plan may not have this feature"]),
        (401, ["SENDGRID_API_KEY is wrong", "lacks a scope", "banned or terminated", REVIEW]),
        (403, ["lacks a scope", "plan lacks", "IP access management", "too many bad requests", "under review", REVIEW]),
        (404, ["run refresh"]),
        (405, ["update it"]),
        (406, ["update it"]),
        (413, ["too large"]),
        (415, ["update it"]),
        (451, ["pinned to another region", "the key of its parent"]),
    ],
)
def test_every_status_says_what_to_do(client: SendGrid, emu: Emulator, status: int, says: list[str]) -> None:
    hint = str(refused(client, emu, status, {"errors": [{"message": "no"}]}, ("GET", "/v3/scopes"))).partition(" -> ")[
        2
    ]
    assert [part for part in says if part not in hint] == []


@pytest.mark.parametrize(
    ("status", "message", "says"),
    [
        (400, "username exists", "choose another one"),
        (400, "unable to validate IPs at this time", "must be a dedicated IP of this account"),
        (400, "No IPs remaining", "one IP a month can be bought"),
        (403, "you dont have permission to access this resource", "need a Pro plan"),
        (400, "You have reached the maximum number of webhooks per your current billing plan.", "delete or adopt one"),
        (400, "This webhook cannot be modified based on your current billing plan.", "take a larger plan"),
        (400, "'https://example.com' is not a valid url", "correct `url`"),
        (401, "missing required scope: scope1, scope2", "full access"),
        (400, "invalid or unassignable scopes were given", "can only give what it has"),
        (401, "The provided authorization grant is invalid, expired, or revoked", "is wrong or was revoked"),
        (401, "Maximum credits exceeded", "wait until they are reset"),
        (401, "Authenticated user is not authorized to send mail", "full access"),
        (403, "Your IP address is not whitelisted. See http://send.gd/1PemvHz for more details.", "settings/access"),
        (401, "account is banned", REVIEW),
        (403, "Your account has been suspended", REVIEW),
        (403, "user deactivated", REVIEW),
        (401, "account terminated", REVIEW),
        (403, "Account under review", REVIEW),
        (403, "account frozen", REVIEW),
    ],
)
def test_the_vendors_words_say_more_than_the_status(
    client: SendGrid, emu: Emulator, status: int, message: str, says: str
) -> None:
    body = {"errors": [{**FIELD, "message": message}]}
    hint = str(refused(client, emu, status, body, ("GET", "/v3/scopes"))).partition(" -> ")[2]
    assert says in hint
    assert ", or the plan lacks" not in hint, "the causes that the status may have are still listed"


@pytest.mark.parametrize(
    ("body", "reads"),
    [
        ({"errors": [{"message": "no", "field": "name", "help": None}], "id": "x"}, "name: no"),
        ({"errors": [{"message": "no", "field": "null"}]}, "(400): no"),
        ({"errors": [{"message": "no", "field": ""}]}, "(400): no"),
        ({"errors": [{"message": "no"}, {"message": "never", "field": "ip"}]}, "(400): no; ip: never"),
        ({"errors": [{"message": "no", "id": "123", "url": "https://example.com"}]}, "(400): no (id 123)"),
        ({"error": "Unable to locate specified IPs Pool"}, "Unable to locate specified IPs Pool"),
        ({"errors": ["no"]}, "without a message"),
        ({"message": "no"}, "without a message"),
        ([], "without a message"),
    ],
)
def test_every_shape_of_an_error_is_read(client: SendGrid, emu: Emulator, body: Any, reads: str) -> None:
    assert reads in str(refused(client, emu, 400, body, ("GET", "/v3/scopes")))


def test_a_url_that_the_vendor_quotes_is_not_repeated_as_it_may_carry_a_token(client: SendGrid, emu: Emulator) -> None:
    body = {"errors": [{"message": "'https://example.com/in?token=hunter2' is not a valid url"}]}
    assert "hunter2" not in str(refused(client, emu, 400, body, ("POST", "/v3/user/webhooks/event/settings")))


@pytest.mark.parametrize(
    ("call", "field"),
    [
        (("GET", "/v3/send_ips/ips/192.0.2.10"), "ip"),
        (("GET", "/v3/send_ips/pools/12345"), "poolid"),
        (("DELETE", "/v3/send_ips/pools/12345"), "pool"),
    ],
)
def test_the_newer_api_of_ips_says_400_of_what_is_gone(
    client: SendGrid, emu: Emulator, call: tuple[str, str], field: str
) -> None:
    body = {"errors": [{"field": field, "message": "not found"}]}
    assert isinstance(refused(client, emu, 400, body, call), NotFound)


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (
            ("PATCH", "/v3/send_ips/ips/192.0.2.10"),
            {"field": "is_auto_warmup", "message": "not found in the request body"},
        ),
        (("GET", "/v3/send_ips/ips/192.0.2.10"), {"field": "ip", "message": "invalid IP address"}),
        (("GET", "/v3/ips/pools/marketing"), {"field": "pool", "message": "not found"}),
    ],
)
def test_what_is_only_wrong_is_not_taken_for_gone(
    client: SendGrid, emu: Emulator, call: tuple[str, str], error: dict[str, str]
) -> None:
    assert not isinstance(refused(client, emu, 400, {"errors": [error]}, call), NotFound)
