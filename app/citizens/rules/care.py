"""Who is served with special care, as far as the year of birth tells.

Only the year is kept of most people, so both marks err towards care.
"""

from typing import Final

from app.citizens.rules.kinds import MarkKind

SENIOR_AT: Final = 65
_MINOR_UNTIL: Final = 14  # sensitive by law under 14 (个人信息保护法 art. 28)


def marks_by_age(birth_year: int | None, *, year: int) -> tuple[MarkKind, ...]:
    """The marks that the year of birth gives in this year.

    65 is reached in the course of the year and counts from its first day; 14 likewise
    ends only with its last.
    """
    if birth_year is None:
        return ()
    age = year - birth_year
    if age >= SENIOR_AT:
        return (MarkKind.SENIOR,)
    return (MarkKind.MINOR,) if age <= _MINOR_UNTIL else ()
