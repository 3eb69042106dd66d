"""Opens an application: the matter, what is applied for, its papers and the limits it keeps.

Before anything is written `preview` says which dates would hold.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from app.calendars import queries as calendars
from app.cases import service as cases
from app.cases.application_models import CaseApplication, CaseLimit
from app.cases.kinds import Channel, Status
from app.cases.models import Case
from app.cases.rules import CaseClock, Doer
from app.cases.service import NewCase
from app.cases.service import clocks as case_clocks
from app.catalogue import queries as catalogue
from app.catalogue.rules import CaseKind, ChosenLimit, Urgency
from app.citizens.sealing import new_place, seal
from app.citizens.service import Person
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.kernel.vault import vault_of
from app.service_items import queries as items
from app.service_items.rules import (
    Answer,
    Delivery,
    Handling,
    ItemVersion,
    Material,
)
from app.service_requests.models import ApplicationPaper
from app.service_requests.queries.papers import ANSWERS
from app.service_requests.rules import Computed, Judged, compute, limits_of, papers_of, terms
from app.service_requests.service import issuing
from app.service_requests.service.judging import judge_new

_BODY: Final = "申请办理：{name}"


@dataclass(frozen=True, slots=True)
class NewApplication:
    """What is applied for, by whom, with which papers.

    `answers` are checked already (`service_items.rules.check_answers`). `agent_id` is who
    brings it for the applicant (代办人). With `on_promise` the applicant chose to promise what
    papers would prove (告知承诺); whoever has a bad credit record cannot.
    """

    version_id: int
    channel: Channel
    citizen_id: int | None = None
    person: Person | None = None
    agent_id: int | None = None
    answers: Mapping[str, Answer] = field(default_factory=dict)
    judged: Sequence[Judged] = ()
    wanted_delivery: Delivery = Delivery.WINDOW
    on_promise: bool = False
    has_clean_credit: bool | None = None
    remarks: str = ""
    region_code: str = ""
    attachment_ids: Sequence[int] = ()


def preview(
    session: Session,
    version_id: int,
    *,
    region_code: str = "",
    unit_id: int | None = None,
    now: datetime,
) -> Computed:
    """The dates that would hold were this application received now; writes nothing.

    Raises:
        NotFoundError: there is no such version.
        InvalidError: applications can no longer be made by it.
    """
    item = _item(session, version_id, now)
    calendar = calendars.load(session, unit_id, region_code=region_code)
    return compute(calendar, item, _notice_limit(session, region_code, now), now=now)


def open_application(session: Session, new: NewApplication, *, doer: Doer, now: datetime) -> Case:
    """Write an application down: received, with its papers; the one-time notice's clock runs.

    Raises:
        NotFoundError: there is no such version.
        InvalidError: it ended, nobody applies, a way the item does not offer, or a verdict on a
            paper says too little; errors are called `version_id`, `applicant`, `delivery`,
            `on_promise`, `credit` and `papers.KEY`.
    """
    item = _item(session, new.version_id, now)
    _check(new, item)
    case = cases.open_case(session, _as_case(new, item), doer=doer, now=now)
    row = _row(session, new, item, case, now)
    session.add(row)
    session.add_all(_own_limits(case, item))
    papers = [
        _paper(case.id, place, material)
        for place, material in enumerate(papers_of(item, new.answers), start=1)
    ]
    session.add_all(papers)
    judge_new(session, row, papers, new.judged, by_id=doer.staff_id, now=now)
    if row.is_instant:
        _start_waiting(session, case, now)
    session.flush()
    issuing.receipt(session, case, row, item, doer=doer)
    return case


def _item(session: Session, version_id: int, now: datetime) -> ItemVersion:
    today = calendars.load(session).statutory.local_date(now)
    items.require_in_force(session, version_id, today)
    return items.get_version(session, version_id)


def _check(new: NewApplication, item: ItemVersion) -> None:
    wrong: dict[str, str] = {}
    if new.citizen_id is None and new.person is None:
        wrong["applicant"] = mark("Say who applies.")
    if new.wanted_delivery not in item.content.deliveries:
        wrong["delivery"] = mark("This item is not delivered in this way.")
    if new.on_promise and not item.content.may_promise:
        wrong["on_promise"] = mark("This item cannot be granted on a promise.")
    elif new.on_promise and new.has_clean_credit is None:
        wrong["credit"] = mark("Look into the register of bad credit first, and say what it shows.")
    elif new.on_promise and not new.has_clean_credit:
        wrong["credit"] = mark(
            "With a bad credit record nothing is granted on a promise. Take in all papers instead."
        )
    if wrong:
        raise InvalidError(fields=wrong)


def _as_case(new: NewApplication, item: ItemVersion) -> NewCase:
    name = item.content.name.zh
    return NewCase(
        body="\n".join(filter(None, [_BODY.format(name=name), new.remarks.strip()])),
        title=name,
        channel=new.channel,
        kind=CaseKind.SERVICE_REQUEST,
        region_code=new.region_code,
        person=new.person,
        citizen_id=new.citizen_id,
        attachment_ids=new.attachment_ids,
        first=Status.RECEIVED,
        clocks=(CaseClock.ONE_TIME_NOTICE,),
    )


def _row(
    session: Session, new: NewApplication, item: ItemVersion, case: Case, now: datetime
) -> CaseApplication:
    content, place = item.content, new_place()
    words = json.dumps(dict(new.answers), ensure_ascii=False) if new.answers else ""
    return CaseApplication(
        case_id=case.id,
        item_version_id=item.id,
        item_name=content.name.zh,
        deciding_unit_id=item.unit_id,
        agent_id=new.agent_id,
        place=place,
        answers=seal(vault_of(session), ANSWERS, words, place) if words else None,
        is_instant=content.handling is Handling.INSTANT,
        is_on_promise=new.on_promise,
        has_clean_credit=new.has_clean_credit,
        is_joint=content.is_joint,
        makes_certificate=bool(content.result.zh),
        procedures=[str(one) for one in content.procedures],
        received_at=now,
        wanted_delivery=new.wanted_delivery,
    )


def _own_limits(case: Case, item: ItemVersion) -> list[CaseLimit]:
    return [
        CaseLimit(
            case_id=case.id,
            clock_kind=clock,
            code=limit.code,
            unit=limit.unit,
            value=limit.value,
            minutes=limit.minutes,
            basis_text=limit.basis_text,
            basis_level=limit.basis_level,
            is_sample=limit.is_sample,
        )
        for clock, limit in limits_of(item).items()
    ]


def _paper(case_id: int, place: int, material: Material) -> ApplicationPaper:
    return ApplicationPaper(
        case_id=case_id,
        position=place,
        key=material.key,
        name=material.name.zh,
        name_en=material.name.en,
        form=material.form,
        copies=material.copies,
        may_defer=material.may_defer,
    )


def _start_waiting(session: Session, case: Case, now: datetime) -> None:
    # Minutes, not days: the lamp's threshold is a number of its own (rulebook §3, lights).
    clock = case_clocks.start(session, case, CaseClock.WHILE_WAITING, now=now)
    clock.warn_at = now + timedelta(minutes=terms()["while_waiting"].warn_minutes)
    case_clocks.mirror(session, case)


def _notice_limit(session: Session, region_code: str, now: datetime) -> ChosenLimit:
    return catalogue.choose_limit(
        session,
        clock_kind=CaseClock.ONE_TIME_NOTICE,
        case_kind=CaseKind.SERVICE_REQUEST,
        category_id=None,
        urgency=Urgency.NORMAL,
        region_code=region_code,
        on=calendars.load(session).statutory.local_date(now),
    )
