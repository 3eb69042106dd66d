"""Editing the dispatch directory: its order, its flaws, what it proposes."""

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.catalogue.models import DispatchRule, RevisedType
from app.catalogue.queries import (
    get_category_by_code,
    list_revisions,
    propose_unit,
    snapshot,
)
from app.catalogue.service import (
    RuleDraft,
    add_rule,
    change_rule,
    move_rule,
    set_rule_active,
)
from app.departments.rules import UnitKind
from app.kernel.errors import InvalidError
from tests.catalogue.builders import an_edit, put_unit


def fill_directory(db: sessionmaker[Session]) -> tuple[int, int, int]:
    with db.begin() as session:
        water, roads = put_unit(session, "WATER"), put_unit(session, "ROADS")
        put_unit(session, "D1", kind=UnitKind.DISTRICT, region_code="990101")
        first = get_category_by_code(session, "03")
        one = add_rule(session, RuleDraft(first.id, "", water.id), edit=an_edit())
        two = add_rule(session, RuleDraft(None, "", roads.id), edit=an_edit())
        three = add_rule(session, RuleDraft(None, "990101", water.id), edit=an_edit())
        return one.id, two.id, three.id


def test_the_directory_proposes_and_says_why(filled: sessionmaker[Session]) -> None:
    first, *_ = fill_directory(filled)

    with filled() as session:
        proposal = propose_unit(session, get_category_by_code(session, "0301").id, "990101001")

    assert proposal.rule_id == first
    assert proposal.unit is not None
    assert proposal.unit.zh == "单位WATER"
    assert [other.unit.zh for other in proposal.alternatives] == ["单位ROADS", "单位D1"]


def test_a_complaint_about_a_unit_is_not_proposed_to_it(filled: sessionmaker[Session]) -> None:
    fill_directory(filled)

    with filled() as session:
        category = get_category_by_code(session, "0301").id
        water = propose_unit(session, category, "990101").unit_id
        proposal = propose_unit(session, category, "990101", accused_unit_id=water)

    assert proposal.unit_id is None
    assert water not in [other.unit_id for other in proposal.alternatives]


def test_a_line_moves_up_and_down_and_stops_at_the_ends(filled: sessionmaker[Session]) -> None:
    one, two, three = fill_directory(filled)

    def move(rule_id: int, *, is_up: bool) -> list[int]:
        with filled.begin() as session:
            version = session.get_one(DispatchRule, rule_id).version
            move_rule(session, rule_id, is_up=is_up, version=version, edit=an_edit())
        with filled() as session:
            return [rule.id for rule in snapshot(session).rules]

    assert move(three, is_up=True) == [one, three, two]
    assert move(three, is_up=True) == [three, one, two]
    assert move(three, is_up=True) == [three, one, two]
    assert move(three, is_up=False) == [one, three, two]


def test_a_line_can_be_put_before_another(filled: sessionmaker[Session]) -> None:
    one, two, three = fill_directory(filled)

    with filled.begin() as session:
        unit_id = session.get_one(DispatchRule, one).unit_id
        new = add_rule(session, RuleDraft(None, "", unit_id), edit=an_edit(), before_id=two)

    with filled() as session:
        assert [rule.id for rule in snapshot(session).rules] == [one, new.id, two, three]


def test_a_line_switched_off_is_stepped_over(filled: sessionmaker[Session]) -> None:
    one, two, _ = fill_directory(filled)

    with filled.begin() as session:
        version = session.get_one(DispatchRule, one).version
        set_rule_active(session, one, is_active=False, version=version, edit=an_edit())

    with filled() as session:
        proposal = propose_unit(session, get_category_by_code(session, "0301").id, "990101001")
        assert proposal.rule_id == two


def test_a_line_with_a_flaw_is_refused_at_that_field(filled: sessionmaker[Session]) -> None:
    flaws = [
        (UnitKind.BUREAU, False, "", "unit_id"),
        (UnitKind.CREW, True, "", "unit_id"),
        (UnitKind.COMMUNITY, True, "", "basis"),
        (UnitKind.BUREAU, True, "99x", "region_code"),
    ]

    with filled() as session:
        for number, (kind, is_active, region_code, field) in enumerate(flaws):
            unit = put_unit(session, f"X{number}", kind=kind, is_active=is_active)
            draft = RuleDraft(None, region_code, unit.id)
            with pytest.raises(InvalidError) as refused:
                add_rule(session, draft, edit=an_edit())
            assert list(refused.value.fields) == [field], draft


def test_changing_a_line_is_a_revision(filled: sessionmaker[Session]) -> None:
    one, *_ = fill_directory(filled)

    with filled.begin() as session:
        rule = session.get_one(DispatchRule, one)
        draft = RuleDraft(None, "990102", rule.unit_id, basis="新三定")
        change_rule(session, one, draft, version=rule.version, edit=an_edit())

    with filled() as session:
        assert len(list_revisions(session, RevisedType.DISPATCH_RULE, one)) == 2
