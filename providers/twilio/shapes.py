"""Types of values that several of Twilio's resources share. https://www.twilio.com/docs/glossary/what-is-a-sid"""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

IsoCountry = Annotated[str, StringConstraints(pattern="^[A-Z]{2}$")]
"""A phone number as +14155550100: https://www.twilio.com/docs/glossary/what-e164"""

AddressSid = Annotated[str, StringConstraints(pattern="^AD[0-9a-fA-F]{32}$")]
ApplicationSid = Annotated[str, StringConstraints(pattern="^AP[0-9a-fA-F]{32}$")]
BundleSid = Annotated[str, StringConstraints(pattern="^BU[0-9a-fA-F]{32}$")]
IdentitySid = Annotated[str, StringConstraints(pattern="^RI[0-9a-fA-F]{32}$")]
PhoneNumberSid = Annotated[str, StringConstraints(pattern="^PN[0-9a-fA-F]{32}$")]
TrunkSid = Annotated[str, StringConstraints(pattern="^TK[0-9a-fA-F]{32}$")]
