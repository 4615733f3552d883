"""Puts a built CLI, the SDK's scripts and our two programs into one directory of the checkout, `.local/engine`.

One directory, because the CLI warns of a plugin that it finds on PATH and not beside itself; of the checkout, because
our programs run on the checkout's Python, while the CLI itself is shared by all checkouts (a hard link).
"""

import shlex
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

RANDOM_VERSION = "4.21.4"  # of the official plugin whose place resource_random.py takes
# Tells such a directory from an installation, should it be on PATH already.
MARKER = "assembled-by-tools-engine"
# SIGINT is how the engine ends a plugin, and it may come before the imports are done: a traceback would be noise.
PROGRAM = """\
#!/bin/sh
# Made by tools/engine/assemble.py.
exec {python} -I -c 'import os, signal, sys
signal.signal(signal.SIGINT, lambda *_: os._exit(0))
sys.path.insert(0, sys.argv.pop(1))
from tools.engine.{module} import main
main()' {arguments} "$@"
"""


def assemble(built: Path, checkout: Path, python: str = sys.executable) -> Path:
    """Return `.local/engine` of the checkout, brought up to date with `built` and with our programs.

    Each file is replaced as a whole, so this may run in several processes at once and beside a running engine.
    """
    directory = checkout / ".local" / "engine"
    directory.mkdir(parents=True, exist_ok=True)
    for source in built.iterdir():
        _link(source, directory / source.name)
    executor = directory / "pulumi-language-python-exec"
    _write(_program("language_host", python, checkout, executor), directory / "pulumi-language-python")
    _write(_program("resource_random", python, checkout), directory / "pulumi-resource-random")
    _write(f"From {built}\n", directory / MARKER)
    return directory


def is_built(directory: Path) -> bool:
    """Did we put this engine together, so that our two programs stand in it?"""
    return (directory / MARKER).exists()


def equip(directory: Path, home: Path) -> dict[str, str]:
    """Return what the engine in `directory` wants in its environment to work quietly, with `home` as its PULUMI_HOME.

    The CLI warns of a plugin on PATH that is not part of every installation, such as pulumi-resource-random. So for a
    built CLI it is put where downloaded plugins are, and PATH is not searched for plugins. For any other engine it is
    taken away again.
    """
    plugin = home / "plugins" / f"resource-random-v{RANDOM_VERSION}" / "pulumi-resource-random"
    if is_built(directory):
        plugin.parent.mkdir(parents=True, exist_ok=True)
        _write((directory / plugin.name).read_text(), plugin)
        return {"PULUMI_HOME": str(home), "PULUMI_IGNORE_AMBIENT_PLUGINS": "true"}
    if plugin.exists() and plugin.read_bytes().startswith(PROGRAM[:40].encode()):
        shutil.rmtree(plugin.parent)
    return {"PULUMI_HOME": str(home)}


def _program(module: str, python: str, *arguments: Path) -> str:
    quoted = " ".join(shlex.quote(str(argument)) for argument in arguments)
    return PROGRAM.format(python=shlex.quote(python), module=module, arguments=quoted)


def _write(text: str, target: Path) -> None:
    def write(place: Path) -> None:
        place.write_text(text)
        place.chmod(0o755)

    if not target.exists() or target.read_text() != text:
        _replace(target, write)


def _link(source: Path, target: Path) -> None:
    def link(place: Path) -> None:
        try:
            place.hardlink_to(source)
        except OSError:  # another file system, or one without hard links
            shutil.copy2(source, place)

    if not target.exists() or _identity(target) != _identity(source):
        _replace(target, link)


def _identity(file: Path) -> tuple[int, int]:
    status = file.stat()
    return status.st_size, status.st_mtime_ns


def _replace(target: Path, make: Callable[[Path], None]) -> None:
    with tempfile.TemporaryDirectory(dir=target.parent.parent) as directory:
        place = Path(directory) / target.name
        make(place)
        place.replace(target)
