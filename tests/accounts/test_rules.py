"""Roles, permissions and the separation of the three administrators."""

import pytest

from app.accounts import labels
from app.accounts.rules import (
    APPOINTABLE,
    GRANTS,
    SPLIT_ROLES,
    Actor,
    Grant,
    Permission,
    Role,
    Scope,
    split_roles_clash,
)
from app.kernel.errors import ForbiddenError
from tests.accounts.builders import an_actor

CASE_WORK = {p for p in Permission if p.startswith(("case:", "contact:"))}


def test_every_role_and_every_permission_has_a_grant_and_a_label() -> None:
    assert set(GRANTS) == set(Role) == set(labels.ROLES)
    assert set(labels.PERMISSIONS) == set(Permission)
    assert set(labels.SCOPES) == set(Scope)
    held = set().union(*(GRANTS[role] for role in APPOINTABLE))
    assert held == set(Permission) - {Permission.CASE_OWN}


@pytest.mark.parametrize("role", sorted(SPLIT_ROLES))
def test_no_administrator_touches_a_matter(role: Role) -> None:
    assert not GRANTS[role] & CASE_WORK


def test_the_three_administrators_share_no_permission() -> None:
    admin, security, auditor = (GRANTS[role] for role in (Role.ADMIN, Role.SECURITY, Role.AUDITOR))

    assert not admin & security
    assert not admin & auditor
    assert not security & auditor
    assert Permission.ACCOUNT_MANAGE not in admin
    assert Permission.AUDIT_READ not in admin | security
    assert auditor == {Permission.AUDIT_READ}


@pytest.mark.parametrize(
    ("roles", "clashes"),
    [
        ({Role.ADMIN}, False),
        ({Role.ADMIN, Role.CLERK}, False),
        ({Role.ADMIN, Role.SECURITY}, True),
        ({Role.SECURITY, Role.AUDITOR}, True),
        ({Role.ADMIN, Role.AUDITOR}, True),
        ({Role.ADMIN, Role.SECURITY, Role.AUDITOR}, True),
    ],
)
def test_nobody_may_hold_two_of_the_three(roles: set[Role], clashes: bool) -> None:  # noqa: FBT001  # a column of the table above
    assert split_roles_clash(frozenset(roles)) is clashes


def test_nobody_can_be_appointed_to_be_the_machine() -> None:
    assert Role.SYSTEM not in APPOINTABLE


def test_several_appointments_add_up_and_each_keeps_its_reach() -> None:
    here = Grant(Role.HANDLER, 1, "/1/", "990101", Scope.UNIT)
    there = Grant(Role.SUPERVISOR, 2, "/2/", "990102", Scope.SUBTREE, may_see_confidential=True)
    actor = Actor(5, "a", "甲", 1, "/1/", "990101", (here, there))

    assert actor.may(Permission.CASE_HANDLE)
    assert actor.may(Permission.CASE_SUPERVISE)
    assert actor.grants_for(Permission.CASE_HANDLE) == (here,)
    assert actor.grants_for(Permission.CASE_READ) == (here, there)
    assert actor.roles == (Role.HANDLER, Role.SUPERVISOR)


def test_a_missing_permission_is_refused() -> None:
    with pytest.raises(ForbiddenError):
        an_actor(Role.CLERK).require(Permission.CASE_DISPATCH)


def test_the_machine_may_do_everything_and_is_named_as_nobody() -> None:
    machine = Actor.system()

    assert all(machine.may(permission) for permission in Permission)
    assert machine.is_system
    assert machine.author().id is None
