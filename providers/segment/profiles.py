"""Profiles read and fed: the Profile API of a space, and the Tracking API, each on a host and with a key of its own.

A profile's reference is personal data: no message has it, so that paths say `{reference}`, and what the API says in
its own words, which repeat it, is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import requests.auth

from providers.client import Auth, Body, Client, Failure
from providers.connection import Connection
from providers.errors import NotFound
from providers.segment.client import PROFILE_TOKEN, REGION

PAGE_SIZE = 100


class Profiles(Client):
    """https://www.twilio.com/docs/segment/unify/profile-api"""

    vendor = "Segment's Profile API"
    credentials = (PROFILE_TOKEN,)
    options = (REGION,)

    def __init__(self, connection: Connection, reference: str = "") -> None:
        super().__init__(connection)
        self.reference = reference

    def host(self, path: str = "/") -> str:
        return "profiles.euw1.segment.com" if REGION.read(self.connection) == "eu" else "profiles.segment.com"

    def auth(self) -> Auth:
        return requests.auth.HTTPBasicAuth(PROFILE_TOKEN.read(self.connection), "")

    def sent_path(self, path: str) -> str:
        """A `+` that is not escaped is not found, and other special characters are answered with a 500."""
        type_, _, value = self.reference.partition(":")
        return path.replace("{reference}", f"{quote(type_, safe='')}:{quote(value, safe='')}")

    def failure(self, status: int, body: Body) -> Failure:
        error = body.get("error") if isinstance(body, dict) else None
        code = str(error.get("code")) if isinstance(error, dict) else None
        hint = {
            401: "SEGMENT_PROFILE_API_TOKEN is wrong, was revoked, or is of another space or region",
            429: "too many requests: run the same command again in a minute",
        }
        return Failure("no external ids can be read", code, hint.get(status))

    def identifiers(self, space_id: str, reference: str, include: list[str]) -> set[str] | None:
        """The types of external ids that this profile has, of those to include; None where there is no such profile.

        References are looked up in small letters: github.com/segmentio/segment-docs pull 7780. As it was written is
        tried too, as a `user_id` may have capitals.
        """
        for spelled in dict.fromkeys([reference.lower(), reference]):
            try:
                return set(type(self)(self.connection, spelled)._types(space_id, include))
            except NotFound:
                continue
        return None

    def _types(self, space_id: str, include: list[str]) -> Iterator[str]:
        path = f"/v1/spaces/{space_id}/collections/users/profiles/{{reference}}/external_ids"
        query: dict[str, Any] = {"include": ",".join(include), "limit": PAGE_SIZE}
        while True:
            page = self.get(path, **query)
            yield from (row["type"] for row in page["data"])
            cursor = page.get("cursor") or {}
            if not (cursor.get("has_more") and cursor.get("next")):
                return
            query["next"] = cursor["next"]


class Tracking(Client):
    """https://www.twilio.com/docs/segment/connections/sources/catalog/libraries/server/http-api

    It answers 200 to a wrong write key, and to a call at the other region's host: only what arrives tells.
    """

    vendor = "Segment's Tracking API"
    options = (REGION,)

    def host(self, path: str = "/") -> str:
        return "events.eu1.segmentapis.com" if REGION.read(self.connection) == "eu" else "api.segment.io"

    def auth(self) -> Auth:
        """The write key is part of the body."""
        return lambda request: request

    def failure(self, status: int, body: Body) -> Failure:
        return Failure("the event was not taken")

    def identify(self, write_key: str, user_id: str, traits: dict[str, str]) -> None:
        """Safe to be sent twice: Segment leaves out the second event of a `messageId`."""
        body = {"writeKey": write_key, "userId": user_id, "messageId": user_id, "traits": traits}
        self.send("POST", "/v1/identify", body=body, idempotent=True)
