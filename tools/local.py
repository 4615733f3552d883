"""What the stack `local` runs on: the emulator on loopback, and a state of its own within the checkout."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import requests
import yaml

from emulator import credentials

CHECKOUT: Final = Path(__file__).parents[1]
DIRECTORY: Final = CHECKOUT / ".local"
"""Everything that is made here and not in the repository. Removing it forgets the stack and the emulator's state."""

PASSPHRASE: Final = "local"  # noqa: S105 - protects made-up values; the salt that goes with it is committed
START_SECONDS: Final = 15


class LocalError(Exception):
    """The local stack cannot run; the message says why and what to do."""


def environment(home: Path) -> dict[str, str]:
    """Variables that keep `pulumi` to the checkout and the calls to the emulator, whatever the user's own say.

    `home` is made the engine's home, and the backend a folder beside it.
    """
    state = DIRECTORY / "state"
    state.mkdir(parents=True, exist_ok=True)
    loopback = ",".join(filter(None, ("127.0.0.1,localhost", os.environ.get("NO_PROXY"))))
    return {
        **credentials,
        "NO_PROXY": loopback,
        "no_proxy": loopback,
        "PULUMI_HOME": str(home),
        "PULUMI_BACKEND_URL": f"file://{state}",
        "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
        "PULUMI_CONFIG_PASSPHRASE_FILE": "",
        "PULUMI_ACCESS_TOKEN": "",
    }


def endpoint() -> str:
    """Where the local stack's settings say that the emulator is."""
    file = CHECKOUT / "stacks" / "Pulumi.local.yaml"
    url: str = yaml.safe_load(file.read_text())["config"]["twilio-engage:endpoint"]
    return url


def start_emulator() -> str:
    """Start the emulator, unless ours runs already; return its URL. Raises LocalError."""
    url = endpoint()
    if _answers(url):
        if _ours() is None:
            raise LocalError(
                f"another emulator, not this checkout's, is at {url} -> `make down` in its checkout, or set another"
                " port in twilio-engage:endpoint of stacks/Pulumi.local.yaml"
            )
        return url
    directory = DIRECTORY / "emulator"
    directory.mkdir(parents=True, exist_ok=True)
    log = directory / "log"
    address = urlsplit(url)
    command = [sys.executable, "-m", "emulator", "--host", str(address.hostname), "--port", str(address.port)]
    with log.open("w") as output:
        process = subprocess.Popen(
            [*command, "--state", str(directory / "state.json")],
            cwd=CHECKOUT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C in the terminal is for pulumi
        )
    _pid_file().write_text(str(process.pid))
    deadline = time.monotonic() + START_SECONDS
    while not _answers(url):
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            raise LocalError(f"the emulator did not start at {url}:\n{log.read_text().strip()[-2000:]}")
        time.sleep(0.05)
    return url


def stop_emulator() -> bool:
    """Stop this checkout's emulator; its state stays. False if it did not run."""
    pid = _ours()
    if pid is None:
        return False
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + START_SECONDS
    while _ours() is not None and time.monotonic() < deadline:
        time.sleep(0.05)
    _pid_file().unlink(missing_ok=True)
    return True


def _answers(url: str) -> bool:
    with requests.Session() as session:
        session.trust_env = False  # the user's proxy has no way to this machine's loopback
        try:
            return session.get(f"{url}/_emulator/health", timeout=2).ok
        except requests.RequestException:
            return False


def _pid_file() -> Path:
    return DIRECTORY / "emulator" / "pid"


def _ours() -> int | None:
    """The process id of the emulator that this checkout started, if it still runs."""
    try:
        pid = int(_pid_file().read_text())
        os.kill(pid, 0)
        # A process id is used again: only one that was started with our state file is ours.
        command = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    except (FileNotFoundError, ValueError, ProcessLookupError):
        return None
    return pid if str(_pid_file().parent / "state.json") in command.stdout else None
