"""Work on applications that nobody presses a button for. Safe to run twice.

Each takes steps of the workflow as the system; the law's consequences happen at their minute,
and what fails on one application holds no other.
"""

from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from sqlalchemy.orm import Session

from app.calendars import queries as calendars
from app.cases.kinds import Action
from app.cases.service.unattended import take_each
from app.service_requests import queries
from app.service_requests.rules import terms

DEEM: Final = "service_requests:deem"
FILE: Final = "service_requests:file"


def deem(session: Session, _payload: dict[str, Any], *, now: datetime) -> None:
    """Accept what nobody answered in time; let go what was promised and did not come.

    行政许可法 art. 32 no. 4: without a notice within five working days the application counts as
    accepted from the day its papers came in. Promised papers: rulebook §3, 容缺受理.
    """
    late = partial(queries.late_notices, session, now=now)
    broken = partial(queries.broken_promises, session, now=now)
    take_each(session, late, Action.DEEM_ADMITTED, now=now)
    take_each(session, broken, Action.DEEM_WITHDRAWN, now=now)


def file_delivered(session: Session, _payload: dict[str, Any], *, now: datetime) -> None:
    """Close what was posted long enough ago to have arrived."""
    statutory = calendars.load(session).statutory
    first = statutory.local_date(now) - timedelta(days=terms()["filing"].post_days)
    posted = partial(queries.to_file, session, before=statutory.start_of(first))
    take_each(session, posted, Action.ARCHIVE, now=now)
