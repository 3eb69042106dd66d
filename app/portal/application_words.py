"""What an applicant reads about their application: plain sentences for its states and its history.

Words only; `portal.words` puts them beside those of other matters.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.cases.kinds import Action, Status
from app.kernel.messages import mark


@dataclass(frozen=True, slots=True)
class StateWords:
    """A state in plain words, and what comes next."""

    title: str
    next: str


STATES: Final[Mapping[Status, StateWords]] = {
    Status.RECEIVED: StateWords(
        mark("We have your papers"),
        mark("Next: we look through them and tell you, once, everything that lacks."),
    ),
    Status.CORRECTING: StateWords(
        mark("Some papers are still needed"),
        mark("Next: bring or send what is listed below; that is all that lacks."),
    ),
    Status.ADMITTED: StateWords(
        mark("Your application is accepted"),
        mark("Next: it is reviewed; the date of the decision is below."),
    ),
    Status.REVIEWING: StateWords(
        mark("Your application is being reviewed"),
        mark("Next: it is decided; the date of the decision is below."),
    ),
    Status.SPECIAL_PROCEDURE: StateWords(
        mark("A special procedure is under way"),
        mark("Its time does not count. The date is set anew when it has ended."),
    ),
    Status.DECIDED: StateWords(
        mark("It is decided"),
        mark("Next: the decision reaches you in the way you chose, within ten working days."),
    ),
    Status.ISSUING: StateWords(
        mark("Your certificate is being made"),
        mark("Next: it reaches you in the way you chose, within ten working days."),
    ),
    Status.DELIVERED: StateWords(
        mark("The decision is on its way to you"),
        mark("It was posted; the tracking number is below."),
    ),
    Status.NOT_ADMITTED: StateWords(
        mark("Your application was not accepted"),
        mark("The reason, and what you can do, is below."),
    ),
}

# Ends that other matters have too, but that mean something else to an applicant.
ENDS: Final[Mapping[Status, StateWords]] = {
    Status.CLOSED: StateWords(
        mark("Your application is finished"),
        mark("What was decided, and how it reached you, is below."),
    ),
    Status.WITHDRAWN: StateWords(
        mark("The application was withdrawn"),
        mark("Nothing more will be done. You can apply again at any time."),
    ),
}

LINES: Final[Mapping[Action, str]] = {
    Action.NOTIFY_DEFECTS: mark("We told you everything that lacks"),
    Action.HAND_IN: mark("You handed in what lacked"),
    Action.TAKE_PAPERS: mark("What lacked was taken in"),
    Action.ADMIT: mark("Your application was accepted"),
    Action.DEEM_ADMITTED: mark(
        "It counts as accepted: nobody told you in time that something lacked"
    ),
    Action.NOT_ADMIT: mark("Your application was not accepted"),
    Action.DECIDE_AT_ONCE: mark("It was accepted and granted at once"),
    Action.START_REVIEW: mark("The review began"),
    Action.REQUEST_PROCEDURE: mark("A special procedure was asked for"),
    Action.APPROVE_PROCEDURE: mark("A special procedure began; its time does not count"),
    Action.REFUSE_PROCEDURE: mark("There is no special procedure"),
    Action.END_PROCEDURE: mark("The special procedure has ended"),
    Action.GRANT: mark("Your application was granted"),
    Action.REFUSE: mark("Your application was refused"),
    Action.ISSUE: mark("Your certificate is being made"),
    Action.DELIVER: mark("It was handed out or posted"),
    Action.ARCHIVE: mark("The application was filed"),
    Action.TAKE_BACK: mark("It was withdrawn, as you asked"),
    Action.DEEM_WITHDRAWN: mark("It counts as withdrawn: promised papers did not come in time"),
    Action.JUDGE_PAPERS: mark("Your papers were looked through"),
    Action.KEEP_PROMISE: mark("The papers you promised have come"),
    Action.VERIFY: mark("What you promised was looked at"),
    Action.EXPLAIN_LATE: mark("Why it takes longer than we promised"),
    Action.TELL_HEARING: mark("You can ask for a hearing before it is decided"),
    Action.ASK_HEARING: mark("A hearing was asked for"),
    Action.CALL_HEARING: mark("You were told when and where the hearing is"),
    Action.HOLD_HEARING: mark("The hearing was held"),
    Action.REVOKE: mark("What was granted to you is revoked"),
}

# Lines that other matters have too; an application is no complaint (诉求) of anybody.
OWN_LINES: Final[Mapping[Action, str]] = {
    Action.OPEN: mark("Your papers were taken in"),
    Action.WITHDRAW: mark("You withdrew the application"),
    Action.APPROVE_TERMINATION: mark("The application was ended"),
    **LINES,
}
DONE: Final[Mapping[str, str]] = {
    "withdraw": mark("Your application has been withdrawn."),
    "hearing": mark("You have asked for a hearing. You are told when and where it is."),
}

_DECIDED: Final = mark("It can no longer be withdrawn: it is decided.")
NO_WITHDRAWAL: Final[Mapping[Status, str]] = dict.fromkeys(
    (Status.DECIDED, Status.ISSUING, Status.DELIVERED), _DECIDED
)
