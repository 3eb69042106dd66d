"""The picture of a citizen among a million: people with a usual past, and one who comes every day.

What was said and promised is invented and sealed as the desk does it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from secrets import token_hex
from typing import Final

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.cases.models import Case
from app.citizens.models import Mark, Representation, Tag
from app.citizens.rules import Ground, MarkKind, Visibility, number_of
from app.citizens.sealing import new_place, seal
from app.interactions.models import Interaction, Promise
from app.interactions.rules import Direction, Medium, TalkState
from app.interactions.service.promising import TEXT
from app.interactions.service.talking import SUMMARY
from app.kernel.db import Model
from app.kernel.ids import TOKEN_LENGTH
from app.kernel.vault import vault_of
from app.web.deps import Edge
from bench.asking import Ask, Endpoint, Person

AIM: Final = 60
_STRIP_AIM: Final = 20
_PEOPLE: Final = 300
_TALKS: Final = 12
_DAILY: Final = 5_000  # conversations of the one who comes every day
_MATTERS: Final = 2_000  # and their matters
_BATCH: Final = 2_000


@dataclass(frozen=True, slots=True)
class Known:
    """By what numbers they are opened."""

    people: Sequence[str]
    regular: str


def fill_contacts(edge: Edge) -> Known:
    """Let some of the people with matters have talked with the clerks, and one very often."""
    now = edge.now()
    with edge.writing() as session:
        clerk = session.scalars(select(Staff).where(Staff.username == "clerk")).one()
        session.expunge(clerk)
        wanted = select(Case.citizen_id).where(Case.citizen_id.is_not(None)).distinct()
        ids = [int(one) for one in session.scalars(wanted.limit(_PEOPLE + 1)) if one is not None]
    regular, people = ids[0], ids[1:]
    with edge.writing() as session:
        for rows in _in_batches(_past(session, clerk, people, regular, now)):
            session.add_all(rows)
            session.flush()
            session.expunge_all()
        newest = select(Case.id).order_by(Case.id.desc()).limit(_MATTERS)
        session.execute(update(Case).where(Case.id.in_(newest)).values(citizen_id=regular))
    with edge.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("ANALYZE" if edge.settings.is_sqlite else "VACUUM ANALYZE"))
    return Known([number_of(one) for one in people], number_of(regular))


def endpoints(known: Known) -> tuple[Endpoint, ...]:
    """What is measured: a usual picture, one with a long history, the strip every page asks for."""
    turns = count()

    def usual(person: Person) -> Ask:
        return person.get(f"/citizens/{known.people[next(turns) % len(known.people)]}")

    def long(person: Person) -> Ask:
        return person.get(f"/citizens/{known.regular}")

    who = ("clerk", "supervisor")
    return (
        Endpoint("picture", 200, AIM, who, usual),
        Endpoint("long past", 200, AIM, who, long),
        Endpoint("strip", 200, _STRIP_AIM, ("clerk",), _strip),
    )


def _strip(person: Person) -> Ask:
    asked = person.get("/desk/talks/bar")
    return Ask(asked.method, asked.path, {**asked.headers, "HX-Request": "true"})


def _past(
    session: Session, clerk: Staff, people: Sequence[int], regular: int, now: datetime
) -> Iterator[Model]:
    for at, citizen_id in enumerate(people):
        yield Mark(citizen_id=citizen_id, kind=MarkKind.SENIOR, created_at=now)
        yield Tag(
            citizen_id=citizen_id,
            word="老住户",
            visibility=Visibility.EVERYONE,
            unit_id=clerk.unit_id,
            created_at=now,
        )
        yield Representation(
            principal_id=people[at - 1],
            agent_id=citizen_id,
            ground=Ground.AGENT,
            valid_from=now.date(),
            created_at=now,
        )
        for n in range(_TALKS):
            yield _talk(session, clerk, citizen_id, now - timedelta(days=n, hours=at % 24))
        for n in range(4):
            yield _promise(session, clerk, citizen_id, n, now)
    for n in range(_DAILY):
        yield _talk(session, clerk, regular, now - timedelta(hours=n))


def _talk(session: Session, clerk: Staff, citizen_id: int, at: datetime) -> Interaction:
    place = new_place()
    return Interaction(
        ref=token_hex(TOKEN_LENGTH // 2),
        citizen_id=citizen_id,
        medium=Medium.PHONE,
        direction=Direction.IN,
        staff_id=clerk.id,
        unit_id=clerk.unit_id,
        state=TalkState.ENDED,
        began_at=at,
        taken_at=at,
        ended_at=at + timedelta(minutes=5),
        summary=seal(vault_of(session), SUMMARY, "问办到哪一步了，已告知承办单位和期限。", place),
        place=place,
    )


def _promise(session: Session, clerk: Staff, citizen_id: int, n: int, now: datetime) -> Promise:
    place = new_place()
    return Promise(
        citizen_id=citizen_id,
        staff_id=clerk.id,
        unit_id=clerk.unit_id,
        text=seal(vault_of(session), TEXT, "三天内回电。", place),
        place=place,
        made_at=now - timedelta(days=9),
        due_at=now + timedelta(days=2 - n),
        kept_at=now - timedelta(days=5) if n % 2 else None,
    )


def _in_batches(rows: Iterator[Model]) -> Iterator[list[Model]]:
    batch: list[Model] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    yield batch
