"""Looking behind the mask: only with a reason, for a minute, for who asked, and never unseen."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DatabaseError

from app.accounts.rules import Role
from app.citizens.models import CitizenAccess
from app.citizens.queries import accesses
from app.citizens.rules import CitizenState
from app.citizens.rules.access import DEFAULT_LIMITS, AccessField, Oddity, is_own_surname
from app.citizens.service import revealing
from app.citizens.service.revealing import Ask
from app.kernel.audit import AuditEntry
from app.kernel.errors import ForbiddenError, InvalidError, NotFoundError
from tests.citizens.bare import a_citizen
from tests.support.city import City, Db, a_city
from tests.support.clock import MONDAY_9AM

CALL = Ask(AccessField.CONTACT, "call_back", has_open_case=True)
SUNDAY = MONDAY_9AM - timedelta(days=1)


@pytest.fixture
def city(db: Db) -> City:
    return a_city(db)


@pytest.fixture
def person(city: City) -> int:
    with city.db.begin() as session:
        return a_citizen(session, "林示例", phone="17900001111")


def looked(
    city: City, person: int, ask: Ask = CALL, role: Role = Role.CLERK, **more: object
) -> int:
    known: dict[str, object] = {"actor": city[role], "ip": "192.0.2.7", "now": MONDAY_9AM}
    with city.db.begin() as session:
        return revealing.reveal(session, person, ask, **(known | more))  # type: ignore[arg-type]  # keywords are checked by it


def row(city: City, access_id: int) -> CitizenAccess:
    with city.db() as session:
        return session.get_one(CitizenAccess, access_id)


def test_a_look_is_written_down_and_shown_for_a_minute(city: City, person: int) -> None:
    access_id = looked(city, person)

    with city.db() as session:
        clerk = city[Role.CLERK]
        seen = [
            revealing.seen_under(
                session, access_id, actor=clerk, now=MONDAY_9AM + timedelta(seconds=late)
            )
            for late in (0, 59, 60, 3600)
        ]
        entry = session.scalars(select(AuditEntry)).one()
    assert [each is not None for each in seen] == [True, True, False, False]
    assert seen[0] is not None
    assert (seen[0].party.name, seen[0].party.contacts[0].value) == ("林示例", "17900001111")
    kept = row(city, access_id)
    assert (kept.staff_id, kept.citizen_id, kept.ip) == (clerk.id, person, "192.0.2.7")
    assert (kept.field, kept.reason_code) == (AccessField.CONTACT, "call_back")
    assert (entry.action, entry.object_id, entry.reason) == (
        "contact:reveal",
        str(person),
        "call_back",
    )


def test_nobody_else_sees_what_somebody_asked_for(city: City, person: int) -> None:
    access_id = looked(city, person)

    with city.db() as session, pytest.raises(NotFoundError):
        revealing.seen_under(session, access_id, actor=city[Role.REVIEWER], now=MONDAY_9AM)


@pytest.mark.parametrize("role", [Role.SECURITY, Role.AUDITOR, Role.ADMIN, Role.SUPERVISOR])
def test_who_has_no_right_to_look_leaves_no_row(city: City, person: int, role: Role) -> None:
    with pytest.raises(ForbiddenError):
        looked(city, person, role=role)

    with city.db() as session:
        assert session.scalars(select(CitizenAccess)).all() == []


@pytest.mark.parametrize(
    ("ask", "field"),
    [
        (Ask(AccessField.NAME, "never heard of"), "reason_code"),
        (Ask(AccessField.NAME, "other", " "), "reason"),
        (Ask(AccessField.NAME, "call_back", "长" * 201), "reason"),
    ],
)
def test_without_a_reason_nothing_is_shown(city: City, person: int, ask: Ask, field: str) -> None:
    with pytest.raises(InvalidError) as refused:
        looked(city, person, ask)

    assert set(refused.value.fields) == {field}


def test_a_reason_in_words_keeps_no_number(city: City, person: int) -> None:
    access_id = looked(
        city, person, Ask(AccessField.CONTACT, "other", "打17900001111找不到人，换号核实")
    )

    assert row(city, access_id).reason == "打****找不到人，换号核实"


def test_of_restricted_people_nothing_is_shown_except_to_who_answers_for_privacy(
    city: City,
) -> None:
    with city.db.begin() as session:
        restricted = a_citizen(session, "林示例", state=CitizenState.RESTRICTED)
        erased = a_citizen(session, state=CitizenState.ANONYMISED)

    with pytest.raises(ForbiddenError, match="restricted"):
        looked(city, restricted)
    with pytest.raises(NotFoundError):
        looked(city, erased)


def test_what_is_out_of_the_ordinary_is_told_by_the_row_itself(city: City, person: int) -> None:
    plain = row(city, looked(city, person))
    with_case = row(city, looked(city, person, Ask(AccessField.NAME, "call_back", case_id=1)))
    odd = row(city, looked(city, person, Ask(AccessField.NAME, "call_back"), now=SUNDAY))

    def flags(one: CitizenAccess) -> tuple[bool, bool, bool]:
        return one.is_out_of_hours, one.is_own_surname, one.is_without_case

    assert flags(plain) == flags(with_case) == (False, False, False)
    assert flags(odd) == (True, False, True)
    assert odd.on_day.isoformat() == "2026-03-01"


@pytest.mark.parametrize(
    ("citizen", "staff", "is_own"),
    [
        ("林示例", "林某", True),
        ("欧阳示例", "欧阳某", True),
        ("欧示例", "欧阳某", False),
        ("John Example", "Mary EXAMPLE", True),
        ("林示例", "", False),
        ("", "", False),
    ],
)
def test_an_own_surname_is_noticed(citizen: str, staff: str, *, is_own: bool) -> None:
    assert is_own_surname(citizen, staff) is is_own


def test_a_row_of_looking_cannot_be_changed_or_taken_away(city: City, person: int) -> None:
    looked(city, person)

    for deed in (update(CitizenAccess).values(ip=""), delete(CitizenAccess)):
        with city.db() as session, pytest.raises(DatabaseError, match="written once"):
            session.execute(deed)


def test_figures_add_up_and_the_unusual_stands_first(city: City, person: int) -> None:
    no_case = Ask(AccessField.NAME, "call_back")
    for n in range(3):
        looked(city, person, no_case, now=MONDAY_9AM + timedelta(days=n))
    looked(city, person, role=Role.REVIEWER)
    security = city[Role.SECURITY]
    with city.db.begin() as session:
        revealing.set_limits(session, {Oddity.NO_CASE: 2, Oddity.MANY: 1}, actor=security)

    with city.db() as session:
        since = MONDAY_9AM - timedelta(days=1)
        first, second = accesses.looks_of_everybody(session, since=since)
        limits = accesses.limits(session)

    assert (first.username, first.total, first.unusual) == ("clerk", 3, frozenset({Oddity.NO_CASE}))
    assert first.figures[Oddity.MANY] == 1
    assert (second.username, second.unusual) == ("reviewer", frozenset())
    assert limits[Oddity.OUT_OF_HOURS] == DEFAULT_LIMITS[Oddity.OUT_OF_HOURS]


def test_each_figure_leads_to_its_rows(city: City, person: int) -> None:
    looked(city, person, Ask(AccessField.NAME, "call_back"))
    looked(city, person)
    looked(city, person, role=Role.REVIEWER)
    clerk = city[Role.CLERK].id

    with city.db() as session:
        of_clerk = accesses.list_accesses(session, accesses.AccessFilter(staff_id=clerk))
        without = accesses.list_accesses(
            session, accesses.AccessFilter(MONDAY_9AM, clerk, Oddity.NO_CASE)
        )
        later = accesses.list_accesses(
            session, accesses.AccessFilter(MONDAY_9AM + timedelta(seconds=1))
        )

    assert (len(of_clerk.items), len(without.items), len(later.items)) == (2, 1, 0)


def test_reasons_are_data_and_one_that_was_used_stays_readable(city: City) -> None:
    security = city[Role.SECURITY]
    with city.db.begin() as session:
        before = accesses.reasons_offered(session)
        revealing.offer_reasons(
            session, [("回访或联系本人", "Call"), ("上门走访", "")], actor=security
        )

    with city.db() as session:
        offered = accesses.reasons_offered(session)
        everything = {code for code, _, _ in accesses.all_reasons(session)}
    assert [name for _, name, _ in offered] == ["回访或联系本人", "上门走访", "其他（请写明）"]
    assert offered[0] == ("call_back", "回访或联系本人", "Call")
    assert {code for code, _, _ in before} < everything
    with city.db() as session, pytest.raises(ForbiddenError):
        revealing.offer_reasons(session, [], actor=city[Role.CLERK])
    with city.db() as session, pytest.raises(ForbiddenError):
        revealing.set_limits(session, {}, actor=city[Role.CLERK])
