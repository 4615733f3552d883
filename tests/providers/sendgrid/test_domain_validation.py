"""A domain's own: a reply that was misspelt, and a subuser who owns it."""

from __future__ import annotations

import pytest

from emulator.store import Collection
from providers.errors import NotFound
from tests.providers.cases import SUBUSER
from tests.providers.conftest import Resources

TOKEN = "sendgrid:DomainValidation"


@pytest.fixture(autouse=True)
def _published(resources: Resources) -> None:
    resources.make_needs(TOKEN)


def test_reasons_are_found_under_the_misspelt_name_too(resources: Resources, published: Collection) -> None:
    published["em1.example.com"] = {"type": "cname", "data": "other.example.net"}
    resources.emulator.state.collection("sendgrid", "switches")["validation_resuts"] = {"on": True}
    (reason,) = resources.create(TOKEN, dns_records=None).values["reasons"]
    assert reason.startswith('mail_cname: SendGrid says: Expected CNAME to match "u10000001.wl001.sendgrid.net"')


def test_a_subusers_domain_is_validated_on_its_behalf(resources: Resources) -> None:
    resources.create(TOKEN)
    (call,) = [entry for entry in resources.emulator.requests if entry.path.endswith("/validate")]
    assert call.headers["On-Behalf-Of"] == SUBUSER


def test_another_subusers_domain_is_not_found(resources: Resources) -> None:
    resources.create("sendgrid:Subuser", username="twilio_engage_app_other")
    with pytest.raises(NotFound, match="or correct the id or `subuser`"):
        resources.create(TOKEN, subuser="twilio_engage_app_other")


def test_the_domains_own_word_counts_and_not_that_of_its_records(resources: Resources, published: Collection) -> None:
    """A domain of manual security has its results under the names of the other kind."""
    domain = resources.emulator.state.collection("sendgrid", "domains")["1000001"]
    text = "v=spf1 include:sendgrid.net -all"
    domain["dns"] = {
        "mail_server": {"valid": False, "type": "mx", "host": "em1.example.com", "data": "mx.sendgrid.net"},
        "subdomain_spf": {"valid": False, "type": "txt", "host": "em1.example.com", "data": text},
    }
    del published["em1.example.com"]
    published["em1.example.com/mx"] = {"type": "mx", "data": "10 mx.sendgrid.net."}
    published["em1.example.com/txt"] = {
        "type": "txt",
        "data": "v=spf1 include:_spf.example.net include:sendgrid.net -all",
    }
    records = [
        {"type": "MX", "host": "em1.example.com", "value": "mx.sendgrid.net"},
        {"type": "TXT", "host": "em1.example.com", "value": text},
    ]
    state = resources.create(TOKEN, dns_records=records)
    assert state.values["status"] == "pending"
    assert [reason.partition(":")[0] for reason in state.values["reasons"]] == ["spf"]
