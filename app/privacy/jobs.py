"""What is done about rights in the background: batches, packages, files to be removed.

Each run is one transaction and may be repeated; files are touched between transactions.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.kernel import jobs
from app.kernel.errors import NotFoundError
from app.kernel.files import FileStore, store_in
from app.kernel.jobs import Errand, Payload
from app.kernel.sealed_files import FileKey, SealedFiles
from app.privacy import queries
from app.privacy.service import erasing, packaging, retention
from app.settings import Settings
from app.web.deps import Edge

SWEEP: Final = "privacy:sweep"
FOLDER: Final = "packages"


@dataclass(frozen=True, slots=True)
class _Package:
    """A package to be written."""

    name: str
    key: FileKey
    text: bytes


_wired: list[Settings] = []


def wire(edge: Edge) -> None:
    """Say where the files of this process lie; called once at start by the wiring."""
    _wired[:] = [edge.settings]


def packages(settings: Settings) -> SealedFiles:
    """Where the packages lie, each under a key of its own."""
    return SealedFiles(settings.data_dir / FOLDER)


def run_batch(session: Session, payload: Payload, /, *, now: datetime) -> None:
    """Erase some matters of an approved batch, and leave the rest to a next job."""
    batch_id = int(payload["batch"])
    if retention.work_off(session, batch_id, now=now):
        _go_on(session, batch_id, now)


def sweep(session: Session, _payload: Payload, /, *, now: datetime) -> None:
    """Take away packages whose time is up; have batches go on that somebody stopped."""
    for request in queries.expired_packages(session, now=now):
        erasing.forget_package(session, request, now=now)
    for batch_id in queries.waiting_batches(session):
        _go_on(session, batch_id, now)


def _go_on(session: Session, batch_id: int, now: datetime) -> None:
    name = retention.RUN
    jobs.enqueue(session, name, {"batch": batch_id}, run_at=now, dedup=f"{name}:{batch_id}")


def _prepare_package(session: Session, payload: Payload, now: datetime) -> _Package | None:
    request = queries.get_request(session, payload["request"])
    if request.package_until is not None or request.identified_at is None:
        return None
    text = packaging.gather(session, request, now=now)
    name, key = packaging.begin(session, request)
    return _Package(name, key, text.encode())


def _write_package(package: _Package) -> None:
    with packages(_wired[-1]).writing(package.name, package.key) as file:
        file.write(package.text)


def _deliver_package(session: Session, payload: Payload, _: None, now: datetime) -> None:
    packaging.deliver(session, queries.get_request(session, payload["request"]), now=now)


MAKE_PACKAGE: Final = Errand(_prepare_package, _write_package, _deliver_package)


def _prepare_removal(session: Session, payload: Payload, _now: datetime) -> str | None:
    sha256 = str(payload["sha256"])
    return None if erasing.is_file_needed(session, sha256) else sha256


def _remove(sha256: str) -> bytes | None:
    """Take the file off the disk; its bytes, should somebody have sent it again just now."""
    store = _files()
    try:
        data = store.read(sha256)
    except NotFoundError:
        return None
    store.remove(sha256)
    return data


def _settle_removal(session: Session, payload: Payload, data: bytes | None, _now: datetime) -> None:
    if data is not None and erasing.is_file_needed(session, str(payload["sha256"])):
        _files().put(data)


REMOVE_FILE: Final = Errand(_prepare_removal, _remove, _settle_removal)


def _prepare_forgetting(_session: Session, payload: Payload, _now: datetime) -> str:
    return str(payload["name"])


def _forget(name: str) -> None:
    packages(_wired[-1]).remove(name)


def _settle_forgetting(_session: Session, _payload: Payload, _: None, _now: datetime) -> None:
    """Nothing is left to be written down: the key went before the file."""


REMOVE_PACKAGE: Final = Errand(_prepare_forgetting, _forget, _settle_forgetting)


def _files() -> FileStore:
    return store_in(_wired[-1].data_dir)
