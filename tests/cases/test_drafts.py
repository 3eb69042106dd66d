"""Drafts: encrypted, one per owner and form, gone when nobody comes back."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.cases.kinds import DoerKind
from app.cases.models import Attachment, Draft
from app.cases.service import drafts
from app.kernel.errors import InvalidError
from app.kernel.secrets import SealError
from tests.support.city import City, Db, a_case, a_city, with_vault
from tests.support.clock import MONDAY_9AM

OWNER = drafts.owner_of_staff(7)


@pytest.fixture
def sealed(db: Db) -> Db:
    return with_vault(db)


@pytest.fixture
def city(db: Db) -> City:
    return a_city(db)


def a_file(**given: object) -> Attachment:
    known: dict[str, object] = {
        "sha256": "0" * 64,
        "content_type": "image/jpeg",
        "size": 9,
        "by_kind": DoerKind.CITIZEN,
        "at": MONDAY_9AM,
    }
    return Attachment(**(known | given))


def test_a_draft_is_found_by_its_owner_and_form_only_and_lies_encrypted(sealed: Db) -> None:
    with sealed.begin() as session:
        drafts.save(session, OWNER, "reply:1", {"text": "正在写"}, now=MONDAY_9AM)

    with sealed() as session:
        kept = drafts.find(session, OWNER, "reply:1")

        assert kept is not None
        assert kept.data == {"text": "正在写"}
        assert drafts.find(session, OWNER, "reply:2") is None
        assert drafts.find(session, drafts.owner_of_staff(8), "reply:1") is None
        assert "正在写".encode() not in session.scalars(select(Draft.data)).one()


def test_saving_again_replaces_and_keeps_the_id(sealed: Db) -> None:
    with sealed.begin() as session:
        first = drafts.save(session, OWNER, "f", {"a": 1}, now=MONDAY_9AM)
        drafts.find(session, OWNER, "f")
        second = drafts.save(session, OWNER, "f", {"a": 2}, now=MONDAY_9AM)
        kept = drafts.find(session, OWNER, "f")

    assert first == second
    assert kept is not None
    assert kept.data == {"a": 2}


def test_a_draft_copied_into_another_row_cannot_be_read_there(sealed: Db) -> None:
    with sealed.begin() as session:
        drafts.save(session, OWNER, "f", {"a": 1}, now=MONDAY_9AM)
        session.scalars(select(Draft)).one().owner = drafts.owner_of_staff(8)

    with sealed() as session, pytest.raises(SealError):
        drafts.find(session, drafts.owner_of_staff(8), "f")


def test_a_visitors_owner_name_does_not_show_the_cookie(sealed: Db) -> None:
    with sealed() as session:
        owner = drafts.owner_of_visitor(session, "cookie-of-a-browser")

    assert "cookie" not in owner
    assert len(owner) <= 80


def test_removing_a_draft_takes_its_loose_files_and_leaves_those_of_a_case(city: City) -> None:
    with city.db.begin() as session:
        case = a_case(session)
        draft_id = drafts.save(session, OWNER, "f", {}, now=MONDAY_9AM)
        session.add(a_file(draft_id=draft_id))
        session.add(a_file(draft_id=draft_id, case_id=case.id))
        session.flush()
        drafts.remove(session, OWNER, "f")

    with city.db() as session:
        assert session.scalars(select(Attachment.case_id)).all() == [case.id]


def test_old_drafts_of_visitors_go_first_and_twice_is_harmless(sealed: Db) -> None:
    later = MONDAY_9AM + drafts.VISITORS_KEPT + timedelta(hours=1)
    with sealed.begin() as session:
        visitor = drafts.owner_of_visitor(session, "v")
        drafts.save(session, visitor, "report", {}, now=MONDAY_9AM)
        drafts.save(session, OWNER, "f", {}, now=MONDAY_9AM)

    for _ in range(2):
        with sealed.begin() as session:
            drafts.forget_old(session, {}, now=later)

    with sealed() as session:
        assert session.scalars(select(Draft.owner)).all() == [OWNER]
        assert session.scalar(select(func.count()).select_from(Draft)) == 1


def test_one_draft_too_many_is_refused_in_a_sentence_and_none_is_lost(sealed: Db) -> None:
    with sealed.begin() as session:
        for number in range(drafts.MOST_DRAFTS):
            drafts.save(session, OWNER, f"reply:{number}", {"text": "正在写"}, now=MONDAY_9AM)

    with sealed() as session:
        with pytest.raises(InvalidError, match="unfinished texts"):
            drafts.check_room(session, OWNER, "reply:one more", {"text": "再写一份"})
        drafts.check_room(session, OWNER, "reply:0", {"text": "接着写"})
        drafts.check_room(session, drafts.owner_of_staff(8), "reply:0", {"text": "别人的"})
        kept = session.scalar(select(func.count()).select_from(Draft))

    assert kept == drafts.MOST_DRAFTS


def test_a_text_no_form_would_take_is_not_kept_as_a_draft_either(sealed: Db) -> None:
    with sealed() as session, pytest.raises(InvalidError, match="too long"):
        drafts.check_room(session, OWNER, "f", {"text": "长" * (drafts.MOST_CHARACTERS + 1)})
