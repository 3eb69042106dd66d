"""Draws a share of what closed silently in a month, to be looked at by somebody uninvolved.

Safe to run twice: a month is drawn once. The draw follows from keys, share and seed alone.
"""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.kinds import Status
from app.cases.models import Case
from app.catalogue import queries as catalogue
from app.followups import queries, rules
from app.followups.models import SampleCheck, SampleDraw
from app.followups.rules import Month

_SEED: Final = "civicwindow.sample"


def draw_month(session: Session, month: Month, *, zone: ZoneInfo, now: datetime) -> SampleDraw:
    """The draw of a month that is over; made now where there is none.

    A matter handled again since it closed is drawn too, but nothing is left to check on it.
    """
    known = session.scalar(select(SampleDraw).where(SampleDraw.period == month.name))
    if known is not None:
        return known
    start, end = month.starts(zone), month.following.starts(zone)
    among = queries.silent_closings(session, start, end)
    share, seed = catalogue.follow_ups(session).share, f"{_SEED}:{month.name}"
    chosen = rules.draw(among, share=share, seed=seed)
    made = SampleDraw(
        period=month.name,
        starts_at=start,
        ends_at=end,
        share=share,
        seed=seed,
        among=len(among),
        drawn=len(chosen),
        digest=rules.digest_of(among),
        at=now,
    )
    session.add(made)
    session.flush()
    cases = {case.id: case for case in session.scalars(select(Case).where(Case.id.in_(chosen)))}
    for case_id in chosen:
        case = cases[case_id]
        is_over = case.status is not Status.CLOSED
        case.is_drawn = not is_over
        check = SampleCheck(draw_id=made.id, case_id=case_id)
        if is_over:  # the citizen came back before anybody looked
            check.checked_at, check.was_right = now, False
        session.add(check)
    session.flush()
    return made
