"""The accounts a demonstration offers on its sign-in page; outside demo mode none exists."""

from dataclasses import dataclass
from typing import Final

from app.accounts.rules import Role


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One seat to try out."""

    username: str
    role: Role


# The head of the unit whose matters `handler` and `crew` work on.
_NAMES: Final = {Role.UNIT_HEAD: "light-head"}

# Handlers of bureaus whose applications wait for somebody who reviews them.
DEMO_BUREAUS: Final = ("gaj-work", "hbj-work", "zjj-work", "jtj-work")
DEMO_ACCOUNTS: Final = tuple(
    DemoAccount(_NAMES.get(role, role.value), role)
    for role in (
        Role.CLERK,
        Role.DISPATCHER,
        Role.HANDLER,
        Role.UNIT_HEAD,
        Role.REVIEWER,
        Role.INSPECTOR,
        Role.CREW,
        Role.SUPERVISOR,
        Role.MANAGER,
        Role.PRIVACY,
        Role.ADMIN,
        Role.SECURITY,
        Role.AUDITOR,
    )
)
