"""Which engine is taken, and how one is got: with stand-ins for `pulumi`, for `go` and for Pulumi's installer."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tools.engine import EngineError, build, cache, ensure, equip, official, on_path
from tools.engine.assemble import MARKER, assemble

INSTALLER_FAILS = "raise SystemExit('Temporary failure in name resolution')"
# Pulumi's SDK itself, with its download of the installer's script replaced by one of ours.
INSTALLER = """
import pathlib, sys
_, _, _, root, _, version = sys.argv
cli = pathlib.Path(root, "bin", "pulumi")
cli.parent.mkdir()
cli.write_text(f"#!/bin/sh\\necho v{version}")
cli.chmod(0o755)
"""
INSTALLER_WORKS = f"""
import pulumi.automation._cmd as cmd
cmd._download_to_file = lambda url, path: open(path, "w").write("#!{sys.executable}" + {INSTALLER!r})
{official.SCRIPT}"""


def executable(file: Path, body: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!{sys.executable} -I\n{body}")
    file.chmod(0o755)
    return file


def cli(directory: Path, version: str, companions: tuple[str, ...] = on_path.COMPANIONS) -> Path:
    executable(directory / "pulumi", f"print('{version}')")
    for companion in companions:
        executable(directory / companion, "")
    return directory


class Go:
    """A `go` on PATH that writes down what it was asked to do."""

    def __init__(self, directory: Path, body: str = "") -> None:
        self.directory, self.log = directory / "go", directory / "go.log"
        sdk = directory / "sdk"
        for script in build.SCRIPTS:
            executable(sdk / script, "")
        executable(
            self.directory / "go",
            f"import os, sys, pathlib\nwith open({str(self.log)!r}, 'a') as log: print(*sys.argv[1:], file=log)\n"
            f"if sys.argv[1] == 'list': sys.exit(print({str(sdk)!r}))\n"
            "out = pathlib.Path(sys.argv[sys.argv.index('-o') + 1])\nout.write_text('#!/bin/sh'); out.chmod(0o755)\n"
            + body,
        )

    def builds(self) -> int:
        return self.log.read_text().count("build ") if self.log.exists() else 0


class Machine:
    """What `ensure` finds: a PATH, a cache directory and a checkout of its own, and Pulumi's installer."""

    def __init__(self, directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.directory, self.monkeypatch, self.told = directory, monkeypatch, list[str]()
        self.checkout = directory / "checkout"
        self.installer(INSTALLER_FAILS)

    def installer(self, script: str) -> None:
        self.monkeypatch.setattr(official, "SCRIPT", script)

    def environment(self, *path: Path) -> dict[str, str]:
        return {"PATH": os.pathsep.join(map(str, path)), "XDG_CACHE_HOME": str(self.directory / "cache")}

    def ensure(self, *path: Path) -> Path:
        return ensure(self.checkout, self.environment(*path), self.told.append)

    @property
    def cache(self) -> Path:
        return cache.cache_directory(self.environment())


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(tmp_path, monkeypatch)


@pytest.mark.parametrize("version", ["v3.254.0", "3.300.1", "v3.300.0-alpha.1"])
def test_a_compatible_cli_on_path_is_used_as_it_is(machine: Machine, tmp_path: Path, version: str) -> None:
    directory = cli(tmp_path / "bin", version)
    before = sorted(directory.iterdir())
    assert machine.ensure(directory) == directory
    assert sorted(directory.iterdir()) == before
    assert not machine.checkout.exists()
    assert machine.told == []


@pytest.mark.parametrize(
    ("version", "companions", "why"),
    [
        ("v3.253.9", on_path.COMPANIONS, "3.254.0 or newer (3.x) is needed"),
        ("v4.0.0", on_path.COMPANIONS, "3.254.0 or newer (3.x) is needed"),
        ("not a version", on_path.COMPANIONS, "does not tell its version"),
        ("v3.260.0", (), "has no pulumi-language-python beside it"),
        ("v3.260.0", ("pulumi-language-python",), "has no pulumi-resource-pulumi-python beside it"),
    ],
)
def test_an_unusable_cli_on_path_is_not_taken_and_the_reason_told(
    tmp_path: Path, version: str, companions: tuple[str, ...], why: str
) -> None:
    directory = cli(tmp_path, version, companions)
    with pytest.raises(cache.UnavailableError) as caught:
        on_path.find({"PATH": os.pathsep.join([str(directory), str(tmp_path / "missing")])})
    assert str(caught.value).startswith(f"{directory}/pulumi ")
    assert why in str(caught.value)


def test_a_compatible_cli_further_on_in_path_is_found_behind_an_old_one(tmp_path: Path) -> None:
    old, new = cli(tmp_path / "old", "v3.100.0"), cli(tmp_path / "new", "v3.254.0")
    assert on_path.find({"PATH": os.pathsep.join(map(str, [old, new]))}) == new


def test_the_companions_of_a_linked_cli_are_those_behind_the_link(tmp_path: Path) -> None:
    real = cli(tmp_path / "cellar", "v3.260.0")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "pulumi").symlink_to(real / "pulumi")
    assert on_path.find({"PATH": str(tmp_path / "bin")}) == tmp_path / "bin"


def test_the_installer_is_asked_before_go_and_once(machine: Machine, tmp_path: Path) -> None:
    go = Go(tmp_path)
    machine.installer(INSTALLER_WORKS)
    directory = machine.ensure(go.directory)
    assert directory.is_relative_to(machine.cache)
    assert os.access(directory / "pulumi", os.X_OK)
    machine.installer(INSTALLER_FAILS)
    assert machine.ensure(go.directory) == directory
    assert go.builds() == 0
    assert not machine.checkout.exists()


def test_an_installer_that_takes_too_long_is_ended(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(official, "LIMIT", 0.5)
    machine.installer("import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(600)'])")
    with pytest.raises(cache.UnavailableError, match=r"not done within 0\.5 seconds"):
        official.install(machine.cache, machine.environment(), machine.told.append)
    assert not official.target(machine.cache).exists()


def test_without_the_installer_the_cli_is_built_once_with_the_pins(machine: Machine, tmp_path: Path) -> None:
    go = Go(tmp_path)
    directory = machine.ensure(go.directory)
    assert directory == machine.checkout / ".local" / "engine"
    assert machine.ensure(go.directory) == directory
    assert go.builds() == 1
    asked = go.log.read_text()
    assert "-mod=readonly -tags osusergo" in asked
    assert f"version.Version={build.pulumi_version()}" in asked
    assert asked.startswith("build -v")
    names = {"pulumi", *on_path.COMPANIONS, "pulumi-language-python-exec", "pulumi-resource-random", MARKER}
    assert {file.name for file in directory.iterdir()} == names


def test_what_was_built_is_found_before_the_installer_is_tried_again(machine: Machine, tmp_path: Path) -> None:
    go = Go(tmp_path)
    directory = machine.ensure(go.directory)
    machine.told.clear()
    assert machine.ensure() == directory
    assert machine.told == []


def test_an_assembled_directory_on_path_is_not_taken_for_an_installation(machine: Machine, tmp_path: Path) -> None:
    go = Go(tmp_path)
    directory = machine.ensure(go.directory)
    executable(directory / "pulumi", "print('v3.260.0')")
    with pytest.raises(cache.UnavailableError, match="there is none"):
        on_path.find({"PATH": str(directory)})


def test_an_error_lists_what_was_tried_why_it_failed_and_what_to_install(machine: Machine, tmp_path: Path) -> None:
    with pytest.raises(EngineError) as caught:
        machine.ensure(cli(tmp_path / "bin", "v3.100.0"))
    assert str(caught.value).splitlines() == [
        "No usable Pulumi engine. Tried, in this order:",
        f"  1. `pulumi` on PATH: {tmp_path}/bin/pulumi is 3.100.0; 3.254.0 or newer (3.x) is needed",
        "  2. Pulumi's installer (https://get.pulumi.com): Temporary failure in name resolution",
        "  3. build from Pulumi's Go modules: there is no `go` on PATH",
        "Install one of these and run this again:",
        "  - the Pulumi CLI 3.254.0 or newer (3.x): https://www.pulumi.com/docs/install/",
        f"  - Go {build.go_version()} or newer, from which the CLI is built once, in about four minutes:"
        " https://go.dev/doc/install",
    ]


def test_the_command_prints_the_directory_alone_on_stdout(tmp_path: Path) -> None:
    directory = cli(tmp_path / "bin", "v3.260.0")
    done = subprocess.run(
        [sys.executable, "-m", "tools.engine"],
        env={**os.environ, "PATH": str(directory)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == (f"{directory}\n", "")


def test_the_command_ends_with_1_and_no_traceback_when_there_is_none(tmp_path: Path) -> None:
    refused = {"https_proxy": "http://127.0.0.1:1", "XDG_CACHE_HOME": str(tmp_path), "PATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "tools.engine"],
        env={**os.environ, **refused},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "Traceback" not in done.stderr
    assert "Connection refused" in done.stderr


def test_a_failed_build_leaves_nothing_and_tells_the_last_words_of_go(machine: Machine, tmp_path: Path) -> None:
    go = Go(tmp_path, "sys.exit(print('verifying module: checksum mismatch', file=sys.stderr) or 1)")
    with pytest.raises(cache.UnavailableError, match="checksum mismatch"):
        build.build(machine.cache, machine.environment(go.directory), machine.told.append)
    assert [file.suffix for file in machine.cache.iterdir()] == [".lock"]


def test_what_a_killed_build_left_is_cleared_away(machine: Machine, tmp_path: Path) -> None:
    target = build.target(machine.cache)
    (target.parent / f"{target.name}.tmpkilled").mkdir(parents=True)
    build.build(machine.cache, machine.environment(Go(tmp_path).directory), machine.told.append)
    assert {file.name for file in machine.cache.iterdir()} == {target.name, f"{target.name}.lock"}


def test_two_checkouts_that_build_at_once_build_once(machine: Machine, tmp_path: Path) -> None:
    os.mkfifo(gate := tmp_path / "gate")
    go = Go(tmp_path, f"open({str(gate)!r}).close()")  # waits until the gate is opened

    def report(line: str) -> None:
        if "waiting for it" in line:
            gate.open("w").close()

    with ThreadPoolExecutor(2) as pool:
        arguments = (machine.cache, machine.environment(go.directory), report)
        runs = [pool.submit(build.build, *arguments) for _ in range(2)]
        assert runs[0].result() == runs[1].result() == build.target(machine.cache)
    assert go.builds() == 1


def test_someone_watching_a_build_sees_what_it_is_at(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(gate := tmp_path / "gate")
    go = Go(tmp_path, f"print('example.com/package', file=sys.stderr, flush=True)\nopen({str(gate)!r}).close()")
    monkeypatch.setattr(build, "TICK", 0.2)

    def report(line: str) -> None:
        machine.told.append(line)
        if "example.com/package" in line and gate.exists():
            gate.open("w").close()
            gate.unlink()

    build.build(machine.cache, machine.environment(go.directory), report)
    assert "about four minutes" in machine.told[0]
    assert "1 steps, now example.com/package" in machine.told[-1]


def test_other_pins_are_another_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = build.target(tmp_path)
    for name in ("go.mod", "go.sum"):
        (tmp_path / name).write_text((build.MODULE / name).read_text())
    monkeypatch.setattr(build, "MODULE", tmp_path)
    assert build.target(tmp_path) == before
    (tmp_path / "go.sum").write_text("")
    assert build.target(tmp_path) != before


def test_assembly_is_brought_up_to_date_and_otherwise_left_alone(tmp_path: Path) -> None:
    built = tmp_path / "built"
    for name in ("pulumi", "pulumi-language-python-exec"):
        executable(built / name, "old")
    directory = assemble(built, tmp_path, "/some/python")
    first = {file.name: file.stat().st_mtime_ns for file in directory.iterdir()}
    assemble(built, tmp_path, "/some/python")
    assert {file.name: file.stat().st_mtime_ns for file in directory.iterdir()} == first
    assert (directory / "pulumi").samefile(built / "pulumi")

    (built / "pulumi").unlink()
    executable(built / "pulumi", "newer")
    assemble(built, tmp_path, "/another python")
    assert (directory / "pulumi").read_text().endswith("newer")
    assert "exec '/another python' -I" in (directory / "pulumi-language-python").read_text()
    assert sorted(path.name for path in (tmp_path / ".local").iterdir()) == ["engine"]


def test_assembly_copies_where_it_cannot_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def another_file_system(self: Path, target: Path) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(Path, "hardlink_to", another_file_system)
    executable(tmp_path / "built" / "pulumi", "")
    directory = assemble(tmp_path / "built", tmp_path)
    written = (directory / "pulumi").stat()
    assert os.access(directory / "pulumi", os.X_OK)
    assemble(tmp_path / "built", tmp_path)
    assert (directory / "pulumi").stat().st_ino == written.st_ino


def test_the_random_stand_in_leaves_a_home_when_the_official_cli_comes(tmp_path: Path) -> None:
    executable(tmp_path / "built" / "pulumi", "")
    home, ours = tmp_path / "home", assemble(tmp_path / "built", tmp_path)
    assert "PULUMI_IGNORE_AMBIENT_PLUGINS" in equip(ours, home)
    assert len(list(home.glob("plugins/*/pulumi-resource-random"))) == 1
    official_cli = cli(tmp_path / "bin", "v3.260.0")
    assert equip(official_cli, home) == {"PULUMI_HOME": str(home)}
    assert list(home.glob("plugins/*")) == []
    theirs = executable(home / "plugins" / "resource-random-v4.21.4" / "pulumi-resource-random", "")
    equip(official_cli, home)
    assert theirs.exists()
