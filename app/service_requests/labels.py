"""What people read for the words of applications; translated at the edge."""

from collections.abc import Mapping
from typing import Final

from app.cases.kinds import Decision
from app.cases.labels import label
from app.kernel.messages import mark
from app.service_items.rules import ItemKind
from app.service_requests.rules import Verdict

VERDICTS: Final[Mapping[Verdict, str]] = {
    Verdict.OPEN: mark("not looked at"),
    Verdict.OK: mark("in order"),
    Verdict.LACKING: mark("lacking"),
    Verdict.DEFECT: mark("defective"),
    Verdict.PROMISED: mark("may follow"),
}

_REFUSED: Final[Mapping[ItemKind, str]] = {
    ItemKind.PERMIT: mark("Permit refused"),
    ItemKind.GRANT: mark("Benefit refused"),
    ItemKind.CONFIRMATION: mark("Confirmation refused"),
    ItemKind.REWARD: mark("Reward refused"),
}


def decided(decision: Decision, kind: ItemKind) -> str:
    """A decision by its name in law: what is refused is a permit, a benefit, or else."""
    refused = _REFUSED.get(kind) if decision is Decision.REFUSED else None
    return refused or label(decision)
