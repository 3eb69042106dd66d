"""Editing categories: every change a revision, no stale screen, two levels."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.rules import Role
from app.catalogue.models import Category, RevisedType
from app.catalogue.queries import (
    find_categories,
    get_category_by_code,
    list_categories,
    list_revisions,
    picker,
)
from app.catalogue.rules import CaseKind
from app.catalogue.service import (
    CategoryDraft,
    add_category,
    change_category,
    set_category_active,
)
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from tests.catalogue.builders import NOW, an_edit

LAMPS = CategoryDraft(
    code="0199", name="景观照明", name_en="Decorative lights", kinds=(CaseKind.HELP,)
)


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
