"""The words a step is written with: facts, clocks, what happens to them, conditions.

Only names; what they mean for a matter is decided beside.
"""

from enum import StrEnum


class Field(StrEnum):
    """A fact a step may need beside words; the value names the member of `Facts`."""

    CATEGORY = "category_id"
    URGENCY = "urgency"
    REGION = "region_code"
    UNIT = "unit_id"
    SUGGESTED_UNIT = "suggested_unit_id"
    EVIDENCE = "evidence"
    HANDLER = "handler_id"
    DECLINE_REASON = "decline_reason"
    REFER_TO = "refer_to"
    OUTCOME = "outcome"
    OUTCOME_REASON = "outcome_reason"
    OUTCOME_BASIS = "outcome_basis"
    AMOUNT = "amount"
    UNTIL = "until"
    GROUND = "ground"
    DOCUMENT_NO = "document_no"
    CALLBACK_RESULT = "callback_result"
    MASTER = "master"
    ACCUSED_UNIT = "accused_unit_id"
    ACCUSED_STAFF = "accused_staff"
    SUBJECT_KIND = "subject_kind"
    SUBJECT_NAME = "subject_name"
    FINDING = "finding"
    NOT_ADMITTED = "not_admitted"
    PROCEDURE = "procedure"
    REMEDIES = "remedies"
    DELIVERY = "delivery"
    TRACKING_NO = "tracking_no"
    NOT_FILED = "not_filed"
    CREW = "crew_id"


class Words(StrEnum):
    """Whether a step carries words, and for whom."""

    NONE = "none"
    NOTE = "note"  # internal, may be empty
    NOTE_REQUIRED = "note_required"
    PUBLIC = "public"  # the citizen reads it; may not be empty


class ClockDoes(StrEnum):
    """What happens to one clock of the case."""

    START = "start"
    MEET = "meet"
    CANCEL = "cancel"
    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"
    NEW_ROUND = "new_round"
    RUN = "run"  # from the day the application counts as accepted, if it has such a limit
    REBASE = "rebase"  # the limit may differ now that category or urgency are settled


class CaseClock(StrEnum):
    """The clocks a matter can have; values are those of `sla.rules.ClockKind`."""

    ACCEPT = "accept"
    DISPATCH = "dispatch"
    SIGN = "sign"
    FIRST_CONTACT = "first_contact"
    RESOLVE = "resolve"
    REVIEW = "review"
    CALLBACK = "callback"
    RETURN_DECISION = "return_decision"
    APPEAL = "appeal"
    ONE_TIME_NOTICE = "one_time_notice"
    WHILE_WAITING = "while_waiting"
    LEGAL = "legal"
    LATE_PAPERS = "late_papers"
    DELIVER = "deliver"
    VERIFY = "verify"
    HEARING = "hearing"
    ON_SITE = "on_site"
    SAFETY = "safety"


class Guard(StrEnum):
    """A condition on the case that the state alone does not tell."""

    RETURN_ALLOWED = "return_allowed"
    RULING_ALLOWED = "ruling_allowed"
    NOTHING_PENDING = "nothing_pending"
    IN_TIME = "in_time"
    EXTENSION_PENDING = "extension_pending"
    SUSPENSION_PENDING = "suspension_pending"
    TERMINATION_PENDING = "termination_pending"
    REOPEN_PENDING = "reopen_pending"
    REOPEN_FRESH = "reopen_fresh"
    HANDED_OVER = "handed_over"
    UNIT_ENDING = "unit_ending"
    REOPEN_LATE = "reopen_late"
    ABOUT_SOMEBODY = "about_somebody"
    DRAWN = "drawn"
    SEPARATION_PENDING = "separation_pending"
    WITH_MASTER = "with_master"  # nobody presses it: it comes with the leading matter
    CALLBACK_OWED = "callback_owed"
    CALLBACK_UNSOLVED = "callback_unsolved"
    INQUIRY_MADE = "inquiry_made"
    FINDING_PENDING = "finding_pending"
    MEASURES_SETTLED = "measures_settled"
    RECHECK_OPEN = "recheck_open"
    RECHECK_OVER = "recheck_over"
    CORRECTABLE = "correctable"
    PAPERS_SETTLED = "papers_settled"
    AT_ONCE = "at_once"
    NOTICE_LATE = "notice_late"
    NOTICE_IN_TIME = "notice_in_time"
    PROMISE_BROKEN = "promise_broken"
    PROCEDURE_POSSIBLE = "procedure_possible"
    PROCEDURE_PENDING = "procedure_pending"
    EXTENDABLE = "extendable"
    DECIDABLE = "decidable"
    TO_ISSUE = "to_issue"
    TO_HAND_OUT = "to_hand_out"
    CREWLESS = "crewless"
    HAS_CREW = "has_crew"
    SUSPENDABLE = "suspendable"
