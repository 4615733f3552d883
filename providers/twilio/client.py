"""Twilio's APIs: form encoding, basic authentication, two error shapes. https://www.twilio.com/docs/usage/api"""

from __future__ import annotations

import json
import re
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

_WORD_ENDS: Final = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z0-9])(?=[A-Z][a-z])")
"""In a name as requests have it; `A2P` is one word, and `Address2` too."""

_CAMPAIGNS: Final = re.compile(r"/v1/Services/\w+/Compliance/Usa2p\b(?!/Usecases)")

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
    "21713": "use_case must be one of those of GET /v1/Services/Usecases, in lower case",
    "21717": "the brand must be approved, and a SOLE_PROPRIETOR use case is for a brand of that type: see its reasons",
    "21719": "the use_case of the messaging service and the campaign's do not go together: change one of them, or set"
    " the service's to undeclared",
    "21720": "use_case must be one of those that the service's brand may have, in capitals",
    "21724": "it was resubmitted as often as it may be: ask Twilio's support, https://help.twilio.com",
    "21725": "only a failed registration can be resubmitted: run `pulumi refresh`, and see its reasons",
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
        return _WORD_ENDS.sub("_", wire).lower()

    def headers(self, path: str) -> Mapping[str, str]:
        """Campaigns have the URLs of their policies in the API's later version alone: twilio_messaging_v1.json has this
        header and both shapes, and leaves its value open; v1.2 is what they are seen with."""
        return {"X-Twilio-Api-Version": "v1.2"} if _CAMPAIGNS.match(path) else {}

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
