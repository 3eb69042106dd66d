"""What people do with inspections. Nothing here commits."""

from app.inspections.service.planning import (
    PlanDraft,
    add_plan,
    change_plan,
    covered,
    make_rounds,
    set_plan_active,
)
from app.inspections.service.walking import Said, may_walk, say

__all__ = [
    "PlanDraft",
    "Said",
    "add_plan",
    "change_plan",
    "covered",
    "make_rounds",
    "may_walk",
    "say",
    "set_plan_active",
]
