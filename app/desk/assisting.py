"""Makes the tasks of a matter ready for its page: what was asked of whom, and what may be done.

Reads only; which buttons there are, the table of a task's steps says.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.cases.models import Case
from app.cases.queries import list_attachments
from app.cases.rules import Situation
from app.departments import queries as departments
from app.desk.times import Light, ended_light, light
from app.tasks import queries, rules
from app.tasks.labels import DEEDS, STATES
from app.tasks.rules import Deed, Standing, TaskState, TaskStep

_Files = Mapping[int | None, tuple[tuple[int, bool], ...]]
_DANGER: Final = frozenset({Deed.RETURN, Deed.CANCEL})


@dataclass(frozen=True, slots=True)
class DeedView:
    """One thing that may be done with a task now."""

    value: str
    label: str
    wants_words: bool
    wants_date: bool
    is_danger: bool
    takes_files: bool


@dataclass(frozen=True, slots=True)
class TaskView:
    """One task as the page prints it."""

    id: int
    version: int
    unit: str
    state: str
    light: Light
    due_at: datetime
    asked_at: datetime
    wanted: str
    reply: str
    files: tuple[tuple[int, bool], ...]
    signer: str
    is_sent_back: bool
    deeds: tuple[DeedView, ...]


@dataclass(frozen=True, slots=True)
class TasksView:
    """The tasks of a matter, and whether this person may ask for another."""

    tasks: tuple[TaskView, ...]
    may_ask: bool
    units: tuple[tuple[str, str], ...]


def tasks_view(
    session: Session,
    actor: Actor,
    case: Case,
    situation: Situation,
    *,
    english: bool,
    now: datetime,
) -> TasksView:
    """Everything about assistance that the page prints."""
    may_ask = case.status in rules.ASKABLE and rules.leads(situation, actor)
    found = queries.list_of_case(session, case.id)
    files = _files(session, case) if any(row.reply_event_id for row in found) else {}
    return TasksView(
        tasks=tuple(_view(row, files, actor, situation, english=english, now=now) for row in found),
        may_ask=may_ask,
        units=_units(session, case, english=english) if may_ask else (),
    )


def _units(session: Session, case: Case, *, english: bool) -> tuple[tuple[str, str], ...]:
    offered = departments.list_choices(session, language="en" if english else "zh", only_leads=True)
    return tuple(pair for pair in offered if pair[0] != str(case.unit_id))


def _files(session: Session, case: Case) -> _Files:
    """The files of the matter by the line that brought them, each whether it is a picture."""
    by_event: dict[int | None, tuple[tuple[int, bool], ...]] = {}
    for file in list_attachments(session, case.id, public_only=False):
        is_photo = file.content_type.startswith("image/")
        by_event[file.event_id] = (*by_event.get(file.event_id, ()), (file.id, is_photo))
    return by_event


def _view(
    row: Row[*tuple[Any, ...]],
    files: _Files,
    actor: Actor,
    situation: Situation,
    *,
    english: bool,
    now: datetime,
) -> TaskView:
    standing = Standing(row.state, row.unit_id, row.unit_path, row.unit_region, row.signed_by)
    return TaskView(
        id=row.id,
        version=row.version,
        unit=row.unit_name_en if english and row.unit_name_en else row.unit_name,
        state=STATES[row.state],
        light=light_of(row, now),
        due_at=row.due_at,
        asked_at=row.asked_at,
        wanted=row.wanted,
        reply=row.reply,
        files=files.get(row.reply_event_id, ()),
        signer=row.signer,
        is_sent_back=row.round > 1 and row.state is TaskState.SIGNED,
        deeds=tuple(_deed(step) for step in rules.open_deeds(standing, situation, actor)),
    )


def light_of(row: Row[*tuple[Any, ...]], now: datetime) -> Light:
    """How a task stands to its day; an answered or ended one is late no more."""
    if row.state not in rules.WORKED_ON:
        return ended_light(on_time=None)
    return light(due_at=row.due_at, warn_at=None, paused=False, provisional=False, now=now)


def _deed(step: TaskStep) -> DeedView:
    return DeedView(
        value=step.deed,
        label=DEEDS[step.deed],
        wants_words=step.wants_words,
        wants_date=step.wants_date,
        is_danger=step.deed in _DANGER,
        takes_files=step.takes_files,
    )
