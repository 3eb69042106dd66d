"""How the field of a fact is drawn in a step's form, and in which unit days are counted there.

Tables only.
"""

from collections.abc import Mapping
from typing import Final

from app.calendars.rules import LimitUnit
from app.cases.rules import Field
from app.kernel.messages import mark

CONTROLS: Final[Mapping[Field, str]] = {
    Field.UNTIL: "date",
    Field.REMEDIES: "area",
    Field.AMOUNT: "number",
}
COUNTED_IN: Final[Mapping[LimitUnit, str]] = {
    LimitUnit.DAY: mark("Calendar days; a last day that is a rest day moves on."),
    LimitUnit.WORK_DAY: mark("Working days."),
    LimitUnit.HOUR: mark("Days of 24 hours."),
    LimitUnit.WORK_HOUR: mark("Working days of the hall's opening hours."),
}
