"""Crews for the heads of units: their load now, and what each can do, where and when.

Handlers only. Who leads a unit settles its crews; who gives out work looks.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.accounts.deps import Visit, VisitDep, Work
from app.accounts.rules import Permission
from app.crews import queries
from app.crews.queries import CrewView
from app.crews.service import presence, profiles
from app.crews.service.profiles import ProfileDraft
from app.departments import queries as departments
from app.desk.repairing import crewing
from app.desk.repairing.boarding import CrewRow, crew_row
from app.desk.repairing.crewing import WEEKDAYS, DayRow, SkillGroup
from app.desk.repairing.weighing import look
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.kernel.text import whole_number
from app.web.forms import FormDep, RawForm, parse
from app.web.templating import render, see_other
from app.web.ui import locale_of

router = APIRouter(prefix="/repairs/crews")

_Line = Annotated[str, Field(max_length=120)]
_LISTS: Final = ("skills", "areas")


class ProfileForm(BaseModel):
    """What a person says about a crew."""

    SENTENCES: ClassVar = {"capacity": mark("Enter a number between 1 and 60.")}

    version: int = 0
    capacity: Annotated[int | None, Field(title=mark("Repairs a day"))] = None
    day0: _Line = ""
    day1: _Line = ""
    day2: _Line = ""
    day3: _Line = ""
    day4: _Line = ""
    day5: _Line = ""
    day6: _Line = ""

    def week(self) -> tuple[str, ...]:
        """The seven lines, Monday first."""
        return (self.day0, self.day1, self.day2, self.day3, self.day4, self.day5, self.day6)


class DayForm(BaseModel):
    """One date with other hours; no hours mean the crew is off."""

    SENTENCES: ClassVar = {"day": mark("Enter a date such as 2026-03-15.")}

    day: Annotated[date, Field(title=mark("Date"))]
    hours: Annotated[str, Field(max_length=120, title=mark("Hours"))] = ""
    note: Annotated[str, Field(max_length=80, title=mark("Why"))] = ""


@dataclass(frozen=True, slots=True)
class CrewsPage:
    """The crews one gives work to, as they stand now."""

    units: list[tuple[str, list[CrewRow]]]
    leads: frozenset[int]
    own: frozenset[int]
    may_board: bool


@dataclass(frozen=True, slots=True)
class CrewPage:
    """One crew to look over and change."""

    crew: CrewRow
    version: int
    groups: list[SkillGroup]
    regions: list[tuple[str, str]]
    weekdays: list[tuple[str, str]]
    days: list[DayRow]
    chosen: Mapping[str, frozenset[str]]
    values: Mapping[str, str]
    errors: Mapping[str, str]
    day_values: Mapping[str, str]
    day_errors: Mapping[str, str]
    may_grab: bool
    pool_version: int
    is_saved: bool


@router.get("")
def show(request: Request, visit: VisitDep) -> Response:
    """Each crew's load today, what is late, who is on the way, how old its position is."""
    language = locale_of(request).tag
    with visit.reading() as work:
        scene = look(work.session, now=work.now)
        actor = work.actor
        seen = [
            one
            for one in scene.crews.values()
            if queries.gives_work_to(actor, one) or queries.leads(actor, one)
        ]
        mine = crewing.own_crews(actor, scene)
        queries.check(bool(seen or mine) or actor.may(Permission.REPAIR_ASSIGN))
        units: dict[str, list[CrewRow]] = {}
        for crew in seen or mine:
            row = crew_row(work.session, scene, crew, language=language)
            units.setdefault(row.unit, []).append(row)
        page = CrewsPage(
            list(units.items()),
            frozenset(one.id for one in seen if queries.leads(actor, one)),
            frozenset(one.id for one in mine),
            actor.may(Permission.REPAIR_ASSIGN),
        )
    return render(request, "desk/crews", page)


@router.get("/{crew_id}")
def show_one(request: Request, visit: VisitDep, crew_id: int) -> Response:
    """What the crew can do, where, when and how much."""
    with visit.reading() as work:
        return _page(request, work, crew_id)


@router.post("/{crew_id}")
def change(request: Request, visit: VisitDep, crew_id: int, form: FormDep) -> Response:
    """Settle what the crew can do, where, when and how much."""
    parsed = parse(ProfileForm, form)
    errors = parsed.errors
    if (value := parsed.value) is not None:
        skills, areas = (list(form.lists.get(name, ())) for name in _LISTS)

        def do(work: Work, crew: CrewView) -> None:
            draft = ProfileDraft(skills, areas, value.week(), value.capacity)
            profiles.set_profile(
                work.session,
                crew,
                draft,
                version=value.version,
                actor=work.actor,
                by=work.author,
                now=work.now,
            )

        errors = _tried(visit, crew_id, do)
    if not errors:
        return _saved(crew_id)
    with visit.reading() as work:
        return _page(request, work, crew_id, typed=form, errors=errors)


@router.post("/{crew_id}/days")
def set_day(request: Request, visit: VisitDep, crew_id: int, form: FormDep) -> Response:
    """Give one date other hours, or let it follow the week again."""
    parsed = parse(DayForm, form)
    errors = parsed.errors
    if (value := parsed.value) is not None:

        def do(work: Work, crew: CrewView) -> None:
            profiles.set_day(
                work.session,
                crew,
                value.day,
                None if form.text("do") == "drop" else value.hours,
                note=value.note,
                actor=work.actor,
                by=work.author,
                now=work.now,
            )

        errors = _tried(visit, crew_id, do)
    if not errors:
        return _saved(crew_id)
    with visit.reading() as work:
        return _page(request, work, crew_id, day=form, day_errors=errors)


@router.post("/{crew_id}/grabbing")
def set_grabbing(visit: VisitDep, crew_id: int, form: FormDep) -> Response:
    """Let the crews of this crew's unit take repairs by themselves, or no longer (抢单)."""
    with visit.writing() as work:
        profiles.set_grabbing(
            work.session,
            queries.get_crew(work.session, crew_id, today=_today(work)),
            form.text("may_grab") == "on",
            version=whole_number(form.text("version")) or 0,
            actor=work.actor,
            by=work.author,
            now=work.now,
        )
    return _saved(crew_id)


@router.post("/{crew_id}/presence")
def be_there(visit: VisitDep, crew_id: int, form: FormDep) -> Response:
    """The crew says that it is there, or that it is gone."""
    change_to = presence.go_online if form.text("to") == "online" else presence.go_offline
    with visit.writing() as work:
        crew = queries.get_crew(work.session, crew_id, today=_today(work))
        change_to(work.session, crew, actor=work.actor, now=work.now)
    return see_other("/repairs/crews")


def _saved(crew_id: int) -> Response:
    return see_other(f"/repairs/crews/{crew_id}?saved=yes")


def _today(work: Work) -> date:
    return queries.today_of(work.session, work.now)


def _tried(visit: Visit, crew_id: int, do: Callable[[Work, CrewView], None]) -> dict[str, str]:
    try:
        with visit.writing() as work:
            do(work, queries.get_crew(work.session, crew_id, today=_today(work)))
    except InvalidError as error:
        return error.fields or {"": error.msgid}
    return {}


def _page(
    request: Request,
    work: Work,
    crew_id: int,
    *,
    typed: RawForm | None = None,
    errors: Mapping[str, str] | None = None,
    day: RawForm | None = None,
    day_errors: Mapping[str, str] | None = None,
) -> Response:
    language = locale_of(request).tag
    crew = queries.get_crew(work.session, crew_id, today=_today(work))
    queries.check(queries.leads(work.actor, crew))
    scene = look(work.session, now=work.now, path=crew.path)
    pool = queries.pool_of(work.session, crew.unit_id)
    stored = {"skills": crew.skills, "areas": crew.areas}
    page = CrewPage(
        crew=crew_row(work.session, scene, crew, language=language),
        version=crew.version,
        groups=crewing.skill_groups(work.session, language=language),
        regions=departments.list_regions(work.session, language=language),
        weekdays=[(f"day{n}", name) for n, name in enumerate(WEEKDAYS)],
        days=[DayRow(*one) for one in queries.list_days(work.session, crew.id, today=_today(work))],
        chosen={
            name: frozenset(typed.lists.get(name, ()) if typed else stored[name]) for name in _LISTS
        },
        values={
            **crewing.week_lines(crew),
            "capacity": str(crew.capacity),
            **(typed.values if typed else {}),
        },
        errors=errors or {},
        day_values=day.values if day else {},
        day_errors=day_errors or {},
        may_grab=pool.may_grab,
        pool_version=pool.version,
        is_saved=not errors and not day_errors and request.query_params.get("saved") == "yes",
    )
    return render(request, "desk/crew", page, status=422 if errors or day_errors else 200)
