"""Keeps how each kind of document looks: shipped with the program, changed by administrators.

A version is never changed; documents keep the one they were issued with.
"""

import hashlib
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from app.documents import queries
from app.documents.models import DocumentTemplate
from app.documents.rules import DocumentKind
from app.kernel.upsert import insert

_DATA: Final = Path(__file__).parents[1] / "data"


@cache
def shipped_source(kind: DocumentKind) -> str:
    """The template that comes with the program."""
    return (_DATA / f"{kind}.typ").read_text(encoding="utf-8")


@cache
def _shipped_digest(kind: DocumentKind) -> str:
    return hashlib.sha256(shipped_source(kind).encode()).hexdigest()


def in_force(session: Session, kind: DocumentKind, *, now: datetime) -> DocumentTemplate:
    """The version for a new document; a newer shipped one replaces a shipped one by itself.

    What somebody here has written stays until they change it.
    """
    newest = queries.newest_template(session, kind)
    if newest is not None and newest.shipped in {"", _shipped_digest(kind)}:
        return newest
    version = 1 if newest is None else newest.version + 1
    # Two who need it first at the same moment: one writes it, the other reads it.
    new = insert(session, DocumentTemplate).on_conflict_do_nothing(
        index_elements=[DocumentTemplate.kind, DocumentTemplate.version]
    )
    session.execute(
        new,
        {
            "kind": kind,
            "version": version,
            "source": shipped_source(kind),
            "shipped": _shipped_digest(kind),
            "made_at": now,
        },
    )
    written = queries.newest_template(session, kind)
    if written is None:
        msg = "a template just written is gone"
        raise RuntimeError(msg)
    return written
