"""Inspections of the demo city: three plans, rounds walked, one under way, one that was missed.

Through the real services; what a finding opens is a repair like any other.
"""

from datetime import date, datetime, timedelta
from typing import Final

from app.accounts.rules import Actor
from app.calendars import queries as calendars
from app.catalogue.service import Edit
from app.demo.town import Town
from app.departments import queries as departments
from app.facilities import queries as facilities
from app.inspections import queries, service
from app.inspections.queries import StopView
from app.inspections.rules import Result, Rhythm
from app.inspections.service import PlanDraft, Said

_WEEK: Final = timedelta(days=7)
_LATELY: Final = timedelta(days=90)
_LONG: Final = 10  # working days of a round that is half done today
_MINUTES: Final = timedelta(minutes=4)  # at each stop
_HOURS_AGO: Final = timedelta(hours=3)
# Name, type, district, unit, rhythm, every, weeks since it began.
_PLANS: Final = (
    ("青禾区路灯月检", "0120", "990101", "LIGHT", Rhythm.MONTH, 1, 9),
    ("望川区路灯月检", "0120", "990102", "LIGHT", Rhythm.MONTH, 1, 1),
    ("消火栓季度巡检", "0117", "", "WATER", Rhythm.MONTH, 3, 1),
    ("公交站亭双周巡检", "0203", "", "ROAD", Rhythm.WEEK, 2, 2),
)
_MISSED: Final = "公交站亭双周巡检"
# Rounds under way: what is found today at the facility that was repaired most often.
_FOUND: Final = {
    "消火栓季度巡检": Said(Result.FINDING, "闷盖缺一个，栓体有渗水痕迹，已挂牌提示", ("parts",)),
    "望川区路灯月检": Said(Result.FINDING, "灯头又不亮，接线盒进水受潮，建议整体更换", ("dark",)),
}


def found(town: Town, *, now: datetime) -> None:
    """Plan, make the rounds of the past weeks, and walk those that were walked."""
    session = town.session
    today = calendars.load(session).statutory.local_date(now)
    for name, code, region, owner, rhythm, every, weeks in _PLANS:
        unit = departments.find_by_code(session, owner)
        draft = PlanDraft(
            name=name,
            unit_id=unit.id if unit else None,
            starts_on=today - weeks * _WEEK,
            rhythm=rhythm,
            every=every,
            type_id=facilities.get_type_by_code(session, code).id,
            region_code=region,
            days=_LONG if name in _FOUND else 3,
        )
        edit = Edit(now=now, actor=None, note="shipped")
        service.add_plan(session, draft, edit=edit, is_sample=True)
    service.make_rounds(session, today=today)
    _walk(town, today, now=now)


def _walk(town: Town, today: date, *, now: datetime) -> None:
    """Every round but the missed one; those under way as far as the facility that is broken."""
    for one in queries.open_rounds(town.session, Actor.system()).items:
        walker = town.staffing.handler_of(one.unit_id)
        if walker is None or one.name == _MISSED or one.begins_on > today:
            continue
        stops = queries.stops_of(town.session, one.id)
        finding = _FOUND.get(one.name)
        broken = (
            max(stops, key=lambda stop: _repairs(town, stop, now - _LATELY)).position
            if finding
            else 0
        )
        since = timedelta(0) if finding else timedelta(days=(today - one.begins_on).days)
        for stop in stops[: max(len(stops) // 2, broken)] if finding else stops:
            said = finding if finding and stop.position == broken else Said(Result.FINE)
            at = now - since - _HOURS_AGO + stop.position * _MINUTES
            _say(town, one.id, stop, walker, said, at=at)


def _repairs(town: Town, stop: StopView, since: datetime) -> int:
    found = queries.repairs_of(town.session, Actor.system(), stop.asset_id)
    return sum(repair.opened_at >= since for repair in found)


def _say(
    town: Town, round_id: int, stop: StopView, walker: Actor, said: Said, *, at: datetime
) -> None:
    service.say(
        town.session,
        round_id,
        stop.asset_id,
        said,
        version=stop.version,
        actor=walker,
        now=at,
    )
    town.steps += said.result is Result.FINDING
