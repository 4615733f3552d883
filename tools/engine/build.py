"""Third choice: the CLI built from Pulumi's published Go modules. go.mod and go.sum here pin every one of them."""

import hashlib
import re
import shutil
import subprocess
import time
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Thread
from typing import IO

from tools.engine.cache import UnavailableError, for_this_machine, make_once

NAME = "build from Pulumi's Go modules"
MODULE = Path(__file__).parent
SDK = "github.com/pulumi/pulumi/sdk/v3"
CLI = "github.com/pulumi/pulumi/pkg/v3"
# Scripts, not programs: they come as they are in the SDK's module.
SCRIPTS = ("python/cmd/pulumi-language-python-exec", "python/dist/pulumi-resource-pulumi-python")
TICK = 10.0


def pulumi_version() -> str:
    """The version of the CLI that go.mod pins, as v3.x.y."""
    return _in_go_mod(rf"{CLI} (v\S+)")


def go_version() -> str:
    """The version of Go that go.mod asks for."""
    return _in_go_mod(r"(?m)^go (\S+)")


def target(cache: Path) -> Path:
    """Where the result of go.mod and go.sum as they are now is kept."""
    pins = hashlib.sha256((MODULE / "go.mod").read_bytes() + (MODULE / "go.sum").read_bytes()).hexdigest()
    return cache / for_this_machine(f"built-{pulumi_version()}-{pins[:12]}")


def build(cache: Path, environ: Mapping[str, str], report: Callable[[str], None]) -> Path:
    """Return the directory of a built `pulumi` and the SDK's two scripts. Tells how far it is every `TICK` seconds.

    Raises `UnavailableError` without Go, or with the last words of a build that failed.
    """
    go = shutil.which("go", path=environ.get("PATH", ""))
    if go is None:
        raise UnavailableError("there is no `go` on PATH")
    # A workspace around the checkout would change which modules are built.
    environ = {**environ, "CGO_ENABLED": "0", "GOWORK": "off"}

    def make(directory: Path) -> None:
        stamp = f"-s -w -X {SDK}/go/common/version.Version={pulumi_version()}"
        flags = ["-v", "-mod=readonly", "-tags", "osusergo", "-ldflags", stamp, "-o", str(directory / "pulumi")]
        _watched([go, "build", *flags, f"{CLI}/cmd/pulumi"], environ, report)
        sdk = Path(_output([go, "list", "-mod=readonly", "-m", "-f", "{{.Dir}}", SDK], environ))
        for script in SCRIPTS:
            copy = Path(shutil.copyfile(sdk / script, directory / Path(script).name))
            copy.chmod(0o755)

    report(f"Building the Pulumi CLI {pulumi_version()} with Go: about four minutes on two cores, once per version.")
    return make_once(target(cache), make, report)


def _watched(command: list[str], environ: Mapping[str, str], report: Callable[[str], None]) -> None:
    """Run Go and tell what it is at; `go build -v` names each package as it is compiled."""
    start, count, last = time.monotonic(), 0, deque[str](maxlen=8)

    def read(lines: IO[str]) -> None:
        nonlocal count
        for line in lines:
            count += 1
            last.append(line.strip())

    with subprocess.Popen(command, cwd=MODULE, env=environ, stderr=subprocess.PIPE, text=True) as go:
        assert go.stderr is not None  # noqa: S101 (for mypy: it is a pipe)
        reader = Thread(target=read, args=(go.stderr,))
        reader.start()
        while True:
            try:
                go.wait(TICK)
                break
            except subprocess.TimeoutExpired:
                report(f"  {time.monotonic() - start:4.0f} s, {count} steps, now {last[-1] if last else 'starting'}")
        reader.join()
    if go.returncode:
        raise UnavailableError("go build failed:\n     " + "\n     ".join(last))


def _output(command: list[str], environ: Mapping[str, str]) -> str:
    answer = subprocess.run(command, cwd=MODULE, env=environ, capture_output=True, text=True, check=False)
    if answer.returncode:
        raise UnavailableError(f"{' '.join(command)} failed: {answer.stderr.strip()}")
    return answer.stdout.strip()


def _in_go_mod(pattern: str) -> str:
    found = re.search(pattern, (MODULE / "go.mod").read_text())
    if found is None:
        raise ValueError(f"{MODULE / 'go.mod'} has no {pattern}")
    return found[1]
