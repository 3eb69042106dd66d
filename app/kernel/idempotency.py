"""A form's token is good for one answer: whoever sends the form again gets that answer back.

Holds small answers (the number of the case that was opened), never what was typed.
"""

import hashlib
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import Executable, Index, String, bindparam, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.kernel.db import JsonDict, Model, rows
from app.kernel.errors import ConflictError, InvalidError
from app.kernel.messages import mark
from app.kernel.upsert import insert_on

KEPT = timedelta(days=2)  # longer than a page stays open over a week-end evening
_SHORTEST = 16  # characters; what we hand out ourselves has 43

Answer = dict[str, Any]


class SentForm(Model):
    """One token that has been used, and what its first use was answered with."""

    __tablename__ = "sent_forms"
    __table_args__ = (Index("ix_sent_forms_at", "at"),)

    scope: Mapped[str] = mapped_column(String(80), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime]
    answer: Mapped[JsonDict | None]


def once(
    session: Session, token: str, scope: str, now: datetime, *, answer: Answer | None = None
) -> Answer | None:
    """The answer the first sending got; None if this is the first, which must then `remember`.

    Who knows beforehand what the answer will be gives it here, and need not remember it.

    `scope` keeps the tokens of different forms and persons apart. Of two
    sendings at the same moment the second waits until the first has committed
    or failed.

    Raises:
        InvalidError: there is no token that could be told from another.
        ConflictError: the first sending was never answered.
    """
    if len(token) < _SHORTEST:
        raise InvalidError(
            mark("This form is incomplete. Please open the page again and resend it.")
        )
    key = {"scope": scope, "digest": _digest(token)}
    if rows(session, _first(session.get_bind().dialect.name), **key, at=now, answer=answer):
        return None
    earlier = session.execute(select(SentForm.answer).filter_by(**key)).scalar_one_or_none()
    if earlier is None:
        raise ConflictError(mark("This form was sent before, but its answer is not known."))
    return earlier


@cache
def _first(dialect: str) -> Executable:
    # Built once for each database: every form sent asks this.
    return insert_on(dialect, SentForm).on_conflict_do_nothing().returning(SentForm.at)


def remember(session: Session, token: str, scope: str, answer: Answer) -> None:
    """Keep the answer for whoever sends the same form again; stands or falls with the transaction.

    Raises:
        ConflictError: `once` was not asked before, a programming error.
    """
    if not rows(session, _ANSWERED, of_scope=scope, of_digest=_digest(token), answer=answer):
        raise ConflictError(mark("This form was sent before, but its answer is not known."))


_ANSWERED: Final = (
    update(SentForm)
    .where(SentForm.scope == bindparam("of_scope"), SentForm.digest == bindparam("of_digest"))
    .values(answer=bindparam("answer"))
    .returning(SentForm.scope)
)


def forget_old(session: Session, _payload: dict[str, Any], *, now: datetime) -> None:
    """The job that clears away tokens nobody will send again."""
    session.execute(delete(SentForm).where(SentForm.at < now - KEPT))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
