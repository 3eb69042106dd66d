"""Saves an application taken in at the desk, all that is wrong with it said at once.

Papers in order are accepted by the same press; what lacks is told by a step of the matter.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.accounts.deps import Work
from app.accounts.rules import Permission
from app.calendars import queries as calendars
from app.cases import service as cases
from app.cases.kinds import Action, Channel
from app.cases.models import Case
from app.cases.rules import StepInput, staff
from app.desk.applying import applicant, items, papers, scans, typed
from app.desk.applying.applicant import Applicant
from app.desk.applying.forms import QUESTION, VERDICT, ApplyForm, answers_typed
from app.desk.applying.typed import Typed
from app.desk.carrying import Carried, carried
from app.kernel import idempotency
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.service_items.rules import Answer, Handling, ItemVersion, check_answers
from app.service_requests import queries, service
from app.service_requests.rules import SETTLED, Judged, papers_of
from app.service_requests.service import NewApplication

ACCEPT: Final = "accept"
_SCOPE: Final = "desk.apply"
_RENAMED: Final = {"applicant": "who", "version_id": "item"}
_PAPERS: Final = "papers."
_ENDED: Final = mark(
    "The version these papers were checked by ended on %(day)s. The one in force now stands "
    "below: check the papers again and send it."
)
_TWICE: Final = mark("This person has applied for it already. Say that it is another application.")
_NOT_ALL: Final = mark("This paper is not in order: only take the application in, then tell it.")


@dataclass(frozen=True, slots=True)
class _Checked:
    """An application nothing is wrong with."""

    version: ItemVersion
    answers: dict[str, Answer]
    judged: Sequence[Judged]


def take_in(work: Work, form: ApplyForm, sent: Typed) -> str:
    """Open the application and, if asked for, accept it; where to go on.

    Raises:
        InvalidError: everything that keeps it from being saved, by field.
    """
    work.actor.require(Permission.CASE_INTAKE)
    earlier = idempotency.once(work.session, form.idempotency, _SCOPE, work.now)
    if earlier is not None:
        return str(earlier["to"])
    talk = carried(work.session, work.actor, form.talk)
    is_accepting = sent.go == ACCEPT
    checked = _check(work, form, sent, talk, is_accepting=is_accepting)
    who = applicant.settle(work, sent.values, talk)
    case = _open(work, form, checked, who, talk)
    if is_accepting and not _is_decided_here(checked.version, form):
        step = StepInput(Action.ADMIT, case.version)
        cases.take_step_as_staff(work.session, case.id, step, actor=work.actor, now=work.now)
    if talk is not None:
        talk.link(work.session, case)
    scans.forget(work.session, work.actor, form.talk)
    typed.forget_draft(work.session, work.actor, form.talk)
    leads_to = f"/cases/{case.number}"
    idempotency.remember(work.session, form.idempotency, _SCOPE, {"to": leads_to})
    return leads_to


def _check(
    work: Work, form: ApplyForm, sent: Typed, talk: Carried | None, *, is_accepting: bool
) -> _Checked:
    today = calendars.load(work.session).statutory.local_date(work.now)
    wrong = applicant.missing(work, sent.values, talk)
    found = items.chosen(work.session, sent.values, today)
    if found.version is None:
        raise InvalidError(fields={**wrong, "item": found.wrong}, **found.params)
    if found.ended:
        raise InvalidError(fields={**wrong, "item": _ENDED}, day=found.ended)
    checked, problems = _content(found.version, sent, today, is_accepting=is_accepting)
    wrong |= problems
    citizen_id = applicant.likely(sent.values, talk)
    if not form.again and _is_twice(work, citizen_id, found.version):
        wrong["again"] = _TWICE
    if wrong:
        raise InvalidError(fields=wrong)
    return checked


def _is_twice(work: Work, citizen_id: int | None, version: ItemVersion) -> bool:
    if citizen_id is None:
        return False
    return bool(queries.in_hand(work.session, work.actor, citizen_id, version.item_id))


def _content(
    version: ItemVersion, sent: Typed, today: date, *, is_accepting: bool
) -> tuple[_Checked, dict[str, str]]:
    questions = version.content.questions
    answered = check_answers(questions, answers_typed(sent.lists, questions), today=today)
    judged = papers.judged_of(papers_of(version, answered.answers), sent)
    wrong = {f"{QUESTION}{key}": sentence for key, sentence in answered.errors.items()}
    if is_accepting:
        wrong |= papers.open_of(judged)
        others = [one.key for one in judged if one.verdict not in SETTLED]
        wrong = {f"{VERDICT}{key}": _NOT_ALL for key in others} | wrong
    return _Checked(version, answered.answers, judged), wrong


def _open(
    work: Work, form: ApplyForm, checked: _Checked, who: Applicant, talk: Carried | None
) -> Case:
    keys = [one.key for one in checked.judged]
    new = NewApplication(
        version_id=checked.version.id,
        channel=talk.channel if talk else Channel.WINDOW,
        citizen_id=who.citizen_id,
        agent_id=who.agent_id,
        answers=checked.answers,
        judged=checked.judged,
        wanted_delivery=form.delivery or checked.version.content.deliveries[0],
        on_promise=form.on_promise,
        has_clean_credit=form.credit == "clean" if form.credit else None,
        remarks=form.note,
        attachment_ids=scans.ids_of(work.session, work.actor, form.talk, keys),
    )
    try:
        return service.open_application(work.session, new, doer=staff(work.actor), now=work.now)
    except InvalidError as refusal:
        fields = {_field(name): sentence for name, sentence in refusal.fields.items()}
        raise InvalidError(refusal.msgid, fields=fields, **refusal.params) from refusal


def _is_decided_here(version: ItemVersion, form: ApplyForm) -> bool:
    """Whether acceptance and decision are one step, taken on the matter's own page."""
    return form.on_promise or version.content.handling is Handling.INSTANT


def _field(name: str) -> str:
    """What the form calls a field the service found wrong."""
    if name.startswith(_PAPERS):
        return f"{VERDICT}{name.removeprefix(_PAPERS)}"
    return _RENAMED.get(name, name)
