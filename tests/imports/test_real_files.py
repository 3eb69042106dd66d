"""The four real files, taken over whole. They stay outside the project: real words of real people.

SQLite only, each file once: they are big. Without the folder the tests are skipped.
"""

import csv
import gzip
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from app.cases.kinds import Status
from app.cases.models import Case, CaseEvent
from app.cases.queries.lists import Filter
from app.cases.service.recording import check_chain
from app.catalogue.models import Category
from app.catalogue.rules import CaseKind
from app.departments.models import Unit
from app.imports.mapping import load_mapping
from app.kernel import search
from app.kernel.db import make_engine
from app.kernel.vault import info_with
from app.sla.models import Clock
from app.supervision.queries import Period, repairs
from app.supervision.rules import spread
from app.supervision.rules.repairs import Figure, Line, Narrow, Rate, Stretch
from tests.imports.support import Town, a_town
from tests.support.edges import a_vault

DATA = Path(__file__).parents[2].parent / "shared" / "data"
BOSTON = DATA / "facility311" / "boston311_2011h2.csv.gz"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not BOSTON.exists(), reason="needs the real files in ../shared/data"),
]


@pytest.fixture
def town(tmp_path: Path, sqlite_template: Path) -> Iterator[Town]:
    shutil.copyfile(sqlite_template, tmp_path / "town.db")
    engine = make_engine(f"sqlite:///{tmp_path}/town.db")
    make = sessionmaker(
        engine.execution_options(writing=True), expire_on_commit=False, info=info_with(a_vault())
    )
    yield a_town(engine, make, tmp_path)
    engine.dispose()


def _take_twice(town: Town, file: Path, name: str, rows: int) -> None:
    mapping = load_mapping(name)

    first = town.take_file(file, mapping)
    print(f"\n{name}: {first.sentence()}")  # noqa: T201  # the rates are wanted: pytest -s
    again = town.take_file(file, mapping)

    assert (first.new, first.known, first.refused) == (rows, 0, 0), town.refused()
    assert (again.new, again.known, again.refused) == (0, rows, 0)


def test_boston_comes_in_whole_with_its_own_targets_and_zone(town: Town) -> None:
    _take_twice(town, BOSTON, "boston311", 58_251)

    with town.db() as session:
        assert set(session.scalars(select(Case.kind))) == {CaseKind.REPAIR}
        assert _states(session) == {Status.CLOSED: 54_570, Status.SIGNED: 3_681}
        assert _limit_codes(session) == {"given": 58_251 - 10_981}
        assert _broken_chains(session) == []
        assert search.search_ids(session, "Street Lights", base=select(Case.id), limit=5).is_capped
        determinable, disagreeing = _compared_with_its_own_column(session)
        assert determinable == 35_591 + 8_073
        assert disagreeing == []
        _assert_the_board_says_what_the_file_says(session, town.edge.now())
        first = next(_rows())
        case = session.scalars(select(Case).where(Case.source_id == first["request_id"])).one()
        local = datetime.fromisoformat(first["created_at"])
        assert case.opened_at == local.replace(tzinfo=ZoneInfo("America/New_York")).astimezone(UTC)
        root = session.scalars(select(Unit).where(Unit.code == "BOSTON311")).one()
        assert session.get_one(Unit, case.unit_id).parent_id == root.id


def test_messages_come_in_whole_with_their_replies(town: Town) -> None:
    file = DATA / "messages" / "messages_replies.csv.gz"

    _take_twice(town, file, "messages_replies", 2_816)

    with town.db() as session:
        assert _states(session) == {Status.CLOSED: 2_816}
        assert sum(_limit_codes(session).values()) == 2_816
        assert "given" not in _limit_codes(session)
        assert _broken_chains(session) == []
        replied = Case.first_response_at > Case.opened_at
        assert session.scalar(select(func.count()).where(replied, Case.reply_text != "")) == 2_816


def test_messages_without_replies_come_in_open_and_late(town: Town) -> None:
    file = DATA / "messages" / "messages_hot_topics.csv.gz"

    _take_twice(town, file, "messages_hot_topics", 4_326)

    with town.db() as session:
        assert _states(session) == {Status.SUBMITTED: 4_326}
        late = Case.next_due_at < town.edge.now()
        assert session.scalar(select(func.count()).where(late)) == 4_326
        assert _broken_chains(session) == []


def test_requests_about_rivers_come_in_whole_with_days_to_the_reply(town: Town) -> None:
    file = DATA / "requests" / "fuzhou_river_requests.csv.gz"

    _take_twice(town, file, "fuzhou_river_requests", 1_464)

    with town.db() as session:
        assert _states(session) == {Status.CLOSED: 1_464}
        kinds = dict(session.execute(select(Case.kind, func.count()).group_by(Case.kind)).all())
        assert kinds == {
            CaseKind.COMPLAINT: 1_185,
            CaseKind.CONSULTATION: 167,
            CaseKind.SUGGESTION: 62,
            CaseKind.TIP: 46,
            CaseKind.HELP: 4,
        }
        assert _broken_chains(session) == []
        assert session.scalar(select(func.count()).where(Case.on_time.is_(None))) == 0
        assert search.search_ids(session, "内河", base=select(Case.id), limit=5).ids


def _states(session: Session) -> dict[Status, int]:
    return dict(session.execute(select(Case.status, func.count()).group_by(Case.status)).all())


def _limit_codes(session: Session) -> dict[str, int]:
    counted = select(Clock.limit_code, func.count()).group_by(Clock.limit_code)
    return dict(session.execute(counted).all())


def _broken_chains(session: Session) -> list[int]:
    """The cases whose seals do not hold, of every twentieth."""
    wanted = select(CaseEvent).where(CaseEvent.case_id % 20 == 0)
    chains: dict[int, list[CaseEvent]] = {}
    for event in session.scalars(wanted.order_by(CaseEvent.case_id, CaseEvent.seq)):
        chains.setdefault(event.case_id, []).append(event)
    assert chains
    return [case_id for case_id, events in chains.items() if check_chain(events) is not None]


def _compared_with_its_own_column(session: Session) -> tuple[int, list[str]]:
    """How many rows say for themselves whether they were in time, and which of them we deny."""
    found = session.execute(select(Case.source_id, Case.on_time))
    ours = {row.source_id: row.on_time for row in found}
    told = {"ONTIME": True, "OVERDUE": False}
    said = {
        row["request_id"]: told[row["on_time"]]
        for row in _rows()
        if row["sla_target_at"] and row["closed_at"] and row["on_time"]
    }
    return len(said), [key for key, in_time in said.items() if ours[key] is not in_time]


def _assert_the_board_says_what_the_file_says(session: Session, now: datetime) -> None:
    """Share in time, and median by type, worked out of the file alone and by the board."""
    codes = dict(session.execute(select(Category.id, Category.code)).all())
    # Some targets are a day in 2059.
    ever = Period(datetime(2011, 1, 1, tzinfo=UTC), datetime(2061, 1, 1, tzinfo=UTC))
    base = Filter(is_open=None)
    counted = repairs.count_all(session, base, Narrow(), ever, now=now)
    total, by_type = Line(), defaultdict[str, Line](Line)
    for (type_id, _), line in counted.lines.items():
        total.add(line)
        by_type[codes[type_id or 0]].add(line)

    told = Counter[str]()
    took = defaultdict[str, list[int]](list)
    types = load_mapping("boston311").category
    for row in _rows():
        told[row["on_time"] if row["sla_target_at"] else "no limit"] += 1
        if row["closed_at"]:
            took[types.table.get(row["reason"], types.default or "")].append(_seconds(row))

    assert total.counts[Figure.KEPT] == told["ONTIME"] == 35_591
    # The file leaves its column empty for 158 requests that were late as well.
    assert total.counts[Figure.MISSED] == told["OVERDUE"] + told[""]
    assert total.share(Rate.ON_TIME).value == pytest.approx(0.7529, abs=0.0001)
    medians = {
        code: found.median
        for code, line in by_type.items()
        if (found := spread(line.times.get(Stretch.TO_CLOSE, {})))
    }
    assert medians == {code: int(median(seconds)) for code, seconds in took.items()}


def _seconds(row: dict[str, str]) -> int:
    zone = ZoneInfo("America/New_York")
    opened, closed = (
        datetime.fromisoformat(row[name]).replace(tzinfo=zone).astimezone(UTC)
        for name in ("created_at", "closed_at")
    )
    return max(0, int((closed - opened).total_seconds()))


def _rows() -> Iterator[dict[str, str]]:
    with gzip.open(BOSTON, "rt", encoding="utf-8", newline="") as text:
        yield from csv.DictReader(text)
