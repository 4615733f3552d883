"""First choice: a `pulumi` that the user has installed."""

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import semver

from tools.engine.assemble import MARKER
from tools.engine.cache import UnavailableError

NAME = "`pulumi` on PATH"
# 3.254.0 is the first that takes inputs and outputs from an import file, which is how dynamic resources are imported
# (https://github.com/pulumi/pulumi/pull/23984). A new major version may change what is in state: not taken unseen.
MINIMUM = semver.VersionInfo(3, 254, 0)
COMPANIONS = ("pulumi-language-python", "pulumi-resource-pulumi-python")


def find(environ: Mapping[str, str]) -> Path:
    """Return the first directory of PATH whose `pulumi` is compatible and complete.

    Raises `UnavailableError` with the shortcoming of every `pulumi` found.
    """
    shortcomings = []
    path = [Path(entry) for entry in environ.get("PATH", "").split(os.pathsep) if entry]
    for directory in dict.fromkeys(path):
        pulumi = directory / "pulumi"
        if not os.access(pulumi, os.X_OK) or not pulumi.is_file() or (directory / MARKER).exists():
            continue
        shortcoming = next(_shortcomings(pulumi, path, environ), None)
        if shortcoming is None:
            return directory
        shortcomings.append(f"{pulumi} {shortcoming}")
    raise UnavailableError("; ".join(shortcomings) or "there is none")


def _shortcomings(pulumi: Path, path: list[Path], environ: Mapping[str, str]) -> Iterator[str]:
    try:
        answer = subprocess.run(
            [pulumi, "version"],
            env={**environ, "PULUMI_SKIP_UPDATE_CHECK": "true"},
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
        ).stdout
        version = semver.VersionInfo.parse(re.sub("^v", "", answer.strip()))
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        yield f"does not tell its version ({error})"
        return
    if version < MINIMUM or version.major != MINIMUM.major:
        yield f"is {version}; {MINIMUM} or newer (3.x) is needed"
    # The CLI looks for these beside the file behind the link, then on PATH.
    for companion in COMPANIONS:
        if not any((place / companion).exists() for place in [pulumi.resolve().parent, *path]):
            yield f"has no {companion} beside it, and there is none on PATH"
