"""Makes the steps open on a case ready as plain forms: fields, choices, what the citizen will read.

Everything comes from the step's own line; nothing about a step is written twice.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.accounts.rules import Actor
from app.calendars.rules import LimitUnit
from app.cases.kinds import (
    Action,
    CallbackResult,
    DeclineReason,
    Outcome,
    PauseGround,
)
from app.cases.labels import LABELS, label
from app.cases.models import Case
from app.cases.rules import Field, Situation, Step, Words, staff
from app.cases.workflows import open_steps
from app.catalogue import queries as catalogue
from app.catalogue.queries.asking import ReplyTextView as Offered
from app.catalogue.rules import Explanation, Proposal, ReplyPurpose, Urgency, render_reply
from app.departments import queries as departments
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.sla import queries as sla
from app.sla.rules import ClockKind, Subject

_DANGER: Final = frozenset(
    {Action.DECLINE, Action.REFER, Action.MERGE, Action.APPROVE_TERMINATION, Action.REWORK}
)
# The way most matters take from each state: shown open, first, with Ctrl+Enter.
_USUAL: Final = (
    Action.ACCEPT,
    Action.DISPATCH,
    Action.SIGN,
    Action.REPLY,
    Action.APPROVE_REPLY,
    Action.CLOSE,
    Action.ACCEPT_RETURN,
    Action.RULE,
    Action.RESUME,
    Action.GO_ON,
)
_PURPOSES: Final[Mapping[Action, ReplyPurpose]] = {
    Action.ANSWER_ON_SPOT: ReplyPurpose.ANSWER,
    Action.DECLINE: ReplyPurpose.DECLINE,
    Action.REFER: ReplyPurpose.REFER,
    Action.ASK_CITIZEN: ReplyPurpose.QUESTION,
    Action.REPLY: ReplyPurpose.REPLY,
    Action.APPROVE_EXTENSION: ReplyPurpose.EXTENSION,
}
_ENUMS: Final[Mapping[Field, type[StrEnum]]] = {
    Field.URGENCY: Urgency,
    Field.DECLINE_REASON: DeclineReason,
    Field.OUTCOME: Outcome,
    Field.GROUND: PauseGround,
    Field.CALLBACK_RESULT: CallbackResult,
}
_CONTROLS: Final[Mapping[Field, str]] = {Field.UNTIL: "date", Field.AMOUNT: "number"}


@dataclass(frozen=True, slots=True)
class FieldView:
    """One fact of a step's form; `choices` are values with what people read."""

    name: str
    label: str
    control: str
    value: str
    is_required: bool
    choices: tuple[tuple[str, str], ...] = ()
    hint: str = ""


Phrase = dict[str, str]  # value, label, keys: a reply text as the page's script reads it


@dataclass(frozen=True, slots=True)
class StepView:
    """One step as a form."""

    action: str
    label: str
    key: str
    is_usual: bool
    is_danger: bool
    fields: tuple[FieldView, ...]
    wants_text: bool
    wants_note: bool
    notice: str | None
    phrases: tuple[Phrase, ...] = ()
    why: Explanation | None = None
    basis: str = ""
    begun: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Desk:
    """Who looks at which case, when, in which language; what building forms needs."""

    session: Session
    actor: Actor
    case: Case
    situation: Situation
    now: datetime
    language: str
    values: Mapping[str, str]  # what was typed, when a form comes back
    say: Callable[[str], str]  # translates into the reader's language
    places: Mapping[str, str]  # what the variables of reply texts stand for on this matter


def step_views(desk: Desk) -> list[StepView]:
    """The steps this person may take now, the usual one first."""
    steps = open_steps(desk.case.kind, desk.situation, staff(desk.actor), desk.now)
    ordered = sorted(steps, key=lambda step: _rank(step.action))
    return [_view(desk, step, place) for place, step in enumerate(ordered, start=1)]


def _rank(action: Action) -> int:
    return _USUAL.index(action) if action in _USUAL else len(_USUAL)


def _view(desk: Desk, step: Step, place: int) -> StepView:
    proposal = _proposal(desk, step)
    return StepView(
        action=step.action,
        label=label(step.action),
        key=f"Alt+{place}" if place <= 9 else "",  # noqa: PLR2004  # the keyboard has nine digits
        is_usual=place == 1 and step.action in _USUAL,
        is_danger=step.action in _DANGER,
        fields=tuple(
            _field(desk, step, fact, proposal.unit_id if proposal else None)
            for fact in (*step.requires, *step.offers)
        ),
        wants_text=step.words is Words.PUBLIC,
        wants_note=step.words is not Words.NONE,
        notice=step.notice,
        phrases=_phrases(desk, step),
        why=(proposal.alert or proposal.why) if proposal else None,
        basis=proposal.basis if proposal else "",
        # A reply that was sent back is mended, not typed again.
        begun={"text": desk.case.reply_text} if step.action is Action.REPLY else {},
    )


def _proposal(desk: Desk, step: Step) -> Proposal | None:
    if Field.UNIT not in step.requires or desk.case.category_id is None:
        return None
    return catalogue.propose_unit(desk.session, desk.case.category_id, desk.case.region_code)


def _field(desk: Desk, step: Step, fact: Field, proposed: int | None) -> FieldView:
    current = desk.values.get(fact) or _current(desk.case, fact, proposed)
    if fact in _ENUMS:
        words = LABELS[_ENUMS[fact]]
        choices = tuple((str(value), desk.say(text)) for value, text in words.items())
    else:
        choices = _choices(desk, fact)
    return FieldView(
        name=fact,
        label=label(fact),
        control="select" if choices else _CONTROLS.get(fact, "text"),
        value=current,
        is_required=fact in step.requires,
        choices=choices,
        hint=_counted_in(desk) if fact is Field.AMOUNT else "",
    )


_COUNTED_IN: Final[Mapping[LimitUnit, str]] = {
    LimitUnit.DAY: mark("Calendar days; a last day that is a rest day moves on."),
    LimitUnit.WORK_DAY: mark("Working days."),
    LimitUnit.HOUR: mark("Days of 24 hours."),
    LimitUnit.WORK_HOUR: mark("Working days of the hall's opening hours."),
}


def _counted_in(desk: Desk) -> str:
    """What a day more means for the limit that runs on this case."""
    clock = sla.find_open(desk.session, Subject.case(desk.case.id), ClockKind.RESOLVE)
    return _COUNTED_IN[clock.unit] if clock else ""


def _current(case: Case, fact: Field, proposed: int | None) -> str:
    known: Mapping[Field, object] = {
        Field.CATEGORY: case.category_id,
        Field.URGENCY: case.urgency,
        Field.REGION: case.region_code,
        Field.UNIT: proposed,
        Field.OUTCOME: case.outcome,
        Field.HANDLER: case.handler_id,
    }
    value = known.get(fact)
    return "" if value is None else str(value)


def _choices(desk: Desk, fact: Field) -> tuple[tuple[str, str], ...]:
    if fact is Field.CATEGORY:
        return category_choices(desk.session, desk.language)
    if fact in (Field.UNIT, Field.SUGGESTED_UNIT):
        return tuple(
            departments.list_choices(desk.session, language=desk.language, only_leads=True)
        )
    if fact is Field.HANDLER:
        return tuple(accounts.list_handlers(desk.session, desk.case.unit_id))
    if fact is Field.REGION:
        return tuple(departments.list_regions(desk.session, language=desk.language))
    return ()


def category_choices(session: Session, language: str) -> tuple[tuple[str, str], ...]:
    """Every category one can choose, with its first level before it."""
    return tuple(
        (str(entry["id"]), f"{entry['code']} {entry['parent']} · {entry['name']}")
        for entry in catalogue.picker(session, language).entries
    )


def _phrases(desk: Desk, step: Step) -> tuple[Phrase, ...]:
    purpose = _PURPOSES.get(step.action)
    if purpose is None:
        return ()
    texts = catalogue.list_reply_texts(
        desk.session, purpose=purpose, unit_path=desk.actor.unit_path
    )
    return tuple(_usable(texts, desk.places))


def _usable(texts: Sequence[Offered], places: Mapping[str, str]) -> Iterator[Phrase]:
    """The texts with their places filled; one this matter has no value for is not offered."""
    for text in texts:
        with suppress(InvalidError):
            yield {"value": render_reply(text.body, places), "label": text.title, "keys": text.code}
