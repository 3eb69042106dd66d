"""The yearly notice on holidays (部分节假日安排的通知): read as pasted, checked, never trusted.

Decides whether it can be believed; writing it down is the service's work.
"""

from app.calendars.rules.notice.checks import check
from app.calendars.rules.notice.days import DayKind, Notice, NoticeDay, Problem
from app.calendars.rules.notice.prose import looks_like_prose, read_prose
from app.calendars.rules.notice.tables import looks_like_json, read_json, read_table
from app.kernel.errors import InvalidError
from app.kernel.messages import mark

__all__ = ["DayKind", "Notice", "NoticeDay", "Problem", "read_notice"]

LONGEST_TEXT = 20_000  # characters; a real notice has about 600


def read_notice(text: str, *, year: int, number: str) -> Notice:
    """Read a pasted notice for `year`: its own wording, lines of a table, or JSON.

    Whatever is wrong stands in `problems`, with the line; such a notice must not be
    applied. Days are sorted by date.

    Raises:
        InvalidError: the text is longer than any notice.
    """
    if len(text) > LONGEST_TEXT:
        raise InvalidError(fields={"text": mark("This text is too long to be a notice.")})
    if looks_like_json(text):
        days, problems = read_json(text)
    elif looks_like_prose(text):
        days, problems = read_prose(text, year=year)
    else:
        days, problems = read_table(text)
    days.sort(key=lambda found: found.day)
    # A text that could not be read whole is not measured: it would only seem wrong twice.
    problems = problems or check(days, year=year)
    return Notice(year, number.strip(), tuple(days), tuple(problems))
