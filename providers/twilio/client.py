"""Twilio's APIs: form encoding, basic authentication, two error shapes. https://www.twilio.com/docs/usage/api"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Literal, Self
from urllib.parse import urlsplit

import requests.auth

from providers.client import Auth, Body, Client, Failure
from providers.connection import Connection, Credential, Option
from providers.errors import CredentialError, VendorError

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
    "https://console.twilio.com (Account Info, of the same account as the SID), or set TWILIO_API_KEY and"
    " TWILIO_API_SECRET in its place",
)
KEYS_PAGE: Final = "https://console.twilio.com/us1/account/keys-credentials/api-keys"
API_KEY: Final = Credential(
    "TWILIO_API_KEY",
    r"SK[0-9a-fA-F]{32}",
    "'SK' and 32 hexadecimal digits",
    f"{KEYS_PAGE} (the key's SID)",
)
API_SECRET: Final = Credential(
    "TWILIO_API_SECRET",
    r"[0-9a-zA-Z]{32}",
    "32 letters and digits",
    f"{KEYS_PAGE} (shown when the key of TWILIO_API_KEY was made, and never again)",
)
"""The names of Twilio's own CLI: https://www.twilio.com/docs/twilio-cli/general-usage/profiles"""

EDGE: Final = Option("twilioEdge", "[a-z]+(-[a-z]+)*", "an edge location of Twilio, as dublin")
REGION: Final = Option("twilioRegion", "[a-z]{2}[1-9]", "a region of Twilio, as us1 or ie1")
US1: Final = "us1"

KeyKind = Literal["main", "standard", "restricted"]

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

ACCOUNT_PATH: Final = "/2010-04-01/Accounts/{AccountSid}.json"
_KEY: Final = "/2010-04-01/Accounts/{{AccountSid}}/Keys/{}.json"
_ANYTHING: Final = "/2010-04-01/Accounts/{AccountSid}/Addresses.json"
"""Of the account, and open to every key that is not restricted."""

_CLOSED_TO_STANDARD_KEYS: Final = re.compile(r"/2010-04-01/Accounts(\.json|/[^/]+\.json|/[^/]+/Keys\b.*)|/v1/Keys\b.*")
"""https://www.twilio.com/docs/iam/api-keys/keys-in-console"""

_SUBACCOUNT: Final = (
    "a subaccount's SID takes the subaccount's own token or key, the output auth_token of a Subaccount and not its"
    " parent's"
)
_WRONG_TOKEN: Final = (
    "TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN do not belong together, were rotated, or are of another region"
    f" (see twilioRegion; US1 by default): copy both again from https://console.twilio.com; {_SUBACCOUNT}"
)
_WRONG_KEY: Final = (
    "TWILIO_API_KEY and TWILIO_API_SECRET do not belong together, the key was revoked, or is of another account than"
    f" TWILIO_ACCOUNT_SID or of another region (see twilioRegion; US1 by default): make a new one at {KEYS_PAGE};"
    f" {_SUBACCOUNT}"
)
_WORD_ENDS: Final = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z0-9])(?=[A-Z][a-z])")
"""In a name as requests have it; `A2P` is one word, and `Address2` too."""

_CAMPAIGNS: Final = re.compile(r"/v1/Services/\w+/Compliance/Usa2p\b(?!/Usecases)")

_NOT_ACTIVE: Final = (
    "the account is suspended, or not active yet: if its balance is at zero, add funds at"
    " https://console.twilio.com/billing and wait ten minutes; if its parent account is suspended, do it there; else"
    " answer the e-mail in which Twilio says why, or ask https://help.twilio.com"
)
"""https://www.twilio.com/docs/api/errors/10001 and 20005"""

_HINTS: Final[Mapping[str, str]] = {
    "20005": _NOT_ACTIVE,
    "20008": "these are test credentials: use the live ones from https://console.twilio.com",
    "10001": _NOT_ACTIVE,
    "10002": "a trial account cannot do this: upgrade it at https://console.twilio.com/billing",
    "21404": "a trial account cannot do this: upgrade it at https://console.twilio.com/billing",
    "20429": "too many requests at once: run the same command again",
    "21628": "write the address as that country's post does, without punctuation, or ask Twilio's support",
    "21629": "declare the address that is suggested, or leave auto_correct_address at true",
    "21630": "it is linked to a verified document: change it back, or declare another Address for the new place",
    "21705": "the messaging service does not exist: run `pulumi refresh`",
    "20409": "its status does not allow that: see https://console.twilio.com, and wait while it is being reviewed",
    "21646": "the document is being reviewed: delete it after that",
    "21648": "a number needs the bundle: release that, or give it another approved bundle, and delete this one then",
    "22200": "no regulation is for this country, number type and end user type: change one of them",
    "22205": "items must be SIDs of end users and documents of this very account, as their resources' `.id`",
    "21405": "set voice_url as well, or remove voice_fallback_url",
    "21406": "set sms_url as well, or remove sms_fallback_url",
    "21421": "there is no such number or short code in this account: correct it; a number that is to be bought is"
    " written as +14155550100, with the code of its country",
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
    "21101": "a subaccount cannot have subaccounts: use the parent account's TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN",
    "21476": "the parent account is suspended, and its subaccounts with it: see https://console.twilio.com/billing",
    "21477": "this is a parent account, whose status cannot be changed: give the SID of one of its subaccounts",
    "21478": "Twilio itself has suspended this subaccount: ask Twilio's support, https://help.twilio.com",
    "21479": "the subaccount is closed, and cannot be opened again: run `pulumi refresh`, and then `up`, which"
    " makes a new one",
    "21480": "the account has as many subaccounts as it may: close one that nobody needs, or ask Twilio's"
    " support for more",
    "70001": "correct the field that is named; a key's name has at most 64 characters, the owner's tag included",
    "70002": "correct `policy`: https://www.twilio.com/docs/iam/api-keys/restricted-api-keys lists the permissions",
    "70051": "the restricted key lacks the permission that is named, or there is none for this: give it to the key, or"
    " call with TWILIO_AUTH_TOKEN; or the account is suspended, or not the key's own",
    "70151": f"the account has as many API keys as it may: revoke what nobody uses at {KEYS_PAGE} (a rotation needs"
    " room for one more)",
    "20404": "it was deleted, or belongs to another account: correct its SID, or run `pulumi refresh`",
    "21669": "the number is set up for another region than the service: route its messages to US1, at"
    " https://console.twilio.com/us1/develop/phone-numbers/manage/incoming, or choose another number",
    "21701": "the messaging service does not exist: run `pulumi refresh`",
    "21711": "it is not in this service's pool: run `pulumi refresh`",
    "21714": "a pool has room for 400 numbers and short codes: take some out, use a second service, or ask Twilio's"
    " support for more room",
    "21715": "the number can do neither SMS nor MMS: choose one that can",
    "21717": "the brand must be approved, and a SOLE_PROPRIETOR use case is for a brand of that type: see its reasons",
    "21719": "the use_case of the messaging service and the campaign's do not go together: change one of them, or set"
    " the service's to undeclared",
    "21720": "use_case must be one of those that the service's brand may have, in capitals",
    "21724": "it was resubmitted as often as it may be: ask Twilio's support, https://help.twilio.com",
    "21725": "only a failed registration can be resubmitted: run `pulumi refresh`, and see its reasons",
}

_kinds: dict[tuple[str, ...], KeyKind] = {}
"""Of every key that this process has called with: a question that is asked once."""


class Twilio(Client):
    """Calls as the account of TWILIO_ACCOUNT_SID, with its auth token or else with one of its API keys.

    Where both are given, the token is used: it may do everything. Each product has a host of its own, in the region
    twilioRegion, reached at twilioEdge; without them in US1.
    """

    vendor = "Twilio"
    credentials = (ACCOUNT_SID, AUTH_TOKEN, API_KEY, API_SECRET)
    options = (EDGE, REGION)

    def __init__(self, connection: Connection, key: tuple[str, str] | None = None) -> None:
        """`key` is the SID and the secret of a key to call with in place of the credentials."""
        super().__init__(connection)
        self._key = key

    @classmethod
    def problems(cls, connection: Connection) -> list[str]:
        return super().problems(connection) + [problem for problem in [_half_a_place(connection)] if problem]

    @classmethod
    def needed(cls, connection: Connection) -> Sequence[Credential]:
        pair = (API_KEY, API_SECRET) if _has_only_a_key(connection) else (AUTH_TOKEN,)
        return (ACCOUNT_SID, *pair)

    @property
    def region(self) -> str:
        """Where what is made is, and can be used: regions share nothing, keys included.

        https://www.twilio.com/docs/global-infrastructure/understanding-twilio-regions
        """
        return REGION.read(self.connection) or US1

    def host(self, path: str = "/") -> str:
        """Hosts with a region and no edge stop working:
        https://www.twilio.com/docs/global-infrastructure/using-the-twilio-rest-api-in-a-non-us-region
        """
        product = next((product for prefix, product in _PRODUCTS.items() if path.startswith(prefix)), "messaging")
        if problem := _half_a_place(self.connection):
            raise CredentialError(problem)
        place = [part for option in (EDGE, REGION) if (part := option.read(self.connection))]
        return ".".join([product, *place, "twilio.com"])

    def sent_path(self, path: str) -> str:
        """Paths of the 2010 API have the account in them, which a resource writes as `{AccountSid}`."""
        return path.replace("{AccountSid}", self.account())

    def account(self) -> str:
        return ACCOUNT_SID.read(self.connection)

    def home(self) -> str:
        return self.account() if self.region == US1 else f"{self.account()} in {self.region}"

    def auth(self) -> Auth:
        return requests.auth.HTTPBasicAuth(*self._login())

    def _login(self) -> tuple[str, str]:
        if self._key:
            return self._key
        if self.calls_with_key:
            return API_KEY.read(self.connection), API_SECRET.read(self.connection)
        return self.account(), AUTH_TOKEN.read(self.connection)

    @property
    def calls_with_key(self) -> bool:
        """Is an API key used, which may be able to do less than the auth token?"""
        return self._key is not None or _has_only_a_key(self.connection)

    def with_key(self, sid: str, secret: str) -> Self:
        """The client that calls with this key, in the same account."""
        return type(self)(self.connection, (sid, secret))

    def key_kind(self) -> KeyKind | None:
        """What kind of key calls, by what it may do; None where Twilio does not accept it for the account.

        An inference, as no reply names the kind. A Standard key is refused its account as if its secret was wrong, so
        something else of the account is asked for as well.
        """
        try:
            account = self._shown(ACCOUNT_PATH)
            if account:
                subaccount = account["owner_account_sid"] != self.account()
                # A parent's Main key may manage its subaccounts too: is it the subaccount's own?
                return "main" if not subaccount or self._shown(_KEY.format(self._login()[0])) else None
            return "standard" if self._shown(f"{_ANYTHING}?PageSize=1") else None
        except VendorError as refused:
            if refused.code == "70051":
                return "restricted"
            raise

    def _shown(self, path: str) -> Body:
        """What the key that calls is shown there, or None."""
        try:
            return super().send("GET", path)
        except VendorError as refused:
            if refused.code in ("20003", "20404"):
                return None
            raise

    def callers_kind(self) -> KeyKind:
        """As `key_kind`, asked once a process. Raises CredentialError where the key is not accepted."""
        caller = (self.connection.url(self.host(ACCOUNT_PATH)), self.account(), *self._login())
        if caller not in _kinds:
            kind = self.key_kind()
            if kind is None:
                raise CredentialError(f"Twilio does not accept the API key, so nothing was sent -> {_WRONG_KEY}")
            _kinds[caller] = kind
        return _kinds[caller]

    def send(self, method: str, path: str, **options: Any) -> Body:
        """As `Client.send`. Raises CredentialError for what the key that calls may not do, before it is sent.

        Most paths do not name the account: a key of another one would make and buy everything there.
        """
        closed = _CLOSED_TO_STANDARD_KEYS.fullmatch(urlsplit(path).path)
        if self.calls_with_key and self.callers_kind() == "standard" and closed:
            raise CredentialError(
                f"{method} {path} was not sent, as a Standard key may not manage accounts and keys -> set"
                " TWILIO_AUTH_TOKEN, or give a Main key, which only the Console makes, in TWILIO_API_KEY and"
                " TWILIO_API_SECRET"
            )
        return super().send(method, path, **options)

    def redact(self, text: str) -> str:
        text = super().redact(text)
        return text.replace(self._key[1], "[redacted]") if self._key else text

    def wire_name(self, field: str) -> str:
        """`inbound_request_url` as `InboundRequestUrl`."""
        return "".join(word.capitalize() for word in field.split("_"))

    def reply_name(self, wire: str) -> str:
        """`InboundRequestUrl` as `inbound_request_url`: requests and replies are spelled differently."""
        return _WORD_ENDS.sub("_", wire).lower()

    def headers(self, path: str, *, body: bool) -> Mapping[str, str]:
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
        if code == "20003":
            fallback = _WRONG_KEY if self.calls_with_key else _WRONG_TOKEN
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


def _has_only_a_key(connection: Connection) -> bool:
    token, *pair = (connection.find(each.variable) for each in (AUTH_TOKEN, API_KEY, API_SECRET))
    return not token and any(pair)


def _half_a_place(connection: Connection) -> str | None:
    edge, region = (option.read(connection) for option in (EDGE, REGION))
    if bool(edge) == bool(region):
        return None
    missing, given = (EDGE, REGION) if region else (REGION, EDGE)
    return (
        f"{missing.name}: is needed with {given.name}, as Twilio's hosts have both in their names -> set both, or"
        f" neither for the region {US1}"
    )


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(value) if isinstance(value, dict) else str(value)
