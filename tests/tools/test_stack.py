"""What make calls: whose environment `pulumi` runs in, and what is said when that cannot be."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from emulator import Emulator, credentials
from tools import engine, local, stack

FAKE = """#!/bin/sh
echo "$@" >> "$RECORD"
env > "$RECORD.env"
case "$*" in
  *event-log*) for last; do :; done; echo "$EVENTS" > "$last";;
  *history*) echo '[{"resourceChanges": {"same": 3}}]';;
  *output*) echo '{}';;
  *export*) echo '{"deployment": {"resources": [{"type": "a:b:Subuser", "id": "engage", "retainOnDelete": true},
                                               {"type": "a:b:ApiKey", "id": "key"}]}}';;
esac
exit ${FAIL:-0}
"""


@pytest.fixture
def pulumi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A `pulumi` that records its arguments and its environment, and a checkout of its own for the local stack."""
    directory = tmp_path / "bin"
    directory.mkdir()
    program = directory / "pulumi"
    program.write_text(FAKE)
    program.chmod(0o755)
    monkeypatch.setattr(engine, "ensure", lambda: directory)
    monkeypatch.setattr(engine, "equip", lambda _directory, home: {"PULUMI_HOME": str(home)})
    monkeypatch.setattr(engine, "is_built", lambda _directory: False)
    monkeypatch.setattr(local, "DIRECTORY", tmp_path / "local")
    monkeypatch.setattr(local, "start_emulator", lambda: "http://127.0.0.1:1")
    monkeypatch.setenv("RECORD", str(tmp_path / "record"))
    monkeypatch.setenv("PULUMI_ACCESS_TOKEN", "the user's")
    monkeypatch.setenv("PULUMI_BACKEND_URL", "https://pulumi.example.com")
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "the user's")
    monkeypatch.setenv("SENDGRID_API_KEY", "the user's")
    monkeypatch.setattr(signal, "signal", lambda *_: None)  # this process keeps its own Ctrl-C
    return tmp_path / "record"


def environment(record: Path) -> dict[str, str]:
    lines = Path(f"{record}.env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def test_the_local_stack_uses_nothing_of_the_users(pulumi: Path) -> None:
    assert stack.main(["preview", "local"]) == 0
    seen = environment(pulumi)
    assert {name: seen[name] for name in credentials} == credentials
    assert seen["PULUMI_BACKEND_URL"] == f"file://{local.DIRECTORY / 'state'}"
    assert seen["PULUMI_HOME"] == str(local.DIRECTORY / "home")
    assert seen["PULUMI_CONFIG_PASSPHRASE"] == local.PASSPHRASE
    assert seen["PULUMI_ACCESS_TOKEN"] == ""
    assert "127.0.0.1" in seen["NO_PROXY"].split(",")


def test_any_other_stack_uses_the_users_own(pulumi: Path) -> None:
    assert stack.main(["preview", "dev"]) == 0
    seen = environment(pulumi)
    assert seen["PULUMI_BACKEND_URL"] == "https://pulumi.example.com"
    assert seen["PULUMI_ACCESS_TOKEN"] == "the user's"
    assert seen["SENDGRID_API_KEY"] == "the user's"
    assert seen["PULUMI_STACK"] == "dev"


@pytest.mark.parametrize("command", ["up", "refresh", "down"])
def test_only_the_local_stack_changes_without_being_asked(pulumi: Path, command: str) -> None:
    asked = {}
    for name in ("local", "dev"):
        pulumi.unlink(missing_ok=True)
        stack.main([command, name])
        asked[name] = "--yes" in pulumi.read_text()
    assert asked == {"local": True, "dev": False}


def test_outputs_are_said_without_a_run_and_a_failure_is_one(
    pulumi: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert stack.main(["outputs", "local"]) == 0
    assert "Left for a person to do" in capsys.readouterr().out
    assert not any(line.startswith(("up", "preview")) for line in pulumi.read_text().splitlines())
    program = pulumi.parent / "bin" / "pulumi"
    program.write_text('#!/bin/sh\ncase "$2" in output) echo "error: no key"; exit 255;; esac\n')
    assert stack.main(["outputs", "local"]) == 1
    assert "error: no key" in capsys.readouterr().err


def test_policy_is_a_preview_with_the_pack(pulumi: Path) -> None:
    assert stack.main(["policy", "dev"]) == 0
    assert pulumi.read_text().splitlines()[-1].startswith("preview ")
    assert "--policy-pack policy" in pulumi.read_text()


@pytest.mark.parametrize(
    ("events", "code", "said"),
    [
        ('{"summaryEvent": {}}', 0, "dev: no drift"),
        (
            '{"resOutputsEvent": {"metadata": {"op": "delete", "urn": "a::b", "type": "t"}}}\n{"summaryEvent": {}}',
            2,
            "b (t)",
        ),
        ("", 1, "has not said what it found"),
    ],
)
def test_drift_fails_by_its_own_code_and_changes_nothing(
    pulumi: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], events: str, code: int, said: str
) -> None:
    monkeypatch.setenv("EVENTS", events)
    assert stack.main(["drift", "dev"]) == code
    assert said in "".join(capsys.readouterr())
    assert "refresh --preview-only --non-interactive --event-log" in pulumi.read_text()


def test_a_search_for_drift_that_fails_shows_why(
    pulumi: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    program = pulumi.parent / "bin" / "pulumi"
    program.write_text('#!/bin/sh\ncase "$1" in refresh) echo "error: no such zone"; exit 255;; esac\n')
    assert stack.main(["drift", "dev"]) == 1
    assert "error: no such zone" in capsys.readouterr().err


def test_what_is_kept_is_said_by_name(pulumi: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert stack.main(["down", "local"]) == 0
    printed = capsys.readouterr().out
    assert "Kept at the vendors" in printed
    assert "  Subuser engage\n" in printed
    assert "ApiKey" not in printed


def test_a_stack_without_settings_is_an_error_that_lists_those_with(
    pulumi: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert stack.main(["up", "prdo"]) == 1
    assert "there is no stacks/Pulumi.prdo.yaml: the stacks are dev, local, prod, staging" in capsys.readouterr().err
    assert not pulumi.exists()


def test_a_failure_of_pulumi_is_a_failure_of_make(pulumi: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAIL", "3")
    assert stack.main(["preview", "dev"]) != 0


def test_any_command_of_the_cli_arrives_as_it_was_typed(pulumi: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARGS", "state delete 'urn:a::b::c$twilio:d e' --yes")
    assert stack.main(["pulumi", "local"]) == 0
    assert pulumi.read_text().splitlines()[-1] == "state delete urn:a::b::c$twilio:d e --yes"


def test_make_hands_arguments_on_as_they_were_typed() -> None:
    typed = "--target 'urn:a::b$twilio::c' \"x y\""
    command = ["make", "--silent", "--eval", 'show: ; @echo "$$ARGS"', "show", f"ARGS={typed}"]
    done = subprocess.run(command, cwd=local.CHECKOUT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == typed


@pytest.mark.parametrize("name", ["local", "dev"])
def test_a_protected_stack_is_not_even_begun_to_be_destroyed(
    pulumi: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    program = pulumi.parent / "bin" / "pulumi"
    program.write_text(FAKE.replace('"retainOnDelete": true', '"retainOnDelete": true, "protect": true'))
    assert stack.main(["down", name]) == 1
    assert "destroy" not in pulumi.read_text()
    said = capsys.readouterr().err
    assert "protects Subuser engage -> " in said
    assert f"set production to false, make up STACK={name}" in said


def test_only_the_local_stack_is_made_by_itself(pulumi: Path) -> None:
    for name in ("local", "dev"):
        stack.main(["preview", name])
    made = [line for line in pulumi.read_text().splitlines() if line.startswith("stack select")]
    assert made == ["stack select local --create", "stack select dev"]


def test_an_organisation_may_stand_before_the_name(pulumi: Path) -> None:
    assert stack.main(["preview", "acme/dev"]) == 0
    assert environment(pulumi)["PULUMI_STACK"] == "acme/dev"


def test_a_built_engine_leaves_the_users_home_alone_and_finds_the_login_there(
    pulumi: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "is_built", lambda _directory: True)
    monkeypatch.setenv("PULUMI_HOME", "/home/user/.pulumi")
    stack.main(["preview", "dev"])
    seen = environment(pulumi)
    assert seen["PULUMI_HOME"] == str(local.DIRECTORY / "home")
    assert seen["PULUMI_CREDENTIALS_PATH"] == "/home/user/.pulumi"


def test_ctrl_c_leaves_pulumi_its_time(pulumi: Path) -> None:
    """The engine ends what it has begun; killed, it would leave a lock and objects that nobody recorded."""
    program = pulumi.parent / "bin" / "pulumi"
    program.write_text("#!/bin/sh\ntrap 'sleep 1; echo ended > \"$RECORD\"; exit 8' INT\necho on\nread _line\n")
    code = (
        "import sys; from pathlib import Path; from tools import engine, stack;"
        f"engine.ensure = lambda: Path({str(program.parent)!r}); engine.is_built = lambda _: False;"
        "sys.exit(stack.main(['pulumi', 'dev']))"
    )
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=local.CHECKOUT, stdout=pipe, stdin=pipe, start_new_session=True
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(timeout=20) == 8
    assert pulumi.read_text() == "ended\n"


class TestEmulator:
    """The emulator of the local stack, started and stopped for real."""

    @pytest.fixture(autouse=True)
    def _directory(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(local, "DIRECTORY", tmp_path)

    def at(self, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
        monkeypatch.setattr(local, "endpoint", lambda: url)

    def free_url(self) -> str:
        with Emulator() as emulator:
            return emulator.url

    def test_it_starts_once_and_stops(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.at(monkeypatch, url := self.free_url())
        assert local.start_emulator() == url
        pid = (local.DIRECTORY / "emulator" / "pid").read_text()
        assert local.start_emulator() == url
        assert (local.DIRECTORY / "emulator" / "pid").read_text() == pid
        assert local.stop_emulator()
        assert not local.stop_emulator()

    def test_another_checkouts_emulator_is_not_taken_for_ours(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with Emulator() as emulator:
            self.at(monkeypatch, emulator.url)
            with pytest.raises(local.LocalError, match="another emulator, not this checkout's"):
                local.start_emulator()

    def test_a_port_that_another_program_has_is_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with Emulator() as emulator:
            self.at(monkeypatch, emulator.url)
            monkeypatch.setattr(local, "_answering", lambda _url: None)
            with pytest.raises(local.LocalError, match=r"did not start at .*\n.*cannot listen on"):
                local.start_emulator()

    def test_on_another_port_it_is_the_same_one_that_has_moved(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Two would write one file of state, and nobody would stop the first."""
        self.at(monkeypatch, first := self.free_url())
        local.start_emulator()
        self.at(monkeypatch, second := self.free_url())
        assert local.start_emulator() == second
        assert local._answering(first) is None
        assert local.stop_emulator()

    def test_it_is_stopped_where_it_runs_whatever_the_settings_say_by_now(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.at(monkeypatch, url := self.free_url())
        local.start_emulator()
        self.at(monkeypatch, self.free_url())
        assert local.stop_emulator()
        assert local._answering(url) is None

    @pytest.mark.parametrize(
        "settings", ["", "config: {}", 'config: {"twilio-engage:endpoint": "127.0.0.1:8787"}', "a: ["]
    )
    def test_settings_that_lead_to_no_emulator_are_an_error_that_says_what_to_write(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: str
    ) -> None:
        (tmp_path / "stacks").mkdir()
        (tmp_path / "stacks" / "Pulumi.local.yaml").write_text(settings)
        monkeypatch.setattr(local, "CHECKOUT", tmp_path)
        with pytest.raises(local.LocalError, match=r"http://127\.0\.0\.1:8787"):
            local.start_emulator()

    def test_a_process_id_that_somebody_else_has_now_is_not_stopped(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.at(monkeypatch, url := self.free_url())
        file = local.DIRECTORY / "emulator" / "pid"
        file.parent.mkdir()
        file.write_text(f"{os.getpid()} {url}")
        assert not local.stop_emulator()


def test_one_value_is_printed_without_a_newline(
    pulumi: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = {"email": {"subuser_name": "a", "subuser_api_key_id": "b", "subuser_api_key": "made-up"}}
    outputs = json.dumps({"engage_settings": settings})
    (pulumi.parent / "bin" / "pulumi").write_text(FAKE.replace("echo '{}'", f"echo '{outputs}'"))
    monkeypatch.setenv("FIELD", "email.subuser_api_key")
    assert stack.main(["handover", "local"]) == 0
    assert capsys.readouterr().out == "made-up"
    assert "stack output --show-secrets --json" in pulumi.read_text()


def test_values_that_are_not_there_yet_are_an_error_that_says_what_to_do(
    pulumi: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert stack.main(["handover", "local"]) == 1
    assert "error: the stack has no outputs for Segment's screens yet -> run `make up` first" in capsys.readouterr().err
