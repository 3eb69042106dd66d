"""Two rows of one person become one; whom that would wrong is kept apart."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.rules import Role
from app.cases.models import Case
from app.citizens.events import CitizensMerging
from app.citizens.models import Citizen, CitizenMerge, Contact, Identifier, Representation
from app.citizens.queries.merging import current_id, merged_into
from app.citizens.rules import CitizenState, ContactKind, Ground, IdentifierKind, PartyKind
from app.citizens.rules.joining import Field
from app.citizens.sealing import NAME, seal
from app.citizens.service import name_of, person_of
from app.citizens.service.merging import Pair, gather_late, merge, unmerge
from app.citizens.service.references import held
from app.kernel import events
from app.kernel.audit import AuditEntry
from app.kernel.errors import ConflictError, InvalidError, NotFoundError
from app.kernel.vault import vault_of
from app.mypage.models import LinkedCase
from app.privacy.listening import refuse_merging_held
from app.privacy.service import holding
from tests.citizens.bare import CLERK, a_citizen, a_contact, a_document, resident
from tests.support.city import a_case, a_city
from tests.support.clock import MONDAY_9AM

Db = sessionmaker[Session]
LATER = MONDAY_9AM + timedelta(hours=1)


def joined(
    session: Session, survivor: int, merged: int, *take: Field, reason: str = "同一人"
) -> int:
    """Merge the two as they stand."""
    versions = {each.id: each.version for each in session.scalars(select(Citizen))}
    pair = Pair(survivor, versions[survivor], merged, versions[merged])
    return merge(session, pair, take=frozenset(take), reason=reason, by=CLERK, now=LATER)


def test_both_numbers_lead_to_the_survivor_and_everything_with_them(db: Db) -> None:
    city = a_city(db)
    with city.db.begin() as session:
        survivor = a_citizen(session, "张三", phone="17900000001")
        merged = a_citizen(session, "张三", phone="17900000002", number=resident("19800101"))
        case_id = a_case(session, citizen_id=merged, is_anonymous=False).id

    with city.db.begin() as session:
        joined(session, survivor, merged)

    with city.db() as session:
        assert current_id(session, merged) == survivor
        assert merged_into(session, survivor) == [merged]
        assert session.get_one(Case, case_id).citizen_id == survivor
        assert session.scalars(select(Identifier.citizen_id)).all() == [survivor]
        numbers = {c.exact_index for c in session.scalars(select(Contact)) if c.ended_at is None}
        assert len(numbers) == 2  # one from each


def test_no_open_form_of_a_case_grows_stale_and_its_history_says_nothing(db: Db) -> None:
    city = a_city(db)
    with city.db.begin() as session:
        survivor, merged = a_citizen(session, "张三"), a_citizen(session, "张三")
        case_id = a_case(session, citizen_id=merged, is_anonymous=False).id
    with city.db() as session:
        case = session.get_one(Case, case_id)
        before = (case.version, case.row_version, case.event_seq, case.event_seal)

    with city.db.begin() as session:
        joined(session, survivor, merged)

    with city.db() as session:
        case = session.get_one(Case, case_id)
        assert (case.version, case.row_version, case.event_seq, case.event_seal) == before


def test_a_form_of_a_citizen_drawn_before_the_merge_is_stale_and_stays_so(db: Db) -> None:
    with db.begin() as session:
        survivor, merged = a_citizen(session, "张三"), a_citizen(session, "张三")
        record = joined(session, survivor, merged)
        unmerge(session, record, reason="弄错了", by=CLERK, now=LATER)

    with db() as session:
        assert {c.version for c in session.scalars(select(Citizen))} == {3}


def test_the_survivor_takes_over_what_was_chosen(db: Db) -> None:
    with db.begin() as session:
        survivor = a_citizen(session, "张散", language="zh-CN", birth_year=None)
        merged = a_citizen(session, "张三", language="bo", birth_year=1980)

        joined(session, survivor, merged, Field.NAME, Field.BIRTH_YEAR)

    with db() as session:
        citizen = session.get_one(Citizen, survivor)
        assert name_of(session, survivor) == "张三"
        assert name_of(session, merged) == "张三"
        assert (citizen.birth_year, citizen.language) == (1980, "zh-CN")


def test_a_name_corrected_after_the_merge_stays_when_it_is_undone(db: Db) -> None:
    with db.begin() as session:
        survivor, merged = a_citizen(session, "张散"), a_citizen(session, "张三")
        record = joined(session, survivor, merged, Field.NAME)
        citizen = session.get_one(Citizen, survivor)
        citizen.name = seal(vault_of(session), NAME, "张叁", citizen.place)
        session.flush()

        unmerge(session, record, reason="弄错了", by=CLERK, now=LATER)

    with db() as session:
        assert (name_of(session, survivor), name_of(session, merged)) == ("张叁", "张三")


def test_of_two_equal_telephones_the_verified_goes_on_and_none_is_lost(db: Db) -> None:
    with db.begin() as session:
        survivor = a_citizen(session, "张三", phone="17900000001")
        merged = a_citizen(session, "张三")
        a_contact(
            session,
            merged,
            ContactKind.MOBILE,
            "17900000001",
            verified_at=MONDAY_9AM,
            is_preferred=True,
        )

        joined(session, survivor, merged)

    with db() as session:
        contacts = session.scalars(select(Contact).order_by(Contact.id)).all()
        assert [(c.citizen_id, c.ended_at is None) for c in contacts] == [
            (survivor, False),
            (survivor, True),
        ]
        assert contacts[1].is_preferred
        assert person_of(session, survivor).phone == "17900000001"


PERSON = {"name": "张三"}
CONTRADICTIONS = {
    "two resident numbers": (
        {"number": resident("19800101", 1)},
        {"number": resident("19800101", 3)},
        "different numbers",
    ),
    "years of birth": ({"birth_year": 1980}, {"birth_year": 1981}, "years of birth"),
    "a year and a document": (
        {"number": resident("19800101")},
        {"birth_year": 1981},
        "year of birth",
    ),
    "person and organisation": (
        {"kind": PartyKind.PERSON},
        {"kind": PartyKind.ORGANISATION},
        "organisation",
    ),
    "restricted by law": ({}, {"state": CitizenState.RESTRICTED}, "restricted"),
    "anonymous": ({"state": CitizenState.ANONYMISED}, {}, "anonymous"),
}


@pytest.mark.parametrize("case", CONTRADICTIONS)
def test_who_contradicts_the_other_is_kept_apart(db: Db, case: str) -> None:
    one, other, words = CONTRADICTIONS[case]
    with db.begin() as session:
        a, b = a_citizen(session, **PERSON, **one), a_citizen(session, **PERSON, **other)  # type: ignore[arg-type]  # columns by name

    with pytest.raises(InvalidError, match=words), db.begin() as session:
        joined(session, a, b)

    with db() as session:
        assert session.scalars(select(CitizenMerge)).all() == []


def test_two_passports_are_no_contradiction(db: Db) -> None:
    with db.begin() as session:
        a, b = a_citizen(session, "Smith"), a_citizen(session, "Smith")
        a_document(session, a, "E12345678", IdentifierKind.PASSPORT)
        a_document(session, b, "E87654321", IdentifierKind.PASSPORT)

        joined(session, a, b)

    with db() as session:
        assert current_id(session, b) == a


def test_who_acts_for_the_other_is_somebody_else(db: Db) -> None:
    with db.begin() as session:
        a, b = a_citizen(session, "张三"), a_citizen(session, "张三")
        session.add(
            Representation(
                principal_id=a,
                agent_id=b,
                ground=Ground.AGENT,
                valid_from=MONDAY_9AM.date(),
                created_at=MONDAY_9AM,
            )
        )

    with pytest.raises(InvalidError, match="acts for"), db.begin() as session:
        joined(session, a, b)


def test_a_feature_above_may_keep_two_apart(db: Db) -> None:
    def refuse(_session: Session, _event: CitizensMerging) -> None:
        sentence = "held"
        raise InvalidError(sentence)

    with db.begin() as session:
        a, b = a_citizen(session, "张三"), a_citizen(session, "张三")
    events.wire({CitizensMerging: (refuse,)})

    try:
        with pytest.raises(InvalidError, match="held"), db.begin() as session:
            joined(session, a, b)
    finally:
        events.wire({})

    with db() as session:
        assert current_id(session, b) == b


def test_who_is_under_a_legal_hold_is_neither_merged_nor_unmerged(db: Db) -> None:
    city = a_city(db)
    with city.db.begin() as session:
        a, b = a_citizen(session, "张三"), a_citizen(session, "张三")
        officer = city[Role.PRIVACY].author()
        holding.place(session, citizen_id=b, reason="诉讼", until=None, by=officer, now=MONDAY_9AM)
    events.wire({CitizensMerging: (refuse_merging_held,)})

    try:
        with pytest.raises(InvalidError, match="hold"), city.db.begin() as session:
            joined(session, a, b)
    finally:
        events.wire({})


def test_a_merge_says_why_and_the_log_names_no_person(db: Db) -> None:
    with db.begin() as session:
        a, b = a_citizen(session, "张三"), a_citizen(session, "张三")

    with pytest.raises(InvalidError) as refused, db.begin() as session:
        joined(session, a, b, reason="  ")
    with db.begin() as session:
        joined(session, a, b, reason="同一手机,本人确认")

    assert set(refused.value.fields) == {"reason"}
    with db() as session:
        entry = session.scalars(select(AuditEntry)).one()
        record = session.scalars(select(CitizenMerge)).one()
        assert (entry.action, entry.reason) == ("citizen:merge", "")
        assert record.reason == "同一手机,本人确认"
        assert "张" not in str(entry.details)


def test_nobody_reads_in_the_counts_that_somebody_reported_without_a_name(db: Db) -> None:
    city = a_city(db)
    with city.db.begin() as session:
        a, b = a_citizen(session, "张三"), a_citizen(session, "张三")
        case_id = a_case(session).id
        session.add(LinkedCase(citizen_id=b, case_id=case_id, linked_at=MONDAY_9AM))

    with city.db.begin() as session:
        beside = held(session, b)
        joined(session, a, b)

    with city.db() as session:
        merge_entry = select(AuditEntry).where(AuditEntry.action == "citizen:merge")
        entry = session.scalars(merge_entry).one()
        assert session.scalars(select(LinkedCase.citizen_id)).one() == a  # it moved
        assert "linked_cases" not in beside
        assert "linked_cases" not in str(entry.details)


def test_a_chain_is_undone_from_its_end(db: Db) -> None:
    with db.begin() as session:
        a, b, c = (a_citizen(session, "张三") for _ in range(3))
        first, second = joined(session, b, a), joined(session, c, b)

    with db() as session:
        assert (current_id(session, a), current_id(session, b)) == (c, c)
    with pytest.raises(ConflictError, match="C00000000"), db.begin() as session:
        unmerge(session, first, reason="弄错了", by=CLERK, now=LATER)
    with db.begin() as session:
        unmerge(session, second, reason="弄错了", by=CLERK, now=LATER)
        assert (current_id(session, a), current_id(session, b)) == (b, b)
        unmerge(session, first, reason="弄错了", by=CLERK, now=LATER)
    with db() as session:
        assert [current_id(session, each) for each in (a, b, c)] == [a, b, c]


def test_a_merge_is_undone_once(db: Db) -> None:
    with db.begin() as session:
        record = joined(session, a_citizen(session), a_citizen(session))
        unmerge(session, record, reason="弄错了", by=CLERK, now=LATER)

    with pytest.raises(ConflictError, match="already"), db.begin() as session:
        unmerge(session, record, reason="弄错了", by=CLERK, now=LATER)


def test_what_somebody_wrote_for_the_merged_row_late_comes_home_and_stays(db: Db) -> None:
    with db.begin() as session:
        survivor, merged = a_citizen(session, "张三"), a_citizen(session, "张三")
        record = joined(session, survivor, merged)
        late = a_contact(session, merged, ContactKind.MOBILE, "17900000009")

    with db.begin() as session:
        gather_late(session, {}, now=LATER)
        unmerge(session, record, reason="弄错了", by=CLERK, now=LATER)

    with db() as session:
        assert session.get_one(Contact, late).citizen_id == survivor


def test_a_merge_of_erased_data_is_never_undone(db: Db) -> None:
    with db.begin() as session:
        survivor, merged = a_citizen(session, "张散"), a_citizen(session, "张三")
        record = joined(session, survivor, merged, Field.NAME)
        session.get_one(CitizenMerge, record).is_final = True

    with pytest.raises(InvalidError, match="erased"), db.begin() as session:
        unmerge(session, record, reason="弄错了", by=CLERK, now=LATER)


def test_a_merge_into_oneself_is_refused(db: Db) -> None:
    with db.begin() as session:
        a = a_citizen(session)

    with pytest.raises(InvalidError, match="same citizen"), db.begin() as session:
        joined(session, a, a)


def test_a_merge_with_nobody_is_refused(db: Db) -> None:
    with db.begin() as session:
        a = a_citizen(session)

    with pytest.raises(NotFoundError), db.begin() as session:
        _merge(session, Pair(a, 1, a + 1, 1))


def _merge(session: Session, pair: Pair) -> int:
    return merge(session, pair, take=frozenset(), reason="同一人", by=CLERK, now=LATER)
