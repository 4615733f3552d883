"""What a person at Twilio does to what was submitted."""

from __future__ import annotations

from typing import Any, Final

from providers.lifecycle import State
from tests.providers.conftest import Resources

ADDRESS: Final = {
    "friendly_name": "Office",
    "customer_name": "Example SARL",
    "street": "1 rue de l'Exemple",
    "city": "Paris",
    "region": "Paris",
    "postal_code": "75001",
    "iso_country": "FR",
}


def review(resources: Resources, collection: str, state: State, status: str, **found: Any) -> None:
    resources.emulator.state.alter("twilio", collection, state.id, status=status, **found)


def refreshed(resources: Resources, token: str, state: State) -> State:
    found = resources.read(token, state)
    assert found is not None
    return found


def assigned(resources: Resources, collection: str, state: State) -> set[str]:
    rows = resources.emulator.state.collection("twilio", collection)[state.id]["assignments"].values()
    return {row["object_sid"] for row in rows}
