"""For what is a subuser's and SendGrid documents no `on-behalf-of` for: the call is made with the subuser's own key.

https://www.twilio.com/docs/sendgrid/api-reference/how-to-use-the-sendgrid-v3-api/on-behalf-of-subuser
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import StringConstraints

from providers.lifecycle import Collection, rule
from providers.resource import optional
from providers.sendgrid.client import SendGrid

SubuserKey = Annotated[str, StringConstraints(pattern=r"^SG\.[\w-]+\.[\w-]+$")]


def subuser_key() -> Any:
    """The field `subuser_key`: a credential and no part of the object, so that a rotated key is only remembered."""
    return optional(
        "The subuser's own key, for which `subuser` is called: `api_key` of an ApiKey. A new one replaces nothing.",
        default=None,
        sent="never",
        secret=True,
    )


class OwnKey(Collection[SendGrid]):
    """Objects of the parent or, with `subuser` and `subuser_key`, of that subuser."""

    @rule("subuser", "subuser_key")
    def _key_of_the_subuser(self, subuser: str | None, subuser_key: str | None) -> str | None:
        if subuser and not subuser_key:
            return (
                "subuser_key: is needed with `subuser`, as SendGrid does not let the parent do this on behalf of it"
                " -> give it the `api_key` of an ApiKey of that subuser"
            )
        if subuser_key and not subuser:
            return "subuser_key: is whose? -> give the username in `subuser` too, or leave the key out"
        return None
