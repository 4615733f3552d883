"""TrustHub's end users are its own: neither collection is taken for the other."""

from __future__ import annotations

from tests.providers.conftest import Resources

TOKEN = "twilio:TrustEndUser"


def test_it_is_made_at_trusthub(resources: Resources) -> None:
    resources.create(TOKEN)
    (request,) = (entry for entry in resources.emulator.requests if entry.method == "POST")
    assert (request.host, request.path) == ("trusthub.twilio.com", "/v1/EndUsers")


def test_one_of_the_regulators_is_not_taken_for_it(resources: Resources) -> None:
    resources.create("twilio:RegulatoryEndUser")
    assert resources.create(TOKEN).id in resources.emulator.state.collection("twilio", "trust_end_users")


def test_its_type_is_any_that_twilio_has(resources: Resources) -> None:
    state = resources.create(TOKEN, type="authorized_representative_2", attributes={"first_name": "Ada"})
    row = resources.emulator.state.collection("twilio", "trust_end_users")[state.id]
    assert (row["type"], row["attributes"]) == ("authorized_representative_2", {"first_name": "Ada"})
