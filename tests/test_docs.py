"""What the pages say exists: their links, the commands and settings that they name, the resources of the stack."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from components.screens import SCREENS
from providers.declaration import all_declarations
from providers.vendors import CREDENTIALS
from stacks.settings import NEEDS
from tools import settings_reference
from tools.stack import COMMANDS

CHECKOUT = Path(__file__).parents[1]
PAGES = [CHECKOUT / "README.md", CHECKOUT / "CONTRIBUTING.md", *sorted((CHECKOUT / "docs").glob("*.md"))]
SPAN = re.compile(r"`([^`\n]+)`")


def prose(page: Path) -> str:
    """A page without its blocks of code."""
    return re.sub(r"(?ms)^ *```.*?^ *```", "", page.read_text())


def anchors(page: Path) -> set[str]:
    return {settings_reference.anchor(heading) for heading in re.findall(r"(?m)^#+ (.+)$", prose(page))}


def named(page: Path) -> set[str]:
    """The settings that a page names: paths that begin with a part, and those of the stack."""
    parts = "|".join(NEEDS)
    return {span for span in SPAN.findall(prose(page)) if re.fullmatch(rf"({parts})(\.[\w<>]+)+", span)}


def test_the_reference_of_the_settings_is_up_to_date() -> None:
    assert settings_reference.PAGE.read_text() == settings_reference.page(), "make docs"


def test_the_reference_has_every_part_and_links_to_the_resource_whose_inputs_a_setting_has() -> None:
    paths = settings_reference.paths()
    assert {"email.domain.name", "account.reverseDns.subdomain", "sms.numbers.<name>.areaCode", "preflight"} <= paths
    assert {"sms.numbers.<name>.friendlyName", "sms.campaign.serviceSid", "email.domain.ips"} & paths == set()
    page = settings_reference.page()
    assert "| `sms.numbers.<name>.*` | inputs of [PhoneNumber](resources.md#twilio-phonenumber) | none |" in page
    assert "| `segment.identifiers` | list of text | `email`, `phone` |" in page
    assert "areaCode" not in page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    links = [link for link in re.findall(r"\]\(([^)\s]+)\)", prose(page)) if "://" not in link]
    for link in links:
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_is_one(page: Path) -> None:
    targets = set(re.findall(r"(?m)^([a-z-]+):.*##", (CHECKOUT / "Makefile").read_text()))
    assert set(COMMANDS) <= targets
    spans = [*SPAN.findall(prose(page)), *re.findall(r"(?m)^make .*$", page.read_text())]
    assert {found for span in spans for found in re.findall(r"^make ([a-z-]+)", span)} <= targets


@pytest.mark.parametrize("page", [page for page in PAGES if page.name != "resources.md"], ids=lambda page: page.name)
def test_every_setting_that_is_named_is_one(page: Path) -> None:
    fields = {f"{screen.part}.{name}" for screen in SCREENS for name in screen.fields}
    without_star = {path.removesuffix(".*") for path in settings_reference.paths()}
    assert {path for path in named(page) if path not in without_star | fields} == set()


def test_the_readme_names_every_credential() -> None:
    spans = set(SPAN.findall(prose(CHECKOUT / "README.md")))
    assert {credential.variable for credential in CREDENTIALS} <= spans


def test_the_guide_names_every_resource_that_the_stack_makes() -> None:
    text = (CHECKOUT / "docs" / "guide.md").read_text()
    resources = {declaration.file for declaration in all_declarations()}
    made = {
        alias.name
        for file in (CHECKOUT / "components").glob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module in resources
        for alias in node.names
        if alias.name in {declaration.name for declaration in all_declarations()}
    }
    assert {name for name in made if not re.search(rf"\b{name}\b", text)} == set()


def test_the_guide_names_every_step_of_the_status() -> None:
    """As `status` has them: the words that components give it."""
    text = (CHECKOUT / "docs" / "guide.md").read_text()
    source = "".join(file.read_text() for file in (CHECKOUT / "components").glob("*.py"))
    blocks = re.findall(r"self\.status(?:: [^=\n]+)? \|?= \{(.*?)\}\n", source, re.DOTALL)
    steps = {*re.findall(r'self\.status\["(\w+)"\]', source), *re.findall(r'(?m)"(\w+)": ', "".join(blocks))}
    assert len(steps) > 15
    assert {step for step in steps if f"`{step}`" not in text} == set()
