"""Makes the PDFs of documents: gathers what a sheet needs, prints it, keeps it with its hash.

Printing takes a few tenths of a second and happens between two transactions, never inside one.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import segno
import structlog
from sqlalchemy.orm import Session

from app.calendars import queries as calendars
from app.documents import queries
from app.documents.models import Document, DocumentCopy, DocumentTemplate
from app.documents.pressing import Fault, Press, Sheet
from app.documents.rules import DocumentKind, Paper, day_text, fitted, instant_text
from app.documents.rules.samples import sample_facts, sample_of
from app.documents.service.issuing import KEPT_FACTS, content_of, token_of
from app.kernel.errors import InvalidError, UnavailableError
from app.kernel.files import FileStore
from app.kernel.ids import TOKEN_LENGTH
from app.kernel.messages import mark
from app.kernel.vault import vault_of

_log = structlog.get_logger("documents")
PRESS: Final = Press()
# As long as a real one, so that the picture is as dense.
_NO_TOKEN: Final = "a" * TOKEN_LENGTH


@dataclass(frozen=True, slots=True)
class House:
    """What papers say of the office itself: where its pages are, which number to call."""

    base_url: str
    hotline: str

    def facts(self, address: str) -> dict[str, str]:
        """As templates know it; `address` is what the QR code opens."""
        return {"address": address, "page": f"{self._shown()}/verify", "hotline": self.hotline}

    def verifying(self, token: str) -> str:
        """The address a QR code opens."""
        return f"{self.base_url.rstrip('/')}/verify/{token}"

    def _shown(self) -> str:
        return self.base_url.rstrip("/").partition("://")[2]


@dataclass(frozen=True, slots=True)
class Order:
    """One printing: its PDF where it was made already, else what to make it of."""

    copy_id: int
    template: str  # kind and version, for the log
    sha256: str | None
    sheet: Sheet | None


@dataclass(frozen=True, slots=True)
class Made:
    """One PDF that lies in the store now."""

    copy_id: int
    sha256: str
    lacks_letters: bool


def order_of(session: Session, copy: DocumentCopy, *, house: House) -> Order:
    """What is needed to hand out this printing.

    Raises:
        InvalidError: what the document said was erased.
    """
    document = session.get_one(Document, copy.document_id)
    template = session.get_one(DocumentTemplate, document.template_id)
    name = f"{template.kind} {template.version}"
    if copy.sha256:
        return Order(copy.id, name, copy.sha256, None)
    content = content_of(session, document)
    if content is None:
        raise InvalidError(mark("What this document said has been erased."))
    zone = calendars.load(session).statutory.zone
    address = house.verifying(token_of(vault_of(session).signer, document))
    facts: dict[str, Any] = {
        **dict.fromkeys(KEPT_FACTS, ""),  # issued before the program knew some of them
        **content.facts,
        "number": document.number,
        "issued_on": day_text(document.issued_at.astimezone(zone).date()),
        "seal_code": document.seal_code,
        "paper": str(copy.paper),
        "copy": copy.copy,
        "printed_at": instant_text(copy.made_at, zone),
        "sample": False,
        **house.facts(address),
    }
    sheet = Sheet(template.source, facts, content.values, _qr(address), copy.made_at)
    return Order(copy.id, name, None, sheet)


def waiting(session: Session, *, house: House, limit: int) -> list[Order]:
    """The printings nobody has opened yet, to be made in the background."""
    copies = queries.copies_waiting(session, limit)
    return [order_of(session, copy, house=house) for copy in copies]


def make(order: Order, store: FileStore, *, press: Press = PRESS) -> Made:
    """Print it and keep it; harmless when it was made before.

    Raises:
        UnavailableError: no font, no typst, no room on the disk, or the template does not print.
    """
    if order.sheet is None:
        return Made(order.copy_id, order.sha256 or "", lacks_letters=False)
    done = press.press(order.sheet)
    if isinstance(done, Fault):
        # Its words may quote the document, so only the place is logged.
        _log.warning("a document does not print", template=order.template, line=done.line)
        raise UnavailableError(
            mark(
                "This document cannot be printed: its template fails at line %(line)s. Please "
                "tell the system administrator."
            ),
            line=done.line,
        )
    return Made(order.copy_id, store.put(done.pdf), done.lacks_letters)


def settle(session: Session, made: Made, *, now: datetime) -> None:
    """Write down which file the printing is; the first to finish counts."""
    copy = session.get_one(DocumentCopy, made.copy_id, with_for_update=True)
    if copy.printed_at is None:
        copy.sha256, copy.printed_at = made.sha256, now
        copy.lacks_letters = made.lacks_letters
    session.flush()


def preview(
    session: Session,
    source: str,
    kind: DocumentKind,
    paper: Paper,
    *,
    house: House,
    now: datetime,
) -> Sheet:
    """What a template makes of made-up values, to be printed and shown; marked as a sample."""
    zone = calendars.load(session).statutory.zone
    local = now.astimezone(zone)
    address = house.verifying(_NO_TOKEN)
    facts: dict[str, Any] = {
        **sample_facts(kind, year=local.year),
        "issued_on": day_text(local.date()),
        "paper": str(paper),
        "copy": 1,
        "printed_at": "",
        "sample": True,
        **house.facts(address),
    }
    values = fitted(kind, sample_of(kind, now=now), zone=zone)
    return Sheet(source, facts, values, _qr(address), now)


def _qr(address: str) -> str:
    return segno.make(address, error="m", micro=False).svg_inline(border=4, omitsize=True)
