"""Two environments on one account: a stack has what exists once, and neither environment touches it or the other's."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from emulator import Emulator
from tests.engine.command import Command
from tests.engine.support import PROJECT, Project, full_project

IP = "192.0.2.10"


@dataclass
class Shared:
    account: Project
    dev: Project
    staging: Project


def _environment(account: Project, directory: Path, name: str) -> Project:
    project = full_project(directory, account.command, account.emulator, stack=name)
    project.environment["PULUMI_BACKEND_URL"] = account.environment["PULUMI_BACKEND_URL"]
    email = {"subuser": f"twilio_engage_app_example_{name}", "domain": None, "lentDomain": True, "keepSubuser": False}
    project.configure(account=None, accountStack=f"organization/{PROJECT}/account", email=email, sms=None, segment=None)
    return project


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, command: Command, shared_emulator: Emulator) -> Shared:
    directory = tmp_path_factory.mktemp("account")
    account = full_project(directory / "account", command, shared_emulator, stack="account")
    domain = {"name": "example.com", "nameservers": [shared_emulator.nameserver]}
    account.configure(account={"domain": domain}, email=None, sms=None, segment=None)
    assert (up := account.bring_up()).ok, up.output
    dev, staging = (_environment(account, directory / name, name) for name in ("dev", "staging"))
    for project in (dev, staging):
        assert (up := project.up()).ok, up.output
    return Shared(account, dev, staging)


def test_the_environments_build_on_what_the_account_has(shared: Shared) -> None:
    for project in (shared.dev, shared.staging):
        made = project.resources()
        assert "engage-account" not in made
        subuser = made["engage-email-subuser"]
        assert subuser["outputs"]["ips"] == [IP]
        assert made["engage-email-domain-association"]["outputs"]["status"] == "associated"
        assert project.pending() == {}
        assert project.preview().changes == {}


def test_a_preview_of_an_environment_knows_what_the_account_gave(shared: Shared) -> None:
    shared.dev.configure(email={"address": "other@example.com"})
    assert shared.dev.preview().changes == {"engage-email-subuser": "update"}
    assert (up := shared.dev.up()).ok, up.output


def test_destroying_one_leaves_the_account_and_the_other_as_they_were(shared: Shared) -> None:
    destroyed = shared.dev.destroy()
    assert destroyed.ok, destroyed.output
    assert set(shared.account.emulator.state.collection("sendgrid", "subusers")) == {
        "twilio_engage_app_example_staging"
    }
    for project in (shared.account, shared.staging):
        assert (refreshed := project.refresh()).ok, refreshed.output
        assert refreshed.changes == {}
        assert project.preview().changes == {}


def test_an_environment_on_a_stack_without_an_account_says_what_to_do(shared: Shared) -> None:
    lost = _environment(shared.account, shared.account.directory.parent / "lost", "lost")
    lost.configure(accountStack=f"organization/{PROJECT}/staging")
    preview = lost.preview()
    assert not preview.ok
    assert any(
        f"accountStack: the output `account` of organization/{PROJECT}/staging has no ips -> set account.ips" in error
        for error in preview.errors
    ), preview.output
    assert "Traceback" not in preview.output
