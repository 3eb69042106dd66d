"""Who is asking, and what their appointments let them do.

Pure: the table of appointments lives in `models`, the row question in each
feature's `visible_to(actor)`.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final, Self
from zoneinfo import ZoneInfo

from app.kernel.authors import Author
from app.kernel.errors import ForbiddenError
from app.kernel.messages import mark


class Permission(StrEnum):
    """One verb on one noun. Named `noun:verb`, kept in alphabetical order."""

    ACCOUNT_MANAGE = "account:manage"
    ASSET_EDIT = "asset:edit"  # writes the register of facilities, own units' ones
    ASSET_READ = "asset:read"
    AUDIT_READ = "audit:read"
    BOARD_READ = "board:read"
    CALENDAR_MANAGE = "calendar:manage"
    CALLER_LIMIT = "caller:limit"
    CASE_ACCEPT = "case:accept"
    CASE_APPROVE = "case:approve"
    CASE_CALLBACK = "case:callback"
    CASE_CLOSE = "case:close"
    CASE_CONCLUDE = "case:conclude"
    CASE_DISPATCH = "case:dispatch"
    CASE_HANDLE = "case:handle"
    CASE_INTAKE = "case:intake"
    CASE_OWN = "case:own"  # the citizen, on the one case whose token or code they hold
    CASE_READ = "case:read"
    CASE_REVIEW = "case:review"
    CASE_RULE = "case:rule"
    CASE_SAMPLE = "case:sample"  # look again at what closed without a word of the citizen
    CASE_SIGN = "case:sign"
    CASE_SUPERVISE = "case:supervise"
    CATALOGUE_MANAGE = "catalogue:manage"
    CITIZEN_EDIT = "citizen:edit"
    CITIZEN_MERGE = "citizen:merge"
    CITIZEN_READ = "citizen:read"
    CONTACT_REVEAL = "contact:reveal"
    DOCUMENT_VOID = "document:void"
    EXPORT_RUN = "export:run"
    INSPECTION_DO = "inspection:do"  # walks a round: facility by facility
    INSPECTION_PLAN = "inspection:plan"  # says what is looked at how often, by whom
    KNOWLEDGE_MANAGE = "knowledge:manage"
    PRIVACY_MANAGE = "privacy:manage"
    QUEUE_SERVE = "queue:serve"
    QUEUE_WATCH = "queue:watch"
    REPAIR_ASSIGN = "repair:assign"  # gives it to a crew, lends it to a contractor
    REPAIR_CHECK = "repair:check"  # 核查, 结案: by the centre that filed it, never by the crew
    REPAIR_FIELD = "repair:field"  # at the spot: on the way, there, made safe, repaired
    REPAIR_FILE = "repair:file"  # 立案: looks whether it is one and ours
    REPAIR_PUBLISH = "repair:publish"  # shows the public what is masked, and takes it back
    SECURITY_MANAGE = "security:manage"
    SEGMENT_USE = "segment:use"
    SETTINGS_MANAGE = "settings:manage"
    STOCK_MANAGE = "stock:manage"  # materials of a unit: comes in, corrected
    UNIT_LEAD = "unit:lead"  # what a unit shares: macros, lists; told when its matters are late
    UNIT_MANAGE = "unit:manage"
    WORK_SHARE = "work:share"


class Role(StrEnum):
    """A seat. `SYSTEM` is the machine itself, in jobs; nobody can be appointed to it."""

    CLERK = "clerk"
    DISPATCHER = "dispatcher"
    HANDLER = "handler"
    UNIT_HEAD = "unit_head"
    REVIEWER = "reviewer"
    INSPECTOR = "inspector"  # 监督员: files and checks repairs, dispatches none
    SUPERVISOR = "supervisor"
    MANAGER = "manager"
    CREW = "crew"
    PRIVACY = "privacy"  # 个人信息保护负责人, 个人信息保护法 art. 52
    ADMIN = "admin"
    SECURITY = "security"
    AUDITOR = "auditor"
    SYSTEM = "system"


class Scope(StrEnum):
    """How far an appointment reaches among the rows its role may touch."""

    SELF = "self"
    UNIT = "unit"
    SUBTREE = "subtree"
    REGION = "region"
    ALL = "all"


GRANTS: Final[dict[Role, frozenset[Permission]]] = {
    Role.CLERK: frozenset(
        {
            Permission.ASSET_READ,
            Permission.CASE_ACCEPT,
            Permission.CASE_INTAKE,
            Permission.CASE_READ,
            Permission.CITIZEN_EDIT,
            Permission.CITIZEN_READ,
            Permission.CONTACT_REVEAL,
            Permission.QUEUE_SERVE,
        }
    ),
    Role.DISPATCHER: frozenset(
        {
            Permission.ASSET_READ,
            Permission.CASE_APPROVE,
            Permission.CASE_DISPATCH,
            Permission.CASE_READ,
            Permission.REPAIR_ASSIGN,
        }
    ),
    Role.HANDLER: frozenset(
        {
            Permission.ASSET_READ,
            Permission.CASE_HANDLE,
            Permission.CASE_READ,
            Permission.CASE_SIGN,
            Permission.CONTACT_REVEAL,
            Permission.INSPECTION_DO,
            Permission.REPAIR_ASSIGN,
            Permission.REPAIR_FIELD,
        }
    ),
    Role.UNIT_HEAD: frozenset(
        {
            Permission.ASSET_EDIT,
            Permission.ASSET_READ,
            Permission.BOARD_READ,
            Permission.CASE_APPROVE,
            Permission.CASE_CONCLUDE,
            Permission.CASE_HANDLE,
            Permission.CASE_READ,
            Permission.CASE_SIGN,
            Permission.CONTACT_REVEAL,
            Permission.DOCUMENT_VOID,
            Permission.INSPECTION_DO,
            Permission.INSPECTION_PLAN,
            Permission.KNOWLEDGE_MANAGE,
            Permission.REPAIR_ASSIGN,
            Permission.REPAIR_FIELD,
            Permission.STOCK_MANAGE,
            Permission.UNIT_LEAD,
            Permission.WORK_SHARE,
        }
    ),
    Role.REVIEWER: frozenset(
        {
            Permission.ASSET_READ,
            Permission.CASE_CALLBACK,
            Permission.CASE_CLOSE,
            Permission.CASE_READ,
            Permission.CASE_REVIEW,
            Permission.CASE_SAMPLE,
            Permission.CITIZEN_READ,
            Permission.CONTACT_REVEAL,
            Permission.REPAIR_PUBLISH,
        }
    ),
    Role.SUPERVISOR: frozenset(
        {
            Permission.ASSET_READ,
            Permission.BOARD_READ,
            Permission.CALLER_LIMIT,
            Permission.CASE_APPROVE,
            Permission.CASE_CONCLUDE,
            Permission.CASE_READ,
            Permission.CASE_RULE,
            Permission.CASE_SAMPLE,
            Permission.CASE_SUPERVISE,
            Permission.CITIZEN_MERGE,
            Permission.CITIZEN_READ,
            Permission.EXPORT_RUN,
            Permission.INSPECTION_PLAN,
            Permission.QUEUE_WATCH,
            Permission.REPAIR_CHECK,
            Permission.REPAIR_FILE,
            Permission.REPAIR_PUBLISH,
            Permission.SEGMENT_USE,
        }
    ),
    Role.MANAGER: frozenset(
        {
            Permission.ASSET_READ,
            Permission.BOARD_READ,
            Permission.CALLER_LIMIT,
            Permission.CASE_ACCEPT,
            Permission.CASE_INTAKE,
            Permission.CASE_READ,
            Permission.CITIZEN_EDIT,
            Permission.CITIZEN_MERGE,
            Permission.CITIZEN_READ,
            Permission.CONTACT_REVEAL,
            Permission.DOCUMENT_VOID,
            Permission.KNOWLEDGE_MANAGE,
            Permission.QUEUE_SERVE,
            Permission.QUEUE_WATCH,
            Permission.REPAIR_PUBLISH,
            Permission.SEGMENT_USE,
            Permission.UNIT_LEAD,
        }
    ),
    Role.INSPECTOR: frozenset(
        {
            Permission.ASSET_READ,
            Permission.CASE_READ,
            Permission.INSPECTION_DO,
            Permission.REPAIR_CHECK,
            Permission.REPAIR_FILE,
            Permission.REPAIR_PUBLISH,
        }
    ),
    Role.CREW: frozenset(
        {
            Permission.ASSET_READ,
            Permission.CASE_HANDLE,
            Permission.CASE_READ,
            Permission.CASE_SIGN,
            Permission.INSPECTION_DO,
            Permission.REPAIR_FIELD,
        }
    ),
    Role.PRIVACY: frozenset({Permission.CITIZEN_READ, Permission.PRIVACY_MANAGE}),
    # GB/T 22239-2019 level 3: system, security and audit administration are three
    # people (三权分立); rulebook §10: none of them reads case content.
    Role.ADMIN: frozenset(
        {
            Permission.ASSET_EDIT,
            Permission.ASSET_READ,
            Permission.CALENDAR_MANAGE,
            Permission.CATALOGUE_MANAGE,
            Permission.INSPECTION_PLAN,
            Permission.KNOWLEDGE_MANAGE,
            Permission.SETTINGS_MANAGE,
            Permission.UNIT_MANAGE,
        }
    ),
    Role.SECURITY: frozenset({Permission.ACCOUNT_MANAGE, Permission.SECURITY_MANAGE}),
    Role.AUDITOR: frozenset({Permission.AUDIT_READ}),
    Role.SYSTEM: frozenset(Permission),
}

APPOINTABLE: Final = tuple(role for role in Role if role is not Role.SYSTEM)
SPLIT_ROLES: Final = frozenset({Role.ADMIN, Role.SECURITY, Role.AUDITOR})


@dataclass(frozen=True, slots=True)
class Grant:
    """One appointment in force: a role held at a unit, and how far it reaches."""

    role: Role
    unit_id: int
    unit_path: str
    region_code: str
    scope: Scope
    may_see_confidential: bool = False


@dataclass(frozen=True, slots=True)
class Actor:
    """The signed-in person, as much of them as a rule needs."""

    id: int
    username: str
    name: str
    unit_id: int
    unit_path: str
    region_code: str
    appointments: tuple[Grant, ...]
    session_id: int | None = None

    @classmethod
    def system(cls) -> Self:
        """The machine itself, for jobs and commands; sees and may do everything."""
        everything = Grant(Role.SYSTEM, 0, "/", "", Scope.ALL, may_see_confidential=True)
        return cls(0, "system", "system", 0, "/", "", (everything,))

    @property
    def is_system(self) -> bool:
        return any(grant.role is Role.SYSTEM for grant in self.appointments)

    @property
    def roles(self) -> tuple[Role, ...]:
        """The distinct roles held, in the order of `Role`."""
        held = {grant.role for grant in self.appointments}
        return tuple(role for role in Role if role in held)

    @property
    def line_ids(self) -> tuple[int, ...]:
        """The units the person belongs to by any appointment, and all units above them."""
        paths = {self.unit_path, *(grant.unit_path for grant in self.appointments)}
        return tuple(sorted({int(part) for path in paths for part in path.split("/") if part}))

    def author(self, *, ip: str = "") -> Author:
        """The person as the audit log names them: who, in which roles, from where."""
        return Author(None if self.is_system else self.id, ",".join(self.roles), ip)

    def may(self, permission: Permission) -> bool:
        return any(permission in GRANTS[grant.role] for grant in self.appointments)

    def require(self, permission: Permission) -> None:
        """Refuse the actor who lacks the permission.

        Raises:
            ForbiddenError: none of their appointments carries it.
        """
        if not self.may(permission):
            raise ForbiddenError(mark("Your role does not include this."))

    def grants_for(self, permission: Permission) -> tuple[Grant, ...]:
        """The appointments that carry the permission: they say which rows it reaches."""
        return tuple(g for g in self.appointments if permission in GRANTS[g.role])

    def covers(
        self,
        permission: Permission,
        *,
        unit_id: int | None,
        unit_path: str,
        region_code: str,
        handler_id: int | None,
    ) -> bool:
        """Whether an appointment carries the permission and its scope reaches that row."""
        row = Reach(unit_id, unit_path, region_code, handler_id)
        return any(_reaches(grant, row, self.id) for grant in self.grants_for(permission))


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a row stands, as far as scope is concerned."""

    unit_id: int | None
    unit_path: str
    region_code: str
    handler_id: int | None


def split_roles_clash(roles: frozenset[Role]) -> bool:
    """Whether one person would hold two of system, security and audit administration.

    Source: GB/T 22239-2019 level 3, separation of the three administrators.
    """
    return len(roles & SPLIT_ROLES) > 1


class SignInNeededError(ForbiddenError):
    """Nobody is signed in, or the session has ended; what was typed is kept."""

    code = "sign_in_needed"

    def __init__(self) -> None:
        super().__init__(mark("Please sign in to continue."))


class PasswordNeededError(ForbiddenError):
    """The person must choose their own password before anything else."""

    code = "password_needed"

    def __init__(self) -> None:
        super().__init__(mark("Please choose your own password first."))


def _reaches(grant: Grant, row: Reach, staff_id: int) -> bool:
    match grant.scope:
        case Scope.ALL:
            return True
        case Scope.REGION:
            return row.region_code.startswith(grant.region_code)
        case Scope.SUBTREE:
            return row.unit_path.startswith(grant.unit_path)
        case Scope.UNIT:
            return row.unit_id == grant.unit_id
        case Scope.SELF:
            return row.handler_id == staff_id


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """How long a session lives; a day starts and ends in `zone`."""

    zone: ZoneInfo
    idle: timedelta = timedelta(minutes=15)  # rulebook §7 [S]
    absolute: timedelta = timedelta(hours=12)
    is_single: bool = False  # one session per account, rulebook §7 [S]
