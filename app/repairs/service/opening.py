"""Opens a repair: the matter, what its type asks for, its photos; filed by rule where one holds.

The one way in for reports of facilities; a repair taken in as any other matter gets its row too.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from sqlalchemy.orm import Session

from app.calendars.rules import LimitUnit
from app.cases import service as cases
from app.cases.kinds import Action, Channel
from app.cases.models import Case
from app.cases.rules import CITIZEN, SYSTEM, CaseClock, ClockDoes, Doer, StepInput
from app.cases.service import NewCase, clocks
from app.cases.service.clocks import Grounds
from app.cases.service.opening import Reserved
from app.catalogue.rules import CaseKind, Urgency
from app.citizens.sealing import new_place, seal
from app.citizens.service import Person
from app.facilities import queries as facilities
from app.facilities.rules import AssetView, TypeView
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.kernel.vault import vault_of
from app.repairs.models import Repair, RepairPhoto
from app.repairs.queries.getting import ANSWERS
from app.repairs.rules import PhotoStage, is_filed_by_rule, told_of, urgency_with
from app.service_items.rules import Answer
from app.sla import service as sla
from app.sla.rules import ClockKind, Subject

_CONDITIONS: Final = "立案条件：%s"  # kept in the history, in the language of the conditions


@dataclass(frozen=True, slots=True)
class NewRepair:
    """What is broken, where, and who says so.

    `dangers` are keys of the type's forms and dangers; `answers` are checked already
    (`service_items.rules.check_answers`). Position is WGS 84, checked by `kernel.geo`.
    """

    type_id: int
    body: str
    channel: Channel
    title: str = ""
    asset_id: int | None = None
    place: str = ""
    region_code: str = ""
    lon: Decimal | None = None
    lat: Decimal | None = None
    citizen_id: int | None = None
    person: Person | None = None
    is_anonymous: bool = False
    is_identity_secret: bool = False
    dangers: Sequence[str] = ()
    answers: Mapping[str, Answer] = field(default_factory=dict)
    attachment_ids: Sequence[int] = ()
    urgency: Urgency | None = None
    reserved: Reserved | None = None


def open_repair(session: Session, new: NewRepair, *, doer: Doer = CITIZEN, now: datetime) -> Case:
    """Write a repair down; its limits run from now, that of the safety measure too where it counts.

    Raises:
        NotFoundError: there is no such type.
        InvalidError: no words, no such asset, or a name is needed; errors are called as by
            `cases.open_case`, and `asset_id`.
    """
    kind = facilities.get_type(session, new.type_id)
    asset = _asset(session, new.asset_id)
    case = cases.open_case(session, _as_case(new, kind, asset), doer=doer, now=now)
    row = begin(session, case, kind, now=now)
    row.asset_id, row.dangers = new.asset_id, list(new.dangers)
    if new.answers:
        row.place_key = new_place()
        words = json.dumps(dict(new.answers), ensure_ascii=False)
        row.answers = seal(vault_of(session), ANSWERS, words, row.place_key)
    session.add_all(
        RepairPhoto(case_id=case.id, attachment_id=key, stage=PhotoStage.BEFORE)
        for key in new.attachment_ids
    )
    if kind.is_danger(new.dangers):
        _endanger(session, case, row, kind, now=now)
    if is_filed_by_rule(kind, is_danger=row.is_danger, has_asset=asset is not None):
        filed = StepInput(Action.FILE, case.version, note=_CONDITIONS % kind.filing.zh)
        cases.take_step(session, case, filed, doer=SYSTEM, now=now)
    session.flush()
    return case


def begin(session: Session, case: Case, kind: TypeView | None, *, now: datetime) -> Repair:
    """The row beside a matter that was opened as a repair, by whichever way: written once.

    Words of danger in it count here, so that they count whoever wrote them and wherever.
    """
    row = session.get(Repair, case.id)
    if row is None:
        row = Repair(
            case_id=case.id,
            type_id=kind.id if kind else None,
            needs_before=bool(kind and kind.needs_before),
            needs_after=bool(kind and kind.needs_after),
        )
        session.add(row)
        session.flush()
        if told_of(kind, f"{case.title}\n{case.body}").words:
            case.urgency = min(case.urgency, Urgency.URGENT, key=lambda each: each.rank)
            _endanger(session, case, row, kind, now=now)
    return row


def arrive(session: Session, case: Case, kind: TypeView | None, *, now: datetime) -> None:
    """Begin a matter that has just come in; where its words make it urgent, its limit follows."""
    graded = case.urgency
    begin(session, case, kind, now=now)
    if case.urgency is not graded:
        deeds = [(CaseClock.RESOLVE, ClockDoes.REBASE)]
        clocks.run(session, case, deeds, Grounds(now=now, done_at=now))


def _endanger(
    session: Session, case: Case, row: Repair, kind: TypeView | None, *, now: datetime
) -> None:
    if not row.is_danger:
        row.is_danger = True
        make_safe_by(session, case, row, kind, now=now)


def make_safe_by(
    session: Session, case: Case, row: Repair, kind: TypeView | None, *, now: datetime
) -> None:
    """Let the short clock of the safety measure run (围挡), by the type's own minutes if it has."""
    limit = clocks.limit_for(session, case, CaseClock.SAFETY, now=now)
    if kind is not None and kind.safety_minutes is not None:
        limit = replace(
            limit,
            code=f"safety.{kind.code}",
            unit=LimitUnit.HOUR,
            value=0,
            minutes=kind.safety_minutes,
            is_sample=kind.is_sample,
        )
    clock = sla.start(
        session,
        Subject.case(case.id),
        ClockKind.SAFETY,
        limit,
        now=now,
        region_code=case.region_code,
        unit_id=case.unit_id,
    )
    row.safety_due_at = clock.due_at
    clocks.mirror(session, case)


def _asset(session: Session, asset_id: int | None) -> AssetView | None:
    if asset_id is None:
        return None
    found = facilities.assets_of(session, [asset_id]).get(asset_id)
    if found is None:
        raise InvalidError(fields={"asset_id": mark("There is no facility with this number.")})
    return found


def _as_case(new: NewRepair, kind: TypeView, asset: AssetView | None) -> NewCase:
    lon, lat = new.lon, new.lat
    if asset is not None and (lon is None or lat is None):
        lon, lat = asset.lon, asset.lat
    return NewCase(
        body=new.body,
        title=new.title or kind.name.zh,
        channel=new.channel,
        kind=CaseKind.REPAIR,
        category_id=kind.category_id,
        place=new.place or (asset.place if asset else ""),
        region_code=new.region_code or (asset.region_code if asset else ""),
        lon=lon,
        lat=lat,
        urgency=urgency_with(kind, new.dangers, f"{new.title}\n{new.body}", given=new.urgency),
        citizen_id=new.citizen_id,
        person=new.person,
        is_anonymous=new.is_anonymous,
        is_identity_secret=new.is_identity_secret,
        attachment_ids=new.attachment_ids,
        reserved=new.reserved,
    )
