"""A webhook is always named by its id, never made twice, never taken from somebody, and says what keeps events away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from providers.declaration import find, tag
from providers.errors import EngageError, OwnershipError, VendorError
from providers.lifecycle import Reply, State
from providers.sendgrid.client import SendGrid
from providers.sendgrid.event_webhook import ENGAGE_URL
from tests.providers.cases import CASES, EVENTS, MARKER, OAUTH, SUBUSER
from tests.providers.conftest import Resources

TOKEN = "sendgrid:EventWebhook"
SETTINGS = "/v3/user/webhooks/event/settings"
GIVEN = CASES[TOKEN].inputs
SUBSCRIPTION_IS_OFF = (
    "subscription tracking is off, so that no unsubscribe, group_unsubscribe, group_resubscribe events come"
    " -> turn it on (SubscriptionTracking), or these events off"
)


@pytest.fixture(autouse=True)
def _subuser(resources: Resources) -> None:
    resources.create("sendgrid:Subuser")


def webhooks(resources: Resources) -> dict[str, Any]:
    return resources.emulator.state.collection("sendgrid", "event_webhooks")


def somebodys(resources: Resources, **body: Any) -> str:
    """A webhook of the subuser that this program did not make."""
    client = resources.client(TOKEN).scoped({"subuser": SUBUSER})
    return str(client.send("POST", SETTINGS, body={"url": GIVEN["url"], **body})["id"])


def read(resources: Resources, state: State) -> State:
    found = resources.read(TOKEN, state)
    assert found is not None
    return found


def test_all_eleven_events_are_on_unless_one_is_turned_off(resources: Resources) -> None:
    resources.create(TOKEN, click=False)
    (sent,) = resources.sent("POST", "/settings")
    assert {name: sent[name] for name in EVENTS} == {**dict.fromkeys(EVENTS, True), "click": False}
    assert len(EVENTS) == 11


def test_the_engage_urls_of_both_regions_are_known() -> None:
    assert ENGAGE_URL["us"] == "https://engage-ma-webhook-api.engage.segment.com/sendgrid"
    assert ENGAGE_URL["eu"] == "https://engage-ma-webhook-api.euw1.engage.segment.com/sendgrid"
    for url in ENGAGE_URL.values():
        assert find(TOKEN).lifecycle.check({}, {"url": url, "marker": MARKER}).failures == []


def test_without_oauth_nothing_of_it_is_sent(resources: Resources) -> None:
    resources.create(TOKEN)
    (sent,) = resources.sent("POST", "/settings")
    assert not OAUTH.keys() & sent.keys()


def test_every_change_names_the_id_and_brings_the_url(resources: Resources) -> None:
    other = somebodys(resources, url="https://example.com/oldest")
    state = resources.create(TOKEN)
    resources.update(TOKEN, state, {**GIVEN, "processed": False, "signed": True})
    paths = [entry.path for entry in resources.emulator.requests if entry.method == "PATCH"]
    assert paths == [f"{SETTINGS}/{state.id}", f"{SETTINGS}/signed/{state.id}"]
    assert resources.sent("PATCH", state.id)[0]["url"] == GIVEN["url"]
    assert webhooks(resources)[other]["url"] == "https://example.com/oldest"


def test_its_name_bears_the_owners_tag(resources: Resources) -> None:
    state = resources.create(TOKEN, friendly_name="Events")
    assert webhooks(resources)[state.id]["friendly_name"] == f"Events [{tag(MARKER)}]"
    assert read(resources, state).values["friendly_name"] == "Events"


def test_a_name_that_somebody_took_away_is_put_back(resources: Resources) -> None:
    state = resources.create(TOKEN)
    resources.emulator.state.alter("sendgrid", "event_webhooks", state.id, friendly_name=None)
    drifted = read(resources, state)
    assert resources.changed(TOKEN, drifted, GIVEN) == ["friendly_name", "marker"]
    assert read(resources, resources.update(TOKEN, drifted, GIVEN)) == state


# -- whose it is ---------------------------------------------------------------------------------------------------


def test_one_that_an_earlier_run_made_is_found_by_its_tag_and_brought_to_what_is_declared(resources: Resources) -> None:
    left = resources.create(TOKEN, url="https://example.com/before", signed=True, open=False)
    again = resources.create(TOKEN)
    assert again.id == left.id
    assert len(resources.sent("POST", "/settings")) == 1
    found = read(resources, again)
    assert (found.values["url"], found.values["open"], found.values["signed"]) == (GIVEN["url"], True, False)
    assert found == again


def test_somebody_elses_with_the_same_url_is_an_error_that_names_adopt_and_changes_nothing(
    resources: Resources,
) -> None:
    theirs = somebodys(resources)
    with pytest.raises(OwnershipError, match=rf"sends there already.* -> set adopt to '{theirs}'"):
        resources.create(TOKEN)
    assert resources.sent("PATCH") == []
    assert list(webhooks(resources)) == [theirs]


def test_adopt_takes_it_over_and_gives_it_the_tag(resources: Resources) -> None:
    theirs = somebodys(resources, friendly_name="Theirs")
    adopted = resources.create(TOKEN, adopt=theirs)
    assert adopted.id == theirs
    assert webhooks(resources)[theirs]["friendly_name"] == f"Twilio Engage [{tag(MARKER)}]"
    assert read(resources, adopted) == adopted


def test_a_legacy_webhook_without_a_name_can_be_adopted(resources: Resources) -> None:
    theirs = somebodys(resources)
    resources.emulator.state.alter("sendgrid", "event_webhooks", theirs, created_date=None)
    adopted = resources.create(TOKEN, adopt=theirs)
    assert adopted.values["created_date"] is None
    assert read(resources, adopted) == adopted


def test_adopting_what_does_not_exist_says_so(resources: Resources) -> None:
    with pytest.raises(OwnershipError, match="adopt: there is no EventWebhook nothing to adopt"):
        resources.create(TOKEN, adopt="nothing")


@pytest.fixture
def _late_list(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first list does not show yet what there is."""
    lifecycle = find(TOKEN).lifecycle
    rows, shown = lifecycle._rows, []  # type: ignore[attr-defined]  # of this resource

    def late(client: SendGrid) -> Iterator[Reply]:
        shown.append(client)
        return iter(()) if len(shown) == 1 else rows(client)

    monkeypatch.setattr(lifecycle, "_rows", late)


@pytest.mark.usefixtures("_late_list")
def test_ours_is_adopted_where_only_the_refusal_of_its_url_shows_that_it_exists(resources: Resources) -> None:
    left = somebodys(resources, friendly_name=f"Left [{tag(MARKER)}]")
    state = resources.create(TOKEN)
    assert state.id == left
    assert read(resources, state) == state


@pytest.mark.usefixtures("_late_list")
def test_somebody_elses_is_not_where_only_the_refusal_of_its_url_shows_that_it_exists(resources: Resources) -> None:
    theirs = somebodys(resources, friendly_name="Theirs")
    with pytest.raises(OwnershipError, match=f"set adopt to '{theirs}'"):
        resources.create(TOKEN)


def test_a_url_that_only_sendgrid_takes_for_the_same_is_told_with_the_id_of_the_webhook(resources: Resources) -> None:
    body = {
        "errors": [
            {
                "id": "123abc",
                "message": "Webhook at 'https://example.com/events/?token=hunter2' already"
                " exists. Please provide a unique URL.",
                "url": "https://example.com/events/?token=hunter2",
            }
        ]
    }
    resources.emulator.fault(method="POST", status=400, body=body)
    with pytest.raises(VendorError, match=r"\(id 123abc\) -> set adopt to the id of that webhook") as raised:
        resources.create(TOKEN)
    assert "hunter2" not in str(raised.value)


def test_a_webhook_of_another_account_is_neither_seen_nor_touched(resources: Resources) -> None:
    own = resources.create(TOKEN)
    parents = resources.create(TOKEN, subuser=None)
    assert own.id != parents.id
    assert [webhooks(resources)[state.id]["owner"] for state in (own, parents)] == [SUBUSER, "engage_parent"]


# -- how many ------------------------------------------------------------------------------------------------------


def test_how_many_the_plan_allows_is_told(resources: Resources) -> None:
    assert resources.create(TOKEN).values["max_allowed"] == 5


def test_one_too_many_for_the_plan_says_what_to_do(resources: Resources) -> None:
    for number in range(5):
        somebodys(resources, url=f"https://example.com/{number}")
    with pytest.raises(VendorError, match=r"maximum number of webhooks .* -> delete or adopt one at .* larger plan"):
        resources.create(TOKEN)


def test_a_row_without_an_id_is_no_webhook(resources: Resources) -> None:
    """So does an account without any answer."""
    client = resources.client(TOKEN).scoped({"subuser": SUBUSER})
    assert client.get(f"{SETTINGS}/all")["webhooks"] == [{}]
    assert resources.create(TOKEN).id


# -- signing and OAuth ---------------------------------------------------------------------------------------------


def test_signing_is_turned_on_by_a_call_of_its_own_and_gives_the_public_key(resources: Resources) -> None:
    state = resources.create(TOKEN, signed=True)
    assert resources.sent("PATCH") == [{"enabled": True}]
    assert state.values["public_key"] == webhooks(resources)[state.id]["public_key"]
    assert "signed" not in resources.sent("POST", "/settings")[0]


def test_signing_that_somebody_turned_off_is_found_and_turned_on_again(resources: Resources) -> None:
    state = resources.create(TOKEN, signed=True)
    resources.emulator.state.alter("sendgrid", "event_webhooks", state.id, public_key=None)
    drifted = read(resources, state)
    assert (drifted.values["signed"], drifted.values["public_key"]) == (False, None)
    mended = resources.update(TOKEN, drifted, {**GIVEN, "signed": True})
    assert mended.values["public_key"]


def test_a_lost_reply_between_making_and_signing_leaves_one_that_the_next_run_signs(resources: Resources) -> None:
    resources.emulator.fault(method="PATCH", path="signed", status=503, times=6)
    with pytest.raises(EngageError, match="run the same command again"):
        resources.create(TOKEN, signed=True)
    state = resources.create(TOKEN, signed=True)
    assert list(webhooks(resources)) == [state.id]
    assert state.values["public_key"]


def test_a_new_oauth_secret_is_a_change_that_is_sent_and_the_old_one_is_none(resources: Resources) -> None:
    state = resources.create(TOKEN, **OAUTH)
    known = webhooks(resources)[state.id]["oauth_client_secret_sha256"]
    again = read(resources, state)
    assert resources.changed(TOKEN, again, {**GIVEN, **OAUTH}) == []
    news = {**GIVEN, **OAUTH, "oauth_client_secret": "another-horse"}
    assert resources.changed(TOKEN, again, news) == ["oauth_client_secret"]
    resources.update(TOKEN, again, news)
    assert webhooks(resources)[state.id]["oauth_client_secret_sha256"] != known


def test_an_adopted_one_gets_the_declared_secret_whatever_it_had(resources: Resources) -> None:
    theirs = somebodys(resources, **{**OAUTH, "oauth_client_secret": "theirs"})
    known = webhooks(resources)[theirs]["oauth_client_secret_sha256"]
    resources.create(TOKEN, adopt=theirs, **OAUTH)
    assert webhooks(resources)[theirs]["oauth_client_secret_sha256"] != known


def test_oauth_that_somebody_turned_off_is_found_and_turned_on_again(resources: Resources) -> None:
    state = resources.create(TOKEN, **OAUTH)
    record = webhooks(resources)[state.id]
    record.update(oauth={"oauth_client_id": "", "oauth_token_url": ""}, oauth_client_secret_sha256=None)
    drifted = read(resources, state)
    assert resources.changed(TOKEN, drifted, {**GIVEN, **OAUTH}) == ["oauth_client_id", "oauth_token_url"]
    assert read(resources, resources.update(TOKEN, drifted, {**GIVEN, **OAUTH})) == state
    assert record["oauth_client_secret_sha256"]


def test_oauth_that_is_left_out_again_is_turned_off_by_empty_texts(resources: Resources) -> None:
    state = resources.create(TOKEN, **OAUTH)
    resources.update(TOKEN, state, GIVEN)
    record = webhooks(resources)[state.id]
    assert record["oauth"] == {"oauth_client_id": "", "oauth_token_url": ""}
    assert record["oauth_client_secret_sha256"] is None


@pytest.mark.parametrize("missing", OAUTH)
def test_a_part_of_oauth_alone_is_refused(missing: str) -> None:
    given = {**GIVEN, "marker": MARKER, **OAUTH, missing: None}
    (failure,) = find(TOKEN).lifecycle.check({}, given).failures
    assert failure.startswith("oauth_client_id: works only together with")
    assert OAUTH["oauth_client_secret"] not in failure


# -- what keeps events away ----------------------------------------------------------------------------------------


def test_events_that_need_a_tracking_setting_that_is_off_are_warned_of(resources: Resources) -> None:
    state = resources.create(TOKEN)
    assert state.values["warnings"] == [SUBSCRIPTION_IS_OFF]
    resources.create("sendgrid:ClickTracking", enabled=False)
    found = read(resources, state).values["warnings"]
    assert found == [
        "click tracking is off, so that no click events come -> turn it on (ClickTracking), or these events off",
        SUBSCRIPTION_IS_OFF,
    ]


def test_nothing_is_warned_of_where_all_three_settings_are_on(resources: Resources) -> None:
    for name in ("Click", "Open", "Subscription"):
        resources.create(f"sendgrid:{name}Tracking")
    assert resources.create(TOKEN).values["warnings"] == []


@pytest.mark.parametrize(
    "off",
    [{"enabled": False}, {"unsubscribe": False, "group_unsubscribe": False, "group_resubscribe": False}],
    ids=["a webhook that is off", "events that nobody asks for"],
)
def test_what_is_not_asked_for_is_not_missed(resources: Resources, off: dict[str, bool]) -> None:
    assert resources.create(TOKEN, **off).values["warnings"] == []


def test_a_key_that_may_not_read_the_settings_is_no_failure_of_the_webhook(resources: Resources) -> None:
    resources.emulator.fault(path="tracking_settings$", status=403)
    (warning,) = resources.create(TOKEN).values["warnings"]
    assert warning.startswith("it is not known whether open, click and subscription tracking are on")


def test_the_settings_of_the_subuser_are_looked_at_and_not_the_parents(resources: Resources) -> None:
    resources.create("sendgrid:SubscriptionTracking", subuser=None)
    assert resources.create(TOKEN).values["warnings"] == [SUBSCRIPTION_IS_OFF]
