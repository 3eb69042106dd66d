"""A worker on one batch as a process of its own, for a test that kills it: `… URL DATA_DIR`.

Says a line when some matters of a transaction are erased and it is not committed yet.
"""

import sys
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from app.kernel.clock import Clock
from app.main import make_edge
from app.privacy.models import RetentionItem
from app.privacy.rules import ItemState
from app.privacy.service.retention import working
from app.settings import Settings
from app.wiring import JOBS
from app.worker import Worker
from tests.privacy.town import LATER
from tests.support.clock import StoppedClock


def main(url: str, folder: str) -> None:
    settings = Settings(database_url=url, data_dir=Path(folder), worker_inside=False)
    clock: Clock = StoppedClock(LATER)
    edge = make_edge(settings, clock=clock)
    erased = 0

    @event.listens_for(Session, "after_flush")
    def halt(session: Session, _context: Any) -> None:  # noqa: ANN401  # SQLAlchemy's
        nonlocal erased
        done = [
            each
            for each in session.dirty
            if isinstance(each, RetentionItem) and each.state is ItemState.ERASED
        ]
        erased += len(done)
        if erased == working.AT_ONCE + 1:  # the first of the second transaction
            print("halfway", flush=True)  # noqa: T201  # the test reads it
            sys.stdin.readline()

    Worker(edge, JOBS).drain()


if __name__ == "__main__":
    main(*sys.argv[1:])
