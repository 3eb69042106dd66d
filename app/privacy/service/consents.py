"""Consents for extras beyond our duty: given with one press, withdrawn with one press.

Nothing we owe a citizen hangs on them (个人信息保护法 arts. 15 and 16).
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy.orm import Session

from app.calendars import queries as calendars
from app.citizens.rules import CitizenState
from app.kernel.authors import Author
from app.kernel.errors import ConflictError, InvalidError
from app.kernel.messages import mark
from app.privacy import queries
from app.privacy.models import Consent, ConsentKind
from app.privacy.queries import KindLine
from app.privacy.rules import Source, may_be_under_14

# Asked by SMS after a matter has ended how it went; the house's own extra.
SURVEY: Final = "sms_survey"
PUBLICATION: Final = "publication"
OUTREACH: Final = "outreach"
_KINDS: Final = (
    (
        SURVEY,
        "短信回访与评价邀请",
        "Survey by text message",
        "诉求办结后，发一条短信请您评价",
        "One text message after a matter has ended, asking how it went",
    ),
    (
        PUBLICATION,
        "公开去标识化的答复",
        "Publication of a de-identified reply",
        "答复隐去姓名、电话、住址后，作为同类问题的参考公开",
        "The reply, without name, phone and address, is published to help others",
    ),
    (
        OUTREACH,
        "服务提醒",
        "Service reminders",
        "有与您情况相符的政策或便民服务时通知您",
        "We tell you when a policy or service fits your situation",
    ),
)


@dataclass(frozen=True, slots=True)
class ConsentState:
    """How one extra stands for somebody; `since` is None where nothing was ever said."""

    kind: KindLine
    is_given: bool
    since: datetime | None
    source: Source | None


def seed(session: Session) -> None:
    """The extras a new house starts with; those that exist are left as they are."""
    for position, (code, name, name_en, purpose, purpose_en) in enumerate(_KINDS, 1):
        if session.get(ConsentKind, code) is None:
            session.add(
                ConsentKind(
                    code=code,
                    position=position,
                    name=name,
                    name_en=name_en,
                    purpose=purpose,
                    purpose_en=purpose_en,
                )
            )
    session.flush()


def consent_of(session: Session, citizen_id: int, kind: str) -> bool:
    """Whether the citizen agrees to this extra now. Silence is no; a restricted person is left be.

    Raises:
        NotFoundError: there is no such citizen.
    """
    who = queries.get_who(session, citizen_id)
    if who.state is not CitizenState.ACTIVE:
        return False
    return queries.last(session, queries.family_of(session, who.id), kind) is True


def consents_of(session: Session, citizen_id: int) -> list[ConsentState]:
    """Every extra offered and how it stands for the citizen."""
    said: dict[str, queries.ConsentLine] = {}
    for line in history_of(session, citizen_id):
        said.setdefault(line.kind, line)
    return [_state(kind, said.get(kind.code)) for kind in queries.active_kinds(session)]


def _state(kind: KindLine, line: queries.ConsentLine | None) -> ConsentState:
    if line is None:
        return ConsentState(kind, is_given=False, since=None, source=None)
    return ConsentState(kind, line.is_given, line.at, line.source)


def history_of(session: Session, citizen_id: int) -> list[queries.ConsentLine]:
    """What the citizen agreed to and took back, newest first."""
    who = queries.get_who(session, citizen_id)
    return queries.history(session, queries.family_of(session, who.id))


def needs_guardian(session: Session, citizen_id: int, *, now: datetime) -> bool:
    """Whether a consent of this person must come from a guardian (art. 31)."""
    today = _today(session, now)
    who = queries.get_who(session, citizen_id)
    return may_be_under_14(who.birth_year, today) or queries.is_marked_minor(
        session, who.id, today=today
    )


def give(
    session: Session,
    citizen_id: int,
    kind: str,
    *,
    source: Source,
    by: Author,
    guardian_id: int | None = None,
    now: datetime,
) -> None:
    """The citizen agrees; said again it changes nothing.

    Raises:
        InvalidError: the extra is not offered, or a child's consent comes from no guardian.
        ConflictError: the person's data are restricted or erased.
    """
    who = queries.get_who(session, citizen_id)
    if who.state is not CitizenState.ACTIVE:
        raise ConflictError(
            mark("The data of this person are restricted; nothing can be agreed to.")
        )
    if kind not in {each.code for each in queries.active_kinds(session)}:
        raise InvalidError(mark("This is not offered."))
    if needs_guardian(session, who.id, now=now):
        guardians = queries.guardians_of(session, who.id, today=_today(session, now))
        if guardian_id not in guardians:
            raise InvalidError(
                mark("A child under 14 cannot agree alone. Enter the guardian, and their paper.")
            )
    if not consent_of(session, who.id, kind):
        _write(session, who.id, kind, True, source, by, now, guardian_id)


def withdraw(
    session: Session, citizen_id: int, kind: str, *, source: Source, by: Author, now: datetime
) -> None:
    """The citizen takes a consent back; always possible, and never asked why."""
    who = queries.get_who(session, citizen_id)
    if queries.last(session, queries.family_of(session, who.id), kind):
        _write(session, who.id, kind, False, source, by, now, None)


def _write(
    session: Session,
    citizen_id: int,
    kind: str,
    is_given: bool,  # noqa: FBT001  # a column of the row, beside the others
    source: Source,
    by: Author,
    now: datetime,
    guardian_id: int | None,
) -> None:
    session.add(
        Consent(
            citizen_id=citizen_id,
            kind_code=kind,
            is_given=is_given,
            source=source,
            guardian_id=guardian_id,
            by_id=by.id,
            at=now,
        )
    )
    session.flush()


def _today(session: Session, now: datetime) -> date:
    return calendars.load(session).statutory.local_date(now)
