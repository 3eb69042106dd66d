"""The broom of the file store: what no row knows goes, what is on its way stays."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from app.cases.kinds import DoerKind
from app.cases.models import Attachment
from app.cases.service import drafts
from app.keeping import sweeping
from app.kernel.errors import NotFoundError
from app.kernel.files import FileStore
from app.kernel.sealed_files import FileKey, SealedFiles
from app.kernel.secrets import ALGORITHMS
from tests.support.city import City, Db, a_case, a_city
from tests.support.clock import MONDAY_9AM

OWNER = drafts.owner_of_staff(7)
LONG_AGO = (MONDAY_9AM - sweeping.UNTOUCHED - timedelta(hours=1)).timestamp()


@pytest.fixture
def city(db: Db) -> City:
    return a_city(db)


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    sweeping.wire(tmp_path)
    return FileStore(tmp_path / "files")


def kept(store: FileStore, data: bytes, *, at: float = LONG_AGO) -> str:
    name = store.put(data)
    os.utime(store.path(name), (at, at))
    return name


def sweep(city: City) -> None:
    with city.db.begin() as session:
        task = sweeping.SWEEP.prepare(session, {}, MONDAY_9AM)
    if task is not None:
        answer = sweeping.SWEEP.go(task)
        with city.db.begin() as session:
            sweeping.SWEEP.settle(session, {}, answer, MONDAY_9AM)


def test_the_photo_of_a_forgotten_draft_leaves_the_disk_and_the_one_of_a_matter_stays(
    city: City, store: FileStore
) -> None:
    mine, ours = kept(store, b"of a draft"), kept(store, b"of a matter")
    about = {"content_type": "image/jpeg", "size": 9, "by_kind": DoerKind.CITIZEN}
    with city.db.begin() as session:
        case = a_case(session)
        draft_id = drafts.save(session, OWNER, "report", {}, now=MONDAY_9AM)
        session.add(Attachment(sha256=mine, draft_id=draft_id, at=MONDAY_9AM, **about))
        session.add(Attachment(sha256=ours, case_id=case.id, at=MONDAY_9AM, **about))

    sweep(city)
    before = store.read(mine)
    with city.db.begin() as session:
        drafts.remove(session, OWNER, "report")
    for _ in range(2):
        sweep(city)

    assert before == b"of a draft"
    assert store.read(ours) == b"of a matter"
    with pytest.raises(NotFoundError):
        store.read(mine)


def test_an_upload_whose_row_is_still_to_come_is_left_alone(city: City, store: FileStore) -> None:
    new = kept(store, b"just sent", at=MONDAY_9AM.timestamp())

    sweep(city)

    assert store.read(new) == b"just sent"


def test_what_a_killed_process_left_half_written_goes_and_what_is_being_written_stays(
    city: City, store: FileStore, tmp_path: Path
) -> None:
    store.put(b"anything")  # so that the folders are there
    key = FileKey(ALGORITHMS["sm"], bytes(16))
    exports = SealedFiles(tmp_path / "exports")
    with exports.writing("whole-file", key) as file:
        file.write(b"rows")
    left = [tmp_path / "exports" / ".part-killed", next(tmp_path.glob("files/??/??")) / ".part-x"]
    for part in left:
        part.write_bytes(b"half")
        os.utime(part, (LONG_AGO, LONG_AGO))
    under_way = tmp_path / "exports" / ".part-now"
    under_way.write_bytes(b"half")
    os.utime(under_way, (MONDAY_9AM.timestamp(),) * 2)

    sweep(city)

    assert [part.exists() for part in left] == [False, False]
    assert under_way.exists()
    assert b"".join(exports.pieces("whole-file", key)) == b"rows"
