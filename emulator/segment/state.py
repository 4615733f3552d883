"""Segment's seeded workspace with its two spaces, and where its records are."""

from collections.abc import Mapping
from datetime import UTC, datetime

from emulator.context import collection
from emulator.made_up import credentials, sha256, token
from emulator.store import Collection, Record, Store

NAME = "segment"
WORKSPACE_ID = token(22, "workspace")
SPACES = {slug: "spa_" + token(27, "space", slug) for slug in ("dev", "prod")}
"""Their ids, by slug: "Each workspace has two spaces by default"."""

# "Segment's 11 default are": https://www.twilio.com/docs/segment/unify/identity-resolution/identity-resolution-onboarding
IDENTIFIERS = (
    *("user_id", "email", "android.id", "android.idfa", "android.push_token", "anonymous_id", "ga_client_id"),
    *("group_id", "ios.id", "ios.idfa", "ios.push_token"),
)
SOMEBODY = "use_" + token(27, "somebody")

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


def add_external_ids(store: Store, profile: Record, source_id: str, external: Mapping[str, str]) -> None:
    """What a profile does not have yet, as {type: value}. `key` is the cursor by which a list goes on."""
    known = {(row["type"], row["id"]) for row in profile["external_ids"]}
    for kind, value in external.items():
        if (kind, value) not in known:
            number = store.number("external id")
            row = {"key": "map_" + token(27, "external id", number), "source_id": source_id, "collection": "users"}
            stamp = {"created_at": datetime.now(UTC).isoformat().replace("+00:00", "Z"), "encoding": "none"}
            message = {"first_message_id": f"message-{number}"}
            profile["external_ids"].append(row | {"id": value, "type": kind} | stamp | message)


def seed(store: Store) -> None:
    """A workspace with a token of the Public API. A token is scoped to one workspace.

    Which sources are connected to which spaces is set by a person: rows of `space_sources`, {space_id, source_id}.
    """
    store.collection(NAME, "workspaces")[WORKSPACE_ID] = {
        "id": WORKSPACE_ID,
        "slug": "engage",
        "name": "Engage",
        "region": "us",
        "token_sha256": sha256(credentials["SEGMENT_PUBLIC_API_TOKEN"]),
        "features": list(FEATURES),
    }
    store.collection(NAME, "switches").update({name: dict(values) for name, values in _SWITCHES.items()})
    # Every workspace has labels for Dev and Prod (openapi.yaml, LabelV1); how they are spelled is not documented.
    for value in ("dev", "prod"):
        store.collection(NAME, "labels")[f"environment/{value}"] = {"key": "environment", "value": value}
    store.collection(NAME, "sources")
    for slug, space_id in SPACES.items():
        store.collection(NAME, "spaces")[space_id] = {"id": space_id, "slug": slug, "name": slug.capitalize()}
        for name in IDENTIFIERS:
            identifier = {"owner": space_id, "space_id": space_id, "name": name}
            store.collection(NAME, "identifiers")[f"{space_id}:{name}"] = identifier
    # A token of the Profile API is of one space. That of the other is made by a person: another row.
    token_sha256 = sha256(credentials["SEGMENT_PROFILE_API_TOKEN"])
    store.collection(NAME, "profile_tokens")["1"] = {"space_id": SPACES["dev"], "token_sha256": token_sha256}
    # What a workspace has paid for, and how a preview goes: so many reads, and the reason if it fails.
    store.collection(NAME, "switches")["audiences"] = {"enabled": True, "runs_for": 1, "fails": ""}
    # Somebody has used the dev space: one profile, with what is an identifier there by default.
    somebody = {"id": SOMEBODY, "owner": SPACES["dev"], "space_id": SPACES["dev"], "external_ids": []}
    add_external_ids(store, somebody, token(22, "earlier source"), {"user_id": "u1", "email": "somebody@example.com"})
    store.collection(NAME, "profiles")[SOMEBODY] = somebody
    for empty in (
        *("destinations", "subscriptions", "tracking_plans", "tracking_plan_sources"),
        *("space_sources", "audience_previews", "regulations", "suppressed_users", "events"),
    ):
        store.collection(NAME, empty)
