"""Provides the Pulumi engine: a directory with a usable `pulumi`, to lead PATH.

`ensure()` takes the first of these that works, and a later call finds it again within a fraction of a second:

1. a compatible `pulumi` on PATH, as it is (`on_path`);
2. Pulumi's own installer, into the user's cache directory (`official`);
3. a build from Pulumi's published Go modules, pinned by go.mod and go.sum here (`build`). Pulumi's Python language host
   and its random plugin can't be built that way, so beside a built CLI, and only there, stand two small programs of
   ours (`assemble`, `language_host`, `resource_random`).

`python -m tools.engine` prints the directory; what it is doing goes to stderr.
"""

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from tools.engine import build, official, on_path
from tools.engine.assemble import assemble, equip, is_built
from tools.engine.cache import UnavailableError, cache_directory

__all__ = ["CHECKOUT", "EngineError", "ensure", "equip", "is_built"]

CHECKOUT = Path(__file__).parents[2]


class EngineError(Exception):
    """No engine is to be had; the message lists what was tried, why each failed and what to install."""

    def __init__(self, tried: list[tuple[str, str]]) -> None:
        steps = "\n".join(f"  {number}. {name}: {why}" for number, (name, why) in enumerate(tried, start=1))
        super().__init__(
            f"No usable Pulumi engine. Tried, in this order:\n{steps}\n"
            "Install one of these and run this again:\n"
            f"  - the Pulumi CLI {on_path.MINIMUM} or newer (3.x): https://www.pulumi.com/docs/install/\n"
            f"  - Go {build.go_version()} or newer, from which the CLI is built once, in about four minutes:"
            " https://go.dev/doc/install"
        )


def ensure(
    checkout: Path = CHECKOUT,
    environ: Mapping[str, str] = os.environ,
    report: Callable[[str], None] = lambda line: print(line, file=sys.stderr, flush=True),
) -> Path:
    """Return the directory of a usable `pulumi`, to be put first on PATH; get or build it first where need be.

    Raises `EngineError` when there is none to be had. `report` receives a line whenever there is something to tell.
    """
    cache = cache_directory(environ)
    tried: list[tuple[str, str]] = []
    try:
        return on_path.find(environ)
    except UnavailableError as why:
        tried.append((on_path.NAME, str(why)))
    # What is there already comes before a download that may only fail again.
    if (installed := official.target(cache)).exists():
        return installed / "bin"
    if not (built := build.target(cache)).exists():
        try:
            return official.install(cache, environ, report) / "bin"
        except UnavailableError as why:
            tried.append((official.NAME, str(why)))
        try:
            build.build(cache, environ, report)
        except UnavailableError as why:
            tried.append((build.NAME, str(why)))
            raise EngineError(tried) from None
    return assemble(built, checkout)
