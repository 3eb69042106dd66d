"""Takes a file over in batches: one transaction each, the write lock free between them.

May be stopped at any moment and begun again: what is here already is passed over.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Final

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.calendars import queries as calendars
from app.cases.rules import CaseClock
from app.cases.service.historical import take_over
from app.cases.service.past_case import PastCase
from app.catalogue import queries as catalogue
from app.catalogue.rules import ChosenLimit
from app.departments import queries as departments
from app.imports import queries
from app.imports.converting import Converter, Draft
from app.imports.mapping import Mapping
from app.imports.reading import NumberedRow, OpenTable
from app.imports.reporting import Progress, Rejects, Report
from app.imports.rules import Cells, UnfitError
from app.imports.units import Units
from app.kernel import audit
from app.kernel.authors import MACHINE
from app.kernel.errors import DomainError, UnavailableError
from app.kernel.keys import one_at_a_time
from app.repairs.service import take_in_open
from app.web.deps import Edge

BATCH: Final = 500
_TRIES: Final = 12  # each waits five seconds for the write lock


@dataclass(frozen=True, slots=True)
class _Numbered:
    row: int
    draft: Draft

    @property
    def key(self) -> str:
        return self.draft.case.source_id


class Import:
    """One run over one file."""

    def __init__(self, edge: Edge, mapping: Mapping, rejects: Rejects) -> None:
        self._edge, self._mapping, self._rejects = edge, mapping, rejects
        self._now = edge.now()
        self._report = Report()
        self._seen: dict[str, int] = {}
        self._limits: dict[tuple[object, ...], ChosenLimit] = {}
        with edge.reading() as session:
            self._converter = Converter(mapping, queries.categories_by_code(session))
            self._units = Units(mapping.unit, queries.unit_ids(session))
            self._home = departments.home_region(session)

    def run(self, table: OpenTable, progress: Progress) -> Report:
        """Take over every row that is not here yet; refused rows are written down.

        Raises:
            UnreadableError: the file has not the columns the mapping needs.
            UnavailableError: the database stayed busy or is gone; run again to go on.
        """
        table.require(self._mapping.needs)
        for batch in _batches(table.rows()):
            self._take(batch)
            progress.show(table.share(), self._report)
        progress.show(1.0, self._report)
        progress.end()
        self._note()
        return self._report

    def _take(self, batch: list[NumberedRow]) -> None:
        named = list(self._named(batch))
        with self._edge.reading() as session:
            known = queries.known_ids(session, self._mapping.source, [key for _, key, _ in named])
        self._report.known += len(known)
        drafts = [one for one in named if one[1] not in known]
        ready = list(self._converted(drafts))
        self._found_units({one.draft.unit for one in ready})
        self._write([one for one in ready if self._has_unit(one)])

    def _named(self, batch: list[NumberedRow]) -> Iterator[tuple[int, str, Cells]]:
        for row, cells in batch:
            if isinstance(cells, UnfitError):
                self._refuse(row, "", [cells])
                continue
            try:
                key = self._converter.id_of(cells)
            except UnfitError as error:
                self._refuse(row, "", [error])
                continue
            first = self._seen.setdefault(key, row)
            if first != row:
                reason = f"The same id stands in row {first} already."
                self._refuse(row, key, [UnfitError(self._mapping.id, reason)])
                continue
            yield row, key, cells

    def _converted(self, rows: Iterable[tuple[int, str, Cells]]) -> Iterator[_Numbered]:
        for row, key, cells in rows:
            made = self._converter.convert(key, cells, now=self._now)
            if isinstance(made, Draft):
                yield _Numbered(row, made)
            else:
                self._refuse(row, key, made)

    def _found_units(self, said: set[str]) -> None:
        missing = {one for one in said if not self._units.is_known(one)}
        if not missing or not self._units.may_found:
            return
        with self._edge.writing() as session:
            made = self._units.found(session, missing, now=self._now)
        self._units.learn(made)

    def _has_unit(self, one: _Numbered) -> bool:
        if self._units.is_known(one.draft.unit):
            return True
        columns = "+".join(sorted(self._mapping.unit.needs))
        reason = f"There is no unit with the code “{one.draft.unit}”."
        self._refuse(one.row, one.key, [UnfitError(columns, reason)])
        return False

    def _write(self, ready: list[_Numbered]) -> None:
        if not ready:
            return
        try:
            self._write_patiently(ready)
        except UnavailableError:
            raise
        except (DBAPIError, DomainError) as error:
            if len(ready) == 1:
                self._refuse(ready[0].row, ready[0].key, [UnfitError("", _said(error))])
                return
            # One row spoils the batch: find it, and let the others in.
            for one in ready:
                self._write([one])

    def _write_patiently(self, ready: list[_Numbered]) -> None:
        for left in reversed(range(_TRIES)):
            try:
                new = self._write_once(ready)
            except UnavailableError:
                if not left:
                    raise
            else:
                self._report.new += new
                self._report.known += len(ready) - new
                return

    def _write_once(self, ready: list[_Numbered]) -> int:
        source = self._mapping.source
        with self._edge.writing() as session:
            one_at_a_time(session, f"import:{source}")
            # Somebody may be importing the same file beside us.
            known = queries.known_ids(session, source, [one.key for one in ready])
            past = [self._completed(session, o.draft) for o in ready if o.key not in known]
            keys = take_over(session, source, past)
            still = [key for key, one in zip(keys, past, strict=True) if one.closed_at is None]
            take_in_open(session, still, now=self._now)
        return len(past)

    def _completed(self, session: Session, draft: Draft) -> PastCase:
        case = draft.case
        region = case.region_code or self._home
        unit_id = self._units.id_for(session, draft.unit, region)
        if self._mapping.clock.limits != "own":
            return replace(case, unit_id=unit_id)
        on = calendars.load(session).statutory.local_date(case.opened_at)
        return replace(case, unit_id=unit_id, limit=self._limit(session, case, region, on))

    def _limit(self, session: Session, case: PastCase, region: str, on: date) -> ChosenLimit:
        category_id = case.category.id if case.category else None
        asked = (case.kind, category_id, case.urgency, region, on)
        if asked not in self._limits:
            self._limits[asked] = catalogue.choose_limit(
                session,
                clock_kind=CaseClock.RESOLVE,
                case_kind=case.kind,
                category_id=category_id,
                urgency=case.urgency,
                region_code=region,
                on=on,
            )
        return self._limits[asked]

    def _refuse(self, row: int, key: str, problems: list[UnfitError]) -> None:
        self._report.refused += 1
        self._rejects.add(row, key, problems)

    def _note(self) -> None:
        report = self._report
        if not report.new:
            return
        with self._edge.writing() as session:
            audit.note(
                session,
                MACHINE,
                "import:cases",
                ("source", self._mapping.source),
                at=self._now,
                details={"new": report.new, "known": report.known, "refused": report.refused},
            )


def _batches(rows: Iterator[NumberedRow]) -> Iterator[list[NumberedRow]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


def _said(error: Exception) -> str:
    if isinstance(error, DomainError):
        return str(error)
    # The database's own sentence, without the values it quotes.
    return f"The database refuses it: {str(getattr(error, 'orig', error)).splitlines()[0][:200]}"
