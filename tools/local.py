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

_started: list[subprocess.Popen[bytes]] = []
"""What this process has started and not yet stopped: it outlives this process, and is not to be collected before."""


class LocalError(Exception):
    """The local stack cannot run; the message says why and what to do."""


def environment() -> dict[str, str]:
    """Variables that keep `pulumi` to the checkout and the calls to the emulator, whatever the user's own say."""
    state = DIRECTORY / "state"
    state.mkdir(parents=True, exist_ok=True)
    loopback = ",".join(filter(None, ("127.0.0.1,localhost", os.environ.get("NO_PROXY"))))
    return {
        **credentials,
        "NO_PROXY": loopback,
        "no_proxy": loopback,
        "PULUMI_BACKEND_URL": f"file://{state}",
        "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
        "PULUMI_CONFIG_PASSPHRASE_FILE": "",
        "PULUMI_ACCESS_TOKEN": "",
    }


def endpoint() -> str:
    """Where the local stack's settings say that the emulator is. Raises LocalError."""
    file = CHECKOUT / "stacks" / "Pulumi.local.yaml"
    try:
        url = yaml.safe_load(file.read_text())["config"]["twilio-engage:endpoint"]
        address = urlsplit(url)
        if address.scheme == "http" and address.hostname and address.port:
            return str(url)
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError):
        pass  # As wrong as another scheme.
    raise LocalError(
        f"stacks/{file.name} does not say where the emulator shall be -> below config:, write"
        " twilio-engage:endpoint: http://127.0.0.1:8787, or another port"
    )


def start_emulator() -> str:
    """Start the emulator, unless ours runs already; return its URL. Raises LocalError."""
    url = endpoint()
    ours = _ours()
    if ours and ours[1] == url:
        return url
    if _answering(url):
        raise LocalError(
            f"another emulator, not this checkout's, is at {url} -> `make down` in its checkout, or set another"
            " port in twilio-engage:endpoint of stacks/Pulumi.local.yaml"
        )
    if ours:
        stop_emulator()  # It moves: two would write one file of state.
    directory = DIRECTORY / "emulator"
    directory.mkdir(parents=True, exist_ok=True)
    log = directory / "log"
    address = urlsplit(url)
    command = [sys.executable, "-m", "emulator", "--host", str(address.hostname), "--port", str(address.port)]
    with log.open("w") as output:
        process = subprocess.Popen(
            # The local stack's resolver is the same port over UDP, and its DNS host adds records by itself.
            [*command, "--dns-port", str(address.port), "--publish", "--state", str(directory / "state.json")],
            cwd=CHECKOUT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C in the terminal is for pulumi
        )
    _started.append(process)
    deadline = time.monotonic() + START_SECONDS
    while _answering(url) != process.pid:
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            process.wait()
            raise LocalError(f"the emulator did not start at {url}:\n{log.read_text().strip()[-2000:]}")
        time.sleep(0.05)
    _pid_file().write_text(f"{process.pid} {url}")
    return url


def stop_emulator() -> bool:
    """Stop this checkout's emulator; its state stays. False if it did not run."""
    ours = _ours()
    if ours is None:
        return False
    os.kill(ours[0], signal.SIGTERM)
    deadline = time.monotonic() + START_SECONDS
    while _ours() is not None and time.monotonic() < deadline:
        time.sleep(0.05)
    while _started:
        _started.pop().wait(START_SECONDS)
    _pid_file().unlink(missing_ok=True)
    return True


def _answering(url: str) -> int | None:
    """The process id of the emulator that answers there, if one does."""
    with requests.Session() as session:
        session.trust_env = False  # the user's proxy has no way to this machine's loopback
        try:
            health = session.get(f"{url}/_emulator/health", timeout=2)
            return int(health.json()["pid"])
        except (requests.RequestException, KeyError, TypeError, ValueError):
            return None


def _pid_file() -> Path:
    return DIRECTORY / "emulator" / "pid"


def _ours() -> tuple[int, str] | None:
    """The process id and URL of the emulator that this checkout started, if it still runs, wherever that is."""
    try:
        text, _, url = _pid_file().read_text().partition(" ")
        pid = int(text)
    except (FileNotFoundError, ValueError):
        return None
    url = url or endpoint()  # Up to 0.1, only the process was written down.
    return (pid, url) if _answering(url) == pid else None
