"""The same application twice, and ready words for what is wrong with a paper."""

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.rules import Role
from app.cases.kinds import Action
from app.cases.queries.alike import Sought, alike_for_public, alike_for_staff
from app.departments.models import Unit
from app.kernel.errors import InvalidError
from app.service_items.queries import get_version
from app.service_requests.queries import AlikeLine, in_hand
from app.service_requests.rules import Verdict
from app.service_requests.rules.papers import LONGEST_REASON
from app.service_requests.rules.reasons import reason_text, reasons
from tests.cases.joining import join
from tests.service_requests.applying import INSTANT, an_item, applied, step
from tests.support.city import City, a_case

Db = sessionmaker[Session]


def test_an_application_counts_as_the_same_until_it_is_decided(db: Db, city: City) -> None:
    with db.begin() as session:
        version, other = an_item(session, city, INSTANT), an_item(session, city, code="990100A002")
        case = applied(session, city, version)
        citizen_id = case.citizen_id or 0
        item_id = get_version(session, version).item_id

        clerk = city[Role.CLERK]

        before = in_hand(session, clerk, citizen_id, item_id)
        elsewhere = in_hand(session, clerk, citizen_id, get_version(session, other).item_id)
        somebody = in_hand(session, clerk, citizen_id + 1, item_id)
        step(session, case, Action.DECIDE_AT_ONCE, clerk)
        after = in_hand(session, clerk, citizen_id, item_id)

    assert [one.number for one in before] == [case.number]
    assert (elsewhere, somebody, after) == ([], [], [])


def test_who_may_not_see_it_is_told_where_to_ask_and_nothing_else(db: Db, city: City) -> None:
    with db.begin() as session:
        version = an_item(session, city)
        case = applied(session, city, version)
        case.is_confidential = True
        session.flush()
        item_id = get_version(session, version).item_id

        told = in_hand(session, city[Role.CLERK], case.citizen_id or 0, item_id)

        unit = session.get_one(Unit, case.unit_id)
    assert told == [AlikeLine(unit.name, unit.name_en, unit.phone)]


def test_nothing_is_joined_to_an_application_and_nobody_elses_is_offered(
    db: Db, city: City
) -> None:
    with db.begin() as session:
        case = applied(session, city, an_item(session, city))
        sought = Sought(body=case.body, title=case.title, region_code=case.region_code)

        with pytest.raises(InvalidError) as refused:
            join(session, city, a_case(session), case)
        own = Sought(body=case.body, title=case.title, people=(case.citizen_id or 0,))
        staff_sees = alike_for_staff(session, city[Role.CLERK], sought)
        told = alike_for_staff(session, city[Role.CLERK], own)

        assert "application" in refused.value.fields["master"]
        assert (staff_sees, alike_for_public(session, sought)) == ([], [])
        assert [one.number for one in told] == [case.number]


@pytest.mark.parametrize(
    ("codes", "words", "text"),
    [
        (["expired"], "", "已过有效期"),
        (["expired", "no-seal"], " 请换新证 ", "已过有效期；未盖章；请换新证"),
        (["no such phrase"], "", ""),
        ([], "字" * 900, "字" * LONGEST_REASON),
    ],
)
def test_a_reason_is_a_phrase_and_what_was_added(codes: list[str], words: str, text: str) -> None:
    assert reason_text(codes, words) == text


def test_every_phrase_is_in_both_languages_and_belongs_to_what_can_be_wrong() -> None:
    codes = [one.code for one in reasons()]

    assert len(set(codes)) == len(codes)
    assert all(one.words.zh and one.words.en for one in reasons())
    assert {one.verdict for one in reasons()} == {Verdict.LACKING, Verdict.DEFECT}
