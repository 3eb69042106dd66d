"""Panels learn of changes: one look for all of them, from where they stopped, and no longer."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from sqlalchemy.exc import OperationalError

from app.kernel.errors import UnavailableError
from app.queueing.pages.news import News
from tests.support.loops import awaited


@dataclass
class Hall:
    """Revisions as the database would tell them, one for each look; the last one stays."""

    told: list[int]
    looks: int = 0
    is_gone: set[int] = field(default_factory=set)
    trouble: Exception = field(default_factory=lambda: UnavailableError("gone"))

    def read(self) -> dict[str, int]:
        self.looks += 1
        if self.looks in self.is_gone:
            raise self.trouble
        return {"HALL": self.told[min(self.looks, len(self.told)) - 1]}


async def _events(stream: AsyncIterator[str], wanted: int) -> list[str]:
    """The first so many events, comments left out."""
    found = []
    async for piece in stream:
        if piece.startswith("id:"):
            found.append(piece)
        if len(found) == wanted:
            break
    await stream.aclose()  # type: ignore[attr-defined]  # a generator, as StreamingResponse closes it
    return found


def news_of(hall: Hall) -> News:
    return News(hall.read, every=0.001, quiet=5, lasts=10)


def test_a_panel_hears_of_each_change_after_the_one_it_saw() -> None:
    hall = Hall([4, 4, 5, 9])

    found = awaited(_events(news_of(hall).stream("HALL", 4), 2))

    assert found == [f"id: {n}\nevent: changed\ndata: {n}\n\n" for n in (5, 9)]


def test_a_panel_that_lost_the_line_hears_at_once_what_it_missed() -> None:
    assert awaited(_events(news_of(Hall([7])).stream("HALL", 3), 1))[0].startswith("id: 7")


@pytest.mark.parametrize(
    "trouble",
    [UnavailableError("gone"), OperationalError("select", {}, Exception("server closed"))],
    ids=["unavailable", "connection lost"],
)
def test_the_database_may_be_gone_for_a_while(trouble: Exception) -> None:
    hall = Hall([4, 4, 4, 5], is_gone={2, 3}, trouble=trouble)

    assert awaited(_events(news_of(hall).stream("HALL", 4), 1))[0].startswith("id: 5")


def test_many_panels_look_once_and_nobody_looks_when_none_is_there() -> None:
    hall = Hall([1, 2])

    async def together() -> tuple[list[list[str]], bool]:
        news = news_of(hall)
        found = await asyncio.gather(*(_events(news.stream("HALL", 1), 1) for _ in range(50)))
        return found, news.is_looking

    found, is_looking = awaited(together())

    assert len(found) == 50
    assert hall.looks < 50
    assert not is_looking


def test_a_silent_stream_says_that_it_lives_and_ends_by_itself() -> None:
    async def whole() -> list[str]:
        news = News(Hall([1]).read, every=0.001, quiet=0.01, lasts=0.05)
        return [piece async for piece in news.stream("HALL", 1)]

    pieces = awaited(whole())

    assert pieces[0] == "retry: 2000\n\n"
    assert set(pieces[1:]) == {": still here\n\n"}


def test_a_listener_too_many_is_turned_away_and_one_who_leaves_makes_room() -> None:
    async def walk() -> tuple[bool, bool, bool, bool]:
        news = News(Hall([1]).read, every=0.001, quiet=5, lasts=10, most=3, most_at=2)
        here = [news.stream("HALL", 1, "a") for _ in range(2)]
        for one in here:
            await anext(one)
        full = news.has_room("a"), news.has_room("b")
        there = news.stream("HALL", 1, "b")
        await anext(there)
        nobody_more = news.has_room("c")
        await here[0].aclose()  # type: ignore[attr-defined]  # a generator, as the server closes it
        found = (*full, nobody_more, news.has_room("a"))
        for one in (here[1], there):
            await one.aclose()  # type: ignore[attr-defined]  # as above
        return found

    assert awaited(walk()) == (False, True, False, True)
