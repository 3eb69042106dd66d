"""In which order steps are offered, and which of them are marked as grave.

Only names; what may follow what stands in the workflows.
"""

from typing import Final

from app.cases.kinds import Action

DANGER: Final = frozenset(
    {
        Action.DECLINE,
        Action.REFER,
        Action.MERGE,
        Action.NOT_ADMIT,
        Action.REFUSE,
        Action.TAKE_BACK,
        Action.APPROVE_TERMINATION,
        Action.REWORK,
        Action.OVERTURN,
        Action.NOT_FILE,
        Action.HAND_BACK,
    }
)
# The way most matters take from each state: shown open, first, with Ctrl+Enter.
USUAL: Final = (
    Action.ACCEPT_HAND_OVER,
    Action.ACCEPT,
    Action.DECIDE_AT_ONCE,
    Action.ADMIT,
    Action.NOTIFY_DEFECTS,
    Action.TAKE_PAPERS,
    Action.START_REVIEW,
    Action.END_PROCEDURE,
    Action.GRANT,
    Action.ISSUE,
    Action.DELIVER,
    Action.ARCHIVE,
    Action.FILE,
    Action.DISPATCH,
    Action.SIGN,
    Action.GRAB,
    Action.FIX,
    Action.SECURE,
    Action.ARRIVE,
    Action.SET_OUT,
    Action.ASSIGN_CREW,
    Action.CHECK,
    Action.CONCLUDE,
    Action.CONFIRM_FINDING,
    Action.REPLY,
    Action.APPROVE_REPLY,
    Action.CLOSE,
    Action.ACCEPT_RETURN,
    Action.RULE,
    Action.RESUME,
    Action.GO_ON,
)
