"""Founds the demo city: units, calendars, catalogue, directory, staff with their seats.

Goes through the real services; the people are invented and say so in their names.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from importlib.resources import files
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.demo import DEMO_ACCOUNTS
from app.accounts.models import Staff
from app.accounts.passwords import DEMO_PASSWORD
from app.accounts.rules import Role, Scope
from app.accounts.service.appointing import AppointmentDraft, add_appointment
from app.accounts.service.hashing import hash_password
from app.accounts.service.staff import NewPassword, StaffDraft, add_staff
from app.calendars import service as calendars
from app.catalogue import service as catalogue
from app.demo import data, items, registering
from app.departments import service as departments
from app.departments.models import Unit
from app.departments.rules import UnitKind
from app.departments.service import UnitDraft
from app.facilities import service as facilities
from app.kernel.authors import MACHINE

_SURNAMES: Final = (
    "林何高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖"
)


@dataclass(frozen=True, slots=True)
class Seat:
    """One account of the demo city."""

    username: str
    title: str
    role: Role
    unit: str
    scope: Scope
    may_see_confidential: bool = False
    plays: bool = True  # whether the year of history is made with them
    also: Scope | None = None  # the same seat with another reach besides


_TITLES: Final[Mapping[Role, str]] = {
    Role.CLERK: "受理员",
    Role.DISPATCHER: "派单员",
    Role.HANDLER: "承办人",
    Role.UNIT_HEAD: "单位负责人",
    Role.REVIEWER: "审核回访员",
    Role.INSPECTOR: "监督员",
    Role.SUPERVISOR: "督办员",
    Role.MANAGER: "大厅主任",
    Role.CREW: "班组长",
    Role.PRIVACY: "个人信息保护负责人",
    Role.ADMIN: "系统管理员",
    Role.SECURITY: "安全管理员",
    Role.AUDITOR: "审计管理员",
}
_WHERE: Final[Mapping[Role, tuple[str, Scope]]] = {
    Role.CLERK: ("HOTLINE", Scope.ALL),
    Role.DISPATCHER: ("HOTLINE", Scope.ALL),
    Role.HANDLER: ("LIGHT", Scope.SUBTREE),
    Role.UNIT_HEAD: ("LIGHT", Scope.SUBTREE),
    Role.REVIEWER: ("HOTLINE", Scope.ALL),
    Role.INSPECTOR: ("ZWJ", Scope.ALL),
    Role.SUPERVISOR: ("ZWJ", Scope.ALL),
    Role.MANAGER: ("HALL", Scope.ALL),
    Role.CREW: ("LIGHT-1", Scope.UNIT),
    Role.PRIVACY: ("ZWJ", Scope.ALL),
    Role.ADMIN: ("ZWJ", Scope.ALL),
    Role.SECURITY: ("ZWJ", Scope.ALL),
    Role.AUDITOR: ("ZWJ", Scope.ALL),
}
# Each unit that the directory names often has somebody who handles; one also has somebody who
# decides on requests, as the street lights do, for the rest the supervisor does.
_HANDLING_UNITS: Final = (
    "ROAD",
    "WATER",
    "DRAIN",
    "GAS",
    "HEAT",
    "POWER",
    "CLEAN",
    "YLJ",
    "HBJ",
    "SCJ",
    "RSJ",
    "ZJJ",
    "CGJ",
    "JTJ",
    "GAJ",
    "XFD",
    "JYJ",
    "WJW",
    "D1",
    "D2",
    "D3",
    "D4",
    "LIGHT",
)
_DECIDING_UNITS: Final = ("D1",)
_CLEARED: Final = 2


def seats() -> tuple[Seat, ...]:
    """The accounts: one for each demo role, clerks, and somebody in each handling unit.

    `clerk2`, `dispatcher2` and `reviewer2` are the ones cleared for confidential matters.
    """
    shown = tuple(
        Seat(
            account.username,
            _TITLES[account.role],
            account.role,
            *_WHERE[account.role],
            # What is given to the foreman alone, besides what the crew has.
            also=Scope.SELF if account.role is Role.CREW else None,
            may_see_confidential=account.role in (Role.SUPERVISOR, Role.UNIT_HEAD),
        )
        for account in DEMO_ACCOUNTS
    )
    clerks = tuple(
        Seat(f"clerk{n}", _TITLES[Role.CLERK], Role.CLERK, "HOTLINE", Scope.ALL, n == _CLEARED)
        for n in range(2, 5)
    )
    more = (
        Seat("dispatcher2", _TITLES[Role.DISPATCHER], Role.DISPATCHER, "HOTLINE", Scope.ALL, True),
        # Nobody approves their own erasure: a second pair of eyes.
        Seat("privacy2", _TITLES[Role.PRIVACY], Role.PRIVACY, "ZWJ", Scope.ALL),
        Seat("reviewer2", _TITLES[Role.REVIEWER], Role.REVIEWER, "HOTLINE", Scope.ALL, True),
    )
    handling = tuple(
        Seat(f"{unit.lower()}-{word}", _TITLES[role], role, unit, Scope.SUBTREE, True)
        for role, word, units in (
            (Role.HANDLER, "work", _HANDLING_UNITS),
            (Role.UNIT_HEAD, "head", _DECIDING_UNITS),
        )
        for unit in units
    )
    # Who confirmed a finding does not check it for the complainant: another one does.
    second = Seat(
        "supervisor2",
        _TITLES[Role.SUPERVISOR],
        Role.SUPERVISOR,
        "ZWJ",
        Scope.ALL,
        True,
        plays=False,
    )
    return (*shown, *clerks, *more, *handling, second)


def city_data() -> dict[str, Any]:
    """The shipped description of the city."""
    text = files(data).joinpath("city.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def is_founded(session: Session) -> bool:
    """Whether the database already has a unit: then no demo is ever put into it."""
    return session.scalar(select(Unit.id).limit(1)) is not None


def found_city(session: Session, *, now: datetime, since: date, zone: str) -> dict[str, int]:
    """Units, calendars, catalogue, directory and staff; the number of each.

    `since` is the day from which the staff hold their seats, so that twelve
    months of history have somebody to make them.
    """
    described = city_data()
    calendars.seed(session, now=now, zone=zone)
    units = _found_units(session, described["units"], now=now)
    seeded = catalogue.seed(session, now=now)
    directory = catalogue.seed_directory(session, described["directory"], now=now)
    types = facilities.seed(session, now=now)
    facilities.seed_directory(session, now=now)
    assets = registering.register(session, described, now=now)
    people = _appoint_staff(session, units, now=now, since=since)
    service_items = items.stock(session, now=now)
    return {
        "units": len(units),
        "service items": service_items,
        "categories": seeded.categories,
        "rules": directory.rules,
        "facility types": types,
        "facilities": assets,
        "staff": people,
    }


def _found_units(session: Session, lines: list[dict[str, str]], *, now: datetime) -> dict[str, int]:
    ids: dict[str, int] = {}
    for line in lines:
        unit = departments.found_unit(
            session,
            UnitDraft(
                code=line["code"],
                name=line["name"],
                kind=UnitKind(line["kind"]),
                name_en=line["name_en"],
                parent_id=ids[line["parent"]] if line["parent"] else None,
                region_code=line["region"],
                phone=line["phone"],
            ),
            by=MACHINE,
            now=now,
        )
        ids[line["code"]] = unit.id
    return ids


def _appoint_staff(
    session: Session, units: Mapping[str, int], *, now: datetime, since: date
) -> int:
    password = NewPassword(DEMO_PASSWORD, hash_password(DEMO_PASSWORD))
    for number, seat in enumerate(seats()):
        unit_id = units[seat.unit]
        name = f"{_SURNAMES[number % len(_SURNAMES)]}示例（{seat.title}）"
        staff: Staff = add_staff(
            session, StaffDraft(seat.username, name, unit_id), password, now=now
        )
        staff.must_change_password = False
        draft = AppointmentDraft(
            seat.role,
            unit_id,
            seat.scope,
            valid_from=since,
            may_see_confidential=seat.may_see_confidential,
        )
        add_appointment(session, staff.id, draft, by=MACHINE, now=now)
        if seat.also is not None:
            more = replace(draft, scope=seat.also)
            add_appointment(session, staff.id, more, by=MACHINE, now=now)
    return len(seats())
