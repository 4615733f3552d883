"""Segment's seeded workspace, and where its records are."""

from emulator.context import collection
from emulator.made_up import credentials, sha256, token
from emulator.store import Collection, Record, Store

NAME = "segment"
WORKSPACE_ID = token(22, "workspace")


def records(name: str) -> Collection:
    return collection(NAME, name)


def workspace() -> Record:
    return records("workspaces")[WORKSPACE_ID]


def seed(store: Store) -> None:
    """A workspace with a token of the Public API. A token is scoped to one workspace."""
    store.collection(NAME, "workspaces")[WORKSPACE_ID] = {
        "id": WORKSPACE_ID,
        "slug": "engage",
        "name": "Engage",
        "region": "us",
        "token_sha256": sha256(credentials["SEGMENT_PUBLIC_API_TOKEN"]),
    }
    store.collection(NAME, "sources")
