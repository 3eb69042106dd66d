"""Versions of service items: drafts, days of validity, what a running application keeps."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.rules import Role
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from app.service_items import queries, service
from app.service_items.service import Part
from tests.catalogue.builders import an_edit
from tests.service_items.builders import (
    CODE,
    LONG_AGO,
    SYSTEM,
    TODAY,
    a_content,
    a_material,
    an_item,
    days,
    publish,
    who,
)

Db = sessionmaker[Session]
YESTERDAY = TODAY - timedelta(days=1)
TOMORROW = TODAY + timedelta(days=1)


def test_a_running_application_keeps_its_version_while_new_ones_get_the_next(db: Db) -> None:
    with db.begin() as session:
        first = an_item(session, a_content(materials=(a_material("户口簿", key="book"),)))
    with db.begin() as session:
        item_id = queries.get_version(session, first).item_id
        second = service.open_draft(session, item_id, edit=SYSTEM)
        draft = queries.get_version(session, second)
        shorter = replace(draft.content, promised=days(3), materials=(), questions=(who(),))
        for part in Part:
            lock = queries.get_version(session, second).lock
            service.save_draft(session, second, shorter, part=part, lock=lock, edit=SYSTEM)
        publish(session, second, TOMORROW)

    with db() as session:
        kept = queries.get_version(session, first)
        today = queries.version_on(session, CODE, TODAY)
        tomorrow = queries.version_on(session, item_id, TOMORROW)
        queries.require_in_force(session, first, TODAY)
        with pytest.raises(InvalidError, match=f"ended on {TODAY}. A newer version is in force"):
            queries.require_in_force(session, first, TOMORROW)
    assert (kept.valid_from, kept.valid_to) == (LONG_AGO, TODAY)
    assert today == kept
    assert [m.key for m in kept.content.materials] == ["book"]
    assert (tomorrow.id, tomorrow.number) == (second, 2)
    assert tomorrow.content == shorter


def test_an_item_that_ended_yesterday_says_so_and_is_found_no_more(db: Db) -> None:
    with db.begin() as session:
        version_id = an_item(session, valid_to=YESTERDAY)

    with db() as session:
        with pytest.raises(InvalidError, match=f"ended on {YESTERDAY} and has no newer version"):
            queries.version_on(session, CODE, TODAY)
        with pytest.raises(InvalidError, match="ended"):
            queries.require_in_force(session, version_id, TODAY)
        with pytest.raises(InvalidError, match=f"offered from {LONG_AGO} on"):
            queries.version_on(session, CODE, LONG_AGO - timedelta(days=1))
        with pytest.raises(NotFoundError):
            queries.version_on(session, "990100-NONE", TODAY)
        assert queries.find_items(session, CODE, day=TODAY) == []
        assert queries.latest_by_code(session, CODE, day=TODAY).version_id == version_id


def test_a_published_version_is_never_written_again(db: Db) -> None:
    with db.begin() as session:
        version_id = an_item(session)
    with db() as session:
        seen = queries.get_version(session, version_id)

    def save(session: Session) -> None:
        content = a_content(fee="1")
        service.save_draft(
            session, version_id, content, part=Part.FIELDS, lock=seen.lock, edit=SYSTEM
        )

    def publish_again(session: Session) -> None:
        publish(session, version_id, TOMORROW)

    def discard(session: Session) -> None:
        service.discard_draft(session, version_id, lock=seen.lock, edit=SYSTEM)

    for attempt in (save, publish_again, discard):
        with pytest.raises(ConflictError), db.begin() as session:
            attempt(session)

    with db() as session:
        assert queries.get_version(session, version_id) == seen


def test_of_two_who_write_one_draft_the_second_is_told(db: Db) -> None:
    with db.begin() as session:
        an_item(session)
        draft = service.open_draft(session, queries.keys_by_code(session)[CODE], edit=SYSTEM)
        again = service.open_draft(session, queries.keys_by_code(session)[CODE], edit=SYSTEM)
        seen = queries.get_version(session, draft).lock

    with db.begin() as session:
        content = a_content(materials=(a_material(),))
        service.save_draft(session, draft, content, part=Part.MATERIALS, lock=seen, edit=SYSTEM)
    with pytest.raises(ConflictError), db.begin() as session:
        service.save_draft(session, draft, a_content(), part=Part.MATERIALS, lock=seen, edit=SYSTEM)

    with db() as session:
        assert again == draft
        assert len(queries.get_version(session, draft).content.materials) == 1


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (YESTERDAY, None, "valid_from"),
        (TOMORROW, TODAY, "valid_to"),
        (date(2026, 5, 1), None, ""),
    ],
)
def test_a_following_version_begins_today_or_later(
    db: Db, first: date, last: date | None, field: str
) -> None:
    with db.begin() as session:
        an_item(session)
        draft = service.open_draft(session, queries.keys_by_code(session)[CODE], edit=SYSTEM)

    with db() as session:
        try:
            publish(session, draft, first, last)
            refused = set()
        except InvalidError as error:
            refused = set(error.fields)

    assert refused == ({field} if field else set())


def test_a_draft_with_a_flaw_is_not_published_and_can_be_thrown_away(db: Db) -> None:
    with db.begin() as session:
        an_item(session, a_content(questions=(who(),)))
        item_id = queries.keys_by_code(session)[CODE]
        draft = service.open_draft(session, item_id, edit=SYSTEM)
        lock = queries.get_version(session, draft).lock
        with pytest.raises(InvalidError) as refused:
            service.save_draft(
                session,
                draft,
                a_content(promised=days(30), unit_code="NONE"),
                part=Part.FIELDS,
                lock=lock,
                edit=SYSTEM,
            )
        left = service.discard_draft(session, draft, lock=lock, edit=SYSTEM)

    with db() as session:
        assert set(refused.value.fields) == {"promised_value", "unit_code"}
        assert left == item_id
        assert len(queries.versions_of(session, item_id)) == 1
        assert queries.list_drafts(session) == []


def test_an_item_switched_off_is_offered_to_nobody_and_its_end_can_be_set(db: Db) -> None:
    with db.begin() as session:
        version_id = an_item(session)
        item = queries.get_item(session, queries.keys_by_code(session)[CODE])
        service.set_active(session, item.id, is_active=False, version=item.version, edit=SYSTEM)
        with pytest.raises(InvalidError, match="no longer offered"):
            queries.version_on(session, CODE, TODAY)
        item = queries.get_item(session, item.id)
        service.set_active(session, item.id, is_active=True, version=item.version, edit=SYSTEM)
        for last_day, is_possible in ((YESTERDAY - timedelta(days=1), False), (YESTERDAY, True)):
            lock = queries.get_version(session, version_id).lock
            try:
                service.set_end(session, version_id, last_day, today=TODAY, lock=lock, edit=SYSTEM)
                happened = True
            except InvalidError:
                happened = False
            assert happened == is_possible

    with db() as session:
        assert queries.get_version(session, version_id).valid_to == YESTERDAY


def test_only_who_keeps_the_catalogue_may_change_an_item(db: Db) -> None:
    edit = an_edit(Role.CLERK)
    with db.begin() as session:
        an_item(session)

    with db() as session:
        item_id = queries.keys_by_code(session)[CODE]
        for attempt in (
            lambda: service.add_item(
                session, a_content(), code="990100-X-1", basic_code="SL-1", edit=edit
            ),
            lambda: service.open_draft(session, item_id, edit=edit),
            lambda: service.set_active(session, item_id, is_active=False, version=1, edit=edit),
            lambda: service.take_over(session, [], today=TODAY, edit=edit),
        ):
            with pytest.raises(ForbiddenError):
                attempt()


def test_items_are_found_by_initials_pinyin_words_and_code(db: Db) -> None:
    with db.begin() as session:
        an_item(session, a_content(name="食品摊点登记"))
        an_item(session, a_content(name="食品经营许可"), code="990100-SCJ-901")

    with db() as session:

        def names(typed: str) -> list[str]:
            return [one.name.zh for one in queries.find_items(session, typed, day=TODAY)]

        assert names("sptd") == ["食品摊点登记"]
        assert names("shipinjing") == ["食品经营许可"]
        assert names("食品") == ["食品摊点登记", "食品经营许可"]
        assert names("许可 市场") == ["食品经营许可"]
        assert names("990100-scj-901") == ["食品经营许可"]
        assert names("结婚") == names("") == []
