"""Twilio's APIs: form encoding, basic authentication, two error shapes. https://www.twilio.com/docs/usage/api"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import requests.auth

from providers.client import Auth, Body, Client, Failure
from providers.connection import Credential

ACCOUNT_SID: Final = Credential(
    "TWILIO_ACCOUNT_SID",
    r"AC[0-9a-fA-F]{32}",
    "'AC' and 32 hexadecimal digits",
    "https://console.twilio.com (Account Info)",
)
AUTH_TOKEN: Final = Credential(
    "TWILIO_AUTH_TOKEN",
    r"[0-9a-zA-Z]{32}",
    "32 letters and digits",
    "https://console.twilio.com (Account Info, of the same account as the SID)",
)

PAGE_SIZE: Final = 1000

_PRODUCTS: Final[Mapping[str, str]] = {
    "/2010-04-01/": "api",
    "/v1/Keys": "iam",
    "/v1/AuthTokens": "accounts",
    "/v1/Messaging/GeoPermissions": "accounts",
    "/v1/PhoneNumbers/Countries": "pricing",
    "/v2/RegulatoryCompliance": "numbers",
    "/v1/CustomerProfiles": "trusthub",
    "/v1/TrustProducts": "trusthub",
    "/v1/EndUsers": "trusthub",
    "/v1/SupportingDocuments": "trusthub",
    "/v1/Policies": "trusthub",
}
"""The product that has a path of this beginning: each is a host of its own. All others are Messaging's."""

_HINTS: Final[Mapping[str, str]] = {
    "20003": "TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN do not belong together, were rotated, or are of another region"
    " than US1: copy both again from https://console.twilio.com",
    "20005": "the account is not active: see https://console.twilio.com",
    "20008": "these are test credentials: use the live ones from https://console.twilio.com",
    "10001": "the account is not active: see https://console.twilio.com",
    "10002": "a trial account cannot do this: upgrade it at https://console.twilio.com/billing",
    "21404": "a trial account cannot do this: upgrade it at https://console.twilio.com/billing",
    "20429": "too many requests at once: run the same command again",
    "21628": "write the address as that country's post does, without punctuation, or ask Twilio's support",
    "21629": "declare the address that is suggested, or leave auto_correct_address at true",
    "21630": "it is linked to a verified document: change it back, or declare another Address for the new place",
    "21705": "the messaging service does not exist: run `pulumi refresh`",
    "21405": "set voice_url as well, or remove voice_fallback_url",
    "21406": "set sms_url as well, or remove sms_fallback_url",
    "21421": "write the number as +14155550100, with the code of its country",
    "21422": "the number is another's, or not to be had: declare another, or criteria to search by",
    "21451": "declare an area_code of the United States or Canada, or none",
    "21452": "there is none in that area_code: declare another, or none",
    "21613": "declare a twilio.Address where the number needs one, and pass its id as address_sid",
    "21615": "declare a twilio.Address in the country of the number, and pass its id as address_sid",
    "21631": "declare a twilio.Address where the number needs one, and pass its id as address_sid",
    "21649": "pass as bundle_sid the id of a twilio.RegulatoryBundle that is approved for that country and type",
    "21650": "have an identity verified in the Console (Phone Numbers > Documents), and pass its SID as identity_sid",
    "21651": "address_sid, emergency_address_sid, identity_sid or bundle_sid is not what the number needs: see"
    " https://www.twilio.com/docs/errors/21651",
    "22300": "Twilio sells this account none for now: write to verifymyaccount@twilio.com, with its SID and what the"
    " number is for",
    "22350": "it is being ported out: wait until that is done, and it is gone by itself; or cancel the port",
    "21713": "use_case must be one of those of GET /v1/Services/Usecases, in lower case",
}


class Twilio(Client):
    """Calls as the account of TWILIO_ACCOUNT_SID. Each product has a host of its own."""

    vendor = "Twilio"
    credentials = (ACCOUNT_SID, AUTH_TOKEN)

    def host(self, path: str = "/") -> str:
        product = next((product for prefix, product in _PRODUCTS.items() if path.startswith(prefix)), "messaging")
        return f"{product}.twilio.com"

    def sent_path(self, path: str) -> str:
        """Paths of the 2010 API have the account in them, which a resource writes as `{AccountSid}`."""
        return path.replace("{AccountSid}", self.account())

    def account(self) -> str:
        return ACCOUNT_SID.read(self.connection)

    def auth(self) -> Auth:
        return requests.auth.HTTPBasicAuth(self.account(), AUTH_TOKEN.read(self.connection))

    def wire_name(self, field: str) -> str:
        """`inbound_request_url` as `InboundRequestUrl`."""
        return "".join(word.capitalize() for word in field.split("_"))

    def reply_name(self, wire: str) -> str:
        """`InboundRequestUrl` as `inbound_request_url`: requests and replies are spelled differently."""
        return "".join(f"_{c.lower()}" if c.isupper() else c for c in wire).removeprefix("_")

    def encode(self, body: Body) -> dict[str, Any]:
        """A form: lists repeat the key, objects are JSON in a field, an empty string clears."""
        return {"data": [(key, _text(item)) for key, value in body.items() for item in _listed(value)]}

    def failure(self, status: int, body: Body) -> Failure:
        """Both shapes: {code, message} and RFC 9457's {code, title, detail}.

        https://www.twilio.com/docs/usage/twilios-response
        """
        said = body if isinstance(body, dict) else {}
        message = str(said.get("message") or said.get("detail") or said.get("title") or "without a message")
        code = str(said["code"]) if said.get("code") else None
        fallback = f"see https://www.twilio.com/docs/errors/{code}" if code else None
        return Failure(message, code, _HINTS.get(code or "", fallback))

    def pages(self, path: str, key: str, **query: Any) -> Iterator[dict[str, Any]]:
        """Both styles: `meta.next_page_url` is absolute, `next_page_uri` relative.

        Only the query is followed, on the host and path that were asked: credentials go nowhere else.
        """
        page = self.get(path, **query, PageSize=PAGE_SIZE)
        while True:
            yield from page[key]
            following = page.get("next_page_uri") or page.get("meta", {}).get("next_page_url")
            if not following:
                return
            page = self.get(f"{path}?{urlsplit(following).query}")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(value) if isinstance(value, dict) else str(value)
