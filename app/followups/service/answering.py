"""The citizen's answer by link: solved, partly, or not; once for each round."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.cases import service as cases
from app.cases.kinds import Action, CallbackResult
from app.cases.models import Case
from app.cases.rules import CITIZEN, Facts, StepInput
from app.followups.rules import LinkAnswer
from app.followups.service.calling import is_owed
from app.kernel.errors import ConflictError, InvalidError
from app.kernel.messages import mark


def answer_by_link(
    session: Session, case: Case, answer: LinkAnswer, words: str, *, now: datetime
) -> None:
    """Take the answer of the citizen who holds the token of the case.

    "Not solved" has it handled again, with the citizen's words for the unit to read.

    Raises:
        ConflictError: it was answered before, by link or telephone, or there is no reply yet.
        InvalidError: "not solved" without a word on what is not.
    """
    if not is_owed(case):
        raise ConflictError(mark("This question has been answered already, or is not open yet."))
    if answer is LinkAnswer.NOT_SOLVED:
        if not words.strip():
            raise InvalidError(fields={"words": mark("Write what is not solved.")})
        given = StepInput(Action.DISPUTE, case.version, text=words)
    else:
        facts = Facts(callback_result=CallbackResult(answer.value))
        given = StepInput(Action.CONFIRM, case.version, note=words, facts=facts)
    cases.take_step(session, case, given, doer=CITIZEN, now=now)
