"""The database fixtures themselves."""

from sqlalchemy import Engine, inspect

from app.tables import metadata


def test_every_table_of_the_models_is_there(engine: Engine) -> None:
    there = set(inspect(engine).get_table_names())

    assert set(metadata.tables) <= there
