"""Who may read and write an investigation file, lay down measures, prove them, name confidants.

Pure; what a step of the workflow needs stands in the table of steps.
"""

from typing import Final

from app.accounts.rules import Actor, Permission
from app.cases.kinds import FINAL, Finding, Status
from app.cases.rules import Situation, is_accused

_LOOKED_INTO: Final = frozenset({Status.INVESTIGATING, Status.WAITING_CITIZEN})


def may_read_file(actor: Actor, case: Situation) -> bool:
    """Only who investigates or confirms: the file is confidential even among those who see it."""
    return _reaches(actor, case, Permission.CASE_HANDLE) or _reaches(
        actor, case, Permission.CASE_CONCLUDE
    )


def may_write_file(actor: Actor, case: Situation) -> bool:
    """While it is investigated; afterwards the file stays as the finding found it."""
    return case.status in _LOOKED_INTO and _reaches(actor, case, Permission.CASE_HANDLE)


def may_lay_down(actor: Actor, case: Situation) -> bool:
    """Once the finding is confirmed and it was not that nothing was wrong."""
    is_time = case.status is Status.MEASURES and case.inquiry.finding is not Finding.NOT_UPHELD
    return is_time and _reaches(actor, case, Permission.CASE_HANDLE)


def may_prove(actor: Actor, case: Situation) -> bool:
    """At any time, also when the matter is closed: a promise outlives the answer."""
    return _reaches(actor, case, Permission.CASE_HANDLE)


def may_confide(actor: Actor, case: Situation) -> bool:
    """The unit's head or the supervisor says who else may see who complains."""
    return _reaches(actor, case, Permission.CASE_CONCLUDE)


def may_step_back(actor: Actor, case: Situation) -> bool:
    """Anybody who sees an open matter may say that they have an interest in it."""
    return case.status not in FINAL and not is_accused(case, actor)


def may_order_back(actor: Actor, case: Situation) -> bool:
    """The supervisor may tell somebody to step back (济南 art. 32, 信访工作条例 art. 30)."""
    return case.status not in FINAL and _reaches(actor, case, Permission.CASE_SUPERVISE)


def _reaches(actor: Actor, case: Situation, permission: Permission) -> bool:
    return not is_accused(case, actor) and actor.covers(
        permission,
        unit_id=case.unit_id,
        unit_path=case.unit_path,
        region_code=case.region_code,
        handler_id=case.handler_id,
    )
