"""A subuser is never made twice, never taken from somebody, and never loses what cannot be read."""

from __future__ import annotations

import pytest

from providers.declaration import find
from providers.errors import NotFound, OwnershipError, VendorError
from tests.providers.cases import CASES, SUBUSER
from tests.providers.conftest import Resources

TOKEN = "sendgrid:Subuser"


def test_its_id_is_its_username_so_that_children_know_it_in_a_preview(resources: Resources) -> None:
    assert resources.create(TOKEN).id == SUBUSER


def test_the_log_in_tokens_of_the_reply_are_not_kept(resources: Resources) -> None:
    state = resources.create(TOKEN)
    assert set(state.values) == set(find(TOKEN).fields) - {"account"}


def test_one_that_was_kept_is_found_again_and_not_made_twice(resources: Resources) -> None:
    resources.create(TOKEN)
    again = resources.create(TOKEN)
    assert again.id == SUBUSER
    assert len(resources.sent("POST")) == 1


def test_the_password_of_an_adopted_one_is_unknown_and_no_change(resources: Resources) -> None:
    resources.create(TOKEN)
    again = resources.create(TOKEN, password="another-password-2")
    assert again.values["password"] is None
    assert resources.changed(TOKEN, again, {**CASES[TOKEN].inputs, "password": "another-password-2"}) == []


def test_an_adopted_one_is_brought_to_what_is_declared(resources: Resources) -> None:
    resources.create(TOKEN, disabled=True, ips=[])
    again = resources.create(TOKEN)
    read = resources.read(TOKEN, again)
    assert read is not None
    assert (read.values["disabled"], read.values["ips"]) == (False, ["192.0.2.10"])


def test_one_with_another_address_is_an_error_that_names_adopt_and_changes_nothing(resources: Resources) -> None:
    resources.create(TOKEN, email="somebody@example.com", disabled=True)
    written = len(resources.sent("PATCH"))
    with pytest.raises(OwnershipError, match=rf"another e-mail address -> set adopt to '{SUBUSER}'"):
        resources.create(TOKEN)
    assert (len(resources.sent("POST")), len(resources.sent("PATCH"))) == (1, written)


def test_adopt_takes_it_over_and_gives_it_the_declared_address(resources: Resources) -> None:
    resources.create(TOKEN, email="somebody@example.com")
    adopted = resources.create(TOKEN, adopt=SUBUSER)
    read = resources.read(TOKEN, adopted)
    assert read is not None
    assert (read.id, read.values["email"]) == (SUBUSER, "engage@example.com")
    assert len(resources.sent("POST")) == 1


def test_adopting_what_does_not_exist_says_so(resources: Resources) -> None:
    with pytest.raises(OwnershipError, match="adopt: there is no Subuser nobody"):
        resources.create(TOKEN, adopt="nobody")


def test_a_username_that_somebody_else_has_says_to_choose_another(resources: Resources) -> None:
    with pytest.raises(VendorError, match="username exists -> usernames are unique in all of SendGrid"):
        resources.create(TOKEN, username="twilio_engage_app_taken")


def test_a_longer_username_that_begins_alike_is_somebody_else(resources: Resources) -> None:
    longer = resources.create(TOKEN, username=f"{SUBUSER}_2")
    assert resources.client(TOKEN).find_subuser(SUBUSER) is None  # type: ignore[attr-defined]
    assert resources.create(TOKEN).id != longer.id


def test_a_change_of_username_is_refused_without_consent(resources: Resources) -> None:
    state = resources.create(TOKEN)
    lifecycle = find(TOKEN).lifecycle
    news = {**CASES[TOKEN].inputs, "username": "twilio_engage_app_other"}
    (failure,) = lifecycle.check(state.values, news).failures
    assert failure.startswith("username: cannot change on an existing Subuser")
    assert lifecycle.check(state.values, {**news, "allow_replacement": True}).failures == []


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("password", "short1", "16 to 128 characters"),
        ("password", "onlyletters" * 2, "a letter and a digit"),
        ("email", "engage", "is no e-mail address"),
        ("username", "with space", "match pattern"),
        ("ips", ["example.com"], "match pattern"),
    ],
)
def test_bad_input_is_refused_before_any_call(field: str, value: object, says: str) -> None:
    (failure,) = find(TOKEN).lifecycle.check({}, {**CASES[TOKEN].inputs, field: value}).failures
    assert failure.startswith(field)
    assert says in failure


def test_more_than_ten_addresses_are_read_back(resources: Resources) -> None:
    """The default page of /v3/ips has ten."""
    addresses = [f"192.0.2.{number}" for number in range(100, 112)]
    ips = resources.emulator.state.collection("sendgrid", "ips")
    for address in addresses:
        ips[address] = {**ips["192.0.2.10"], "ip": address}
    state = resources.create(TOKEN, ips=addresses)
    read = resources.read(TOKEN, state)
    assert read is not None
    assert sorted(read.values["ips"]) == sorted(addresses)


def test_a_subuser_that_does_not_exist_is_named_to_its_children(resources: Resources) -> None:
    with pytest.raises(NotFound, match=f"subuser {SUBUSER} does not exist -> declare the subuser"):
        resources.create("sendgrid:ApiKey")


def test_one_whose_reply_was_lost_keeps_its_password(resources: Resources) -> None:
    resources.emulator.fault(method="POST", drop="after")
    assert resources.create(TOKEN).values["password"] == CASES[TOKEN].inputs["password"]


def test_the_region_is_sent_asked_for_and_read_back(resources: Resources) -> None:
    state = resources.create(TOKEN, region="eu", ips=[])
    (sent,) = resources.sent("POST", "/subusers")
    assert (sent["region"], sent["include_region"]) == ("eu", True)
    assert resources.read(TOKEN, state) == state
    resources.emulator.state.alter("sendgrid", "subusers", SUBUSER, region="global")
    read = resources.read(TOKEN, state)
    assert read is not None
    assert read.values["region"] == "global"


def test_the_region_of_one_that_exists_cannot_become_another(resources: Resources) -> None:
    state = resources.create(TOKEN, ips=[])
    with pytest.raises(OwnershipError, match=f"Subuser {SUBUSER} exists, and its region cannot be changed"):
        resources.create(TOKEN, region="eu", ips=[])
    (failure,) = find(TOKEN).lifecycle.check(state.values, {**CASES[TOKEN].inputs, "region": "eu"}).failures
    assert failure.startswith("region: cannot change on an existing Subuser")


def test_a_state_from_before_regions_is_no_change(resources: Resources) -> None:
    state = resources.create(TOKEN)
    del state.values["region"], state.values["website_access"]
    assert resources.changed(TOKEN, state, CASES[TOKEN].inputs) == []


def test_ips_of_another_region_are_refused_with_the_reason(resources: Resources) -> None:
    with pytest.raises(VendorError, match="of this account, of the subuser's region"):
        resources.create(TOKEN, region="eu")


def website_access_disabled(resources: Resources) -> bool:
    subuser = resources.emulator.state.collection("sendgrid", "subusers")[SUBUSER]
    return bool(subuser["website_access_disabled"])


def test_website_access_is_left_alone_until_it_is_said(resources: Resources) -> None:
    state = resources.create(TOKEN)
    assert resources.sent("PATCH") == []
    state = resources.update(TOKEN, state, {**CASES[TOKEN].inputs, "website_access": False})
    assert website_access_disabled(resources)
    state = resources.update(TOKEN, state, CASES[TOKEN].inputs)
    assert website_access_disabled(resources)
    resources.update(TOKEN, state, {**CASES[TOKEN].inputs, "website_access": True})
    assert not website_access_disabled(resources)


def test_an_adopted_one_gets_the_website_access_that_is_declared(resources: Resources) -> None:
    """Nothing tells what it was, so it is set."""
    resources.create(TOKEN, website_access=False)
    resources.create(TOKEN, website_access=True)
    assert not website_access_disabled(resources)


def test_a_banned_subuser_and_what_it_has_are_not_gone(resources: Resources) -> None:
    state = resources.create(TOKEN)
    key = resources.create("sendgrid:ApiKey")
    resources.emulator.state.alter("sendgrid", "subusers", SUBUSER, banned=True)
    assert resources.read(TOKEN, state) == state
    with pytest.raises(VendorError, match=r"\(403\).*the subuser is disabled or banned"):
        resources.read("sendgrid:ApiKey", key)


def test_a_disabled_subuser_is_read_as_such_and_its_children_still_are(resources: Resources) -> None:
    state = resources.create(TOKEN, disabled=True)
    key = resources.create("sendgrid:ApiKey")
    assert resources.read(TOKEN, state) == state
    assert resources.read("sendgrid:ApiKey", key) == key
