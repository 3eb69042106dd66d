"""Makes a repair's own part of the case page ready: what its steps ask for, how far it has come.

Reads only. Positions and times of photos are shown to staff; nothing here names the citizen.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Permission
from app.cases.kinds import FINAL, Action
from app.cases.labels import label
from app.cases.models import Case
from app.cases.rules import Situation
from app.cases.rules.repairing import STAGE_OF, PhotoStage
from app.catalogue.rules import CaseKind
from app.departments import queries as departments
from app.facilities import queries as facilities
from app.kernel.messages import mark
from app.repairs import queries
from app.repairs.labels import STAGES
from app.repairs.models import Repair
from app.repairs.rules import counted, plain, words_of
from app.repairs.service.lending import LENDABLE, code_of, token_of
from app.service_items.showing import answers_masked
from app.watching.queries import voices_of
from app.watching.rules import proposed_urgency

MATERIAL_ROWS: Final = 3
_AROUND: Final = 0.005  # degrees: some 500 metres to each side


@dataclass(frozen=True, slots=True)
class WorkAsked:
    """What a step at the spot asks beside its fields: photos by stage, materials, time and cost."""

    photos: tuple[tuple[str, str], ...] = ()
    materials: tuple[tuple[str, str], ...] = ()
    wants_sums: bool = False

    @property
    def rows(self) -> tuple[int, ...]:
        """The numbers of the lines materials are written in."""
        return tuple(range(1, MATERIAL_ROWS + 1)) if self.materials else ()


NOTHING_TO_DO: Final = WorkAsked()


@dataclass(frozen=True, slots=True)
class PhotoView:
    """One photo with when and where it was taken."""

    id: int
    stage: str
    round: int
    at: datetime
    is_taken: bool  # by the camera's clock, not by when it came
    where: str


@dataclass(frozen=True, slots=True)
class UsedView:
    """What was used of one material."""

    name: str
    quantity: str
    cost: str


@dataclass(frozen=True, slots=True)
class LentView:
    """A link that holds: to whom, until when, and whether it was opened."""

    name: str
    address: str
    code: str
    until: datetime
    is_opened: bool
    has_stock: bool


@dataclass(frozen=True, slots=True)
class RepairView:
    """A repair as its part of the case page shows it."""

    kind: str
    asset: str
    tags: tuple[str, ...]
    dangers: tuple[str, ...]
    safety_due_at: datetime | None
    safety_done_at: datetime | None
    crew: str
    contractor: str
    not_filed: str
    times: tuple[tuple[str, datetime], ...]
    answers: tuple[tuple[str, str], ...]
    photos: tuple[PhotoView, ...]
    materials: tuple[UsedView, ...]
    hours: str
    cost: str
    total: str
    may_lend: bool
    lent: LentView | None
    voices: int
    proposed: str
    where: str
    on_map: str


def work_asked(session: Session, case: Case, situation: Situation, action: Action) -> WorkAsked:
    """What the form of a step asks for; nothing on steps that are not taken at the spot."""
    stage = STAGE_OF.get(action) if case.kind is CaseKind.REPAIR else None
    if stage is None:
        return NOTHING_TO_DO
    photos = [stage]
    if action is Action.FIX and _lacks_before(session, case):
        photos = [PhotoStage.BEFORE, stage]
    named = tuple((str(one), STAGES[one]) for one in photos)
    if action is not Action.FIX:
        return WorkAsked(named)
    path = situation.repair.crew_path or situation.unit_path
    return WorkAsked(named, _materials(session, path), wants_sums=True)


def work_holes(work: WorkAsked, typed: Mapping[str, str]) -> dict[str, str]:
    """What stands in the fields of the work: empty, or as it was typed."""
    names = [f"{name}_{row}" for row in work.rows for name in ("material", "quantity")]
    if work.wants_sums:
        names += ["hours", "cost"]
    return {name: typed.get(name, "") for name in names}


def _lacks_before(session: Session, case: Case) -> bool:
    row = queries.repair_of(session, case.id)
    known = queries.stages_known(session, case.id, case.round)
    return bool(row and row.needs_before) and PhotoStage.BEFORE not in known


def _materials(session: Session, path: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        (str(one.id), f"{one.name} · {counted(one.on_hand, one.measure)} · {one.unit_name}")
        for one in queries.items_for(session, path)
    )


def crew_choices(
    session: Session, actor: Actor, situation: Situation, action: Action, language: str
) -> tuple[tuple[str, str], ...]:
    """The crews a repair can be given to; who takes it for their own crew chooses among theirs."""
    crews = departments.crews_under(session, situation.unit_path, language=language)
    if action is not Action.GRAB:
        return crews
    own = {str(grant.unit_id) for grant in actor.grants_for(Permission.REPAIR_FIELD)}
    return tuple(one for one in crews if one[0] in own)


def repair_view(
    session: Session,
    actor: Actor,
    case: Case,
    situation: Situation,
    *,
    language: str,
    say: Callable[[str], str],
    base_url: str,
) -> RepairView | None:
    """The repair's own part; None on every other matter."""
    if case.kind is not CaseKind.REPAIR:
        return None
    row = queries.repair_of(session, case.id)
    if row is None:
        return None
    kind = facilities.get_type(session, row.type_id) if row.type_id else None
    used = queries.materials_of(session, case.id)
    given = queries.answers_of(session, row)
    spent = sum(one.cost or 0 for one in used)
    may_lend = _may_lend(actor, case, situation)
    voices = voices_of(session, case.id)
    proposed = proposed_urgency(case.urgency, voices)
    return RepairView(
        kind=kind.name.within(language) if kind else "",
        asset=_asset(session, row),
        tags=_tags(row),
        dangers=words_of(kind, row.dangers, language) if kind else (),
        safety_due_at=row.safety_due_at,
        safety_done_at=row.safety_done_at,
        crew=_crew(session, row, language),
        contractor=row.contractor,
        not_filed=label(row.not_filed) if row.not_filed else "",
        times=_times(row),
        answers=answers_masked(kind.questions if kind else (), given, language, say),
        photos=_photos(session, case.id),
        materials=tuple(
            UsedView(one.name, counted(one.quantity, one.measure), money(one.cost)) for one in used
        ),
        hours=plain(row.hours) if row.hours else "",
        cost=money(row.cost) if row.cost else "",
        total=money(row.cost + spent) if row.cost or spent else "",
        may_lend=may_lend and case.status in LENDABLE,
        lent=_lent(session, case, base_url) if may_lend else None,
        voices=voices,
        proposed=label(proposed) if proposed and case.status not in FINAL else "",
        where=f"{case.lat:.5f}, {case.lon:.5f}" if case.lat is not None else "",
        on_map=_on_map(case),
    )


def _on_map(case: Case) -> str:
    """The map of repairs around this spot; empty where no point is known."""
    if case.lon is None or case.lat is None:
        return ""
    lon, lat = float(case.lon), float(case.lat)
    sides = (lon - _AROUND, lat - _AROUND, lon + _AROUND, lat + _AROUND)
    return "/board/map?state=all&days=0&bbox=" + ",".join(f"{side:.6f}" for side in sides)


def _may_lend(actor: Actor, case: Case, situation: Situation) -> bool:
    return case.status not in FINAL and actor.covers(
        Permission.REPAIR_ASSIGN,
        unit_id=situation.unit_id,
        unit_path=situation.unit_path,
        region_code=situation.region_code,
        handler_id=situation.handler_id,
    )


def _lent(session: Session, case: Case, base_url: str) -> LentView | None:
    held = [link for link in queries.links_of(session, case.id) if link.revoked_at is None]
    if not held:
        return None
    link = held[0]
    return LentView(
        name=link.name,
        address=f"{base_url.rstrip('/')}/job/{token_of(session, link)}",
        code=code_of(session, link),
        until=link.expires_at,
        is_opened=link.bound is not None,
        has_stock=link.has_stock,
    )


def _tags(row: Repair) -> tuple[str, ...]:
    found = (
        (row.is_danger, mark("Dangerous")),
        (row.is_by_rule, mark("Filed by rule")),
        (row.is_territorial, mark("Nobody owns it, coordinated by the street")),
        (row.rework_count > 0, mark("Done again")),
    )
    return tuple(text for holds, text in found if holds)


def _asset(session: Session, row: Repair) -> str:
    if row.asset_id is None:
        return ""
    found = facilities.assets_of(session, [row.asset_id]).get(row.asset_id)
    if found is None:
        return ""
    return " · ".join(filter(None, (found.code, found.plate, found.name)))


def _crew(session: Session, row: Repair, language: str) -> str:
    if row.crew_id is None:
        return ""
    crew = departments.view_of(session, row.crew_id)
    return crew.name_en if language == "en" and crew.name_en else crew.name


def _times(row: Repair) -> tuple[tuple[str, datetime], ...]:
    known = (
        (mark("Filed as a repair"), row.filed_at),
        (mark("Dispatched"), row.dispatched_at),
        (mark("Signed for"), row.signed_at),
        (mark("Set out"), row.on_way_at),
        (mark("On site"), row.on_site_at),
        (mark("Repaired"), row.repaired_at),
        (mark("Looked over"), row.checked_at),
    )
    return tuple((text, at) for text, at in known if at is not None)


def _photos(session: Session, case_id: int) -> tuple[PhotoView, ...]:
    return tuple(
        PhotoView(
            id=one.attachment_id,
            stage=STAGES[one.stage],
            round=one.round,
            at=one.taken_at or one.at,
            is_taken=one.taken_at is not None,
            where=f"{one.lat:.5f}, {one.lon:.5f}" if one.lon is not None else "",
        )
        for one in queries.photos_of(session, case_id)
    )


def money(cents: int | None) -> str:
    """An amount in yuan; empty where none is known."""
    return "" if cents is None else f"¥{cents / 100:,.2f}"
