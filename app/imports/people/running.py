"""Takes a file of citizens over in batches, for the command; safe to stop and to run again.

One transaction for each batch; the write lock is free between them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from app.accounts.rules import Actor
from app.calendars import queries as calendars
from app.imports.people.citizens import Citizens
from app.imports.people.fates import Existing, Fate
from app.imports.people.mapping import CitizenMapping
from app.imports.people.taking import Outcome, foresee_rows, take_rows
from app.imports.reading import NumberedRow, OpenTable
from app.imports.reporting import Progress, Rejects, Report
from app.kernel import audit
from app.kernel.authors import MACHINE
from app.kernel.errors import UnavailableError
from app.kernel.keys import one_at_a_time
from app.web.deps import Edge

BATCH: Final = 100  # every row passes all the rules: more would keep other writers waiting
PREVIEW: Final = 20
_TRIES: Final = 12  # each waits five seconds for the write lock


@dataclass(slots=True)
class PeopleReport(Report):
    """What became of the rows; `likely` of the new ones wait for somebody to compare them."""

    updated: int = 0
    likely: int = 0

    @property
    def rows(self) -> int:
        """All of them."""
        return self.new + self.known + self.updated + self.refused

    def sentence(self) -> str:
        """The result in words."""
        return (
            f"{self.rows:,} rows: {self.new:,} taken over ({self.likely:,} may be here already, "
            f"see possible duplicates), {self.updated:,} brought up to date, {self.known:,} were "
            f"here already, {self.refused:,} refused. {self.seconds:.1f} s, "
            f"{self.per_second:,} rows/s."
        )

    def count(self, fate: Fate) -> None:
        """One more row of this fate."""
        match fate:
            case Fate.NEW | Fate.LIKELY:
                self.new += 1
                self.likely += fate is Fate.LIKELY
            case Fate.UPDATED:
                self.updated += 1
            case Fate.KNOWN:
                self.known += 1
            case Fate.REFUSED:
                self.refused += 1


class CitizenImport:
    """One run over one file."""

    def __init__(self, edge: Edge, mapping: CitizenMapping, existing: Existing) -> None:
        self._edge, self._mapping = edge, mapping
        self._citizens = Citizens(mapping, existing)
        with edge.reading() as session:
            self._statutory = calendars.load(session).statutory

    def preview(self, table: OpenTable) -> list[Outcome]:
        """What would become of the first rows.

        Raises:
            UnreadableError: the file has not the columns the mapping needs.
        """
        table.require(self._mapping.needs)
        today = self._statutory.local_date(self._edge.now())
        with self._edge.reading() as session:
            return foresee_rows(session, self._citizens, islice(table.rows(), PREVIEW), today=today)

    def run(self, table: OpenTable, progress: Progress, rejects: Rejects) -> PeopleReport:
        """Take over every row that is not here yet; refused rows are written down.

        Raises:
            UnreadableError: the file has not the columns the mapping needs.
            UnavailableError: the database stayed busy or is gone; run again to go on.
        """
        table.require(self._mapping.needs)
        report = PeopleReport()
        for batch in _batches(table.rows()):
            for outcome in self._take_patiently(batch):
                report.count(outcome.taken.fate)
                if outcome.taken.fate is Fate.REFUSED:
                    rejects.add(outcome.number, outcome.key, outcome.taken.problems)
            progress.show(table.share(), report)
        progress.show(1.0, report)
        progress.end()
        self._note(report)
        return report

    def _take_patiently(self, batch: list[NumberedRow]) -> list[Outcome]:
        for left in reversed(range(_TRIES)):
            try:
                return self._take(batch)
            except UnavailableError:
                if not left:
                    raise
        return []

    def _take(self, batch: list[NumberedRow]) -> list[Outcome]:
        with self._edge.writing() as session:
            one_at_a_time(session, f"import citizens:{self._mapping.source}")
            now = self._edge.now()
            today = self._statutory.local_date(now)
            return take_rows(
                session, self._citizens, batch, actor=Actor.system(), today=today, now=now
            )

    def _note(self, report: PeopleReport) -> None:
        if not (report.new or report.updated):
            return
        details = {"new": report.new, "updated": report.updated, "refused": report.refused}
        with self._edge.writing() as session:
            subject = ("source", self._mapping.source)
            now = self._edge.now()
            audit.note(session, MACHINE, "import:citizens", subject, at=now, details=details)


def _batches(rows: Iterator[NumberedRow]) -> Iterator[list[NumberedRow]]:
    while batch := list(islice(rows, BATCH)):
        yield batch
