"""Spaces of the emulated Segment, as a person has set them up."""

from __future__ import annotations

from emulator import Emulator
from emulator.made_up import token
from emulator.segment.state import SOMEBODY, SPACES

DEV = SPACES["dev"]
SOURCE = "source"
WRITE_KEY = token(32, "write key", SOURCE)
PHONE = "+12025550123"


def add_identifier(emulator: Emulator, name: str = "phone") -> None:
    emulator.state.collection("segment", "identifiers")[f"{DEV}:{name}"] = {"space_id": DEV, "name": name}


def give_phone(emulator: Emulator) -> None:
    """The profile that is there has a phone number too, as it has once `phone` is an identifier."""
    add_identifier(emulator)
    rows = emulator.state.collection("segment", "profiles")[SOMEBODY]["external_ids"]
    rows.append(rows[0] | {"key": "map_phone", "type": "phone", "id": PHONE})


def connect_source(emulator: Emulator) -> None:
    emulator.state.collection("segment", "sources")[SOURCE] = {"id": SOURCE}
    emulator.state.collection("segment", "space_sources")["1"] = {"space_id": DEV, "source_id": SOURCE}
