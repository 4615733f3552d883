"""What exists at the vendors: plain records in collections, kept in memory and, if asked, in one JSON file."""

import json
import os
import tempfile
import threading
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

Record = dict[str, Any]
Collection = dict[str, Record]

FORMAT = 1


class StateError(Exception):
    """The state file cannot be read or written; the message says which and what to do."""


class Store:
    """vendor -> collection -> id -> record. A record's `owner`, if any, is the id that it lives and dies with.

    What has no id of its own is kept under its owner's, and owns nothing."""

    def __init__(self, seed: Callable[["Store"], None], path: Path | None = None) -> None:
        self.lock = threading.RLock()
        self.publishes = False
        """Does the DNS host add what the vendors ask for by itself? As one does whose zone is written by a program."""
        self._seed = seed
        self._path = path
        self._counters: dict[str, int] = {}
        self.vendors: dict[str, dict[str, Collection]] = {}
        if path is not None and path.exists():
            self._load(path)
            self._complete()
        else:
            self.reset()

    def collection(self, vendor: str, name: str) -> Collection:
        return self.vendors.setdefault(vendor, {}).setdefault(name, {})

    def number(self, kind: str) -> int:
        """The next number of its kind, from 1: what ids are made from, so that a run can be repeated exactly."""
        self._counters[kind] = self._counters.get(kind, 0) + 1
        return self._counters[kind]

    def remove(self, vendor: str, collection: str, key: str) -> None:
        """Takes one record away with all that it owns. KeyError if there is none."""
        with self.lock:
            if self.vendors[vendor][collection].pop(key).get("owner") == key:
                return
            owned = [
                (name, child)
                for name, records in self.vendors[vendor].items()
                for child, record in records.items()
                if record.get("owner") == key
            ]
            for name, child in owned:
                if child in self.vendors[vendor][name]:
                    self.remove(vendor, name, child)

    def alter(self, vendor: str, collection: str, key: str, **changes: Any) -> None:
        """Changes fields of one record behind everybody's back: drift. KeyError if there is no such record."""
        with self.lock:
            # A copy: what is given here stays as it is, whatever becomes of the record.
            self.vendors[vendor][collection][key].update(deepcopy(changes))

    def reset(self) -> None:
        """Back to the seeded accounts and nothing else."""
        with self.lock:
            self._counters.clear()
            self.vendors.clear()
            self._seed(self)
            self.save()

    def save(self) -> None:
        """Writes the file in one step, so that a killed process leaves the old state or the new, never half of one."""
        if self._path is None:
            return
        document = {"format": FORMAT, "counters": self._counters, "vendors": self.vendors}
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self._path.parent, prefix=self._path.name, suffix=".tmp")
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(document, file, indent=1)
            Path(name).replace(self._path)
        except OSError as error:
            raise StateError(f"cannot write the state file {self._path}: {error.strerror}") from error

    def _complete(self) -> None:
        """What an earlier release did not know yet is as in a new state: whole collections, and fields of records."""
        for vendor, collections in Store(self._seed).vendors.items():
            present = self.vendors.setdefault(vendor, {})
            for name, records in collections.items():
                for key, record in present.setdefault(name, records).items():
                    present[name][key] = {**records.get(key, {}), **record}

    def _load(self, path: Path) -> None:
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
            if document["format"] != FORMAT:
                raise StateError(
                    f"the state file {path} has format {document['format']}, this emulator writes {FORMAT}: "
                    "remove the file to begin anew"
                )
            self._counters, self.vendors = document["counters"], document["vendors"]
        except OSError as error:
            raise StateError(f"cannot read the state file {path}: {error.strerror}") from error
        except (ValueError, KeyError, TypeError) as error:
            raise StateError(
                f"{path} is not a state file of the emulator (or is damaged): remove it to begin anew"
            ) from error
