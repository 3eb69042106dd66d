"""Proves that documents are whole: no number missing, each file as its hash says, words unchanged.

Looks only; what is found wrong is named by number, never mended.
"""

import hashlib
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from app.documents import queries
from app.documents.service.issuing import is_as_written
from app.kernel.errors import NotFoundError
from app.kernel.files import FileStore

_BATCH = 500


@dataclass(slots=True)
class DocumentsReport:
    """What was looked at, and one sentence for each thing that is not as it should be."""

    documents: int = 0
    files: int = 0
    wrong: list[str] = field(default_factory=list)


def check_documents(session: Session, store: FileStore) -> DocumentsReport:
    """Count every series through, open every seal, and read every file."""
    report = DocumentsReport()
    for unit_id, kind, year, last, there in queries.series_counted(session):
        if last != there:
            report.wrong.append(
                f"Unit {unit_id}, {kind}, {year}: {last} numbers were given out, "
                f"{there} documents are there."
            )
    after = 0
    while batch := queries.batch_of(session, after, _BATCH):
        for document in batch:
            report.documents += 1
            if not is_as_written(session, document):
                report.wrong.append(f"{document.number}: its words or its check code were changed.")
        after = batch[-1].id
        session.expunge_all()
    for number, copy, sha256 in queries.files_named(session):
        report.files += 1
        if not _holds(store, sha256):
            report.wrong.append(f"{number}, printing {copy}: its file is gone or was changed.")
    return report


def _holds(store: FileStore, sha256: str) -> bool:
    try:
        return hashlib.sha256(store.read(sha256)).hexdigest() == sha256
    except NotFoundError:
        return False
