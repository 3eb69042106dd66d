"""What is kept of a board, and for how long."""

from datetime import datetime, timedelta
from threading import Event, Thread

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.supervision.shelf import KEPT_AT_MOST, Shelf
from tests.support.clock import MONDAY_9AM

Db = sessionmaker[Session]
SECOND = timedelta(seconds=1)


class Drawer:
    """Draws the next number, from so many rows."""

    def __init__(self, size: int) -> None:
        self.size, self.drawn = size, 0

    def __call__(self) -> tuple[int, int]:
        self.drawn += 1
        return self.drawn, self.size


def look(
    shelf: Shelf[int], session: Session, draw: Drawer, *, event: int = 1, at: datetime = MONDAY_9AM
) -> int:
    return shelf.get(session, "board", draw, last_event=lambda: event, now=at)


def test_while_nothing_happens_a_board_is_kept_for_half_a_minute(db: Db) -> None:
    shelf, draw = Shelf[int](), Drawer(10)
    with db() as session:
        assert look(shelf, session, draw) == 1
        assert look(shelf, session, draw, at=MONDAY_9AM + KEPT_AT_MOST - SECOND) == 1
        assert look(shelf, session, draw, at=MONDAY_9AM + KEPT_AT_MOST) == 2


def test_a_small_board_is_drawn_anew_after_every_event(db: Db) -> None:
    shelf, draw = Shelf[int](), Drawer(999)
    with db() as session:
        assert look(shelf, session, draw) == 1
        assert look(shelf, session, draw, event=2) == 2


def test_a_large_board_may_be_as_many_seconds_old_as_it_has_thousands_of_rows(db: Db) -> None:
    shelf, draw = Shelf[int](), Drawer(10_000)
    with db() as session:
        assert look(shelf, session, draw) == 1
        assert look(shelf, session, draw, event=2, at=MONDAY_9AM + 9 * SECOND) == 1
        assert look(shelf, session, draw, event=2, at=MONDAY_9AM + 10 * SECOND) == 2


def test_a_clock_set_back_does_not_keep_a_board_for_ever(db: Db) -> None:
    shelf, draw = Shelf[int](), Drawer(10)
    with db() as session:
        look(shelf, session, draw)

        assert look(shelf, session, draw, at=MONDAY_9AM - SECOND) == 2


def test_while_one_renews_a_board_the_others_get_the_one_before(db: Db) -> None:
    shelf, begun, go_on = Shelf[int](), Event(), Event()
    answers: list[int] = []

    def slow() -> tuple[int, int]:
        begun.set()
        assert go_on.wait(10)
        return 2, 10

    def renew() -> None:
        with db() as session:
            answers.append(shelf.get(session, "board", slow, last_event=lambda: 2, now=MONDAY_9AM))

    with db() as session:
        look(shelf, session, Drawer(10))
        thread = Thread(target=renew)
        thread.start()
        assert begun.wait(10)

        assert look(shelf, session, Drawer(10), event=3) == 1

        go_on.set()
        thread.join()
        assert answers == [2]
        assert look(shelf, session, Drawer(10), event=2) == 2


def test_a_drawing_that_failed_does_not_keep_the_next_from_trying(db: Db) -> None:
    shelf = Shelf[int]()

    def broken() -> tuple[int, int]:
        raise LookupError

    with db() as session:
        look(shelf, session, Drawer(10))
        with pytest.raises(LookupError):
            shelf.get(session, "board", broken, last_event=lambda: 2, now=MONDAY_9AM)

        assert look(shelf, session, Drawer(10), event=2) == 1  # drawn by a new drawer
        assert look(shelf, session, Drawer(10), event=2) == 1


def test_each_question_has_its_own_board(db: Db) -> None:
    shelf, draw = Shelf[int](), Drawer(10)
    with db() as session:
        look(shelf, session, draw)
        shelf.get(session, "another", draw, last_event=lambda: 1, now=MONDAY_9AM)

        assert look(shelf, session, draw) == 1
        assert shelf.get(session, "another", draw, last_event=lambda: 1, now=MONDAY_9AM) == 2
