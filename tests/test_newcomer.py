"""README's first page, in a fresh clone: `make newcomer`. The tests are steps of one visit, in the file's order."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

CHECKOUT = Path(__file__).parents[1]
SETTINGS = "stacks/Pulumi.local.yaml"
pytestmark = pytest.mark.newcomer


class Clone:
    """A clone of what is committed, on a port of its own, in a hostile environment of its user's."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        subprocess.run(["git", "clone", "--quiet", str(CHECKOUT), str(directory)], check=True)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.url = f"http://127.0.0.1:{free.getsockname()[1]}"
        self.edit("127.0.0.1:8787", self.url.removeprefix("http://"))
        identity = ["-c", "user.name=newcomer", "-c", "user.email=newcomer@example.com"]
        self.git(*identity, "commit", "--quiet", "--all", "--message", "Use another port")
        # None of these may be used, or even looked at.
        self.environment = {
            **os.environ,
            "PULUMI_BACKEND_URL": "https://pulumi.example.com",
            "PULUMI_ACCESS_TOKEN": "somebody's",
            "PULUMI_CONFIG_PASSPHRASE": "somebody's",
            "PULUMI_STACK": "somebody/else/prod",
            "SENDGRID_API_KEY": "SG.somebody.else",
            "TWILIO_AUTH_TOKEN": "0" * 32,
            "HTTP_PROXY": "http://127.0.0.1:9",
        }

    def git(self, *arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=self.directory, capture_output=True, text=True, check=True)
        return done.stdout

    def edit(self, old: str, new: str) -> None:
        file = self.directory / SETTINGS
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new))

    def make(self, *arguments: str) -> str:
        """What a target prints; it must succeed."""
        done = subprocess.run(
            ["make", "--no-print-directory", *arguments],
            cwd=self.directory,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"make {' '.join(arguments)}:\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def state(self) -> Any:
        return json.loads((self.directory / ".local" / "emulator" / "state.json").read_text())["vendors"]

    def own_keys(self) -> list[str]:
        return [id_ for id_, key in self.state()["sendgrid"]["api_keys"].items() if key["owner"] != "engage_parent"]


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clone]:
    clone = Clone(tmp_path_factory.mktemp("newcomer") / "twilio-engage")
    yield clone
    clone.make("down")


@pytest.fixture(autouse=True)
def _leaves_no_trace(clone: Clone) -> Iterator[None]:
    yield
    assert clone.git("status", "--porcelain") == ""


def test_make_up_ends_with_the_outputs_and_what_a_person_must_do(clone: Clone) -> None:
    printed = clone.make("up")
    assert re.search(r"Subuser API Key +\[secret\]", printed)
    assert re.search(r"Subuser name +twilio_engage_app_example_local", printed)
    assert re.search(r"messaging_service_sid +MG", printed)
    assert "Left for a person to do:\n  1. " in printed


def test_the_state_has_no_secret_in_clear(clone: Clone) -> None:
    state = clone.make("pulumi", "ARGS=stack export")
    settings = json.loads(clone.make("pulumi", "ARGS=stack output engage_settings --show-secrets --json"))
    resources = json.loads(clone.make("pulumi", "ARGS=stack export --show-secrets"))["deployment"]["resources"]
    (password,) = [
        json.loads(resource["outputs"]["result"]["plaintext"])
        for resource in resources
        if resource["type"].endswith("RandomPassword")
    ]
    secrets = [settings["email"]["subuser_api_key"], *settings["segment"]["write_keys"], password]
    assert [secret for secret in secrets if secret in state] == []
    assert settings["email"]["subuser_name"] in state


def test_make_up_again_changes_nothing(clone: Clone) -> None:
    assert "no changes: everything is as the settings say" in clone.make("up")


def test_an_edit_in_the_settings_previews_as_exactly_that_update(clone: Clone) -> None:
    clone.edit("https://example.com/segment/inbound", "https://example.com/segment/changed")
    printed = clone.make("preview")
    assert re.search(
        r'~ inbound_request_url *: "https://example.com/segment/inbound" => "https://example.com/segment/changed"',
        printed,
    )
    assert re.search(r"Resources:\n +~ 1 to update\n +\d+ unchanged\n", printed)
    clone.git("checkout", "--", SETTINGS)


def test_what_was_removed_is_found_by_refresh_and_made_again(clone: Clone) -> None:
    (service,) = clone.state()["twilio"]["services"]
    requests.delete(f"{clone.url}/_emulator/state/twilio/services/{service}", timeout=5).raise_for_status()
    assert re.search(r"- 2 deleted", clone.make("refresh")), "with its sender"
    assert re.search(r"\+ 2 created", clone.make("up"))
    assert list(clone.state()["twilio"]["services"]) != [service]


def test_make_down_leaves_what_is_kept_on_purpose_and_nothing_else(clone: Clone) -> None:
    clone.make("down")
    state = clone.state()
    assert list(state["sendgrid"]["subusers"]) == ["twilio_engage_app_example_local"]
    assert (clone.own_keys(), state["twilio"]["services"], state["segment"]["sources"]) == ([], {}, {})
    assert not emulator_answers(clone)


def test_make_up_after_it_finds_what_was_kept(clone: Clone) -> None:
    subusers = clone.state()["sendgrid"]["subusers"]
    clone.make("up")
    assert clone.state()["sendgrid"]["subusers"] == subusers
    assert len(clone.own_keys()) == 2, "Engage's and the destination's"


def emulator_answers(clone: Clone) -> bool:
    try:
        return requests.get(f"{clone.url}/_emulator/health", timeout=5).ok
    except requests.ConnectionError:
        return False
