"""The policy pack on the real engine: what is forbidden fails a preview, by name and with what to do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from providers.declaration import find
from tests.engine.runs import Run
from tests.engine.specimens import API_KEY, SERVICE, example, subuser
from tests.engine.support import CHECKOUT, DYNAMIC, Project, Small

PACK = CHECKOUT / "policy"
WEBHOOK = "sendgrid:EventWebhook"
USERNAME = "twilio_engage_app_acme"
LOOPBACK = "http://127.0.0.1:8787/inbound"
IN_IT = {"ref": "subuser.id"}

ALLOWED: dict[str, Any] = {
    "subuser": subuser(USERNAME) | {"opts": {"protect": True}},
    "key": {"type": API_KEY, "inputs": {"name": "full access", "subuser": IN_IT}},
    "mail": {"type": API_KEY, "inputs": {"name": "sends", "scopes": ["mail.send"]}},
    "events": example(WEBHOOK, subuser=IN_IT, signed=True),
    "service": example(SERVICE),
}
FORBIDDEN: dict[str, Any] = {
    "subuser": subuser(USERNAME),
    "key": {"type": API_KEY, "inputs": {"name": "full access"}},
    "events": example(WEBHOOK, subuser=IN_IT, signed=False),
    "service": example(SERVICE, inbound_request_url=LOOPBACK),
}
WHY = {
    "subuser": ("production-is-protected", "declare it with protect=True"),
    "key": ("no-full-access-key-of-the-parent", "set subuser, or name the scopes"),
    "events": ("signed-event-webhooks", "set signed=True"),
    "service": ("https-webhooks", "inbound_request_url does not begin with https://"),
}
ASKED = {"production": True, "email": {"signEvents": True}}


@pytest.fixture(scope="module", autouse=True)
def _installed() -> None:
    assert (PACK / ".venv" / "runtime").exists(), "make policy/.venv/runtime"


def judged(project: Project, **options: Any) -> Run:
    return project.preview(policy_packs=[str(PACK)], **options)


def test_a_stack_in_production_that_asks_for_signatures_breaks_no_rule(project: Project) -> None:
    project.configure(**ASKED)
    run = judged(project)
    assert run.ok, run.output
    assert "✅ twilio-engage@v1.0.0" in run.output
    assert "can't run policy" not in run.output, "an unknown value is one that is set"


def test_each_violation_fails_the_preview_and_is_named_with_what_to_do(small: Small) -> None:
    project = small(FORBIDDEN)
    project.configure(**ASKED)
    run = judged(project)
    assert not run.ok
    lines = [line.strip() for line in run.output.splitlines()]
    found = [line for line in lines if line.startswith("[mandatory]") or line.startswith("- [mandatory]")]
    assert len(found) == len(WHY), run.output
    for name, (rule, what_to_do) in WHY.items():
        kind = DYNAMIC + find(FORBIDDEN[name]["type"]).token
        (at,) = [number for number, line in enumerate(lines) if line.endswith(f"[mandatory]  {rule}  ({kind}: {name})")]
        assert what_to_do in lines[at + 2]
    assert LOOPBACK not in "\n".join(line for line in lines if "->" in line)
    assert run.writes == []
    assert project.preview().ok, "without the pack, nothing of it is forbidden"

    project.declare(ALLOWED)
    run = judged(project)
    assert run.ok, run.output


def test_what_a_rule_looks_for_can_be_configured(small: Small, tmp_path: Path) -> None:
    project = small({"subuser": ALLOWED["subuser"], "service": example(SERVICE)})
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"production-is-protected": {"production": True, "types": [SERVICE]}}))
    run = judged(project, policy_pack_configs=[str(config)])
    assert not run.ok
    assert f"production-is-protected  ({DYNAMIC}{SERVICE}: service)" in run.output
    config.write_text(json.dumps({"production-is-protected": "disabled"}))
    project.configure(production=True)
    project.declare({"subuser": subuser(USERNAME)})
    assert judged(project, policy_pack_configs=[str(config)]).ok
