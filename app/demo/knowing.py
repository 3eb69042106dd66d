"""What the demo city shows of knowledge: articles with owners, edits, remarks, days that passed.

Goes through the services a page would call; the articles are the shipped samples.
"""

from datetime import date, datetime, timedelta
from typing import Final

from app.accounts.rules import Actor, Role
from app.cases.kinds import Action, Channel
from app.cases.rules import staff
from app.cases.service import NewCase
from app.catalogue import queries as catalogue
from app.catalogue.rules import CaseKind
from app.demo.town import Town
from app.knowledge import queries, service
from app.knowledge.queries import Whole
from app.knowledge.rules import RemarkEnd, Verdict
from app.knowledge.service import ArticleDraft, Edit

_LONG_AGO: Final = timedelta(days=150)
_SOONER: Final = {"S005": -9, "S012": 6, "S023": 11}  # days from today to look at them again
_OWNED: Final = {"S024": Role.UNIT_HEAD, "S026": Role.MANAGER, "S027": Role.MANAGER}
_CORRECTED: Final = "S024"
_ADDED: Final = "看不清编号的，说附近的店名也行。"
_QUESTIONS: Final = (
    ("身份证丢了，人在外地能补吗？", "S001"),
    ("孩子刚出生，上户口要带什么？", "S003"),
    ("社保卡不见了怎么办？", "S005"),
)


def found(town: Town, *, today: date, now: datetime) -> None:
    """The samples, a correction after a remark, two remarks that wait, days near and past."""
    began = now - _LONG_AGO
    service.seed(town.session, today=today, now=began)
    manager = town.staffing.by_role[Role.MANAGER][0]
    for code, role in _OWNED.items():
        _give(town, code, town.staffing.by_role[role][0], Edit(began, today - _LONG_AGO, manager))
    for code, days in _SOONER.items():
        edit = Edit(began, today - _LONG_AGO, manager)
        seen = queries.get_whole(town.session, code).article.version
        day = today + timedelta(days=days)
        service.confirm(town.session, code, day, seen=seen, edit=edit)
    _remarks(town, today, now)
    service.tell_owners(town.session, today=today, now=now)
    _answer(town, now)


def _give(town: Town, code: str, owner: Actor, edit: Edit) -> None:
    """Somebody answers for an article from now on."""
    whole = queries.get_whole(town.session, code)
    draft = _as_written(whole, owner_id=owner.id)
    service.change_article(town.session, code, draft, seen=whole.article.version, edit=edit)


def _remarks(town: Town, today: date, now: datetime) -> None:
    clerk = town.staffing.by_role[Role.CLERK][0]
    light = town.staffing.by_role[Role.UNIT_HEAD][0]
    then = now - timedelta(days=3)
    said = "灯杆上的编号晚上看不清，不知道怎么报。"
    made = _remark(town, _CORRECTED, Verdict.UNCLEAR, said, None, then)
    whole = queries.get_whole(town.session, _CORRECTED)
    draft = _as_written(whole, answer=f"{whole.article.answer}{_ADDED}")
    edit = Edit(now - timedelta(days=2), today - timedelta(days=2), light, "市民反映看不清编号")
    seen = whole.article.version
    service.change_article(town.session, _CORRECTED, draft, seen=seen, edit=edit)
    service.close_remark(
        town.session,
        made,
        RemarkEnd.MADE_CLEARER,
        "已补充：可以说附近的店名。",
        seen=1,
        actor=light,
        now=edit.now,
    )
    _remark(town, "S026", Verdict.UNCLEAR, "没说查询码在哪里。", None, now - timedelta(hours=20))
    _remark(town, "S013", Verdict.WRONG, "预约网址换了。", clerk.id, now - timedelta(hours=5))
    for code in ("S001", "S001", "S003", "S013", "S024"):
        _remark(town, code, Verdict.USEFUL, "", None, now)


def _remark(
    town: Town, code: str, verdict: Verdict, words: str, staff_id: int | None, at: datetime
) -> int:
    article = queries.get_whole(town.session, code).article
    made = service.remark(
        town.session, article.id, article.version, verdict, words, staff_id=staff_id, now=at
    )
    return made.id if made else 0


def _answer(town: Town, now: datetime) -> None:
    """Three questions of people without a name, answered from the articles."""
    clerk = town.staffing.by_role[Role.CLERK][0]
    for at, (asked, code) in enumerate(_QUESTIONS):
        town.now = now - timedelta(minutes=50 - 15 * at)
        article = queries.get_whole(town.session, code)
        category = catalogue.get_category(town.session, article.category_ids[0])
        new = NewCase(
            body=asked,
            channel=Channel.WINDOW,
            kind=CaseKind.CONSULTATION,
            category_id=category.id,
            is_anonymous=True,
            is_advice=True,
        )
        case = town.open(new, staff(clerk))
        town.step(case, Action.ANSWER_ON_SPOT, clerk, text=article.article.answer)
        service.count_used(town.session, article.article.answer)


def _as_written(whole: Whole, **changed: object) -> ArticleDraft:
    """An article as its form would send it, but for what changes."""
    article = whole.article
    written: dict[str, object] = {
        "title": article.title,
        "answer": article.answer,
        "unit_id": article.unit_id,
        "review_on": article.review_on,
        "title_en": article.title_en,
        "answer_en": article.answer_en,
        "keywords": article.keywords,
        "notes": article.notes,
        "basis": article.basis,
        "is_public": article.is_public,
        "owner_id": article.owner_id,
        "category_ids": whole.category_ids,
        "item_codes": whole.item_codes,
    }
    return ArticleDraft(**{**written, **changed})  # type: ignore[arg-type]  # fields of the draft
