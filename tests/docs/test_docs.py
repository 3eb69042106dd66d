"""What is written for people agrees with the code: settings, commands, roles, words, links."""

import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import pytest
from pydantic_settings import BaseSettings
from typer.core import TyperGroup
from typer.main import get_command

from app.accounts.labels import ROLES
from app.accounts.rules import APPOINTABLE, GRANTS, Permission, Role
from app.cases.kinds import Action, Status
from app.cases.labels import label
from app.catalogue.rules import CaseKind
from app.cli import cli
from app.imports.mapping import load_mapping
from app.settings import Settings
from app.sla.rules import ClockKind
from tools import diagram

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
MANUAL = ROOT / "docs" / "manual"
GLOSSARY = ROOT / "docs" / "glossary.md"
PAGES = [README, *sorted((ROOT / "docs").rglob("*.md"))]
FACES = [page for page in sorted(MANUAL.glob("*.md")) if page.name != "README.md"]
MOST_PICTURE_BYTES = 250_000


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def rows(page: Path) -> dict[str, list[str]]:
    """The table rows of a page by the code word in their first or second cell."""
    found = {}
    for line in text_of(page).splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        for cell in cells[:2]:
            if code := re.fullmatch(r"`([\w:.-]+)`", cell):
                found[code[1]] = cells
    return found


def commands(group: TyperGroup, name: str = "civicwindow") -> Iterator[str]:
    """Every command that is shown, by its whole name."""
    for word, command in group.commands.items():
        if command.hidden:
            continue
        if isinstance(command, TyperGroup):
            yield from commands(command, f"{name} {word}")
        else:
            yield f"{name} {word}"


def anchor(heading: str) -> str:
    """The fragment a heading gets when the page is shown."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def shown_default(settings: type[BaseSettings], name: str) -> str:
    value = settings.model_fields[name].default
    if isinstance(value, bool):
        return str(value).lower()
    return "–" if value in ("", None, ()) else str(value)


@pytest.mark.parametrize("page", diagram.PAGES, ids=lambda page: page.stem)
def test_the_workflow_page_is_what_the_table_says(page: Path) -> None:
    assert text_of(page) == diagram.page(*diagram.PAGES[page]), "run `make docs`"


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_explained_with_its_default(name: str) -> None:
    explained = rows(README)

    row = explained[f"CIVICWINDOW_{name.upper()}"]

    assert row[1].strip("`") == shown_default(Settings, name)
    assert len(row[2]) > 10


def test_no_setting_is_explained_that_does_not_exist() -> None:
    known = {f"CIVICWINDOW_{name.upper()}" for name in Settings.model_fields}

    told = set(re.findall(r"CIVICWINDOW_[A-Z_]+[A-Z]", text_of(README)))

    assert told - known == {"CIVICWINDOW_MASTER_KEY"}


def test_every_command_is_in_the_readme() -> None:
    group = get_command(cli)
    assert isinstance(group, TyperGroup)
    told = text_of(README)

    untold = [name for name in commands(group) if name not in told]

    assert untold == []


def test_the_mapping_in_the_readme_is_one_the_program_takes(tmp_path: Path) -> None:
    shown = re.findall(r"```toml\n(.*?)```", text_of(README), re.DOTALL)
    file = tmp_path / "mine.toml"
    file.write_text(shown[0], encoding="utf-8")

    mapping = load_mapping(str(file))

    assert (len(shown), mapping.source) == (1, "old_hotline")


def test_every_goal_of_make_is_in_the_readme() -> None:
    goals = re.findall(r"^(\w+):.*## ", text_of(ROOT / "Makefile"), re.MULTILINE)

    untold = [goal for goal in goals if f"make {goal}" not in text_of(README)]

    assert untold == []


@pytest.mark.parametrize("role", APPOINTABLE)
def test_the_manual_gives_each_role_the_permissions_it_has(role: Role) -> None:
    row = rows(MANUAL / "README.md")[role]

    assert row[0] == diagram.zh(ROLES[role])
    assert set(re.findall(r"`([\w:]+)`", row[2])) == GRANTS[role]


@pytest.mark.parametrize("page", FACES, ids=lambda page: page.stem)
def test_every_task_of_the_manual_says_what_permission_it_takes(page: Path) -> None:
    _head, *tasks = re.split(r"^## ", text_of(page), flags=re.MULTILINE)

    silent = [task.splitlines()[0] for task in tasks if "所需权限：" not in task]
    named = re.findall(r"`(\w+:\w+)`", " ".join(re.findall(r"所需权限：.*", text_of(page))))

    assert silent == []
    assert set(named) <= set(Permission)


def test_every_permission_is_in_the_manual() -> None:
    manual = "".join(map(text_of, MANUAL.glob("*.md")))

    assert [word for word in Permission if f"`{word}`" not in manual] == []


@pytest.mark.parametrize("words", [CaseKind, Status, Action, Role], ids=lambda kind: kind.__name__)
def test_the_glossary_names_every_word_as_the_screens_do(words: type[StrEnum]) -> None:
    part = text_of(GLOSSARY).split(f"`{words.__name__}`\n")[1].split("\n## ")[0]
    labels = {word: ROLES[word] if isinstance(word, Role) else label(word) for word in words}

    wrong = [word for word in words if f"| `{word}` | {diagram.zh(labels[word])} |" not in part]

    assert wrong == []


def test_the_glossary_names_every_clock() -> None:
    part = text_of(GLOSSARY).split("`ClockKind`\n")[1].split("\n## ")[0]

    assert [word for word in ClockKind if f"| `{word}` |" not in part] == []


def test_the_glossary_explains_sixty_terms_beside_the_stored_words() -> None:
    part = text_of(GLOSSARY).split("## 其他词语")[1]

    terms = re.findall(r"^\| .+ \| .+ \| .+ \|$", part, re.MULTILINE)

    assert len(terms) - 1 >= 60


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", text_of(page)):
        if target.startswith(("http://", "https://")):
            continue
        name, _, fragment = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        if not file.exists():
            broken.append(target)
        elif fragment:
            headings = re.findall(r"^#+ (.+)$", text_of(file), re.MULTILINE)
            if fragment not in map(anchor, headings):
                broken.append(target)

    assert broken == []


def test_the_index_names_every_decision_by_its_title() -> None:
    folder = ROOT / "docs" / "decisions"
    decisions = sorted(page for page in folder.glob("*.md") if page.name != "README.md")

    said = re.findall(
        r"^\| (\d+) \| \[(.+)\]\((.+)\) \|$", text_of(folder / "README.md"), re.MULTILINE
    )
    told = [(f"# {number}. {title}", name) for number, title, name in said]

    assert told == [(text_of(page).splitlines()[0], page.name) for page in decisions]


def test_pictures_are_small_and_each_is_shown() -> None:
    told = text_of(README)
    pictures = list((ROOT / "docs" / "pictures").glob("*.png"))

    assert len(pictures) >= 5
    assert [file.name for file in pictures if file.stat().st_size > MOST_PICTURE_BYTES] == []
    assert [file.name for file in pictures if file.name not in told] == []
