"""Spaces, and operations that exist in alpha alone."""

import pytest

from emulator import Emulator
from emulator.segment.state import WORKSPACE_ID
from tests.emulator.conftest import Client, refusal

V1, ALPHA = (f"application/vnd.segment.{version}+json" for version in ("v1", "v1alpha"))
PAGE = {"pagination[count]": 10}


def test_a_workspace_has_two_spaces_from_the_beginning(client: Client) -> None:
    spaces = client.segment("GET", "/spaces", params=PAGE).json()["data"]["spaces"]
    assert [(space["slug"], space["name"]) for space in spaces] == [("dev", "Dev"), ("prod", "Prod")]
    for space in spaces:
        assert client.segment("GET", f"/spaces/{space['id']}").json()["data"] == {"space": space}
    assert client.segment("GET", "/spaces/nobody").status_code == 404


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
def test_no_operation_makes_changes_or_removes_one(client: Client, method: str) -> None:
    assert client.segment(method, "/spaces").status_code == 501
    assert client.segment(method, "/spaces/dev").status_code == 501


@pytest.mark.parametrize(
    ("accept", "status"), [("*/*", 200), (ALPHA, 200), (f"{V1}, {ALPHA};q=0.1", 200), (V1, 406), (f"{V1}beta", 406)]
)
def test_what_exists_in_alpha_alone_is_refused_in_another_version(client: Client, accept: str, status: int) -> None:
    reply = client.segment("GET", "/spaces", params=PAGE, headers={"Accept": accept})
    assert reply.status_code == status
    if status == 200:
        assert reply.headers["Content-Type"] == ALPHA
    else:
        assert refusal(reply) == (406, [f"the operation exists as {ALPHA}"])


def test_what_is_stable_is_there_in_every_version(client: Client) -> None:
    for version in ("v1", "v1beta", "v1alpha"):
        kind = f"application/vnd.segment.{version}+json"
        assert client.segment("GET", "/", headers={"Accept": kind}).headers["Content-Type"] == kind


@pytest.mark.parametrize("status", [403, 422])
def test_a_workspace_without_a_feature_is_refused_with_the_status_of_the_switch(
    client: Client, emu: Emulator, status: int
) -> None:
    emu.state.alter("segment", "switches", "missing_feature", status=status)
    emu.state.alter("segment", "workspaces", WORKSPACE_ID, features=[])
    for path in (
        "/spaces",
        "/spaces/dev",
        "/tracking-plans",
        "/tracking-plans/tp_1/rules",
        "/destinations/a/subscriptions",
    ):
        reply = client.segment("GET", path, params={} if path == "/spaces/dev" else PAGE)
        assert reply.status_code == status, path
        assert "does not have the" in reply.json()["errors"][0]["message"]
    assert client.segment("GET", "/sources", params=PAGE).status_code == 200
