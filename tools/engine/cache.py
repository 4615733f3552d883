"""The user's cache directory, shared by all checkouts: what is in it is whole, and made by one process at a time."""

import fcntl
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path


class UnavailableError(Exception):
    """Why one way of getting an engine does not work here."""


def cache_directory(environ: Mapping[str, str]) -> Path:
    """Where engines are kept: `$XDG_CACHE_HOME`, else `~/.cache`, by https://specifications.freedesktop.org/basedir."""
    base = Path(environ.get("XDG_CACHE_HOME", ""))
    return (base if base.is_absolute() else Path.home() / ".cache") / "twilio-engage" / "engine"


def for_this_machine(name: str) -> str:
    """`name` with the platform: a home directory may be shared by several kinds of machines."""
    return f"{name}-{sys.platform}-{platform.machine()}"


def make_once(target: Path, make: Callable[[Path], None], report: Callable[[str], None]) -> Path:
    """Return `target`, made by `make` in a temporary directory and renamed: it exists as a whole or not at all.

    A second process waits for the first and takes its result. What `make` raises passes through.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.with_name(f"{target.name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            report(f"Another process is making {target}; waiting for it.")
            fcntl.flock(lock, fcntl.LOCK_EX)
        if target.exists():
            return target
        for left_by_a_killed_process in target.parent.glob(f"{target.name}.tmp*"):
            shutil.rmtree(left_by_a_killed_process)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=f"{target.name}.tmp") as directory:
            whole = Path(directory) / "whole"
            whole.mkdir()
            make(whole)
            whole.rename(target)
    return target
