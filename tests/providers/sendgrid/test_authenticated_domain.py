"""One domain in several accounts and stacks: whose is whose, and what to publish for it."""

from __future__ import annotations

from typing import Any

import pytest

from emulator import Emulator
from providers.declaration import UNKNOWN, find
from providers.errors import Ambiguous, OwnershipError
from providers.sendgrid.authenticated_domain import selector
from tests.providers.cases import CASES, MARKER, SUBUSER
from tests.providers.conftest import Resources

TOKEN = "sendgrid:AuthenticatedDomain"
OURS = selector(MARKER, "global")
# The example of the contract tests manages its SPF; most manage none.
PLAIN: dict[str, Any] = {"automatic_security": True, "custom_spf": None, "ips": None}
CHOSEN: dict[str, Any] = {**PLAIN, "subdomain": None}


def domains(emulator: Emulator) -> dict[str, dict[str, Any]]:
    return dict(emulator.state.collection("sendgrid", "domains"))


def failures(olds: dict[str, Any] | None = None, **inputs: Any) -> list[str]:
    return find(TOKEN).lifecycle.check(olds or {}, {"domain": "example.com", "marker": MARKER, **inputs}).failures


def test_automatic_security_gives_three_cnames_that_say_what_they_are_for(resources: Resources) -> None:
    records = resources.create(TOKEN, **PLAIN).values["dns_records"]
    assert [(record["type"], record["host"], record["purpose"].partition(":")[0]) for record in records] == [
        ("CNAME", "mail.example.com", "mail CNAME"),
        ("CNAME", f"{OURS}._domainkey.example.com", "DKIM 1"),
        ("CNAME", f"{OURS}2._domainkey.example.com", "DKIM 2"),
    ]
    assert all(record["value"].endswith(".sendgrid.net") for record in records)


def test_manual_security_gives_mx_and_txt_records_in_the_same_shape(resources: Resources) -> None:
    records = resources.create(TOKEN).values["dns_records"]
    assert [record["type"] for record in records] == ["MX", "TXT", "TXT", "TXT"]
    assert {frozenset(record) for record in records} == {frozenset({"type", "host", "value", "purpose"})}
    assert records[1]["value"] == "v=spf1 ip4:192.0.2.10 -all"


def test_a_record_that_no_document_has_is_passed_on(resources: Resources) -> None:
    state = resources.create(TOKEN, **PLAIN)
    record = {"valid": False, "type": "txt", "host": "_dmarc.example.com", "data": "v=DMARC1; p=none"}
    (domain,) = domains(resources.emulator).values()
    resources.emulator.state.alter("sendgrid", "domains", state.id, dns={**domain["dns"], "dmarc_policy": record})
    read = resources.read(TOKEN, state)
    assert read is not None
    assert read.values["dns_records"][-1] == {
        "type": "TXT",
        "host": "_dmarc.example.com",
        "value": "v=DMARC1; p=none",
        "purpose": "dmarc policy",
    }


def test_a_subdomain_that_sendgrid_chose_is_an_output_and_no_change(resources: Resources) -> None:
    state = resources.create(TOKEN, **CHOSEN)
    assert (state.values["subdomain"], state.values["mail_subdomain"]) == (None, "em1001")
    read = resources.read(TOKEN, state)
    assert read == state
    assert resources.changed(TOKEN, state, {"domain": "example.com"}) == []


def test_naming_the_subdomain_no_longer_leaves_it_as_it_is(resources: Resources) -> None:
    state = resources.create(TOKEN, **PLAIN)
    assert resources.changed(TOKEN, state, {"domain": "example.com"}) == []


def test_the_selector_comes_from_the_owner_and_is_sent(resources: Resources) -> None:
    resources.create(TOKEN, **PLAIN)
    (sent,) = resources.sent("POST")
    assert sent["custom_dkim_selector"] == OURS
    assert (len(OURS), OURS.isalnum()) == (3, True)
    others = {selector(marker, "global") for marker in (MARKER, "p/prod/example", "p/test/example", "q/test/example")}
    assert len(others | {selector(MARKER, "eu")}) == 5


def test_a_selector_of_ones_own_is_used(resources: Resources) -> None:
    state = resources.create(TOKEN, **PLAIN, custom_dkim_selector="abc")
    assert state.values["dns_records"][1]["host"] == "abc._domainkey.example.com"


def test_a_resource_that_is_renamed_keeps_its_selector(resources: Resources) -> None:
    state = resources.create(TOKEN, **PLAIN)
    renamed = find(TOKEN).lifecycle.check(
        state.values, {"domain": "example.com", "subdomain": "mail", "marker": "twilio-engage/test/renamed"}
    )
    assert renamed.failures == []
    assert renamed.inputs["custom_dkim_selector"] == OURS
    difference = find(TOKEN).lifecycle.diff(state.values, renamed.inputs)
    assert (difference.changed, difference.replaces) == (["marker"], [])
    written = len(resources.emulator.requests)
    find(TOKEN).lifecycle.update(resources.client(TOKEN), state.id, state.values, renamed.inputs)
    assert len(resources.emulator.requests) == written


def test_two_stacks_hold_one_domain_with_records_of_their_own(resources: Resources) -> None:
    ours = resources.create(TOKEN, **CHOSEN)
    theirs = resources.create(TOKEN, **CHOSEN, marker="twilio-engage/prod/example")
    assert ours.id != theirs.id
    hosts = [{record["host"] for record in state.values["dns_records"]} for state in (ours, theirs)]
    assert not hosts[0] & hosts[1]


def test_one_that_was_kept_is_found_again_whoever_chose_its_subdomain(resources: Resources) -> None:
    for subdomain in (None, "mail"):
        kept = resources.create(TOKEN, **PLAIN, subdomain=subdomain, domain=f"{subdomain or 'chosen'}.example.com")
        again = resources.create(TOKEN, **PLAIN, subdomain=subdomain, domain=kept.values["domain"])
        assert again == kept
    assert len(resources.sent("POST")) == 2


def test_it_is_found_on_a_later_page(resources: Resources, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("providers.sendgrid.client.PAGE", 2)
    for number in range(4):
        resources.create(TOKEN, **CHOSEN, custom_dkim_selector=f"zz{number}")
    ours = resources.create(TOKEN, **CHOSEN)
    assert resources.create(TOKEN, **CHOSEN).id == ours.id


def test_the_same_domain_of_a_subuser_is_not_the_parents(resources: Resources) -> None:
    resources.create("sendgrid:Subuser")
    theirs = resources.create(TOKEN, **PLAIN, subuser=SUBUSER)
    ours = resources.create(TOKEN, **PLAIN)
    assert (theirs.id != ours.id, resources.create(TOKEN, **PLAIN, subuser=SUBUSER).id) == (True, theirs.id)
    assert {domain["owner"] for domain in domains(resources.emulator).values()} == {SUBUSER, "engage_parent"}


def test_a_longer_domain_that_contains_it_is_another(resources: Resources) -> None:
    other = resources.create(TOKEN, **PLAIN, domain="shop.example.com")
    assert resources.create(TOKEN, **PLAIN).id != other.id


def test_a_subdomain_in_use_with_another_selector_is_an_error_that_names_adopt(resources: Resources) -> None:
    theirs = resources.create(TOKEN, **PLAIN, marker="twilio-engage/prod/example")
    with pytest.raises(OwnershipError, match=rf"another DKIM selector -> set adopt to '{theirs.id}'"):
        resources.create(TOKEN, **PLAIN)
    assert len(resources.sent("POST")) == 1
    assert resources.create(TOKEN, **PLAIN, adopt=theirs.id).id == theirs.id


def test_addresses_that_an_adopted_one_lacks_are_added(resources: Resources) -> None:
    first = resources.create(TOKEN)
    again = resources.create(TOKEN, ips=["192.0.2.10", "192.0.2.11"])
    assert again.id == first.id
    assert domains(resources.emulator)[first.id]["ips"] == ["192.0.2.10", "192.0.2.11"]


def test_a_change_of_addresses_adds_and_removes_just_those(resources: Resources) -> None:
    state = resources.create(TOKEN, ips=["192.0.2.10", "192.0.2.11"])
    changed = resources.update(TOKEN, state, {**CASES[TOKEN].inputs, "ips": ["192.0.2.11", "192.0.2.12"]})
    written = [(entry.method, entry.path) for entry in resources.emulator.requests if entry.method != "GET"]
    assert written[1:] == [
        ("POST", f"/v3/whitelabel/domains/{state.id}/ips"),
        ("DELETE", f"/v3/whitelabel/domains/{state.id}/ips/192.0.2.10"),
    ]
    assert "ip4:192.0.2.12" in changed.values["dns_records"][1]["value"]


def test_what_no_reply_shows_is_never_a_change(resources: Resources) -> None:
    state = resources.create(TOKEN, region="eu")
    read = resources.read(TOKEN, state)
    assert read is not None
    assert {name: read.values[name] for name in ("region", "ips")} == {"region": "eu", "ips": ["192.0.2.10"]}
    assert read.values["custom_dkim_selector"] == selector(MARKER, "eu")


def test_default_is_left_to_sendgrid_unless_it_is_declared(resources: Resources) -> None:
    state = resources.create(TOKEN, **PLAIN)
    assert "default" not in resources.sent("POST")[0]
    resources.emulator.state.alter("sendgrid", "domains", state.id, default=True)
    read = resources.read(TOKEN, state)
    assert read is not None
    assert read.values["default"] is None


def test_whether_it_is_valid_is_read_and_is_no_change(resources: Resources) -> None:
    state = resources.create(TOKEN, **PLAIN)
    resources.emulator.state.alter("sendgrid", "domains", state.id, valid=True)
    read = resources.read(TOKEN, state)
    assert read is not None
    assert (state.values["valid"], read.values["valid"]) == (False, True)
    assert read.values["dns_records"] == state.values["dns_records"]


def test_one_in_a_subuser_that_is_gone_is_gone(resources: Resources) -> None:
    resources.create("sendgrid:Subuser")
    state = resources.create(TOKEN, **PLAIN, subuser=SUBUSER)
    resources.emulator.state.remove("sendgrid", "subusers", SUBUSER)
    assert resources.read(TOKEN, state) is None
    resources.delete(TOKEN, state)


def test_a_lost_reply_to_the_list_is_not_taken_for_an_empty_one(resources: Resources) -> None:
    resources.create(TOKEN, **PLAIN)
    resources.emulator.fault(method="GET", status=500, times=100)
    with pytest.raises(Ambiguous):
        resources.create(TOKEN, **PLAIN)
    assert len(resources.sent("POST")) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("domain", "other.example.com"),
        ("subdomain", "new"),
        ("automatic_security", False),
        ("custom_dkim_selector", "new"),
    ],
)
def test_what_cannot_change_is_refused_without_consent(resources: Resources, field: str, value: Any) -> None:
    state = resources.create(TOKEN, **PLAIN)
    news = {"domain": "example.com", "subdomain": "mail", field: value}
    (failure,) = failures(state.values, **news)
    assert failure.startswith(f"{field}: cannot change on an existing AuthenticatedDomain")
    assert failures(state.values, **news, allow_replacement=True) == []


def test_another_region_takes_another_selector_as_no_reply_shows_the_region(resources: Resources) -> None:
    state = resources.create(TOKEN, **PLAIN, custom_dkim_selector="abc", allow_replacement=True)
    news: dict[str, Any] = {"subdomain": "mail", "region": "eu", "allow_replacement": True}
    (failure,) = failures(state.values, **news, custom_dkim_selector="abc")
    assert failure.startswith("custom_dkim_selector: must change with region -> choose another")
    assert failures(state.values, **news) == []


def test_an_unknown_region_leaves_the_selector_unknown() -> None:
    checked = find(TOKEN).lifecycle.check({}, {"domain": "example.com", "marker": MARKER, "region": UNKNOWN})
    assert checked.failures == []
    assert checked.inputs["custom_dkim_selector"] is UNKNOWN


@pytest.mark.parametrize(
    ("inputs", "says"),
    [
        ({"domain": "https://example.com"}, "domain: is no domain in small letters"),
        ({"domain": "Example.com"}, "domain: is no domain in small letters"),
        ({"domain": "example"}, "domain: is no domain in small letters"),
        ({"subdomain": "under_score"}, "subdomain: must be small letters, digits and hyphens"),
        ({"custom_dkim_selector": "s1"}, "custom_dkim_selector: string should match pattern"),
        ({"custom_dkim_selector": "a-b"}, "custom_dkim_selector: string should match pattern"),
        ({"region": "us"}, "region: input should be 'global' or 'eu'"),
        ({"custom_spf": True}, "custom_spf: SendGrid manages SPF -> set automatic_security=False"),
        ({"automatic_security": False, "ips": ["192.0.2.10"]}, "ips: are for a custom SPF record alone"),
    ],
)
def test_bad_input_is_refused_before_any_call(inputs: dict[str, Any], says: str) -> None:
    (failure,) = failures(**inputs)
    assert failure.startswith(says)
