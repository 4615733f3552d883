"""TrustHub writes a document's status in capitals; the fields say what it says."""

from __future__ import annotations

from tests.providers.conftest import Resources

TOKEN = "twilio:TrustDocument"


def test_its_status_is_read_as_it_is(resources: Resources) -> None:
    state = resources.create(TOKEN)
    assert state.values["review_status"] == "DRAFT"
    resources.emulator.state.alter("twilio", "trust_documents", state.id, status="APPROVED")
    found = resources.read(TOKEN, state)
    assert found is not None
    assert found.values["review_status"] == "APPROVED"


def test_one_of_the_regulators_is_not_taken_for_it(resources: Resources) -> None:
    resources.create("twilio:RegulatoryDocument", type="customer_profile_address")
    assert resources.create(TOKEN).id in resources.emulator.state.collection("twilio", "trust_documents")
