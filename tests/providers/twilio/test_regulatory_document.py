"""A document is data about a file, or about an address; Twilio's verdict on it is read."""

from __future__ import annotations

import pytest

from providers.errors import VendorError
from tests.providers.cases import CASES
from tests.providers.conftest import Resources

TOKEN = "twilio:RegulatoryDocument"
DOCUMENTS = "supporting_documents"


def test_the_verdict_on_it_is_read(resources: Resources) -> None:
    state = resources.create(TOKEN)
    assert (state.values["review_status"], state.values["failure_reason"]) == ("draft", None)
    verdict = {"status": "rejected", "failure_reason": "Some failure reason."}
    resources.emulator.state.alter("twilio", DOCUMENTS, state.id, **verdict)
    found = resources.read(TOKEN, state)
    assert found is not None
    assert (found.values["review_status"], found.values["failure_reason"]) == ("rejected", "Some failure reason.")
    assert resources.changed(TOKEN, found, CASES[TOKEN].inputs) == []


def test_one_with_a_file_is_adopted_and_keeps_it(resources: Resources) -> None:
    theirs = resources.create(TOKEN, marker="made/by/hand")
    resources.emulator.state.alter("twilio", DOCUMENTS, theirs.id, mime_type="application/pdf")
    adopted = resources.create(TOKEN, adopt=theirs.id)
    assert (adopted.id, adopted.values["mime_type"]) == (theirs.id, "application/pdf")


def test_one_that_is_being_reviewed_is_not_deleted_and_the_message_says_when(resources: Resources) -> None:
    state = resources.create(TOKEN)
    resources.emulator.state.alter("twilio", DOCUMENTS, state.id, status="pending-review")
    with pytest.raises(VendorError, match=r"21646.* -> the document is being reviewed: delete it after that"):
        resources.delete(TOKEN, state)
