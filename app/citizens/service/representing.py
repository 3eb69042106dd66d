"""Who acts for whom: 代办人, guardians, who represents or answers for an organisation.

Civil Code arts. 23, 61, 161-165; whether a document is genuine is the clerk's to see.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy.orm import Session

from app.citizens.models import Citizen, Representation
from app.citizens.queries import holding
from app.citizens.rules import CitizenState, Ground, PartyKind
from app.kernel.errors import InvalidError, NotFoundError
from app.kernel.messages import mark

_FIELD: Final = "principal"
_OF_ORGANISATIONS: Final = frozenset({Ground.LEGAL_REPRESENTATIVE, Ground.CONTACT_PERSON})


@dataclass(frozen=True, slots=True)
class GivenRepresentation:
    """On what ground somebody acts, what proves it, and until when (the last day counts)."""

    ground: Ground
    valid_from: date
    valid_until: date | None = None
    document: str = ""


def represent(
    session: Session,
    agent: Citizen,
    principal: Citizen,
    given: GivenRepresentation,
    *,
    by_id: int | None,
    now: datetime,
) -> int:
    """Write down that the agent acts for the principal. Its id.

    Raises:
        InvalidError: these two cannot stand so to each other, or already do.
    """
    sentence = _refusal(agent, principal, given)
    if sentence is None and holding.find_representation(
        session, agent.id, principal.id, given.ground
    ):
        sentence = mark("This is already written down.")
    if sentence is not None:
        raise InvalidError(fields={_FIELD: sentence})
    if given.valid_until is not None and given.valid_until < given.valid_from:
        raise InvalidError(fields={"valid_until": mark("It would end before it begins.")})
    new = Representation(
        principal_id=principal.id,
        agent_id=agent.id,
        ground=given.ground,
        document=given.document,
        valid_from=given.valid_from,
        valid_until=given.valid_until,
        created_at=now,
        created_by_id=by_id,
    )
    session.add(new)
    session.flush()
    return new.id


def end(session: Session, citizen: Citizen, representation_id: int, *, now: datetime) -> None:
    """It ends today, whichever of the two the citizen is.

    Raises:
        NotFoundError: it is not the citizen's, or has ended.
    """
    found = session.get(Representation, representation_id)
    is_own = found is not None and citizen.id in (found.agent_id, found.principal_id)
    if found is None or not is_own or found.ended_at is not None:
        raise NotFoundError(mark("There is no such representation."))
    found.ended_at = now


def _refusal(agent: Citizen, principal: Citizen, given: GivenRepresentation) -> str | None:
    if agent.id == principal.id:
        return mark("Nobody acts for themselves.")
    if principal.state is not CitizenState.ACTIVE:
        return mark("There is no such citizen.")
    if agent.kind is PartyKind.ORGANISATION and given.ground is not Ground.AGENT:
        return mark("Only a person can stand so to somebody.")
    is_organisation = principal.kind is PartyKind.ORGANISATION
    if given.ground in _OF_ORGANISATIONS and not is_organisation:
        return mark("This ground is for organisations.")
    if given.ground is Ground.GUARDIAN and is_organisation:
        return mark("An organisation has no guardian.")
    return None
