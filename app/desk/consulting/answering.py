"""Writes a question and its answer down as a consultation that is opened and ended at once.

Goes the way every matter goes: opened by intake, ended by the step of its workflow.
"""

from dataclasses import dataclass
from typing import Final

from app.accounts.deps import Work
from app.accounts.rules import Permission
from app.cases import service as cases
from app.cases.kinds import Action, Channel
from app.cases.models import Case
from app.cases.queries.identity import citizen_behind
from app.cases.rules import StepInput, staff
from app.cases.service import NewCase, drafts
from app.cases.service.opening import Reserved
from app.catalogue import queries as catalogue
from app.catalogue.rules import CaseKind, CategoryEntry
from app.citizens.service import Person, contacts
from app.desk import known
from app.desk.carrying import Carried, carried
from app.desk.worklist import counts
from app.kernel import idempotency, text
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.knowledge import queries as knowledge
from app.knowledge import service as articles

DRAFT: Final = "consult"
_SCOPE: Final = "desk.consult"
_NO_ANSWER: Final = mark("Write what you told them, or insert an article's answer.")
_NO_CATEGORY: Final = mark("No category fits. Try a code, the initials or another word.")
_NOT_HERE: Final = mark("A confidential matter is taken in, not answered on the spot.")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its answer; without name, number and conversation it has no person."""

    body: str
    text: str
    category: str = ""
    channel: Channel = Channel.WINDOW
    talk: str = ""
    citizen: str = ""
    name: str = ""
    phone: str = ""
    idempotency: str = ""


def answer(work: Work, asked: Asked) -> str:
    """Open the consultation and end it with its answer; gives its number.

    Raises:
        ForbiddenError: the actor may not take matters in and accept them.
        InvalidError: there is no question or no answer, or the category is nobody's.
    """
    work.actor.require(Permission.CASE_INTAKE)
    if not asked.text.strip():
        raise InvalidError(fields={"text": _NO_ANSWER})
    category = _category(work, asked)
    reserved = cases.reserve(work.session, "", now=work.now)
    kept = {"number": reserved.number}
    earlier = idempotency.once(work.session, asked.idempotency, _SCOPE, work.now, answer=kept)
    if earlier is not None:
        return str(earlier["number"])
    talk = carried(work.session, work.actor, asked.talk)
    case = _opened(work, asked, category, talk, reserved)
    given = StepInput(Action.ANSWER_ON_SPOT, case.version, text=asked.text.strip())
    cases.take_step(work.session, case, given, doer=staff(work.actor), now=work.now)
    if talk:
        talk.link(work.session, case)
    articles.count_used(work.session, asked.text)
    drafts.remove(work.session, drafts.owner_of_staff(work.actor.id), draft_of(asked.talk))
    counts.forget(work.actor)
    return case.number


def draft_of(ref: str) -> str:
    """Under what name a question is kept while it is typed: one for each conversation."""
    return f"{DRAFT}/{ref}" if ref else DRAFT


def category_of(work: Work, typed: str) -> CategoryEntry | None:
    """The one category meant by a code, initials or a word; None where it could be several."""
    if not typed.strip():
        return None
    named = catalogue.find_by_code(work.session, typed)
    if named is not None:
        return named
    found = catalogue.find_categories(work.session, typed, limit=2)
    return found[0] if len(found) == 1 else None


def _category(work: Work, asked: Asked) -> CategoryEntry | None:
    """What was chosen, else what the inserted article is about; a question may have none."""
    if asked.category.strip():
        chosen = category_of(work, asked.category)
        if chosen is None:
            raise InvalidError(fields={"category": _NO_CATEGORY})
        if chosen.confidential:
            raise InvalidError(fields={"category": _NOT_HERE})
        return chosen
    shelf = knowledge.shelf(work.session).articles
    for one in knowledge.answers_in(work.session, asked.text):
        for category_id in shelf[one].category_ids:
            return catalogue.get_category(work.session, category_id)
    return None


def _opened(
    work: Work,
    asked: Asked,
    category: CategoryEntry | None,
    talk: Carried | None,
    reserved: Reserved,
) -> Case:
    person = Person(name=asked.name.strip(), phone=text.phone(asked.phone))
    if talk:
        person = talk.person(work.session, person)
    citizen_id = (talk.citizen_id if talk else None) or known.chosen(work, asked.citizen)
    is_anonymous = not (citizen_id or person.name or person.phone)
    new = NewCase(
        body=asked.body,
        channel=talk.channel if talk else asked.channel,
        kind=CaseKind.CONSULTATION,
        category_id=category.id if category else None,
        is_anonymous=is_anonymous,
        person=person,
        citizen_id=citizen_id,
        reserved=reserved,
        is_advice=True,
    )
    case = cases.open_case(work.session, new, doer=staff(work.actor), now=work.now)
    behind = citizen_behind(work.session, case)
    if behind is not None:
        contacts.take_in(work.session, behind, person, now=work.now)
    return case
