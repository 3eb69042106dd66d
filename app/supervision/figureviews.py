"""Figures of a board made ready for its page: each leads to the list of exactly what it counts.

What a figure means stands with its board in `rules`; here is only how it is shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from sqlalchemy import Row

from app.kernel.paging import Page
from app.supervision.rules import Measure, Share, Window
from app.supervision.views import WINDOWS, Choice

F = TypeVar("F", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class FigureView:
    """A number, what it counts, the address of its list, and the colour of its tile."""

    name: str
    count: int
    href: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class ShareView:
    """A share with the lists of its two figures."""

    name: str
    share: Share
    part_href: str
    whole_href: str


@dataclass(frozen=True, slots=True)
class ListRow:
    """One line of a list behind a figure; `detail` is what the board's lists say besides."""

    number: str
    title: str
    unit: str
    detail: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FigureList:
    """A stretch of the list behind one figure, and the way back to its board."""

    measure: Measure
    address: str
    asked: str
    board: str
    board_href: str
    subject: str
    detail: str
    rows: Page[ListRow]


@dataclass(frozen=True, slots=True)
class FigureBoard(Generic[F]):
    """A board: where it is, what it is called, how its lists are headed, what its figures mean."""

    address: str
    name: str
    subject: str
    detail: str
    measures: Mapping[F, Measure]
    colours: Mapping[F, str] = field(default_factory=dict)

    def figure(self, figure: F, counts: Mapping[F, int], asked: str) -> FigureView:
        """The tile of one figure; coloured only where it counts something.

        `asked` is what the board was asked for, as the addresses of its lists say it.
        """
        count = counts[figure]
        kind = self.colours.get(figure, "") if count else ""
        return FigureView(self.measures[figure].name, count, self.href(figure, asked), kind)

    def share(self, name: str, pair: tuple[F, F], counts: Mapping[F, int], asked: str) -> ShareView:
        """The line of one share of two figures."""
        part, whole = pair
        share = Share(counts[part], counts[whole])
        return ShareView(name, share, self.href(part, asked), self.href(whole, asked))

    def windows(self, days: Window | None) -> tuple[Choice, ...]:
        """The spans of days to choose from."""
        return tuple(
            Choice(words, f"{self.address}?{by_days(window)}", window is days)
            for window, words in WINDOWS
        )

    def list_page(self, figure: F, asked: str, rows: Page[ListRow]) -> FigureList:
        """The page of the list behind one figure."""
        return FigureList(
            measure=self.measures[figure],
            address=f"{self.address}/{figure}",
            asked=asked,
            board=self.name,
            board_href=f"{self.address}?{asked}",
            subject=self.subject,
            detail=self.detail,
            rows=rows,
        )

    def href(self, figure: F, asked: str) -> str:
        """The address of the list of exactly what the figure counts."""
        return f"{self.address}/{figure}?{asked}"


def by_days(days: Window) -> str:
    """How an address says over which days a board looks back."""
    return f"days={days}"


def list_row(row: Row[*tuple[Any, ...]], detail: str, *, english: bool) -> ListRow:
    """A row with number, title, unit_name, unit_name_en and at, with the board's own detail."""
    return ListRow(
        number=row.number,
        title=row.title,
        unit=row.unit_name_en if english and row.unit_name_en else row.unit_name,
        detail=detail,
        at=row.at,
    )
