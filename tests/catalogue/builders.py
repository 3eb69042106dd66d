"""Builders for the catalogue's values; every argument has a harmless default."""

from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Grant, Role, Scope
from app.calendars.rules import LimitUnit
from app.catalogue.rules import (
    BasisLevel,
    CaseKind,
    CategoryEntry,
    ChosenLimit,
    DirectoryRule,
    LimitQuestion,
    LimitRow,
    Named,
    UnitFacts,
    Urgency,
)
from app.catalogue.service import Edit
from app.departments.models import Unit
from app.departments.rules import UnitKind, path_below

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)


def a_limit(
    *,
    id: int = 1,  # noqa: A002  # the column's own name
    profile: str = "grades",
    clock_kind: str = "resolve",
    case_kind: CaseKind | None = None,
    category_id: int | None = None,
    urgency: Urgency | None = None,
    region_code: str = "",
    basis_level: BasisLevel = BasisLevel.SYSTEM,
    valid_from: date | None = None,
    valid_to: date | None = None,
    code: str = "a",
) -> LimitRow:
    return LimitRow(
        id=id,
        profile=profile,
        clock_kind=clock_kind,
        case_kind=case_kind,
        category_id=category_id,
        urgency=urgency,
        valid_from=valid_from,
        valid_to=valid_to,
        limit=ChosenLimit(
            code=code,
            unit=LimitUnit.DAY,
            value=7,
            close_of_business=False,
            basis_text="",
            basis_level=basis_level,
            is_sample=False,
            region_code=region_code,
        ),
    )


def a_question(
    *,
    clock_kind: str = "resolve",
    case_kind: CaseKind | None = CaseKind.HELP,
    category_path: tuple[int, ...] = (1, 11),
    urgency: Urgency = Urgency.NORMAL,
    region_code: str = "990101001",
    on: date = TODAY,
) -> LimitQuestion:
    return LimitQuestion(clock_kind, case_kind, category_path, urgency, region_code, on)


def a_line(
    line: int = 1, *, category_id: int | None = None, region_code: str = "", unit_id: int = 1
) -> DirectoryRule:
    return DirectoryRule(
        id=line * 10,
        line=line,
        category_id=category_id,
        region_code=region_code,
        unit_id=unit_id,
        basis="三定方案",
    )


def unit_facts(
    id: int = 1,  # noqa: A002  # the column's own name
    *,
    kind: UnitKind = UnitKind.BUREAU,
    region_code: str = "990100",
    path: str = "",
    is_active: bool = True,
) -> UnitFacts:
    return UnitFacts(
        id=id,
        name=Named(f"单位{id}", f"Unit {id}"),
        kind=kind,
        region_code=region_code,
        path=path or f"/{id}/",
        is_active=is_active,
    )


def an_entry(
    *,
    id: int = 1,  # noqa: A002  # the column's own name
    code: str = "0103",
    name: str = "路灯照明",
    name_en: str = "Street lighting",
    hint: str = "灯不亮、灯杆歪斜",
    initials: str = "ldzm",
    pinyin: str = "lu deng zhao ming",
    kinds: tuple[CaseKind, ...] = tuple(CaseKind),
    parent_name: str = "道路交通",
) -> CategoryEntry:
    return CategoryEntry(
        id=id,
        code=code,
        parent_id=100,
        level=2,
        position=1,
        name=Named(name, name_en),
        hint=Named(hint, "Lamps out"),
        initials=initials,
        pinyin=pinyin,
        kinds=kinds,
        may_be_anonymous=True,
        on_portal=True,
        confidential=False,
        default_urgency=Urgency.NORMAL,
        is_active=True,
        version=1,
        path=(100, id),
        parent_name=Named(parent_name),
    )


def an_actor(role: Role = Role.ADMIN) -> Actor:
    grant = Grant(role, 1, "/1/", "990100", Scope.ALL)
    return Actor(7, "admin", "系统管理员", 1, "/1/", "990100", (grant,))


def an_edit(role: Role = Role.ADMIN, *, note: str = "年度调整") -> Edit:
    return Edit(now=NOW, actor=an_actor(role), note=note)


def put_unit(
    session: Session,
    code: str,
    *,
    kind: UnitKind = UnitKind.BUREAU,
    region_code: str = "990100",
    parent: Unit | None = None,
    is_active: bool = True,
) -> Unit:
    unit = Unit(
        code=code,
        name=f"单位{code}",
        name_en=f"Unit {code}",
        kind=kind,
        parent_id=parent.id if parent else None,
        region_code=region_code,
        is_active=is_active,
    )
    session.add(unit)
    session.flush()
    unit.path = path_below(parent.path if parent else "", unit.id)
    session.flush()
    return unit
