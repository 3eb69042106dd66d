"""The ladder of levels: shipped as samples, then the administrator's to change.

Changing a level reaches only what is reached or issued afterwards.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.kernel import audit
from app.kernel.authors import Author
from app.kernel.errors import ConflictError, InvalidError
from app.kernel.messages import mark
from app.supervision import queries
from app.supervision.models import SupervisionLevel
from app.supervision.rules.ladder import wrong_in

_OBJECT: Final = "supervision_level"


@dataclass(frozen=True, slots=True)
class LevelDraft:
    """A level as typed; None days mean none."""

    name: str
    name_en: str
    after_workdays: int | None
    tells_handler: bool
    tells_head: bool
    tells_supervisor: bool
    order_workdays: int | None
    is_sample: bool = False
    is_active: bool = True


# Rulebook §10, [S]: the days are samples, the names those of §2.2 (日常, 挂牌, 约谈).
_SHIPPED: Final = (
    ("remind", LevelDraft("临期提醒", "Reminder", None, True, False, False, None, True)),
    ("press", LevelDraft("超期催办", "Overdue notice", 0, True, True, False, None, True)),
    ("daily", LevelDraft("日常督办", "Routine supervision", 2, True, True, True, 3, True)),
    ("listed", LevelDraft("挂牌督办", "Listed supervision", 5, True, True, True, 3, True)),
    ("summoned", LevelDraft("约谈督办", "Summons to talk", 10, True, True, True, 2, True)),
)


def seed(session: Session) -> None:
    """Add the shipped levels to an installation that has none."""
    if session.scalar(select(func.count()).select_from(SupervisionLevel)):
        return
    for position, (code, draft) in enumerate(_SHIPPED, start=1):
        session.add(_filled(SupervisionLevel(code=code, position=position), draft))
    session.flush()


def add_level(
    session: Session, draft: LevelDraft, *, by: Author, now: datetime
) -> SupervisionLevel:
    """Add a level above the others.

    Raises:
        InvalidError: it has no name, or neither tells anybody nor lets orders be issued.
    """
    _check(draft)
    highest = session.scalar(select(func.max(SupervisionLevel.position))) or 0
    level = _filled(SupervisionLevel(code=f"level{highest + 1}", position=highest + 1), draft)
    session.add(level)
    session.flush()
    audit.note(session, by, "supervision:add_level", (_OBJECT, level.id), at=now)
    return level


def change_level(
    session: Session, level_id: int, draft: LevelDraft, *, seen: int, by: Author, now: datetime
) -> SupervisionLevel:
    """Change a level for what comes to it from now on.

    Raises:
        NotFoundError: there is none.
        ConflictError: somebody changed it meanwhile.
        InvalidError: as for a new one.
    """
    level = queries.get_level(session, level_id)
    if level.version != seen:
        raise ConflictError(
            mark("Somebody changed this level while you were looking at it."),
            stored={mark("Name"): level.name},
            fresh={"version": str(level.version)},
        )
    _check(draft)
    _filled(level, draft)
    session.flush()
    audit.note(session, by, "supervision:change_level", (_OBJECT, level.id), at=now)
    return level


def _check(draft: LevelDraft) -> None:
    wrong = wrong_in(
        after_workdays=draft.after_workdays,
        order_workdays=draft.order_workdays,
        tells=draft.tells_handler or draft.tells_head or draft.tells_supervisor,
        names={"name": draft.name, "name_en": draft.name_en},
    )
    if wrong:
        raise InvalidError(fields=wrong)


def _filled(level: SupervisionLevel, draft: LevelDraft) -> SupervisionLevel:
    level.name, level.name_en = draft.name.strip(), draft.name_en.strip()
    level.after_workdays, level.order_workdays = draft.after_workdays, draft.order_workdays
    level.tells_handler, level.tells_head = draft.tells_handler, draft.tells_head
    level.tells_supervisor, level.is_sample = draft.tells_supervisor, draft.is_sample
    level.is_active = draft.is_active
    return level
