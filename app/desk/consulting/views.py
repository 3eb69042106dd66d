"""Makes the one screen of consultation ready: the question, who asks, what articles say beside it.

Reads only, but for the search by telephone that is written down.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.accounts.deps import Work
from app.cases.kinds import Channel
from app.cases.labels import LABELS
from app.cases.queries.consultations import answered_on_the_spot
from app.catalogue import queries as catalogue
from app.desk import known
from app.desk.carrying import Carried, carried
from app.desk.consulting.answering import category_of, draft_of
from app.desk.known import KnownPeople
from app.kernel.ids import random_token
from app.knowledge import queries as knowledge
from app.knowledge.pages.shown import Offered, offered
from app.queueing import service as queue
from app.queueing.rules import spelt
from app.web import i18n

MOST_OFFERED: Final = 5
_DAY: Final = timedelta(days=1)
_CHANNELS: Final = (Channel.WINDOW, Channel.PHONE, Channel.LETTER)


@dataclass(frozen=True, slots=True)
class ConsultPage:
    """The question, its answer, and everything at hand to answer it."""

    values: Mapping[str, str]
    errors: Mapping[str, str]
    token: str
    found: Sequence[Offered]
    category_name: str
    suggestions: Sequence[Mapping[str, object]]
    channels: Sequence[tuple[str, str]]
    carried: Carried | None
    ticket: str
    known: KnownPeople
    draft: str
    draft_saved_at: datetime | None
    done: str
    answered_today: int
    into: str = "text"


def in_hand(work: Work) -> tuple[str, str]:
    """The number at the actor's counter and the name of its conversation; empty where none."""
    where = queue.where_of(work.session, work.actor, now=work.now)
    ticket = where[1] if where else None
    return (spelt(ticket.prefix, ticket.number), ticket.talk_ref) if ticket else ("", "")


def page_of(
    work: Work,
    values: Mapping[str, str],
    errors: Mapping[str, str],
    *,
    language: str,
    since: datetime,
    is_asked: bool = False,
    saved_at: datetime | None = None,
    done: str = "",
) -> ConsultPage:
    """Everything the page prints; `since` is when the hall's day began."""
    ref = values.get("talk", "")
    category = category_of(work, values.get("category", ""))
    near = [category.id] if category else []
    found = knowledge.find_articles(
        work.session, values.get("body", ""), near=near, limit=MOST_OFFERED
    )
    people = [work.actor.id]
    answered = answered_on_the_spot(work.session, people, since=since, until=since + _DAY)
    return ConsultPage(
        values=values,
        errors=errors,
        token=values.get("idempotency") or random_token(),
        found=[offered(one, language) for one in found],
        category_name=category.name.within(language) if category else "",
        suggestions=_suggestions(work, language),
        channels=[(str(one), i18n.gettext(LABELS[Channel][one])) for one in _CHANNELS],
        carried=carried(work.session, work.actor, ref),
        ticket=in_hand(work)[0],
        known=known.offer(work, values, is_asked=is_asked),
        draft=draft_of(ref),
        draft_saved_at=saved_at,
        done=done,
        answered_today=answered.get(work.actor.id, 0),
    )


def inserted(work: Work, values: Mapping[str, str], code: str, language: str) -> dict[str, str]:
    """The form with an article's answer added to what was written; an internal one adds nothing."""
    article = next((one for one in knowledge.list_public(work.session) if one.code == code), None)
    if article is None:
        return dict(values)
    words = article.answer_within(language)
    before = values.get("text", "").rstrip()
    return {**values, "text": f"{before}\n{words}" if before else words}


def _suggestions(work: Work, language: str) -> list[Mapping[str, object]]:
    return [
        {
            "value": entry["code"],
            "label": entry["name"],
            "keys": f"{entry['initials']} {entry['pinyin']}",
        }
        for entry in catalogue.picker(work.session, language).entries
    ]
