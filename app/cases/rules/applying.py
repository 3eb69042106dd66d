"""How far an application has come, as far as the steps of its workflow need it (rulebook §3).

Pure; what stands in it is read by `queries.applying`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.cases.kinds import Admission, Decision
from app.kernel.messages import mark
from app.service_items.rules import Delivery, Procedure
from app.sla.rules import is_late


@dataclass(frozen=True, slots=True)
class Deadline:
    """Until when something must have happened."""

    due_at: datetime
    is_provisional: bool = False

    def is_over(self, now: datetime) -> bool:
        """Whether it is too late at `now`."""
        return is_late(self.due_at, now, provisional=self.is_provisional)


@dataclass(frozen=True, slots=True)
class Application:
    """What decides which steps of an application are open.

    `notice` is the deadline of the one-time notice, `papers` that of what was promised to
    follow (容缺); each None where none runs.
    """

    is_instant: bool = False  # 即办件, or granted on the applicant's word (告知承诺)
    was_notified: bool = False
    papers_open: int = 0  # lacking, wrong or not looked at yet
    papers_promised: int = 0
    notice: Deadline | None = None
    papers: Deadline | None = None
    procedures: tuple[Procedure, ...] = ()
    is_extended: bool = False
    admission: Admission | None = None
    decision: Decision | None = None
    makes_certificate: bool = False
    wanted: Delivery | None = None  # how the applicant wants it
    deliveries: tuple[Delivery, ...] = ()  # the ways its item offers
    reviewed_by: frozenset[int] = frozenset()  # who reviewed it or asked for something in it

    @property
    def is_correctable(self) -> bool:
        """Whether what lacks may still be told: once only (行政许可法 art. 32)."""
        return not self.was_notified and self.papers_open > 0

    @property
    def is_settled(self) -> bool:
        """Whether every paper is there, or promised where the item allows it."""
        return self.papers_open == 0

    @property
    def may_be_done_at_once(self) -> bool:
        """Whether acceptance and decision may be one step."""
        return self.is_instant and self.papers_open == 0 and self.papers_promised == 0

    @property
    def is_decidable(self) -> bool:
        """Whether it can be granted: nothing that was promised is still to come."""
        return self.papers_open == 0 and self.papers_promised == 0

    @property
    def is_to_issue(self) -> bool:
        """Whether something has to be made before it can be handed out."""
        return (
            self.decision is Decision.GRANTED
            and self.makes_certificate
            and self.admission is not Admission.AT_ONCE
        )

    def is_notice_late(self, now: datetime) -> bool:
        """Whether the time in which defects could be told is over."""
        return self.notice is not None and self.notice.is_over(now)

    def is_promise_broken(self, now: datetime) -> bool:
        """Whether papers promised to follow did not come in time."""
        return self.papers is not None and self.papers.is_over(now)


NO_APPLICATION: Final = Application()


def why_not_settled(application: Application) -> str | None:
    """Why the application cannot be accepted yet."""
    if application.papers_open:
        return mark("Say of every paper whether it is in order. One is open, lacking or wrong.")
    return None


def why_not_granted(application: Application) -> str | None:
    """Why it cannot be granted yet."""
    if application.papers_promised:
        return mark("Papers that were promised have not come yet.")
    return why_not_settled(application)


def why_not_at_once(application: Application) -> str | None:
    """Why acceptance and decision cannot be one step yet; nothing where they never are."""
    return why_not_granted(application) if application.is_instant else None


def why_too_late_to_tell(application: Application, now: datetime) -> str | None:
    """Why nothing can be told or refused any more: the law has accepted it (行政许可法 art. 32)."""
    if application.is_notice_late(now):
        return mark("The limit for telling what lacks has passed: it counts as accepted.")
    return None


def why_not_told(application: Application) -> str | None:
    """Why what lacks cannot be told once more; nothing where nothing lacks."""
    if application.papers_open and application.was_notified:
        return mark("The one-time notice was given already; there is only one.")
    return None


def why_no_extension(application: Application) -> str | None:
    """Why the limit cannot be extended: once only (行政许可法 art. 42)."""
    if application.is_extended:
        return mark("The limit was extended already; that is possible once.")
    return None
