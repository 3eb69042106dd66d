"""What is old enough loses its content: tried first, proposed by one, approved by another.

Each deed in the module of its name.
"""

from app.privacy.service.retention.batches import MOST_IN_BATCH, RUN, approve, propose, refuse
from app.privacy.service.retention.rules import Kept, seed, set_rule
from app.privacy.service.retention.trying import DryRun, Due, dry_run
from app.privacy.service.retention.working import work_off

__all__ = [
    "MOST_IN_BATCH",
    "RUN",
    "DryRun",
    "Due",
    "Kept",
    "approve",
    "dry_run",
    "propose",
    "refuse",
    "seed",
    "set_rule",
    "work_off",
]
