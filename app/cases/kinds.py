"""The words a case is described with: states, actions, reasons, outcomes.

Kinds and urgency are the catalogue's. Only names; what may follow what stands in
`workflows/`. The values are stored.
"""

from enum import StrEnum


class Status(StrEnum):
    """Where a matter stands (architecture §6, *order*)."""

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    DISPATCHED = "dispatched"
    HANDLING = "handling"
    WAITING_CITIZEN = "waiting_citizen"
    RETURNING = "returning"
    ADJUDICATING = "adjudicating"
    SUSPENDED = "suspended"
    REPLIED = "replied"
    CALLING_BACK = "calling_back"
    CLOSED = "closed"
    ANSWERED = "answered"
    DECLINED = "declined"
    REFERRED = "referred"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"
    TERMINATED = "terminated"


FINAL = frozenset(
    {
        Status.CLOSED,
        Status.ANSWERED,
        Status.DECLINED,
        Status.REFERRED,
        Status.MERGED,
        Status.WITHDRAWN,
        Status.TERMINATED,
    }
)
# What the citizen may rate: work was done and an answer given.
RATEABLE = frozenset({Status.CLOSED, Status.ANSWERED})


class Action(StrEnum):
    """What somebody does to a matter, named with the window's verbs."""

    OPEN = "open"
    ACCEPT = "accept"
    ANSWER_ON_SPOT = "answer_on_spot"
    DECLINE = "decline"
    REFER = "refer"
    MERGE = "merge"
    WITHDRAW = "withdraw"
    DISPATCH = "dispatch"
    SIGN = "sign"
    ASSIGN = "assign"
    CONTACT = "contact"
    ASK_CITIZEN = "ask_citizen"
    ANSWER_QUESTION = "answer_question"
    GO_ON = "go_on"
    REQUEST_RETURN = "request_return"
    ACCEPT_RETURN = "accept_return"
    REFUSE_RETURN = "refuse_return"
    ADJUDICATE = "adjudicate"
    REQUEST_RULING = "request_ruling"
    RULE = "rule"
    REQUEST_EXTENSION = "request_extension"
    APPROVE_EXTENSION = "approve_extension"
    REFUSE_EXTENSION = "refuse_extension"
    REQUEST_SUSPENSION = "request_suspension"
    APPROVE_SUSPENSION = "approve_suspension"
    REFUSE_SUSPENSION = "refuse_suspension"
    RESUME = "resume"
    REQUEST_TERMINATION = "request_termination"
    APPROVE_TERMINATION = "approve_termination"
    REFUSE_TERMINATION = "refuse_termination"
    REPLY = "reply"
    APPROVE_REPLY = "approve_reply"
    RETURN_REPLY = "return_reply"
    CLOSE = "close"
    REWORK = "rework"
    REOPEN = "reopen"
    REQUEST_REOPEN = "request_reopen"
    GRANT_REOPEN = "grant_reopen"
    REFUSE_REOPEN = "refuse_reopen"
    # Not steps of the workflow: they leave the state alone and are always open.
    SUPPLEMENT = "supplement"
    URGE = "urge"
    NOTE = "note"
    WARN = "warn"
    BREACH = "breach"
    CLOCK = "clock"
    IMPORT_REPLY = "import_reply"


class Channel(StrEnum):
    """How the matter reached us."""

    WINDOW = "window"
    PHONE = "phone"
    PORTAL = "portal"
    APP = "app"
    LETTER = "letter"
    EMAIL = "email"
    MEDIA = "media"
    OPEN311 = "open311"
    STAFF = "staff"
    OTHER = "other"


class Outcome(StrEnum):
    """What came of it, recorded apart from the state."""

    RESOLVED = "resolved"
    EXPLAINED = "explained"
    PARTLY = "partly"
    NOT_POSSIBLE = "not_possible"


class DeclineReason(StrEnum):
    """Why a matter is not taken on (rulebook §2.5 R1-R6)."""

    EMERGENCY = "emergency"
    OTHER_PROCEDURE = "other_procedure"
    NO_NEW_FACTS = "no_new_facts"
    CLASSIFIED = "classified"
    OUTSIDE_DUTIES = "outside_duties"
    UNLAWFUL = "unlawful"


class PauseGround(StrEnum):
    """The legal types that may stop a clock (挂账; rulebook §2.2, §3)."""

    LITIGATION = "litigation"
    EXPERT_OPINION = "expert_opinion"
    SEASONAL_WORK = "seasonal_work"
    PLANNED_PROJECT = "planned_project"
    FORCE_MAJEURE = "force_majeure"


class CallbackResult(StrEnum):
    """What the citizen said when called back; unreachable stays out of rates (rulebook §9)."""

    SOLVED = "solved"
    NOT_SOLVED = "not_solved"
    NO_CLEAR_ANSWER = "no_clear_answer"
    UNREACHABLE = "unreachable"
    NOT_WANTED = "not_wanted"


class ApprovalKind(StrEnum):
    """Requests that somebody else decides (architecture §6)."""

    RETURN = "return"
    EXTENSION = "extension"
    SUSPENSION = "suspension"
    TERMINATION = "termination"
    REOPEN = "reopen"


class AccessRole(StrEnum):
    """In which part a unit saw a case."""

    INTAKE = "intake"
    MAIN = "main"
    ASSISTING = "assisting"


class DoerKind(StrEnum):
    """Who did it."""

    STAFF = "staff"
    CITIZEN = "citizen"
    SYSTEM = "system"
