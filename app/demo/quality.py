"""What the demo city shows of data quality: people twice, a merge made and one undone, old numbers.

Goes through the services a page would call. As everywhere in the demo city nobody can be a
real person: numbers begin with 179 0000.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.rules import Role
from app.citizens.models import Citizen
from app.citizens.queries import duplicates as asked
from app.citizens.queries.merging import contacts_in_use
from app.citizens.service import Person, duplicates, merging, person_of, quality, register
from app.citizens.service.merging import Pair
from app.demo import queries
from app.demo.people import Staffing
from app.kernel.authors import Author

_DAY: Final = timedelta(days=1)
_TITLES: Final = ("先生", "女士", "师傅", "老师", "大爷", "阿姨")
_OLD_ONES: Final = (
    Person("钱示例", "17900009801", address="示例市甲区样板路 98 号"),
    Person("孙样板", "17900009802"),
)
_BATCH: Final = 200
_OTHERS: Final = 40


def found(session: Session, staffing: Staffing, *, now: datetime) -> None:
    """Six people the window knows twice; two pairs are decided on, and one of these undone."""
    by = staffing.by_role[Role.MANAGER][0].author()
    people = _known_well(session, len(_TITLES))
    if len(people) < len(_TITLES):  # a city this small knows nobody twice
        _judge(session, now)
        return
    again = [
        _met_again(session, each, title, now - _DAY * (9 - at))
        for at, (each, title) in enumerate(zip(people, _TITLES, strict=True))
    ]
    duplicates.compare_many(session, again, now=now - 2 * _DAY)
    _merge(session, people[0], again[0], "同一电话，本人到窗口确认。", by, now - _DAY)
    undone = _merge(session, people[1], again[1], "同一电话，姓氏相同。", by, now - _DAY)
    if undone is not None:
        hours = timedelta(hours=3)
        merging.unmerge(
            session, undone, reason="回访得知是父子二人。", by=by, now=now - _DAY + hours
        )
    _grow_old(session, people[2:4], now)
    _judge(session, now)


def _known_well(session: Session, most: int) -> list[int]:
    """People of whom name and telephone are known, behind those who ask for their rights."""
    known = (
        each
        for each in queries.citizen_ids(session)[_OTHERS:]
        if (person := person_of(session, each)).name and person.phone
    )
    return list(islice(known, most))


def _met_again(session: Session, citizen_id: int, title: str, now: datetime) -> int:
    """Somebody rings under a number we know, and gives no more than a surname."""
    known = person_of(session, citizen_id)
    return register(session, Person(known.name[:1] + title, known.phone), now=now)


def _merge(
    session: Session, survivor_id: int, merged_id: int, reason: str, by: Author, now: datetime
) -> int | None:
    survivor, merged = (session.get_one(Citizen, each) for each in (survivor_id, merged_id))
    if asked.pair(session, survivor_id, merged_id) is None or merging.why_not(
        session, survivor, merged
    ):
        return None
    pair = Pair(survivor_id, survivor.version, merged_id, merged.version)
    return merging.merge(session, pair, take=frozenset(), reason=reason, by=by, now=now)


def _grow_old(session: Session, people: Sequence[int], now: datetime) -> None:
    """Two whose messages come back, and two nobody has asked for years."""
    for contact in contacts_in_use(session, people):
        contact.failed_at = now
    for each in _OLD_ONES:
        register(session, each, now=now - quality.STALE_AFTER - 90 * _DAY)
    session.flush()


def _judge(session: Session, now: datetime) -> None:
    ids = queries.citizen_ids(session)
    for at in range(0, len(ids), _BATCH):
        quality.inspect(session, ids[at : at + _BATCH], now=now)
    quality.count(session, now=now)
