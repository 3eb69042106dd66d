"""Tells how an import goes: a bar with rows per second, and a file of what was refused and why.

Writes to the screen and beside the data only; decides nothing.
"""

import csv
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Final, Self, TextIO

from app.imports.rules import UnfitError

_WIDTH: Final = 30
_EVERY_SHARE: Final = 0.1


@dataclass(slots=True)
class Report:
    """What became of the rows: taken over, here before, refused."""

    new: int = 0
    known: int = 0
    refused: int = 0
    seconds: float = 0.0

    @property
    def rows(self) -> int:
        """All of them."""
        return self.new + self.known + self.refused

    @property
    def per_second(self) -> int:
        """Rows per second, of whatever kind."""
        return round(self.rows / self.seconds) if self.seconds else 0

    def sentence(self) -> str:
        """The result in words."""
        counts = (
            f"{self.rows:,} rows: {self.new:,} taken over, {self.known:,} were here already, "
            f"{self.refused:,} refused. {self.seconds:.1f} s, {self.per_second:,} rows/s."
        )
        return counts if self.new else f"{counts} Nothing new was taken over."


class Progress:
    """A bar on a terminal; a line for every tenth of the file anywhere else."""

    def __init__(self, out: TextIO = sys.stderr) -> None:
        self._out = out
        self._began = perf_counter()
        self._last_share = -1.0

    def show(self, share: float, report: Report) -> None:
        """Say how far we are; `share` from 0 to 1."""
        report.seconds = perf_counter() - self._began
        words = f"{share:4.0%}  {report.rows:,} rows  {report.per_second:,} rows/s"
        if self._out.isatty():
            full = round(share * _WIDTH)
            bar = "█" * full + "░" * (_WIDTH - full)
            left = report.seconds * (1 - share) / share if share else 0
            self._out.write(f"\r{bar} {words}  {left:3.0f} s left \x1b[K")
        elif share - self._last_share >= _EVERY_SHARE or share >= 1:
            self._last_share = share
            self._out.write(f"{words}\n")
        self._out.flush()

    def end(self) -> None:
        """Leave the line the bar stood on."""
        if self._out.isatty():
            self._out.write("\n")
            self._out.flush()


class Rejects:
    """The file of refused rows: one line for each thing wrong, with row, column and reason.

    Made with the first refusal, so that its being there means something; one left by an
    earlier run is taken away.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: TextIO | None = None

    def __enter__(self) -> Self:
        self.path.unlink(missing_ok=True)
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, row: int, key: str, problems: Iterable[UnfitError]) -> None:
        """Write down what is wrong with one row."""
        if self._file is None:
            # With a mark, or Excel takes UTF-8 for something else.
            self._file = self.path.open("w", encoding="utf-8-sig", newline="")
            csv.writer(self._file).writerow(("row", "id", "column", "reason"))
        lines = csv.writer(self._file)
        for problem in problems:
            lines.writerow((row, key, problem.column, problem.reason))
        self._file.flush()
