"""Segment's seeded workspace, and where its records are."""

from emulator.context import collection
from emulator.made_up import credentials, sha256, token
from emulator.store import Collection, Record, Store

NAME = "segment"
WORKSPACE_ID = token(22, "workspace")

FEATURES = ["Spaces", "Destination Subscriptions", "Protocols"]
_SWITCHES: dict[str, Record] = {
    # Which status refuses a workspace that lacks a feature is not documented: set another to prove that a client copes.
    "missing_feature": {"status": 403},
    # Nor is it documented whether an update of settings keeps those that it leaves out.
    "update_of_settings": {"keeps_others": True},
}


def switch(name: str) -> Record:
    """What was chosen where the documents are silent; a state file of an earlier release has none."""
    return records("switches").get(name, _SWITCHES[name])


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
        "features": list(FEATURES),
    }
    store.collection(NAME, "switches").update({name: dict(values) for name, values in _SWITCHES.items()})
    # "Each workspace has two spaces by default": segment.com/docs/unify/identity-resolution/use-cases
    for slug, name in (("dev", "Dev"), ("prod", "Prod")):
        space_id = "spa_" + token(22, "space", slug)
        store.collection(NAME, "spaces")[space_id] = {"id": space_id, "slug": slug, "name": name}
    # Every workspace has labels for Dev and Prod (openapi.yaml, LabelV1); how they are spelled is not documented.
    for value in ("dev", "prod"):
        store.collection(NAME, "labels")[f"environment/{value}"] = {"key": "environment", "value": value}
    store.collection(NAME, "sources")
    for empty in ("destinations", "subscriptions", "tracking_plans", "tracking_plan_sources"):
        store.collection(NAME, empty)
