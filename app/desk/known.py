"""Known people for the intake of a matter: found from the name and telephone typed in the form.

Nobody is taken for somebody else by a guess: the clerk chooses, or the person is new.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.accounts.deps import Work
from app.accounts.rules import Permission
from app.citizens.queries import getting
from app.citizens.rules import read_number, sought
from app.citizens.rules.sought import Sought
from app.desk import finding
from app.desk.finding import PersonLine
from app.kernel.errors import InvalidError, NotFoundError
from app.kernel.messages import mark
from app.web import i18n

FIELD = "citizen"
_SHOWN = 8
_GONE = mark("This person is not known any more. Look again.")


@dataclass(frozen=True, slots=True)
class KnownPeople:
    """Whom the clerk may choose: number, what tells them apart, and a hint; or what is missing."""

    options: list[tuple[str, str, str]] = field(default_factory=list)
    needs_more: str | None = None
    was_asked: bool = False
    may_ask: bool = False


def offer(work: Work, values: Mapping[str, str], *, is_asked: bool) -> KnownPeople:
    """Who may be meant by the name and telephone typed, or who was chosen before.

    A search by telephone is written down, so being asked needs a session that may write.
    """
    if not work.actor.may(Permission.CITIZEN_READ):
        return KnownPeople()
    chosen = read_number(values.get(FIELD, ""))
    if is_asked:
        wanted = sought.read(f"{values.get('name', '')} {values.get('phone', '')}")
    elif chosen is not None:
        wanted = Sought(citizen_id=chosen)
    else:
        return KnownPeople(may_ask=True)
    answer = finding.search(work, wanted)
    options = [_option(line) for line in answer.people[:_SHOWN]]
    return KnownPeople(options, answer.needs_more, was_asked=is_asked, may_ask=True)


def chosen(work: Work, number: str) -> int | None:
    """The citizen that was chosen; of a merged one the survivor; None if nobody was.

    Raises:
        InvalidError: the number is nobody's, or not theirs to see.
    """
    if not number:
        return None
    try:
        citizen = getting.get_visible(work.session, work.actor, read_number(number))
    except NotFoundError:
        raise InvalidError(fields={FIELD: _GONE}) from None
    return citizen.merged_into_id or citizen.id


def _option(line: PersonLine) -> tuple[str, str, str]:
    person = line.person
    born = i18n.gettext("born %(year)s", year=person.birth_year) if person.birth_year else ""
    label = " ".join(filter(None, (person.name, person.phone)))
    hint = " · ".join(filter(None, (person.number, born, _open(line.open_count))))
    return person.number, label or person.number, hint


def _open(count: int) -> str:
    return i18n.ngettext("%(num)s open", "%(num)s open", count) if count else ""
