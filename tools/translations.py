"""Keeps the Chinese texts complete: finds what is missing, merges the fragments, compiles them.

Fragments are `app/translations/zh_CN/<area>.po`, one per area; nothing is translated by machine.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

ROOT = Path(__file__).resolve().parents[1]
APP = ROOT / "app"
TEMPLATES = ROOT / "templates"
FRAGMENTS = APP / "translations" / "zh_CN"
COMPILED = FRAGMENTS / "LC_MESSAGES" / "messages.mo"

_PYTHON: dict[str, tuple[int, ...] | None] = {
    "mark": None,
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
}
_JINJA = {"_": None, "gettext": None, "ngettext": (1, 2)}
_OPTIONS = {"trimmed": "true", "silent": "false", "encoding": "utf-8"}
_PLACE = re.compile(r"%\(\w+\)[a-z]")

Msgid = tuple[str, ...]  # (singular,) or (singular, plural)


def used(root: Path = ROOT) -> dict[Msgid, list[str]]:
    """Every sentence of the sources, with the files and lines where it is written."""
    found: dict[Msgid, list[str]] = {}
    for path in sorted((root / "app").rglob("*.py")):
        _collect(found, root, path)
    for path in sorted((root / "templates").rglob("*.html")):
        _collect(found, root, path)
    return found


def _collect(found: dict[Msgid, list[str]], root: Path, path: Path) -> None:
    for line, msgid in _sentences(path):
        found.setdefault(msgid, []).append(f"{path.relative_to(root)}:{line}")


def _sentences(path: Path) -> Iterator[tuple[int, Msgid]]:
    is_python = path.suffix == ".py"
    with path.open("rb") as file:
        rows = (
            extract_python(file, _PYTHON, [], {"encoding": "utf-8"})
            if is_python
            else babel_extract(file, list(_JINJA), [], dict(_OPTIONS))
        )
        for line, function, words, _comments in rows:
            many = (words,) if isinstance(words, str) else tuple(words or ())
            texts = tuple(word for word in many if isinstance(word, str) and word)
            wanted = 2 if function == "ngettext" else 1
            if texts:
                yield line, texts[:wanted]


def id_of(message: Message) -> Msgid:
    """The message's sentence, or its singular and plural."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def text_of(message: Message) -> tuple[str, ...]:
    """Its Chinese, one form (Chinese has no plural)."""
    forms = message.string or ""
    return (forms,) if isinstance(forms, str) else tuple(forms)


def fragments(folder: Path = FRAGMENTS) -> Iterator[tuple[str, Message]]:
    """Every translated message with the name of its fragment."""
    for path in sorted(folder.glob("*.po")):
        with path.open("rb") as file:
            catalogue = read_po(file, locale="zh_CN", abort_invalid=True)
        for message in catalogue:
            if message.id:
                yield path.name, message


def merged(folder: Path = FRAGMENTS) -> tuple[Catalog, list[str]]:
    """One catalogue of all fragments, and the contradictions between them."""
    whole = Catalog(locale="zh_CN", charset="utf-8", fuzzy=False)
    first: dict[str, tuple[str, Message]] = {}
    quarrels: list[str] = []
    for name, message in fragments(folder):
        key = id_of(message)[0]
        if key in first and text_of(first[key][1]) != text_of(message):
            quarrels.append(f"{first[key][0]} and {name} translate {key!r} differently")
        elif key not in first:
            first[key] = (name, message)
            whole.add(message.id, message.string)
    return whole, quarrels


def complaints(folder: Path = FRAGMENTS, root: Path = ROOT) -> list[str]:
    """What is missing, unused, contradicting, empty, or has other places to fill."""
    wanted = used(root)
    _whole, found = merged(folder)
    have: set[Msgid] = set()
    for name, message in fragments(folder):
        msgid = id_of(message)
        have.add(msgid)
        if msgid not in wanted:
            found.append(f"{name}: nobody says {msgid[0]!r} any more")
        elif not all(text_of(message)) or message.fuzzy:
            found.append(f"{name}: {msgid[0]!r} is not translated")
        elif _places(msgid[-1:]) != _places(text_of(message)):
            found.append(f"{name}: {msgid[0]!r} has other places to fill than its translation")
    found += [
        f"{where[0]}: {msgid[0]!r} has no Chinese"
        for msgid, where in wanted.items()
        if msgid not in have
    ]
    return found


def _places(texts: tuple[str, ...]) -> set[str]:
    return {place for text in texts for place in _PLACE.findall(text)}


def missing(area: str = "", folder: Path = FRAGMENTS, root: Path = ROOT) -> Iterator[str]:
    """PO entries still to be translated; with an area only those said in its folders."""
    have = {id_of(message) for _, message in fragments(folder)}
    for msgid, where in used(root).items():
        if msgid in have or not any(f"/{area}" in place for place in where):
            continue
        yield _entry(msgid, where[0])


def _entry(msgid: Msgid, where: str) -> str:
    def quoted(text: str) -> str:
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'

    if len(msgid) == 1:
        return f'#: {where}\nmsgid {quoted(msgid[0])}\nmsgstr ""\n'
    plural = f"msgid_plural {quoted(msgid[1])}"
    return f'#: {where}\nmsgid {quoted(msgid[0])}\n{plural}\nmsgstr[0] ""\n'


def compile_all(folder: Path = FRAGMENTS, target: Path = COMPILED) -> list[str]:
    """Write the file the application reads, or return the contradictions that forbid it."""
    whole, quarrels = merged(folder)
    if not quarrels:
        target.parent.mkdir(parents=True, exist_ok=True)
        half = target.with_suffix(".tmp")
        with half.open("wb") as file:
            write_mo(file, whole)
        half.replace(target)  # a running process never sees half a file
    return quarrels


def main() -> int:
    """The command line; 1 when something needs a person."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    find = commands.add_parser("extract-missing", help="print PO entries without Chinese")
    find.add_argument("--area", default="", help="only what app/<area> and templates/<area> say")
    commands.add_parser("compile", help="merge the fragments into messages.mo")
    commands.add_parser("check", help="fail on anything missing, unused or contradicting")
    words = parser.parse_args()
    if words.command == "extract-missing":
        print("\n".join(missing(words.area)))
        return 0
    troubles = compile_all() if words.command == "compile" else complaints()
    for trouble in troubles:
        print(trouble, file=sys.stderr)
    return 1 if troubles else 0


if __name__ == "__main__":
    sys.exit(main())
