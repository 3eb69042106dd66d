"""Documents for tests: whole values of a kind, and a receipt written into a database."""

from typing import Final

from sqlalchemy.orm import Session

from app.accounts.rules import Role
from app.cases.models import Case
from app.documents.models import Document
from app.documents.rules import DICTIONARY, DocumentKind, Paper, Shape, Value, Values
from app.documents.service import issuing
from tests.support.city import CENTRE, City
from tests.support.clock import MONDAY_9AM

RECEIPT: Final[Values] = {
    "applicant": "钱样本",
    "item": "食品经营许可(新办)",
    "received_at": MONDAY_9AM,
    "materials": [{"name": "营业执照复印件", "copies": 1, "note": "齐全"}],
}


def values_of(kind: DocumentKind) -> dict[str, Value]:
    """Something for every name of this kind."""
    by_shape: dict[Shape, Value] = {
        Shape.LINE: "样例",
        Shape.WORDS: "第一行\n第二行",
        Shape.DAY: MONDAY_9AM.date(),
        Shape.INSTANT: MONDAY_9AM,
    }
    return {
        entry.name: [dict.fromkeys(entry.columns, "格")]
        if entry.shape is Shape.ROWS
        else by_shape[entry.shape]
        for entry in DICTIONARY[kind]
    }


def a_receipt(
    session: Session,
    city: City,
    *,
    case: Case | None = None,
    unit_id: int = CENTRE,
    values: Values = RECEIPT,
    paper: Paper | None = None,
    replaces: Document | None = None,
) -> Document:
    return issuing.issue(
        session,
        DocumentKind.RECEIPT,
        values,
        unit_id=unit_id,
        case=case,
        actor=city[Role.CLERK],
        now=MONDAY_9AM,
        paper=paper,
        replaces=replaces,
    )
