"""Types of values that several resources' fields share: bounds are data, checked by pydantic."""

from __future__ import annotations

import re
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, StringConstraints

HttpMethod = Literal["GET", "POST"]


def _email(value: str) -> str:
    # Deliberately loose: the vendor decides; this catches a name, a list, or a missing domain.
    if not re.fullmatch(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+", value):
        raise ValueError("is no e-mail address, like engage@example.com")
    return value


def _url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("is no URL, like https://example.com/path")
    if parts.scheme == "http" and parts.hostname not in ("localhost", "127.0.0.1"):
        raise ValueError("must begin with https://, as what is sent there is confidential")
    if parts.username or parts.password:
        raise ValueError("must not carry a user name or password")
    return value


def _public_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or "." not in parts.hostname:
        raise ValueError("is no public URL, like https://example.com/path")
    return value


EmailAddress = Annotated[str, AfterValidator(_email)]
WebhookUrl = Annotated[str, AfterValidator(_url)]
"""A URL that secrets or personal data may be sent to: encrypted, or to this machine."""
PublicUrl = Annotated[str, AfterValidator(_public_url)]
"""A page that anybody may see, and that a reviewer is going to look at."""
E164 = Annotated[str, StringConstraints(pattern=r"^\+[1-9]\d{6,14}$")]
"""A phone number with its country's code, as +14155550100."""
Ipv4 = Annotated[str, StringConstraints(pattern=r"^(\d{1,3}\.){3}\d{1,3}$")]


def _domain(value: str) -> str:
    # What reads back in another spelling would look like another domain, so capitals are refused.
    if len(value) > 253 or not re.fullmatch(rf"({_LABEL}\.)+[a-z]([a-z0-9-]*[a-z0-9])", value):
        raise ValueError("is no domain in small letters, like example.com")
    return value


def _subdomain(value: str) -> str:
    if not re.fullmatch(rf"{_LABEL}(\.{_LABEL})*", value):
        raise ValueError("must be small letters, digits and hyphens, as in news of news.example.com")
    return value


_LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"

DomainName = Annotated[str, AfterValidator(_domain)]
Subdomain = Annotated[str, AfterValidator(_subdomain)]
