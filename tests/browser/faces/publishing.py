"""Faces of what the public sees of repairs, and of whoever releases it."""

from decimal import Decimal

from app.accounts.rules import Role
from app.cases.queries import get_by_number
from app.catalogue.rules import CaseKind
from app.publishing import queries, service
from app.publishing.service import Release
from tests.browser.faces.face import Face
from tests.browser.looking import Look
from tests.browser.town import Matter, Town

_NAME = "released"
LON, LAT = Decimal("83.031"), Decimal("39.061")


def released(town: Town) -> tuple[Matter, str]:
    """A repair of this town that the public sees, and its public number."""
    if _NAME not in town.known:
        town.known[_NAME] = town.opened(kind=CaseKind.REPAIR, lon=LON, lat=LAT)
    matter = town.known[_NAME]
    reviewer = town.actor(Role.REVIEWER)
    with town.writing() as session:
        case = get_by_number(session, matter.number, reviewer)
        number = service.public_no(session, case.id)
        if queries.find_released(session, number) is None:
            what = Release("路灯不亮", case.body, case.place, "已安排维修。")
            service.release(session, case, what, actor=reviewer, now=town.edge.now())
    return matter, number


def _map(look: Look, town: Town) -> None:
    released(town)
    look.goto("/map")
    look.page.locator(".map[data-ready]").wait_for()


def _heat(look: Look, town: Town) -> None:
    released(town)
    look.goto("/map?view=heat")
    look.page.locator(".map[data-ready]").wait_for()


def _report(look: Look, town: Town) -> None:
    look.goto(f"/reports/{released(town)[1]}")
    look.page.locator(".map[data-ready]").wait_for()


def _board(look: Look, town: Town) -> None:
    released(town)
    look.goto("/board/map")
    look.page.locator(".map[data-ready]").wait_for()


def _preview(look: Look, town: Town) -> None:
    look.goto(f"{released(town)[0].desk}/publish")
    look.press("See what the public will see")


PUBLISHING = (
    Face("public-map", None, _map),
    Face("public-heat", None, _heat),
    Face("public-report", None, _report),
    Face("repair-map", Role.SUPERVISOR, _board),
    Face("repair-board", Role.SUPERVISOR, "/board/repairs"),
    Face("release-preview", Role.REVIEWER, _preview),
)
