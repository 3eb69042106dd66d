"""Counts what a piece of work asks of the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Engine, event


@dataclass
class Statements:
    """What was executed, in order."""

    texts: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.texts)


@contextmanager
def statements_of(engine: Engine) -> Iterator[Statements]:
    """The statements executed on this engine while the block runs.

    For a list page: run it over 2 rows and over 50, and assert that the two
    lengths are the same.
    """
    seen = Statements()

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.texts.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)
