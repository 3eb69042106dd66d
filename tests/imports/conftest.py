"""The small town, at which files are taken over."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.imports.support import Town, a_town
from tests.support.city import Db


@pytest.fixture
def town(engine: Engine, db: Db, tmp_path: Path) -> Town:
    return a_town(engine, db, tmp_path)
