"""What a conversation brings along to the intake of a matter: who it is, by what way, the link.

The caller's number stays sealed until it is needed to register somebody; no page shows it.
"""

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.cases.kinds import Channel
from app.cases.models import Case
from app.citizens.rules import number_of
from app.citizens.service import Person
from app.desk.picture import queries
from app.desk.talks import masked_of
from app.interactions import service
from app.interactions.models import Interaction
from app.interactions.rules import channel_of

INTAKE: str = "intake"


@dataclass(frozen=True, slots=True)
class Carried:
    """A conversation as the intake needs it; `name` is masked, and empty for somebody unknown.

    What pages print is held apart from the row, which is not to be read after its session.
    """

    talk: Interaction
    ref: str
    """The opaque name of the conversation."""
    channel: Channel
    """The channel of a matter taken in during it."""
    citizen_id: int | None
    """Whose matter it will be, where that is known."""
    name: str = ""
    number: str = ""

    def person(self, session: Session, typed: Person) -> Person:
        """Who was typed in; without a telephone, with the number of the call."""
        if typed.phone or not typed.name:
            return typed
        number = service.number_of_call(session, self.talk.id)
        return Person(typed.name, number, typed.email, typed.address)

    def link(self, session: Session, case: Case) -> None:
        """Tie the matter to the conversation it was taken in during."""
        service.link_case(session, self.talk, case)


def carried(session: Session, actor: Actor, ref: str) -> Carried | None:
    """The conversation with this name; None without a name.

    Raises:
        NotFoundError: it is none of this person's own.
    """
    if not ref:
        return None
    talk = service.get_talk(session, actor, ref)
    brings = Carried(talk, talk.ref, channel_of(talk.medium), talk.citizen_id)
    if talk.citizen_id is None:
        return brings
    row = queries.who(session, talk.citizen_id)
    return replace(brings, name=masked_of(session, row), number=number_of(row.id))


def draft_of(ref: str) -> str:
    """Under what name the intake's draft is kept: one for each conversation, one without."""
    return f"{INTAKE}/{ref}" if ref else INTAKE
