"""The documents say what the code does: settings, commands, targets, links."""

import re
from pathlib import Path
from typing import Final

import pytest
import typer.main
from typer.core import TyperGroup

from postline.cli import app
from postline.config import PREFIX, Settings
from scripts import check_files, networks_page, settings_page
from tests.networks.conformance.cases import CASES

ROOT: Final = Path(__file__).resolve().parent.parent
DOCS: Final = ROOT / "docs"
OPERATIONS: Final = (DOCS / "operations.md").read_text(encoding="utf-8")
README: Final = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES: Final = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
LINK: Final = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)")
VARIABLE: Final = re.compile(rf"\b{PREFIX}[A-Z_]*[A-Z]\b")


def _commands() -> list[str]:
    root = typer.main.get_command(app)
    assert isinstance(root, TyperGroup)
    found = []
    for name, command in root.commands.items():
        below = command.commands if isinstance(command, TyperGroup) else {}
        found += [f"postline {name} {each}" for each in below] or [f"postline {name}"]
    return found


def _names(page: Path) -> str:
    return str(page.relative_to(ROOT))


def test_the_settings_page_is_what_the_settings_say() -> None:
    assert (DOCS / "settings.md").read_text(encoding="utf-8") == settings_page.render()


def test_the_networks_page_is_what_the_tables_and_plans_say() -> None:
    assert (DOCS / "networks.md").read_text(encoding="utf-8") == networks_page.render()


def test_each_route_says_what_makes_it_safe_to_repeat_and_names_its_test() -> None:
    rows = [line for line in networks_page.render().splitlines() if "**●" in line and line.startswith("| ")]
    assert len(rows) == len(CASES)
    for row, name in zip(rows, CASES, strict=True):
        _, _, _, safety, test = row.strip("| ").split(" | ")
        assert len(safety) > 40, row
        assert test == f"`test_promises.py[{name}]`"


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_has_a_description_that_is_a_sentence(name: str) -> None:
    assert (Settings.model_fields[name].description or "").endswith(".")


@pytest.mark.parametrize("page", PAGES, ids=_names)
def test_a_page_names_only_settings_that_exist(page: Path) -> None:
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    assert set(VARIABLE.findall(page.read_text(encoding="utf-8"))) <= known


@pytest.mark.parametrize("command", _commands())
def test_every_command_is_told_in_operations(command: str) -> None:
    assert re.search(rf"`{re.escape(command)}[` ]", OPERATIONS), f"docs/operations.md does not tell of `{command}`"


@pytest.mark.parametrize("code", ["0", "1", "2", "3"])
def test_every_exit_code_is_told_in_operations(code: str) -> None:
    assert re.search(rf"^\| {code} \|", OPERATIONS, re.MULTILINE)


def test_the_make_targets_in_the_readme_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:`|^)make ([a-z-]+)", README, re.MULTILINE))
    assert {"demo", "test"} <= named <= targets


@pytest.mark.parametrize("page", PAGES, ids=_names)
def test_links_inside_the_repository_lead_somewhere(page: Path) -> None:
    targets = {(page.parent / link).resolve() for link in LINK.findall(page.read_text(encoding="utf-8"))}
    assert {str(target) for target in targets if not target.exists()} == set()


def test_every_decision_is_on_the_list_of_decisions() -> None:
    listed = set(LINK.findall((DOCS / "architecture.md").read_text(encoding="utf-8")))
    assert {f"adr/{page.name}" for page in (DOCS / "adr").glob("*.md")} <= listed


@pytest.mark.parametrize("page", sorted((DOCS / "adr").glob("*.md")), ids=lambda page: page.stem)
def test_a_decision_tells_context_options_choice_and_doubt(page: Path) -> None:
    headings = re.findall(r"^## (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert headings == ["Context", "Options", "Choice", "What would change our mind"]


def test_no_file_names_a_registry_a_path_of_this_machine_or_a_key() -> None:
    found = [finding for path in check_files.committed_files() for finding in check_files.findings(path)]
    assert found == []


@pytest.mark.parametrize("line", ["https://pypi" + ".org/simple", "-----BEGIN " + "PRIVATE KEY-----", f"{ROOT}/src"])
def test_the_check_of_the_files_finds_what_it_looks_for(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check_files, "ROOT", tmp_path)
    file = tmp_path / "file.txt"
    file.write_text(f"harmless\n{line}\n", encoding="utf-8")
    assert [finding.split(": ")[0] for finding in check_files.findings(file)] == ["file.txt:2"]
