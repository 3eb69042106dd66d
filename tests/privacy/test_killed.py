"""A batch whose worker is killed in the middle is finished by the next one."""

import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from app.cases.kinds import Status
from app.cases.models import Case
from app.kernel.jobs import LEASE
from app.main import make_edge
from app.privacy.models import RetentionBatch, RetentionItem, Tombstone
from app.privacy.rules import BatchState, ItemState
from app.privacy.service import retention
from app.privacy.service.retention import working
from app.settings import Settings
from app.wiring import JOBS
from app.worker import Worker
from tests.privacy.town import COLLEAGUE, LATER, OFFICER, prepared
from tests.support.city import Db, a_case, a_city
from tests.support.clock import MONDAY_9AM, StoppedClock

MATTERS = working.AT_ONCE * 2 + 3


@pytest.mark.slow
def test_a_killed_batch_is_finished_by_the_next_worker(
    db: Db, database_url: str, tmp_path: Path
) -> None:
    settings = Settings(database_url=database_url, data_dir=tmp_path, worker_inside=False)
    clock = StoppedClock(LATER)
    edge = make_edge(settings, clock=clock)
    city = a_city(db, vault=edge.vault)
    prepared(city)
    with city.db.begin() as session:
        for _ in range(MATTERS):
            a_case(session)
        session.execute(update(Case).values(closed_at=MONDAY_9AM, status=Status.CLOSED))
        batch = retention.propose(session, by=OFFICER, now=LATER)
        retention.approve(session, batch.id, version=1, by=COLLEAGUE, now=LATER)
        batch_id = batch.id
    words = [sys.executable, "-m", "tests.privacy.killed_worker", database_url, str(tmp_path)]

    with subprocess.Popen(  # the words are ours
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as worker:
        assert worker.stdout is not None
        assert any("halfway" in line for line in worker.stdout)
        worker.send_signal(signal.SIGKILL)
    with city.db() as session:
        erased = select(func.count()).where(RetentionItem.state == ItemState.ERASED)
        halfway = session.scalar(erased)
    clock.advance(LEASE + timedelta(minutes=1))
    Worker(edge, JOBS).drain()
    clock.advance(timedelta(minutes=5))
    Worker(edge, JOBS).drain()

    assert halfway == working.AT_ONCE
    with city.db() as session:
        assert session.scalar(erased) == MATTERS
        assert session.scalar(select(func.count(Tombstone.id))) == MATTERS
        assert session.get_one(RetentionBatch, batch_id).state is BatchState.DONE
    edge.engine.dispose()
