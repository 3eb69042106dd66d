"""What each figure about applications means, and which shares are made of them.

Pure. Every figure is the number of rows of exactly the list it leads to.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from app.kernel.messages import mark
from app.sla.rules import PauseKind
from app.supervision.rules.board import Measure, Share

_NOW: Final = mark("The time of the figures.")
_PERIOD: Final = mark("The days chosen above.")
_MATTERS: Final = mark("The applications themselves; only those made for a service item.")
_LIMITS: Final = mark("The clocks of the promised and the legal limit.")
_NOTICES: Final = mark("The clocks of the one-time notice.")
_STOPS: Final = mark("The record of stopped limits.")


class Figure(StrEnum):
    """One figure, and one list."""

    IN_HAND = "in_hand"
    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    PAUSED = "paused"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    DEEMED = "deemed"
    NOT_ADMITTED = "not_admitted"
    DECIDED = "decided"
    GRANTED = "granted"
    REFUSED = "refused"
    IN_TIME = "in_time"
    EARLY = "early"
    AFTER_PROMISED = "after_promised"
    AFTER_LEGAL = "after_legal"
    MEASURED = "measured"
    NOTICES_DUE = "notices_due"
    NOTICES_KEPT = "notices_kept"
    NOTICES_MISSED = "notices_missed"
    PAPERS_FOLLOW = "papers_follow"
    PAPERS_BROKEN = "papers_broken"
    ON_TRUST = "on_trust"
    LOOKED_AT = "looked_at"
    UNTRUE = "untrue"
    PROCEDURES = "procedures"
    HEARING = "hearing"
    TENDER = "tender"
    AUCTION = "auction"
    INSPECTION = "inspection"
    TESTING = "testing"
    QUARANTINE = "quarantine"
    APPRAISAL = "appraisal"
    EXPERT_REVIEW = "expert_review"


class Rate(StrEnum):
    """A part of a whole, both figures with their lists."""

    IN_TIME = "in_time"
    EARLY = "early"
    AFTER_LEGAL = "after_legal"
    DEEMED = "deemed"
    NOTICES = "notices"
    LOOKED_AT = "looked_at"


NOW: Final = (Figure.IN_HAND, Figure.RED, Figure.YELLOW, Figure.GREEN, Figure.PAUSED)
FLOW: Final = (
    Figure.RECEIVED,
    Figure.ACCEPTED,
    Figure.DEEMED,
    Figure.NOT_ADMITTED,
    Figure.DECIDED,
    Figure.GRANTED,
    Figure.REFUSED,
)
KEEPING: Final = (
    Figure.IN_TIME,
    Figure.AFTER_PROMISED,
    Figure.AFTER_LEGAL,
    Figure.MEASURED,
    Figure.EARLY,
    Figure.NOTICES_DUE,
    Figure.NOTICES_KEPT,
    Figure.NOTICES_MISSED,
)
# What rests on the applicant's word: papers that may follow, grants on a promise (rulebook §3).
TRUST: Final = (
    Figure.PAPERS_FOLLOW,
    Figure.PAPERS_BROKEN,
    Figure.ON_TRUST,
    Figure.LOOKED_AT,
    Figure.UNTRUE,
)
# The special procedures that stop a limit by law (行政许可法 art. 45).
STOPS: Final[Mapping[Figure, PauseKind]] = {
    Figure(kind.value): kind for kind in PauseKind if kind is not PauseKind.SUSPENSION
}
RATES: Final[Mapping[Rate, tuple[Figure, Figure]]] = {
    Rate.IN_TIME: (Figure.IN_TIME, Figure.DECIDED),
    Rate.EARLY: (Figure.EARLY, Figure.MEASURED),
    Rate.AFTER_LEGAL: (Figure.AFTER_LEGAL, Figure.DECIDED),
    Rate.DEEMED: (Figure.DEEMED, Figure.ACCEPTED),
    Rate.NOTICES: (Figure.NOTICES_KEPT, Figure.NOTICES_DUE),
    Rate.LOOKED_AT: (Figure.LOOKED_AT, Figure.ON_TRUST),
}
RATE_NAMES: Final[Mapping[Rate, str]] = {
    Rate.IN_TIME: mark("Decided within the promised limit"),
    Rate.EARLY: mark("Decided in half the promised time"),
    Rate.AFTER_LEGAL: mark("Decided after the legal limit"),
    Rate.DEEMED: mark("Deemed accepted, of all accepted"),
    Rate.NOTICES: mark("One-time notice kept, of all due"),
    Rate.LOOKED_AT: mark("Looked at afterwards, of all granted on a promise"),
}


def saved(promised: int, legal: int) -> Share:
    """By how much the promises shorten the law's time (时限压缩率, rulebook §9), in days."""
    return Share(max(legal - promised, 0), legal)


def _lamp(name: str, counted: str, left_out: str = "") -> Measure:
    return Measure(name, counted, exclusions=left_out, window=_NOW, source=_MATTERS)


def _flow(name: str, counted: str, left_out: str = "") -> Measure:
    return Measure(name, counted, exclusions=left_out, window=_PERIOD, source=_MATTERS)


def _limit(name: str, counted: str, left_out: str = "") -> Measure:
    return Measure(name, counted, exclusions=left_out, window=_PERIOD, source=_LIMITS)


def _notice(name: str, counted: str, left_out: str = "") -> Measure:
    return Measure(name, counted, exclusions=left_out, window=_PERIOD, source=_NOTICES)


def _stop(name: str) -> Measure:
    counted = mark("Special procedures of this kind that began in these days.")
    return Measure(name, counted, window=_PERIOD, source=_STOPS)


MEASURES: Final[Mapping[Figure, Measure]] = {
    Figure.IN_HAND: _lamp(
        mark("All in hand"), mark("Applications that have not ended, delivery included.")
    ),
    Figure.RED: _lamp(
        mark("Red lamp"),
        mark(
            "In hand and late: before acceptance by the one-time notice, then by the promised "
            "limit, after the decision by delivery."
        ),
        mark("Stopped limits; dates that may still move, for ten days."),
    ),
    Figure.YELLOW: _lamp(
        mark("Yellow lamp"), mark("In hand, inside the warning window of the same limit.")
    ),
    Figure.GREEN: _lamp(
        mark("Green lamp"), mark("In hand, nothing due soon; also while the applicant completes.")
    ),
    Figure.PAUSED: _lamp(
        mark("Limit stopped"), mark("In hand, the limit stopped by a special procedure.")
    ),
    Figure.RECEIVED: _flow(mark("Filed"), mark("Applications received in these days.")),
    Figure.ACCEPTED: _flow(
        mark("Accepted"),
        mark("Accepted as of one of these days; a deemed one as of the day its papers came in."),
    ),
    Figure.DEEMED: _flow(
        mark("Deemed accepted"),
        mark("Of these, accepted by law because nobody said in time what lacked."),
    ),
    Figure.NOT_ADMITTED: _flow(
        mark("Not accepted"), mark("Ended in these days with a written refusal.")
    ),
    Figure.DECIDED: _flow(
        mark("Decided"),
        mark("Granted or refused in these days."),
        mark("What was withdrawn or terminated."),
    ),
    Figure.GRANTED: _flow(mark("Granted"), mark("Of these, granted.")),
    Figure.REFUSED: _flow(mark("Turned down"), mark("Of these, refused.")),
    Figure.IN_TIME: _limit(
        mark("Decided as promised"),
        mark("Decided within the promised limit, extensions and stops included."),
    ),
    Figure.EARLY: _limit(
        mark("Decided early"),
        mark(
            "Of those measured in working days, decided before half the time to the promised "
            "date had gone, nights and rest days included."
        ),
        mark("The time the limit stood still, in both."),
    ),
    Figure.AFTER_PROMISED: _limit(
        mark("Later than promised"),
        mark("Decided after the promised limit, not after the legal one."),
    ),
    Figure.AFTER_LEGAL: _limit(
        mark("Later than the law allows"), mark("Decided after the legal limit.")
    ),
    Figure.MEASURED: _limit(
        mark("Measured in working days"),
        mark("Decided, with a promised and a legal limit in working days."),
        mark("What is done while the applicant waits; items without a legal limit in days."),
    ),
    Figure.NOTICES_DUE: _notice(
        mark("One-time notices due"),
        mark("Limits for telling what lacks that fell due: met, or passed and not met."),
        mark("What was withdrawn before."),
    ),
    Figure.NOTICES_KEPT: _notice(
        mark("One-time notices kept"),
        mark("Of these, told, accepted or refused in time, all at once."),
    ),
    Figure.NOTICES_MISSED: _notice(
        mark("One-time notices missed"), mark("Of these, late or not done yet.")
    ),
    Figure.PAPERS_FOLLOW: _flow(
        mark("Accepted, papers to follow"),
        mark("Of the accepted, with a paper that may lack for the moment and was promised."),
    ),
    Figure.PAPERS_BROKEN: _flow(
        mark("Papers never came"),
        mark("Withdrawn in these days, by the applicant or by rule, with promised papers owed."),
    ),
    Figure.ON_TRUST: _flow(
        mark("Granted on a promise"), mark("Granted in these days on the applicant's word.")
    ),
    Figure.LOOKED_AT: _flow(
        mark("Looked at afterwards"), mark("Of these, the promise has been looked into since.")
    ),
    Figure.UNTRUE: _flow(
        mark("Promise not true"), mark("Of these, what was promised did not hold.")
    ),
    Figure.PROCEDURES: Measure(
        mark("Special procedures"),
        mark("Special procedures that began in these days; one matter may have several."),
        window=_PERIOD,
        source=_STOPS,
    ),
    Figure.HEARING: _stop(mark("Hearings")),
    Figure.TENDER: _stop(mark("Tenders")),
    Figure.AUCTION: _stop(mark("Auctions")),
    Figure.INSPECTION: _stop(mark("Inspections")),
    Figure.TESTING: _stop(mark("Tests")),
    Figure.QUARANTINE: _stop(mark("Quarantines")),
    Figure.APPRAISAL: _stop(mark("Appraisals")),
    Figure.EXPERT_REVIEW: _stop(mark("Expert reviews")),
}
# What is shown beside the counted figures, with its own meaning.
TIMES: Final = (
    Measure(
        mark("Promised, legal and real time"),
        mark(
            "Half took at most the median, nine in ten at most P90. Working days from the day "
            "after acceptance to the decision; the limits as they were before any extension."
        ),
        mark("Applications measured in working days, decided in these days."),
        exclusions=mark("Days on which the limit stood still."),
        window=_PERIOD,
        source=_LIMITS,
    ),
    Measure(
        mark("Shortened by promises"),
        mark("Days of the legal limits less days of the promised ones."),
        mark("Days of the legal limits of the same applications."),
        window=_PERIOD,
        source=_LIMITS,
    ),
    Measure(
        mark("Length of special procedures"),
        mark("From the day the limit stopped until it went on, or until now."),
        window=_PERIOD,
        source=_STOPS,
    ),
    Measure(
        mark("Waiting in the hall"),
        mark("From taking a number to its first call, by the half hour in which it was taken."),
        exclusions=mark("Who was never called."),
        window=mark("The day chosen there."),
        source=mark("The events of the queue."),
    ),
    Measure(
        mark("No-shows"),
        mark("Numbers called for nothing whose holder did not come back; booked times not kept."),
        window=mark("The day chosen there."),
        source=mark("The events of the queue."),
    ),
)
