"""Brings a database to the newest schema and says whether it is there.

The steps themselves are in `migrations/versions`; a wheel carries them as `app/migrations`.
"""

from functools import cache

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from app.paths import migrations_dir


def configuration(connection: Connection | None = None) -> Config:
    """What Alembic needs to know; without a connection it reads the settings."""
    config = Config()
    config.set_main_option("script_location", str(migrations_dir()))
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Apply what is missing, all or nothing; harmless when nothing is."""
    with engine.execution_options(writing=True).connect() as connection:
        command.upgrade(configuration(connection), revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Take steps back; what they created is lost."""
    with engine.execution_options(writing=True).connect() as connection:
        command.downgrade(configuration(connection), revision)


def is_at_head(connection: Connection) -> bool:
    """Whether the database has exactly the schema this code was written for."""
    return set(MigrationContext.configure(connection).get_current_heads()) == _heads()


@cache
def _heads() -> frozenset[str]:
    return frozenset(ScriptDirectory.from_config(configuration()).get_heads())
