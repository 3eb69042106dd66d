"""From how many on, which words, whom to tell: what a hall wrote, or the samples."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.accounts.models import Appointment, Staff
from app.accounts.rules import GRANTS, Permission
from app.signals.models import SignalDuty, SignalThreshold, SignalWord
from app.signals.rules import SAMPLE_WORDS, SAMPLES, Threshold


@dataclass(frozen=True, slots=True)
class Settings:
    """What counts as many, and what is grave."""

    thresholds: tuple[Threshold, ...]
    words: tuple[str, ...]
    are_samples: bool


def settings_of(session: Session) -> Settings:
    """What holds now; the samples of the rules until somebody wrote their own."""
    found = session.scalars(select(SignalThreshold).order_by(SignalThreshold.level)).all()
    if not found:
        return Settings(SAMPLES, SAMPLE_WORDS, are_samples=True)
    thresholds = tuple(Threshold(one.level, one.persons, one.hours, one.metres) for one in found)
    words = tuple(session.scalars(select(SignalWord.word).order_by(SignalWord.word)))
    return Settings(thresholds, words, are_samples=False)


def on_duty(session: Session) -> Sequence[int]:
    """Who was named to be told of red at once."""
    return session.scalars(select(SignalDuty.staff_id).order_by(SignalDuty.staff_id)).all()


def duty_officers(session: Session, *, on: date) -> Sequence[tuple[int, str]]:
    """Everybody active who supervises matters on this day: id and name."""
    roles = [role for role, held in GRANTS.items() if Permission.CASE_SUPERVISE in held]
    wanted = (
        select(Staff.id, Staff.display_name)
        .join(Appointment, Appointment.staff_id == Staff.id)
        .where(
            Staff.is_active,
            Appointment.role.in_(roles),
            Appointment.valid_from <= on,
            or_(Appointment.valid_to.is_(None), Appointment.valid_to >= on),
        )
        .distinct()
        .order_by(Staff.id)
    )
    return [(row.id, row.display_name) for row in session.execute(wanted)]
