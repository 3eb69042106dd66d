"""Numbers run on without gaps for each unit, kind and year, whoever writes at the same time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from sqlalchemy import select

from app.accounts.rules import Role
from app.documents import queries
from app.documents.models import Document
from app.documents.rules import DocumentKind, DocumentState
from app.documents.service import issuing
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError
from app.kernel.vault import vault_of
from tests.documents.papers import RECEIPT, a_receipt
from tests.support.city import CENTRE, WORKS, City, a_case
from tests.support.clock import MONDAY_9AM

WRITERS, EACH = 8, 3
# In the hall it is already next year.
NEW_YEAR = datetime(2025, 12, 31, 16, 0, tzinfo=UTC)


def test_each_unit_and_kind_and_year_of_the_hall_counts_for_itself(city: City) -> None:
    with city.db.begin() as session:
        first, second = a_receipt(session, city), a_receipt(session, city)
        elsewhere = a_receipt(session, city, unit_id=WORKS)
        next_year = issuing.issue(
            session,
            DocumentKind.RECEIPT,
            RECEIPT,
            unit_id=CENTRE,
            case=None,
            actor=city[Role.CLERK],
            now=NEW_YEAR,
        )

    assert [first.number, second.number] == ["C12345-SJ-2026-00001", "C12345-SJ-2026-00002"]
    assert elsewhere.number == "WORKS-SJ-2026-00001"
    assert next_year.number == "C12345-SJ-2026-00003"


def _write(city: City, together: Barrier, turn: int) -> None:
    together.wait()
    for _ in range(EACH):
        with city.db() as session:
            a_receipt(session, city)
            if turn % 2:
                session.commit()  # the others are undone after they have taken a number


def test_many_at_once_leave_no_gap_even_where_some_are_undone(city: City) -> None:
    together = Barrier(WRITERS)

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(lambda turn: _write(city, together, turn), range(WRITERS)))

    with city.db() as session:
        taken = sorted(session.scalars(select(Document.seq)))
    assert taken == list(range(1, WRITERS // 2 * EACH + 1))


def test_a_void_document_keeps_its_number_and_says_who_voided_it(city: City) -> None:
    with city.db.begin() as session:
        spoiled = a_receipt(session, city)
        issuing.void(session, spoiled, "姓名写错", actor=city[Role.MANAGER], now=MONDAY_9AM)
        after = a_receipt(session, city)

        assert (spoiled.state, spoiled.seq, after.seq) == (DocumentState.VOID, 1, 2)
        assert spoiled.ended_by == city[Role.MANAGER].id


def test_what_replaces_a_document_is_named_and_nothing_ends_twice(city: City) -> None:
    with city.db.begin() as session:
        case = a_case(session)
        old = a_receipt(session, city, case=case)
        a_receipt(session, city, case=case, replaces=old)

        listed = queries.list_for_case(session, case.id)

        assert [row.replaced_by for row in listed] == ["C12345-SJ-2026-00002", ""]
        with pytest.raises(ConflictError):
            issuing.void(session, old, "再作废一次", actor=city[Role.MANAGER], now=MONDAY_9AM)


def test_only_who_may_declares_void_and_never_without_a_reason(city: City) -> None:
    with city.db.begin() as session:
        document = a_receipt(session, city)

        with pytest.raises(ForbiddenError):
            issuing.void(session, document, "作废", actor=city[Role.CLERK], now=MONDAY_9AM)
        with pytest.raises(InvalidError):
            issuing.void(session, document, " ", actor=city[Role.MANAGER], now=MONDAY_9AM)


def test_the_same_document_is_found_by_its_token_and_by_no_other(city: City) -> None:
    with city.db.begin() as session:
        document = a_receipt(session, city)
        token = issuing.token_of(vault_of(session).signer, document)

        assert queries.find_by_token(session, token) is document
        assert queries.find_by_token(session, token[:-1] + "7") is None
