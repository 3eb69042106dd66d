"""Macros and kept lists: one's own or the unit's, looked after by its head, used with a preview."""

from dataclasses import replace

import pytest

from app.accounts.rules import Role
from app.cases.kinds import Action
from app.desk import queries as kept
from app.desk import service
from app.desk.bulk import macros, queries
from app.desk.bulk.macros import MacroDraft
from app.desk.models import Macro
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from tests.support.city import City, Db, a_city
from tests.support.clock import MONDAY_9AM

REPAIRED = MacroDraft("已修复", Action.REPLY, "{number}已修复。", "", {"outcome": "resolved"})


@pytest.fixture
def city(db: Db) -> City:
    return a_city(db)


def names(found: object) -> list[str]:
    return [row.name for row in found]  # type: ignore[attr-defined]  # rows of a query


def test_ones_own_macro_is_nobody_elses(city: City) -> None:
    with city.db.begin() as session:
        handler, head = city[Role.HANDLER], city[Role.UNIT_HEAD]
        macro = macros.add_macro(session, handler, REPAIRED, now=MONDAY_9AM)

        assert names(queries.list_macros(session, handler)) == ["已修复"]
        assert names(queries.list_macros(session, head)) == []
        with pytest.raises(NotFoundError):
            queries.get_macro(session, macro.id, head)


def test_the_head_shares_a_macro_the_unit_uses_it_and_only_the_head_changes_it(city: City) -> None:
    shared = replace(REPAIRED, is_shared=True)
    with city.db.begin() as session:
        handler, head = city[Role.HANDLER], city[Role.UNIT_HEAD]
        with pytest.raises(ForbiddenError):
            macros.add_macro(session, handler, shared, now=MONDAY_9AM)
        macro = macros.add_macro(session, head, shared, now=MONDAY_9AM)

        assert names(queries.list_macros(session, handler)) == ["已修复"]
        assert names(queries.list_macros(session, city[Role.CLERK])) == []
        with pytest.raises(ForbiddenError):
            macros.remove_macro(session, handler, macro.id, now=MONDAY_9AM)
        macros.remove_macro(session, head, macro.id, now=MONDAY_9AM)
        assert session.get(Macro, macro.id) is None


def test_a_macro_says_its_name_its_step_and_only_places_that_exist(city: City) -> None:
    with city.db.begin() as session:
        handler = city[Role.HANDLER]
        macros.add_macro(session, handler, REPAIRED, now=MONDAY_9AM)
        wrong = {
            "name": MacroDraft(" ", Action.REPLY),
            "action": MacroDraft("x", Action.RULE),
            "body": MacroDraft("x", Action.REPLY, "{secret}"),
            "twice": REPAIRED,
        }

        found = {}
        for what, draft in wrong.items():
            with pytest.raises(InvalidError) as refused:
                macros.add_macro(session, handler, draft, now=MONDAY_9AM)
            found[what] = set(refused.value.fields)

        assert found == {
            "name": {"name"},
            "action": {"action"},
            "body": {"text"},
            "twice": {"name"},
        }


def test_a_macro_changed_by_somebody_else_meanwhile_is_a_conflict(city: City) -> None:
    with city.db.begin() as session:
        handler = city[Role.HANDLER]
        macro = macros.add_macro(session, handler, REPAIRED, now=MONDAY_9AM)
        seen = macro.version
        other = replace(REPAIRED, text="已换灯泡。")
        macros.change_macro(session, handler, macro.id, other, seen=seen, now=MONDAY_9AM)

        with pytest.raises(ConflictError):
            macros.change_macro(session, handler, macro.id, REPAIRED, seen=seen, now=MONDAY_9AM)
        assert macro.text == "已换灯泡。"


def test_a_list_shared_with_the_unit_is_everybodys_there_and_its_owners_or_heads_to_remove(
    city: City,
) -> None:
    with city.db.begin() as session:
        handler, head, clerk = city[Role.HANDLER], city[Role.UNIT_HEAD], city[Role.CLERK]
        shared = service.save_filter(session, handler, "临期", "step_lamp=warn", is_shared=True)
        service.save_filter(session, handler, "我的", "view=mine")

        assert names(kept.saved_filters(session, head)) == ["临期"]
        assert sorted(names(kept.saved_filters(session, handler))) == ["临期", "我的"]
        assert names(kept.saved_filters(session, clerk)) == []
        service.remove_filter(session, clerk, shared.id)
        assert names(kept.saved_filters(session, head)) == ["临期"]
        service.remove_filter(session, head, shared.id)
        assert names(kept.saved_filters(session, head)) == []
