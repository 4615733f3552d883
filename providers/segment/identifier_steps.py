"""What a person does where an identifier is missing: Segment has no API for it.

https://www.twilio.com/docs/segment/unify/identity-resolution/identity-resolution-onboarding
"""

from __future__ import annotations

from typing import Final

DEFAULTS: Final = frozenset(
    {
        *("user_id", "email", "anonymous_id", "ga_client_id", "group_id"),
        *(f"{system}.{kind}" for system in ("android", "ios") for kind in ("id", "idfa", "push_token")),
    }
)
"""The eleven that Segment offers by itself. `phone` is none of them."""

_WHERE: Final = (
    "Segment > Unify > Unify settings > Identity resolution of the space {space}, as a Workspace Owner or with the role"
    " Identity Admin (Business plan)"
)
_WHY: Final = (
    "No API of Segment reads or writes identifiers. Once created, an identifier can never be renamed or deleted, so"
    " compare the key before you save; it counts for events from then on, not for earlier ones"
)
_BLOCKED: Final = (
    "under Blocked Values press Add Recommended Value for each of: zeroes and dashes (^[0-]*$, a pattern), -1, null,"
    " anonymous"
)
_PHONE: Final = ". Send numbers in E.164, as +12025550123: spelled otherwise, the same number is another person"


def manual_step(space: str, identifier: str) -> dict[str, str]:
    """One identifier's step on the screen, word for word."""
    if identifier in DEFAULTS:
        how = (
            f"Look whether the identifier `{identifier}` is in the list, and only if it is not: Add Identifier >"
            f" Default Identifiers, choose {identifier}"
        )
    else:
        how = (
            f"Look whether the identifier `{identifier}` is in the list, and only if it is not: Add Identifier >"
            f" Custom Identifiers, enter exactly {identifier} under 'Trait / Property key to match on'"
        )
    limit = 1 if identifier == "user_id" else 5
    what = (
        f"{how}, leave Value Limit at {limit}, Ever; {_BLOCKED}; press Add New Identifier"
        f"{_PHONE if identifier == 'phone' else ''}"
    )
    return {"what": what, "where": _WHERE.format(space=space), "why": _WHY}
