"""The house keeps its own rules; each rule is tried once on a planted violation."""

from pathlib import Path

import pytest

from app.paths import template_dir
from tests.architecture import checks
from tests.architecture.checks import CHECKS, Check, Module

APP = Path(__file__).resolve().parents[2] / "app"
PATHS = sorted(APP.rglob("*.py"))
# Programs beside the house that call what is in it.
PROGRAMS = [
    path for name in ("bench", "tools", "migrations") for path in APP.parent.glob(f"{name}/**/*.py")
]
# Said for the tests that hold every column to it.
ONLY_SAID = {"__all__", "INDEXES", "LASTING"}
TEMPLATES = sorted(template_dir().rglob("*.*"))
_FEWEST_MODULES, _FEWEST_TEMPLATES = 100, 20

PLANTED: dict[Check, str] = {
    checks.ends_a_transaction: "session.commit()",
    checks.changes_a_foreign_status: "case.status = Status.CLOSED",
    checks.reads_the_clock: "def f():\n    return datetime.datetime.now(UTC)",
    checks.imports_late: "def f():\n    import json",
    checks.selects_in_the_wrong_place: "rows = session.execute(select(Case))",
    checks.catches_in_a_handler: (
        "@router.get('/')\ndef f():\n    try:\n        g()\n    except ConflictError:\n        h()"
    ),
    checks.waits_for_a_thread_with_a_connection: (
        "def dep():\n    with edge.reading() as session:\n        yield session"
    ),
    checks.is_too_long: "x = 1\n" * 401,
    checks.opens_without_a_sentence: "x = 1",
}
FURTHER: dict[str, Check] = {
    "(a, case.status) = 1, 2": checks.changes_a_foreign_status,
    "setattr(case, 'status', 1)": checks.changes_a_foreign_status,
    "s.execute(update(Case).where(x).values(status=1))": checks.changes_a_foreign_status,
    "with Session(engine).begin() as s: ...": checks.ends_a_transaction,
    "stamp = func.now()": checks.reads_the_clock,
    "when = time.time()": checks.reads_the_clock,
}


def test_the_house_keeps_its_rules_and_every_name_is_used() -> None:
    violations: list[str] = []
    defined: list[tuple[str, str]] = []
    used = set(ONLY_SAID)
    for path in PATHS:  # each is read once for all
        module = Module(str(path.relative_to(APP)), path.read_text())
        violations += [f"{check.__name__}: {said}" for check in CHECKS for said in check(module)]
        defined += checks.names_defined(module)
        used.update(checks.names_used(module))
    for path in PROGRAMS:
        used.update(checks.names_used(Module(path.name, path.read_text())))

    assert violations == []
    assert [f"{name} {where}" for name, where in defined if name not in used] == []


def test_a_name_nobody_uses_is_seen() -> None:
    planted = Module("x.py", "def one(): ...\n\ndef two(): ...\n\none()\n__all__ = ['two']")

    found = dict(checks.names_defined(planted)).keys() - set(checks.names_used(planted))

    assert found == {"two", "__all__"}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_rule_sees_a_planted_violation(check: Check) -> None:
    planted = Module("cases/pages.py", PLANTED[check])

    assert len(list(check(planted))) == 1


@pytest.mark.parametrize("source", FURTHER)
def test_the_rule_sees_the_other_ways_to_break_it(source: str) -> None:
    assert list(FURTHER[source](Module("cases/pages.py", source)))


def test_the_walk_saw_the_house() -> None:
    assert len(PATHS) > _FEWEST_MODULES
    assert {APP / "main.py", APP / "cases" / "models.py", APP / "kernel" / "clock.py"} <= {*PATHS}


def test_templates_are_short_escaped_and_free_of_inline_script_and_style() -> None:
    flaws = [
        flaw
        for path in TEMPLATES
        for flaw in checks.flaws_of_template(
            str(path.relative_to(template_dir())), path.read_text()
        )
    ]

    assert len(TEMPLATES) > _FEWEST_TEMPLATES
    assert flaws == []


@pytest.mark.parametrize(
    "planted",
    [
        "\n" * 121,
        '<p style="color:red">',
        "<style>p{}</style>",
        "<script>go()</script>",
        '<button onclick="go()">',
        "{{ words|safe }}",
        "{% autoescape false %}",
        '<a href="javascript:go()">',
    ],
)
def test_a_planted_flaw_in_a_template_is_seen(planted: str) -> None:
    assert len(list(checks.flaws_of_template("x.html", planted))) == 1
