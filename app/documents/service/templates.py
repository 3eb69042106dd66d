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
from app.documents.rules.sources import MOST_SIGNS, first_forbidden
from app.kernel import audit
from app.kernel.authors import Author
from app.kernel.errors import ConflictError, InvalidError
from app.kernel.messages import mark
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
    return _ship(session, kind, 1 if newest is None else newest.version + 1, now)


def publish(
    session: Session, kind: DocumentKind, source: str, *, seen: int, by: Author, now: datetime
) -> DocumentTemplate:
    """Let this source hold for new documents from now on.

    The caller has printed a sample with it, on every paper of the kind. The shipped source
    given back counts as shipped again. `seen` is the version that was edited.

    Raises:
        InvalidError: empty, too long, or with a word no template may use.
        ConflictError: somebody else published meanwhile.
    """
    text = check(source)
    newest = in_force(session, kind, now=now)
    if newest.version != seen:
        raise ConflictError(
            mark("Somebody else changed this template while you were working on it."),
            stored={mark("Template"): newest.source},
            fresh={"seen": str(newest.version)},
        )
    if text == newest.source:
        return newest
    is_shipped = text == shipped_source(kind)
    template = DocumentTemplate(
        kind=kind,
        version=newest.version + 1,
        source=text,
        shipped=_shipped_digest(kind) if is_shipped else "",
        made_at=now,
        made_by=by.id,
    )
    session.add(template)
    session.flush()
    audit.note(
        session,
        by,
        "document_template:published",
        ("document_template", template.id),
        at=now,
        details={"kind": str(kind), "version": template.version},
    )
    return template


def check(source: str) -> str:
    """The source with one kind of line ends, as it is stored.

    Raises:
        InvalidError: empty, too long, or with a word no template may use.
    """
    text = source.replace("\r\n", "\n").strip() + "\n"
    if not text.strip():
        raise InvalidError(fields={"source": mark("Write the template.")})
    if len(text) > MOST_SIGNS:
        raise InvalidError(fields={"source": mark("The template is too long.")})
    if first_forbidden(text):
        raise InvalidError(fields={"source": mark("A word stands in it no template may use.")})
    return text


def _ship(session: Session, kind: DocumentKind, version: int, now: datetime) -> DocumentTemplate:
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
