"""The papers of an application on the page: what is asked, what was found, what was scanned.

Reads what was typed; whether it may stand is said by the rules of applications.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.desk.applying.forms import REASON, UNTIL, VERDICT, WORDS
from app.desk.applying.scans import Scan
from app.desk.applying.typed import Typed
from app.kernel.messages import mark
from app.service_items.labels import PAPER_FORMS, SOURCES
from app.service_items.rules import Material, Source, read_day
from app.service_requests.rules import Judged, Verdict
from app.service_requests.rules.reasons import reason_text, reasons
from app.web import i18n

_VERDICTS: Final[Mapping[Verdict, str]] = {
    Verdict.OK: mark("in order"),
    Verdict.LACKING: mark("lacking"),
    Verdict.DEFECT: mark("defective"),
    Verdict.PROMISED: mark("may follow"),
}


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One paper as a row of the form; `when` is the question it depends on."""

    key: str
    name: str
    hint: str
    is_shared: bool
    verdicts: Sequence[tuple[str, str]]
    reasons: Sequence[tuple[str, str]]
    scans: Sequence[Scan]
    may_defer: bool = False
    when: str = ""
    is_any: Sequence[str] = ()
    query: str = ""  # what leads to the scans of this conversation


def rows_of(
    materials: Sequence[Material],
    kept: Mapping[str, Sequence[Scan]],
    *,
    language: str,
    talk: str,
) -> list[PaperRow]:
    """The papers of a version in their order."""
    return [row_of(one, kept.get(one.key, ()), language=language, talk=talk) for one in materials]


def row_of(one: Material, kept: Sequence[Scan], *, language: str, talk: str) -> PaperRow:
    """One paper with what was scanned of it."""
    return PaperRow(
        key=one.key,
        name=one.name.within(language),
        hint=_hint(one, language),
        is_shared=one.is_shared,
        verdicts=[
            (str(verdict), i18n.gettext(label))
            for verdict, label in _VERDICTS.items()
            if verdict is not Verdict.PROMISED or one.may_defer
        ],
        reasons=[(phrase.code, phrase.words.within(language)) for phrase in reasons()],
        scans=kept,
        may_defer=one.may_defer,
        when=one.condition.question if one.condition else "",
        is_any=one.condition.values if one.condition else (),
        query=f"?talk={talk}" if talk else "",
    )


def judged_of(materials: Sequence[Material], typed: Typed) -> list[Judged]:
    """The verdicts typed on these papers; one nobody judged is open."""
    return [_judged(one.key, typed.values) for one in materials]


def open_of(judged: Sequence[Judged]) -> dict[str, str]:
    """A sentence for each paper nobody has judged."""
    sentence = mark("Say what was found of this paper.")
    return {f"{VERDICT}{one.key}": sentence for one in judged if one.verdict is Verdict.OPEN}


def _judged(key: str, values: Mapping[str, str]) -> Judged:
    said = values.get(f"{VERDICT}{key}", "")
    verdict = Verdict(said) if said in _VERDICTS else Verdict.OPEN
    is_wrong = verdict in (Verdict.LACKING, Verdict.DEFECT)
    code, words = values.get(f"{REASON}{key}", ""), values.get(f"{WORDS}{key}", "")
    return Judged(
        key,
        verdict,
        reason=reason_text([code], words) if is_wrong else "",
        until=_until(key, values) if verdict is Verdict.PROMISED else None,
    )


def _until(key: str, values: Mapping[str, str]) -> date | None:
    return read_day(values.get(f"{UNTIL}{key}", ""))


def _hint(one: Material, language: str) -> str:
    parts = [
        i18n.gettext(PAPER_FORMS[one.form]),
        i18n.ngettext("%(num)s copy", "%(num)s copies", one.copies),
        i18n.gettext(SOURCES[one.source]) if one.source is not Source.APPLICANT else "",
        one.note.within(language),
    ]
    return " · ".join(filter(None, parts))
