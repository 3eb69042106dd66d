"""While a matter is taken in: open matters that may be the same, and what can be done with them.

The person's own matter without new facts gets no new order (rulebook §2.5 R3): progress is told,
or what is new is added. Somebody else's is led by theirs; the clerk chooses, nothing is guessed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from app.accounts.deps import Work
from app.accounts.rules import Permission
from app.cases import service
from app.cases.kinds import Action
from app.cases.models import Case
from app.cases.queries import get_by_number
from app.cases.queries.alike import Sought, alike_for_staff, own_alike
from app.cases.rules import Facts, StepInput, staff
from app.cases.service import drafts
from app.catalogue.rules import CaseKind, CategoryEntry
from app.citizens import service as citizens
from app.desk import known
from app.desk.carrying import Carried, draft_of
from app.desk.joined import Likely, likely, say_why
from app.kernel import audit
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.kernel.text import phone as phone_of
from app.web import i18n

FIELD: Final = "same"
SHOWN: Final = "same_shown"
TELL, ADD, JOIN = "tell:", "add:", "join:"
_OWN: Final = mark(
    "This person, or somebody with this telephone, has the same matter in process. "
    "Say what is to be done."
)
_JOINED: Final = mark("Taken in as the same matter.")
_SEARCH: Final = "case:search_by_phone"
_ENOUGH: Final = 4  # signs of text from which on it is worth looking


@dataclass(frozen=True, slots=True)
class SameMatter:
    """What may be chosen: value, words, why it is offered."""

    options: list[tuple[str, str, str]] = field(default_factory=list)


def offer(
    work: Work,
    values: Mapping[str, str],
    category: CategoryEntry | None,
    talk: Carried | None,
    *,
    by_phone: bool = False,
) -> SameMatter:
    """The open matters that look like what is typed; none before there is something to compare.

    With `by_phone` also those of whoever has the telephone typed: what that shows is written
    down, as any search by telephone is, so it needs a session that may write.
    """
    sought = _sought(work, values, category, talk, by_phone=by_phone)
    if sought is None:
        return SameMatter()
    found = likely(alike_for_staff(work.session, work.actor, sought))
    own = sum(one.is_own for one in found)
    if by_phone and own:
        subject = ("staff", work.actor.id)
        audit.note(work.session, work.author, _SEARCH, subject, at=work.now, details={"hits": own})
    options = [option for one in found for option in _options(one)]
    return SameMatter(options)


def _sought(
    work: Work,
    values: Mapping[str, str],
    category: CategoryEntry | None,
    talk: Carried | None,
    *,
    by_phone: bool,
) -> Sought | None:
    said = values.get("body", "").strip() + values.get("place", "").strip()
    if category is None or len(said) < _ENOUGH or not work.actor.may(Permission.CASE_READ):
        return None
    return Sought(
        body=values.get("body", ""),
        title=values.get("title", ""),
        category_id=category.id,
        region_code=values.get("region_code", ""),
        place=values.get("place", ""),
        people=_people(work, values, talk) or (_by_phone(work, values) if by_phone else ()),
        kind=_kind(values, category),
    )


def _kind(values: Mapping[str, str], category: CategoryEntry) -> CaseKind | None:
    typed = values.get("kind", "")
    if typed in tuple(CaseKind):
        return CaseKind(typed)
    return category.kinds[0] if category.kinds else CaseKind.HELP  # as taking in will choose


def _people(work: Work, values: Mapping[str, str], talk: Carried | None) -> tuple[int, ...]:
    if talk is not None and talk.citizen_id is not None:
        return (talk.citizen_id,)
    try:
        chosen = known.chosen(work, values.get(known.FIELD, ""))
    except InvalidError:
        return ()
    return (chosen,) if chosen is not None else ()


def _by_phone(work: Work, values: Mapping[str, str]) -> tuple[int, ...]:
    """Whoever has the telephone typed: a caller who is not known by name asks again, too."""
    phone = phone_of(values.get("phone", ""))
    if not phone or not work.actor.may(Permission.CITIZEN_READ):
        return ()
    return tuple(citizens.ids_by_phone(work.session, phone))


def _options(one: Likely) -> list[tuple[str, str, str]]:
    named = f"{one.number} {one.title}"
    why = say_why(i18n.gettext, one.why)
    if not one.is_own:
        label = i18n.gettext("New order, joined to %(named)s", named=named)
        return [(f"{JOIN}{one.number}", label, why)]
    state = i18n.gettext(one.state)
    return [
        (
            f"{TELL}{one.number}",
            i18n.gettext("No new facts: tell progress of %(named)s", named=named),
            f"{state} · {why}",
        ),
        (f"{ADD}{one.number}", i18n.gettext("New facts: add them to %(named)s", named=named), why),
    ]


def check_own(
    work: Work, values: Mapping[str, str], category: CategoryEntry, talk: Carried | None
) -> None:
    """Stop once, where the person's own matter is in process and nobody has looked at it.

    Raises:
        InvalidError: there is one, and it was not shown.
    """
    if values.get(SHOWN):
        return
    sought = _sought(work, values, category, talk, by_phone=True)
    if sought is not None and own_alike(work.session, work.actor, sought):
        raise InvalidError(fields={FIELD: _OWN})


def is_no_new_order(values: Mapping[str, str]) -> bool:
    """Whether what was chosen opens nothing."""
    return values.get(FIELD, "").startswith((TELL, ADD))


def settle(work: Work, values: Mapping[str, str], talk: Carried | None) -> str:
    """Tell progress, or add what is new, on the person's own matter; gives its number.

    Raises:
        InvalidError: new facts were promised and none written.
        NotFoundError: the matter is not this person's to see.
    """
    work.actor.require(Permission.CASE_INTAKE)
    how, _, number = values.get(FIELD, "").partition(":")
    case = get_by_number(work.session, number, work.actor)
    body = values.get("body", "").strip()
    if f"{how}:" == ADD:
        if not body:
            raise InvalidError(fields={"body": mark("Write what is new.")})
        service.supplement(work.session, case, body, doer=staff(work.actor), now=work.now)
    else:
        service.tell_progress(work.session, case, body, actor=work.actor, now=work.now)
    if talk is not None:
        talk.link(work.session, case)
    owner = drafts.owner_of_staff(work.actor.id)
    drafts.remove(work.session, owner, draft_of(values.get("talk", "")))
    return case.number


def join_chosen(work: Work, case: Case, chosen: str) -> None:
    """Join the order just taken in to the one that was chosen, if one was.

    Raises:
        InvalidError: it cannot lead this one.
    """
    if not chosen.startswith(JOIN):
        return
    number = chosen.removeprefix(JOIN)
    given = StepInput(
        Action.MERGE, case.version, note=i18n.gettext(_JOINED), facts=Facts(master=number)
    )
    try:
        service.take_step(work.session, case, given, doer=staff(work.actor), now=work.now)
    except InvalidError as refusal:
        raise InvalidError(fields={FIELD: refusal.fields.get("master", refusal.msgid)}) from None
