"""Writes documents: takes the number, seals what stands in them, prints again, voids.

Knows nothing of typst: a PDF is made afterwards, by whoever needs it first.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Permission
from app.calendars import queries as calendars
from app.cases.models import Case
from app.cases.queries import query_code
from app.citizens.sealing import new_place
from app.departments import queries as departments
from app.documents import queries
from app.documents.models import Document, DocumentCopy, DocumentSeries
from app.documents.rules import (
    LAST_NUMBER,
    PAPERS,
    DocumentKind,
    DocumentState,
    Paper,
    Text,
    Values,
    fitted,
    spelt,
)
from app.documents.service import templates
from app.kernel import audit
from app.kernel.errors import ConflictError, InvalidError, UnavailableError
from app.kernel.ids import Signer
from app.kernel.messages import mark
from app.kernel.secrets import SealError
from app.kernel.upsert import insert
from app.kernel.vault import vault_of

_SUBJECT: Final = "document"
_CONTENT: Final = "documents.content"
# What is written down of the office and the matter, beside the values of the kind.
KEPT_FACTS: Final = ("unit", "phone", "case_number", "query_code")
_GROUP: Final = 4
_CODE_LENGTH: Final = 12
_REASON_LENGTH: Final = 300


@dataclass(frozen=True, slots=True)
class Content:
    """All a template is given: facts of the document itself, and the values of its kind."""

    facts: dict[str, str]
    values: dict[str, Text]


def issue(
    session: Session,
    kind: DocumentKind,
    values: Values,
    *,
    unit_id: int,
    case: Case | None,
    actor: Actor,
    now: datetime,
    paper: Paper | None = None,
    replaces: Document | None = None,
) -> Document:
    """Write a document of this unit, with the next number of its series, in this transaction.

    `values` are those of `rules.DICTIONARY[kind]`: strings, dates, instants, rows. Who may
    issue what is decided by the step that asks for it. A document given as `replaces` is
    replaced by this one.

    Raises:
        ValueError: a value is missing, unknown or of the wrong shape.
        ConflictError: what is to be replaced no longer holds.
        UnavailableError: the year's numbers of this series are used up.
    """
    zone = calendars.load(session).statutory.zone
    unit = departments.view_of(session, unit_id)
    fit = fitted(kind, values, zone=zone)
    year = now.astimezone(zone).year
    template = templates.in_force(session, kind, now=now)
    seq = _take(session, unit_id, kind, year)
    document = Document(
        number=spelt(unit.code, kind, year, seq),
        unit_id=unit_id,
        kind=kind,
        year=year,
        seq=seq,
        case_id=case.id if case else None,
        template_id=template.id,
        paper=paper if paper in PAPERS[kind] else PAPERS[kind][0],
        place=new_place(),
        issued_at=now,
        issued_by=_id_of(actor),
    )
    known = (unit.name, unit.phone, *_of_case(session, case))
    facts = dict(zip(KEPT_FACTS, known, strict=True))
    _write(session, document, Content(facts, fit))
    session.add(document)
    session.flush()
    _add_copy(session, document, document.paper, actor, now)
    if replaces is not None:
        replaces.end(DocumentState.REPLACED, "", by_id=document.issued_by, now=now)
        replaces.replaced_by_id = document.id
    return document


def reprint(
    session: Session, document: Document, *, paper: Paper | None, actor: Actor, now: datetime
) -> DocumentCopy:
    """Print it once more, marked 重打; who did it and when is kept.

    The caller has looked the document up for this actor.

    Raises:
        InvalidError: this kind does not come on that paper, or its words were erased.
    """
    chosen = paper or document.paper
    if chosen not in PAPERS[document.kind]:
        raise InvalidError(mark("This document does not come on that paper."))
    if document.state is not DocumentState.VALID:
        raise InvalidError(mark("This document is no longer valid."))
    if document.content is None:
        raise InvalidError(mark("What this document said has been erased."))
    session.refresh(document, with_for_update=True)  # two at once get two counts
    copy = _add_copy(session, document, chosen, actor, now)
    _note(session, "document:reprinted", document, actor, now, details={"copy": copy.copy})
    return copy


def void(
    session: Session,
    document: Document,
    reason: str,
    *,
    seen: int | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """Declare that it holds no longer; its number stays taken and its page says so.

    The caller has looked the document up for this actor.

    Raises:
        ForbiddenError: the actor's role does not include it.
        InvalidError: no reason.
        ConflictError: it holds no longer already, or is not as it was `seen` (its version).
    """
    actor.require(Permission.DOCUMENT_VOID)
    if seen not in {None, document.version}:
        raise ConflictError(mark("Somebody else changed this while you were working on it."))
    if not reason.strip():
        raise InvalidError(fields={"reason": mark("Say why the document is void.")})
    document.end(DocumentState.VOID, reason.strip()[:_REASON_LENGTH], by_id=_id_of(actor), now=now)
    session.flush()
    _note(session, "document:voided", document, actor, now)


def content_of(session: Session, document: Document) -> Content | None:
    """What stands in it; None once it was erased."""
    if document.content is None:
        return None
    aad = f"{_CONTENT}|{document.place}"
    read = json.loads(vault_of(session).cipher.decrypt(document.content, aad=aad))
    return Content(read["facts"], read["values"])


def is_as_written(session: Session, document: Document) -> bool:
    """Whether what is stored is what was written, and the check code that of these words."""
    if document.content is None:
        return True
    vault = vault_of(session)
    try:
        words = vault.cipher.decrypt(document.content, aad=f"{_CONTENT}|{document.place}")
    except SealError:
        return False
    return document.seal_code == _seal_code(vault.signer, document, words)


def token_of(signer: Signer, document: Document) -> str:
    """What the QR code opens; nobody can guess it, and a reprint has the same."""
    return signer.token(_SUBJECT, document.place)


def _write(session: Session, document: Document, content: Content) -> None:
    vault = vault_of(session)
    words = json.dumps(
        {"facts": content.facts, "values": content.values}, ensure_ascii=False, sort_keys=True
    )
    document.content = vault.cipher.encrypt(words, aad=f"{_CONTENT}|{document.place}")
    document.token_digest = vault.signer.digest(token_of(vault.signer, document))
    document.seal_code = _seal_code(vault.signer, document, words)


def _seal_code(signer: Signer, document: Document, words: str) -> str:
    code = signer.token(f"{_SUBJECT} content", document.number, words)[:_CODE_LENGTH].upper()
    return "-".join(code[at : at + _GROUP] for at in range(0, _CODE_LENGTH, _GROUP))


def _of_case(session: Session, case: Case | None) -> tuple[str, str]:
    if case is None:
        return "", ""
    code = query_code(vault_of(session), case)
    return case.number, " ".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))


def _take(session: Session, unit_id: int, kind: DocumentKind, year: int) -> int:
    new = insert(session, DocumentSeries).values(unit_id=unit_id, kind=kind, year=year, last=1)
    raised = new.on_conflict_do_update(
        index_elements=[DocumentSeries.unit_id, DocumentSeries.kind, DocumentSeries.year],
        set_={"last": DocumentSeries.last + 1},
    ).returning(DocumentSeries.last)
    seq = session.execute(raised).scalar_one()
    if seq > LAST_NUMBER:
        raise UnavailableError(
            mark("No document number is left for this year. Please tell the system administrator.")
        )
    return seq


def _add_copy(
    session: Session, document: Document, paper: Paper, actor: Actor, now: datetime
) -> DocumentCopy:
    before = queries.copies_of(session, document.id)
    copy = DocumentCopy(
        document_id=document.id,
        copy=len(before) + 1,
        paper=paper,
        made_at=now,
        made_by=_id_of(actor),
    )
    session.add(copy)
    session.flush()
    return copy


def _id_of(actor: Actor) -> int | None:
    return None if actor.is_system else actor.id


def _note(
    session: Session,
    action: str,
    document: Document,
    actor: Actor,
    now: datetime,
    *,
    details: dict[str, object] | None = None,
) -> None:
    audit.note(session, actor.author(), action, (_SUBJECT, document.id), at=now, details=details)
