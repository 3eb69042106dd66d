"""Which administrator reaches which page; nobody else reaches any."""

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.rules import APPOINTABLE, GRANTS, Permission, Role
from app.admin.frame import SECTIONS
from tests.accounts.builders import a_person
from tests.support.pages import PageClient

Db = sessionmaker[Session]
MINE = {
    "/admin/units": Permission.UNIT_MANAGE,
    "/admin/units/new": Permission.UNIT_MANAGE,
    "/admin/units/1": Permission.UNIT_MANAGE,
    "/admin/staff": Permission.ACCOUNT_MANAGE,
    "/admin/staff/new": Permission.ACCOUNT_MANAGE,
    "/admin/staff/1": Permission.ACCOUNT_MANAGE,
    "/admin/roles": Permission.ACCOUNT_MANAGE,
    "/admin/security": Permission.SECURITY_MANAGE,
    "/admin/audit": Permission.AUDIT_READ,
    "/admin/audit/chain": Permission.AUDIT_READ,
}
POSTS = {
    "/admin/units": Permission.UNIT_MANAGE,
    "/admin/units/1": Permission.UNIT_MANAGE,
    "/admin/units/1/close": Permission.UNIT_MANAGE,
    "/admin/units/1/reopen": Permission.UNIT_MANAGE,
    "/admin/units/1/ending": Permission.UNIT_MANAGE,
    "/admin/units/1/work": Permission.UNIT_MANAGE,
    "/admin/staff": Permission.ACCOUNT_MANAGE,
    "/admin/staff/search": Permission.ACCOUNT_MANAGE,
    "/admin/staff/1": Permission.ACCOUNT_MANAGE,
    "/admin/staff/1/close": Permission.ACCOUNT_MANAGE,
    "/admin/staff/1/reopen": Permission.ACCOUNT_MANAGE,
    "/admin/staff/1/password": Permission.ACCOUNT_MANAGE,
    "/admin/staff/1/unblock": Permission.SECURITY_MANAGE,
    "/admin/staff/1/sign-out": Permission.SECURITY_MANAGE,
    "/admin/staff/1/appointments": Permission.ACCOUNT_MANAGE,
    "/admin/appointments/1/end": Permission.ACCOUNT_MANAGE,
    "/admin/security/sign-out/1": Permission.SECURITY_MANAGE,
    "/admin/security/unblock/1": Permission.SECURITY_MANAGE,
}
FILLED = {
    "code": "X1",
    "name": "名",
    "kind": "street",
    "version": "1",
    "username": "someone",
    "display_name": "名",
    "unit_id": "1",
    "role": "clerk",
    "seat_id": "1",
    "scope": "unit",
    "valid_from": "2026-03-02",
    "q": "名",
    "cap": "9",
}
OUTSIDERS = [role for role in APPOINTABLE if role not in {Role.ADMIN, Role.SECURITY, Role.AUDITOR}]


@pytest.mark.parametrize("role", APPOINTABLE)
def test_a_role_reaches_exactly_the_pages_it_is_granted(
    db: Db, pages: PageClient, role: Role
) -> None:
    with db.begin() as session:
        a_person(session, "somebody", role)
    pages.sign_in("somebody")

    reached = {path for path in MINE if pages.get(path).status == 200}

    assert reached == {path for path, needs in MINE.items() if needs in GRANTS[role]}


@pytest.mark.parametrize("role", [Role.ADMIN, Role.SECURITY, Role.AUDITOR, Role.SUPERVISOR])
def test_a_role_may_send_exactly_the_forms_it_is_granted(
    db: Db, pages: PageClient, role: Role
) -> None:
    with db.begin() as session:
        a_person(session, "first", Role.CLERK)
        a_person(session, "somebody", role)
    pages.sign_in("somebody")
    csrf = pages.get("/account").form(action="/account").values()["csrf"][0]

    refused = {path for path in POSTS if pages.post(path, FILLED | {"csrf": csrf}).status == 403}

    assert refused == {path for path, needs in POSTS.items() if needs not in GRANTS[role]}


@pytest.mark.parametrize("role", OUTSIDERS)
def test_who_administers_nothing_is_refused_at_the_door(
    db: Db, pages: PageClient, role: Role
) -> None:
    with db.begin() as session:
        a_person(session, "somebody", role)
    pages.sign_in("somebody")

    assert pages.get("/admin").status == 403


@pytest.mark.parametrize("role", [Role.ADMIN, Role.SECURITY, Role.AUDITOR])
def test_the_front_page_offers_only_what_is_open(db: Db, pages: PageClient, role: Role) -> None:
    with db.begin() as session:
        a_person(session, "somebody", role)
    pages.sign_in("somebody")

    offered = set(pages.get("/admin").links.values())

    assert {s.href for s in SECTIONS if s.href in offered} == {
        s.href for s in SECTIONS if s.needs in GRANTS[role]
    }


def test_every_route_of_these_pages_is_in_the_tables_above(app: FastAPI) -> None:
    parts = ("units", "staff", "roles", "security", "audit", "appointments")
    known = {_shape(path) for path in (*MINE, *POSTS)}

    seen = {
        _shape(context.path_format)
        for context in iter_route_contexts(app.routes)
        if (context.path_format or "").startswith(tuple(f"/admin/{part}" for part in parts))
    }

    assert len(seen) > 20
    assert seen <= known


def _shape(path: str | None) -> tuple[str, ...]:
    return tuple(
        "#" if part.isdigit() or part.startswith("{") else part for part in (path or "").split("/")
    )
