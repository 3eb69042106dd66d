"""Macros: a step with its facts and words under a name, one's own or the unit's.

Heads look after what a unit shares; everybody after their own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Permission
from app.cases.kinds import Action
from app.catalogue.rules import check_reply
from app.departments import queries as departments
from app.desk.bulk import queries
from app.desk.bulk.rules import MACRO_ACTIONS, Ask
from app.desk.models import Macro
from app.kernel import audit
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError
from app.kernel.messages import mark

MOST: Final = 60
_LONGEST: Final = 40
FACTS: Final = (Ask.OUTCOME, Ask.AMOUNT, Ask.EVIDENCE, Ask.RESULT)


@dataclass(frozen=True, slots=True)
class MacroDraft:
    """A macro as typed."""

    name: str
    action: Action | None
    text: str = ""
    note: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    is_shared: bool = False


def may_edit(session: Session, macro: Macro, actor: Actor) -> bool:
    """Whether the macro is this person's to change: their own, or of a unit they lead."""
    return may_edit_of(session, macro.staff_id, macro.unit_id, actor)


def may_edit_of(session: Session, staff_id: int, unit_id: int | None, actor: Actor) -> bool:
    """The same for anything kept by somebody and perhaps shared with a unit."""
    if unit_id is None:
        return staff_id == actor.id
    return leads(session, unit_id, actor)


def leads(session: Session, unit_id: int, actor: Actor) -> bool:
    """Whether this person looks after what that unit shares."""
    unit = departments.view_of(session, unit_id)
    return actor.covers(
        Permission.UNIT_LEAD,
        unit_id=unit.id,
        unit_path=unit.path,
        region_code=unit.region_code,
        handler_id=None,
    )


def add_macro(session: Session, actor: Actor, draft: MacroDraft, *, now: datetime) -> Macro:
    """Keep a macro.

    Raises:
        InvalidError: it has no name, no step, or a place no matter knows; or there are too many.
        ForbiddenError: shared with a unit one does not lead.
    """
    _check(session, actor, draft, None)
    if queries.count_macros(session, actor) >= MOST:
        raise InvalidError(fields={"name": mark("Remove a macro first; sixty can be kept.")})
    macro = _filled(Macro(staff_id=actor.id), actor, draft)
    session.add(macro)
    session.flush()
    _note(session, actor, macro, "add", now)
    return macro


def change_macro(
    session: Session, actor: Actor, macro_id: int, draft: MacroDraft, *, seen: int, now: datetime
) -> Macro:
    """Change a macro.

    Raises:
        NotFoundError, ForbiddenError: it is not this person's to change.
        ConflictError: somebody changed it meanwhile.
        InvalidError: as for a new one.
    """
    macro = _get_own(session, actor, macro_id)
    if macro.version != seen:
        raise ConflictError(
            mark("Somebody changed this macro while you were looking at it."),
            stored={mark("Text"): macro.text},
            fresh={"version": str(macro.version)},
        )
    _check(session, actor, draft, macro)
    _filled(macro, actor, draft)
    session.flush()
    _note(session, actor, macro, "change", now)
    return macro


def remove_macro(session: Session, actor: Actor, macro_id: int, *, now: datetime) -> None:
    """Forget a macro.

    Raises:
        NotFoundError, ForbiddenError: it is not this person's to remove.
    """
    macro = _get_own(session, actor, macro_id)
    _note(session, actor, macro, "remove", now)
    session.delete(macro)
    session.flush()


def _get_own(session: Session, actor: Actor, macro_id: int) -> Macro:
    macro = queries.get_macro(session, macro_id, actor)
    if not may_edit(session, macro, actor):
        raise ForbiddenError(mark("The head of the unit looks after what the unit shares."))
    return macro


def _check(session: Session, actor: Actor, draft: MacroDraft, macro: Macro | None) -> None:
    wrong: dict[str, str] = {}
    if not draft.name.strip() or len(draft.name.strip()) > _LONGEST:
        wrong["name"] = mark("Give it a name of up to 40 characters.")
    if draft.action not in MACRO_ACTIONS:
        wrong["action"] = mark("Choose the step it takes.")
    try:
        check_reply(draft.text or "-")
    except InvalidError as refusal:
        wrong["text"] = next(iter(refusal.fields.values()), refusal.msgid)
    own_id = macro.id if macro else None
    if queries.is_name_taken(session, actor, draft.name.strip(), but=own_id):
        wrong["name"] = mark("You have a macro of this name already.")
    if wrong:
        raise InvalidError(fields=wrong)
    if draft.is_shared and not leads(session, actor.unit_id, actor):
        raise ForbiddenError(mark("The head of the unit looks after what the unit shares."))


def _filled(macro: Macro, actor: Actor, draft: MacroDraft) -> Macro:
    macro.name, macro.text, macro.note = draft.name.strip(), draft.text, draft.note
    macro.action = draft.action or macro.action
    macro.facts = {name: value for name, value in draft.facts.items() if value}
    macro.unit_id = actor.unit_id if draft.is_shared else None
    return macro


def _note(session: Session, actor: Actor, macro: Macro, deed: str, now: datetime) -> None:
    audit.note(session, actor.author(), f"macro:{deed}", ("macro", macro.id), at=now)
