"""Many matters at once, written straight into the table: every kind of ending, lamp and gap."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.cases.kinds import Channel, Status
from app.cases.models import Case
from app.catalogue.rules import CaseKind

ENDS = (Status.CLOSED, Status.ANSWERED, Status.DECLINED, Status.WITHDRAWN)
BATCH = 2000


def _row(n: int, draw: Random, unit_ids: Sequence[int], now: datetime, days: int) -> dict[str, Any]:
    opened = (now - timedelta(seconds=draw.randrange(days * 86400))).replace(microsecond=0)
    due = opened + timedelta(days=draw.choice((2, 5, 15)))
    responded = opened + timedelta(seconds=draw.randrange(600, 3 * 86400))
    ended = opened + timedelta(seconds=draw.randrange(3600, 20 * 86400))
    end = draw.choice(ENDS) if ended < now and draw.random() < 0.8 else None
    is_paused = end is None and draw.random() < 0.1
    is_judged = end in (Status.CLOSED, Status.ANSWERED)
    return {
        "number": f"RX990100{n:012d}",
        "kind": CaseKind.HELP,
        "title": f"示例事项 {n}",
        "body": "门口路灯连续三晚不亮，请尽快修复。" * 5,
        "channel": Channel.PORTAL,
        "region_code": draw.choice(("990101", "990102001")),
        "unit_id": draw.choice(unit_ids),
        "status": end or Status.HANDLING,
        "opened_at": opened,
        "first_response_at": responded if responded < min(now, ended) else None,
        "closed_at": ended if end else None,
        "due_at": None if is_paused else due,
        "warn_at": None if is_paused else due - timedelta(days=1),
        "next_due_at": None if is_paused else due,
        "sort_at": due,
        "is_paused": is_paused,
        "is_provisional": draw.random() < 0.05,
        "on_time": ended <= due if is_judged else None,
        "is_confidential": draw.random() < 0.2,
        "version": 1,
        "row_version": 1,
    }


def many_matters(
    session: Session,
    count: int,
    unit_ids: Sequence[int],
    *,
    now: datetime,
    days: int = 120,
    seed: int = 7,
    first: int = 1,
) -> None:
    """Write `count` matters that came in over the last `days` days; the same for the same seed."""
    draw = Random(seed)  # noqa: S311  # invented matters, not secrets
    rows = (_row(n, draw, unit_ids, now, days) for n in range(first, first + count))
    for batch in _batches(rows):
        session.execute(insert(Case), batch)


def _batches(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
