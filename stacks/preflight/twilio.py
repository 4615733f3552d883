"""The account at Twilio: who calls, whether it may text and buy, and what it would buy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from components.engage import EngageArgs
from providers.errors import CredentialError, NotFound
from providers.twilio.api_key import refuse_other_regions
from providers.twilio.client import ACCOUNT_PATH, Twilio
from providers.twilio.collection_2010 import path_2010
from providers.twilio.messaging_geo_permissions import CONSOLE, PATH
from stacks.preflight import numbers
from stacks.preflight.findings import Checks, Finding, ok, problem, refused, warning

USE_CASE: Final = "marketing"
LOW_BALANCE: Final = 10.0
"""In the account's currency: below it, Twilio recharges by default, where it is allowed to:
https://support.twilio.com/hc/en-us/articles/223135487-How-Twilio-billing-works"""

_BILLING: Final = "https://console.twilio.com/billing"


def credentials(client: Twilio, args: EngageArgs) -> Iterator[Finding]:
    """Who calls, and is the account one that may text anybody?"""
    try:
        refuse_other_regions(client)
    except CredentialError as elsewhere:
        yield refused("Twilio region", elsewhere)
        return
    name, kind = "Twilio credentials", client.callers_kind() if client.calls_with_key else None
    if kind == "standard":
        found = "a Standard key, which may neither make API keys nor read what type of account this is"
        todo = "set TWILIO_AUTH_TOKEN, or a Main key in TWILIO_API_KEY and TWILIO_API_SECRET"
        yield problem(name, found, todo) if _makes_keys(args) else warning(name, found, todo)
    elif kind == "restricted":
        todo = "set TWILIO_AUTH_TOKEN where something is refused, or allow it in the key's policy"
        yield warning(name, "a restricted key, which may do what its policy allows", todo)
    else:
        yield from account(client)
        yield ok(name, f"{'a Main key' if kind else 'the auth token'}, which may do everything")


def _makes_keys(args: EngageArgs) -> bool:
    fed = args.segment.destinations if args.segment else []
    return args.sms is not None and (args.sms.key == "standard" or "twilio" in fed)


def account(client: Twilio) -> Iterator[Finding]:
    row = client.get(ACCOUNT_PATH)
    said = f"{row['friendly_name']}, {row['type']}, {row['status']}"
    if row["status"] != "active":
        todo = f"see {_BILLING}, answer the e-mail in which Twilio says why, or ask https://help.twilio.com"
        yield problem("Twilio account", said, todo)
    elif row["type"] != "Full":
        yield problem(
            "Twilio account",
            said,
            "a trial texts only to numbers that were verified for it, and has one number: upgrade it at"
            f" {_BILLING}/upgrade",
        )
    else:
        yield ok("Twilio account", said)


def balance(client: Twilio, _args: EngageArgs) -> Iterator[Finding]:
    """At zero, the account is suspended: https://www.twilio.com/docs/api/errors/10001"""
    try:
        row = client.get(path_2010("Balance"))
    except NotFound:
        row = {"balance": None}
    if row["balance"] is None:
        yield ok("Twilio balance", "is its parent's, as a subaccount has none")
        return
    amount, said = float(row["balance"]), f"{float(row['balance']):.2f} {row['currency']}"
    if amount <= 0:
        todo = (
            f"add funds at {_BILLING}, as numbers cannot be bought and texts are not sent; nothing, if it is invoiced"
        )
        yield problem("Twilio balance", said, todo)
    elif amount < LOW_BALANCE:
        yield warning("Twilio balance", said, f"add funds, or have it recharged by itself: {_BILLING}")
    else:
        yield ok("Twilio balance", said)


def use_cases(client: Twilio, args: EngageArgs) -> Iterator[Finding]:
    """Is there what the guide chooses for the messaging service, "Market my services"?"""
    if args.sms is None:
        return
    offered = [row["usecase"] for row in client.get("/v1/Services/Usecases")["usecases"]]
    if USE_CASE in offered:
        yield ok("Twilio use case", f"{USE_CASE} is offered")
    else:
        found = f"{USE_CASE} is not offered, but {', '.join(offered) or 'none'}"
        yield problem("Twilio use case", found, "ask https://help.twilio.com why this account may not market")


def countries(client: Twilio, args: EngageArgs) -> Iterator[Finding]:
    """May the countries be texted that there are numbers of, but for those that this stack allows?"""
    managed = args.account.countries if args.account else []
    codes = sorted({inputs["iso_country"] for inputs in numbers.declared(args).values()} - set(managed))
    if not codes:
        return
    rows = client.get(PATH, CountryCode=",".join(codes))["permissions"] or []
    allowed = {row["country_code"] for row in rows if row["type"] == "country" and row["enabled"]}
    for code in codes:
        if code in allowed:
            yield ok(f"Twilio texts to {code}", "are allowed")
        else:
            found = "are not allowed, and fail with 21408"
            yield warning(f"Twilio texts to {code}", found, f"set account.countries, or allow it at {CONSOLE}")


def inbound(_client: Twilio, args: EngageArgs) -> Iterator[Finding]:
    """A service without it drops what comes in, without a log: twilio_messaging_v1.json, InboundRequestUrl."""
    if args.sms is not None and args.sms.inbound_webhook_url is None:
        todo = "copy it from Segment's screen, set sms.inboundWebhookUrl, and run again"
        yield warning("inbound webhook", "is not set, so that answers such as STOP reach nobody", todo)


CHECKS: Final = Checks(
    first=credentials, others=(balance, use_cases, countries, numbers.registrations, inbound), each=numbers.checks
)
