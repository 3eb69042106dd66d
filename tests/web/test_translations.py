"""The tool that keeps the Chinese texts complete finds what it should."""

from pathlib import Path

import pytest

from tools import translations

HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small house that says three sentences."""
    (tmp_path / "app").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "po").mkdir()
    (tmp_path / "app" / "a.py").write_text('X = mark("Hello %(name)s, " "friend")\n', "utf-8")
    (tmp_path / "templates" / "b.html").write_text(
        '{{ _("Bye") }} {{ ngettext("%(num)s cat", "%(num)s cats", n) }}', "utf-8"
    )
    return tmp_path


def write(tree: Path, name: str, *pairs: tuple[str, str]) -> None:
    text = HEAD + "\n".join(f'msgid "{a}"\nmsgstr "{b}"\n' for a, b in pairs)
    (tree / "po" / name).write_text(text, "utf-8")


CATS = '\nmsgid "%(num)s cat"\nmsgid_plural "%(num)s cats"\nmsgstr[0] "%(num)s 只猫"\n'
HELLO = ("Hello %(name)s, friend", "%(name)s，您好")


def test_sentences_of_code_and_of_pages_are_found(tree: Path) -> None:
    said = translations.used(tree)

    assert set(said) == {
        ("Hello %(name)s, friend",),
        ("Bye",),
        ("%(num)s cat", "%(num)s cats"),
    }


def test_a_complete_translation_has_no_complaints(tree: Path) -> None:
    write(tree, "a.po", HELLO, ("Bye", "再见"))
    with (tree / "po" / "a.po").open("a", encoding="utf-8") as file:
        file.write(CATS)

    assert translations.complaints(tree / "po", tree) == []


@pytest.mark.parametrize(
    ("pairs", "complaint"),
    [
        ([HELLO, ("Bye", "再见"), ("Gone", "走了")], "nobody says 'Gone' any more"),
        ([HELLO], "'Bye' has no Chinese"),
        ([HELLO, ("Bye", "")], "'Bye' is not translated"),
        ([(HELLO[0], "您好"), ("Bye", "再见")], "has other places to fill"),
    ],
)
def test_each_kind_of_gap_is_named(
    tree: Path, pairs: list[tuple[str, str]], complaint: str
) -> None:
    write(tree, "a.po", *pairs)

    assert any(complaint in line for line in translations.complaints(tree / "po", tree))


def test_two_fragments_that_disagree_are_refused_and_nothing_is_written(tree: Path) -> None:
    write(tree, "a.po", ("Bye", "再见"))
    write(tree, "b.po", ("Bye", "拜拜"))
    target = tree / "messages.mo"

    quarrels = translations.compile_all(tree / "po", target)

    assert quarrels == ["a.po and b.po translate 'Bye' differently"]
    assert not target.exists()


def test_what_is_missing_is_printed_ready_to_be_filled_in(tree: Path) -> None:
    write(tree, "a.po", HELLO)

    entries = "\n".join(translations.missing("", tree / "po", tree))

    assert 'msgid "Bye"\nmsgstr ""' in entries
    assert 'msgid_plural "%(num)s cats"\nmsgstr[0] ""' in entries
