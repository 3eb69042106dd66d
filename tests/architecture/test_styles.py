"""Rules for styles and scripts that no linter knows: one place for colours, sizes and sentences."""

import re
from pathlib import Path

import pytest

WEB = Path(__file__).resolve().parents[2] / "web"
SHEETS = sorted((WEB / "css").glob("*.css"))
SCRIPTS = sorted((WEB / "src").glob("*.js"))

LITERAL = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl)a?\(|\b\d+(?:\.\d+)?(?:px|pt|mm|cm)\b")
TOO_NEW = re.compile(r"@layer|@container|:has\(|color-mix\(|^\s+&", re.MULTILINE)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
LINE_COMMENT = re.compile(r"(?:^|\s)//.*$|/\*.*?\*/", re.MULTILINE | re.DOTALL)
PATTERN = re.compile(r"/\(\?:.*?/")  # a regular expression may name Chinese punctuation


def literals(css: str) -> list[str]:
    return LITERAL.findall(COMMENT.sub("", css))


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_only_the_tokens_name_colours_and_sizes(sheet: Path) -> None:
    found = literals(sheet.read_text(encoding="utf-8"))

    assert bool(found) == (sheet.name == "tokens.css")


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_styles_stay_readable_for_old_browsers(sheet: Path) -> None:
    css = COMMENT.sub("", sheet.read_text(encoding="utf-8"))

    assert not TOO_NEW.search(css)


def test_every_token_that_is_used_exists() -> None:
    sheets = "".join(sheet.read_text(encoding="utf-8") for sheet in SHEETS)

    used = set(re.findall(r"var\((--[\w-]+)", sheets))
    defined = set(re.findall(r"(--[\w-]+):", sheets))

    assert len(used) > 40
    assert used == defined


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_no_script_holds_a_sentence_of_its_own(script: Path) -> None:
    source = script.read_text(encoding="utf-8")

    code = PATTERN.sub("", LINE_COMMENT.sub("", source))

    assert code.isascii()


def test_a_planted_colour_is_found() -> None:
    assert literals("a { color: #123456; width: 3px }") == ["#123456", "3px"]
    assert literals("a { color: var(--ink); width: 2em } /* #123456 */") == []


def test_the_automatic_night_is_the_same_as_the_chosen_one() -> None:
    tokens = (WEB / "css" / "tokens.css").read_text(encoding="utf-8")

    chosen, automatic = (
        re.findall(r"--[\w-]+: [^;]+", block)
        for theme in ("dark", "auto")
        for block in re.findall(rf'\[data-theme="{theme}"\] {{([^}}]+)}}', tokens)
    )

    assert len(chosen) > 20
    assert chosen == automatic
