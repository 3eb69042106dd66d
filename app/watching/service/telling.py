"""News for whoever watches: at each step the citizen of the matter is told of, in a job of its own.

A street that four hundred people wait for must not make the step itself slow.
"""

from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from app.cases.models import Case
from app.kernel import jobs
from app.kernel.messages import mark
from app.notifications.service.writing import write, write_to_number
from app.watching import queries
from app.watching.models import Watcher
from app.watching.service.following import CHANNELS, SUBJECT

TELL: Final = "watching:tell"
NEWS: Final = mark("There is news about the report %(number)s that you follow: %(state)s.")


def announce(session: Session, case: Case, *, now: datetime) -> None:
    """Have everybody who watches told how the matter stands now."""
    if queries.has_any(session, case.id):
        payload = {"case": case.id, "seq": case.event_seq, "status": str(case.status)}
        dedup = f"{TELL}:{case.id}:{case.event_seq}"
        jobs.enqueue(session, TELL, payload, run_at=now, dedup=dedup)


def tell(session: Session, payload: dict[str, Any], *, now: datetime) -> None:
    """Write to everybody who has not heard of this line yet. Safe to run twice."""
    case = session.get(Case, payload["case"])
    if case is None or case.is_confidential:
        return
    after = 0
    while some := queries.list_untold(session, case.id, payload["seq"], after=after):
        for row in some:
            _write(session, case, row, payload["status"], now=now)
            row.told_seq = payload["seq"]
        after = some[-1].id
        session.flush()


def _write(session: Session, case: Case, row: Watcher, status: str, *, now: datetime) -> None:
    params = {"number": case.number, "status": status}
    subject = (SUBJECT, row.id)
    if row.citizen_id is not None:
        write(session, row.citizen_id, subject, NEWS, params=params, now=now)
    elif row.kind is not None and row.address is not None:
        write_to_number(
            session,
            subject,
            channel=CHANNELS[row.kind],
            msgid=NEWS,
            params=params,
            locale=row.locale,
            is_verified=True,
            at=now,
            now=now,
        )
