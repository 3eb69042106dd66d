"""Who may be one person is found when something changes, explained, and decided by people."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from app.citizens import jobs
from app.citizens.models import Citizen, DuplicateCandidate
from app.citizens.rules import ContactKind, IdentifierKind, PartyKind
from app.citizens.rules.forms import spoken
from app.citizens.rules.likeness import Likeable, are_similar
from app.citizens.rules.quality import CandidateState
from app.citizens.service import Person, duplicates, register, tokens
from app.citizens.service.merging import Pair, merge, unmerge
from app.kernel.errors import ConflictError
from tests.citizens.bare import CLERK, a_citizen, a_contact, a_document, resident
from tests.support.clock import MONDAY_9AM
from tests.support.counting import statements_of

Db = sessionmaker[Session]
PHONE = "17900000001"


def pairs(session: Session) -> dict[tuple[int, int], str]:
    """The open pairs and why."""
    open_ = select(DuplicateCandidate).where(DuplicateCandidate.state == CandidateState.OPEN)
    return {(pair.a_id, pair.b_id): pair.reasons for pair in session.scalars(open_)}


def compared(session: Session, *ids: int) -> dict[tuple[int, int], str]:
    """The open pairs once these were compared."""
    tokens.rewrite_many(session, list(ids))
    duplicates.compare_many(session, ids, now=MONDAY_9AM)
    return pairs(session)


def test_the_same_telephone_and_a_name_that_reads_alike_is_worth_a_look(db: Db) -> None:
    with db.begin() as session:
        a = a_citizen(session, "王小明", phone=PHONE)
        b = a_citizen(session, "王晓明", phone=PHONE)

        assert compared(session, b) == {(a, b): "same_phone similar_name"}


def test_a_family_with_one_telephone_and_one_address_is_left_alone(db: Db) -> None:
    address = "示例市甲区样板路1号2单元301室"
    with db.begin() as session:
        family = [
            a_citizen(session, name, phone=PHONE, address=address)
            for name in ("王建国", "李秀英", "王小明", "王小红", "王伟")
        ]

        assert compared(session, *family) == {}


def test_a_name_alone_says_nothing(db: Db) -> None:
    with db.begin() as session:
        ids = [a_citizen(session, "张伟", phone=f"1790000000{n}") for n in range(3)]

        assert compared(session, *ids) == {}


def test_a_rare_name_with_the_year_of_birth_does(db: Db) -> None:
    with db.begin() as session:
        a, b = (a_citizen(session, "欧阳修竹", birth_year=1980) for _ in range(2))
        tokens.rewrite_many(session, [a, b])

        assert compared(session, a) == {(a, b): "rare_name same_birth_year same_name"}


def test_two_of_a_rare_name_and_one_age_who_have_their_own_telephones_are_left_alone(
    db: Db,
) -> None:
    with db.begin() as session:
        ids = [
            a_citizen(session, "欧阳修竹", birth_year=1980, phone=f"1790000000{n}")
            for n in range(2)
        ]
        tokens.rewrite_many(session, ids)

        assert compared(session, *ids) == {}


def test_two_with_different_resident_numbers_are_two(db: Db) -> None:
    with db.begin() as session:
        a = a_citizen(session, "王小明", phone=PHONE, number=resident("19800101", 1))
        b = a_citizen(session, "王小明", phone=PHONE, number=resident("19800101", 3))

        assert compared(session, a, b) == {}


def test_one_number_called_two_kinds_of_document_is_found(db: Db) -> None:
    with db.begin() as session:
        a, b = a_citizen(session, "Smith"), a_citizen(session, "史密斯")
        a_document(session, a, "E12345678", IdentifierKind.PASSPORT)
        a_document(session, b, "E12345678", IdentifierKind.OTHER)

        assert compared(session, b) == {(a, b): "same_number"}


def test_two_organisations_of_one_name_are_worth_a_look(db: Db) -> None:
    with db.begin() as session:
        a, b = (
            a_citizen(session, "示例市样板物业有限公司", kind=PartyKind.ORGANISATION)
            for _ in range(2)
        )
        tokens.rewrite_many(session, [a, b])

        assert (a, b) in compared(session, b)


def test_what_is_dismissed_stays_so_until_something_new_is_known(db: Db) -> None:
    with db.begin() as session:
        a, b = (a_citizen(session, "王小明", phone=PHONE) for _ in range(2))
        compared(session, a)
        pair = session.scalars(select(DuplicateCandidate)).one()
        duplicates.dismiss(session, pair.id, by=CLERK, now=MONDAY_9AM)

        again = compared(session, a, b)
        for each in (a, b):
            a_contact(session, each, ContactKind.EMAIL, "same@example.invalid")
        with_news = compared(session, b)

        assert again == {}
        assert with_news == {(a, b): "rare_name same_email same_name same_phone"}


def test_a_pair_is_decided_once(db: Db) -> None:
    with db.begin() as session:
        a_citizen(session, "王小明", phone=PHONE)
        compared(session, a_citizen(session, "王小明", phone=PHONE))
        pair_id = session.scalars(select(DuplicateCandidate.id)).one()
        duplicates.dismiss(session, pair_id, by=CLERK, now=MONDAY_9AM)

        with pytest.raises(ConflictError, match="already"):
            duplicates.dismiss(session, pair_id, by=CLERK, now=MONDAY_9AM)


def test_a_merge_closes_the_pair_and_its_undoing_says_they_are_two(db: Db) -> None:
    with db.begin() as session:
        a, b = (a_citizen(session, "王小明", phone=PHONE) for _ in range(2))
        compared(session, a)

        made = merge(
            session, Pair(a, 1, b, 1), take=frozenset(), reason="同", by=CLERK, now=MONDAY_9AM
        )
        while_merged = session.scalars(select(DuplicateCandidate.state)).one()
        unmerge(session, made, reason="错", by=CLERK, now=MONDAY_9AM)

        assert while_merged is CandidateState.MERGED
        assert compared(session, a, b) == {}


def test_the_job_looks_only_at_who_changed(db: Db) -> None:
    with db.begin() as session:
        a = register(session, Person("王小明", PHONE), now=MONDAY_9AM)
    with db.begin() as session:
        jobs.look_at_changed(session, {}, now=MONDAY_9AM + timedelta(minutes=5))
        b = register(session, Person("王晓明", PHONE), now=MONDAY_9AM + timedelta(minutes=6))

    with db.begin() as session:
        jobs.look_at_changed(session, {}, now=MONDAY_9AM + timedelta(minutes=7))
        found = pairs(session)
        session.execute(update(Citizen).values(name=None))
        jobs.look_at_changed(session, {}, now=MONDAY_9AM + timedelta(minutes=70))

    assert found == {(a, b): "same_phone similar_name"}
    with db() as session:  # the second changed last, and is looked at again; the first is not
        assert pairs(session) == {}


def test_what_a_comparison_costs_does_not_grow_with_those_who_share_nothing(db: Db) -> None:
    with db.begin() as session:
        a_citizen(session, "王小明", phone=PHONE)
        b = a_citizen(session, "王晓明", phone=PHONE)
        compared(session, b)
        with statements_of(session.get_bind()) as before:  # type: ignore[arg-type]  # an engine here
            duplicates.compare(session, b, now=MONDAY_9AM)
        for n in range(60):
            a_citizen(session, f"路人{n}", phone=f"179000001{n:02d}")
        with statements_of(session.get_bind()) as after:  # type: ignore[arg-type]  # as above
            duplicates.compare(session, b, now=MONDAY_9AM)

    assert len(before) == len(after)


def test_a_telephone_of_half_the_town_says_nothing_about_anybody(db: Db) -> None:
    with db.begin() as session:
        ids = [a_citizen(session, "王小明", phone=PHONE) for _ in range(45)]

        assert compared(session, ids[0]) == {}


SIMILAR = [
    ("王小明", "王晓明"),
    ("张先生", "张伟"),
    ("陈静", "陈婧"),
    ("李金", "李京"),
    ("阿卜杜拉·买买提", "阿布都拉·买买提"),
    ("John Smith", "Smith John"),
]
DIFFERENT = [
    ("王小明", "王小红"),
    ("张伟", "张薇薇"),
    ("张先生", "李伟"),
    ("张伟", ""),
    ("王", "汪洋"),
    ("阿卜杜拉·买买提", "古丽娜·买买提"),
]


def likeable(name: str) -> Likeable:
    return Likeable(PartyKind.PERSON, name, spoken(name), frozenset(), frozenset(), frozenset())


@pytest.mark.parametrize(("one", "other"), SIMILAR)
def test_one_name_in_two_spellings_is_similar(one: str, other: str) -> None:
    assert are_similar(likeable(one), likeable(other))
    assert are_similar(likeable(other), likeable(one))


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_two_names_are_not(one: str, other: str) -> None:
    assert not are_similar(likeable(one), likeable(other))
    assert not are_similar(likeable(other), likeable(one))
