"""Works the figures about closing out again from the histories alone, and draws samples again.

Independent of the record of call-backs, which it proves. Looks only.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import Session

from app.cases.kinds import Action, CallbackResult
from app.cases.models import Case, CaseEvent
from app.catalogue.rules import CaseKind
from app.followups import queries as followups
from app.followups import rules
from app.followups.models import Callback, SampleCheck, SampleDraw
from app.supervision.queries.counting import Period

_SAID: Final = (Action.CLOSE, Action.CONFIRM, Action.CALL_BACK)
_AGAIN: Final = (Action.REWORK, Action.DISPUTE)
_LINES: Final = (
    select(CaseEvent.case_id, CaseEvent.at, CaseEvent.action, CaseEvent.payload)
    .join(Case, Case.id == CaseEvent.case_id)
    .where(
        CaseEvent.action.in_((*_SAID, *_AGAIN)),
        # A repair is checked by its centre, not called back about: closing it, or sending the
        # crew again, repeats nobody's answer.
        or_(Case.kind != CaseKind.REPAIR, CaseEvent.action.not_in((Action.CLOSE, Action.REWORK))),
    )
    .order_by(CaseEvent.case_id, CaseEvent.seq)
)
_Key = tuple[int, int]
_Told = tuple[datetime, str]


def check(session: Session, period: Period) -> Iterator[str]:
    """One sentence for each call-back or draw that the histories contradict."""
    told = dict(_told(session, period))
    kept = dict(_kept(session, period))
    for key in sorted(told.keys() | kept.keys()):
        if told.get(key) != kept.get(key):
            yield f"Case {key[0]}, round {key[1]}: call-back {kept.get(key)}, told {told.get(key)}."
    yield from _draws(session)


def _told(session: Session, period: Period) -> Iterator[tuple[_Key, _Told]]:
    known: set[_Key] = set()
    for line in session.execute(_LINES):
        key = _key(line)
        # A matter that follows another says so twice: what was said, then the new round.
        if key is None or key in known:
            continue
        known.add(key)
        if period.start <= line.at < period.end:
            again = line.action in _AGAIN
            result = str(CallbackResult.NOT_SOLVED) if again else str(line.payload["result"])
            yield key, (line.at, result)


def _key(line: Row[*tuple[Any, ...]]) -> _Key | None:
    round_no = line.payload.get("round")
    if round_no is None:  # closed before there was a record of call-backs
        return None
    return line.case_id, round_no - (line.action in _AGAIN)


def _kept(session: Session, period: Period) -> Iterator[tuple[_Key, _Told]]:
    wanted = select(Callback.case_id, Callback.round, Callback.ended_at, Callback.result).where(
        Callback.ended_at >= period.start,
        Callback.ended_at < period.end,
        Callback.result.is_not(None),
    )
    for row in session.execute(wanted):
        yield (row.case_id, row.round), (row.ended_at, str(row.result))


def _draws(session: Session) -> Iterator[str]:
    for made in session.scalars(select(SampleDraw).order_by(SampleDraw.id)).all():
        among = followups.silent_closings(session, made.starts_at, made.ends_at)
        chosen = set(rules.draw(among, share=made.share, seed=made.seed))
        drawn = set(session.scalars(select(SampleCheck.case_id).filter_by(draw_id=made.id)))
        if made.digest != rules.digest_of(among) or chosen != drawn:
            yield f"Sample {made.period}: drawn {sorted(drawn)}, drawn again {sorted(chosen)}."
