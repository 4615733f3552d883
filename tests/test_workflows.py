"""GitHub's workflows: what a linter finds, and what only this project knows of them."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.sms import EXISTING_KEY
from providers.vendors import CREDENTIALS

CHECKOUT = Path(__file__).parents[1]
GITHUB = CHECKOUT / ".github"
LINTER = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12"
WORKFLOWS = {file.stem: yaml.safe_load(file.read_text()) for file in sorted((GITHUB / "workflows").glob("*.yml"))}
RUNS_PULUMI = ("preview", "up", "drift")


def steps_of(document: dict[str, Any]) -> list[dict[str, Any]]:
    jobs = document["jobs"].values() if "jobs" in document else [document["runs"]]
    return [step for job in jobs for step in job["steps"]]


def all_steps() -> Iterator[dict[str, Any]]:
    actions = [yaml.safe_load(file.read_text()) for file in (GITHUB / "actions").glob("*/action.yml")]
    for document in (*WORKFLOWS.values(), *actions):
        yield from steps_of(document)


def test_the_linter_finds_nothing() -> None:
    """It knows the contexts, the shells, and the inputs of the actions in the versions that are used here."""
    if shutil.which("go") is None:
        pytest.skip("actionlint is built with Go, and there is none")
    # Without what it would call if that is installed by chance.
    command = ["go", "run", LINTER, "-shellcheck=", "-pyflakes="]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_there_is_one_for_each_occasion() -> None:
    assert list(WORKFLOWS) == ["ci", "drift", "preview", "up"]


def test_every_action_is_pinned_and_of_somebody_whom_the_project_trusts() -> None:
    used = {step["uses"] for step in all_steps() if "uses" in step and not step["uses"].startswith("./")}
    assert used
    for name in used:
        assert re.fullmatch(r"(actions|pulumi|aws-actions)/[\w-]+@(v\d+|[0-9a-f]{40})", name)


def test_the_cli_is_of_the_sdks_version() -> None:
    (sdk,) = re.findall(r"(?m)^pulumi==(\S+)$", (CHECKOUT / "requirements.txt").read_text())
    versions = [step["with"]["pulumi-version"] for step in all_steps() if step.get("uses", "").startswith("pulumi/")]
    assert versions == [sdk] * len(RUNS_PULUMI)


@pytest.mark.parametrize("name", RUNS_PULUMI)
def test_the_step_that_calls_the_vendors_has_all_credentials_and_no_other_step_has(name: str) -> None:
    # What is handed over comes from the program, which a search for drift does not run.
    wanted = {credential.variable for credential in (*CREDENTIALS, *(EXISTING_KEY if name != "drift" else ()))}
    document = WORKFLOWS[name]
    having = [step for step in steps_of(document) if wanted & step.get("env", {}).keys()]
    assert len(having) == 1
    assert all(having[0]["env"][variable] == f"${{{{ secrets.{variable} }}}}" for variable in wanted)
    assert "env" not in document
    assert not any("env" in job for job in document["jobs"].values())


@pytest.mark.parametrize("name", RUNS_PULUMI)
def test_each_environment_is_run_by_itself_and_only_where_it_is_set_up(name: str) -> None:
    (job,) = WORKFLOWS[name]["jobs"].values()
    assert job["strategy"]["matrix"] == {"stack": "${{ fromJSON(vars.ENGAGE_STACKS) }}"}
    assert "vars.ENGAGE_STACKS != ''" in job["if"]
    assert job["environment"] == "${{ matrix.stack }}" + ("" if name == "up" else "-preview")


def test_only_what_is_approved_changes_anything() -> None:
    commands = {
        name: [s["with"].get("command") for s in steps_of(w) if "pulumi/actions" in s.get("uses", "")]
        for name, w in WORKFLOWS.items()
    }
    assert commands == {"ci": [], "drift": [None], "preview": ["preview"], "up": ["up"]}
    assert set(WORKFLOWS["up"][True]) == {"push", "workflow_dispatch"}  # YAML 1.1 reads the key `on` as true
    assert WORKFLOWS["up"][True]["push"] == {"branches": ["main"]}


@pytest.mark.parametrize("name", ["preview", "up"])
def test_the_policy_pack_judges_what_is_previewed_and_what_is_done(name: str) -> None:
    (run,) = [step for step in steps_of(WORKFLOWS[name]) if "command" in step.get("with", {})]
    assert run["with"]["policyPacks"] == "policy"
    assert run["with"]["suppress-outputs"] is True


@pytest.mark.parametrize("name", WORKFLOWS)
def test_each_has_the_least_rights_and_a_limit(name: str) -> None:
    workflow = WORKFLOWS[name]
    rights = {"contents": "read"} | ({"id-token": "write"} if name != "ci" else {})
    assert workflow["permissions"] == rights | ({"pull-requests": "write"} if name == "preview" else {})
    assert all(job["timeout-minutes"] <= 60 for job in workflow["jobs"].values())
    assert "pull_request_target" not in workflow[True], "it would hand secrets to whoever opens a pull request"


def test_the_document_names_every_secret_variable_and_target() -> None:
    page = (CHECKOUT / "docs" / "ci.md").read_text()
    text = "".join(file.read_text() for file in GITHUB.rglob("*.yml"))
    names = set(re.findall(r"(?:secrets|vars)\.([A-Z_]+)", text))
    assert {name for name in names if f"`{name}`" not in page} == set()
    targets = set(re.findall(r"(?m)^([a-z-]+):.*##", (CHECKOUT / "Makefile").read_text()))
    assert set(re.findall(r"make ([a-z-]+) (?:STACK|NAME)=", page)) <= targets


def test_no_value_is_interpolated_into_a_script() -> None:
    """Interpolated into a script, a name would be run; as an environment variable, it is a name."""
    for step in all_steps():
        assert "${{" not in step.get("run", "")
