"""Types of values that several of Twilio's resources share. https://www.twilio.com/docs/glossary/what-is-a-sid"""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import StringConstraints

TAG: Final = " [{}]"
"""How the owner's tag stands behind a friendly name."""
FriendlyName = Annotated[str, StringConstraints(min_length=1, max_length=49)]
"""64 characters, of which the owner's tag takes 15."""

IsoCountry = Annotated[str, StringConstraints(pattern="^[A-Z]{2}$")]

AccountSid = Annotated[str, StringConstraints(pattern="^AC[0-9a-fA-F]{32}$")]
AddressSid = Annotated[str, StringConstraints(pattern="^AD[0-9a-fA-F]{32}$")]
ApiKeySid = Annotated[str, StringConstraints(pattern="^SK[0-9a-fA-F]{32}$")]
ApplicationSid = Annotated[str, StringConstraints(pattern="^AP[0-9a-fA-F]{32}$")]
BundleSid = Annotated[str, StringConstraints(pattern="^BU[0-9a-fA-F]{32}$")]
"""Of a regulatory bundle, a customer profile or a trust product."""
IdentitySid = Annotated[str, StringConstraints(pattern="^RI[0-9a-fA-F]{32}$")]
PhoneNumberSid = Annotated[str, StringConstraints(pattern="^PN[0-9a-fA-F]{32}$")]
ServiceSid = Annotated[str, StringConstraints(pattern="^MG[0-9a-fA-F]{32}$")]
ShortCodeSid = Annotated[str, StringConstraints(pattern="^SC[0-9a-fA-F]{32}$")]
TrunkSid = Annotated[str, StringConstraints(pattern="^TK[0-9a-fA-F]{32}$")]

PhoneNumberId = Annotated[str, StringConstraints(pattern="^(PN[0-9a-fA-F]{32}|[0-9a-f]{12})$")]
"""Of a `PhoneNumber`: its SID, or the owner's tag of one that had to wait."""
