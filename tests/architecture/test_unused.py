"""Nothing lies about unused where a dead-code finder for Python does not look: styles, templates.

A class filled in while a page is drawn stands as a star, so that what it may become counts as used.
"""

import re
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from pathlib import Path

from app.paths import template_dir

ROOT = Path(__file__).resolve().parents[2]
FOREIGN = ("leaflet-",)  # classes a library sets

COMMENT = re.compile(r"/\*.*?\*/|\{#.*?#\}", re.DOTALL)
TAG = re.compile(r"\{[%{].*?[%}]\}", re.DOTALL)
HOLE = re.compile(r"\$?\{[^{}]*\}|\{[%{].*?[%}]\}", re.DOTALL)
ATTRIBUTE = re.compile(r'class="((?:\{[%{].*?[%}]\}|[^"])*)"', re.DOTALL)
MAIN_CLASS = re.compile(r"block main_class %\}(.*?)\{% endblock", re.DOTALL)
QUOTED = re.compile(r'"([^"\n]*)"|`([^`]*)`')
PLAIN = re.compile(r"[a-z][a-z0-9 -]*")
TAKEN_IN = re.compile(r'(?:include|import|extends|from)\s+"([^"]+)"')
IMPORTED = re.compile(r'import "[^"]+" as (\w+)|from "[^"]+" import (\w+(?:, \w+)*)')


def quoted_in(source: str) -> list[str]:
    return ["".join(pair) for pair in QUOTED.findall(source)]


def styled(sheet: str) -> set[str]:
    """The classes a style sheet knows."""
    selectors = " ".join(re.findall(r"([^{}]*)\{", sheet))
    return set(re.findall(r"\.([A-Za-z][\w-]*)", selectors))


def classes_of_template(source: str) -> set[str]:
    said = [*ATTRIBUTE.findall(source), *MAIN_CLASS.findall(source)]
    words = [text for tag in TAG.findall(source) for text in quoted_in(tag)]
    said += [text for text in words if PLAIN.fullmatch(text)]  # given to a macro as its class
    return {word for text in said for word in re.findall(r"[\w*-]+", HOLE.sub("*", text))}


def classes_of_script(source: str) -> set[str]:
    return {
        word for text in quoted_in(source) for word in re.findall(r"[\w*-]+", HOLE.sub("*", text))
    }


def idle_classes(sheet: str, said: set[str]) -> list[str]:
    shapes = [word for word in said if "*" in word and word.strip("*")]
    return [
        name
        for name in sorted(styled(sheet) - said)
        if not name.startswith(FOREIGN) and not any(fnmatchcase(name, one) for one in shapes)
    ]


def unreached(names: Iterable[str], taken_in: set[str], written: set[str]) -> list[str]:
    """Templates no page names (a name put together of parts counts) and no other takes in."""
    shapes = [HOLE.sub("*", name) for name in written if "{" in name and "/" in name]
    return [
        name
        for name in names
        if not {name, page_of(name)} & (taken_in | written)
        and not any(fnmatchcase(page_of(name), one) for one in shapes)
    ]


def page_of(name: str) -> str:
    """How a handler calls the template; `_main` is the part of a page that is drawn anew."""
    return name.rpartition(".")[0].removesuffix("/_main")


def idle_imports(name: str, sources: Mapping[str, str]) -> list[str]:
    """What a template imports, and neither it nor what it includes uses."""
    names = [
        one
        for whole, some in IMPORTED.findall(sources[name])
        for one in (whole or some).split(", ")
    ]
    bare = TAKEN_IN.sub("", with_parts(name, sources))
    return [one for one in names if len(re.findall(rf"\b{one}\b", bare)) == 1]


def with_parts(name: str, sources: Mapping[str, str]) -> str:
    parts = re.findall(r'include "([^"]+)"', sources[name])
    return "\n".join([sources[name], *(with_parts(part, sources) for part in parts)])


def idle_macros(sources: Mapping[str, str]) -> list[str]:
    everything = "\n".join(sources.values())
    named = re.findall(r"macro (\w+)\(", everything)
    return [name for name in named if len(re.findall(rf"\b{name}\(", everything)) == 1]


def templates() -> dict[str, str]:
    return {
        path.relative_to(template_dir()).as_posix(): COMMENT.sub("", path.read_text("utf-8"))
        for path in sorted(template_dir().rglob("*.*"))
    }


def test_every_class_with_a_style_is_set_by_a_page_or_a_script() -> None:
    sheets = [COMMENT.sub("", path.read_text("utf-8")) for path in ROOT.glob("web/css/*.css")]
    scripts = [path.read_text("utf-8") for path in ROOT.glob("web/src/*.js")]

    said = set[str]().union(*map(classes_of_template, templates().values()))
    said |= set[str]().union(*map(classes_of_script, scripts))

    assert len(sheets) > 10
    assert [name for sheet in sheets for name in idle_classes(sheet, said)] == []


def test_every_template_is_drawn() -> None:
    sources = templates()
    taken_in = {name for source in sources.values() for name in TAKEN_IN.findall(source)}
    modules = [path.read_text("utf-8") for path in ROOT.glob("app/**/*.py")]
    written = {text for source in modules for text in quoted_in(source)}

    assert len(sources) > 100
    assert unreached(sources, taken_in, written) == []


def test_templates_use_what_they_import_and_every_macro_is_called() -> None:
    sources = templates()

    idle = [(name, one) for name in sources for one in idle_imports(name, sources)]

    assert idle == []
    assert idle_macros(sources) == []


def test_what_is_planted_unused_is_seen() -> None:
    said = classes_of_template('<p class="note s-{{ kind }}">{{ button(css="big") }}</p>')
    said |= classes_of_script('mark.className = `cell g${grade}`; add("is-open");')
    sheet = ".note .big, .cell.g1 { top: 0 } .s-ok { top: .5em } .is-open {} .away {}"
    names = ("a.html", "a/_main.html", "b/_part.html", "c/x.html", "d.html")

    assert idle_classes(sheet, said) == ["away"]
    assert unreached(names, {"b/_part.html"}, {"a", "c/{page}"}) == ["d.html"]
    planted = '{% import "x.html" as x %}{% from "y.html" import y, z, part %}{{ y() }}'
    pages = {"page": planted + '{% include "part" %}', "part": "{{ part() }}"}
    assert idle_imports("page", pages) == ["x", "z"]
    assert idle_macros({"x": "{% macro one() %}{% macro two() %}", "y": "{{ x.one() }}"}) == ["two"]
