"""Which version of an operation is called, how often, and what a refusal is about."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from providers.connection import Connection
from providers.errors import VendorError
from providers.segment.client import ALPHA, MEDIA_TYPE, Pace, Segment
from tests.providers.conftest import Resources


@pytest.mark.parametrize(
    ("path", "version"),
    [
        ("/", MEDIA_TYPE),
        ("/sources", MEDIA_TYPE),
        ("/destinations", MEDIA_TYPE),
        ("/destinations/d1", MEDIA_TYPE),
        ("/destinations/d1/subscriptions", ALPHA),
        ("/destinations/d1/subscriptions/s1", ALPHA),
        ("/destinations/subscriptions", MEDIA_TYPE),
        ("/catalog/destinations/d1", MEDIA_TYPE),
        ("/spaces", ALPHA),
        ("/spaces/s1", ALPHA),
        ("/spaces/s1/audiences/previews", MEDIA_TYPE),
        ("/tracking-plans/p1/rules", MEDIA_TYPE),
    ],
)
def test_the_most_stable_version_of_an_operation_is_called(path: str, version: str) -> None:
    client = Segment(Connection())
    assert client.headers(path, body=False) == {"Accept": version}
    assert client.headers(path, body=True) == {"Accept": version, "Content-Type": version}


def test_the_version_is_what_goes_over_the_wire(resources: Resources) -> None:
    resources.client("segment").get("/spaces", **{"pagination[count]": 1})
    resources.client("segment").get("/")
    assert [entry.headers["Accept"] for entry in resources.emulator.requests] == [ALPHA, MEDIA_TYPE]


def test_a_workspace_in_the_eu_is_called_there_with_all_that_it_has(resources: Resources) -> None:
    (workspace,) = resources.emulator.state.collection("segment", "workspaces")
    resources.emulator.state.alter("segment", "workspaces", workspace, region="eu")
    client = Segment(Connection({"endpoint": resources.emulator.url, "segmentRegion": "eu"}))
    for path, key in (("/spaces", "spaces"), ("/sources", "sources"), ("/tracking-plans", "trackingPlans")):
        list(client.pages(path, key))
    assert {entry.host for entry in resources.emulator.requests} == {"eu1.api.segmentapis.com"}


def test_a_turn_comes_at_once_while_few_have_been_taken_and_then_after_its_time() -> None:
    now = [0.0]
    pace = Pace(2, 60, clock=lambda: now[0])
    assert [pace.take() for _ in range(5)] == [0, 0, 60, 60, 120]
    now[0] = 200
    assert pace.take() == 0


def test_threads_share_the_pace() -> None:
    pace = Pace(5, 60, clock=lambda: 0.0)
    with ThreadPoolExecutor(8) as threads:
        turns = sorted(threads.map(lambda _: pace.take(), range(50)))
    assert turns == [60.0 * (number // 5) for number in range(50)]


@pytest.mark.parametrize(
    ("path", "feature"),
    [
        ("/spaces/s1", "Spaces"),
        ("/destinations/d1/subscriptions", "Destination Subscriptions"),
        ("/tracking-plans", "Protocols"),
        ("/destinations/d1", None),
        ("/sources/s1", None),
    ],
)
def test_a_refusal_names_the_feature_that_the_workspace_may_lack(path: str, feature: str | None) -> None:
    client = Segment(Connection())
    for status in (403, 404, 422):
        hint = client.hint(path, status)
        assert (hint is None) if feature is None else f"enable the feature {feature}" in (hint or "")
    assert client.hint(path, 401) is client.hint(path, 429) is None


def test_a_422_without_a_feature_behind_it_says_where_to_look(resources: Resources) -> None:
    with pytest.raises(VendorError, match=r"422.*name: Extra inputs are not permitted.* -> compare the values"):
        resources.client("segment").send("POST", "/sources", body={"name": "x"})
