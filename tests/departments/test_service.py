"""The tree of units keeps its shape whatever is done to it."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.departments import queries, rules, service
from app.departments.events import UnitClosing
from app.departments.models import Unit
from app.departments.rules import UnitKind
from app.departments.service import UnitDraft
from app.kernel import events
from app.kernel.audit import AuditEntry
from app.kernel.authors import Author
from app.kernel.errors import ConflictError, InvalidError
from tests.accounts.builders import a_unit
from tests.support.clock import MONDAY_9AM

BY = Author(7, "admin", "192.0.2.1")


def draft_of(unit: Unit, *, parent: Unit | None = None, name: str = "") -> UnitDraft:
    return UnitDraft(
        code=unit.code,
        name=name or unit.name,
        kind=unit.kind,
        parent_id=parent.id if parent else None,
        region_code=unit.region_code,
    )


def test_a_path_lists_the_ids_from_the_root_to_the_unit_itself(db: sessionmaker[Session]) -> None:
    with db.begin() as session:
        root = a_unit(session, "ROOT")
        leaf = a_unit(session, "LEAF", parent=root)

        assert leaf.path == f"/{root.id}/{leaf.id}/"
        assert root.path == f"/{root.id}/"


def test_a_region_is_called_as_a_place_and_not_as_its_government(
    db: sessionmaker[Session],
) -> None:
    with db.begin() as session:
        name, kind = "青山区人民政府", UnitKind.DISTRICT
        draft = UnitDraft(code="HILL", name=name, kind=kind, region_code="990102")
        service.found_unit(session, draft, by=BY, now=MONDAY_9AM)
    with db() as session:
        assert queries.region_name(session, "990102") == "青山区"
        assert queries.region_name(session, "990199") == "990199"


def test_moving_a_unit_takes_its_whole_subtree_along(db: sessionmaker[Session]) -> None:
    with db.begin() as session:
        old, new = a_unit(session, "OLD"), a_unit(session, "NEW")
        moved = a_unit(session, "MOVED", parent=old)
        below = a_unit(session, "BELOW", parent=moved)
        deep = a_unit(session, "DEEP", parent=below)

        service.change_unit(
            session, moved.id, moved.version, draft_of(moved, parent=new), by=BY, now=MONDAY_9AM
        )

    with db() as session:
        paths = {unit.code: unit.path for unit in session.scalars(select(Unit))}
    assert paths["MOVED"] == f"/{new.id}/{moved.id}/"
    assert paths["DEEP"] == f"/{new.id}/{moved.id}/{below.id}/{deep.id}/"
    assert paths["OLD"] == f"/{old.id}/"


def test_a_unit_whose_number_begins_alike_does_not_move_along(db: sessionmaker[Session]) -> None:
    with db.begin() as session:
        units = [a_unit(session, f"U{n}") for n in range(1, 13)]
        by_id = {unit.id: unit for unit in units}
        one, ten = by_id[min(by_id)], by_id[min(by_id) + 9]
        service.change_unit(
            session, one.id, one.version, draft_of(one, parent=units[4]), by=BY, now=MONDAY_9AM
        )

        session.refresh(ten)
        assert ten.path == f"/{ten.id}/"


def test_a_unit_cannot_stand_under_itself_or_its_own_units(db: sessionmaker[Session]) -> None:
    with db.begin() as session:
        top = a_unit(session, "TOP")
        below = a_unit(session, "BELOW", parent=top)

        for parent in (top, below):
            with pytest.raises(InvalidError) as refusal:
                service.change_unit(
                    session,
                    top.id,
                    top.version,
                    draft_of(top, parent=parent),
                    by=BY,
                    now=MONDAY_9AM,
                )
            assert "parent_id" in refusal.value.fields


def test_a_stale_form_is_refused_and_shows_what_is_stored(db: sessionmaker[Session]) -> None:
    with db.begin() as session:
        unit = a_unit(session)
        seen = unit.version
        service.change_unit(
            session, unit.id, seen, draft_of(unit, name="新名"), by=BY, now=MONDAY_9AM
        )

    with pytest.raises(ConflictError) as refusal, db.begin() as session:
        service.change_unit(
            session, unit.id, seen, draft_of(unit, name="旧名"), by=BY, now=MONDAY_9AM
        )

    assert refusal.value.stored["Unit name"] == "新名"
    assert refusal.value.fresh == {"version": str(seen + 1)}


def test_a_unit_that_is_still_needed_stays_open(db: sessionmaker[Session]) -> None:
    def refuse(_session: Session, _event: UnitClosing) -> None:
        msg = "open work"
        raise ConflictError(msg)

    events.wire({UnitClosing: (refuse,)})
    try:
        with db.begin() as session:
            unit = a_unit(session)

            with pytest.raises(ConflictError):
                service.close_unit(session, unit.id, unit.version, by=BY, now=MONDAY_9AM)

            assert unit.is_active
    finally:
        events.wire({})


def test_a_unit_with_units_under_it_stays_open_until_they_are_closed(
    db: sessionmaker[Session],
) -> None:
    with db.begin() as session:
        top = a_unit(session, "TOP")
        below = a_unit(session, "BELOW", parent=top)
        with pytest.raises(ConflictError):
            service.close_unit(session, top.id, top.version, by=BY, now=MONDAY_9AM)

        service.close_unit(session, below.id, below.version, by=BY, now=MONDAY_9AM)
        service.close_unit(session, top.id, top.version, by=BY, now=MONDAY_9AM)

        assert not top.is_active
        with pytest.raises(ConflictError):
            service.reopen_unit(session, below.id, below.version, by=BY, now=MONDAY_9AM)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": "lower case"}, "code"),
        ({"code": "TAKEN"}, "code"),
        ({"name": ""}, "name"),
        ({"region_code": "99010"}, "region_code"),
        ({"parent_id": 424242}, "parent_id"),
    ],
)
def test_what_cannot_be_a_unit_is_refused_by_field(
    db: sessionmaker[Session], change: dict[str, object], field: str
) -> None:
    with db.begin() as session:
        a_unit(session, "TAKEN")
        typed: dict[str, object] = {"code": "FRESH", "name": "名称", "kind": UnitKind.STREET}

        with pytest.raises(InvalidError) as refusal:
            service.found_unit(
                session,
                UnitDraft(**(typed | change)),  # type: ignore[arg-type]  # a row of the table above
                by=BY,
                now=MONDAY_9AM,
            )

        assert field in refusal.value.fields


def test_every_change_of_a_unit_is_in_the_audit_log(db: sessionmaker[Session]) -> None:
    with db.begin() as session:
        unit = a_unit(session)
        service.change_unit(
            session, unit.id, unit.version, draft_of(unit, name="新名"), by=BY, now=MONDAY_9AM
        )
        service.close_unit(session, unit.id, unit.version, by=BY, now=MONDAY_9AM)
        service.reopen_unit(session, unit.id, unit.version, by=BY, now=MONDAY_9AM)

    with db() as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [e.action for e in entries] == ["unit:found", "unit:change", "unit:close", "unit:reopen"]
    assert entries[1].details == {"before": {"name": "单位HALL"}, "after": {"name": "新名"}}
    assert (entries[1].actor_id, entries[1].ip) == (7, "192.0.2.1")


def test_the_tree_is_listed_parents_before_children_and_found_by_words(
    db: sessionmaker[Session],
) -> None:
    with db.begin() as session:
        first, second = a_unit(session, "A1"), a_unit(session, "B1")
        a_unit(session, "A2", parent=first)
        a_unit(session, "B2", parent=second)

        codes = [row.code for row in queries.list_tree(session)]
        found = [row.code for row in queries.list_tree(session, words="b")]

    assert codes == ["A1", "A2", "B1", "B2"]
    assert found == ["B1", "B2"]


@pytest.mark.parametrize("text", ["", "99", "9901", "990101", "990101001", "990101001002"])
def test_region_codes_of_every_level_are_accepted(text: str) -> None:
    assert rules.is_region_code(text)


@pytest.mark.parametrize("text", ["9", "990", "99010", "abcdef", "9901010010020"])
def test_other_lengths_are_no_region_codes(text: str) -> None:
    assert not rules.is_region_code(text)
