"""A back-up brings everything back, keeps the key apart, and never writes over anything."""

import shutil
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app import migrating
from app.citizens import service as citizens
from app.citizens.service import Person
from app.keeping import backups
from app.keeping.plainly import TroubleError
from app.kernel.files import FileStore
from app.main import make_edge
from app.settings import Settings
from tests.support.databases import Server, prepare

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PHOTO = b"as good as a photo"


def an_installation(folder: Path, database_url: str = "") -> Settings:
    """A data folder with a key, a file and a database with one citizen's name in it."""
    settings = Settings(data_dir=folder, database_url=database_url)
    edge = make_edge(settings)
    FileStore(folder / "files").put(PHOTO)
    with edge.writing() as session:
        citizens.register(session, Person(name="林示例", phone="17900000001"), now=NOW)
    edge.engine.dispose()
    return settings


def name_in(settings: Settings) -> str:
    edge = make_edge(settings)
    with edge.reading() as session:
        name = citizens.person_of(session, 1).name
    edge.engine.dispose()
    return name


@pytest.fixture
def here(tmp_path: Path, sqlite_template: Path) -> Settings:
    folder = tmp_path / "here"
    folder.mkdir()
    shutil.copyfile(sqlite_template, folder / "civicwindow.db")
    return an_installation(folder)


def test_what_was_backed_up_comes_back_with_the_key_brought_by_hand(
    here: Settings, tmp_path: Path
) -> None:
    file, there = tmp_path / "backup.tar.gz", Settings(data_dir=tmp_path / "there")

    made = backups.back_up(here, file, now=NOW)
    there.data_dir.mkdir()
    shutil.copyfile(here.key_file, there.key_file)
    there.key_file.chmod(0o600)
    done = backups.restore(there, file)

    assert name_in(there) == "林示例"
    assert FileStore(there.data_dir / "files").put(PHOTO) in str(
        list((there.data_dir / "files").rglob("*"))
    )
    assert (made.files, done.files) == (1, 1)
    assert file.stat().st_mode & 0o777 == 0o600


def test_the_key_stays_out_unless_asked_for(here: Settings, tmp_path: Path) -> None:
    without, with_key = tmp_path / "a.tar.gz", tmp_path / "b.tar.gz"
    there = Settings(data_dir=tmp_path / "there")

    backups.back_up(here, without, now=NOW)
    backups.back_up(here, with_key, now=NOW, with_key=True)
    with pytest.raises(TroubleError, match="key is not in this back-up"):
        backups.restore(there, without)
    done = backups.restore(there, with_key)

    assert done.has_key
    assert there.key_file.stat().st_mode & 0o777 == 0o600
    assert name_in(there) == "林示例"


def test_nothing_is_written_over(here: Settings, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar.gz"
    backups.back_up(here, file, now=NOW)

    with pytest.raises(TroubleError, match="exists already"):
        backups.back_up(here, file, now=NOW)
    with pytest.raises(TroubleError, match="--replace"):
        backups.restore(here, file)
    backups.restore(here, file, replace=True)

    assert name_in(here) == "林示例"
    assert (here.data_dir / "civicwindow.db.before-restore").is_file()


@pytest.mark.parametrize("content", ["no archive", "strange"])
def test_a_file_that_is_no_backup_is_refused(here: Settings, tmp_path: Path, content: str) -> None:
    file = tmp_path / "file"
    file.write_text(content)
    if content == "strange":
        with tarfile.open(tmp_path / "strange", "w") as archive:
            for name in ("about.json", "civicwindow.db", "files/../../evil"):
                archive.add(file, name)

    with pytest.raises(TroubleError, match="is not a back-up"):
        backups.restore(here, tmp_path / content if content == "strange" else file)

    assert not (tmp_path / "evil").exists()


def test_postgresql_is_saved_and_brought_back_by_its_own_tools(
    pg_server: Server, tmp_path: Path
) -> None:
    if shutil.which("pg_dump") is None:
        pytest.skip("pg_dump is not installed")
    file = tmp_path / "backup.tar.gz"
    with pg_server.database() as old, pg_server.database() as new:
        prepare(old, migrating.upgrade)
        here = an_installation(tmp_path, old)
        there = Settings(data_dir=tmp_path, database_url=new)

        backups.back_up(here, file, now=NOW)
        backups.restore(there, file)
        with pytest.raises(TroubleError, match="has tables already"):
            backups.restore(there, file)
        backups.restore(there, file, replace=True)

        assert name_in(there) == "林示例"
