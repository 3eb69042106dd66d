"""A dispatcher gives repairs to crews without a mouse, in a real browser."""

from dataclasses import replace
from datetime import timedelta

from playwright.sync_api import expect

from app.accounts.rules import Role
from app.cases import service as cases
from app.cases.kinds import Action, Channel, Status
from app.cases.repair_models import Repair
from app.cases.rules import Facts, StepInput
from app.facilities import queries as facilities
from app.repairs.service import NewRepair, open_repair
from tests.browser.conftest import Open
from tests.browser.looking import Look, foreign_words, sideways, violations
from tests.browser.signing import sign_in
from tests.browser.town import DISTRICT, Town

_LATE = timedelta(days=500)  # so that it stands before the repairs of other walks


def faults(look: Look) -> list[str]:
    """Everything that would shut somebody out of the page as it stands."""
    page = look.page
    return [*foreign_words(page), *violations(page), *sideways(page), *look.messages()]


def a_lamp(town: Town, *dangers: str) -> tuple[int, str]:
    """A street lamp reported long ago, with the unit for street lights: its key and number."""
    with town.writing() as session:
        at = town.edge.now() - _LATE
        new = NewRepair(
            type_id=facilities.get_type_by_code(session, "0120").id,
            body="灯杆上的灯不亮。",
            channel=Channel.PORTAL,
            place="样板路 12 号对面",
            region_code=DISTRICT,
            is_anonymous=True,
            dangers=dangers,
        )
        case = open_repair(session, new, now=at)
        steps = [StepInput(Action.FILE, 0)] if case.status is Status.REPORTED else []
        unit = Facts(unit_id=town.staffing.units["LIGHT"])
        for given in (*steps, StepInput(Action.DISPATCH, 0, facts=unit)):
            role = Role.SUPERVISOR if given.action is Action.FILE else Role.DISPATCHER
            now = replace(given, seen_version=case.version)
            cases.take_step_as_staff(session, case.id, now, actor=town.actor(role), now=at)
        return case.id, case.number


def crew_of(town: Town, case_id: int) -> int | None:
    with town.edge.reading() as session:
        return session.get_one(Repair, case_id).crew_id


def test_an_emergency_rings_and_is_given_by_keys_alone(opened: Open, town: Town) -> None:
    case_id, number = a_lamp(town, "live")
    look = opened(Role.DISPATCHER)
    look.goto("/repairs?view=to_assign&danger=on")
    expect(look.page.locator("#bar-repairs-bar")).to_contain_text(number)
    keys = look.page.keyboard
    focused = look.page.locator("a.rowlink:focus")

    keys.press("ArrowDown")
    for _ in range(30):
        if focused.inner_text() == number:
            break
        keys.press("ArrowDown")
    keys.press("Enter")
    pane = look.page.locator("#pane")
    expect(pane).to_contain_text(number)
    expect(pane).to_contain_text(look.t("repairs %(type)s", type="路灯"))
    assert faults(look) == []
    keys.press("2")
    expect(pane.locator("input[data-key='2']")).to_be_checked()
    keys.press("1")
    expect(pane.locator("input[data-key='1']")).to_be_checked()
    chosen = int(pane.locator("input[data-key='1']").get_attribute("value") or 0)
    with look.page.expect_navigation():
        keys.press("Control+Enter")

    expect(look.page.locator("main .note.ok")).to_contain_text(number)
    assert crew_of(town, case_id) == chosen


def test_a_row_is_dragged_on_to_a_crew_and_the_head_looks_at_the_way(
    opened: Open, town: Town
) -> None:
    case_id, number = a_lamp(town)
    crew_id = town.staffing.units["LIGHT-2"]
    look = opened()
    sign_in(look.page, "light-head")
    look.goto("/repairs?view=to_assign")
    row = look.page.locator("tr", has_text=number)
    assert faults(look) == []

    with look.page.expect_navigation():
        row.drag_to(look.page.locator(f"[data-crew='{crew_id}']"))

    # The crew is of another area: nothing is given unasked, the page says why.
    expect(look.page.locator("main")).to_contain_text(look.t("another area"))
    assert crew_of(town, case_id) is None
    look.goto(f"/repairs/crews/{crew_id}")
    assert faults(look) == []
    look.goto("/repairs/crews")
    assert faults(look) == []
