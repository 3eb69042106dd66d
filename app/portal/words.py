"""What a citizen reads about their matter: plain sentences for states, lines of history, kinds.

Staff read other words (`cases.labels`); these say what happened and what comes next.
"""

from collections.abc import Mapping
from typing import Final

from app.cases.kinds import FINAL, Action, Status
from app.catalogue.rules import CaseKind
from app.kernel.messages import mark
from app.portal import application_words, repair_words
from app.portal.application_words import StateWords

STATES: Final[Mapping[Status, StateWords]] = {
    Status.SUBMITTED: StateWords(
        mark("We have received it"),
        mark("Next: a member of staff reads it and passes it to the right unit."),
    ),
    Status.ACCEPTED: StateWords(
        mark("Accepted"),
        mark("Next: it is passed to the unit that is responsible."),
    ),
    Status.DISPATCHED: StateWords(
        mark("Passed on"),
        mark("Next: the unit confirms that it takes the matter on."),
    ),
    Status.HANDLING: StateWords(
        mark("Being handled"),
        mark("Next: the unit deals with it and writes you a reply."),
    ),
    Status.INVESTIGATING: StateWords(
        mark("Being looked into"),
        mark("Next: the unit finds out what happened; somebody else confirms what it finds."),
    ),
    Status.CONCLUDING: StateWords(
        mark("Being looked into"),
        mark("Next: the unit finds out what happened; somebody else confirms what it finds."),
    ),
    Status.MEASURES: StateWords(
        mark("It has been looked into"),
        mark("Next: what is to be put right gets its date, and you get a reply."),
    ),
    Status.RECHECKING: StateWords(
        mark("The unit above is checking it"),
        mark("Next: the unit above decides, once, whether the finding stays."),
    ),
    Status.WAITING_CITIZEN: StateWords(
        mark("We have a question for you"),
        mark("Next: please answer the question below, so that work can go on."),
    ),
    Status.RETURNING: StateWords(
        mark("Being passed to the right unit"),
        mark("Next: we settle which unit is responsible. The expected date stays the same."),
    ),
    Status.ADJUDICATING: StateWords(
        mark("Being passed to the right unit"),
        mark("Next: we settle which unit is responsible. The expected date stays the same."),
    ),
    Status.SUSPENDED: StateWords(
        mark("On hold"),
        mark("Next: work goes on when the reason given below is over."),
    ),
    Status.REPLIED: StateWords(
        mark("The reply is being checked"),
        mark("Next: when the reply has been checked, you read it here."),
    ),
    Status.CALLING_BACK: StateWords(
        mark("There is a reply"),
        mark("Next: tell us whether it is solved, or we call you and ask."),
    ),
    Status.CLOSED: StateWords(
        mark("Closed"),
        mark("If it is not settled, you can ask us to take it up again."),
    ),
    Status.ANSWERED: StateWords(
        mark("Answered"),
        mark("The answer is below. A new matter can be reported at any time."),
    ),
    Status.DECLINED: StateWords(
        mark("We could not take it on"),
        mark("The reason is below. If you have new facts, report them as a new matter."),
    ),
    Status.REFERRED: StateWords(
        mark("Another office is responsible"),
        mark("Below is where to turn to."),
    ),
    Status.MERGED: StateWords(
        mark("Handled together with the same matter of others"),
        mark("Next: what comes of it counts for your matter too, and you read it here."),
    ),
    Status.WITHDRAWN: StateWords(
        mark("You have withdrawn it"),
        mark("Nothing more will be done. A new matter can be reported at any time."),
    ),
    Status.TERMINATED: StateWords(
        mark("Handling has ended"),
        mark("The reason is below."),
    ),
    **application_words.STATES,
    **repair_words.STATES,
}

LINES: Final[Mapping[Action, str]] = {
    Action.OPEN: mark("The matter reached us"),
    Action.ACCEPT: mark("It was accepted"),
    Action.ANSWER_ON_SPOT: mark("It was answered"),
    Action.DECLINE: mark("It could not be taken on"),
    Action.REFER: mark("Another office is responsible"),
    Action.MERGE: mark("It was joined with the same matter of others"),
    Action.UNMERGE: mark("It is handled on its own again"),
    Action.CLAIM_DIFFERENT: mark("You said that yours is another matter"),
    Action.GRANT_SEPARATION: mark("It is handled on its own again"),
    Action.REFUSE_SEPARATION: mark("It stays joined with the same matter of others"),
    Action.END_WITH: mark("It ended together with the same matter of others"),
    Action.CALL_BACK: mark("You were called back"),
    Action.GATHER: mark("The same matter of somebody else was joined to it"),
    Action.PART: mark("The matter of somebody else is handled on its own again"),
    Action.FOLLOWER_SAID: mark("Somebody else with the same matter wrote"),
    Action.PROGRESS: mark("News of the same matter of others"),
    Action.SHARED_REPLY: mark("The reply was checked and released"),
    Action.TELL_PROGRESS: mark("You asked, and we told you where it stands"),
    Action.WITHDRAW: mark("You withdrew it"),
    Action.DISPATCH: mark("It was passed to the responsible unit"),
    Action.SIGN: mark("The unit took it on"),
    Action.ASSIGN: mark("Somebody is in charge of it now"),
    Action.CONTACT: mark("The unit was in touch with you"),
    Action.ASK_CITIZEN: mark("The unit asked you a question"),
    Action.ANSWER_QUESTION: mark("You answered"),
    Action.GO_ON: mark("Work goes on without the answer"),
    Action.REQUEST_RETURN: mark("It is being settled which unit is responsible"),
    Action.REQUEST_RULING: mark("It is being settled which unit is responsible"),
    Action.ACCEPT_RETURN: mark("Another unit will take it on"),
    Action.REFUSE_RETURN: mark("The unit keeps it"),
    Action.ADJUDICATE: mark("It is being settled which unit is responsible"),
    Action.RULE: mark("It was settled which unit is responsible"),
    Action.REQUEST_EXTENSION: mark("The unit asked for more time"),
    Action.APPROVE_EXTENSION: mark("It takes longer than planned"),
    Action.REFUSE_EXTENSION: mark("The date stays the same"),
    Action.REQUEST_SUSPENSION: mark("The unit asked to put it on hold"),
    Action.APPROVE_SUSPENSION: mark("It was put on hold"),
    Action.REFUSE_SUSPENSION: mark("Work goes on"),
    Action.RESUME: mark("Work goes on"),
    Action.REQUEST_TERMINATION: mark("The unit asked to end it"),
    Action.APPROVE_TERMINATION: mark("Handling has ended"),
    Action.REFUSE_TERMINATION: mark("Work goes on"),
    Action.REPLY: mark("The unit wrote a reply"),
    Action.APPROVE_REPLY: mark("The reply was checked and released"),
    Action.RETURN_REPLY: mark("The unit works on the reply again"),
    Action.CLOSE: mark("The matter was closed"),
    Action.REWORK: mark("It is handled once more"),
    Action.CONFIRM: mark("You told us that it is solved"),
    Action.DISPUTE: mark("You told us that it is not solved"),
    Action.UPHOLD: mark("The closing was checked"),
    Action.OVERTURN: mark("A check found that it is not solved; it is handled once more"),
    Action.REOPEN: mark("You asked us to take it up again"),
    Action.REQUEST_REOPEN: mark("You asked us to take it up again"),
    Action.GRANT_REOPEN: mark("It is taken up again"),
    Action.REFUSE_REOPEN: mark("It is not taken up again"),
    Action.INVESTIGATE: mark("It is looked into further"),
    Action.CONCLUDE: mark("It has been looked into"),
    Action.CONFIRM_FINDING: mark("What was found has been confirmed"),
    Action.RETURN_FINDING: mark("It is looked into further"),
    Action.REQUEST_RECHECK: mark("You asked the unit above to check it"),
    Action.UPHOLD_FINDING: mark("The unit above has checked it: the finding stays"),
    Action.CHANGE_FINDING: mark("The unit above has checked it: the finding is changed"),
    Action.FIND_AGAIN: mark("The unit above has it looked into again"),
    Action.SUPPLEMENT: mark("You added something"),
    Action.URGE: mark("You asked us to hurry"),
    Action.ANSWER_URGE: mark("The unit answered that you asked us to hurry"),
    Action.REMIND: mark("The unit was reminded"),
    Action.SUPERVISE: mark("A supervisor follows the matter"),
    Action.SUPERVISION: mark("A supervisor follows the matter"),
    Action.NOTE: mark("A note was made"),
    Action.WARN: mark("The expected date is near"),
    Action.BREACH: mark("The expected date has passed"),
    Action.CLOCK: mark("The expected date changed"),
    Action.IMPORT_REPLY: mark("Reply"),
    Action.INQUIRE: mark("It is being looked into"),
    Action.LAY_DOWN: mark("It was laid down what is to be put right"),
    Action.PROVE: mark("Something was put right"),
    Action.RECUSE: mark("Somebody with an interest stepped back"),
    Action.CONFIDE: mark("Somebody may see who you are"),
    Action.REVEAL: mark("Somebody looked who you are"),
    Action.PROOF: mark("Evidence was kept"),
    Action.CALLED: mark("We tried to call you"),
    **application_words.LINES,
    **repair_words.LINES,
}

KINDS: Final[Mapping[CaseKind, tuple[str, str]]] = {
    CaseKind.HELP: (
        mark("Please deal with something"),
        mark("Something is broken, in the way or missing, or I need help"),
    ),
    CaseKind.CONSULTATION: (
        mark("I have a question"),
        mark("How something works, what I need, where to go"),
    ),
    CaseKind.COMPLAINT: (
        mark("I have a complaint"),
        mark("About a service or how I was treated"),
    ),
    CaseKind.TIP: (
        mark("I report a violation"),
        mark("Somebody breaks the rules"),
    ),
    CaseKind.SUGGESTION: (
        mark("I have a suggestion"),
        mark("How the city could do better"),
    ),
    CaseKind.PRAISE: (
        mark("I want to thank somebody"),
        mark("Praise for a person or a unit"),
    ),
}

_SETTLING: Final = mark(
    "It cannot be withdrawn while we settle which unit is responsible. "
    "Once a unit has taken it on, you can."
)
_FOUND: Final = mark("It can no longer be withdrawn: it has been looked into already.")
_CREW: Final = mark("It can no longer be withdrawn: a crew is already on its way or there.")
_MENDED: Final = mark("It can no longer be withdrawn: it has been repaired and is being checked.")
# Why there is no withdrawal, by the open states that offer none.
_NO_WITHDRAWAL: Final[Mapping[Status, str]] = {
    Status.RETURNING: _SETTLING,
    Status.ADJUDICATING: _SETTLING,
    Status.SUSPENDED: mark(
        "It cannot be withdrawn while it is on hold. Once work goes on again, you can."
    ),
    Status.CONCLUDING: _FOUND,
    Status.MEASURES: _FOUND,
    Status.RECHECKING: _FOUND,
    Status.REPLIED: mark(
        "It can no longer be withdrawn: the reply is written and is being checked."
    ),
    Status.CALLING_BACK: mark("It can no longer be withdrawn: you have our reply."),
    Status.ON_WAY: _CREW,
    Status.ON_SITE: _CREW,
    Status.REPAIRED: _MENDED,
    Status.CHECKED: _MENDED,
    **application_words.NO_WITHDRAWAL,
}


def why_no_withdrawal(status: Status) -> str:
    """Why a matter in this state cannot be withdrawn; "" where it can."""
    if status in FINAL:
        return mark("It can no longer be withdrawn: the matter has ended.")
    return _NO_WITHDRAWAL.get(status, "")


# What a page says after something was done; the key travels in the address.
DONE: Final[Mapping[str, str]] = {
    "supplement": mark("Added. The handling unit sees it."),
    "no_new_order": mark("No new order was made: this one is in hand. Here is how it stands."),
    "urge": mark("The handling unit and its supervisors have been told that you are waiting."),
    "urge_again": mark(
        "Thank you. That you asked again is counted. The unit was told a short while ago and is "
        "not alarmed a second time."
    ),
    "withdraw": mark("Your matter has been withdrawn."),
    "answer": mark("Thank you. Your answer has been passed on."),
    "hand_in": mark("Thank you. We have what you handed in and look through it."),
    "reopen": mark("Your matter is taken up again."),
    "request_recheck": mark("The unit above has your request and will check it."),
    "request_reopen": mark("Your request has reached us. Somebody will decide on it."),
    "claim_different": mark("Your word has reached us. Somebody looks at it and decides."),
    "rated": mark("Thank you. Your rating has been stored."),
}
