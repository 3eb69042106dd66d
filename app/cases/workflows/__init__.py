"""The literal tables of steps, one per kind of matter, and the way to look one up."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from app.cases.kinds import Action, Status
from app.cases.rules import Doer, Situation, Step, StepNotAllowedError, leads_on, may_take
from app.cases.rules.guarding import guard_holds, what_bars
from app.cases.rules.taking import OWN_WORK, has_right, is_own_work
from app.cases.workflows import complaint, order, repair, service_request, tip
from app.catalogue.rules import CaseKind
from app.kernel.messages import mark

TABLES: Final[Mapping[CaseKind, tuple[Step, ...]]] = {
    **dict.fromkeys(CaseKind, order.STEPS),
    CaseKind.COMPLAINT: complaint.STEPS,
    CaseKind.TIP: tip.STEPS,
    CaseKind.REPAIR: (*repair.STEPS, *repair.BEFORE),
    CaseKind.SERVICE_REQUEST: (*service_request.STEPS, *service_request.BEFORE),
}

# A page asks four times what may be done: of some hundred lines a dozen begin where it stands.
_FROM: Final[Mapping[CaseKind, Mapping[Status, tuple[Step, ...]]]] = {
    kind: {status: tuple(step for step in steps if step.source is status) for status in Status}
    for kind, steps in TABLES.items()
}


def step_for(kind: CaseKind, case: Situation, action: Action) -> Step:
    """The step that `action` takes from where the case stands.

    Raises:
        StepNotAllowedError: there is no such step from here.
    """
    for step in _FROM[kind][case.status]:
        if step.action is action and leads_on(step, case):
            return step
    raise StepNotAllowedError(mark("This step is not possible from where the matter stands."))


def open_steps(kind: CaseKind, case: Situation, doer: Doer, now: datetime) -> tuple[Step, ...]:
    """The steps the doer may take now: exactly the buttons on the screen."""
    return tuple(step for step in _FROM[kind][case.status] if may_take(step, case, doer, now))


def barred_steps(
    kind: CaseKind, case: Situation, doer: Doer, now: datetime
) -> Mapping[str, Sequence[Action]]:
    """The steps that are the doer's but not possible now, under the sentence that says why."""
    barred: dict[str, list[Action]] = {}
    for step in _FROM[kind][case.status]:
        if leads_on(step, case) and has_right(step, case, doer):
            why = what_bars(step.guard, case, now) or _own(step, case, doer, now)
            if why is not None:
                barred.setdefault(why, []).append(step.action)
    return barred


def own_steps(kind: CaseKind, case: Situation, doer: Doer, now: datetime) -> tuple[Step, ...]:
    """The steps possible now that judge this person's own work: colleagues take them."""
    return tuple(
        step
        for step in _FROM[kind][case.status]
        if leads_on(step, case) and _own(step, case, doer, now) is not None
    )


def _own(step: Step, case: Situation, doer: Doer, now: datetime) -> str | None:
    is_barred = guard_holds(step.guard, case, now) and is_own_work(step, case, doer)
    return OWN_WORK if is_barred else None
