"""The counter of statements."""

from sqlalchemy import Engine, text

from tests.support.counting import statements_of


def test_what_is_executed_is_counted_and_nothing_afterwards(engine: Engine) -> None:
    with engine.connect() as connection:
        with statements_of(engine) as seen:
            connection.execute(text("SELECT 1"))
            connection.execute(text("SELECT 2"))
        connection.execute(text("SELECT 3"))

    assert [statement for statement in seen.texts if "BEGIN" not in statement] == [
        "SELECT 1",
        "SELECT 2",
    ]
