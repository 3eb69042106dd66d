"""Editing the catalogue: every change a revision, no stale screen, no hole in the limits."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.rules import Role
from app.calendars.rules import LimitUnit
from app.catalogue.models import Category, DispatchRule, ReplyText, RevisedType, Revision, TimeLimit
from app.catalogue.queries import (
    choose_limit,
    find_categories,
    get_category_by_code,
    list_categories,
    list_reply_texts,
    list_revisions,
    picker,
    propose_unit,
    snapshot,
)
from app.catalogue.rules import BasisLevel, CaseKind, ReplyPurpose, Urgency
from app.catalogue.service import (
    CategoryDraft,
    LimitDraft,
    ReplyDraft,
    RuleDraft,
    activate_profile,
    add_category,
    add_limit,
    add_reply,
    add_rule,
    change_category,
    change_limit,
    change_reply,
    change_rule,
    move_rule,
    seed,
    set_category_active,
    set_limit_active,
    set_reply_active,
    set_rule_active,
)
from app.departments.rules import UnitKind
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from tests.catalogue.builders import NOW, TODAY, an_edit, put_unit

LAMPS = CategoryDraft(
    code="0199", name="景观照明", name_en="Decorative lights", kinds=(CaseKind.HELP,)
)
LIMIT = LimitDraft(
    profile="grades",
    code="lamps",
    clock_kind="resolve",
    unit=LimitUnit.WORK_DAY,
    value=2,
    basis_text="市照明管理办法",
    basis_level=BasisLevel.CITY,
)
REPLY = ReplyDraft(
    code="hello", title="问候", body="{name}您好", purpose=ReplyPurpose.ANSWER, unit_id=None
)


@pytest.fixture
def filled(db: sessionmaker[Session]) -> sessionmaker[Session]:
    with db.begin() as session:
        seed(session, now=NOW)
    return db


def resolve_limit(session: Session, category_id: int) -> tuple[LimitUnit, int]:
    limit = choose_limit(
        session,
        clock_kind="resolve",
        case_kind=CaseKind.HELP,
        category_id=category_id,
        urgency=Urgency.NORMAL,
        region_code="990101",
        on=TODAY,
    )
    return limit.unit, limit.value


# Categories


def test_a_new_category_is_found_at_once_and_its_pinyin_is_spelt(
    filled: sessionmaker[Session],
) -> None:
    with filled.begin() as session:
        roads = get_category_by_code(session, "01")
        add_category(session, LAMPS, parent_id=roads.id, edit=an_edit())

    with filled() as session:
        found = find_categories(session, "jgzm")
        assert [entry.code for entry in found] == ["0199"]
        assert found[0].path == (roads.id, found[0].id)


def test_a_change_keeps_what_stood_before_who_when_and_why(filled: sessionmaker[Session]) -> None:
    with filled.begin() as session:
        entry = get_category_by_code(session, "0103")
        draft = replace(LAMPS, code="0103", name="路灯与景观灯")
        change_category(session, entry.id, draft, version=entry.version, edit=an_edit())

    with filled() as session:
        newest, first = list_revisions(session, RevisedType.CATEGORY, entry.id)
        name = next(change for change in newest.changes if change.field == "name")
        assert (name.before, name.after) == ("路灯照明", "路灯与景观灯")
        assert (newest.number, newest.by_name, newest.note, newest.at) == (
            2, "系统管理员", "年度调整", NOW,
        )  # fmt: skip
        assert first.number == 1


def test_saving_without_a_change_writes_no_revision(filled: sessionmaker[Session]) -> None:
    with filled.begin() as session:
        row = session.scalars(select(Category).where(Category.code == "0103")).one()
        draft = CategoryDraft(
            code=row.code,
            name=row.name,
            name_en=row.name_en,
            hint=row.hint,
            hint_en=row.hint_en,
            kinds=tuple(CaseKind(kind) for kind in row.kinds),
            default_urgency=row.default_urgency,
            position=row.position,
        )
        change_category(session, row.id, draft, version=row.version, edit=an_edit())

    with filled() as session:
        assert len(list_revisions(session, RevisedType.CATEGORY, row.id)) == 1


def test_a_stale_screen_is_refused_and_nothing_is_written(filled: sessionmaker[Session]) -> None:
    with filled.begin() as session:
        entry = get_category_by_code(session, "0103")
        draft = replace(LAMPS, code="0103")
        change_category(session, entry.id, draft, version=entry.version, edit=an_edit())

    late = replace(draft, name="晚到的名字")
    with filled() as session, pytest.raises(ConflictError):
        change_category(session, entry.id, late, version=entry.version, edit=an_edit())

    with filled() as session:
        assert get_category_by_code(session, "0103").name.zh == "景观照明"


def test_only_who_manages_the_catalogue_may_edit_it(filled: sessionmaker[Session]) -> None:
    others = [role for role in Role if role not in (Role.ADMIN, Role.SYSTEM)]

    with filled() as session:
        for role in others:
            with pytest.raises(ForbiddenError):
                add_category(session, LAMPS, parent_id=None, edit=an_edit(role))


def test_a_category_with_active_children_is_not_switched_off(filled: sessionmaker[Session]) -> None:
    with filled() as session:
        roads = get_category_by_code(session, "01")
        with pytest.raises(InvalidError):
            set_category_active(
                session, roads.id, is_active=False, version=roads.version, edit=an_edit()
            )


def test_a_category_switched_off_is_offered_to_nobody_and_can_come_back(
    filled: sessionmaker[Session],
) -> None:
    def switch(*, is_active: bool) -> None:
        with filled.begin() as session:
            lamp = get_category_by_code(session, "0103")
            set_category_active(
                session, lamp.id, is_active=is_active, version=lamp.version, edit=an_edit()
            )

    def offered() -> bool:
        with filled() as session:
            lamp = get_category_by_code(session, "0103")
            listed = lamp in list_categories(session, parent_id=lamp.parent_id)
            picked = lamp.id in [entry["id"] for entry in picker(session, "zh").entries]
            assert listed == picked == (lamp in find_categories(session, "ldzm"))
            return listed

    switch(is_active=False)
    gone = offered()
    switch(is_active=True)

    assert (gone, offered()) == (False, True)


CATEGORY_FLAWS = [
    (replace(LAMPS, code="a-1"), "code"),
    (replace(LAMPS, code="0103"), "code"),
    (replace(LAMPS, name=""), "name"),
    (replace(LAMPS, name="路灯照明"), "name"),
    (replace(LAMPS, name="长" * 61), "name"),
    (replace(LAMPS, hint="长" * 301), "hint"),
    (replace(LAMPS, kinds=()), "kinds"),
]


def test_a_category_with_a_flaw_is_refused_at_that_field(filled: sessionmaker[Session]) -> None:
    with filled() as session:
        roads = get_category_by_code(session, "01")
        for draft, field in CATEGORY_FLAWS:
            with pytest.raises(InvalidError) as refused:
                add_category(session, draft, parent_id=roads.id, edit=an_edit())
            assert list(refused.value.fields) == [field], draft


def test_the_tree_has_two_levels_and_codes_never_change(filled: sessionmaker[Session]) -> None:
    with filled() as session:
        lamp = get_category_by_code(session, "0103")
        with pytest.raises(InvalidError):
            add_category(session, LAMPS, parent_id=lamp.id, edit=an_edit())
        with pytest.raises(InvalidError):
            change_category(session, lamp.id, LAMPS, version=lamp.version, edit=an_edit())
        with pytest.raises(NotFoundError):
            add_category(session, LAMPS, parent_id=0, edit=an_edit())


def test_the_picker_changes_its_mark_with_every_edit(filled: sessionmaker[Session]) -> None:
    with filled() as session:
        before = picker(session, "zh").etag
        assert picker(session, "zh").etag == before

    with filled.begin() as session:
        add_category(session, LAMPS, parent_id=None, edit=an_edit())

    with filled() as session:
        assert picker(session, "zh").etag != before


def test_an_edit_that_is_rolled_back_leaves_the_snapshot_as_it_was(
    filled: sessionmaker[Session],
) -> None:
    with filled() as session:
        add_category(session, LAMPS, parent_id=None, edit=an_edit())
        assert get_category_by_code(session, "0199").name.zh == "景观照明"
        session.rollback()

    with filled() as session, pytest.raises(NotFoundError):
        get_category_by_code(session, "0199")


# The directory


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


# Limits


def test_a_limit_for_a_category_holds_there_and_nowhere_else(filled: sessionmaker[Session]) -> None:
    with filled.begin() as session:
        lamp = get_category_by_code(session, "0103")
        add_limit(session, replace(LIMIT, category_id=lamp.id), edit=an_edit())

    with filled() as session:
        water = get_category_by_code(session, "0301")
        assert resolve_limit(session, lamp.id) == (LimitUnit.WORK_DAY, 2)
        assert resolve_limit(session, water.id) == (LimitUnit.DAY, 7)


def test_the_other_profile_comes_into_force_for_new_clocks(filled: sessionmaker[Session]) -> None:
    with filled.begin() as session:
        activate_profile(session, "workdays", on=TODAY, edit=an_edit())

    with filled() as session:
        lamp = get_category_by_code(session, "0103")
        assert resolve_limit(session, lamp.id) == (LimitUnit.WORK_DAY, 5)


def test_what_is_no_profile_does_not_come_into_force(filled: sessionmaker[Session]) -> None:
    with filled() as session:
        for profile in ("common", "nothing"):
            with pytest.raises(InvalidError):
                activate_profile(session, profile, on=TODAY, edit=an_edit())


def test_the_last_limit_of_a_clock_is_neither_switched_off_nor_narrowed(
    filled: sessionmaker[Session],
) -> None:
    with filled() as session:
        row = session.scalars(select(TimeLimit).where(TimeLimit.code == "callback.any")).one()
        with pytest.raises(InvalidError):
            set_limit_active(
                session, row.id, is_active=False, version=row.version, on=TODAY, edit=an_edit()
            )
        session.rollback()
        draft = replace(
            LIMIT, profile="common", code=row.code, clock_kind="callback", region_code="990101"
        )
        with pytest.raises(InvalidError):
            change_limit(session, row.id, draft, version=row.version, on=TODAY, edit=an_edit())
        session.rollback()
        assert session.scalar(
            select(func.count()).select_from(Revision).where(Revision.object_id == row.id,
            Revision.object_type == RevisedType.TIME_LIMIT)
        ) == 1  # fmt: skip


def test_a_limit_can_be_changed_where_no_hole_is_torn(filled: sessionmaker[Session]) -> None:
    with filled.begin() as session:
        row = session.scalars(select(TimeLimit).where(TimeLimit.code == "callback.any")).one()
        draft = replace(LIMIT, profile="common", code=row.code, clock_kind="callback", value=4)
        change_limit(session, row.id, draft, version=row.version, on=TODAY, edit=an_edit())

    with filled() as session:
        assert session.get_one(TimeLimit, row.id).value == 4


LIMIT_FLAWS = [
    (replace(LIMIT, value=0), "value"),
    (replace(LIMIT, value=-1), "value"),
    (replace(LIMIT, minutes=60, unit=LimitUnit.HOUR), "minutes"),
    (replace(LIMIT, minutes=30), "minutes"),
    (replace(LIMIT, clock_kind="dream"), "clock_kind"),
    (replace(LIMIT, profile="nothing"), "profile"),
    (replace(LIMIT, code="A B"), "code"),
    (replace(LIMIT, basis_text=""), "basis_text"),
    (replace(LIMIT, is_sample=True), "basis_level"),
    (replace(LIMIT, region_code="1"), "region_code"),
    (replace(LIMIT, category_id=0), "category_id"),
    (replace(LIMIT, close_of_business=True, unit=LimitUnit.HOUR), "close_of_business"),
    (replace(LIMIT, valid_from=TODAY, valid_to=TODAY.replace(day=1)), "valid_to"),
]


def test_a_limit_with_a_flaw_is_refused_at_that_field(filled: sessionmaker[Session]) -> None:
    with filled() as session:
        for draft, field in LIMIT_FLAWS:
            with pytest.raises(InvalidError) as refused:
                add_limit(session, draft, edit=an_edit())
            assert list(refused.value.fields) == [field], draft


# Reply texts


def test_a_text_of_a_unit_is_offered_to_that_unit_and_below(filled: sessionmaker[Session]) -> None:
    with filled.begin() as session:
        water = put_unit(session, "WATER")
        station = put_unit(session, "STATION", parent=water)
        other = put_unit(session, "OTHER")
        add_reply(session, replace(REPLY, unit_id=water.id), edit=an_edit())

    def offered(path: str) -> bool:
        with filled() as session:
            texts = list_reply_texts(session, purpose=ReplyPurpose.ANSWER, unit_path=path)
            return "hello" in [text.code for text in texts]

    assert [offered(unit.path) for unit in (water, station, other)] == [True, True, False]


def test_a_text_with_an_unknown_variable_is_refused(filled: sessionmaker[Session]) -> None:
    with filled() as session, pytest.raises(InvalidError):
        add_reply(session, replace(REPLY, body="{phone_no}"), edit=an_edit())


REPLY_FLAWS = [
    (replace(REPLY, code="reply.done"), "code"),
    (replace(REPLY, code="X"), "code"),
    (replace(REPLY, title=""), "title"),
    (replace(REPLY, title="长" * 81), "title"),
    (replace(REPLY, body=""), "body"),
    (replace(REPLY, body="长" * 2001), "body"),
    (replace(REPLY, unit_id=0), "unit_id"),
]


def test_a_text_with_a_flaw_is_refused_at_that_field(filled: sessionmaker[Session]) -> None:
    with filled() as session:
        for draft, field in REPLY_FLAWS:
            with pytest.raises(InvalidError) as refused:
                add_reply(session, draft, edit=an_edit())
            assert list(refused.value.fields) == [field], draft


def test_a_text_is_changed_and_switched_off(filled: sessionmaker[Session]) -> None:
    with filled.begin() as session:
        reply = add_reply(session, REPLY, edit=an_edit())
        draft = replace(REPLY, body="您好")
        change_reply(session, reply.id, draft, version=reply.version, edit=an_edit())
        set_reply_active(session, reply.id, is_active=False, version=reply.version, edit=an_edit())

    with filled() as session:
        assert session.get_one(ReplyText, reply.id).body == "您好"
        assert "hello" not in [text.code for text in list_reply_texts(session)]
        assert len(list_revisions(session, RevisedType.REPLY_TEXT, reply.id)) == 3
