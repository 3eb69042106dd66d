"""Makes the page of an application ready: people, item, questions, papers, dates, what is alike.

Reads only, but for the line a search by telephone leaves in the log.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from app.accounts.deps import Work
from app.calendars import queries as calendars
from app.cases.labels import label
from app.desk.applying import applicant, dates, items, papers, scans
from app.desk.applying.applicant import Party
from app.desk.applying.dates import DateLine
from app.desk.applying.forms import QUESTION, UNTIL, VERDICT
from app.desk.applying.items import Chosen
from app.desk.applying.papers import PaperRow
from app.desk.applying.scans import FIELD
from app.desk.applying.typed import Typed
from app.desk.carrying import Carried, carried
from app.kernel.errors import NotFoundError
from app.kernel.ids import random_token
from app.kernel.messages import mark
from app.service_items.labels import DELIVERIES, HANDLINGS, KINDS
from app.service_items.rules import Handling, ItemVersion, Question
from app.service_items.showing import told
from app.service_requests import queries as requests
from app.service_requests import service
from app.service_requests.queries import AlikeLine
from app.service_requests.rules import Verdict
from app.web import i18n

_COMPLETE: Final = "complete"
_SHOW: Final = "show"


@dataclass(frozen=True, slots=True)
class ItemView:
    """The item in the version of the day, with what it asks."""

    version_id: int
    code: str
    name: str
    kind: str
    handling: str
    is_instant: bool
    is_sample: bool
    may_promise: bool
    authority: str
    conditions: str
    basis: str
    questions: Sequence[Question]
    papers: Sequence[PaperRow]
    deliveries: Sequence[tuple[str, str]]
    facts: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class AlikeView:
    """An application of the same person for the same item; no state where it is not shown."""

    line: AlikeLine
    state: str


@dataclass(frozen=True, slots=True)
class ApplyPage:
    """Everything the page prints."""

    values: Mapping[str, str]
    lists: Mapping[str, Sequence[str]]
    errors: Mapping[str, str]
    told: Mapping[str, str]  # the same for the summary, with the name of each question and paper
    token: str
    talk: str
    carried: Carried | None
    party: Party
    item: ItemView | None
    item_attrs: Mapping[str, str]
    candidates: Sequence[tuple[str, str, str]]
    ended_on: str
    suggestions: Sequence[Mapping[str, str]]
    begins: bool  # with what the item asks: it was just chosen
    dates: Sequence[DateLine] = ()
    alike: Sequence[AlikeView] = ()
    draft_saved_at: datetime | None = None


def page_of(work: Work, typed: Typed, errors: Mapping[str, str], *, language: str) -> ApplyPage:
    """The page for what has been typed so far."""
    today = _today(work)
    talk = carried(work.session, work.actor, typed.talk)
    found = items.chosen(work.session, typed.values, today)
    version = found.version
    if version is not None and typed.go == _COMPLETE:
        keys = [one.key for one in version.content.materials if not one.is_shared]
        typed = typed.all_complete(keys, str(Verdict.OK))
    party = applicant.party_of(work, typed.values, talk, is_asked=typed.is_asking)
    values, wrong = dict(typed.values), _with_item(errors, found, typed)
    if version is not None:
        values |= _given(version, values, service.latest_promise(work.session, now=work.now))
    return ApplyPage(
        values=values,
        lists=typed.lists,
        errors=wrong,
        told=_named(wrong, version, language) if version else wrong,
        token=values.get("idempotency") or random_token(),
        talk=typed.talk,
        carried=talk if talk and talk.number else None,
        party=party,
        item=_item(work, version, typed, language) if version else None,
        item_attrs=_item_attrs(party, version),
        candidates=[
            (one.code, one.name.within(language), one.authority.within(language))
            for one in found.candidates
        ],
        ended_on=found.ended,
        suggestions=items.suggestions(work.session, today, language),
        begins=not errors and typed.go == _SHOW and version is not None and party.here is not None,
        dates=dates.of(work, version, language=language) if version else (),
        alike=_alike(work, version, typed, talk),
        draft_saved_at=typed.saved_at,
    )


def paper_of(work: Work, typed: Typed, key: str, *, language: str) -> PaperRow:
    """One paper of the item that was chosen, with what was scanned of it.

    Raises:
        NotFoundError: the item has no such paper.
    """
    version = items.chosen(work.session, typed.values, _today(work)).version
    for one in version.content.materials if version else ():
        if one.key == key and not one.is_shared:
            kept = scans.kept(work.session, work.actor, typed.talk)
            return papers.row_of(one, kept.get(key, ()), language=language, talk=typed.talk)
    raise NotFoundError(mark("This item does not ask for such a paper."))


def _item(work: Work, version: ItemVersion, typed: Typed, language: str) -> ItemView:
    content = version.content
    kept = scans.kept(work.session, work.actor, typed.talk)
    return ItemView(
        version_id=version.id,
        code=version.code,
        name=content.name.within(language),
        kind=i18n.gettext(KINDS[content.kind]),
        handling=i18n.gettext(HANDLINGS[content.handling]),
        is_instant=content.handling is Handling.INSTANT,
        is_sample=version.is_sample,
        may_promise=content.may_promise,
        authority=content.authority.within(language),
        conditions=content.accepting_conditions,
        basis=content.legal_basis,
        questions=content.questions,
        papers=papers.rows_of(content.materials, kept, language=language, talk=typed.talk),
        deliveries=[(str(one), i18n.gettext(DELIVERIES[one])) for one in content.deliveries],
        facts=_facts(version, language),
    )


def _facts(version: ItemVersion, language: str) -> list[tuple[str, str]]:
    content = version.content
    return [
        (i18n.gettext("Fee"), content.fee or i18n.gettext("free of charge")),
        (i18n.gettext("Result"), content.result.within(language)),
        (i18n.gettext("Visits"), str(content.visits)),
        (i18n.gettext("Place"), content.place),
        (i18n.gettext("Telephone"), content.phone),
    ]


def _given(version: ItemVersion, values: Mapping[str, str], latest: date) -> dict[str, str]:
    """What stands in fields nobody has filled: the last day a paper may follow."""
    names = [f"{UNTIL}{one.key}" for one in version.content.materials if one.may_defer]
    return {name: latest.isoformat() for name in names if not values.get(name)}


def _item_attrs(party: Party, version: ItemVersion | None) -> dict[str, str]:
    wired = {
        "data-combobox": "",
        "data-options": "#items",
        "data-press": "#show",
        "data-key": "Alt+I",
    }
    is_next = party.here is not None and version is None
    return wired | ({"autofocus": ""} if is_next else {})


def _with_item(errors: Mapping[str, str], found: Chosen, typed: Typed) -> dict[str, str]:
    """Beside what is wrong already, why there is no such item today."""
    shown = dict(errors)
    if found.version is None and typed.values.get("item") and "item" not in shown:
        shown["item"] = i18n.gettext(found.wrong, **found.params)
    return shown


def _named(errors: Mapping[str, str], version: ItemVersion, language: str) -> dict[str, str]:
    """Of several questions or papers with the same fault each is named, in the page's order."""
    content = version.content
    names = {f"{QUESTION}{one.key}": one.label.within(language) for one in content.questions}
    for one in content.materials:
        name = one.name.within(language)
        names |= {f"{VERDICT}{one.key}": name, f"{FIELD}{one.key}": name}
    return told(errors, names, i18n.gettext)


def _alike(
    work: Work, version: ItemVersion | None, typed: Typed, talk: Carried | None
) -> Sequence[AlikeView]:
    citizen_id = applicant.likely(typed.values, talk)
    if version is None or citizen_id is None:
        return ()
    found = requests.in_hand(work.session, work.actor, citizen_id, version.item_id)
    return [AlikeView(one, label(one.status) if one.status else "") for one in found]


def _today(work: Work) -> date:
    return calendars.load(work.session).statutory.local_date(work.now)
