"""Who applies: whoever stands at the counter, or somebody they act for, and on what ground.

Nobody is taken for somebody else by a guess: the clerk chooses among those found.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.accounts.deps import Work
from app.calendars import queries as calendars
from app.citizens.models import Citizen
from app.citizens.queries.getting import acting_of, get_visible
from app.citizens.rules import CitizenState, Ground, number_of, read_number, sought
from app.citizens.sealing import NAME, unseal
from app.citizens.service import representing
from app.citizens.service.parties import masked_name
from app.citizens.service.representing import GivenRepresentation
from app.desk import finding
from app.desk.carrying import Carried
from app.desk.partyforms import GROUNDS
from app.kernel.errors import InvalidError, NotFoundError
from app.kernel.messages import mark
from app.kernel.vault import vault_of
from app.web import i18n

_SHOWN: Final = 9  # as many as there are digits to choose one with a key
_NOBODY: Final = mark("Say who applies: find the person, or register them.")
_GONE: Final = mark("This person is not known any more. Look again.")
_NO_GROUND: Final = mark("Say on what ground they act, and what proves it.")
_NO_PROOF: Final = mark("Write down what proves it, such as the letter of authority.")


@dataclass(frozen=True, slots=True)
class Someone:
    """A citizen in one line; the name is masked."""

    number: str
    name: str


@dataclass(frozen=True, slots=True)
class Party:
    """Who is at the counter, who else may be meant, and whom they may act for."""

    here: Someone | None = None
    found: Sequence[tuple[str, str, str]] = ()
    needs_more: str | None = None
    was_asked: bool = False
    principals: Sequence[tuple[str, str, str]] = ()
    grounds: Sequence[tuple[str, str]] = field(default=tuple((str(k), v) for k, v in GROUNDS))


@dataclass(frozen=True, slots=True)
class Applicant:
    """Whose application it becomes; with whoever brings it for them, and on what ground."""

    citizen_id: int
    agent_id: int | None = None
    representation_id: int | None = None


def party_of(
    work: Work, values: Mapping[str, str], talk: Carried | None, *, is_asked: bool
) -> Party:
    """Everything the page shows of the people; a search by telephone is written down."""
    here_id = _here(values, talk)
    if here_id is not None and not is_asked:
        row = _known(work, here_id)
        if row is not None:
            return Party(_someone(work.session, row), principals=_principals(work, row.id))
    if not is_asked:
        return Party()
    answer = finding.search(work, sought.read(values.get("who", "")))
    options = [_option(line) for line in answer.people[:_SHOWN]]
    return Party(None, options, answer.needs_more, was_asked=True)


def missing(work: Work, values: Mapping[str, str], talk: Carried | None) -> dict[str, str]:
    """The sentence where nobody applies yet."""
    here_id = _here(values, talk)
    if here_id is not None and _known(work, here_id) is not None:
        return {}
    return {"who": _GONE if values.get("citizen") else _NOBODY}


def settle(work: Work, values: Mapping[str, str], talk: Carried | None) -> Applicant:
    """Who applies, written down with the ground where somebody acts for them for the first time.

    Raises:
        InvalidError: nobody was chosen, or the ground or its proof is missing.
    """
    here = _known(work, _here(values, talk))
    if here is None:
        raise InvalidError(fields=missing(work, values, talk))
    wanted = values.get("other", "").strip() or values.get("principal", "")
    if not wanted:
        return Applicant(here.id)
    principal = _known(work, read_number(wanted))
    if principal is None:
        sentence = mark("Enter the citizen's number, such as C000000123.")
        raise InvalidError(fields={"other" if values.get("other") else "principal": sentence})
    return Applicant(principal.id, here.id, _ground(work, here, principal, values))


def likely(values: Mapping[str, str], talk: Carried | None) -> int | None:
    """Whose application it would become, as far as it is chosen; for warnings before saving."""
    wanted = values.get("other", "").strip() or values.get("principal", "")
    return read_number(wanted) if wanted else _here(values, talk)


def _ground(work: Work, agent: Citizen, principal: Citizen, values: Mapping[str, str]) -> int:
    today = _today(work)
    for row in acting_of(work.session, agent.id)[0]:
        if row.other_id == principal.id and _holds(row, today):
            return int(row.id)
    given = values.get("ground", "")
    proof = values.get("proof", "").strip()
    if given not in set(Ground):
        raise InvalidError(fields={"ground": _NO_GROUND})
    if not proof:
        raise InvalidError(fields={"proof": _NO_PROOF})
    new = GivenRepresentation(Ground(given), today, document=proof)
    return representing.represent(
        work.session, agent, principal, new, by_id=work.actor.id, now=work.now
    )


def _here(values: Mapping[str, str], talk: Carried | None) -> int | None:
    if talk is not None and talk.citizen_id is not None:
        return talk.citizen_id
    return read_number(values.get("citizen", ""))


def _known(work: Work, citizen_id: int | None) -> Citizen | None:
    """The citizen as they are now; of a merged one who they became part of."""
    try:
        found = get_visible(work.session, work.actor, citizen_id)
        if found.merged_into_id is not None:
            found = get_visible(work.session, work.actor, found.merged_into_id)
    except NotFoundError:
        return None
    return found if found.state is CitizenState.ACTIVE else None


def _someone(session: Session, row: Citizen) -> Someone:
    name = unseal(vault_of(session), NAME, row.name, row.place)
    return Someone(number_of(row.id), masked_name(name, row.kind) if name else "")


def _principals(work: Work, citizen_id: int) -> list[tuple[str, str, str]]:
    """Whom this person may act for today, with the ground as the hint."""
    said = {ground: i18n.gettext(label) for ground, label in GROUNDS}
    vault, today = vault_of(work.session), _today(work)
    found = []
    for row in acting_of(work.session, citizen_id)[0]:
        if _holds(row, today):
            name = unseal(vault, NAME, row.name, row.place)
            shown = masked_name(name, row.kind) if name else number_of(row.other_id)
            found.append((number_of(row.other_id), shown, f"{said[row.ground]} {row.document}"))
    return found


def _holds(row: Row[*tuple[Any, ...]], today: date) -> bool:
    return bool(row.valid_from <= today and (row.valid_until is None or today <= row.valid_until))


def _today(work: Work) -> date:
    return calendars.load(work.session).statutory.local_date(work.now)


def _option(line: finding.PersonLine) -> tuple[str, str, str]:
    person = line.person
    born = i18n.gettext("born %(year)s", year=person.birth_year) if person.birth_year else ""
    label = " ".join(filter(None, (person.name, person.phone)))
    return person.number, label or person.number, " · ".join(filter(None, (person.number, born)))
