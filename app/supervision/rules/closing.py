"""What each figure about closing means, and which shares are made of them.

Pure. Every figure is the number of rows of exactly the list it leads to.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from app.kernel.messages import mark
from app.supervision.rules.board import Measure

_PERIOD: Final = mark("The days chosen above.")
_CALLS: Final = mark("The record of call-backs; one for each round of a matter.")
_CHECKS: Final = mark("The record of checks.")


class Figure(StrEnum):
    """One figure, and one list."""

    RESOLVED = "resolved"
    EXPLAINED = "explained"
    PARTLY = "partly"
    NOT_POSSIBLE = "not_possible"
    OTHERWISE = "otherwise"
    ENDED = "ended"
    CLEAR = "clear"
    SAID_SOLVED = "said_solved"
    SAID_PARTLY = "said_partly"
    SAID_UNSOLVED = "said_unsolved"
    SILENT = "silent"
    NOT_REACHED = "not_reached"
    UNCLEAR = "unclear"
    DECLINED = "declined"
    NOT_WANTED = "not_wanted"
    CHECKED = "checked"
    WRONG = "wrong"
    SENT_BACK = "sent_back"


class Share(StrEnum):
    """A part of a whole, both figures with their lists."""

    SOLVED = "solved"
    PARTLY = "partly"
    NOT_SOLVED = "not_solved"
    REWORKED = "reworked"
    SILENT = "silent"
    WRONG = "wrong"


OUTCOMES: Final = (Figure.RESOLVED, Figure.EXPLAINED, Figure.PARTLY, Figure.NOT_POSSIBLE)
# With them, every matter that ended.
ENDINGS: Final = (*OUTCOMES, Figure.OTHERWISE)
SHARES: Final[Mapping[Share, tuple[Figure, Figure]]] = {
    Share.SOLVED: (Figure.SAID_SOLVED, Figure.CLEAR),
    Share.PARTLY: (Figure.SAID_PARTLY, Figure.CLEAR),
    Share.NOT_SOLVED: (Figure.SAID_UNSOLVED, Figure.CLEAR),
    Share.REWORKED: (Figure.SAID_UNSOLVED, Figure.ENDED),
    Share.SILENT: (Figure.SILENT, Figure.ENDED),
    Share.WRONG: (Figure.WRONG, Figure.CHECKED),
}
SHARE_NAMES: Final[Mapping[Share, str]] = {
    Share.SOLVED: mark("Solved, of clear answers"),
    Share.PARTLY: mark("Partly solved, of clear answers"),
    Share.NOT_SOLVED: mark("Not solved, of clear answers"),
    Share.REWORKED: mark("Handled again, of all call-backs"),
    Share.SILENT: mark("Closed silently, of all call-backs"),
    Share.WRONG: mark("Found not really solved, of all checks"),
}
_CLOSED: Final = mark("Matters closed or answered in these days, by the outcome recorded.")
MEASURES: Final[Mapping[Figure, Measure]] = {
    **{
        figure: Measure(name, _CLOSED, window=_PERIOD, source=mark("The matters themselves."))
        for figure, name in (
            (Figure.RESOLVED, mark("Resolved")),
            (Figure.EXPLAINED, mark("Explained")),
            (Figure.PARTLY, mark("Partly resolved")),
            (Figure.NOT_POSSIBLE, mark("Not possible")),
        )
    },
    Figure.OTHERWISE: Measure(
        mark("Ended otherwise"),
        mark("Not accepted, referred elsewhere, withdrawn or terminated: no outcome is recorded."),
        window=_PERIOD,
        source=mark("The matters themselves."),
    ),
    Figure.ENDED: Measure(
        mark("Call-backs ended"),
        mark("Call-backs that came to an end, whatever the answer."),
        window=_PERIOD,
        source=_CALLS,
    ),
    Figure.CLEAR: Measure(
        mark("Clear answers"),
        mark("Call-backs answered: solved, partly, or not solved."),
        exclusions=mark("Not reached, declined, no clear answer, none wanted (rulebook §9)."),
        window=_PERIOD,
        source=_CALLS,
    ),
    Figure.SAID_SOLVED: Measure(
        mark("Says solved"),
        mark("Call-backs in which the citizen said it is solved."),
        window=_PERIOD,
        source=_CALLS,
    ),
    Figure.SAID_PARTLY: Measure(
        mark("Says partly"),
        mark("Call-backs in which the citizen said partly and left it at that."),
        window=_PERIOD,
        source=_CALLS,
    ),
    Figure.SAID_UNSOLVED: Measure(
        mark("Says not solved"),
        mark("Call-backs after which the matter was handled again."),
        exclusions=mark("Matters taken up again after closing."),
        window=_PERIOD,
        source=_CALLS,
    ),
    Figure.SILENT: Measure(
        mark("Closed silently"),
        mark(
            "Call-backs that ended without a word on whether it is solved: not reached, no clear "
            "answer, declined or none wanted."
        ),
        window=_PERIOD,
        source=_CALLS,
    ),
    Figure.NOT_REACHED: Measure(
        mark("Not reached"),
        mark("Of these, where nobody answered as often as the rule asks."),
        window=_PERIOD,
        source=_CALLS,
    ),
    **{
        figure: Measure(name, counted, window=_PERIOD, source=_CALLS)
        for figure, name, counted in (
            (
                Figure.UNCLEAR,
                mark("No clear answer"),
                mark("Of these, where the answer did not say whether it is solved."),
            ),
            (
                Figure.DECLINED,
                mark("Declined to answer"),
                mark("Of these, where the citizen did not wish to answer."),
            ),
            (
                Figure.NOT_WANTED,
                mark("No call-back wanted"),
                mark("Of these, where the citizen had asked not to be called back."),
            ),
        )
    },
    Figure.CHECKED: Measure(
        mark("Checks made"),
        mark("Drawn silent closures that were looked at."),
        window=_PERIOD,
        source=_CHECKS,
    ),
    Figure.WRONG: Measure(
        mark("Not really solved"),
        mark("Of these, found not solved, and handled again."),
        window=_PERIOD,
        source=_CHECKS,
    ),
    Figure.SENT_BACK: Measure(
        mark("Replies sent back"),
        mark("Replies the review sent back; each may fail several points."),
        window=_PERIOD,
        source=mark("The matters’ histories."),
    ),
}
