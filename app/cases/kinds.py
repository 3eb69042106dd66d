"""The words a case is described with: states, actions, reasons, outcomes.

Kinds and urgency are the catalogue's. Only names; what may follow what stands in
`workflows/`. The values are stored.
"""

from enum import StrEnum
from typing import Final


class Status(StrEnum):
    """Where a matter stands (architecture §6; each kind has a table of its own)."""

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    DISPATCHED = "dispatched"
    HANDLING = "handling"
    INVESTIGATING = "investigating"
    CONCLUDING = "concluding"
    MEASURES = "measures"
    RECHECKING = "rechecking"
    RECEIVED = "received"
    CORRECTING = "correcting"
    ADMITTED = "admitted"
    REVIEWING = "reviewing"
    SPECIAL_PROCEDURE = "special_procedure"
    DECIDED = "decided"
    ISSUING = "issuing"
    DELIVERED = "delivered"
    NOT_ADMITTED = "not_admitted"
    REPORTED = "reported"
    VERIFIED = "verified"
    SIGNED = "signed"
    ON_WAY = "on_way"
    ON_SITE = "on_site"
    REPAIRED = "repaired"
    CHECKED = "checked"
    NOT_FILED = "not_filed"
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
        Status.NOT_ADMITTED,
        Status.NOT_FILED,
        Status.REFERRED,
        Status.WITHDRAWN,
        Status.TERMINATED,
    }
)
# An application between receipt and file (行政许可法 arts. 29-44): decided on its own.
APPLYING = frozenset(
    {
        Status.RECEIVED,
        Status.CORRECTING,
        Status.ADMITTED,
        Status.REVIEWING,
        Status.SPECIAL_PROCEDURE,
        Status.DECIDED,
        Status.ISSUING,
        Status.DELIVERED,
    }
)
# A repair in the hands of those who do the work (rulebook §5).
AT_WORK = frozenset({Status.SIGNED, Status.ON_WAY, Status.ON_SITE})
# Whoever has it then has yet to set out.
NOT_SET_OUT = frozenset({Status.VERIFIED, Status.DISPATCHED, Status.SIGNED})
MENDED = frozenset({Status.REPAIRED, Status.CHECKED})
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
    CONFIRM = "confirm"  # the citizen says it is solved
    DISPUTE = "dispute"  # the citizen says it is not
    UPHOLD = "uphold"  # a check of a silent closure finds it in order
    OVERTURN = "overturn"  # … or finds it not really solved
    REOPEN = "reopen"
    REQUEST_REOPEN = "request_reopen"
    GRANT_REOPEN = "grant_reopen"
    REFUSE_REOPEN = "refuse_reopen"
    INVESTIGATE = "investigate"
    CONCLUDE = "conclude"
    CONFIRM_FINDING = "confirm_finding"
    RETURN_FINDING = "return_finding"
    REQUEST_RECHECK = "request_recheck"
    UPHOLD_FINDING = "uphold_finding"
    CHANGE_FINDING = "change_finding"
    FIND_AGAIN = "find_again"
    # Applications (办件; 行政许可法 arts. 32-45).
    NOTIFY_DEFECTS = "notify_defects"
    HAND_IN = "hand_in"  # the citizen hands in what lacked
    TAKE_PAPERS = "take_papers"  # … or brings it to the window
    ADMIT = "admit"
    DEEM_ADMITTED = "deem_admitted"
    NOT_ADMIT = "not_admit"
    DECIDE_AT_ONCE = "decide_at_once"
    START_REVIEW = "start_review"
    REQUEST_PROCEDURE = "request_procedure"
    APPROVE_PROCEDURE = "approve_procedure"
    REFUSE_PROCEDURE = "refuse_procedure"
    END_PROCEDURE = "end_procedure"
    GRANT = "grant"
    REFUSE = "refuse"
    ISSUE = "issue"
    DELIVER = "deliver"
    ARCHIVE = "archive"
    TAKE_BACK = "take_back"  # the applicant withdraws at the window
    DEEM_WITHDRAWN = "deem_withdrawn"
    # Repairs (数字城管: 立案, 派遣, 处置, 核查, 结案; rulebook §5).
    FILE = "file"  # looked at on site or by rule: it is one, and ours (立案)
    NOT_FILE = "not_file"
    COORDINATE = "coordinate"  # nobody owns it: the street coordinates (属地协调)
    ASSIGN_CREW = "assign_crew"
    GRAB = "grab"  # a crew takes what no crew has (抢单)
    HAND_BACK = "hand_back"
    SET_OUT = "set_out"
    ARRIVE = "arrive"
    SECURE = "secure"  # the spot is made safe before it is repaired (围挡)
    FIX = "fix"
    CHECK = "check"  # somebody else than the crew looks (核查)
    # The same matter (并案): what only its followers can take.
    UNMERGE = "unmerge"
    CLAIM_DIFFERENT = "claim_different"
    GRANT_SEPARATION = "grant_separation"
    REFUSE_SEPARATION = "refuse_separation"
    END_WITH = "end_with"
    CALL_BACK = "call_back"
    # Not steps of the workflow: they leave the state alone and are always open.
    SUPPLEMENT = "supplement"
    URGE = "urge"
    ANSWER_URGE = "answer_urge"
    REMIND = "remind"  # staff who supervise ask the unit for speed
    SUPERVISE = "supervise"  # a supervision order (督办单) is issued
    SUPERVISION = "supervision"  # what happens to it afterwards; the payload says what
    NOTE = "note"
    WARN = "warn"
    BREACH = "breach"
    CLOCK = "clock"
    IMPORT_REPLY = "import_reply"
    PROOF = "proof"  # evidence for closing, or the reason why it cannot be given
    CALLED = "called"  # the citizen was tried for a call-back
    GATHER = "gather"
    PART = "part"
    FOLLOWER_SAID = "follower_said"
    PROGRESS = "progress"
    SHARED_REPLY = "shared_reply"
    TELL_PROGRESS = "tell_progress"
    INQUIRE = "inquire"
    LAY_DOWN = "lay_down"
    PROVE = "prove"
    RECUSE = "recuse"
    CONFIDE = "confide"
    REVEAL = "reveal"
    HAND_OVER = "hand_over"
    ACCEPT_HAND_OVER = "accept_hand_over"
    REFUSE_HAND_OVER = "refuse_hand_over"
    REDISTRIBUTE = "redistribute"
    JUDGE_PAPERS = "judge_papers"
    KEEP_PROMISE = "keep_promise"  # papers that were to follow have come
    VERIFY = "verify"  # what was granted on the applicant's word was looked at afterwards
    EXPLAIN_LATE = "explain_late"  # why the promised limit was passed, for everybody to read
    TELL_HEARING = "tell_hearing"  # of the right to be heard (听证), 行政许可法 art. 47
    ASK_HEARING = "ask_hearing"
    CALL_HEARING = "call_hearing"
    HOLD_HEARING = "hold_hearing"
    REVOKE = "revoke"  # what rested on a false promise (撤销)
    LEND = "lend"  # a contractor got a link, or it was taken back
    # What passes between the lead unit and a unit that assists (协办).
    TASK_ASK = "task_ask"
    TASK_SIGN = "task_sign"
    TASK_REPLY = "task_reply"
    TASK_RETURN = "task_return"
    TASK_ACCEPT = "task_accept"
    TASK_SEND_BACK = "task_send_back"
    TASK_CANCEL = "task_cancel"


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


class Finding(StrEnum):
    """What the investigation of a complaint came to (认定)."""

    UPHELD = "upheld"
    PARTLY = "partly"
    NOT_UPHELD = "not_upheld"


class SubjectKind(StrEnum):
    """What a complaint is about."""

    UNIT = "unit"
    WINDOW = "window"
    STAFF = "staff"
    SERVICE = "service"
    BUSINESS = "business"


class InquiryKind(StrEnum):
    """What a line of the investigation file is."""

    INTERVIEW = "interview"
    DOCUMENT = "document"
    ON_SITE = "on_site"
    FACT = "fact"


class NotPossible(StrEnum):
    """Why nothing can be done about a matter."""

    LAW = "law"
    NO_POWER = "no_power"
    PLAN = "plan"
    CONDITIONS = "conditions"
    CONSENT = "consent"
    CIVIL = "civil"


class DeclineReason(StrEnum):
    """Why a matter is not taken on (rulebook §2.5 R1-R6)."""

    EMERGENCY = "emergency"
    OTHER_PROCEDURE = "other_procedure"
    NO_NEW_FACTS = "no_new_facts"
    CLASSIFIED = "classified"
    OUTSIDE_DUTIES = "outside_duties"
    UNLAWFUL = "unlawful"


class NotAdmitted(StrEnum):
    """Why an application is not accepted (行政许可法 art. 32)."""

    NO_PERMIT_NEEDED = "no_permit_needed"
    WRONG_AUTHORITY = "wrong_authority"
    NOT_CORRECTED = "not_corrected"
    BARRED = "barred"


class NotFiled(StrEnum):
    """Why a reported repair is not filed (CJ/T 315: 立案 conditions; rulebook §5)."""

    NOTHING_THERE = "nothing_there"
    NO_FAULT = "no_fault"
    REPAIRED_ALREADY = "repaired_already"
    PRIVATE = "private"
    OUTSIDE = "outside"


class Admission(StrEnum):
    """In which way an application was accepted."""

    PLAIN = "plain"
    PAPERS_FOLLOW = "papers_follow"  # 容缺受理
    AT_ONCE = "at_once"  # 即办, 告知承诺
    DEEMED = "deemed"  # nobody said in time what lacked


class Decision(StrEnum):
    """What was decided on an application."""

    GRANTED = "granted"
    REFUSED = "refused"


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
    PARTLY = "partly"
    NOT_SOLVED = "not_solved"
    NO_CLEAR_ANSWER = "no_clear_answer"
    UNREACHABLE = "unreachable"
    DECLINED = "declined"
    NOT_WANTED = "not_wanted"


# Ended without a word of the citizen on whether it is solved: what a share is looked at again.
_SAID: Final = (CallbackResult.SOLVED, CallbackResult.PARTLY, CallbackResult.NOT_SOLVED)
SILENT: Final = frozenset(set(CallbackResult) - set(_SAID))


class ApprovalKind(StrEnum):
    """Requests that somebody else decides (architecture §6)."""

    RETURN = "return"
    EXTENSION = "extension"
    SUSPENSION = "suspension"
    TERMINATION = "termination"
    REOPEN = "reopen"
    SEPARATION = "separation"
    FINDING = "finding"
    PROCEDURE = "procedure"


class ApproverLevel(StrEnum):
    """Who decides a request: whoever may at the unit, or only those who supervise."""

    UNIT = "unit"
    CENTRE = "centre"


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
    CONTRACTOR = "contractor"  # no account: by a lent link, on one repair
