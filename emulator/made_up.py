"""Identifiers and secrets with the vendors' shapes: made up at run time, the same in every run.

Nothing here opens anything: no value was ever issued by a vendor, and none stands in a file, so that a secret
scanner has nothing to find.
"""

import hashlib
import string

_ALPHABET = string.ascii_letters + string.digits


def sha256(text: str) -> str:
    """The only form in which the emulator keeps a key or a password."""
    return hashlib.sha256(text.encode()).hexdigest()


def token(length: int, *seed: object) -> str:
    """`length` letters and digits that depend on the seed alone."""
    digest = hashlib.shake_256("/".join(map(str, seed)).encode()).digest(length)
    return "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in digest)


def sid(prefix: str, *seed: object) -> str:
    """A Twilio SID: two letters and 32 hexadecimal digits."""
    return prefix + sha256("/".join(map(str, (prefix, *seed))))[:32]


def sendgrid_key(*seed: object) -> str:
    """`SG.<22>.<43>`, 69 characters; the middle part is the key's id.

    https://www.twilio.com/docs/sendgrid/api-reference/api-key-permissions (length)
    """
    return ".".join(("SG", token(22, "key id", *seed), token(43, "key", *seed)))


# What a program needs to call the seeded accounts, by the name of the environment variable that carries it.
credentials: dict[str, str] = {
    "SENDGRID_API_KEY": sendgrid_key("parent"),
    "TWILIO_ACCOUNT_SID": sid("AC", "account"),
    "TWILIO_AUTH_TOKEN": sha256("auth token of the account")[:32],
    "SEGMENT_PUBLIC_API_TOKEN": "sgp_" + token(64, "workspace token"),
    "SEGMENT_PROFILE_API_TOKEN": token(64, "token of the Profile API"),
}


# Keys of Twilio's seeded account that somebody has made in its Console, as (SID, secret), by their type: what no
# program can make. They are no credentials of the program, which calls with the auth token.
console_keys: dict[str, tuple[str, str]] = {
    kind: (sid("SK", f"{kind} key of the Console"), token(32, f"secret of the {kind} key of the Console"))
    for kind in ("main", "standard")
}
