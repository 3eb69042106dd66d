"""Articles are written by who answers for them, kept in every version, never shown too widely."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Role
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from app.knowledge import queries, service
from app.knowledge.models import Article, ArticleRemark, ArticleVersion
from app.knowledge.rules import ArticleState, RemarkEnd, Verdict
from app.notifications.models import StaffEntry
from tests.knowledge.articles import ANSWER, TODAY, an_article, draft, edit
from tests.support.city import WATER, WORKS, City, first_category
from tests.support.clock import MONDAY_9AM

ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def titles(session: Session, text: str) -> list[str]:
    return [one.title for one in queries.find_articles(session, text)]


def inbox_of(session: Session, actor: Actor) -> list[str]:
    entries = select(StaffEntry.msgid).where(StaffEntry.staff_id == actor.id)
    return list(session.scalars(entries.order_by(StaffEntry.id)))


def test_an_article_is_found_once_it_is_in_use_and_each_edit_is_kept(town: City) -> None:
    head, manager = town[Role.UNIT_HEAD], town[Role.MANAGER]
    with town.db.begin() as session:
        category = first_category(session)
        written = service.add_article(
            session, draft(category_ids=[category], keywords="灯坏了"), edit=edit(head)
        )
        code, seen = written.code, written.version
        assert titles(session, "路灯") == []
    with town.db.begin() as session:
        service.set_state(session, code, ArticleState.IN_USE, seen=seen, edit=edit(head))

    with town.db.begin() as session:
        by_words = titles(session, "路灯")
        by_initials = titles(session, "dhl")
        of_category = queries.find_articles(session, "", near=[category])
        article = queries.get_whole(session, code).article
        new = draft(answer=f"{ANSWER}带上编号。", title="路灯坏了报给谁？")
        service.change_article(
            session, code, new, seen=article.version, edit=edit(manager, "写明编号")
        )

    assert by_words == by_initials == ["路灯不亮报给谁？"]
    assert [one.code for one in of_category] == [code]
    with town.db() as session:
        assert titles(session, "路灯") == ["路灯坏了报给谁？"]
        assert queries.find_articles(session, "", near=[category]) == []  # the link was taken away
        versions = queries.list_versions(session, written.id)
        assert [(one.number, one.by_name, one.note) for one in versions] == [
            (3, manager.name, "写明编号"),
            (2, head.name, ""),
            (1, head.name, ""),
        ]
        assert versions[1].content["answer"] == ANSWER
    rewritten = update(ArticleVersion).values(note="别的")
    with pytest.raises(DatabaseError, match="written once"), town.db.begin() as session:
        session.execute(rewritten)


def test_who_does_not_answer_for_it_or_saw_an_old_one_changes_nothing(town: City) -> None:
    head, handler = town[Role.UNIT_HEAD], town[Role.HANDLER]
    with town.db.begin() as session:
        theirs = an_article(session, town, unit_id=WATER)
        own = an_article(session, town, owner_id=handler.id)
    for code, seen, actor, refusal in (
        (theirs.code, theirs.version, head, ForbiddenError),
        (own.code, own.version - 1, handler, ConflictError),
        (own.code, own.version, town[Role.CLERK], ForbiddenError),
        ("K9999", 1, head, NotFoundError),
    ):
        with pytest.raises(refusal), town.db.begin() as session:
            service.change_article(session, code, draft(title="新"), seen=seen, edit=edit(actor))

    with town.db.begin() as session:
        service.change_article(
            session, own.code, draft(title="新", owner_id=handler.id), seen=own.version,
            edit=edit(handler),
        )  # fmt: skip

    with pytest.raises(ForbiddenError), town.db.begin() as session:
        service.add_article(session, draft(unit_id=WATER), edit=edit(head))
    with town.db() as session:
        assert sorted(session.scalars(select(Article.title))) == ["新", "路灯不亮报给谁？"]


@ONE_DATABASE
def test_what_cannot_be_an_article_is_refused_field_by_field(town: City) -> None:
    wrong = draft(
        title="", answer="", review_on=TODAY, unit_id=99, owner_id=99, category_ids=[10**6],
        item_codes=["none"],
    )  # fmt: skip

    with pytest.raises(InvalidError) as refused, town.db.begin() as session:
        service.add_article(session, wrong, edit=edit(town[Role.ADMIN], "很" * 301))

    assert set(refused.value.fields) == {
        "title", "answer", "review_on", "unit_id", "charge_id", "categories", "items", "note",
    }  # fmt: skip


@ONE_DATABASE
def test_an_article_whose_day_has_passed_is_looked_at_before_it_is_used_again(town: City) -> None:
    manager = town[Role.MANAGER]
    with town.db.begin() as session:
        article = an_article(session, town, review_on=TODAY + timedelta(days=3))
        late = edit(manager, days=9)
        code = article.code
        service.set_state(session, code, ArticleState.WITHDRAWN, seen=article.version, edit=late)
        with pytest.raises(InvalidError):
            service.set_state(session, code, ArticleState.IN_USE, seen=article.version, edit=late)

        with pytest.raises(InvalidError):
            service.confirm(session, code, late.today, seen=article.version, edit=late)
        day = late.today + timedelta(days=90)
        service.confirm(session, code, day, seen=article.version, edit=late)
        service.set_state(session, code, ArticleState.IN_USE, seen=article.version, edit=late)

    with town.db() as session:
        assert queries.get_public(session, code).code == code


@ONE_DATABASE
def test_internal_drafted_and_withdrawn_articles_are_nowhere_in_public(town: City) -> None:
    manager = town[Role.MANAGER]
    with town.db.begin() as session:
        shown = an_article(session, town)
        hidden = [an_article(session, town, is_public=False)]
        hidden.append(service.add_article(session, draft(), edit=edit(manager)))
        gone = an_article(session, town)
        service.set_state(
            session, gone.code, ArticleState.WITHDRAWN, seen=gone.version, edit=edit(manager)
        )
        hidden.append(gone)
    with town.db() as session:
        assert [one.code for one in queries.find_public(session, "路灯")] == [shown.code]
        assert [one.code for one in queries.list_public(session)] == [shown.code]
        for article in hidden:
            with pytest.raises(NotFoundError):
                queries.get_public(session, article.code)
        assert len(queries.find_articles(session, "路灯")) == 2  # staff find the internal one too


def test_a_remark_waits_for_who_answers_and_whoever_made_it_hears(town: City) -> None:
    head, clerk, handler = town[Role.UNIT_HEAD], town[Role.CLERK], town[Role.HANDLER]
    with town.db.begin() as session:
        article = an_article(session, town, owner_id=handler.id)
        seen = article.version
        service.remark(session, article.id, seen, Verdict.USEFUL, "", staff_id=None, now=MONDAY_9AM)
        made = service.remark(
            session,
            article.id,
            seen,
            Verdict.WRONG,
            " 要五天，电话17900000001 ",
            staff_id=clerk.id,
            now=MONDAY_9AM,
        )
        assert made is not None
        told = inbox_of(session, handler)
        listed = queries.list_remarks(session, head, is_open=True).items
        elsewhere = queries.list_remarks(session, clerk, is_open=True).items

    assert told == ["A reader found something wrong or unclear: %(title)s"]
    assert [one.words for one in listed] == ["要五天，电话****"]
    assert not elsewhere
    ended = (RemarkEnd.CORRECTED, "已改为五天")
    with town.db.begin() as session:  # who remarks on another unit's article does not close it
        water = an_article(session, town, unit_id=WATER)
        other = service.remark(
            session, water.id, 1, Verdict.UNCLEAR, "", staff_id=head.id, now=MONDAY_9AM
        )
        assert other is not None
        with pytest.raises(ForbiddenError):
            service.close_remark(session, other.id, *ended, seen=1, actor=head, now=MONDAY_9AM)
    with pytest.raises(ForbiddenError), town.db.begin() as session:
        service.close_remark(session, made.id, *ended, seen=1, actor=clerk, now=MONDAY_9AM)
    with pytest.raises(InvalidError), town.db.begin() as session:
        service.close_remark(
            session, made.id, RemarkEnd.CORRECTED, " ", seen=1, actor=handler, now=MONDAY_9AM
        )
    with town.db.begin() as session:
        service.close_remark(session, made.id, *ended, seen=1, actor=handler, now=MONDAY_9AM)
    with pytest.raises(ConflictError), town.db.begin() as session:
        service.close_remark(session, made.id, *ended, seen=1, actor=handler, now=MONDAY_9AM)
    with town.db() as session:
        assert inbox_of(session, clerk) == ["Your remark was answered: %(title)s"]
        kept = session.get_one(ArticleRemark, made.id)
        assert (kept.end, kept.end_note, kept.closed_by) == (*ended, handler.id)
        article = session.get_one(Article, article.id)
        assert article.useful_count == 1
        assert article.version == seen  # counting disturbs nobody who is writing


def test_owners_are_told_in_time_once_and_again_each_week_once_it_is_late(town: City) -> None:
    with town.db.begin() as session:
        an_article(session, town, review_on=TODAY + timedelta(days=20), unit_id=WORKS)
    told = []
    for days in (0, 5, 6, 7, 20, 21, 27):
        later = timedelta(days=days)
        with town.db.begin() as session:
            told.append(service.tell_owners(session, today=TODAY + later, now=MONDAY_9AM + later))

    assert told == [0, 0, 1, 0, 1, 0, 1]
    with town.db() as session:
        # Nobody owns it: whoever looks after the articles of its unit.
        assert set(inbox_of(session, town[Role.UNIT_HEAD])) == {
            "Please look at an article again: %(title)s"
        }


@ONE_DATABASE
def test_the_shipped_samples_are_labelled_readable_by_sound_and_come_once(town: City) -> None:
    with town.db.begin() as session:
        added = service.seed(session, today=TODAY, now=MONDAY_9AM)
        again = service.seed(session, today=TODAY, now=MONDAY_9AM)
        articles = session.scalars(select(Article)).all()
        by_sound = queries.find_articles(session, "sfz")
        internal = [one.code for one in articles if not one.is_public]

    assert added == len(articles) >= 25
    assert again == 0
    assert all(one.is_sample and one.state is ArticleState.IN_USE for one in articles)
    assert by_sound[0].title == "身份证丢了怎么补办？"
    assert internal
    for line in service.shipped_articles():
        assert service.sounds_of(line["title"], line["keywords"]) == (
            line["initials"],
            line["pinyin"],
        )
