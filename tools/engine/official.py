"""Second choice: Pulumi's own installer, run by Pulumi's SDK."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path

from tools.engine.cache import UnavailableError, for_this_machine, make_once

NAME = "Pulumi's installer (https://get.pulumi.com)"
LIMIT = 300.0
# In a process of its own, because the SDK's download has no time limit. The version is the SDK's own by default.
SCRIPT = """
import socket, sys
from pulumi.automation import PulumiCommand
socket.setdefaulttimeout(15)
PulumiCommand.install(root=sys.argv[1])
"""


def target(cache: Path) -> Path:
    """Where the installer's work is kept; `bin` in it is what leads PATH."""
    return cache / for_this_machine(f"official-{version('pulumi')}")


def install(cache: Path, environ: Mapping[str, str], report: Callable[[str], None]) -> Path:
    """Return the directory into which Pulumi's installer has put the CLI with all that belongs to it.

    Raises `UnavailableError` when it can't be reached, fails, or takes more than `LIMIT` seconds.
    """

    def run(directory: Path) -> None:
        with subprocess.Popen(
            [sys.executable, "-c", SCRIPT, str(directory)],
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,  # so that the installer's own children end with it
        ) as installer:
            try:
                said, _ = installer.communicate(timeout=LIMIT)
            except subprocess.TimeoutExpired:
                raise UnavailableError(f"not done within {LIMIT:g} seconds") from None
            finally:
                if installer.poll() is None:
                    os.killpg(installer.pid, signal.SIGKILL)
        if installer.returncode:
            raise UnavailableError((said.strip().splitlines() or ["it failed without a word"])[-1])

    report("Getting the Pulumi CLI by Pulumi's installer.")
    return make_once(target(cache), run, report)
