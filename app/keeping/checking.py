"""Proves that the stored matters are whole: histories unbroken, dates as their clocks say.

Looks only; what is found wrong is named, never mended.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from app.cases.models import Case, CaseEvent, CaseText
from app.cases.service import clocks
from app.cases.service.recording import check_chain, text_digest
from app.keeping import queries
from app.sla.models import Clock
from app.sla.rules import ClockKind


@dataclass(slots=True)
class CasesReport:
    """What was looked at, and one sentence for each thing that is not as it should be."""

    cases: int = 0
    events: int = 0
    clocks: int = 0
    wrong: list[str] = field(default_factory=list)


def check_cases(session: Session) -> CasesReport:
    """Recompute every history and compare every open matter with its clocks."""
    report = CasesReport()
    for batch in queries.batches(session):
        ids = [case.id for case in batch]
        events, texts = queries.events_of(session, ids), queries.texts_of(session, ids)
        running = queries.open_clocks_of(session, ids)
        for case in batch:
            own = events.get(case.id, [])
            open_clocks = running.get(case.id, {})
            report.cases += 1
            report.events += len(own)
            report.clocks += len(open_clocks)
            report.wrong += _wrong_in_history(case, own, texts)
            report.wrong += _wrong_in_dates(case, open_clocks)
        session.expunge_all()
    return report


def _wrong_in_history(
    case: Case, events: Sequence[CaseEvent], texts: Mapping[int, CaseText]
) -> Iterator[str]:
    broken = check_chain(events)
    if broken is not None:
        yield f"{case.number}: line {broken} of the history does not fit the line before."
    elif (len(events), events[-1].seal if events else b"") != (case.event_seq, case.event_seal):
        yield f"{case.number}: the last lines of the history are missing."
    for event in events:
        text = texts.get(event.id)
        # Erased words are lawful (retention); changed ones are not.
        if text is not None and event.text_digest != text_digest(
            text.salt, text.public_text, text.internal_text
        ):
            yield f"{case.number}: the words of line {event.seq} were changed."


def _wrong_in_dates(case: Case, running: Mapping[ClockKind, Clock]) -> Iterator[str]:
    for name, value in clocks.reflected(running).items():
        if getattr(case, name) != value:
            yield f"{case.number}: {name} is {getattr(case, name)}, its clocks say {value}."
