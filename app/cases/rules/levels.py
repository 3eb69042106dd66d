"""Which level decides a request: the lines laid down by law or custom, and how one is chosen.

Pure. An administrator may change a line; [S] marks sample values that a city replaces.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from app.cases.kinds import ApprovalKind, ApproverLevel
from app.kernel.errors import InvalidError
from app.kernel.messages import mark

_MOST: Final = 60
_MOST_BASIS: Final = 300


@dataclass(frozen=True, slots=True)
class LevelLine:
    """One line: the first in order that fits a request says who decides it.

    `most_nth` counts the requests of the kind granted on the matter, this one included;
    `most_days` the days asked for. None holds for any.
    """

    code: str
    kind: ApprovalKind
    most_nth: int | None
    most_days: int | None
    level: ApproverLevel
    basis_text: str
    is_sample: bool
    version: int = 0

    def fits(self, kind: ApprovalKind, *, nth: int, days: int | None) -> bool:
        """Whether the line speaks of this request."""
        fits_nth = self.most_nth is None or nth <= self.most_nth
        fits_days = self.most_days is None or days is None or days <= self.most_days
        return self.kind is kind and fits_nth and fits_days


# Rulebook §10: more time first by the head of the unit, then by the centre; suspension and
# termination by the centre (§2.2: 挂账 and 终止办理 are never the unit's own decision).
# An application's one extension is the head of the organ's to decide (行政许可法 art. 42); of a
# joint one the government's head decides.
BY_LAW: Final = (ApproverLevel.UNIT, "《行政许可法》第四十二条：经本行政机关负责人批准")
BY_LAW_JOINT: Final = (
    ApproverLevel.CENTRE,
    "《行政许可法》第四十二条：经本级人民政府负责人批准",
)

LAID_DOWN: Final = (
    LevelLine(
        "extension_first",
        ApprovalKind.EXTENSION,
        1,
        5,
        ApproverLevel.UNIT,
        "首次延期且不超过 5 日，由承办单位负责人批准（样例值）",
        is_sample=True,
    ),
    LevelLine(
        "extension_more",
        ApprovalKind.EXTENSION,
        None,
        None,
        ApproverLevel.CENTRE,
        "再次延期或超过 5 日，报督办部门批准（样例值）",
        is_sample=True,
    ),
    LevelLine(
        "suspension",
        ApprovalKind.SUSPENSION,
        None,
        None,
        ApproverLevel.CENTRE,
        "挂账须报热线中心审核，明确期限并持续督办（样例值）",
        is_sample=True,
    ),
    LevelLine(
        "termination",
        ApprovalKind.TERMINATION,
        None,
        None,
        ApproverLevel.CENTRE,
        "终止办理须经热线中心同意并向诉求人说明",
        is_sample=False,
    ),
)


def decider(
    lines: Iterable[LevelLine], kind: ApprovalKind, *, nth: int, days: int | None
) -> tuple[ApproverLevel, str]:
    """Who decides, and on what ground; without a line whoever may at the unit."""
    for line in lines:
        if line.fits(kind, nth=nth, days=days):
            return line.level, line.basis_text
    return ApproverLevel.UNIT, ""


def check_line(*, most_nth: int | None, most_days: int | None, basis_text: str) -> None:
    """Refuse numbers and grounds that make no sense.

    Raises:
        InvalidError: beside each field.
    """
    wrong: dict[str, str] = {}
    for name, value in (("most_nth", most_nth), ("most_days", most_days)):
        if value is not None and not 1 <= value <= _MOST:
            wrong[name] = mark("Enter between 1 and 60, or leave it empty.")
    if not basis_text.strip() or len(basis_text) > _MOST_BASIS:
        wrong["basis_text"] = mark("Name the law or rule, in up to 300 characters.")
    if wrong:
        raise InvalidError(fields=wrong)
