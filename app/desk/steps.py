"""Makes the steps open on a case ready as plain forms: fields, choices, what the citizen will read.

Everything comes from the step's own line; nothing about a step is written twice.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from threading import Lock
from typing import Final

from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.accounts.rules import Actor
from app.calendars.rules import LimitUnit
from app.cases.kinds import (
    Action,
    CallbackResult,
    DeclineReason,
    Finding,
    NotAdmitted,
    NotFiled,
    NotPossible,
    Outcome,
    PauseGround,
    SubjectKind,
)
from app.cases.labels import LABELS, label
from app.cases.models import Case
from app.cases.queries.sparing import kept_from
from app.cases.rules import Field, Situation, Step, Words, staff
from app.cases.workflows import open_steps
from app.catalogue import queries as catalogue
from app.catalogue.queries.asking import PickerList
from app.catalogue.queries.shelf import CATALOGUE, ReplyTextView
from app.catalogue.rules import CaseKind, Explanation, ReplyPurpose, Urgency, render_reply
from app.departments import queries as departments
from app.departments.models import TREE
from app.desk.closing import NOTHING_ASKED, Asked, asked_for, closing_holes
from app.desk.controls import CONTROLS, COUNTED_IN
from app.desk.mending import NOTHING_TO_DO, WorkAsked, crew_choices, work_asked, work_holes
from app.desk.order import DANGER, USUAL
from app.desk.proposing import chosen, facility_choices, proposed, stand_in, words_for
from app.desk.remedies import remedies_for
from app.kernel.errors import InvalidError
from app.kernel.revisions import token_of
from app.service_items.rules import Delivery, Procedure
from app.service_requests import service as service_requests
from app.web.templating import hole

_MOST_VIEWS: Final = 512
_MADE_OF: Final = (TREE, CATALOGUE)  # what a view is made of, by the names of its tokens
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
    Field.OUTCOME_REASON: NotPossible,
    Field.GROUND: PauseGround,
    Field.CALLBACK_RESULT: CallbackResult,
    Field.FINDING: Finding,
    Field.SUBJECT_KIND: SubjectKind,
    Field.NOT_ADMITTED: NotAdmitted,
    Field.PROCEDURE: Procedure,
    Field.DELIVERY: Delivery,
    Field.NOT_FILED: NotFiled,
}
# Fixed choices of which each service item has some only.
_OF_ITEM: Final = (Field.PROCEDURE, Field.DELIVERY)


@dataclass(frozen=True, slots=True)
class FieldView:
    """One fact of a step's form; `choices` are values with what people read."""

    name: str
    label: str
    control: str
    is_required: bool
    choices: tuple[tuple[str, str], ...] = ()
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A reply text as the page's script reads it."""

    value: str
    label: str
    keys: str


@dataclass(frozen=True, slots=True, eq=False)  # a kept one is itself, or telling would cost most
class StepView:
    """One step's form as it looks on every matter: drawn once, then only filled in.

    Where it says something of the matter in hand it has a hole (`web.templating.hole`).
    """

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
    asked: Asked = NOTHING_ASKED
    work: WorkAsked = NOTHING_TO_DO


@dataclass(frozen=True, slots=True)
class StepForm:
    """One step on the matter in hand: its form, what stands in it, and why it is proposed so."""

    view: StepView
    holes: Mapping[str, str]
    is_open: bool
    why: Explanation | None = None
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Desk:
    """Who looks at which case, when, in which language; what building forms needs."""

    session: Session
    actor: Actor
    case: Case
    situation: Situation
    now: datetime
    language: str
    action: str  # whose form comes back, if one does
    values: Mapping[str, str]  # what was typed in it
    drafts: Mapping[str, Mapping[str, str]]  # what was begun in others
    say: Callable[[str], str]  # translates into the reader's language
    places: Mapping[str, str]  # what the variables of reply texts stand for on this matter
    counts_in: LimitUnit | None = None  # the unit of the limit that runs
    found: dict[Field, tuple[tuple[str, str], ...]] = field(default_factory=dict)  # asked once


def step_forms(desk: Desk) -> list[StepForm]:
    """The steps this person may take now, the usual one first."""
    steps = open_steps(desk.case.kind, desk.situation, staff(desk.actor), desk.now)
    ordered = sorted(steps, key=lambda step: _rank(step.action))
    return [_form(desk, step, place) for place, step in enumerate(ordered, start=1)]


def _rank(action: Action) -> int:
    return USUAL.index(action) if action in USUAL else len(USUAL)


def _form(desk: Desk, step: Step, place: int) -> StepForm:
    of_case = desk.session, desk.case, desk.situation, step
    proposal = proposed(*of_case)
    instead = stand_in(*of_case, proposal)
    view = _view(desk, step, place)
    is_begun = desk.action == step.action or step.action in desk.drafts
    return StepForm(
        view=view,
        holes=_typed(desk, step, chosen(proposal, instead))
        | _of_matter(desk.places)
        | {"near": str(desk.case.category_id or "")}
        | closing_holes(view.asked, desk.values if desk.action == step.action else {})
        | work_holes(view.work, desk.values if desk.action == step.action else {}),
        is_open=view.is_usual or is_begun,
        why=(proposal.alert or proposal.why) if proposal else None,
        basis=words_for(proposal, instead, desk.language, desk.say),
    )


@dataclass(slots=True)
class _Kept:
    """The views drawn in this process, as long as units and catalogue stay what they are."""

    views: OrderedDict[Hashable, StepView]
    lock: Lock

    def find(self, key: Hashable) -> StepView | None:
        with self.lock:
            return self.views.get(key)

    def keep(self, key: Hashable, view: StepView) -> None:
        with self.lock:
            self.views[key] = view
            while len(self.views) > _MOST_VIEWS:
                self.views.popitem(last=False)


_kept: Final = _Kept(OrderedDict(), Lock())


def _view(desk: Desk, step: Step, place: int) -> StepView:
    """The step's view, made anew only when something in it has changed.

    The key holds the step itself, which another kind of matter has with other fields, and
    everything of the matter in hand that the view says.
    """
    offers = (*step.requires, *step.offers)
    handlers = _choices(desk, Field.HANDLER) if Field.HANDLER in offers else ()
    tokens = tuple(token_of(desk.session, name) for name in _MADE_OF)
    known = tuple(name for name, value in desk.places.items() if value)
    of_unit = desk.actor.unit_path, desk.counts_in
    asked = asked_for(desk.session, desk.case, step.action, desk.language)
    work = work_asked(desk.session, desk.case, desk.situation, step.action)
    crews = _crews(desk, step)
    own = handlers, crews, asked, work, _own(desk, step)
    key = (step, place, desk.language, of_unit, known, tokens, own)
    view = _kept.find(key) if all(tokens) else None
    if view is None:
        view = _new_view(desk, step, place, asked, work)
        if all(tokens):
            _kept.keep(key, view)
    return view


def _own(desk: Desk, step: Step) -> tuple[Procedure | Delivery, ...]:
    """What this matter's item has of the step's fixed choices: procedures, or ways of delivery."""
    application = desk.situation.application
    if Field.PROCEDURE in step.requires:
        return application.procedures
    return application.deliveries if Field.DELIVERY in step.requires else ()


def _facts(desk: Desk, step: Step) -> tuple[Field, ...]:
    """What the step asks here: no tracking number where the item is never posted."""
    is_posted = Delivery.POST in _own(desk, step)
    asked = (*step.requires, *step.offers)
    return tuple(fact for fact in asked if fact is not Field.TRACKING_NO or is_posted)


def _crews(desk: Desk, step: Step) -> tuple[tuple[str, str], ...]:
    if Field.CREW not in step.requires:
        return ()
    return crew_choices(desk.session, desk.actor, desk.situation, step.action, desk.language)


def _new_view(desk: Desk, step: Step, place: int, asked: Asked, work: WorkAsked) -> StepView:
    return StepView(
        action=step.action,
        label=label(step.action),
        key=f"Alt+{place}" if place <= 9 else "",  # noqa: PLR2004  # the keyboard has nine digits
        is_usual=place == 1 and step.action in USUAL,
        is_danger=step.action in DANGER,
        fields=tuple(_field(desk, step, fact) for fact in _facts(desk, step)),
        wants_text=step.words is Words.PUBLIC,
        wants_note=step.words is not Words.NONE,
        notice=step.notice,
        phrases=_phrases(desk, step),
        asked=asked,
        work=work,
    )


def _typed(desk: Desk, step: Step, proposed: int | None) -> dict[str, str]:
    """What stands in the form: typed and sent back, begun earlier, or known of the matter."""
    begun = _begun(desk, step.action)
    is_here = desk.action == step.action
    typed = desk.values if is_here else desk.drafts.get(step.action, begun)
    known = {
        str(fact): desk.values.get(fact) or _current(desk.case, fact, proposed)
        for fact in (*step.requires, *step.offers)
    }
    return {name: typed.get(name, known.get(name, "")) for name in (*known, "text", "note")}


def _begun(desk: Desk, action: Action) -> dict[str, str]:
    # A reply that was sent back is mended, not typed again; what lacks was written down before.
    if action is Action.REPLY:
        return {"text": desk.case.reply_text}
    if action is Action.NOTIFY_DEFECTS:
        return {"text": service_requests.defects_of(desk.session, desk.case.id)}
    if action is Action.DELIVER and desk.situation.application.wanted is not None:
        return {"delivery": str(desk.situation.application.wanted)}
    if action in (Action.REFUSE, Action.NOT_ADMIT):
        return {"remedies": remedies_for(desk.session, desk.situation.unit_path, desk.places)}
    return {}


def _of_matter(places: Mapping[str, str]) -> dict[str, str]:
    return {_hole_for(name): value for name, value in places.items()}


def _hole_for(name: str) -> str:
    return f"matter {name}"


def _field(desk: Desk, step: Step, fact: Field) -> FieldView:
    if fact in _ENUMS:
        words = LABELS[_ENUMS[fact]]
        only = _own(desk, step) if fact in _OF_ITEM else words
        choices = tuple((str(value), desk.say(words[value])) for value in only)
    else:
        choices = _crews(desk, step) if fact is Field.CREW else _choices(desk, fact)
    return FieldView(
        name=fact,
        label=label(fact),
        control="select" if choices or fact is Field.CREW else CONTROLS.get(fact, "text"),
        is_required=fact in step.requires,
        choices=choices,
        hint=COUNTED_IN[desk.counts_in] if fact is Field.AMOUNT and desk.counts_in else "",
    )


def _current(case: Case, fact: Field, proposed: int | None) -> str:
    known: Mapping[Field, object] = {
        Field.CATEGORY: case.category_id,
        Field.URGENCY: case.urgency,
        Field.REGION: case.region_code,
        Field.UNIT: proposed,
        Field.OUTCOME: case.outcome,
        Field.OUTCOME_REASON: case.outcome_reason,
        Field.OUTCOME_BASIS: case.outcome_basis,
        Field.HANDLER: case.handler_id,
    }
    value = known.get(fact)
    return "" if value is None else str(value)


def _choices(desk: Desk, fact: Field) -> tuple[tuple[str, str], ...]:
    if fact not in desk.found:
        desk.found[fact] = _found(desk, fact)
    return desk.found[fact]


def _found(desk: Desk, fact: Field) -> tuple[tuple[str, str], ...]:
    if fact is Field.CATEGORY and desk.case.kind is CaseKind.REPAIR:
        return facility_choices(desk.session, desk.language)
    if fact is Field.CATEGORY:
        return category_choices(desk.session, desk.language)
    if fact in (Field.UNIT, Field.SUGGESTED_UNIT, Field.ACCUSED_UNIT):
        return tuple(
            departments.list_choices(desk.session, language=desk.language, only_leads=True)
        )
    if fact is Field.HANDLER:
        return _handlers(desk)
    if fact is Field.REGION:
        return tuple(departments.list_regions(desk.session, language=desk.language))
    return ()


def _handlers(desk: Desk) -> tuple[tuple[str, str], ...]:
    """Who of the unit can be given the matter: nobody it is kept from."""
    people = accounts.list_handlers(desk.session, desk.case.unit_id)
    away = kept_from(desk.session, [desk.case.id], [int(key) for key, _name in people])
    return tuple(one for one in people if int(one[0]) not in away.get(desk.case.id, ()))


def category_choices(session: Session, language: str) -> tuple[tuple[str, str], ...]:
    """Every category one can choose, with its first level before it."""
    return _as_choices(catalogue.picker(session, language))


@lru_cache(maxsize=4)
def _as_choices(picker: PickerList) -> tuple[tuple[str, str], ...]:
    return tuple(
        (str(entry["id"]), f"{entry['code']} {entry['parent']} · {entry['name']}")
        for entry in picker.entries
    )


def _phrases(desk: Desk, step: Step) -> tuple[Phrase, ...]:
    purpose = _PURPOSES.get(step.action)
    if purpose is None:
        return ()
    texts = catalogue.list_reply_texts(
        desk.session, purpose=purpose, unit_path=desk.actor.unit_path
    )
    known = {name: hole(_hole_for(name)) if value else "" for name, value in desk.places.items()}
    return tuple(_usable(texts, known))


def _usable(texts: Sequence[ReplyTextView], places: Mapping[str, str]) -> Iterator[Phrase]:
    """The texts with their places filled; one this matter has no value for is not offered."""
    for text in texts:
        with suppress(InvalidError):
            yield Phrase(render_reply(text.body, places), text.title, text.code)
