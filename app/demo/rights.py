"""What the demo city shows of the rights of the person: a notice, consents, requests in each lamp.

Goes through the services a page would call; a batch is proposed, nothing is erased.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.rules import Role
from app.catalogue.rules import CaseKind
from app.citizens.models import Citizen
from app.demo import data, queries
from app.demo.people import Staffing
from app.kernel.authors import Author
from app.privacy.rules import (
    IdentityProof,
    NoticeText,
    Part,
    RefusalGround,
    RequestKind,
    Source,
)
from app.privacy.service import answering, asking, consents, holding, notices, retention, seeding
from app.privacy.service.retention import Kept

_ASKED: Final[Sequence[tuple[RequestKind, int, Source, str]]] = (
    (RequestKind.ACCESS, 1, Source.PORTAL, "想看看你们保存了我的哪些信息。"),
    (RequestKind.CORRECTION, 19, Source.COUNTER, "地址写错了，应为样板路 21 号。"),
    (RequestKind.EXPLANATION, 40, Source.LETTER, "请说明我的电话转给了哪些单位。"),
    (RequestKind.DELETION, 3, Source.PORTAL, "事情办完了，请删除我的信息。"),
    (RequestKind.COPY, 12, Source.PHONE, ""),
    (RequestKind.DELETION, 50, Source.COUNTER, "请删除全部记录。"),
)
_DAY: Final = timedelta(days=1)
_PEOPLE: Final = 12
_CITIZEN: Final = Author(None, "citizen")


def found(session: Session, staffing: Staffing, *, now: datetime) -> None:
    """Notice, extras, sample rules; then people who agree, ask and are answered."""
    seeding.seed(session)
    officer, colleague = (actor.author() for actor in staffing.by_role[Role.PRIVACY][:2])
    notices.publish(session, _sample(), valid_from=now, seen=0, is_sample=True, by=officer, now=now)
    people = queries.citizens_without_open_matter(session, most=_PEOPLE)
    if len(people) < len(_ASKED):  # a very small city
        return
    _agree(session, people, now)
    _ask(session, people, officer, colleague, now)
    holding.place(
        session,
        citizen_id=people[-1],
        reason="行政复议未了结",
        until=None,
        by=officer,
        now=now,
    )
    retention.set_rule(
        session,
        Kept(
            months=6,
            basis_text="演示用示例值：咨询办结半年后清除",
            basis_text_en="Sample value of the demo: half a year after a consultation has ended",
            case_kind=CaseKind.CONSULTATION,
        ),
        by=officer,
        now=now,
    )
    if retention.dry_run(session, now=now).number:
        retention.propose(session, by=officer, now=now)


def _agree(session: Session, people: Sequence[int], now: datetime) -> None:
    for number, citizen_id in enumerate(people):
        for kind in (consents.SURVEY, consents.OUTREACH)[: 1 + number % 2]:
            consents.give(
                session, citizen_id, kind, source=Source.PORTAL, by=_CITIZEN, now=now - 30 * _DAY
            )
    consents.withdraw(
        session, people[0], consents.SURVEY, source=Source.PHONE, by=_CITIZEN, now=now - _DAY
    )


def _ask(
    session: Session, people: Sequence[int], officer: Author, colleague: Author, now: datetime
) -> None:
    asked = [
        asking.open_request(
            session, citizen_id, kind, text, source=source, by=_CITIZEN, now=now - days * _DAY
        )
        for citizen_id, (kind, days, source, text) in zip(people, _ASKED, strict=False)
    ]
    session.flush()
    proposed, refused = asked[3], asked[5]
    answering.identify(
        session, proposed.id, IdentityProof.CODE, version=proposed.version, by=officer, now=now
    )
    # Whoever leaves wants no more messages either: history sends nobody anything, and both
    # wait to be told by letter or in person.
    for leaving in (people[3], people[5]):
        session.get_one(Citizen, leaving).do_not_contact = True
    session.flush()
    answering.propose_erasure(session, proposed.id, version=proposed.version, by=officer, now=now)
    answering.refuse(
        session,
        refused.id,
        RefusalGround.LAW_KEEPS,
        "信访事项的材料须按规定期限保存，期满后自动清除。如有异议，可向上级机关投诉或依法起诉。",
        version=refused.version,
        by=colleague,
        now=now - 40 * _DAY,
    )


def _sample() -> NoticeText:
    text = json.loads((files(data) / "privacy_notice.json").read_text("utf-8"))
    return NoticeText(text["title"], {part: text["parts"][part] for part in Part})
