"""Editing reply texts: whose they are, and what they may not hold."""

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.catalogue.models import ReplyText, RevisedType
from app.catalogue.queries import (
    list_reply_texts,
    list_revisions,
)
from app.catalogue.rules import ReplyPurpose
from app.catalogue.service import (
    ReplyDraft,
    add_reply,
    change_reply,
    set_reply_active,
)
from app.kernel.errors import InvalidError
from tests.catalogue.builders import an_edit, put_unit

REPLY = ReplyDraft(
    code="hello", title="问候", body="{name}您好", purpose=ReplyPurpose.ANSWER, unit_id=None
)


def test_a_text_of_a_unit_is_offered_to_that_unit_and_below(filled: sessionmaker[Session]) -> None:
    with filled.begin() as session:
        water = put_unit(session, "WATER")
        station = put_unit(session, "STATION", parent=water)
        other = put_unit(session, "OTHER")
        add_reply(session, replace(REPLY, unit_id=water.id), edit=an_edit())

    def offered(path: str) -> bool:
        with filled() as session:
            texts = list_reply_texts(session, purpose=ReplyPurpose.ANSWER, unit_path=path)
            return "hello" in [text.code for text in texts]

    assert [offered(unit.path) for unit in (water, station, other)] == [True, True, False]


def test_a_text_with_an_unknown_variable_is_refused(filled: sessionmaker[Session]) -> None:
    with filled() as session, pytest.raises(InvalidError):
        add_reply(session, replace(REPLY, body="{phone_no}"), edit=an_edit())


REPLY_FLAWS = [
    (replace(REPLY, code="reply.done"), "code"),
    (replace(REPLY, code="X"), "code"),
    (replace(REPLY, title=""), "title"),
    (replace(REPLY, title="长" * 81), "title"),
    (replace(REPLY, body=""), "body"),
    (replace(REPLY, body="长" * 2001), "body"),
    (replace(REPLY, unit_id=0), "unit_id"),
]


def test_a_text_with_a_flaw_is_refused_at_that_field(filled: sessionmaker[Session]) -> None:
    with filled() as session:
        for draft, field in REPLY_FLAWS:
            with pytest.raises(InvalidError) as refused:
                add_reply(session, draft, edit=an_edit())
            assert list(refused.value.fields) == [field], draft


def test_a_text_is_changed_and_switched_off(filled: sessionmaker[Session]) -> None:
    with filled.begin() as session:
        reply = add_reply(session, REPLY, edit=an_edit())
        draft = replace(REPLY, body="您好")
        change_reply(session, reply.id, draft, version=reply.version, edit=an_edit())
        set_reply_active(session, reply.id, is_active=False, version=reply.version, edit=an_edit())

    with filled() as session:
        assert session.get_one(ReplyText, reply.id).body == "您好"
        assert "hello" not in [text.code for text in list_reply_texts(session)]
        assert len(list_revisions(session, RevisedType.REPLY_TEXT, reply.id)) == 3
