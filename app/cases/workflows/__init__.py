"""The literal tables of steps, one per kind of matter, and the way to look one up."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from app.cases.kinds import Action
from app.cases.rules import Doer, Situation, Step, StepNotAllowedError, leads_on, may_take
from app.cases.workflows import complaint, order, service_request, tip
from app.catalogue.rules import CaseKind
from app.kernel.messages import mark

# Repairs follow the order table until their own package brings theirs (architecture §6).
TABLES: Final[Mapping[CaseKind, tuple[Step, ...]]] = {
    **dict.fromkeys(CaseKind, order.STEPS),
    CaseKind.COMPLAINT: complaint.STEPS,
    CaseKind.TIP: tip.STEPS,
    CaseKind.SERVICE_REQUEST: (*service_request.STEPS, *service_request.BEFORE),
}


def step_for(kind: CaseKind, case: Situation, action: Action) -> Step:
    """The step that `action` takes from where the case stands.

    Raises:
        StepNotAllowedError: there is no such step from here.
    """
    for step in TABLES[kind]:
        if step.action is action and leads_on(step, case):
            return step
    raise StepNotAllowedError(mark("This step is not possible from where the matter stands."))


def open_steps(kind: CaseKind, case: Situation, doer: Doer, now: datetime) -> tuple[Step, ...]:
    """The steps the doer may take now: exactly the buttons on the screen."""
    return tuple(step for step in TABLES[kind] if may_take(step, case, doer, now))
