"""Makes questions handed on ready for the screen: lists with their figures, one with its way.

Words are opened here for whoever may see the question; the list shows their beginning.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any, Final

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.accounts.deps import Work
from app.accounts.rules import Permission
from app.calendars import queries as calendars
from app.citizens.sealing import unseal
from app.departments import queries as departments
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.kernel.text import mask_free_text
from app.kernel.vault import vault_of
from app.questions import labels, queries, rules, service
from app.questions.models import Question
from app.questions.queries import Counts, Which
from app.questions.rules import Deed
from app.questions.service import Target
from app.queueing.queries import halls
from app.queueing.service import where_of
from app.queueing.service.floor import day_begins, local_day

_SHOWN: Final = 60
_FIGURES: Final = (
    (Which.TO_ME, mark("Handed on to me")),
    (Which.MINE, mark("With me")),
    (Which.OPEN, mark("Not answered yet")),
    (Which.SLOW, mark("Accepted too slowly")),
    (Which.ANSWERED, mark("Answered today")),
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One number above the list, and the list it leads to."""

    label: str
    count: int
    which: str
    is_bad: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One question of the list."""

    ref: str
    words: str
    state: str
    is_slow: bool
    is_open: bool
    first: str
    owner: str
    to: str
    asked_at: datetime
    hands: int


@dataclass(frozen=True, slots=True)
class QuestionsPage:
    """The list, its figures, and the form for a new one."""

    which: str
    figures: Sequence[Figure]
    rows: Sequence[Line]
    may_ask: bool
    targets: Sequence[tuple[str, str]]
    minutes: int
    next_url: str = ""
    prev_url: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Move:
    """One step of a question's way."""

    deed: str
    at: datetime
    by: str
    to: str


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """One question: words, whose it is, its way, what this person may do."""

    ref: str
    words: str
    reach: str
    answer: str
    note: str
    state: str
    is_slow: bool
    may: frozenset[str]
    moves: Sequence[Move]
    targets: Sequence[tuple[str, str]]
    action: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


def list_page(
    work: Work,
    which: Which,
    cursor: str,
    *,
    english: bool,
    **given: Any,  # noqa: ANN401  # fields of the page
) -> QuestionsPage:
    """A list of questions with the figures over all of them."""
    terms = service.terms()
    slow_before = work.now - terms.accept_within
    today = calendars.load(work.session).statutory
    since = today.instant(today.local_date(work.now), time(0))
    found = queries.list_of(
        work.session, work.actor, which, slow_before=slow_before, cursor=cursor or None
    )
    counts = queries.counts_of(work.session, work.actor, slow_before=slow_before, since=since)
    base = f"{service.LIST}?which={which}&cursor="
    return QuestionsPage(
        which=str(which),
        figures=_figures(counts),
        rows=[_line(work, row, english=english) for row in found.items],
        may_ask=work.actor.may(Permission.CASE_INTAKE),
        targets=targets(work, english=english),
        minutes=int(terms.accept_within.total_seconds() // 60),
        next_url=f"{base}{found.next_cursor}" if found.next_cursor else "",
        prev_url=f"{base}{found.prev_cursor}" if found.prev_cursor else "",
        **given,
    )


def one_page(work: Work, question: Question, *, english: bool, **given: Any) -> QuestionPage:  # noqa: ANN401  # fields of the page
    """One question in full."""
    standing = queries.standing_of(question)
    units = queries.unit_ids_of(work.actor)
    allowed = frozenset(
        str(deed) for deed in Deed if rules.may(standing, deed, work.actor.id, units)
    )
    return QuestionPage(
        ref=question.ref,
        words=service.words_in(work.session, question, "words"),
        reach=service.words_in(work.session, question, "reach"),
        answer=service.words_in(work.session, question, "answer"),
        note=service.words_in(work.session, question, "note"),
        state=labels.STATES[question.state],
        is_slow=rules.is_slow(question.state, question.offered_at, service.terms(), work.now),
        may=allowed,
        moves=[
            Move(
                labels.DEEDS[row.deed],
                row.at,
                row.by or "",
                row.to_staff or (english and row.to_unit_en) or row.to_unit or "",
            )
            for row in queries.moves_of(work.session, question.id)
        ],
        targets=targets(work, english=english) if str(Deed.OFFER) in allowed else (),
        **given,
    )


def targets(work: Work, *, english: bool) -> list[tuple[str, str]]:
    """To whom one can hand a question on: colleagues at the hall's counters, then units."""
    units = departments.list_choices(work.session, language="en" if english else "zh")
    return [*_counters(work), *((f"unit:{key}", name) for key, name in units)]


def read_target(typed: str) -> Target | None:
    """What the form names; None where nothing was chosen.

    Raises:
        InvalidError: it is neither a person nor a unit.
    """
    if not typed:
        return None
    kind, _, key = typed.partition(":")
    if not (key.isascii() and key.isdigit() and len(key) < len(str(2**63))):
        kind = ""
    if kind == "staff":
        return Target(staff_id=int(key))
    if kind == "unit":
        return Target(unit_id=int(key))
    raise InvalidError(fields={"to": mark("Choose to whom it is handed on.")})


def _counters(work: Work) -> list[tuple[str, str]]:
    if not work.actor.may(Permission.QUEUE_SERVE):
        return []
    where = where_of(work.session, work.actor, now=work.now)
    if where is None:
        return []
    hall_id = where[0].hall_id
    begins = day_begins(work.session, hall_id, local_day(work.session, hall_id, work.now))
    return [
        (f"staff:{one.staff_id}", f"{one.number} · {one.staff}")
        for one in halls.counters_of(work.session, hall_id)
        if one.is_staffed(begins) and one.staff_id != work.actor.id
    ]


def _figures(counts: Counts) -> list[Figure]:
    numbers = {
        Which.MINE: counts.mine,
        Which.TO_ME: counts.to_me,
        Which.OPEN: counts.open,
        Which.SLOW: counts.slow,
        Which.ANSWERED: counts.answered,
    }
    return [
        Figure(words, numbers[which], str(which), which is Which.SLOW and bool(counts.slow))
        for which, words in _FIGURES
    ]


def _line(work: Work, row: Row[*tuple[Any, ...]], *, english: bool) -> Line:
    return Line(
        ref=row.ref,
        words=_beginning(work.session, row),
        state=labels.STATES[row.state],
        is_slow=rules.is_slow(row.state, row.offered_at, service.terms(), work.now),
        is_open=row.answered_at is None,
        first=row.first,
        owner=row.owner,
        to=row.to_staff or (english and row.to_unit_en) or row.to_unit or "",
        asked_at=row.asked_at,
        hands=row.hands,
    )


def _beginning(session: Session, row: Row[*tuple[Any, ...]]) -> str:
    words = unseal(vault_of(session), "first_questions.words", row.words, row.place)
    first = mask_free_text(" ".join(words.split()))
    return first if len(first) <= _SHOWN else f"{first[: _SHOWN - 1]}…"
