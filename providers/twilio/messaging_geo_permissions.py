"""https://www.twilio.com/docs/messaging/guides/sms-geo-permissions"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from providers.declaration import Values, tag
from providers.errors import EngageError
from providers.lifecycle import PENDING, Lifecycle, State, rule
from providers.resource import Field, ListField, MapField, Resource, output, owner, required
from providers.twilio.client import Twilio

PATH: Final = "/v1/Messaging/GeoPermissions"
CONSOLE: Final = "https://console.twilio.com/us1/develop/sms/settings/geo-permissions"
APPLIED: Final = "applied"

Countries = Mapping[str, bool]
Reasons = Mapping[str, str]


class _MessagingGeoPermissions(Lifecycle[Twilio]):
    """As a Singleton, country by country: remembers what each was before it was managed, and restores that.

    Twilio takes what it can and refuses the rest within a reply of success: https://www.twilio.com/docs/api/errors/30649
    """

    delete_first = True

    @rule("countries")
    def _codes(self, countries: dict[str, bool]) -> str | None:
        wrong = [code for code in countries if not re.fullmatch("[A-Z]{2}", code)]
        if wrong or not countries:
            return "countries: must be two capital letters of ISO 3166 each, with true or false -> as in US: true"
        return None

    def create(self, client: Twilio, inputs: Values) -> State:
        shown = self._shown(client)
        previous = self._known(shown, inputs["countries"])
        values = self._applied(client, inputs, shown, {}, {})
        # Resources of other countries have the same account.
        return State(f"{client.account()}/{tag(inputs['marker'])}", {**values, "previous": previous})

    def read(self, client: Twilio, id_: str, values: Values) -> State | None:
        """What was refused stays as it is declared, and pending, until somebody allows it in the Console."""
        shown, refused = self._shown(client), values.get("refused") or {}
        declared: Countries = values["countries"]
        countries = {code: on if code in refused else shown.get(code, on) for code, on in declared.items()}
        return State(id_, self._told({**values, "countries": countries}, shown, refused))

    def update(self, client: Twilio, id_: str, olds: Values, news: Values) -> Values:
        """What is managed no longer gets back what it was, and what is from now on is remembered."""
        wanted, shown = news["countries"], self._shown(client)
        before: Countries = olds.get("previous") or {}
        released = self._restorable(olds, {code: on for code, on in before.items() if code not in wanted})
        previous = {**self._known(shown, wanted), **{code: on for code, on in before.items() if code in wanted}}
        values = self._applied(client, {**olds, **news}, shown, olds.get("refused") or {}, released)
        return {**values, "previous": previous}

    def delete(self, client: Twilio, id_: str, values: Values) -> None:
        restored = self._restorable(values, values.get("previous") or {})
        _all_restored(self._set(client, self._shown(client), restored))

    def _shown(self, client: Twilio) -> dict[str, bool]:
        rows = client.get(PATH)["permissions"] or []
        return {row["country_code"]: row["enabled"] for row in rows if row["type"] == "country"}

    def _known(self, shown: Countries, wanted: Countries) -> dict[str, bool]:
        if unknown := wanted.keys() - shown.keys():
            raise EngageError(
                f"countries: Twilio has no permission for {', '.join(sorted(unknown))} -> correct the code, or leave it"
                " out, as Twilio may not send there"
            )
        return {code: shown[code] for code in wanted}

    def _restorable(self, values: Values, countries: Countries) -> Countries:
        """Without what Twilio refused: what a person has allowed in the Console stays."""
        return {code: on for code, on in countries.items() if code not in (values.get("refused") or {})}

    def _applied(
        self, client: Twilio, values: Values, shown: Countries, refused: Reasons, released: Countries
    ) -> Values:
        """Bring the countries to what is declared, and those that are released to what they were."""
        wanted: Countries = values["countries"]
        differing = {code for code, on in wanted.items() if shown.get(code) != on}
        found = self._set(client, shown, {**released, **wanted})
        _all_restored(found.keys() - wanted.keys())
        refused = {**{code: why for code, why in refused.items() if code in wanted.keys() - differing}, **found}
        return self._told(values, {**shown, **{code: wanted[code] for code in differing - found.keys()}}, refused)

    def _set(self, client: Twilio, shown: Countries, wanted: Countries) -> dict[str, str]:
        """Change what differs; return Twilio's reasons for each country that it refused."""
        rows = [
            {"country_code": code, "type": "country", "enabled": on}
            for code, on in sorted(wanted.items())
            if shown.get(code) != on
        ]
        replies = client.send("PATCH", PATH, body={"Permissions": rows})["permissions"] if rows else []
        return {row["country_code"]: _reason(row) for row in replies if row.get("error_code")}

    def _told(self, values: Values, shown: Countries, refused: Reasons) -> Values:
        """The values with what is refused, and what to do about it where it is not done yet."""
        wanted: Countries = values["countries"]
        warnings = [
            f"texting {code} could not be {'allowed' if wanted[code] else 'forbidden'} ({why}) -> do it at {CONSOLE}"
            " and run `up` again, or leave the country out"
            for code, why in sorted(refused.items())
            if code in wanted and shown.get(code) != wanted[code]
        ]
        return {**values, "refused": refused, "status": PENDING if warnings else APPLIED, "warnings": warnings}


def _all_restored(refused: Iterable[str]) -> None:
    if codes := ", ".join(sorted(refused)):
        raise EngageError(
            f"Twilio did not restore the permissions of {codes} -> set them as they are to be at {CONSOLE}, and run the"
            " same command again"
        )


def _reason(row: Mapping[str, Any]) -> str:
    return "; ".join(map(str, row.get("error_messages") or [])) or f"code {row['error_code']}"


class MessagingGeoPermissions(Resource, module="twilio"):
    """The countries that may be texted, of those that are named; all others stay as they are.

    Some countries can be allowed in the Console alone, because there is much fraud with their numbers: these are told
    in `warnings`, and pending. Deleting the resource restores what each country was before. A subaccount has the
    permissions of its parent, unless they are set in it. https://www.twilio.com/docs/messaging/guides/sms-geo-permissions
    """

    countries: MapField[bool] = required(
        "Whether each country may be texted, by the two capital letters of ISO 3166, as in `US: true`."
    )
    marker: Field[str] = owner()
    status: Field[str] = output("`applied`, or `pending` while Twilio refuses some.")
    refused: MapField[str] = output("Twilio's reason for each country that only the Console can set.")
    previous: MapField[bool] = output("What each country was before it was managed.")
    warnings: ListField[str] = output("Countries that can be set in the Console alone, each with what to do.")

    lifecycle = _MessagingGeoPermissions()
