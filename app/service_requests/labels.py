"""What people read for the words of applications; translated at the edge."""

from collections.abc import Mapping
from typing import Final

from app.kernel.messages import mark
from app.service_requests.rules import Verdict

VERDICTS: Final[Mapping[Verdict, str]] = {
    Verdict.OPEN: mark("not looked at"),
    Verdict.OK: mark("in order"),
    Verdict.LACKING: mark("lacking"),
    Verdict.DEFECT: mark("defective"),
    Verdict.PROMISED: mark("may follow"),
}
