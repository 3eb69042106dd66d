"""One more row about people: who was looked at, joined, asked, called, or kept apart.

Nothing here is read by anybody but the lists; the rows are as bare as the tables allow.
"""

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.accounts.rules import Role
from app.citizens import service as citizens
from app.citizens.models import CitizenAccess, CitizenMerge, DuplicateCandidate
from app.citizens.rules.access import AccessField
from app.citizens.sealing import seal
from app.citizens.service import Person
from app.complaints.models import CallerLimit, CallerWarning
from app.imports.models import PeopleList
from app.imports.people.fates import ListKind
from app.interactions.models import Interaction, Promise
from app.interactions.rules import Direction, Medium, TalkState
from app.interactions.service.promising import TEXT as PROMISE_TEXT
from app.kernel.authors import MACHINE
from app.kernel.vault import vault_of
from app.privacy import service as rights
from app.privacy.models import DataRequest, LegalHold, PrivacyNotice, RetentionBatch, Tombstone
from app.privacy.rules import RequestKind, Source, TombstoneGround
from app.segments.models import Segment, SegmentVersion
from app.segments.rules import Condition, Rule, What, to_json
from tests.accounts.builders import a_person
from tests.citizens.bare import a_citizen
from tests.support.city import a_case
from tests.support.clock import MONDAY_9AM


def look(session: Session, n: int) -> None:
    staff = a_person(session, f"looker{n}", Role.CLERK)
    session.flush()
    session.add(
        CitizenAccess(
            at=MONDAY_9AM,
            on_day=MONDAY_9AM.date(),
            staff_id=staff.id,
            citizen_id=a_citizen(session),
            case_id=n + 1,
            field=AccessField.CONTACT,
            reason_code="other",
            is_out_of_hours=True,
            is_own_surname=True,
            is_without_case=True,
        )
    )


def segment(session: Session, n: int) -> None:
    segment = Segment(name=f"分组{n}", created_at=MONDAY_9AM, created_by_id=1)
    session.add(segment)
    session.flush()
    rule = to_json(Rule((Condition(What.AGE, least=65),)))
    session.add(
        SegmentVersion(segment_id=segment.id, number=1, rule=rule, made_at=MONDAY_9AM, made_by_id=1)
    )


def pair(session: Session, n: int) -> None:
    people = [a_citizen(session, f"某{n}", phone="17900000001") for _ in range(2)]
    reasons = "same_name same_phone"
    session.add(
        DuplicateCandidate(
            a_id=people[0], b_id=people[1], reasons=reasons, score=70, found_at=MONDAY_9AM
        )
    )


def merge(session: Session, n: int) -> None:
    people = [a_citizen(session, f"某{n}") for _ in range(2)]
    session.add(
        CitizenMerge(survivor_id=people[0], merged_id=people[1], at=MONDAY_9AM, reason="同一人")
    )


def data_request(session: Session, n: int) -> None:
    person = citizens.register(session, Person(f"某{n}", ""), now=MONDAY_9AM)
    asked = RequestKind.ACCESS
    rights.open_request(session, person, asked, source=Source.LETTER, by=MACHINE, now=MONDAY_9AM)


def answered(session: Session, n: int) -> None:
    data_request(session, n)
    session.execute(update(DataRequest).values(status="done", closed_at=MONDAY_9AM))


def hold(session: Session, _n: int) -> None:
    case = a_case(session)
    session.add(LegalHold(case_id=case.id, reason="x", placed_at=MONDAY_9AM, placed_by_id=1))


def stone(session: Session, n: int) -> None:
    session.add(
        Tombstone(
            case_id=n + 1,
            number=f"RX{n}",
            opened_at=MONDAY_9AM,
            ground=TombstoneGround.RETENTION,
            digest=b"",
            at=MONDAY_9AM,
        )
    )


def batch(session: Session, _n: int) -> None:
    session.add(RetentionBatch(as_of=MONDAY_9AM, proposed_by_id=1))


def notice(session: Session, n: int) -> None:
    session.add(
        PrivacyNotice(
            version=n + 1,
            valid_from=MONDAY_9AM,
            title={"zh": "告知"},
            parts={},
            published_at=MONDAY_9AM,
        )
    )


def talk(session: Session, n: int) -> None:
    states = [TalkState.HELD, TalkState.ENDED]
    clerk = session.scalars(select(Staff).where(Staff.username == Role.CLERK.value)).one()
    session.add(
        Interaction(
            ref=f"r{n}",
            medium=Medium.LETTER,
            direction=Direction.IN,
            staff_id=clerk.id,
            unit_id=clerk.unit_id,
            state=states[n % 2],
            began_at=MONDAY_9AM,
            taken_at=MONDAY_9AM,
            place="",
        )
    )


def promise(session: Session, n: int) -> None:
    clerk = session.scalars(select(Staff).where(Staff.username == Role.CLERK.value)).one()
    text = seal(vault_of(session), PROMISE_TEXT, "回电。", str(n))
    due = MONDAY_9AM + timedelta(days=n)
    session.add(
        Promise(
            staff_id=clerk.id,
            unit_id=clerk.unit_id,
            text=text,
            place=str(n),
            made_at=MONDAY_9AM,
            due_at=due,
        )
    )


def caller(session: Session, n: int) -> None:
    citizen_id = a_citizen(session, f"某{n}")
    by, day = 1, MONDAY_9AM.date()
    session.add(
        CallerWarning(citizen_id=citizen_id, words="已告知", warned_at=MONDAY_9AM, warned_by=by)
    )
    session.add(
        CallerLimit(
            citizen_id=citizen_id,
            measure="每天一次",
            reason="反复来电",
            until_on=day,
            proposed_at=MONDAY_9AM,
            proposed_by=by,
        )
    )


def brought_list(session: Session, _n: int) -> None:
    session.add(
        PeopleList(kind=ListKind.CITIZENS, header={}, rows=1, by_id=1, created_at=MONDAY_9AM)
    )
