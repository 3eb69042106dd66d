"""What can be done to many matters at once, what each deed needs, and what a macro may hold.

Pure. A deed that is a step of the workflow keeps the step's own rights and conditions.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.accounts.rules import Permission
from app.cases.kinds import Action
from app.kernel.messages import mark

MOST: Final = 500
AT_ONCE: Final = 50  # more than these are done in the background
BATCH: Final = 20  # rows a job does before it lets others have their turn


class BulkDeed(StrEnum):
    """What is done to each of the matters chosen."""

    ASSIGN = "assign"
    REPLY = "reply"
    EXTEND = "request_extension"
    GRANT = "approve_extension"
    REFUSE = "refuse_extension"
    CLOSE = "close"
    NOTE = "note"
    ANSWER_URGE = "answer_urge"
    REMIND = "remind"
    SUPERVISE = "supervise"


class BulkState(StrEnum):
    """Where a run stands."""

    DRAFT = "draft"
    WAITING = "waiting"
    DONE = "done"


class RowState(StrEnum):
    """What became of one matter of a run."""

    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"


class Ask(StrEnum):
    """What a deed needs besides the matters; the value is the field's name in its form."""

    TEXT = "text"
    NOTE = "note"
    HANDLER = "handler_id"
    OUTCOME = "outcome"
    AMOUNT = "amount"
    EVIDENCE = "evidence"
    RESULT = "callback_result"
    LEVEL = "level_id"
    REASON = "reason"
    DEMAND = "demand"
    STATEMENT = "proof_statement"
    LACKING = "proof_lacking"


@dataclass(frozen=True, slots=True)
class DeedRule:
    """One deed: who may have it offered, what must be given, what may be given besides."""

    label: str
    needs: tuple[Permission, ...]
    requires: tuple[Ask, ...]
    offers: tuple[Ask, ...] = ()
    action: Action | None = None  # the step of the workflow it takes, if it is one


_P: Final = Permission
DEEDS: Final[Mapping[BulkDeed, DeedRule]] = {
    BulkDeed.ASSIGN: DeedRule(
        mark("Assign"), (_P.CASE_HANDLE,), (Ask.HANDLER,), (Ask.NOTE,), Action.ASSIGN
    ),
    BulkDeed.REPLY: DeedRule(
        mark("Reply with one text"),
        (_P.CASE_HANDLE,),
        (Ask.OUTCOME, Ask.TEXT),
        (Ask.STATEMENT, Ask.LACKING, Ask.NOTE),
        Action.REPLY,
    ),
    BulkDeed.EXTEND: DeedRule(
        mark("Request more time"),
        (_P.CASE_HANDLE,),
        (Ask.AMOUNT, Ask.EVIDENCE, Ask.NOTE),
        (),
        Action.REQUEST_EXTENSION,
    ),
    # What was asked for on many matters is not decided page by page.
    BulkDeed.GRANT: DeedRule(
        mark("Grant more time"), (_P.CASE_APPROVE,), (Ask.TEXT,), (), Action.APPROVE_EXTENSION
    ),
    BulkDeed.REFUSE: DeedRule(
        mark("Refuse more time"), (_P.CASE_APPROVE,), (Ask.NOTE,), (), Action.REFUSE_EXTENSION
    ),
    BulkDeed.CLOSE: DeedRule(
        mark("Close after the call-back"),
        (_P.CASE_CLOSE,),
        (Ask.RESULT,),
        (Ask.NOTE,),
        Action.CLOSE,
    ),
    BulkDeed.ANSWER_URGE: DeedRule(
        mark("Reply to the urge"), (_P.CASE_HANDLE, _P.CASE_ACCEPT), (Ask.TEXT,)
    ),
    BulkDeed.NOTE: DeedRule(mark("Write an internal note"), (_P.CASE_READ,), (Ask.NOTE,)),
    BulkDeed.REMIND: DeedRule(mark("Remind the unit"), (_P.CASE_SUPERVISE,), (), (Ask.NOTE,)),
    BulkDeed.SUPERVISE: DeedRule(
        mark("Issue supervision orders"),
        (_P.CASE_SUPERVISE,),
        (Ask.LEVEL, Ask.REASON, Ask.DEMAND),
    ),
}

MISSING: Final[Mapping[Ask, str]] = {
    Ask.TEXT: mark("Write what the citizen will read."),
    Ask.NOTE: mark("Write the note first."),
    Ask.HANDLER: mark("Choose who is to handle it."),
    Ask.OUTCOME: mark("Choose what came of it."),
    Ask.AMOUNT: mark("Enter how many days more you need."),
    Ask.EVIDENCE: mark("Name the rule or document it rests on."),
    Ask.RESULT: mark("Choose what the citizen said."),
    Ask.LEVEL: mark("Choose the level of the order."),
    Ask.REASON: mark("Say why the matter is supervised."),
    Ask.DEMAND: mark("Say what the unit is to do."),
}


def missing_in(deed: BulkDeed, given: Mapping[str, str]) -> dict[str, str]:
    """One sentence for each thing the deed needs and does not have."""
    wanted = DEEDS[deed].requires
    return {str(ask): MISSING[ask] for ask in wanted if not given.get(ask, "").strip()}


def filled(text: str, places: Mapping[str, str]) -> str:
    """The text with its `{places}` filled; one this matter has no value for becomes empty."""
    for name, value in places.items():
        text = text.replace("{" + name + "}", value)
    return text


# A macro is a step of the workflow with its facts and words; these are the ones it may be.
MACRO_ACTIONS: Final = (
    Action.REPLY,
    Action.ASK_CITIZEN,
    Action.ANSWER_ON_SPOT,
    Action.CONTACT,
    Action.ASSIGN,
    Action.REQUEST_EXTENSION,
    Action.CLOSE,
    Action.GO_ON,
)
