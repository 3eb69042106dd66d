"""What a step of the workflow is, and who may take it when.

Pure: decided from arguments alone. The tables themselves stand in
`workflows/`; screens, commands, notices and tests all read the same lines.
"""

from app.cases.rules.applying import NO_APPLICATION, Application, Deadline
from app.cases.rules.closing import (
    check_callback,
    check_outcome,
    check_points,
    check_proof,
    lacking_proofs,
)
from app.cases.rules.guarding import (
    MAX_RETURNS,
    REOPEN_WINDOW,
    guard_holds,
    why_no_return,
    why_too_late,
)
from app.cases.rules.steps import (
    CITIZEN,
    CONTRACTOR,
    NO_FACTS,
    SYSTEM,
    Doer,
    Facts,
    Inquiry,
    Proof,
    Situation,
    Step,
    StepInput,
    staff,
)
from app.cases.rules.taking import (
    MISSING,
    OwnWorkError,
    StepNotAllowedError,
    check_input,
    check_may_take,
    given_fact,
    has_right,
    is_accused,
    is_own_work,
    leads_on,
    may_take,
)
from app.cases.rules.vocabulary import CaseClock, ClockDoes, Field, Guard, Words

__all__ = [
    "CITIZEN",
    "CONTRACTOR",
    "MAX_RETURNS",
    "MISSING",
    "NO_APPLICATION",
    "NO_FACTS",
    "REOPEN_WINDOW",
    "SYSTEM",
    "Application",
    "CaseClock",
    "ClockDoes",
    "Deadline",
    "Doer",
    "Facts",
    "Field",
    "Guard",
    "Inquiry",
    "OwnWorkError",
    "Proof",
    "Situation",
    "Step",
    "StepInput",
    "StepNotAllowedError",
    "Words",
    "check_callback",
    "check_input",
    "check_may_take",
    "check_outcome",
    "check_points",
    "check_proof",
    "given_fact",
    "guard_holds",
    "has_right",
    "is_accused",
    "is_own_work",
    "lacking_proofs",
    "leads_on",
    "may_take",
    "staff",
    "why_no_return",
    "why_too_late",
]
